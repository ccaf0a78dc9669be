"""A list as a workbook: the rows, order and columns of its page, of all its pages.

Numbers stay numbers, shown in the unit and decimals of the page; everything else is the page's text, and text alone.
Headings are in the language of the page. Source: trust rule 20, case T33.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports.exports.package import Package
from reports.exports.sheet_xml import Value, row, text_cell, value_cell
from reports.exports.styles import Look, Styles, colour_ratings

TITLE_ROW, NOTE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4
WIDTH = 14

Shown = tuple[Look, str, Value]
"""How a cell looks, its number format, and its value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSheet:
    """What the sheet holds: `columns` as (key; heading), rows in order, and by key what is written of a row.

    A key that ends in `rating` has words that are coloured.
    """

    name: str
    title: str
    note: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Any]
    at: datetime
    cells: Mapping[str, Callable[[Any], Shown]]
    widths: Mapping[str, int] = field(default_factory=dict)


def write_list_sheet(sheet: ListSheet, target: IO[bytes]) -> None:
    """Write the workbook of one sheet into an open file, over whatever an attempt before has left there."""
    target.seek(0)
    target.truncate()
    workbook = Workbook()
    page = workbook.active
    page.title = sheet.name
    styles = Styles(workbook)
    last = get_column_letter(len(sheet.columns))
    end = FIRST_ROW + max(len(sheet.rows), 1) - 1
    _set_up(page, sheet, last=last, end=end)
    # The styles go into the file before the rows do.
    rows = [_list_cells(sheet, one, styles) for one in sheet.rows]
    heads = list(_write_head(sheet, styles))
    package = Package(workbook, target, at=sheet.at)
    body = (row(number, _write_cells(cells, number)) for number, cells in enumerate(rows, start=FIRST_ROW))
    package.write_sheet(sheet.name, (*heads, *body), count=len(rows), span=f"A1:{last}{end}")
    package.close()


def _set_up(page: Worksheet, sheet: ListSheet, *, last: str, end: int) -> None:
    for place, (key, _heading) in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = sheet.widths.get(key, WIDTH)
        if key.endswith("rating"):
            letter = get_column_letter(place)
            colour_ratings(page, f"{letter}{FIRST_ROW}:{letter}{end}")
    page.freeze_panes = f"B{FIRST_ROW}"
    page.auto_filter.ref = f"A{HEADER_ROW}:{last}{end}"
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _write_head(sheet: ListSheet, styles: Styles) -> Iterator[str]:
    """Yield title, note and headings."""
    yield row(TITLE_ROW, [text_cell(f"A{TITLE_ROW}", styles.number(Look.SENTENCE), sheet.title)], height=24)
    yield row(NOTE_ROW, [text_cell(f"A{NOTE_ROW}", styles.number(Look.NOTE), sheet.note)])
    style = styles.number(Look.HEADER)
    heads = [
        text_cell(f"{get_column_letter(n)}{HEADER_ROW}", style, h) for n, (_key, h) in enumerate(sheet.columns, start=1)
    ]
    yield row(HEADER_ROW, heads)


def _list_cells(sheet: ListSheet, one: Any, styles: Styles) -> list[tuple[int, Value]]:
    """Return the cells of one row as (number of the style, value)."""
    return [
        (styles.number(look, shown), value)
        for look, shown, value in (sheet.cells[key](one) for key, _heading in sheet.columns)
    ]


def _write_cells(cells: Sequence[tuple[int, Value]], number: int) -> Iterator[str]:
    for place, (style, value) in enumerate(cells, start=1):
        yield value_cell(f"{get_column_letter(place)}{number}", style, value)
