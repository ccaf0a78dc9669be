"""Which figures a form asks for."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from indicators.models import Series, Submission


def list_series(submission: Submission, *, only: Collection[int] | None = None) -> list[Series]:
    """Return the series for which the submission's department reports in its programme and quarter.

    `only`: of these ids, so that a cell of a wide form costs what a cell of a small one costs. Indicators and regions
    are loaded with them, of the whole form each once.
    """
    found = _find_series(submission)
    if only is None:
        return list(found.prefetch_related("indicator", "region"))
    return list(found.filter(pk__in=only).select_related("indicator", "region"))


def group_of(series: Series) -> tuple[str, int]:
    """Return the group of the grid in which a series stands: what is typed together."""
    return series.indicator.domain, series.region_id


def list_neighbours(submission: Submission, wanted: Collection[int]) -> list[Series]:
    """Return the wanted series, those of the same group of the grid, and those of the same indicator elsewhere.

    The checks hold a figure against its group, its peers and its whole, and against nothing else of the form.
    """
    chosen = list_series(submission, only=wanted)
    groups = {group_of(one) for one in chosen}
    indicators = {one.indicator_id for one in chosen} | {one.indicator.whole_id for one in chosen} - {None}
    near = Q(indicator__domain__in={domain for domain, _region in groups}, region__in={region for _, region in groups})
    found = _find_series(submission).filter(near | Q(indicator__in=indicators)).select_related("indicator", "region")
    return [one for one in found if group_of(one) in groups or one.indicator_id in indicators]


def _find_series(submission: Submission) -> QuerySet[Series]:
    return (
        Series.objects.filter(
            allocations__target__programme=submission.programme,
            allocations__target__first_quarter__lte=submission.quarter,
            department=submission.department,
        )
        .distinct()
        .order_by("indicator__domain", "indicator__code", "region__position", "region__code")
    )
