"""Gives targets to regions: the allocations of a programme, and the series that serve them, in a few statements."""

from collections.abc import Iterable
from typing import NamedTuple

from departments.models import Department, Region
from indicators.models import Allocation, Programme, Series, Target


class Grant(NamedTuple):
    """A target that is given to a region and reported by a department."""

    target: Target
    region: Region
    department: Department

    @property
    def series_key(self) -> tuple[int, int, int]:
        """What makes the series of the grant: indicator, region, department."""
        return self.target.indicator_id, self.region.pk, self.department.pk


def sync_allocations(*, programme: Programme, grants: list[Grant]) -> int:
    """Bring the programme's allocations in line with `grants` and return how many were added or removed.

    Allocations that demonstration data added are left alone. Removing one leaves its series and figures.
    """
    stored = {
        (allocation.target_id, _key(allocation.series)): allocation
        for allocation in Allocation.objects.filter(target__programme=programme).select_related("series")
    }
    wanted = {(grant.target.pk, grant.series_key): grant for grant in grants}
    surplus = [row.pk for key, row in stored.items() if key not in wanted and not row.is_demonstration]
    if surplus:
        Allocation.objects.filter(pk__in=surplus).delete()
    added = allocate(grants=[grant for key, grant in wanted.items() if key not in stored])
    return len(surplus) + len(added)


def allocate(*, grants: Iterable[Grant], is_demonstration: bool = False) -> list[Allocation]:
    """Add the allocations of `grants`; the series are made where they are missing."""
    grants = list(grants)
    Series.objects.bulk_create(
        [
            Series(indicator_id=indicator, region_id=region, department_id=department)
            for indicator, region, department in dict.fromkeys(grant.series_key for grant in grants)
        ],
        ignore_conflicts=True,
    )
    series = {
        _key(one): one
        for one in Series.objects.filter(
            indicator__in={grant.target.indicator_id for grant in grants},
            department__in={grant.department.pk for grant in grants},
        )
    }
    return Allocation.objects.bulk_create(
        [
            Allocation(target=grant.target, series=series[grant.series_key], is_demonstration=is_demonstration)
            for grant in grants
        ]
    )


def _key(series: Series) -> tuple[int, int, int]:
    return series.indicator_id, series.region_id, series.department_id
