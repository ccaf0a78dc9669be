"""The sentences for what was found in a layout: sheet and cell or name, what is wrong, what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.workbook_words import describe_finding
from reports.layouts.guard import LayoutRead
from reports.layouts.places import NameFault, NameFinding

_WORDS: dict[NameFault, Promise] = {
    NameFault.UNKNOWN: gettext_lazy("the name is not known; correct it, or delete it in the name manager."),
    NameFault.MISSING: gettext_lazy("the name is missing; give it to the cell where this is to stand."),
    NameFault.LOCAL: gettext_lazy("the name holds for one sheet only; define it for the whole workbook."),
    NameFault.BAD_PLACE: gettext_lazy("the name does not stand for one cell of a sheet; give it to a single cell."),
    NameFault.OVERLAP: gettext_lazy("the place is taken by %(other)s; move one of the two."),
    NameFault.SCATTERED: gettext_lazy("the columns of a table start in one row; put it beside %(other)s."),
    NameFault.MERGED: gettext_lazy("the cell lies within the merged cells %(other)s; take the merge apart."),
    NameFault.FORMULA: gettext_lazy("the cell holds a formula, which would be written over; empty it."),
}
_MEANT = gettext_lazy("the name is not known; %(other)s may be meant.")


def describe_read(read: LayoutRead) -> list[str]:
    """Return a sentence for every problem of a layout, in the language of the page."""
    return [describe_finding(finding) for finding in read.findings] + [describe_fault(fault) for fault in read.faults]


def describe_fault(fault: NameFinding) -> str:
    """Return the sentence of a problem with a name."""
    is_guess = fault.fault is NameFault.UNKNOWN and fault.other
    said = str(_MEANT if is_guess else _WORDS[fault.fault]) % {"other": fault.other}
    if not fault.sheet:
        return _("%(field)s: %(what)s") % {"field": fault.name, "what": said}
    words = {"name": fault.name, "sheet": fault.sheet, "cell": fault.cell, "what": said}
    return _("%(name)s (“%(sheet)s”, %(cell)s): %(what)s") % words
