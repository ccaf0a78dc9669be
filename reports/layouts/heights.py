"""Rows of a layout as high as their text needs: a height that the office set is the least one, never a cut.

A row without a height of its own is fitted by whatever opens the file; one that has it is not.
"""

from collections.abc import Iterable
from math import ceil

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

_DEFAULT_WIDTH = 8.43
_PIXELS, _EDGE = 7.0, 1.0  # of one unit of a column's width, and what the file's width adds, less the cell's margins
_HALF = 2 / 3  # pixels of half a Chinese character for each point of the letters' size, at 96 to the inch
_LAST_NARROW = 0x2E7F
_LINE, _SPACE = 1.35, 4.0  # of the letters' size, and points round all lines
_MOST = 409.0  # points; no program shows a higher row


def fit_heights(sheet: Worksheet, *, first: int, count: int, columns: Iterable[int]) -> None:
    """Raise those of `count` rows from `first` on whose wrapped text in the `columns` needs more than they have."""
    wrapped = [column for column in columns if sheet.cell(first, column).alignment.wrap_text]
    if not count or not wrapped or sheet.row_dimensions[first].height is None:
        return
    widths = list_widths(sheet)
    for number in range(first, first + count):
        needed = max(_measure(sheet, number, column, widths.get(column, _DEFAULT_WIDTH)) for column in wrapped)
        row = sheet.row_dimensions[number]
        if needed > (row.height or 0.0):
            row.height = min(needed, _MOST)


def list_widths(sheet: Worksheet) -> dict[int, float]:
    """Return the widths of the columns that have one; neighbours of one width are kept together in the file."""
    widths: dict[int, float] = {}
    for dimension in sheet.column_dimensions.values():
        dimension.reindex()
        for column in range(dimension.min, dimension.max + 1):
            widths[column] = dimension.width
    return widths


def _measure(sheet: Worksheet, row: int, column: int, width: float) -> float:
    """Return the points that a cell's text needs, 0 for anything but text."""
    cell = sheet[f"{get_column_letter(column)}{row}"]
    if not isinstance(cell.value, str):
        return 0.0
    size = float(cell.font.sz or 11.0)
    held = max((width * _PIXELS + _EDGE) / (size * _HALF), 2.0)
    lines = sum(max(ceil(_count_halves(part) / held), 1) for part in cell.value.split("\n"))
    return lines * size * _LINE + _SPACE


def _count_halves(text: str) -> int:
    """Return the width of a text in halves of a Chinese character."""
    return sum(2 if ord(character) > _LAST_NARROW else 1 for character in text)
