"""What a workbook of regions or departments holds: of each domain the score, the rating in words, and the counts."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from django.utils.translation import gettext as _

from qscounty.web.formats import ABSENT, round_half_up
from reports.cell_tables import NAME, CellRow
from reports.cells import Cell
from reports.exports.list_sheet import Shown
from reports.exports.styles import GENERAL, Look

SCORE = "0.0"
WIDTHS = {NAME: 24}


def list_columns(names: Sequence[str], headings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the columns of the sheet as (key, heading): four for each of the page's, but for the name's."""
    for name, heading in zip(names, headings, strict=True):
        yield name, heading
        if name != NAME:
            yield f"{name}-rating", _("%(column)s: rating") % {"column": heading}
            yield f"{name}-green", _("%(column)s: on target") % {"column": heading}
            yield f"{name}-due", _("%(column)s: due") % {"column": heading}


def list_cells(names: Sequence[str]) -> dict[str, Callable[[CellRow], Shown]]:
    """Return by key what is written of a row; `names` are those of its columns without its own name's."""
    found: dict[str, Callable[[CellRow], Shown]] = {NAME: lambda row: (Look.TEXT, GENERAL, row.row.heading.text)}
    for place, name in enumerate(names):
        for suffix, write in (("", _score), ("-rating", _rate), ("-green", _count_green), ("-due", _count_due)):
            found[f"{name}{suffix}"] = partial(_write, write, place)
    return found


def _write(write: Callable[[Cell], Shown], place: int, row: CellRow) -> Shown:
    """Return what `write` tells of a cell; a dash where there is no target, as something is due nowhere."""
    cell = row.row.cells[place].cell
    return (Look.NUMBER, GENERAL, ABSENT) if cell is None else write(cell)


def _score(cell: Cell) -> Shown:
    if cell.score is None or not cell.is_rated:
        return Look.NUMBER, GENERAL, ABSENT
    return Look.NUMBER, SCORE, float(round_half_up(cell.score, 1))


def _rate(cell: Cell) -> Shown:
    return Look.CENTRED, GENERAL, str(cell.mark.word)


def _count_green(cell: Cell) -> Shown:
    return Look.NUMBER, "0", cell.green


def _count_due(cell: Cell) -> Shown:
    return Look.NUMBER, "0", cell.due
