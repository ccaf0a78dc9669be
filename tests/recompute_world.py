"""Random worlds for recomputes: every window, accumulation, path and comparator, shared series, gaps, corrections."""

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from departments.models import Department, Region
from indicators.actions.approvals import add_revisions
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Comparator, MarginKind, Path, Window
from indicators.models import (
    Allocation,
    ApprovedFigure,
    BenchmarkFigure,
    Origin,
    Programme,
    RecomputeRequest,
    Series,
    Source,
    Target,
    Threshold,
)
from indicators.models.threshold import ThresholdKind
from tests.builders import (
    make_allocation,
    make_department,
    make_indicator,
    make_programme,
    make_region,
    make_target,
    make_window,
)

FIRST = Quarter.of(2015, 1)
_BAND_PATHS = [Path.HOLD, Path.AT_DUE]
_PATHS = [*_BAND_PATHS, Path.HOLD, Path.LINEAR, Path.ANNUAL]


@dataclass
class RandomWorld:
    """A city with counties and townships, two programmes on partly the same series, and figures with holes."""

    rng: random.Random
    programme: Programme
    county_programme: Programme
    quarters: list[Quarter]
    regions: list[Region]
    departments: list[Department]
    source: Source
    allocations: list[Allocation] = field(default_factory=list)

    def series(self) -> list[Series]:
        """Return every series once."""
        return list(Series.objects.select_related("indicator").order_by("pk"))


def make_random_world(seed: int, *, counties: int = 3, targets: int = 14, quarters: int = 9) -> RandomWorld:
    """Return a world with figures but without results; the same seed gives the same world."""
    rng = random.Random(seed)  # noqa: S311  a repeatable world
    city = make_region("1404")
    regions = [city] + [make_region(f"1404{n:02d}") for n in range(1, counties + 1)]
    regions.append(make_region("140401001"))
    departments = [make_department(city), make_department(city), make_department(regions[1])]
    opened = [FIRST + n for n in range(quarters)]
    programme = make_programme(city, first_quarter=FIRST, last_quarter=FIRST + 11)
    other = make_programme(regions[1], first_quarter=FIRST + 2, last_quarter=FIRST + 11)
    source = Source.objects.create(title="统计公报", address="https://example.gov.cn/a")
    world = RandomWorld(rng, programme, other, opened, regions, departments, source)
    for quarter in opened:
        make_window(programme, quarter)
    for quarter in opened[2:]:
        make_window(other, quarter)
    make_window(programme, opened[-1] + 1, opens_on="2098-01-01")  # not opened by any clock
    Threshold.objects.create(kind=ThresholdKind.MARGIN_RATE_POINTS, valid_from=FIRST, value=2)
    Threshold.objects.create(
        programme=programme, kind=ThresholdKind.MARGIN_RATE_POINTS, valid_from=FIRST + 5, value=Decimal("0.5")
    )
    for _n in range(targets):
        _add_target(world, programme, regions)
    for _n in range(3):
        _add_target(world, other, [regions[1], regions[-1]])
    _share_series(world)
    add_figures(world, [(s, q) for s in world.series() for q in [FIRST - 2, *opened] if rng.random() < 0.85])
    return world


def _add_target(world: RandomWorld, programme: Programme, regions: list[Region]) -> Target:
    rng = world.rng
    indicator = make_indicator(domain=rng.choice(list(Domain)), is_counted=rng.random() < 0.5)
    comparator = rng.choice(list(Comparator))
    basis = rng.choice([Basis.LEVEL] * 6 + [Basis.REDUCTION, Basis.POINTS, Basis.GROWTH, Basis.OVER_BENCHMARK])
    accumulation = (
        Accumulation.RATIO
        if indicator.is_counted
        else rng.choice([Accumulation.LAST, Accumulation.SUM, Accumulation.MEAN, Accumulation.MAX, Accumulation.MIN])
    )
    level = Decimal(rng.randint(1, 9)) if basis != Basis.LEVEL else Decimal(rng.randint(40, 95))
    own: dict[str, Any] = {}
    if rng.random() < 0.4:
        own = {"margin_kind": MarginKind.ABSOLUTE.value, "margin": Decimal(rng.randint(0, 9))}
    if comparator == Comparator.BETWEEN:
        own["level_hi"] = level + 10
    if rng.random() < 0.1:
        level, own = None, {"doubt_zh": "待上级下达"}  # type: ignore[assignment]
        comparator = Comparator.AT_LEAST
    target = make_target(
        programme,
        indicator=indicator,
        comparator=comparator.value,
        level=level,
        baseline=None if rng.random() < 0.1 else Decimal(rng.randint(20, 60)),
        basis=basis.value,
        path=rng.choice(_BAND_PATHS if comparator == Comparator.BETWEEN else _PATHS).value,
        window=rng.choice(list(Window)).value,
        accumulation=accumulation.value,
        first_quarter=programme.first_quarter + rng.choice([0, 0, 1, 3]),
        due_quarter=programme.last_quarter - rng.choice([0, 0, 4, 5]),
        weight=Decimal(rng.choice(["1", "2.5", "0.333333"])),
        veto=rng.random() < 0.15,
        **own,
    )
    if basis == Basis.OVER_BENCHMARK:
        for quarter in world.quarters[::2]:
            BenchmarkFigure.objects.create(target=target, quarter=quarter, value=Decimal(rng.randint(40, 90)))
    for region in regions:
        if rng.random() < 0.8:
            _allocate(world, target, region)
    return target


def _allocate(world: RandomWorld, target: Target, region: Region) -> None:
    rng = world.rng
    own = {}
    if rng.random() < 0.3 and target.level is not None and target.level_hi is None:
        own = {"level": target.level + 2, "weight": Decimal(3)}
    department = rng.choice([d for d in world.departments if region.code.startswith(d.region.code)])
    world.allocations.append(
        make_allocation(target, region=region, department=department, is_demonstration=rng.random() < 0.1, **own)
    )


def _share_series(world: RandomWorld) -> None:
    """Hold some series to a second target, also one of the other programme."""
    for allocation in world.rng.sample(world.allocations, 5):
        copy = Target.objects.get(pk=allocation.target_id)
        copy.pk, copy.code, copy.position = None, f"{copy.code}-{allocation.pk}", copy.position + 1000
        if allocation.series.region.code.startswith("140401"):
            copy.programme = world.county_programme
        copy.save(force_insert=True)
        world.allocations.append(Allocation.objects.create(target=copy, series=allocation.series))


def add_figures(world: RandomWorld, cells: Iterable[tuple[Series, Quarter]]) -> list[int]:
    """Approve a new random revision for each series and quarter; return the ids of the series."""
    cells = list(cells)
    known = {
        (figure.series_id, figure.quarter): figure.revision for figure in ApprovedFigure.objects.filter(is_current=True)
    }
    add_revisions(
        ApprovedFigure(
            series=series,
            quarter=quarter,
            revision=known.get((series.pk, quarter), 0) + 1,
            origin=Origin.DEMONSTRATION if world.rng.random() < 0.3 else Origin.PUBLISHED,
            source=world.source,
            approved_at=timezone.now(),
            **_numbers(world.rng, series),
        )
        for series, quarter in cells
    )
    return [series.pk for series, _quarter in cells]


def _numbers(rng: random.Random, series: Series) -> dict[str, Any]:
    chance = rng.random()
    if chance < 0.04:
        return {}  # taken back
    if chance < 0.10:
        return {"nothing_occurred": True}
    if series.indicator.is_counted:
        denominator = rng.choice([0, 50, 200, 400])
        return {"numerator": Decimal(rng.randint(0, denominator or 1)), "denominator": Decimal(denominator)}
    return {"value": Decimal(rng.randint(0, 12000)) / 100}


def read_results() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return all stored results (without their time) and all roll-ups, in a fixed order, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_jsonb(a) - 'computed_at' FROM indicators_attainment a ORDER BY allocation_id, quarter"
        )
        results = [json.loads(row) for (row,) in cursor.fetchall()]
        cursor.execute("SELECT to_jsonb(r) FROM indicators_rollup r ORDER BY to_jsonb(r)")
        return results, [json.loads(row) for (row,) in cursor.fetchall()]


def list_open_requests() -> list[RecomputeRequest]:
    """Return the requests that are not done."""
    return [request for request in RecomputeRequest.objects.all() if request.done_version < request.requested_version]
