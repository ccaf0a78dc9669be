"""The entry page: groups of rows, the sentence it opens with, where the form stands, who reviews it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from departments.models import User
from departments.permissions import Scope
from indicators.engine.submission_states import EDITABLE
from indicators.labels import DOMAINS
from indicators.models import ReportingQuarter, Submission
from indicators.presenters.rows import RowView, present_row
from indicators.selectors.grid_rows import Grid, GridRow
from qscounty.web.formats import format_quarter
from qscounty.web.sentences import join_clauses, join_sentences


@dataclass(frozen=True, slots=True)
class GroupView:
    """The rows of one domain and region."""

    title: str
    rows: list[RowView]


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryView:
    """What is open in the form, for its head and its foot; refreshed after every save."""

    lede: str
    filled: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """Everything that the entry page shows. `is_open`: this person may enter figures now."""

    submission: Submission
    window: ReportingQuarter
    groups: list[GroupView]
    summary: SummaryView
    is_open: bool
    status: str
    notices: list[str] = field(default_factory=list)
    reviewers: str = ""


def present_form(
    grid: Grid,
    *,
    window: ReportingQuarter,
    today: date,
    is_open: bool,
    reviewers: Iterable[User] = (),
    typed: Mapping[int, Mapping[str, str]] | None = None,
    problems: Mapping[int, Mapping[str, str]] | None = None,
    scope: Scope | None = None,
) -> FormView:
    """Return the page; `typed` and `problems` (by series id) keep what could not be saved on it."""
    submission = grid.submission
    return FormView(
        submission=submission,
        window=window,
        groups=present_groups(grid, is_open=is_open, typed=typed, problems=problems, scope=scope),
        summary=present_summary(grid, window=window, today=today),
        is_open=is_open,
        status=str(submission.get_status_display()),
        notices=list(_list_notices(grid, window=window, today=today)),
        reviewers=_name_reviewers(reviewers, submission),
    )


def present_groups(
    grid: Grid,
    *,
    is_open: bool,
    typed: Mapping[int, Mapping[str, str]] | None = None,
    problems: Mapping[int, Mapping[str, str]] | None = None,
    scope: Scope | None = None,
) -> list[GroupView]:
    """Return the rows under the headings of their domains and regions."""
    typed, problems = typed or {}, problems or {}
    groups: list[GroupView] = []
    for row in grid.rows:
        pk = row.series.pk
        view = present_row(row, is_open=is_open, typed=typed.get(pk), problems=problems.get(pk), scope=scope)
        title = name_group(row)
        if not groups or groups[-1].title != title:
            groups.append(GroupView(title, []))
        groups[-1].rows.append(view)
    return groups


def present_summary(grid: Grid, *, window: ReportingQuarter, today: date) -> SummaryView:
    """Return what is open in the form as it stands."""
    total = len(grid.rows)
    return SummaryView(
        lede=write_lede(grid, window=window, today=today),
        filled=_("%(filled)d of %(total)d filled") % {"filled": grid.filled, "total": total},
        share=round(100 * grid.filled / total) if total else 0,
    )


def name_group(row: GridRow) -> str:
    """Return the heading of a row's group: its domain, and its region where that is not the programme's own."""
    domain = str(DOMAINS[row.series.indicator.domain])
    return f"{domain} · {row.place.name}" if row.place else domain


def write_lede(grid: Grid, *, window: ReportingQuarter, today: date) -> str:
    """Return what is missing, what wants a word, and how long there is, e.g. 还有 2 项未填、1 项需要说明。"""
    if not grid.rows:
        return _("This department reports no figure in this quarter.")
    if grid.submission.status not in EDITABLE:
        return _write_progress(grid.submission)
    wrong = grid.blocking - grid.disputed
    open_words = [
        (wrong, ngettext("[[%(count)d figure cannot be right]]", "[[%(count)d figures cannot be right]]", wrong)),
        (
            grid.disputed,
            ngettext("[[%(count)d figure has two values]]", "[[%(count)d figures have two values]]", grid.disputed),
        ),
        (grid.missing, ngettext("%(count)d figure is missing", "%(count)d figures are missing", grid.missing)),
        (_count_words(grid), ngettext("%(count)d needs a word", "%(count)d need a word", _count_words(grid))),
    ]
    parts = [words % {"count": count} for count, words in open_words if count]
    state = _("%(parts)s.") % {"parts": join_clauses(parts)} if parts else _("Complete: check and submit.")
    return join_sentences([state, _write_deadline(window, today)])


def _count_words(grid: Grid) -> int:
    """Return how many filled cells lack a demanded explanation; missing figures are counted as missing."""
    return sum(row.lacks_word and row.is_filled for row in grid.rows)


def _write_progress(submission: Submission) -> str:
    if submission.status == "submitted":
        return _("Submitted, awaiting review.")
    return _("Approved: these figures count.")


def _write_deadline(window: ReportingQuarter, today: date) -> str:
    if window.closed_at is not None or today > window.closes_on:
        return _("The quarter is closed.")
    left = (window.due_on - today).days
    due = {"date": date_format(window.due_on, "MONTH_DAY_FORMAT"), "count": abs(left)}
    if left < 0:
        return ngettext("Due %(date)s, %(count)d day ago.", "Due %(date)s, %(count)d days ago.", -left) % due
    if left == 0:
        return _("Due today.")
    return ngettext("Due %(date)s, %(count)d day left.", "Due %(date)s, %(count)d days left.", left) % due


def _list_notices(grid: Grid, *, window: ReportingQuarter, today: date) -> Iterable[str]:
    """Yield what the person has to know before entering anything."""
    submission = grid.submission
    if submission.status == "returned":
        yield _("Returned by %(person)s: %(reason)s") % {
            "person": submission.decided_by,
            "reason": submission.reason,
        }
    if submission.status == "reopened":
        yield _("Reopened: %(reason)s The figures approved before count until new ones are approved.") % {
            "reason": submission.reason
        }
    if (
        submission.status in EDITABLE
        and (window.closed_at or today > window.closes_on)
        and not submission.is_correction
    ):
        yield _(
            "The quarter is closed; figures can be read but not changed. For a correction ask the leadership office."
        )


def _name_reviewers(reviewers: Iterable[User], submission: Submission) -> str:
    names = [str(person) for person in reviewers]
    if submission.status not in EDITABLE:
        return ""
    if not names:
        return _("Nobody reviews this department's figures yet; ask the administrator to name someone.")
    return _("Reviewed by %(names)s after submission; until then everything can be changed.") % {
        "names": join_clauses(names)
    }


def name_quarter(submission: Submission) -> str:
    """Return the form's quarter in words."""
    return format_quarter(submission.quarter.year, submission.quarter.number)
