"""Adds revisions of approved figures; the one place where they are made."""

from collections.abc import Iterable

from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.models import ApprovedFigure, Figure, Submission
from indicators.selectors.grid_rows import COMPARED


def approve_figures(*, submission: Submission, by: User) -> list[int]:
    """Approve the working figures of a submission and return the ids of the series that changed.

    A figure equal to its current revision adds none. Figures that were emptied supersede what was approved.
    """
    figures = list(submission.figures.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    current = _find_current(figures, submission)
    changed = [figure for figure in figures if _differs(figure, current.get(figure.series_id))]
    now = read_database_time()
    revisions = [
        ApprovedFigure(
            series_id=figure.series_id,
            quarter=figure.quarter,
            revision=current[figure.series_id].revision + 1 if figure.series_id in current else 1,
            submission=submission,
            figure_version=figure.version,
            entered_by_id=figure.entered_by_id,
            approved_by=by,
            approved_at=now,
            **{name: getattr(figure, name) for name in COMPARED},
        )
        for figure in changed
    ]
    add_revisions(revisions)
    return [figure.series_id for figure in changed]


def add_revisions(revisions: Iterable[ApprovedFigure]) -> None:
    """Supersede the current revisions of the same series and quarters, then add `revisions` as the current ones."""
    revisions = list(revisions)
    by_quarter: dict[object, list[int]] = {}
    for revision in revisions:
        by_quarter.setdefault(revision.quarter, []).append(revision.series_id)
    for quarter, series_ids in by_quarter.items():
        ApprovedFigure.objects.filter(series__in=series_ids, quarter=quarter, is_current=True).update(is_current=False)
    ApprovedFigure.objects.bulk_create(revisions, batch_size=5000)


def _find_current(figures: list[Figure], submission: Submission) -> dict[int, ApprovedFigure]:
    rows = ApprovedFigure.objects.filter(
        series__in=[figure.series_id for figure in figures], quarter=submission.quarter, is_current=True
    )
    return {row.series_id: row for row in rows}


def _differs(figure: Figure, current: ApprovedFigure | None) -> bool:
    if current is None:
        return not figure.is_empty
    return any(getattr(figure, name) != getattr(current, name) for name in COMPARED)
