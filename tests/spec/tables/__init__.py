"""The tables, one module a section of the rules, in the order of the page."""

from tests.spec.tables import bases, paths, windows, worked

SECTIONS = (windows, bases, paths, worked)
ALL_CASES = [case for section in SECTIONS for case in section.CASES]
