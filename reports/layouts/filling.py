"""Fills a layout: single cells, and tables that grow downward from their first row.

The file was scanned before it was kept (see `guard`); here openpyxl opens it in the background process. Text is
always text, whatever it begins with. The same layout and edition give the same bytes.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import IO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell

from reports.exports.package import save_without_clock
from reports.exports.sheet_xml import Value, clean_text
from reports.layouts.content import LayoutContent
from reports.layouts.heights import fit_heights
from reports.layouts.places import Place
from reports.layouts.room import make_room
from reports.layouts.vocabulary import WORDS


def fill_layout(
    layout: bytes, places: Sequence[Place], content: LayoutContent, target: IO[bytes], *, at: datetime
) -> None:
    """Write the filled layout into an open file; `at` is the document's own time."""
    workbook = load_workbook(io.BytesIO(layout))
    moved = _make_rooms(workbook, places, content)
    for place in places:
        word = WORDS[place.name]
        sheet = workbook[place.sheet]
        top = find_top(place, moved)
        rows = content.blocks[word.block] if word.block else [content.singles]
        put(sheet.cell(top, place.column), None)
        for number, values in enumerate(rows, start=top):
            put(sheet.cell(number, place.column), values.get(word.key))
    _fit_heights(workbook, places, content, moved)
    workbook.calculation.fullCalcOnLoad = True  # the layout's own formulas stand over new numbers
    save_without_clock(workbook, target, at=at)


def find_top(place: Place, moved: Sequence[tuple[str, int, int]]) -> int:
    """Return the row in which a place stands once rooms were made: (sheet, row in the layout, rows inserted)."""
    return place.row + sum(extra for name, row, extra in moved if name == place.sheet and row < place.row)


def put(cell: Cell, value: Value) -> None:
    """Write one value; text never becomes a formula or an error value."""
    if not isinstance(value, str):
        cell.value = value
        return
    text = clean_text(value)
    cell.value = text or None
    if text:
        cell.data_type = "s"


def _fit_heights(
    workbook: Workbook, places: Sequence[Place], content: LayoutContent, moved: Sequence[tuple[str, int, int]]
) -> None:
    """Let no text of a table be cut off by the height of its first row."""
    for block, rows in content.blocks.items():
        columns = [place for place in places if WORDS[place.name].block == block]
        if columns:
            fit_heights(
                workbook[columns[0].sheet],
                first=find_top(columns[0], moved),
                count=len(rows),
                columns=[place.column for place in columns],
            )


def _make_rooms(workbook: Workbook, places: Sequence[Place], content: LayoutContent) -> list[tuple[str, int, int]]:
    """Insert the rows of every block, from the top of each sheet down; return (sheet, row in the layout, rows)."""
    heads = {WORDS[place.name].block: place for place in places if WORDS[place.name].block}
    moved: list[tuple[str, int, int]] = []
    for block, head in sorted(heads.items(), key=lambda item: item[1].row):
        extra = len(content.blocks[block]) - 1
        above = sum(rows for sheet, _row, rows in moved if sheet == head.sheet)
        make_room(workbook, workbook[head.sheet], row=head.row + above, extra=extra)
        moved.append((head.sheet, head.row, max(extra, 0)))
    return moved
