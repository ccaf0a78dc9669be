"""How cells look: a Chinese government table in black on white, colours for ratings only, blue for inputs.

Styles are openpyxl's; what the writer of cells needs of one is its number. Fonts are named as offices have them;
a program without them falls back by itself. Colours are those of `static/css/tokens.css`.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports import words

HEADLINE, BODY = "黑体", "宋体"
INK, INPUT_INK, QUIET_INK, LINE = "FF16202C", "FF0F4C81", "FF596877", "FF7D8A97"
GREEN, AMBER, RED, GREY, BLUE = "1F7A4D", "B86E00", "B3261E", "7B8794", "0F4C81"
AMBER_SOFT = "FDEFD3"
HEADER_FILL, TOTAL_FILL = "FFE7EFF7", "FFF4F6F8"
RATING_COLOURS = {
    words.GREEN: ("FFDFF1E7", "FF0F5132"),
    words.AMBER: ("FFFDEFD3", "FF6E4200"),
    words.RED: ("FFF8D3CF", "FF7D1A14"),
}
GENERAL, TEXT, COUNT, SHARE, SCORE = "General", "@", "#,##0", "0.0%", "0.0"
MOST_DECIMALS = 6
_LONGEST_UNIT = 2


class Look(Enum):
    """What a cell is for."""

    TITLE = "title"
    COVER_TITLE = "cover title"
    COVER_LINE = "cover line"
    NOTE = "note"
    SENTENCE = "sentence"
    MARK = "mark"
    SECTION = "section"
    HEADER = "header"
    NUMBERING = "numbering"
    TEXT = "text"
    CENTRED = "centred"
    NUMBER = "number"
    INPUT = "input"
    INPUT_TEXT = "input text"
    RATING = "rating"
    TOTAL_TEXT = "total text"
    TOTAL_CENTRED = "total centred"
    FIGURE = "figure"
    TOTAL_NUMBER = "total number"
    TOTAL_RATING = "total rating"
    FIGURE_RATING = "figure rating"
    SIGNATURE = "signature"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """Font, alignment, border and fill of a look."""

    size: float = 9
    font: str = BODY
    colour: str = INK
    bold: bool = False
    across: str = "center"
    wrap: bool = True
    bordered: bool = True
    fill: str = ""
    hatched: bool = False
    indent: int = 0


FACES: dict[Look, Face] = {
    Look.TITLE: Face(size=16, font=HEADLINE, bordered=False, wrap=False),
    Look.COVER_TITLE: Face(size=26, font=HEADLINE, bordered=False),
    Look.COVER_LINE: Face(size=15, bordered=False),
    Look.NOTE: Face(size=9, colour=QUIET_INK, across="left", bordered=False, wrap=False),
    Look.SENTENCE: Face(size=12, font=HEADLINE, across="left", bordered=False),
    Look.MARK: Face(size=11, font=HEADLINE, colour="FF7D1A14", bordered=False, wrap=False),
    Look.SECTION: Face(size=11, font=HEADLINE, across="left", bordered=False, wrap=False),
    Look.HEADER: Face(font=HEADLINE, fill=HEADER_FILL),
    Look.NUMBERING: Face(size=8, colour=QUIET_INK),
    Look.TEXT: Face(across="left", indent=1),
    Look.CENTRED: Face(),
    Look.NUMBER: Face(across="right", wrap=False),
    Look.INPUT: Face(across="right", wrap=False, colour=INPUT_INK),
    Look.INPUT_TEXT: Face(colour=INPUT_INK),
    Look.RATING: Face(fill="FFECEFF2", hatched=True, wrap=False),
    Look.TOTAL_TEXT: Face(font=HEADLINE, across="left", fill=TOTAL_FILL, indent=1),
    Look.TOTAL_CENTRED: Face(font=HEADLINE, fill=TOTAL_FILL),
    Look.FIGURE: Face(font=HEADLINE, size=12, wrap=False),
    Look.TOTAL_NUMBER: Face(font=HEADLINE, across="right", wrap=False, fill=TOTAL_FILL),
    Look.FIGURE_RATING: Face(font=HEADLINE, size=12, fill="FFECEFF2", hatched=True, wrap=False),
    Look.TOTAL_RATING: Face(font=HEADLINE, fill="FFECEFF2", hatched=True, wrap=False),
    Look.SIGNATURE: Face(size=10.5, across="left", bordered=False, wrap=False),
    Look.CODE: Face(size=8, font="Consolas", across="left"),
}
_EDGE = Side(style="thin", color=LINE)
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)


class Styles:
    """Numbers of styles in one workbook; a style asked for twice has one number."""

    def __init__(self, workbook: Workbook) -> None:
        self._scratch = WriteOnlyWorksheet(workbook, "scratch")  # a cell takes its workbook from its sheet
        self._known: dict[tuple[Look, str], int] = {}

    def number(self, look: Look, number_format: str = GENERAL) -> int:
        """Return the number by which the writer of cells names the style."""
        key = (look, number_format)
        if key not in self._known:
            self._known[key] = self._register(FACES[look], number_format)
        return self._known[key]

    def _register(self, face: Face, number_format: str) -> int:
        cell: Any = WriteOnlyCell(self._scratch)
        cell.font = Font(name=face.font, size=face.size, bold=face.bold, color=face.colour)
        cell.alignment = Alignment(horizontal=face.across, vertical="center", wrap_text=face.wrap, indent=face.indent)
        cell.number_format = number_format
        if face.bordered:
            cell.border = _BOX
        if face.hatched:
            cell.fill = PatternFill("lightUp", fgColor="FFC5CED6", bgColor=face.fill)
        elif face.fill:
            cell.fill = PatternFill("solid", fgColor=face.fill)
        return int(cell.style_id)


def format_with_unit(unit: str, decimals: int) -> str:
    """Return a number format that shows the unit behind the number; a unit too long for a cell is left out.

    A yes/no unit shows 是 and 否. `decimals` are those shown, at most six; nothing is rounded but the show.
    """
    if unit.startswith("是"):
        return '[=1]"是";[=0]"否";General'
    places = min(max(decimals, 0), MOST_DECIMALS)
    number = "#,##0" if not places else f"#,##0.{'0' * places}"
    if len(unit) > _LONGEST_UNIT or not unit:
        return number
    space = "" if unit[0] in "%‰" else " "
    return f'{number}"{space}{unit.replace(chr(34), "")}"'


def colour_ratings(sheet: Worksheet, span: str) -> None:
    """Let the rating words in `span` take their colours, so that a changed input changes them too."""
    for word, (fill, ink) in RATING_COLOURS.items():
        rule = CellIsRule(operator="equal", formula=[f'"{word}"'])
        rule.dxf = DifferentialStyle(
            font=Font(color=ink, bold=True), fill=PatternFill("solid", fgColor=fill, bgColor=fill)
        )
        sheet.conditional_formatting.add(span, rule)
