"""The review page: what differs from the last approval first, then what is unusual, then the rest."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from departments.permissions import Scope
from indicators.engine.submission_states import EDITABLE
from indicators.models import ApprovedFigure, Figure, Submission
from indicators.presenters.figures import write_figure
from indicators.presenters.rows import RowView, present_row
from indicators.selectors.grid_rows import Grid, GridRow
from qscounty.web.formats import ABSENT, format_quarter
from qscounty.web.sentences import join_clauses
from qscounty.web.times import format_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRow:
    """One figure: what was approved before, what stands now, the clerk's words, and the version that is shown."""

    row: RowView
    seen: str
    before: str
    now: str
    remark: str

    @property
    def is_bare(self) -> bool:
        """Whether nothing is said beneath the row: it is then as high as a line."""
        row = self.row
        return not (row.notes or row.explanation or row.demand or row.files or self.remark)


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
    progress: str
    settled: str
    settle: str

    @property
    def columns(self) -> int:
        """How many columns the tables have."""
        return 7 + self.has_before


def present_review(grid: Grid, *, remarks: Mapping[int, str] | None = None, scope: Scope | None = None) -> ReviewView:
    """Return the page; `remarks` (by series id) are those typed into a return that was refused.

    `settled` names the versions of the figures that can be checked off together, as `CheckForm` reads them, and
    `settle` is the button's word; both "" where there is none left.
    """
    changed = [row for row in grid.rows if row.is_changed]
    unusual = [row for row in grid.rows if not row.is_changed and not row.is_settled]
    rest = [row for row in grid.rows if row.is_settled]
    first = all(row.approved is None for row in grid.rows)
    sections = [
        (_("Different from what was approved before"), changed, False),
        (_("Unusual, missing or behind"), unusual, False),
        (_("Nothing unusual") if first else _("Unchanged, nothing unusual"), rest, not first or _are_checked(rest)),
    ]
    open_rest = [row for row in rest if not row.is_checked]
    submission = grid.submission
    return ReviewView(
        submission=submission,
        lede=_write_lede(grid, changed=len(changed), unusual=len(unusual)),
        sub=_write_sub(submission),
        sections=[
            Section(title=title, rows=[_present(row, remarks or {}, scope) for row in rows], is_folded=folded)
            for title, rows, folded in sections
            if rows
        ],
        has_before=not first,
        progress=_write_progress(grid.rows),
        settled=" ".join(name_version(row) for row in open_rest),
        settle=_write_settle(len(open_rest), first=first) if open_rest else "",
    )


def name_version(row: GridRow) -> str:
    """Return a figure with the version that is shown, as `CheckForm` reads it: “12:3”."""
    return f"{row.series.pk}:{row.figure.version if row.figure else 0}"


def _are_checked(rows: list[GridRow]) -> bool:
    return all(row.is_checked for row in rows)


def _write_progress(rows: list[GridRow]) -> str:
    """Return how far the reviewer has come; "" before the first figure is checked off."""
    done = sum(row.is_checked for row in rows)
    if not done:
        return ""
    if done == len(rows):
        return _("Every figure is checked. Approve the form.")
    return _("Checked: %(done)d of %(total)d; look at the others.") % {"done": done, "total": len(rows)}


def _write_settle(count: int, *, first: bool) -> str:
    if first:
        words = ngettext(
            "Check off the %(count)d with nothing unusual", "Check off the %(count)d with nothing unusual", count
        )
    else:
        words = ngettext("Check off the %(count)d unchanged", "Check off all %(count)d unchanged", count)
    return words % {"count": count}


def _present(row: GridRow, remarks: Mapping[int, str], scope: Scope | None) -> ReviewRow:
    return ReviewRow(
        row=present_row(row, is_open=False, scope=scope),
        seen=name_version(row),
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
            "time": format_instant(submission.submitted_at),
        }
    if submission.status == "approved" and submission.decided_by and submission.decided_at:
        return _("%(place)s · approved by %(person)s on %(time)s") % {
            "place": place,
            "person": submission.decided_by,
            "time": format_instant(submission.decided_at),
        }
    return f"{place} · {submission.get_status_display()}"
