"""A sheet as an office prints it: A4 landscape, one page wide, repeated heading, page numbers, signatures.

Also the rows that every table has: title, note, heading, numbered columns, and the signature line below.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports import words
from reports.exports.layout import FIRST_ROW, HEADER_ROW, NOTE_ROW, TITLE_ROW, Sheet
from reports.exports.sheet_xml import Value, formula_cell, row, value_cell
from reports.exports.styles import Look, Styles

A4 = 9
SIGNATURES = ("填报单位（盖章）：", "负责人（签字）：", "填报人（签字）：", "填报日期：　　年　　月　　日")
LINE_HEIGHT = 12.0
_CHARACTERS_PER_WIDTH = 1.2  # widths count characters of 11 points, tables are set in 9
_LAST_NARROW = 0x2E7F
TITLE_HEIGHT, NOTE_HEIGHT, HEADER_HEIGHT, SIGNATURE_HEIGHT = 30.0, 18.0, 30.0, 30.0


class Cell(NamedTuple):
    """One cell of a small sheet: its look, what it holds, and the formula that gave it, if one did."""

    style: int
    value: Value = None
    formula: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands above a table: its title, the line below it, and 演示数据 or nothing."""

    title: str
    note: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet that is one table: headings and widths by column from the left, some of them not printed."""

    sheet: Sheet
    frame: Frame
    headings: Sequence[str]
    widths: Sequence[float]
    rows: int
    printed: int = 0  # absent: all columns
    frozen: int = 0  # columns that stay when scrolling
    is_signed: bool = True
    below: int = 0  # rows that a chart covers
    numbering: Sequence[Value] = field(default_factory=tuple)

    @property
    def width(self) -> int:
        """Number of printed columns."""
        return self.printed or len(self.headings)

    @property
    def last_row(self) -> int:
        """Last row of the table proper; an empty one keeps a row that says so."""
        return FIRST_ROW + max(self.rows, 1) - 1

    @property
    def bottom(self) -> int:
        """Last row that is used."""
        return self.last_row + (2 if self.is_signed else 0) + self.below

    @property
    def span(self) -> str:
        """The range that is used."""
        return f"A1:{get_column_letter(len(self.headings))}{self.bottom}"


def prepare(workbook: Workbook, table: Table, *, running_title: str) -> Worksheet:
    """Add the table's sheet with everything but its rows."""
    sheet = workbook.create_sheet(table.sheet)
    set_up_page(sheet, mark=table.frame.mark, running_title=running_title)
    for place, width in enumerate(table.widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    for place in range(table.width + 1, len(table.headings) + 1):
        helper = sheet.column_dimensions[get_column_letter(place)]
        helper.outlineLevel, helper.hidden = 1, True
    last = get_column_letter(table.width)
    if table.width < len(table.headings):
        sheet.column_dimensions[last].collapsed = True  # bears the sign that unfolds the helpers
    sheet.sheet_properties.outlinePr.summaryRight = False
    sheet.freeze_panes = f"{get_column_letter(table.frozen + 1)}{FIRST_ROW}"
    sheet.print_title_rows = f"{HEADER_ROW}:{FIRST_ROW - 1}"
    sheet.print_area = f"A1:{last}{table.bottom}"
    merge(sheet, f"A{TITLE_ROW}:{last}{TITLE_ROW}", f"A{NOTE_ROW}:{last}{NOTE_ROW}")
    return sheet


def set_up_page(sheet: Worksheet, *, mark: str, running_title: str) -> None:
    """Print on A4 landscape, one page wide, with running title, mark and page x of y."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.45
    sheet.page_margins.top, sheet.page_margins.bottom = 0.65, 0.6
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.print_options.horizontalCentered = True
    sheet.oddHeader.left.text = running_title.replace("&", "&&")
    sheet.oddHeader.right.text = mark
    sheet.oddFooter.center.text = "第 &P 页　共 &N 页"
    sheet.sheet_view.showGridLines = False
    sheet.sheet_format.defaultRowHeight = 18


def merge(sheet: Worksheet, *spans: str) -> None:
    """Merge cells without making any: rows come from elsewhere."""
    for span in spans:
        sheet.merged_cells.add(CellRange(span))


def write_rows(table: Table, styles: Styles, body: Iterable[str]) -> Iterator[str]:
    """Yield the whole sheet: the frame's rows round the rows of the table."""
    yield from write_frame(table.frame, styles)
    header, numbering = styles.number(Look.HEADER), styles.number(Look.NUMBERING)
    yield row(HEADER_ROW, cells(HEADER_ROW, [Cell(header, text) for text in table.headings]), height=HEADER_HEIGHT)
    numbers = table.numbering or number_columns(len(table.headings))
    yield row(FIRST_ROW - 1, cells(FIRST_ROW - 1, [Cell(numbering, value) for value in numbers]))
    yield from body
    if table.rows == 0:
        text = styles.number(Look.TEXT)
        nothing = [Cell(text, words.ABSENT), Cell(text, "本期无"), *([Cell(text)] * (table.width - 2))]
        yield row(FIRST_ROW, cells(FIRST_ROW, nothing))
    if table.is_signed:
        yield sign(table.last_row + 2, width=table.width, styles=styles)


def write_frame(frame: Frame, styles: Styles) -> Iterator[str]:
    """Yield the title and the line below it, which bears the mark."""
    title, note = styles.number(Look.TITLE), styles.number(Look.NOTE)
    text = f"【{frame.mark}】　　{frame.note}" if frame.mark else frame.note
    yield row(TITLE_ROW, cells(TITLE_ROW, [Cell(title, frame.title)]), height=TITLE_HEIGHT)
    yield row(NOTE_ROW, cells(NOTE_ROW, [Cell(note, text)]), height=NOTE_HEIGHT)


def number_columns(width: int) -> list[Value]:
    """Return what stands in the row that numbers the columns."""
    return ["栏次", *range(1, width)]


def sign(number: int, *, width: int, styles: Styles) -> str:
    """Return the row to be signed, its four places spread over the printed columns."""
    style = styles.number(Look.SIGNATURE)
    texts: list[Value] = [None] * width
    for part, text in enumerate(SIGNATURES):
        texts[min(part * width // len(SIGNATURES), width - 1)] = text
    return row(number, cells(number, [Cell(style, text) for text in texts]), height=SIGNATURE_HEIGHT)


@lru_cache(maxsize=4096)
def count_lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of `width` characters; a Chinese one is as wide as two."""
    held = max(width * _CHARACTERS_PER_WIDTH - 2, 2.0)
    units = sum(2 if ord(character) > _LAST_NARROW else 1 for character in text)
    return max(ceil(units / held), 1)


def height_of(found: Iterable[tuple[Value, float]]) -> float | None:
    """Return the height of a row of (value, column width), None where one line is enough."""
    lines = max((count_lines(value, width) for value, width in found if isinstance(value, str)), default=1)
    return None if lines == 1 else lines * LINE_HEIGHT + 5.0


def cells(number: int, found: Sequence[Cell], *, first: int = 1) -> Iterator[str]:
    """Yield cells from left to right, the first one in column `first`."""
    for place, cell in enumerate(found, start=first):
        reference = f"{get_column_letter(place)}{number}"
        if cell.formula:
            yield formula_cell(reference, cell.style, cell.formula, cell.value)
        else:
            yield value_cell(reference, cell.style, cell.value)


def register_page_styles(styles: Styles) -> None:
    """Ask for every style of the frame: once the package is opened it is too late."""
    for look in (Look.TITLE, Look.NOTE, Look.HEADER, Look.NUMBERING, Look.TEXT, Look.SIGNATURE):
        styles.number(look)
