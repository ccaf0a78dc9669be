"""Writes a form as a workbook: locked but for its entries, checked as one types, ready for print.

Text is typed as text, whatever it begins with; numbers are numbers. Source: product.md “Entry”;
trust rule 20, case T33.
"""

import io
import re
from decimal import Decimal

from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from indicators.excel.form_checks import add_checks
from indicators.excel.form_style import HEAD_HEIGHTS, Dress, estimate_height, make_styles
from indicators.excel.layout import (
    CHOICE,
    EXPLANATION_LENGTH,
    FIRST_ROW,
    HEADER_ROW,
    INPUTS,
    LAST_COLUMN,
    LOCKED,
    NUMBERS,
    RECORD_SHEET,
    TITLE_ROW,
    WIDTHS,
    Column,
    Fact,
    Form,
    GivenRow,
)
from indicators.excel.seal import seal_form
from qscounty.web.sheet_text import is_formula_like

_SHOWN_DIGITS = 15  # more than these a spreadsheet does not keep; such a number is given out as text
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_form(form: Form) -> bytes:
    """Return the form as an .xlsx file."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = form.sheet
    for dress in make_styles():
        workbook.add_named_style(dress)
    _write_head(sheet, form)
    for number, row in enumerate(form.rows, start=FIRST_ROW):
        _write_row(sheet, row, number)
    add_checks(sheet, form, longest=EXPLANATION_LENGTH)
    _arrange(sheet, form)
    _write_record(workbook.create_sheet(RECORD_SHEET), form)
    workbook.security = WorkbookProtection(lockStructure=True)
    workbook.properties.creator = workbook.properties.title = form.head[0][1]
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def put_text(cell: Cell, text: str) -> None:
    """Write a text as text: = + - @ at its beginning make no formula of it, now or when someone edits it."""
    cell.value = _UNWRITABLE.sub("", text) or None
    if cell.value is not None:
        cell.data_type = "s"
        if is_formula_like(text):
            cell.quotePrefix = True


def put_number(cell: Cell, text: str) -> None:
    """Write a number given as plain text; one with more digits than a spreadsheet keeps stays text."""
    if len(re.sub(r"\D", "", text).strip("0")) > _SHOWN_DIGITS:
        put_text(cell, text)
    elif text:
        cell.value = Decimal(text)


def _write_head(sheet: Worksheet, form: Form) -> None:
    entries = {column.number for column in INPUTS}
    for number, texts in enumerate(form.head, start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(number, column)
            put_text(cell, text)
            if number == HEADER_ROW:
                cell.style = Dress.HEADER_ENTRY if column in entries else Dress.HEADER
            elif text:
                cell.style = Dress.TITLE if number == TITLE_ROW else Dress.NOTE


def _write_row(sheet: Worksheet, row: GivenRow, number: int) -> None:
    cells = {column: sheet.cell(number, column.number) for column in Column}
    put_text(cells[Column.KEY], row.key)
    for column, text in zip(LOCKED, row.locked, strict=True):
        cells[column].style = Dress.BEFORE if column in (Column.LAST_QUARTER, Column.LAST_YEAR) else Dress.LOCKED
        put_text(cells[column], text)
    for column, unit, text in zip(NUMBERS, row.units, row.numbers, strict=True):
        is_open = unit != 0 and not row.is_closed
        cells[column].style = (Dress.CHOICE if unit == CHOICE else Dress.NUMBER) if is_open else Dress.NONE
        if unit == CHOICE:
            put_text(cells[column], {"1": _yes(), "0": _no()}.get(text, ""))
        else:
            put_number(cells[column], text)
    cells[Column.NOTHING].style = Dress.CHOICE if row.may_be_nothing and not row.is_closed else Dress.NONE
    put_text(cells[Column.NOTHING], _yes() if row.nothing_occurred else "")
    cells[Column.EXPLANATION].style = Dress.NONE if row.is_closed else Dress.WORDS
    put_text(cells[Column.EXPLANATION], row.explanation)
    sheet.row_dimensions[number].height = estimate_height(row)


def _yes() -> str:
    return pgettext("choice", "yes")


def _no() -> str:
    return pgettext("choice", "no")


def _arrange(sheet: Worksheet, form: Form) -> None:
    """Set widths, the hidden column, frozen panes, protection and the print."""
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column.value].width = width
    sheet.column_dimensions[Column.KEY.value].hidden = True
    for number, height in enumerate(HEAD_HEIGHTS, start=1):
        sheet.row_dimensions[number].height = height
    sheet.freeze_panes = f"{Column.REGION}{FIRST_ROW}"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False  # False means allowed
    last = FIRST_ROW + max(len(form.rows), 1) - 1
    sheet.print_area = f"{Column.INDICATOR}1:{LAST_COLUMN}{last}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    sheet.oddFooter.center.text = "&P / &N"


def _write_record(sheet: Worksheet, form: Form) -> None:
    """Write the hidden sheet: everything as text, so that every program gives it back alike."""
    seal = [str(Fact.SEAL), seal_form(form)]
    for number, line in enumerate([*form.lines(), seal], start=1):
        for column, text in enumerate(line, start=1):
            cell = sheet.cell(number, column)
            cell.style = Dress.RECORD
            put_text(cell, text)
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
