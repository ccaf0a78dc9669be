"""The progress board: who has not reported, department by quarter."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from departments.models import Department
from indicators.models import Programme, ReportingQuarter
from indicators.selectors.progress import Board, BoardCell
from qscounty.web.formats import format_quarter
from qscounty.web.sentences import join_sentences, join_words

NAMED = 5
_SHAPES = {"submitted": "→", "approved": "✓", "returned": "↩", "reopened": "↺", "withdrawn": "↩", "draft": "…"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCellView:
    """One cell: a shape, a word, how much is filled; `kind` styles it."""

    kind: str
    shape: str
    word: str
    filled: str
    late: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """The page."""

    lede: str
    programme: Programme
    choices: list[tuple[str, str, bool]]
    quarters: list[tuple[str, str]]
    rows: list[tuple[str, list[BoardCellView | None]]]
    closing: ReportingQuarter | None
    missing: int


def present_board(board: Board, *, programmes: Iterable[Programme], links: bool, can_close: bool) -> BoardView:
    """Return the page; `links`: the person may open the forms."""
    quarters = [window.quarter for window in board.windows]
    newest = board.windows[-1] if board.windows else None
    return BoardView(
        lede=_write_lede(board),
        programme=board.programme,
        choices=[
            (one.name, f"{reverse('indicators:progress')}?programme={one.code}", one.pk == board.programme.pk)
            for one in programmes
        ],
        quarters=[
            (format_quarter(window.quarter.year, window.quarter.number), _write_window(window))
            for window in board.windows
        ],
        rows=[
            (department.name, [_present(board.cells.get((department.pk, quarter)), links) for quarter in quarters])
            for department in board.departments
        ],
        missing=_count_missing(board),
        closing=newest if can_close and newest is not None and newest.closed_at is None else None,
    )


def _count_missing(board: Board) -> int:
    """Return how many departments have not handed in the newest quarter."""
    newest = board.windows[-1].quarter if board.windows else None
    cells = [cell for (_pk, quarter), cell in board.cells.items() if quarter == newest]
    return sum(not cell.is_on_its_way for cell in cells)


def _present(cell: BoardCell | None, links: bool) -> BoardCellView | None:
    if cell is None:
        return None
    status = cell.submission.status if cell.submission else "none"
    word = str(cell.submission.get_status_display()) if cell.submission else pgettext("submission", "Not begun")
    late = _("late") if cell.is_late else _("handed in late") if cell.was_late else ""
    return BoardCellView(
        kind="late" if cell.is_late else status,
        shape="!" if cell.is_late else _SHAPES.get(status, "○"),
        word=word,
        filled=f"{cell.filled} / {cell.asked}",
        late=late,
        url=reverse("indicators:entry-form", args=[cell.submission.pk]) if links and cell.submission else "",
    )


def _write_window(window: ReportingQuarter) -> str:
    if window.closed_at is not None:
        return _("closed")
    return _("due %(date)s") % {"date": f"{window.due_on:%m-%d}"}


def _write_lede(board: Board) -> str:
    """Return who has not reported in the newest quarter."""
    if not board.windows:
        return _("No quarter of this programme has opened yet.")
    quarter = board.windows[-1].quarter
    asked = [one for one in board.departments if (one.pk, quarter) in board.cells]
    open_ones = [one for one in asked if not board.cells[one.pk, quarter].is_on_its_way]
    name = format_quarter(quarter.year, quarter.number)
    if not asked:
        return _("%(quarter)s: no department is asked for figures.") % {"quarter": name}
    if not open_ones:
        return ngettext(
            "%(quarter)s: the one department has reported.",
            "%(quarter)s: all %(count)d departments have reported.",
            len(asked),
        ) % {"quarter": name, "count": len(asked)}
    told = ngettext(
        "%(quarter)s: [[%(open)d of %(count)d department has not reported]].",
        "%(quarter)s: [[%(open)d of %(count)d departments have not reported]].",
        len(asked),
    ) % {"quarter": name, "open": len(open_ones), "count": len(asked)}
    late = [one for one in open_ones if board.cells[one.pk, quarter].is_late]
    return join_sentences([told, _name_late(late)])


def _name_late(late: list[Department]) -> str:
    """Return the departments past the date, by name while they are few."""
    if not late:
        return ""
    if len(late) > NAMED:
        return ngettext("%(count)d is past the date.", "%(count)d are past the date.", len(late)) % {"count": len(late)}
    return _("Past the date: %(names)s.") % {"names": join_words([one.short_name for one in late])}
