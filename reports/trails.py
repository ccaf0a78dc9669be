"""The trail of one figure: who entered, returned and approved what, with the reasons given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure, Figure, Origin, Series, Submission
from indicators.models.submission import Status
from qscounty.web.formats import add_unit, format_number
from qscounty.web.times import format_instant


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a trail."""

    at: datetime
    text: str

    @property
    def time(self) -> str:
        """Day and time in the site's zone."""
        return format_instant(self.at)


def list_steps(series: Series, quarter: Quarter, *, figures: list[ApprovedFigure], programme_id: int) -> list[Step]:
    """Return what happened to a series' figure of one quarter, oldest first; three queries.

    `figures` are the approved revisions of the quarter.
    """
    steps = [*_list_entries(series, quarter), *_list_acts(series, quarter, programme_id), *_list_origins(figures)]
    return sorted(steps, key=lambda step: step.at)


def write_figure(figure: Any, unit: str) -> str:
    """Return what a figure says: a value, two counts, that nothing occurred, or nothing."""
    if figure.nothing_occurred:
        return _("none this quarter")
    if figure.numerator is not None or figure.denominator is not None:
        return f"{format_number(figure.numerator)} / {format_number(figure.denominator)}"
    return add_unit(format_number(figure.value), unit)


def _list_entries(series: Series, quarter: Quarter) -> Iterator[Step]:
    unit = "" if series.indicator.is_counted else series.indicator.unit
    history: Any = Figure.pgh_event_model  # type: ignore[attr-defined]  # made by the decorator
    events = history.objects.filter(series=series, quarter=quarter).select_related("entered_by")
    for place, event in enumerate(events.order_by("pgh_id")):
        words = {"person": event.entered_by or "—", "figure": write_figure(event, unit), "why": event.explanation}
        told = _("%(person)s entered %(figure)s") if place == 0 else _("%(person)s changed it to %(figure)s")
        if event.explanation:
            told += _(": %(why)s")
        yield Step(event.entered_at, told % words)


def _list_acts(series: Series, quarter: Quarter, programme_id: int) -> Iterator[Step]:
    history: Any = Submission.pgh_event_model  # type: ignore[attr-defined]  # made by the decorator
    events = history.objects.filter(
        programme=programme_id, department=series.department_id, quarter=quarter
    ).select_related("submitted_by", "decided_by")
    before = None
    for event in events.order_by("pgh_id"):
        if event.status != before:
            step = _describe_act(event)
            if step is not None:
                yield step
        before = event.status


def _describe_act(event: Any) -> Step | None:
    if event.status == Status.SUBMITTED and event.submitted_by is not None:
        return Step(event.submitted_at, _("%(person)s submitted the form") % {"person": event.submitted_by})
    if event.decided_by is None or event.decided_at is None:
        return None
    words = {"person": event.decided_by, "reason": event.reason}
    if event.status == Status.RETURNED:
        return Step(event.decided_at, _("%(person)s returned it: %(reason)s") % words)
    if event.status == Status.APPROVED:
        return Step(event.decided_at, _("%(person)s approved it") % words)
    return None


def _list_origins(figures: list[ApprovedFigure]) -> Iterator[Step]:
    """Yield the figures that no form brought: published ones, and those of the demonstration."""
    for figure in figures:
        if figure.origin == Origin.PUBLISHED and figure.source is not None:
            words = {"source": figure.source.title}
            yield Step(figure.approved_at, _("Taken from a publication: %(source)s") % words)
        elif figure.origin == Origin.DEMONSTRATION and figure.submission_id is None:
            yield Step(figure.approved_at, _("Invented for the demonstration"))
