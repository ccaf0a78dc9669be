"""A small Changzhi for the tests of entry and review: one programme, two departments, one open quarter."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from departments.models import Department, Membership, Region, User
from departments.roles import Role
from departments.selectors.clock import read_database_date, read_database_time
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Aggregation, Comparator, Path, Scale, Window
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Clause,
    Indicator,
    Programme,
    ReportingQuarter,
    Series,
    Submission,
    Target,
)

QUARTER = Quarter.parse("2018Q3")


@dataclass
class World:
    """What the tests name."""

    programme: Programme
    department: Department
    other: Department
    clerk: User
    second_clerk: User
    reviewer: User
    office: User
    second_office: User
    foreign_clerk: User
    rate: Series
    small_rate: Series
    count: Series
    submission: Submission

    @property
    def window(self) -> ReportingQuarter:
        """The quarter's row, read again."""
        return ReportingQuarter.objects.get(programme=self.programme, quarter=QUARTER)

    def close(self) -> None:
        """Close the quarter."""
        ReportingQuarter.objects.filter(pk=self.window.pk).update(closed_at=read_database_time())


def make_user(name: str, role: Role, **place: Any) -> User:
    """Return a new person with one membership."""
    user = User(username=name, full_name=name.replace("-", " ").title())
    user.set_unusable_password()  # hashing one takes longer than most tests
    user.save()
    Membership.objects.create(user=user, role=role, **place)
    return user


def make_indicator(code: str, **fields: Any) -> Indicator:
    """Return a new indicator; counted unless the parts are emptied."""
    defaults = {
        "domain": "product",
        "name_zh": f"指标{code}",
        "name_en": f"Indicator {code}",
        "unit_zh": "%",
        "unit_en": "%",
        "scale": Scale.RATE.value,
        "direction": "higher",
        "decimals": 1,
        "aggregation": Aggregation.NONE.value,
        "definition_zh": "口径",
        "definition_en": "Definition",
        "numerator_zh": "合格批次",
        "numerator_en": "batches passed",
        "denominator_zh": "抽查批次",
        "denominator_en": "batches checked",
    }
    return Indicator.objects.create(code=code, **defaults | fields)


def make_target(programme: Programme, indicator: Indicator, *, position: int, **fields: Any) -> Target:
    """Return a new target of the programme's only clause."""
    defaults = {
        "code": indicator.code,
        "comparator": Comparator.AT_LEAST.value,
        "level": Decimal(93),
        "first_quarter": programme.first_quarter,
        "due_quarter": programme.last_quarter,
        "path": Path.HOLD.value,
        "window": Window.YEAR_TO_DATE.value,
        "accumulation": Accumulation.RATIO.value,
        "scope_zh": "全市",
        "scope_en": "the whole city",
        "quote": "达到93%以上",
    }
    clause = programme.clauses.get()
    return Target.objects.create(
        programme=programme, clause=clause, indicator=indicator, position=position, **defaults | fields
    )


def make_programme(code: str, *, region: Region, office: Department) -> Programme:
    """Return a programme of one clause, with QUARTER open for three weeks."""
    programme = Programme.objects.create(
        code=code,
        name_zh="长治市质量强市实施方案",
        name_en="Changzhi plan",
        short_zh="长治质量强市",
        short_en="Changzhi",
        region=region,
        office=office,
        issued_on=date(2015, 2, 13),
        first_quarter=Quarter.parse("2017Q1"),
        last_quarter=Quarter.parse("2020Q4"),
    )
    Clause.objects.create(
        programme=programme, number="二(一)", title_zh="产品", title_en="Products", gist_zh="x", gist_en="x", position=1
    )
    today = read_database_date()
    ReportingQuarter.objects.create(
        programme=programme,
        quarter=QUARTER,
        opens_on=today - timedelta(days=1),
        due_on=today + timedelta(days=7),
        closes_on=today + timedelta(days=21),
    )
    return programme


def allocate(target: Target, department: Department, **fields: Any) -> Series:
    """Return the series by which the department reports the target for the programme's region."""
    series, _ = Series.objects.get_or_create(
        indicator=target.indicator, region=target.programme.region, department=department
    )
    Allocation.objects.create(target=target, series=series, **fields)
    return series


def approve_earlier(series: Series, quarter: str, **figure: Any) -> ApprovedFigure:
    """Return a figure of an earlier quarter, as demonstration data."""
    return ApprovedFigure.objects.create(
        series=series,
        quarter=Quarter.parse(quarter),
        origin="demonstration",
        approved_at=read_database_time(),
        **figure,
    )


def make_world() -> World:
    """Return the world; the submission is an empty draft."""
    province = Region.objects.create(code="14", level="province", name_zh="山西省", name_en="Shanxi", short_zh="山西")
    city = Region.objects.create(
        code="1404", level="city", name_zh="长治市", name_en="Changzhi", short_zh="长治", parent=province
    )
    names = {"name_zh": "部门", "name_en": "Department", "short_zh": "部门", "short_en": "Department"}
    office = Department.objects.create(region=city, code="office", is_office=True, **names)
    food = Department.objects.create(region=city, code="food-drug", **names)
    other = Department.objects.create(region=city, code="transport", **names)
    programme = make_programme("changzhi", region=city, office=office)
    rate = make_target(programme, make_indicator("spot-checks"), position=1)
    small = make_target(programme, make_indicator("accidents"), position=2, level=Decimal(100))
    brands = make_indicator(
        "brands",
        unit_zh="个",
        unit_en="brands",
        scale=Scale.CONTINUOUS.value,
        decimals=0,
        numerator_zh="",
        numerator_en="",
        denominator_zh="",
        denominator_en="",
    )
    count = make_target(
        programme,
        brands,
        position=3,
        level=Decimal(10),
        window=Window.SINCE_START.value,
        accumulation=Accumulation.SUM.value,
        path=Path.LINEAR.value,
    )
    return World(
        programme=programme,
        department=food,
        other=other,
        clerk=make_user("li-min", Role.CLERK, department=food),
        second_clerk=make_user("zhao-yan", Role.CLERK, department=food),
        reviewer=make_user("wang-qiang", Role.REVIEWER, department=food),
        office=make_user("office-one", Role.OFFICE, region=city),
        second_office=make_user("office-two", Role.OFFICE, region=city),
        foreign_clerk=make_user("foreign", Role.CLERK, department=other),
        rate=allocate(rate, food),
        small_rate=allocate(small, food),
        count=allocate(count, food),
        submission=Submission.objects.create(programme=programme, department=food, quarter=QUARTER),
    )
