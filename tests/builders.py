"""Makes what tests need: regions, departments, people, a programme with targets, figures and results.

Plain functions with defaults; name only what the test is about. `make_world` puts a small city together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from departments.models import Department, Membership, Region, User
from departments.roles import Role
from indicators.actions import result_tables
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.rollup import UNITS
from indicators.engine.target import (
    Accumulation,
    Aggregation,
    Comparator,
    Flag,
    Gap,
    Path,
    Rating,
    Scale,
    Window,
)
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Clause,
    Indicator,
    Origin,
    Programme,
    ReportingQuarter,
    Series,
    Source,
    Target,
    TargetDepartment,
)
from indicators.models.attainment import DOMAIN_CODES, Attainment
from indicators.models.rollup import OUTCOMES, RollUp
from indicators.models.target import Responsibility

Q3 = Quarter.of(2018, 3)
"""The quarter that tests are about unless they say otherwise."""

PASSWORD = "a-long-password-for-tests"
_numbers = count(1)
_LEVELS = {2: "province", 4: "city", 6: "county", 9: "township"}


def make_region(code: str = "1404", *, name_zh: str = "", name_en: str = "", position: int = 0) -> Region:
    """Return the region, made with its parents where they are missing."""
    known = Region.objects.filter(code=code).first()
    if known is not None:
        return known
    above = {4: code[:2], 6: code[:4], 9: code[:6]}.get(len(code))
    return Region.objects.create(
        code=code,
        parent=make_region(above) if above else None,
        level=_LEVELS[len(code)],
        name_zh=name_zh or f"区划{code}",
        name_en=name_en or f"Region {code}",
        short_zh=name_zh or f"区{code}",
        position=position,
    )


def make_department(region: Region | None = None, *, code: str = "", name_zh: str = "", **fields: Any) -> Department:
    """Return a new department of `region`."""
    number = next(_numbers)
    fields = {
        "name_en": f"Department {number}",
        "short_zh": (name_zh or f"部门{number}")[:12],
        "short_en": fields.get("name_en", f"Dept {number}")[:40],
        "position": number,
    } | fields
    return Department.objects.create(
        region=region or make_region(),
        code=code or f"department-{number}",
        name_zh=name_zh or f"部门{number}",
        **fields,
    )


@cache
def encode_password() -> str:
    """Return the stored form of `PASSWORD`, made once: its slowness is meant, but not for tests."""
    return make_password(PASSWORD)


def make_user(role: Role | str, *, at: Department | Region | None = None, username: str = "", **fields: Any) -> User:
    """Return a new person with one role, held at a department, a region, or nowhere."""
    number = next(_numbers)
    user = User(username=username or f"{role}-{number}", full_name=fields.pop("full_name", f"某{number}"), **fields)
    user.password = encode_password()
    user.save()
    Membership.objects.create(
        user=user,
        role=role,
        department=at if isinstance(at, Department) else None,
        region=at if isinstance(at, Region) else None,
    )
    return user


def make_programme(
    region: Region | None = None, *, code: str = "", office: Department | None = None, **fields: Any
) -> Programme:
    """Return a new programme of `region`, 2015Q1 to 2020Q4."""
    region = region or make_region()
    number = next(_numbers)
    fields = {
        "name_zh": f"质量强市方案{number}",
        "name_en": f"Quality programme {number}",
        "short_zh": f"方案{number}",
        "short_en": f"Programme {number}",
        "document_number": "",
        "issued_on": date(2015, 2, 13),
        "first_quarter": Quarter.of(2015, 1),
        "last_quarter": Quarter.of(2020, 4),
        "position": number,
    } | fields
    return Programme.objects.create(
        code=code or f"programme-{number}",
        region=region,
        office=office or make_department(region, name_zh="质量强市领导组办公室", is_office=True),
        **fields,
    )


def make_window(programme: Programme, quarter: Quarter = Q3, **fields: Any) -> ReportingQuarter:
    """Return the reporting window of a quarter, open far into the future."""
    fields = {"opens_on": quarter.ends_before, "due_on": date(2099, 1, 1), "closes_on": date(2099, 6, 1)} | fields
    return ReportingQuarter.objects.create(programme=programme, quarter=quarter, **fields)


def make_clause(programme: Programme, *, number: str = "", **fields: Any) -> Clause:
    """Return a new clause."""
    n = next(_numbers)
    fields = {
        "title_zh": f"条款标题{n}",
        "title_en": f"Clause title {n}",
        "gist_zh": f"条款大意{n}。",
        "gist_en": f"Gist of clause {n}.",
        "position": n,
    } | fields
    return Clause.objects.create(programme=programme, number=number or f"二({n})", **fields)


def make_indicator(*, domain: Domain | str = Domain.PRODUCT, is_counted: bool = True, **fields: Any) -> Indicator:
    """Return a new indicator: a pass rate in per cent from two counts, or a plain count."""
    n = next(_numbers)
    counted = {
        "unit_zh": "%",
        "unit_en": "%",
        "scale": Scale.RATE.value,
        "decimals": 1,
        "aggregation": Aggregation.RATIO_OF_SUMS.value,
        "numerator_zh": "合格批次",
        "numerator_en": "batches passed",
        "denominator_zh": "抽查批次",
        "denominator_en": "batches tested",
    }
    plain = {
        "unit_zh": "个",
        "unit_en": "items",
        "scale": Scale.CONTINUOUS.value,
        "decimals": 0,
        "aggregation": Aggregation.SUM.value,
    }
    fields = {
        "code": f"indicator-{n}",
        "name_zh": f"指标{n}合格率" if is_counted else f"指标{n}数量",
        "name_en": f"Indicator {n}",
        "direction": "higher",
        "definition_zh": "口径说明。",
        "definition_en": "What is counted.",
        **(counted if is_counted else plain),
    } | fields
    return Indicator.objects.create(domain=str(domain), **fields)


def make_target(programme: Programme, *, lead: Department | None = None, **fields: Any) -> Target:
    """Return a new target: at least 93 % in every quarter, from the programme's first quarter to its last."""
    n = next(_numbers)
    indicator = fields.pop("indicator", None) or make_indicator(domain=fields.pop("domain", Domain.PRODUCT))
    fields = {
        "code": f"target-{n}",
        "comparator": Comparator.AT_LEAST.value,
        "level": Decimal(93),
        "first_quarter": programme.first_quarter,
        "due_quarter": programme.last_quarter,
        "path": Path.HOLD.value,
        "window": Window.YEAR_TO_DATE.value,
        "accumulation": (Accumulation.RATIO if indicator.is_counted else Accumulation.SUM).value,
        "scope_zh": "全市",
        "scope_en": "the whole city",
        "quote": "93%以上",
        "position": n,
    } | fields
    clause = fields.pop("clause", None) or make_clause(programme)
    target = Target.objects.create(programme=programme, clause=clause, indicator=indicator, **fields)
    if lead is not None:
        TargetDepartment.objects.create(target=target, department=lead, responsibility=Responsibility.LEAD)
    return target


def make_allocation(
    target: Target, *, region: Region | None = None, department: Department, **fields: Any
) -> Allocation:
    """Return the target given to a region and reported by a department."""
    series, _made = Series.objects.get_or_create(
        indicator=target.indicator, region=region or target.programme.region, department=department
    )
    return Allocation.objects.create(target=target, series=series, **fields)


def make_figure(
    series: Series, quarter: Quarter = Q3, *, origin: Origin = Origin.DEMONSTRATION, **fields: Any
) -> ApprovedFigure:
    """Return an approved figure; by default one of the demonstration, which needs no people."""
    if origin == Origin.PUBLISHED:
        fields.setdefault("source", Source.objects.create(title="统计公报", address="https://example.gov.cn/a"))
    if not {"value", "numerator", "nothing_occurred"} & fields.keys():
        fields |= {"numerator": Decimal(480), "denominator": Decimal(500)}
    return ApprovedFigure.objects.create(
        series=series, quarter=quarter, origin=origin, approved_at=timezone.now(), **fields
    )


def make_result(
    allocation: Allocation,
    quarter: Quarter = Q3,
    *,
    rating: Rating = Rating.GREEN,
    gap: Gap = Gap.NONE,
    flags: Flag = Flag.NONE,
    **fields: Any,
) -> Attainment:
    """Return a stored result; its numbers fit the rating, those of a gap are absent."""
    target, series = allocation.target, allocation.series
    if fields.pop("with_partitions", True):
        ensure_partitions(target.programme)
    level = float(allocation.level or target.level or 0)
    ratio = {Rating.GREEN: 1.02, Rating.AMBER: 0.985, Rating.RED: 0.8}.get(rating)
    numbers: dict[str, Any] = {"level": level, "expected": level, "elapsed": 15, "total": 24}
    if rating == Rating.GREY:
        gap = gap or Gap.NOT_REPORTED
    else:
        numbers |= {"ratio": ratio, "measured": level * (ratio or 0), "completion": ratio, "miss": 0.0, "margin": 2.0}
        numbers |= (
            {"numerator": level * (ratio or 0) * 10, "denominator": 1000.0} if target.indicator.is_counted else {}
        )
        if rating != Rating.GREEN:
            numbers["miss"] = level - numbers["measured"]
    return Attainment.objects.create(
        programme=target.programme,
        allocation=allocation,
        target=target,
        region=series.region,
        department=series.department,
        domain=Domain(target.indicator.domain),
        quarter=quarter,
        window_start=Quarter.of(quarter.year, 1),
        comparator=target.comparator,
        rating=rating.value,
        gap=gap.value,
        gap_input=0,
        flags=int(flags),
        rule_version=1,
        is_veto=target.veto,
        weight=float(target.weight),
        computed_at=timezone.now(),
        **(numbers | fields),
    )


def roll_up(programme: Programme) -> None:
    """Count the stored results again into the roll-ups, the slow and plain way."""
    ensure_partitions(programme)
    RollUp.objects.filter(programme=programme).delete()
    cells: dict[tuple[Any, ...], dict[str, int]] = {}
    regions = {region.pk: region for region in Region.objects.all()}
    places = {d.pk: regions[d.region_id].code for d in Department.objects.all()}
    for result in Attainment.objects.filter(programme=programme):
        for region in _list_above(regions[result.region_id], programme):
            for department in _list_department_keys(result.department_id, region, places):
                for domain in (0, DOMAIN_CODES[result.domain]):
                    _count(cells.setdefault((result.quarter, region.pk, domain, department), {}), result)
    RollUp.objects.bulk_create(
        RollUp(programme=programme, quarter=quarter, region_id=region, domain=domain, department_id=department, **sums)
        for (quarter, region, domain, department), sums in cells.items()
    )


def _list_above(region: Region, programme: Programme) -> Iterable[Region]:
    while region is not None and region.code.startswith(programme.region.code):
        yield region
        region = region.parent  # type: ignore[assignment]


def _list_department_keys(department: int, region: Region, places: dict[int, str]) -> list[int]:
    return [0, department] if region.code.startswith(places[department]) else [0]


def _count(sums: dict[str, int], result: Attainment) -> None:
    outcome = result.rating - 1 if result.gap == Gap.NONE else result.gap + 2
    _add(sums, OUTCOMES[outcome], 1)
    units = round(result.weight * UNITS)
    if result.gap == Gap.NONE:
        _add(sums, "attained", round(result.weight * min(result.ratio or 0, 1) * UNITS))
        _add(sums, "weight_rated", units)
    if result.gap in (Gap.NONE, Gap.NOT_REPORTED):
        _add(sums, "weight_due", units)
    _add(sums, "vetoes", int(result.is_veto and result.rating == Rating.RED))
    _add(sums, "at_risk", int(bool(result.flags & Flag.AT_RISK)))
    _add(sums, "incomplete", int(bool(result.flags & Flag.INCOMPLETE)))
    _add(sums, "demonstration", int(result.is_demonstration))


def _add(sums: dict[str, int], name: str, amount: int) -> None:
    sums[name] = sums.get(name, 0) + amount


def ensure_partitions(programme: Programme) -> None:
    """Make the programme's partitions of results and roll-ups where they are missing, as a worker makes them."""
    with connection.cursor() as cursor:
        result_tables.ensure_partitions(cursor, programme_id=programme.pk)


@dataclass
class World:
    """A small city: its programme, departments, counties, allocations, and people of every role."""

    programme: Programme
    city: Region
    counties: list[Region]
    departments: list[Department]
    allocations: list[Allocation] = field(default_factory=list)
    office: User | None = None
    leader: User | None = None
    clerk: User | None = None
    reviewer: User | None = None
    auditor: User | None = None
    stranger: User | None = None

    def allocations_of(self, department: Department) -> list[Allocation]:
        """Return the allocations that a department reports."""
        return [a for a in self.allocations if a.series.department_id == department.pk]


def make_world(*, counties: int = 2, targets_per_domain: int = 1, departments: int = 2) -> World:
    """Return a city with counties, one target (or more) a domain allocated to each and to the city, and people.

    Nothing is reported yet: add results with `make_result` or `fill`, then `roll_up`.
    """
    city = make_region("1404", name_zh="长治市", name_en="Changzhi")
    places = [
        make_region(f"1404{n:02d}", name_zh=f"县{n}", name_en=f"County {n}", position=n) for n in range(1, counties + 1)
    ]
    offices = [
        make_department(city, code=f"d{n}", name_zh=f"市{n}局", short_en=f"Bureau {n}")
        for n in range(1, departments + 1)
    ]
    programme = make_programme(city, code="changzhi-test", name_zh="长治市质量强市实施方案")
    world = World(programme=programme, city=city, counties=places, departments=offices)
    for place, domain in enumerate(Domain):
        clause = make_clause(programme, number=f"二({'一二三四五'[place]})")
        for _n in range(targets_per_domain):
            lead = offices[place % len(offices)]
            target = make_target(programme, domain=domain, clause=clause, lead=lead)
            for region in (city, *places):
                world.allocations.append(make_allocation(target, region=region, department=lead))
    world.office = make_user(Role.OFFICE, at=city)
    world.leader = make_user(Role.LEADER, at=city)
    world.clerk = make_user(Role.CLERK, at=offices[0])
    world.reviewer = make_user(Role.REVIEWER, at=offices[0])
    world.auditor = make_user(Role.AUDITOR)
    world.stranger = make_user(Role.LEADER, at=make_region("3301"))
    return world


def fill(world: World, quarter: Quarter = Q3, *, ratings: Iterable[Rating] = (Rating.GREEN,), **fields: Any) -> None:
    """Give every allocation a result of the quarter, the ratings in turn."""
    cycle = list(ratings)
    ensure_partitions(world.programme)
    for place, allocation in enumerate(world.allocations):
        make_result(allocation, quarter, rating=cycle[place % len(cycle)], with_partitions=False, **fields)
