"""What the rest can still change and since when, and what the usual course of the year would let one expect."""

from decimal import Decimal

import pytest
from django.utils import translation

from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Comparator, Flag, Path, Scale, Window
from indicators.models import Allocation, ApprovedFigure, Series
from reports.outlook import find_chances, find_season
from reports.target_columns import make_target_columns
from tests.reports.factories import rate_target, result_of, target_of

DAYS = {"unit_zh": "天", "decimals": 0, "scale": Scale.CONTINUOUS.value}


def columns_of(target):
    return make_target_columns(Allocation(target=target, series=Series(indicator=target.indicator)))


def results(target, *values, year=2018, **fields):
    """Return the quarters of one year with these accumulated values."""
    return [
        result_of(
            target,
            quarter=Quarter.of(year, number),
            window_start=Quarter.of(year, 1),
            measured=value,
            accumulated=value,
            level=float(target.level),
            **fields,
        )
        for number, value in enumerate(values, start=1)
    ]


def chances(target, rows):
    found = find_chances(rows, columns_of(target))
    return found.flag, str(found.since or "")


OPEN = (Flag.NONE, "")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param([64.0, 145.0], OPEN, id="140 days are left, 136 are needed"),
        pytest.param([20.0, 40.0], (Flag.OUT_OF_REACH, "2018Q2"), id="184 days are left, 241 are needed"),
        pytest.param([0.0], (Flag.OUT_OF_REACH, "2018Q1"), id="275 days are left of more than 280"),
        pytest.param([50.0, 120.0, 188.0], (Flag.OUT_OF_REACH, "2018Q3"), id="92 days are left, 93 are needed"),
        pytest.param([50.0, 120.0, 189.0], OPEN, id="92 days are left, 92 are needed"),
        pytest.param([90.0, 181.0, 281.0], (Flag.CERTAIN, "2018Q3"), id="281 have come already"),
        pytest.param([90.0, 181.0, 280.0], OPEN, id="more than 280 is not 280"),
    ],
)
def test_days_are_bounded_by_the_calendar(values, expected):
    target = target_of(indicator=DAYS)
    assert chances(target, results(target, *values)) == expected


@pytest.mark.parametrize(
    ("fields", "values", "expected"),
    [
        pytest.param(
            {"comparator": Comparator.AT_MOST.value, "level": Decimal(3)},
            [1.0, 4.0, 5.0],
            (Flag.OUT_OF_REACH, "2018Q2"),
            id="a cap is passed",
        ),
        pytest.param(
            {"comparator": Comparator.AT_MOST.value, "level": Decimal(3)},
            [1.0, 2.0],
            OPEN,
            id="a cap may still be passed",
        ),
        pytest.param(
            {"comparator": Comparator.AT_LEAST.value, "level": Decimal(3)},
            [3.0, 4.0],
            (Flag.CERTAIN, "2018Q1"),
            id="a count is reached",
        ),
        pytest.param(
            {"comparator": Comparator.AT_LEAST.value, "level": Decimal(3)}, [1.0], OPEN, id="nothing bounds a count"
        ),
        pytest.param({"basis": Basis.GROWTH.value}, [1.0, 2.0], OPEN, id="a growth is not compared as it is"),
        pytest.param({"window": Window.QUARTER.value}, [1.0, 2.0], OPEN, id="no quarter remains"),
    ],
)
def test_counts_never_fall(fields, values, expected):
    target = target_of(indicator={"unit_zh": "个", "decimals": 0}, **fields)
    assert chances(target, results(target, *values)) == expected


def test_what_may_be_negative_is_never_certain():
    target = target_of(
        indicator={"unit_zh": "亿元", "decimals": 1}, comparator=Comparator.AT_LEAST.value, level=Decimal(3)
    )
    assert chances(target, results(target, 9.0)) == OPEN


def test_a_share_of_all_is_lost_with_its_first_failure():
    target = rate_target(level=Decimal(100))
    rows = results(target, 100.0, 99.0)
    for row, passed in zip(rows, (50.0, 99.0), strict=True):
        row.numerator, row.denominator = passed, passed + (0 if passed == 50.0 else 1)
    assert chances(target, rows[:1]) == OPEN
    assert chances(target, rows) == (Flag.OUT_OF_REACH, "2018Q2")
    assert chances(rate_target(), [*results(rate_target(), 10.0, numerator=1.0, denominator=10.0)]) == OPEN


def test_a_mean_weighs_its_quarters():
    """Four milestone quarters at 100 at most: a mean of 20 over three can end at 40."""
    target = target_of(
        indicator={"unit_zh": "%", "scale": Scale.MILESTONE.value, "decimals": 0},
        accumulation=Accumulation.MEAN.value,
        comparator=Comparator.AT_LEAST.value,
        level=Decimal(41),
    )
    assert chances(target, results(target, 20.0, 20.0, 20.0)) == (Flag.OUT_OF_REACH, "2018Q3")
    target.level = Decimal(40)
    assert chances(target, results(target, 20.0, 20.0, 20.0)) == OPEN


def test_nothing_is_said_of_a_quarter_that_is_missing_or_not_reported():
    target = target_of(indicator=DAYS)
    rows = results(target, 0.0, 0.0)
    rows[-1].missing = 2
    assert chances(target, rows) == OPEN
    rows = results(target, 0.0, 0.0)
    rows[-1].accumulated = None
    assert chances(target, rows) == OPEN
    assert chances(target, []) == OPEN


def test_the_years_before_say_nothing_about_the_point_of_no_return():
    target = target_of(indicator=DAYS)
    rows = [*results(target, 0.0, 0.0, 0.0, 0.0, year=2017), *results(target, 70.0, 145.0)]
    assert chances(target, rows) == OPEN
    rows = [*results(target, 0.0, 0.0, 0.0, 0.0, year=2017), *results(target, 70.0, 145.0, 150.0)]
    assert chances(target, rows) == (Flag.OUT_OF_REACH, "2018Q3")


def test_the_sentence_names_the_quarter_in_both_languages():
    target = target_of(indicator=DAYS)
    lost = find_chances(results(target, 0.0), columns_of(target))
    safe = find_chances(results(target, 90.0, 281.0), columns_of(target))
    with translation.override("en"):
        assert lost.text == "The point of no return was Q1 2018."
        assert safe.text == "It has been certain since Q2 2018."
    with translation.override("zh-hans"):
        assert lost.text == "2018年一季度起已无法挽回。"
    assert find_chances([], columns_of(target)).text == ""


def figures(*years, first=2016):
    """Return approved figures of single quarters, four a year; None for what is not reported."""
    return [
        ApprovedFigure(
            quarter=Quarter.of(first + n, number), value=None if value is None else Decimal(value), is_current=True
        )
        for n, year in enumerate(years)
        for number, value in enumerate(year, start=1)
    ]


def season_of(target, given, *, now=None):
    return find_season(given, now=now or Quarter.of(2018, 3), target=target, columns=columns_of(target))


SUMMER = (30, 90, 120, 40)  # of 280: 30, 120, 240, 280


def test_a_sum_is_expected_as_earlier_years_were_spread():
    season = season_of(target_of(), figures(SUMMER, SUMMER))
    assert [round(level) for level in season.levels.values()] == [30, 120, 240, 280]
    assert season.now == ">\u00a0240\u00a0天"
    with translation.override("en"):
        assert "would be expected now" in season.text


def test_winter_makes_a_mean_look_good_in_summer():
    """PM2.5 of 60, 30, 25, 45 a year: 35 in July is not on the way to 40, though it is below."""
    target = target_of(
        accumulation=Accumulation.MEAN.value,
        comparator=Comparator.AT_MOST.value,
        level=Decimal(40),
        path=Path.HOLD.value,
    )
    season = season_of(target, figures((60, 30, 25, 45), (60, 30, 25, 45)), now=Quarter.of(2018, 2))
    assert season.levels[Quarter.of(2018, 2).ordinal] == pytest.approx(45.0)
    assert season.levels[Quarter.of(2018, 4).ordinal] == pytest.approx(40.0)


@pytest.mark.parametrize(
    ("target", "given"),
    [
        pytest.param(target_of(), figures(SUMMER, first=2017), id="one year is no habit"),
        pytest.param(target_of(), figures((30, None, 120, 40), SUMMER), id="a year with a hole does not count"),
        pytest.param(target_of(), [], id="nothing reported"),
        pytest.param(target_of(path=Path.SEASONAL.value), figures(SUMMER, SUMMER), id="the plan gives its own"),
        pytest.param(target_of(window=Window.QUARTER.value), figures(SUMMER, SUMMER), id="a quarter alone"),
        pytest.param(
            target_of(accumulation=Accumulation.LAST.value), figures(SUMMER, SUMMER), id="neither sum nor mean"
        ),
        pytest.param(target_of(level=None, doubt_zh="待定"), figures(SUMMER, SUMMER), id="the level is awaited"),
    ],
)
def test_without_a_season_nothing_is_said(target, given):
    assert season_of(target, given) is None


def test_the_year_that_is_judged_teaches_nothing():
    wild = figures(SUMMER, SUMMER, (900, 1, 1, 1))
    assert season_of(target_of(), wild).levels == season_of(target_of(), figures(SUMMER, SUMMER)).levels


def test_a_replaced_figure_teaches_nothing():
    given = figures(SUMMER, SUMMER)
    for figure in figures((1, 1, 1, 1)):
        figure.is_current = False
        given.append(figure)
    assert season_of(target_of(), given).levels == season_of(target_of(), figures(SUMMER, SUMMER)).levels
