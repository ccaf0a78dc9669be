"""Which figures a form asks for."""

from collections.abc import Collection, Iterable

from indicators.models import Series, Submission


def list_series(submission: Submission) -> list[Series]:
    """Return the series for which the submission's department reports in its programme and quarter."""
    return list(
        Series.objects.filter(
            allocations__target__programme=submission.programme,
            allocations__target__first_quarter__lte=submission.quarter,
            department=submission.department,
        )
        .select_related("indicator", "region")
        .distinct()
        .order_by("indicator__domain", "indicator__code", "region__position", "region__code")
    )


def group_of(series: Series) -> tuple[str, int]:
    """Return the group of the grid in which a series stands: what is typed together."""
    return series.indicator.domain, series.region_id


def list_neighbours(series: Iterable[Series], wanted: Collection[int]) -> list[Series]:
    """Return the wanted series, those of the same group of the grid, and those of the same indicator elsewhere.

    The checks hold a figure against its group, its peers and its whole, and against nothing else of the form.
    """
    series = list(series)
    chosen = [one for one in series if one.pk in wanted]
    groups = {group_of(one) for one in chosen}
    indicators = {one.indicator_id for one in chosen} | {one.indicator.whole_id for one in chosen}
    return [one for one in series if group_of(one) in groups or one.indicator_id in indicators]
