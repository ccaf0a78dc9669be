"""The tables, one module a section of the rules, in the order of the page."""

from tests.spec.tables import bases, comparison, paths, programmes, ratings, ratios, windows, worked

SECTIONS = (windows, bases, paths, comparison, ratios, ratings, worked, programmes)
ALL_CASES = [case for section in SECTIONS for case in section.CASES]
