"""Rows of a form that no database has: what the presenters of entry and review are given, in a few words each."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np

from departments.models import Department, Region, User
from indicators.engine.checks import Finding
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Comparator, Gap, Path, Rating, Scale, Window
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Clause,
    Figure,
    Indicator,
    Programme,
    ReportingQuarter,
    Series,
    Submission,
    Target,
    TypedText,
)
from indicators.selectors.grid_rows import Grid, GridRow, Judged, Noticed

D = Decimal
TODAY = date(2018, 10, 8)
QUARTER = Quarter.parse("2018Q3")
CITY = Region(pk=1, code="1404", level="city", name_zh="长治市", name_en="Changzhi", short_zh="长治")
COUNTY = Region(pk=2, code="140421", level="county", name_zh="长治县", name_en="Changzhi County", short_zh="长治县")
CLERK = User(pk=1, username="li-min", full_name="Li Min")
COLLEAGUE = User(pk=2, username="zhao-yan", full_name="Zhao Yan")
REVIEWER = User(pk=3, username="wang-qiang", full_name="Wang Qiang")
PROGRAMME = Programme(
    pk=1, code="changzhi", name_zh="方案", name_en="Plan", short_zh="方案", short_en="Plan", region=CITY
)


def make_indicator(**fields: Any) -> Indicator:
    """Return a rate of two counts, unless told otherwise."""
    counted = {
        "numerator_zh": "合格批次",
        "numerator_en": "batches passed",
        "denominator_zh": "抽查批次",
        "denominator_en": "batches checked",
    }
    rate = {"name_zh": "合格率", "name_en": "Pass rate", "unit_zh": "%", "unit_en": "%", "scale": Scale.RATE.value}
    return Indicator(**{"pk": 1, "domain": "product", "decimals": 1} | counted | rate | fields)


def make_count(**fields: Any) -> Indicator:
    """Return an indicator of one number."""
    plain = dict.fromkeys(("numerator_zh", "numerator_en", "denominator_zh", "denominator_en"), "")
    words = {"name_zh": "名牌数", "name_en": "Brands", "unit_zh": "个", "unit_en": "brands"}
    words |= {"decimals": 0, "scale": Scale.CONTINUOUS.value}
    return make_indicator(**plain | words | fields)


def make_submission(status: str = "draft", **fields: Any) -> Submission:
    """Return a form of the city's department."""
    department = Department(pk=1, region=CITY, name_zh="部门", name_en="Department", short_zh="部门", short_en="Dept")
    return Submission(pk=1, programme=PROGRAMME, department=department, quarter=QUARTER, status=status, **fields)


def make_window(*, left: int = 7, open_for: int = 21, **fields: Any) -> ReportingQuarter:
    """Return the form's quarter, due in `left` days and closing in `open_for`."""
    days = {"due_on": TODAY + timedelta(days=left), "closes_on": TODAY + timedelta(days=open_for)}
    return ReportingQuarter(programme=PROGRAMME, quarter=QUARTER, opens_on=TODAY, **days | fields)


def judge(
    indicator: Indicator, *, rating: Rating = Rating.GREEN, gap: Gap = Gap.NONE, measured: float = 95.0
) -> Judged:
    """Return a target “at least 93” with its result."""
    target = Target(
        pk=1,
        programme=PROGRAMME,
        clause=Clause(number="二(一)"),
        indicator=indicator,
        comparator=Comparator.AT_LEAST.value,
        level=D(93),
        first_quarter=QUARTER,
        due_quarter=QUARTER,
        path=Path.HOLD.value,
        window=Window.YEAR_TO_DATE.value,
        accumulation=Accumulation.RATIO.value,
    )
    return Judged(
        allocation=Allocation(pk=1, target=target),
        measured=measured,
        expected=93.0,
        expected_hi=np.nan,
        level=93.0,
        rating=rating,
        gap=gap,
        is_incomplete=False,
    )


def make_row(
    pk: int = 1,
    *,
    indicator: Indicator | None = None,
    figure: dict[str, Any] | None = None,
    approved: dict[str, Any] | None = None,
    typed: dict[str, str] | None = None,
    seen: int = 1,
    rating: Rating = Rating.GREEN,
    gap: Gap = Gap.NONE,
    noticed: list[tuple[Finding, bool]] | None = None,
    region: Region = CITY,
    **fields: Any,
) -> GridRow:
    """Return a row; `figure` and `approved` are fields of theirs, `typed` what was not saved over version `seen`."""
    indicator = indicator or make_indicator()
    series = Series(pk=pk, indicator=indicator, region=region)
    stamps = {"series": series, "quarter": QUARTER, "submission_id": 1}
    row = GridRow(
        series=series,
        submission_id=1,
        is_own_region=region is CITY,
        figure=None if figure is None else Figure(**{"version": 1, "entered_by": COLLEAGUE} | stamps | figure),
        approved=None if approved is None else ApprovedFigure(series=series, quarter=QUARTER, **approved),
        last_quarter=fields.pop("last_quarter", np.nan),
        last_year=fields.pop("last_year", np.nan),
        targets=[judge(indicator, rating=rating, gap=gap)],
        noticed=[Noticed(code=code, is_blocking=blocks, numbers=(5.0, np.nan)) for code, blocks in noticed or []],
        **fields,
    )
    if typed is not None:
        row.typed = TypedText(pk=9, series=series, texts=typed, version_seen=seen, typed_by=CLERK)
    return row


def make_grid(*rows: GridRow, status: str = "draft", **fields: Any) -> Grid:
    """Return a form of these rows."""
    return Grid(submission=make_submission(status, **fields), rows=list(rows))


FILLED = {"numerator": D(95), "denominator": D(100)}
UNUSUAL = [(Finding.HALF_OF_COUNTS, False)]
WRONG = [(Finding.HALF_OF_COUNTS, True)]
EMPTY = make_row(gap=Gap.NOT_REPORTED, rating=Rating.GREY)
