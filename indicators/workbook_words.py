"""The sentences for what was found in a returned workbook: sheet and cell, what is wrong, what to do."""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.engine.number_refusals import Refusal
from indicators.engine.numbers import NumberRead
from indicators.number_words import describe_refusal
from indicators.workbook_rows import Fault, Finding

_LONGEST = 60  # characters of a piece that is quoted
_CELL = re.compile(r"([A-Z]{0,3})([0-9]*)")


def describe_finding(finding: Finding) -> str:
    """Return the sentence of a finding in the language of the page."""
    place = describe_place(finding)
    if finding.fault is Fault.NUMBER:
        read = NumberRead(refusal=Refusal(finding.number_code), piece=finding.piece)
        return describe_refusal(read, field=place)
    words = str(_choose_words(finding)) % {"piece": _cut(finding.piece), "expected": _cut(finding.expected)}
    if finding.fault in _TECHNICAL and finding.piece:
        words = _("%(what)s (%(detail)s)") % {"what": words, "detail": _cut(finding.piece)}
    return _("%(field)s: %(what)s") % {"field": place, "what": words} if place else _begin(words)


def describe_place(finding: Finding) -> str:
    """Return sheet, row and column, as far as they are known; empty for what lies in the file as a whole."""
    match = _CELL.fullmatch(finding.cell)
    column, row = match.groups() if match else ("", "")
    named = {"sheet": finding.sheet, "row": row, "column": column}
    if column and row:
        return _("“%(sheet)s”, row %(row)s, column %(column)s") % named
    if row:
        return _("“%(sheet)s”, row %(row)s") % named
    if column:
        return _("“%(sheet)s”, column %(column)s") % named
    return _("Sheet “%(sheet)s”") % named if finding.sheet else ""


def _choose_words(finding: Finding) -> Promise:
    if finding.fault in (Fault.ALTERED, Fault.HEADER_MOVED) and not finding.piece:
        return _EMPTIED
    return _WORDS[finding.fault]


def _begin(sentence: str) -> str:
    """Return a sentence with which a line begins."""
    return sentence[:1].upper() + sentence[1:]


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


_TECHNICAL = {
    Fault.NOT_A_WORKBOOK,
    Fault.DAMAGED,
    Fault.TOO_COSTLY,
    Fault.MACROS,
    Fault.ACTIVE_PART,
    Fault.EXTERNAL_LINK,
    Fault.DOCTYPE,
    Fault.BAD_PACKAGE,
}
"""Where the piece is a part of the file or an error of a program: it helps whoever is asked for help."""
_EMPTIED = gettext_lazy("a locked cell was emptied; it has to be “%(expected)s”.")
_WORDS: dict[Fault, Promise] = {
    Fault.EMPTY_FILE: gettext_lazy("the file is empty; save the workbook and send it again."),
    Fault.TOO_BIG: gettext_lazy("the file is larger than %(piece)s; send the form itself, without pictures."),
    Fault.NOT_A_WORKBOOK: gettext_lazy(
        "this is not an Excel workbook, whatever its name says; send the form as .xlsx or .xls."
    ),
    Fault.ENCRYPTED: gettext_lazy("the workbook has a password; save it without one."),
    Fault.OLD_FORMAT: gettext_lazy("the workbook is in a format from before 1997; save it as .xlsx."),
    Fault.DAMAGED: gettext_lazy("the file is damaged or was cut off; open it, save it again and send it."),
    Fault.TOO_COSTLY: gettext_lazy("the file holds far more than a form can; download a new form."),
    Fault.MACROS: gettext_lazy("the workbook holds macros; save it as .xlsx without them."),
    Fault.ACTIVE_PART: gettext_lazy(
        "there is something other than cells in it, such as a chart sheet, pivot table or embedded object; delete it."
    ),
    Fault.EXTERNAL_LINK: gettext_lazy("the workbook draws on another file; enter the values themselves."),
    Fault.DOCTYPE: gettext_lazy(
        "the file declares a document type, which no office program does; open and save it in Excel or WPS."
    ),
    Fault.BAD_PACKAGE: gettext_lazy(
        "the file is put together in a way that no office program does; open and save it in Excel or WPS."
    ),
    Fault.EXTRA_SHEET: gettext_lazy("this sheet does not belong to the form; delete it."),
    Fault.SHEET_MISSING: gettext_lazy("the sheet with the figures is missing; download a new form."),
    Fault.HIDDEN_SHEET: gettext_lazy("the sheet with the figures is hidden; show it."),
    Fault.HIDDEN_ROW: gettext_lazy("the row is hidden; show it, and take out filters."),
    Fault.HIDDEN_COLUMN: gettext_lazy("the column is hidden; show it."),
    Fault.MERGED: gettext_lazy("cells are merged here; split them."),
    Fault.FORMULA: gettext_lazy("there is a formula; copy it and paste it as a value."),
    Fault.ERROR_VALUE: gettext_lazy("there is a spreadsheet error in it; enter the number."),
    Fault.DUPLICATE_CELL: gettext_lazy("the cell stands in the file twice; open and save it in Excel or WPS."),
    Fault.FAR_CELL: gettext_lazy("there is something far away from the form; delete it."),
    Fault.BAD_CELL: gettext_lazy("the cell cannot be read; delete its content and enter it again."),
    Fault.NOT_OUR_FORM: gettext_lazy(
        "this workbook was not downloaded here; download the form and enter the figures in it."
    ),
    Fault.UNKNOWN_VERSION: gettext_lazy(
        "the form is of version %(piece)s, which is not read any more; download a new form (version %(expected)s)."
    ),
    Fault.SEAL_BROKEN: gettext_lazy("the hidden sheet was changed; download a new form and copy your figures into it."),
    Fault.ALTERED: gettext_lazy("a locked cell was changed to “%(piece)s”; it has to be “%(expected)s”."),
    Fault.HEADER_MOVED: gettext_lazy("the title of the column is “%(piece)s”; it has to be “%(expected)s”."),
    Fault.FOREIGN_ROW: gettext_lazy("“%(piece)s” stands in a row that is not of the form; delete the row."),
    Fault.DUPLICATE_ROW: gettext_lazy("the row stands in the form twice, first in row %(expected)s; delete one."),
    Fault.ROW_MISSING: gettext_lazy("the row of “%(piece)s” was deleted; download a new form."),
    Fault.OUTSIDE: gettext_lazy("“%(piece)s” stands beside the form; delete it."),
    Fault.NOT_FOR_THIS: gettext_lazy("“%(piece)s” stands in a cell that this figure does not have; delete it."),
    Fault.NOT_YES: gettext_lazy("“%(piece)s” is neither yes nor no; choose from the list."),
    Fault.NOTHING_WITH_FIGURES: gettext_lazy("“none this quarter” stands beside figures; delete one of them."),
    Fault.TEXT_TOO_LONG: gettext_lazy("the text is longer than %(expected)s characters; shorten it."),
    Fault.OUT_OF_RANGE: gettext_lazy("“%(piece)s” is negative; enter a count from 0."),
    Fault.OTHER_FORM: gettext_lazy("this is the form of %(piece)s; send it there."),
    Fault.UNKNOWN_FORM: gettext_lazy("the form is none of yours; ask whoever gave you the file."),
    Fault.CHANGED_FORM: gettext_lazy("the form asks for other figures by now; download a new one."),
}
