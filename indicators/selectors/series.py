"""Which figures a form asks for."""

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
