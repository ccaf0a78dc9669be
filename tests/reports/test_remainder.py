"""The rest-of-year calculator, in whole units and words. Source: screens.md "rest-of-year calculator"."""

import pytest
from django.utils import translation

from indicators.engine.period import Quarter
from indicators.engine.target import Basis, Comparator, Gap, TargetColumns, Window
from reports.remainder import count_remaining, find_remainder
from tests.reports.factories import gap_of, rate_target, result_of, target_of


def said(result, *, cases=None, level=None):
    target = result.target
    columns = TargetColumns.of(
        1,
        first_quarter=target.first_quarter.ordinal,
        due_quarter=target.due_quarter.ordinal,
        level=float(result.level) if level is None else level,
        comparator=target.comparator,
        accumulation=target.accumulation,
        window=target.window,
        basis=target.basis,
        multiplier=100.0 if target.indicator.unit_zh == "%" else 1.0,
    )
    with translation.override("en"):
        found = find_remainder(result, columns, cases=cases)
    return None if found is None else (found.sentence.replace("\u00a0", " "), found.cases)


def test_a_sum_needs_whole_units_and_an_excluded_bound_one_more():
    assert said(result_of()) == ("To reach 280 days, the remaining quarter must bring at least 94 days.", None)
    included = target_of(comparator=Comparator.AT_LEAST.value)
    assert said(result_of(included)) == ("To reach 280 days, the remaining quarter must bring at least 93 days.", None)


def test_several_quarters_share_the_need():
    result = result_of(quarter=Quarter.of(2018, 2), measured=120.0, accumulated=120.0)
    assert said(result) == (
        "To reach 280 days, the 2 remaining quarters must bring at least 161 days, 81 days a quarter.",
        None,
    )


def test_the_share_of_a_quarter_is_rounded_up_so_that_all_of_them_suffice():
    result = result_of(quarter=Quarter.of(2018, 1), measured=187.0, accumulated=187.0)
    assert said(result) == (
        "To reach 280 days, the 3 remaining quarters must bring at least 94 days, 32 days a quarter.",
        None,
    )


def test_less_than_one_a_quarter_is_not_shared_out():
    result = result_of(quarter=Quarter.of(2018, 1), measured=279.0, accumulated=279.0)
    assert said(result) == ("To reach 280 days, the 3 remaining quarters must bring at least 2 days.", None)


def test_a_ceiling_allows_a_rest_or_is_past():
    target = target_of(comparator=Comparator.AT_MOST.value)
    assert said(result_of(target)) == (
        "To stay within 280 days, the remaining quarter may bring at most 93 days.",
        None,
    )
    assert said(result_of(target, accumulated=300.0)) == ("More than 280 days has come already.", None)


def test_reached_already():
    assert said(result_of(accumulated=300.0)) == ("The level of 280 days is reached already.", None)


def test_a_rate_says_how_many_may_fail_at_the_pace_so_far():
    result = result_of(rate_target(), level=93.0, accumulated=92.0, numerator=1380.0, denominator=1500.0)
    sentence, cases = said(result)
    assert cases == 500
    assert sentence == (
        "If 500 more come (batches tested), at least 480 of them must count (batches passed) to reach 93%; 20 may fail."
    )
    assert said(result, cases=100)[0].startswith("Even if all of 100 further (batches tested) count")


@pytest.mark.parametrize(
    "result",
    [
        pytest.param(result_of(quarter=Quarter.of(2018, 4)), id="no quarter remains"),
        pytest.param(result_of(target_of(window=Window.QUARTER.value)), id="each quarter stands alone"),
        pytest.param(result_of(target_of(basis=Basis.GROWTH.value)), id="not compared as it is"),
        pytest.param(gap_of(Gap.NOT_REPORTED, accumulated=None), id="nothing yet"),
        pytest.param(result_of(rate_target(), level=93.0, numerator=None, denominator=None), id="no counts"),
    ],
)
def test_nothing_is_said_where_nothing_can_be(result):
    assert said(result, level=280.0) is None


def test_remaining_quarters_by_window():
    assert count_remaining(result_of()) == 1
    assert count_remaining(result_of(target_of(window=Window.SINCE_START.value))) == 9
    assert count_remaining(result_of(target_of(window=Window.SINCE_START.value), elapsed=30)) == 0
    assert count_remaining(result_of(target_of(window=Window.ROLLING_YEAR.value))) == 0
