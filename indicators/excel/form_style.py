"""The look of the form: colours of the site, white where one writes, hatched where nothing belongs."""

from math import ceil
from unicodedata import east_asian_width

from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from indicators.excel.layout import LOCKED, WIDTHS, Column, GivenRow

_FONT = "Microsoft YaHei"
_INK, _INK_2, _ACCENT = "16202C", "44525F", "0F4C81"
_LINE = Side(style="thin", color="C5CED6")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_ENTRY = Border(*(Side(style="thin", color="0F4C81"),) * 4)
_LOCKED = PatternFill("solid", fgColor="F4F6F8")
_WHITE = PatternFill("solid", fgColor="FFFFFF")
_HEADER = PatternFill("solid", fgColor="E7EFF7")
_HEADER_ENTRY = PatternFill("solid", fgColor="0F4C81")
_NOTHING_HERE = PatternFill("lightUp", fgColor="C5CED6", bgColor="F4F6F8")

HEAD_FONTS = (
    Font(name=_FONT, size=15, bold=True, color=_INK),
    Font(name=_FONT, size=9.5, color=_INK_2),
    Font(name=_FONT, size=9.5, color=_INK_2),
)
HEAD_HEIGHTS = (30.0, 18.0, 20.0, 34.0)
WRAPPED = Alignment(vertical="center", wrap_text=True)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center")
_LINE_HEIGHT = 15.0  # points, at ten-point type


def dress_header(cell: Cell, *, is_entry: bool) -> None:
    """Dress a column's title; those of entries are dark."""
    cell.font = Font(name=_FONT, size=10, bold=True, color="FFFFFF" if is_entry else _INK)
    cell.fill = _HEADER_ENTRY if is_entry else _HEADER
    cell.border, cell.alignment = _BORDER, _CENTRED


def dress_locked(cell: Cell, *, is_number: bool) -> None:
    """Dress a cell that says what is asked or what was before."""
    cell.font = Font(name=_FONT, size=10, color=_INK_2 if is_number else _INK)
    cell.fill, cell.border = _LOCKED, _BORDER
    cell.alignment = _RIGHT if is_number else WRAPPED


def dress_entry(cell: Cell, *, is_open: bool) -> None:
    """Dress a cell for an entry; hatched where this figure has none."""
    cell.font = Font(name=_FONT, size=10.5, color=_INK)
    cell.fill, cell.border = (_WHITE, _ENTRY) if is_open else (_NOTHING_HERE, _BORDER)
    cell.alignment = _CENTRED if cell.column == Column.NOTHING.number else _RIGHT


def estimate_height(row: GivenRow) -> float:
    """Return the height in points that a row's longest text needs; programs disagree on doing it themselves."""
    texts = {**dict(zip(LOCKED, row.locked, strict=True)), Column.EXPLANATION: row.explanation}
    lines = max(_count_lines(text, WIDTHS[column]) for column, text in texts.items())
    return max(24.0, 9.0 + _LINE_HEIGHT * min(lines, 12))


def _count_lines(text: str, width: float) -> int:
    """Return on how many lines a text stands in a column of `width` characters; Chinese takes two a character."""
    return sum(max(1, ceil(_measure(line) / (width - 1.5))) for line in text.split("\n"))


def _measure(line: str) -> float:
    return sum(2.05 if east_asian_width(character) in "WF" else 1.05 for character in line)
