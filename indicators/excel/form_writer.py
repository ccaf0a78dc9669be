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
from openpyxl.styles import Protection
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.worksheet import Worksheet

from indicators.excel import form_style as style
from indicators.excel.form_checks import add_checks
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
    WIDTHS,
    Column,
    Fact,
    Form,
    GivenRow,
)
from indicators.excel.seal import seal_form

_SHOWN_DIGITS = 15  # more than these a spreadsheet does not keep; such a number is given out as text
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_form(form: Form) -> bytes:
    """Return the form as an .xlsx file."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = form.sheet
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
        cell.quotePrefix = text[0] in "=+-@＝＋－＠\t\r"


def put_number(cell: Cell, text: str) -> None:
    """Write a number given as plain text; one with more digits than a spreadsheet keeps stays text."""
    if len(re.sub(r"\D", "", text).strip("0")) > _SHOWN_DIGITS:
        put_text(cell, text)
    elif text:
        cell.value = Decimal(text)


def _write_head(sheet: Worksheet, form: Form) -> None:
    for number, texts in enumerate(form.head, start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(number, column)
            put_text(cell, text)
            if number == HEADER_ROW:
                style.dress_header(cell, is_entry=column in {one.number for one in INPUTS})
    for number, font in enumerate(style.HEAD_FONTS, start=1):
        sheet.cell(number, Column.INDICATOR.number).font = font


def _write_row(sheet: Worksheet, row: GivenRow, number: int) -> None:
    cells = {column: sheet.cell(number, column.number) for column in Column}
    put_text(cells[Column.KEY], row.key)
    for column, text in zip(LOCKED, row.locked, strict=True):
        put_text(cells[column], text)
        style.dress_locked(cells[column], is_number=column in (Column.LAST_QUARTER, Column.LAST_YEAR))
    for column, text in zip(NUMBERS, row.numbers, strict=True):
        if row.units[NUMBERS.index(column)] == CHOICE:
            put_text(cells[column], {"1": _yes(), "0": _no()}.get(text, ""))
        else:
            put_number(cells[column], text)
        _open(cells[column], is_open=row.is_for(column) and not row.is_closed)
    put_text(cells[Column.NOTHING], _yes() if row.nothing_occurred else "")
    _open(cells[Column.NOTHING], is_open=row.may_be_nothing and not row.is_closed)
    put_text(cells[Column.EXPLANATION], row.explanation)
    _open(cells[Column.EXPLANATION], is_open=not row.is_closed)
    cells[Column.EXPLANATION].alignment = style.WRAPPED
    sheet.row_dimensions[number].height = style.estimate_height(row)


def _open(cell: Cell, *, is_open: bool) -> None:
    style.dress_entry(cell, is_open=is_open)
    cell.protection = Protection(locked=not is_open)


def _yes() -> str:
    return pgettext("choice", "yes")


def _no() -> str:
    return pgettext("choice", "no")


def _arrange(sheet: Worksheet, form: Form) -> None:
    """Set widths, the hidden column, frozen panes, protection and the print."""
    for column, width in WIDTHS.items():
        sheet.column_dimensions[column.value].width = width
    sheet.column_dimensions[Column.KEY.value].hidden = True
    for number, height in enumerate(style.HEAD_HEIGHTS, start=1):
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
            put_text(cell, text)
            cell.number_format = "@"
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
