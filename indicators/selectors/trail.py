"""The trail of one figure: who entered, changed, submitted, returned, approved, reopened it, from what to what.

Values come from the row history that triggers keep, acts from the audit entries (of a form that was made without
acts, as the demonstration's, from its own history), approvals from the revisions. Every page that shows a trail shows
these lines, each in words of its own.
Source: product.md “Review and closing”; trust rule 26.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from departments.models import AuditEntry, User
from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure, Figure, Remark, Series, Submission
from indicators.models.submission import Status

ACTS = {
    "submission_submit": "submit",
    "submission_withdraw": "withdraw",
    "submission_return": "return",
    "submission_approve": "approve",
    "submission_reopen": "reopen",
    "reopening_asked": "ask",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One step. `act`: enter, change, clear, or a value of `ACTS`; figures are None where the step changes none.

    `person` absent: the system, by command. `origin` is that of an approved figure nobody entered here.
    """

    at: datetime
    act: str
    person: User | None
    before: Figure | ApprovedFigure | None = None
    after: Figure | ApprovedFigure | None = None
    words: str = ""
    origin: str = ""


def list_figure_trail(
    series: Series, quarter: Quarter, *, approved: Sequence[ApprovedFigure] | None = None
) -> list[TrailLine]:
    """Return every step of the figure of a series and quarter, the newest first; six queries at most.

    `approved` are its approved revisions, oldest first, where they are read already. The caller has checked that the
    person may see the series.
    """
    figure = Figure.objects.filter(series=series, quarter=quarter).select_related("submission").first()
    lines = list(_list_entries(figure)) if figure else []
    acts = list(_list_acts(figure.submission, series)) if figure else []
    known = {line.at for line in acts if line.act == "approve"}
    lines += acts
    rows = list(_read_approved(series, quarter)) if approved is None else approved
    lines += [line for line in _list_approvals(rows) if line.at not in known]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _list_entries(figure: Figure) -> Iterator[TrailLine]:
    """Yield the versions of the working figure, each beside the one before."""
    before = None
    history: Any = Figure.pgh_event_model  # type: ignore[attr-defined]  # made by the decorator
    events = history.objects.filter(pgh_obj_id=figure.pk).select_related("entered_by")
    for event in events.order_by("version", "pgh_id"):
        after = Figure(
            series_id=event.series_id,
            quarter=event.quarter,
            value=event.value,
            numerator=event.numerator,
            denominator=event.denominator,
            nothing_occurred=event.nothing_occurred,
            explanation=event.explanation,
            version=event.version,
        )
        act = "enter" if before is None or before.is_empty else "clear" if after.is_empty else "change"
        yield TrailLine(
            at=event.entered_at,
            act=act,
            person=event.entered_by,
            before=before,
            after=after,
            words=event.explanation if before is None or event.explanation != before.explanation else "",
        )
        before = after


def _list_acts(submission: Submission, series: Series) -> Iterator[TrailLine]:
    """Yield what was done with the form, with the remark on this figure where it was returned for it."""
    remarks = {
        remark.submission_version: remark.text for remark in Remark.objects.filter(submission=submission, series=series)
    }
    entries = AuditEntry.objects.filter(
        object_type=Submission._meta.label_lower, object_id=str(submission.pk), event__in=ACTS
    )
    known = list(entries.select_related("by"))
    for entry in known:
        remark = remarks.get(entry.details.get("version", 0), "")
        yield TrailLine(at=entry.at, act=ACTS[entry.event], person=entry.by, words=remark or entry.reason)
    if not known:
        yield from _list_states(submission)


def _list_states(submission: Submission) -> Iterator[TrailLine]:
    """Yield the states that a form has come to, where no act was recorded."""
    history: Any = Submission.pgh_event_model  # type: ignore[attr-defined]  # made by the decorator
    before = ""
    for event in history.objects.filter(pgh_obj_id=submission.pk).select_related(*_PEOPLE).order_by("pgh_id"):
        act = _STATES.get(event.status, "")
        at, person = (
            (event.submitted_at, event.submitted_by) if act == "submit" else (event.decided_at, event.decided_by)
        )
        if act and event.status != before and at is not None:
            yield TrailLine(at=at, act=act, person=person, words=event.reason if act == "return" else "")
        before = event.status


_PEOPLE = ("submitted_by", "decided_by")
_STATES = {Status.SUBMITTED: "submit", Status.RETURNED: "return", Status.APPROVED: "approve"}


def _read_approved(series: Series, quarter: Quarter) -> QuerySet[ApprovedFigure]:
    rows = ApprovedFigure.objects.filter(series=series, quarter=quarter)
    return rows.select_related("approved_by").order_by("revision")


def _list_approvals(rows: Iterable[ApprovedFigure]) -> Iterator[TrailLine]:
    """Yield the revisions that count or counted."""
    before = None
    for row in rows:
        yield TrailLine(
            at=row.approved_at, act="approve", person=row.approved_by, before=before, after=row, origin=row.origin
        )
        before = row
