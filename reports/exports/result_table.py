"""The list of targets as a workbook: the rows, order and columns of the page, of all its pages.

Numbers stay numbers, shown in the unit and decimals of the page; everything else is the page's text, and text alone.
Headings are in the language of the page. Source: trust rule 20, case T33.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import IO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from indicators.bounds import write_bound, write_expected
from indicators.engine.target import Basis
from indicators.marks import mark_result
from indicators.models.attainment import Attainment
from qscounty.web.formats import ABSENT, NO_BREAK_SPACE, round_half_up
from reports.exports.package import Package
from reports.exports.sheet_xml import Value, row, text_cell, value_cell
from reports.exports.styles import GENERAL, MOST_DECIMALS, SHARE, Look, Styles, colour_ratings
from reports.presenters import list_flags

TITLE_ROW, NOTE_ROW, HEADER_ROW, FIRST_ROW = 1, 2, 3, 4
WIDTHS = {"name": 34, "clause": 10, "bound": 20, "region": 12, "department": 16}
WIDTH = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSheet:
    """What the sheet holds: `columns` as (key of the page's table, or clause or bound; heading), results in order."""

    name: str
    title: str
    note: str
    columns: Sequence[tuple[str, str]]
    results: Sequence[Attainment]
    at: datetime


def write_result_sheet(sheet: ResultSheet, target: IO[bytes]) -> None:
    """Write the workbook of one sheet into an open file, over whatever an attempt before has left there."""
    target.seek(0)
    target.truncate()
    workbook = Workbook()
    page = workbook.active
    page.title = sheet.name
    styles = Styles(workbook)
    last = get_column_letter(len(sheet.columns))
    end = FIRST_ROW + max(len(sheet.results), 1) - 1
    _set_up(page, sheet, last=last, end=end)
    # The styles go into the file before the rows do.
    rows = [_list_cells(sheet, result, styles) for result in sheet.results]
    heads = list(_write_head(sheet, styles))
    package = Package(workbook, target, at=sheet.at)
    body = (row(number, _write_cells(cells, number)) for number, cells in enumerate(rows, start=FIRST_ROW))
    package.write_sheet(sheet.name, (*heads, *body), count=len(rows), span=f"A1:{last}{end}")
    package.close()


def _set_up(page: Worksheet, sheet: ResultSheet, *, last: str, end: int) -> None:
    for place, (key, _heading) in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = WIDTHS.get(key, WIDTH)
        if key == "rating":
            letter = get_column_letter(place)
            colour_ratings(page, f"{letter}{FIRST_ROW}:{letter}{end}")
    page.freeze_panes = f"B{FIRST_ROW}"
    page.auto_filter.ref = f"A{HEADER_ROW}:{last}{end}"
    page.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True


def _write_head(sheet: ResultSheet, styles: Styles) -> Iterator[str]:
    """Yield title, note and headings."""
    yield row(TITLE_ROW, [text_cell(f"A{TITLE_ROW}", styles.number(Look.SENTENCE), sheet.title)], height=24)
    yield row(NOTE_ROW, [text_cell(f"A{NOTE_ROW}", styles.number(Look.NOTE), sheet.note)])
    style = styles.number(Look.HEADER)
    heads = [
        text_cell(f"{get_column_letter(n)}{HEADER_ROW}", style, h) for n, (_key, h) in enumerate(sheet.columns, start=1)
    ]
    yield row(HEADER_ROW, heads)


def _list_cells(sheet: ResultSheet, result: Attainment, styles: Styles) -> list[tuple[int, Value]]:
    """Return the cells of one row as (number of the style, value)."""
    return [
        (styles.number(look, shown), value)
        for look, shown, value in (CELLS[key](result) for key, _heading in sheet.columns)
    ]


def _write_cells(cells: Sequence[tuple[int, Value]], number: int) -> Iterator[str]:
    for place, (style, value) in enumerate(cells, start=1):
        yield value_cell(f"{get_column_letter(place)}{number}", style, value)


Shown = tuple[Look, str, Value]


def _measure(result: Attainment) -> Shown:
    """Return the measured value, rounded as on the page; a dash where there is none."""
    target, value = result.target, result.measured
    if value is None or not isfinite(value):
        return Look.NUMBER, GENERAL, ABSENT
    if target.basis == Basis.RANK:
        return Look.NUMBER, _show_unit(target.unit_of_level, 0), float(value)
    decimals = target.indicator.decimals
    return Look.NUMBER, _show_unit(target.unit_of_level, decimals), float(round_half_up(value, decimals))


def _show_unit(unit: str, decimals: int) -> str:
    """Return a number format with the whole unit behind the number, as on the page."""
    places = min(max(decimals, 0), MOST_DECIMALS)
    number = "#,##0" if not places else f"#,##0.{'0' * places}"
    space = "" if not unit or unit[0] in "%‰°" else NO_BREAK_SPACE
    quoted = unit.replace('"', "")
    return f'{number}"{space}{quoted}"' if quoted else number


def _attain(result: Attainment) -> Shown:
    if result.ratio is None or not isfinite(result.ratio):
        return Look.NUMBER, GENERAL, ABSENT
    return Look.NUMBER, SHARE, float(round_half_up(result.ratio, 3))


def _rate(result: Attainment) -> Shown:
    """Return the word of the rating alone, so that one can filter by it, with the flags behind it."""
    words = [str(mark_result(result.rating, result.gap).word), *map(str, list_flags(result))]
    return Look.CENTRED, GENERAL, " · ".join(words)


def _text(result_text: Callable[[Attainment], str], look: Look = Look.TEXT) -> Callable[[Attainment], Shown]:
    return lambda result: (look, GENERAL, result_text(result))


CELLS: dict[str, Callable[[Attainment], Shown]] = {
    "name": _text(lambda result: result.target.indicator.name),
    "clause": _text(lambda result: result.target.clause.number),
    "bound": _text(lambda result: write_bound(result.target, result.level, result.level_hi)),
    "region": _text(lambda result: result.region.name),
    "department": _text(lambda result: result.department.short_name),
    "measured": _measure,
    "expected": _text(write_expected, Look.NUMBER),
    "ratio": _attain,
    "rating": _rate,
}
