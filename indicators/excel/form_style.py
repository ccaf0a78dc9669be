"""The look of the form: colours of the site, white where one writes, hatched where nothing belongs."""

from enum import StrEnum
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

from indicators.excel.layout import LOCKED, WIDTHS, Column, GivenRow

_FONT = "Microsoft YaHei"
_INK, _INK_2 = "16202C", "44525F"
_LINE = Side(style="thin", color="C5CED6")
_BORDER = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_ENTRY = Border(*(Side(style="thin", color="0F4C81"),) * 4)
_LOCKED = PatternFill("solid", fgColor="F4F6F8")
_WHITE = PatternFill("solid", fgColor="FFFFFF")
_HEADER = PatternFill("solid", fgColor="E7EFF7")
_HEADER_ENTRY = PatternFill("solid", fgColor="0F4C81")
_NOTHING_HERE = PatternFill("lightUp", fgColor="C5CED6", bgColor="F4F6F8")

HEAD_HEIGHTS = (30.0, 18.0, 20.0, 34.0)
_LINE_HEIGHT = 15.0  # points, at ten-point type
_WRAPPED = Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1)
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_RIGHT = Alignment(horizontal="right", vertical="center")
_TOP = Alignment(vertical="center")


class Dress(StrEnum):
    """What a cell can be; each is a style of the workbook by this name."""

    TITLE = "qs title"
    NOTE = "qs note"
    HEADER = "qs header"
    HEADER_ENTRY = "qs header of entries"
    LOCKED = "qs locked"
    BEFORE = "qs before"
    NUMBER = "qs number"
    CHOICE = "qs choice"
    WORDS = "qs words"
    NONE = "qs none"
    RECORD = "qs record"


def make_styles() -> list[NamedStyle]:
    """Return the styles, new ones for every workbook; white cells alone can be written into."""
    return [
        _style(Dress.TITLE, size=15, bold=True, alignment=_TOP),
        _style(Dress.NOTE, size=9.5, ink=_INK_2, alignment=_TOP),
        _style(Dress.HEADER, bold=True, fill=_HEADER, border=_BORDER, alignment=_CENTRED),
        _style(Dress.HEADER_ENTRY, bold=True, ink="FFFFFF", fill=_HEADER_ENTRY, border=_BORDER, alignment=_CENTRED),
        _style(Dress.LOCKED, fill=_LOCKED, border=_BORDER, alignment=_WRAPPED),
        _style(Dress.BEFORE, ink=_INK_2, fill=_LOCKED, border=_BORDER, alignment=_RIGHT),
        _style(Dress.NUMBER, size=10.5, fill=_WHITE, border=_ENTRY, alignment=_RIGHT, is_open=True),
        _style(Dress.CHOICE, size=10.5, fill=_WHITE, border=_ENTRY, alignment=_CENTRED, is_open=True),
        _style(Dress.WORDS, fill=_WHITE, border=_ENTRY, alignment=_WRAPPED, is_open=True),
        _style(Dress.NONE, ink=_INK_2, fill=_NOTHING_HERE, border=_BORDER, alignment=_RIGHT),
        NamedStyle(name=Dress.RECORD.value, number_format="@"),
    ]


def _style(
    name: Dress, *, size: float = 10, bold: bool = False, ink: str = _INK, is_open: bool = False, **more: Any
) -> NamedStyle:
    font = Font(name=_FONT, size=size, bold=bold, color=ink)
    return NamedStyle(name=name.value, font=font, protection=Protection(locked=not is_open), **more)


def estimate_height(row: GivenRow) -> float:
    """Return the height in points that a row's longest text needs; programs disagree on doing it themselves."""
    texts = {**dict(zip(LOCKED, row.locked, strict=True)), Column.EXPLANATION: row.explanation}
    lines = max(_count_lines(text, WIDTHS[column]) for column, text in texts.items())
    return max(24.0, 9.0 + _LINE_HEIGHT * min(lines, 12))


def _count_lines(text: str, width: float) -> int:
    """Return on how many lines a text stands in a column of `width` characters; Chinese takes two a character."""
    return sum(max(1, ceil(_measure(line) / (width - 3.5))) for line in text.split("\n"))


def _measure(line: str) -> float:
    return sum(2.05 if east_asian_width(character) in "WF" else 1.05 for character in line)
