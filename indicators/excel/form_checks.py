"""The checks that the spreadsheet itself makes while one types."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from indicators.excel.layout import CHOICE, COUNTS, FIRST_ROW, NUMBERS, Column, Form


def add_checks(sheet: Worksheet, form: Form, *, longest: int) -> None:
    """Let the program refuse what cannot be, with a sentence; what is pasted over is checked when it returns."""
    choices = f'"{pgettext("choice", "yes")},{pgettext("choice", "no")}"'
    counts = DataValidation("decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True)
    _speak(counts, _("Count"), _("Enter a count from 0, in digits. A number like 1.5万 is written 15000."))
    values = DataValidation("decimal", operator="between", formula1="-99999999999999", formula2="99999999999999")
    _speak(values, _("Value"), _("Enter one number in the unit beside it, in digits."))
    choice = DataValidation("list", formula1=choices, allow_blank=True)
    _speak(choice, _("Yes or no"), _("Choose “yes” or “no”."))
    nothing = DataValidation("list", formula1=f'"{pgettext("choice", "yes")}"', allow_blank=True)
    _speak(nothing, _("None this quarter"), _("Choose “yes” only if nothing occurred; then leave the numbers empty."))
    words = DataValidation("textLength", operator="lessThanOrEqual", formula1=str(longest), allow_blank=True)
    _speak(words, _("Explanation"), _("At most %(count)d characters.") % {"count": longest})
    _cover(counts, (c for c in _list_open(form) if c[0] in COUNTS))
    _cover(values, (c for c in _list_open(form) if c[0] == Column.VALUE and c[2] != CHOICE))
    _cover(choice, (c for c in _list_open(form) if c[2] == CHOICE))
    rows = [(n, row) for n, row in enumerate(form.rows, start=FIRST_ROW) if not row.is_closed]
    _cover(nothing, ((Column.NOTHING, n, 0) for n, row in rows if row.may_be_nothing))
    _cover(words, ((Column.EXPLANATION, n, 0) for n, _row in rows))
    for check in (counts, values, choice, nothing, words):
        if check.sqref:
            sheet.add_data_validation(check)


def _speak(check: DataValidation, title: str, sentence: str) -> None:
    check.showErrorMessage = check.showInputMessage = True
    check.errorTitle = check.promptTitle = title[:32]
    check.error = check.prompt = sentence[:225]


def _list_open(form: Form) -> Iterable[tuple[Column, int, int]]:
    """Yield column, row and unit of every cell that takes a number."""
    for number, row in enumerate(form.rows, start=FIRST_ROW):
        for column, unit in zip(NUMBERS, row.units, strict=True):
            if unit and not row.is_closed:
                yield column, number, unit


def _cover(check: DataValidation, cells: Iterable[tuple[Column, int, int]]) -> None:
    """Put the check on the cells, runs of rows as one range: thousands of single cells open slowly."""
    runs: dict[Column, list[list[int]]] = {}
    for column, row, _unit in cells:
        of_column = runs.setdefault(column, [])
        if of_column and of_column[-1][1] == row - 1:
            of_column[-1][1] = row
        else:
            of_column.append([row, row])
    ranges = [f"{column}{first}:{column}{last}" for column, pairs in runs.items() for first, last in pairs]
    check.sqref = MultiCellRange(ranges)  # at once: adding one by one looks through all of them each time
