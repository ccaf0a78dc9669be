"""The review page: what differs from the last approval first, then what is unusual, then the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.engine.submission_states import EDITABLE
from indicators.models import ApprovedFigure, Figure, Submission
from indicators.presenters.rows import RowView, present_row, write_figure, write_time
from indicators.selectors.entry import Grid, GridRow
from qscounty.web.formats import ABSENT, format_quarter
from qscounty.web.sentences import join_clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One figure: what was approved before, what stands now, and the words of the clerk."""

    row: RowView
    before: str
    now: str
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows of one kind; `is_folded`: nothing in it needs a look."""

    title: str
    rows: list[ReviewRow]
    is_folded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    """The page."""

    submission: Submission
    lede: str
    sub: str
    sections: list[Section]
    has_before: bool


def present_review(grid: Grid, *, remarks: Mapping[int, str] | None = None) -> ReviewView:
    """Return the page; `remarks` (by series id) are those typed into a return that was refused."""
    changed = [row for row in grid.rows if row.is_changed]
    unusual = [row for row in grid.rows if not row.is_changed and (row.wants_word or row.is_blocked)]
    seen = {row.series.pk for row in [*changed, *unusual]}
    rest = [row for row in grid.rows if row.series.pk not in seen]
    first = all(row.approved is None for row in grid.rows)
    sections = [
        (_("Different from what was approved before"), changed, False),
        (_("Unusual, missing or behind"), unusual, False),
        (_("Nothing unusual") if first else _("Unchanged, nothing unusual"), rest, not first),
    ]
    submission = grid.submission
    return ReviewView(
        submission=submission,
        lede=_write_lede(grid, changed=len(changed), unusual=len(unusual)),
        sub=_write_sub(submission),
        sections=[
            Section(title=title, rows=[_present(row, remarks or {}) for row in rows], is_folded=folded)
            for title, rows, folded in sections
            if rows
        ],
        has_before=not first,
    )


def _present(row: GridRow, remarks: Mapping[int, str]) -> ReviewRow:
    return ReviewRow(
        row=present_row(row, is_open=False),
        before=_write(row, row.approved),
        now=_write(row, row.shown),
        remark=remarks.get(row.series.pk, ""),
    )


def _write(row: GridRow, figure: Figure | ApprovedFigure | None) -> str:
    return ABSENT if figure is None else write_figure(figure, row.series.indicator)


def _write_lede(grid: Grid, *, changed: int, unusual: int) -> str:
    status = grid.submission.status
    if status in EDITABLE:
        return _("Not submitted: nothing to review yet.")
    parts = [
        (changed, ngettext("%(count)d figure was changed", "%(count)d figures were changed", changed)),
        (unusual, ngettext("%(count)d wants a look", "%(count)d want a look", unusual)),
    ]
    said = [words % {"count": count} for count, words in parts if count]
    total = ngettext("%(count)d figure", "%(count)d figures", len(grid.rows)) % {"count": len(grid.rows)}
    if not said:
        return _("%(total)s, nothing unusual.") % {"total": total}
    return _("%(total)s: %(parts)s.") % {"total": total, "parts": join_clauses(said)}


def _write_sub(submission: Submission) -> str:
    place = f"{submission.programme.name} · {format_quarter(submission.quarter.year, submission.quarter.number)}"
    if submission.status == "submitted" and submission.submitted_by and submission.submitted_at:
        return _("%(place)s · submitted by %(person)s on %(time)s") % {
            "place": place,
            "person": submission.submitted_by,
            "time": write_time(submission.submitted_at),
        }
    if submission.status == "approved" and submission.decided_by and submission.decided_at:
        return _("%(place)s · approved by %(person)s on %(time)s") % {
            "place": place,
            "person": submission.decided_by,
            "time": write_time(submission.decided_at),
        }
    return f"{place} · {submission.get_status_display()}"
