"""The example layout: every name of the vocabulary at a cell of its own, to be copied from."""

import io
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import absolute_coordinate, get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports.package import save_without_clock
from reports.layouts.vocabulary import BLOCKS, DETAIL, WORDS, Word

FILE_NAME = "报送表样示例.xlsx"
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_LINE = Side(style="thin", color="FF8A94A6")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD = PatternFill("solid", fgColor="FFE8EEF7")
_WIDE = {"name": 24, "department": 18, "remark": 30, "rating": 11, "clause": 10}
_SHARES = ("coverage", "ratio", "completion")


def write_example() -> bytes:
    """Return the workbook: a sheet of single cells, and one for each block."""
    workbook = Workbook()
    cover = workbook.active
    cover.title = "基本情况"
    cover.append(["名称", "含义", "填入的内容"])
    for word in (word for word in WORDS.values() if not word.block):
        cover.append([word.name, word.meaning])
        _name(workbook, cover, word, row=cover.max_row, column=3)
    for column, width in zip("ABC", (26, 40, 50), strict=True):
        cover.column_dimensions[column].width = width
    _dress(cover, rows=range(1, cover.max_row + 1), columns=3, head=1)
    for block, title in BLOCKS.items():
        _write_block(workbook, block, title)
    target = io.BytesIO()
    save_without_clock(workbook, target, at=_AT)
    return target.getvalue()


def _write_block(workbook: Workbook, block: str, title: str) -> None:
    sheet = workbook.create_sheet(title)
    words = [word for word in WORDS.values() if word.block == block]
    sheet["A1"] = f"{title}表（第3行为样式行，向下按行填充）"
    sheet["A1"].font = Font(name="宋体", size=14, bold=True)
    for column, word in enumerate(words, start=1):
        sheet.cell(2, column, word.meaning.partition("：")[2])
        _name(workbook, sheet, word, row=3, column=column)
        sheet.column_dimensions[get_column_letter(column)].width = _WIDE.get(word.key, 9.5)
        if word.key in _SHARES:
            sheet.cell(3, column).number_format = "0.0%"
        elif word.key == "score":
            sheet.cell(3, column).number_format = "0.0"
    _dress(sheet, rows=range(2, 4), columns=len(words), head=2)
    sheet.cell(5, 1, "填报人（签字）：　　　　　　　　负责人（签字）：　　　　　　　　填报日期：　　　　年　　月　　日")
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9 if block != DETAIL else 8
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "2:2"


def _name(workbook: Workbook, sheet: Worksheet, word: Word, *, row: int, column: int) -> None:
    place = absolute_coordinate(f"{get_column_letter(column)}{row}")
    workbook.defined_names[word.name] = DefinedName(word.name, attr_text=f"'{sheet.title}'!{place}")


def _dress(sheet: Worksheet, *, rows: range, columns: int, head: int) -> None:
    for row in rows:
        for column in range(1, columns + 1):
            cell = sheet.cell(row, column)
            cell.border = _GRID
            cell.font = Font(name="宋体", size=10, bold=row == head)
            cell.alignment = Alignment(horizontal="center" if row == head else None, vertical="center", wrap_text=True)
            if row == head:
                cell.fill = _HEAD
