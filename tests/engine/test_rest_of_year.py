"""The rest-of-year calculator: closed forms against counting on one's fingers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.outlook import Standing
from indicators.engine.rest_of_year import (
    bearable_failures,
    cases_as_last_year,
    cases_by_pace,
    least_whole,
    most_whole,
    needed_from_rest,
    passes_to_recover,
)
from indicators.engine.target import Accumulation, Basis, Comparator, TargetColumns

NAN, INF = float("nan"), float("inf")
ABOVE_ALL = {Comparator.AT_LEAST: lambda m, v: m >= v, Comparator.ABOVE: lambda m, v: m > v}


def target(comparator, level, **columns):
    return TargetColumns.of(
        1, comparator=comparator, level=level, first_quarter=8072, due_quarter=8075, **{"level_hi": NAN, **columns}
    )


def standing(accumulation, so_far, *, weight=NAN, remaining=1):
    return Standing(
        accumulation=np.array([accumulation], np.int8),
        so_far=np.array([float(so_far)]),
        weight=np.array([float(weight)]),
        remaining=np.array([remaining]),
        low=np.zeros((1, 4)),
        high=np.full((1, 4), NAN),
        share=np.array([accumulation == Accumulation.RATIO]),
    )


def need(targets, stands, cases=NAN):
    return needed_from_rest(targets, stands, further_cases=np.array([float(cases)]))


@pytest.mark.parametrize(
    ("comparator", "level", "so_far", "remaining", "least", "most", "a_quarter"),
    [
        pytest.param(Comparator.AT_LEAST, 280, 187, 1, 93, INF, 93, id="at least 280 good-air days, 187 by Q3"),
        pytest.param(Comparator.ABOVE, 280, 187, 1, 94, INF, 93, id="mock: more than 280 takes 94 of 92 days"),
        pytest.param(Comparator.AT_LEAST, 100, 40, 3, 60, INF, 20, id="spread over three quarters"),
        pytest.param(Comparator.AT_LEAST, 100, 130, 2, -30, INF, -15, id="already there"),
        pytest.param(Comparator.AT_LEAST, 10.5, 4, 2, 7, INF, 3.25, id="a level of half a piece takes a whole one"),
        pytest.param(Comparator.AT_LEAST, 8.3, 7.3, 1, 1, INF, 1, id="8.3 − 7.3 is 1 and not 1.0000000000000009"),
        pytest.param(Comparator.ABOVE, 8.3, 7.3, 1, 2, INF, 1, id="and more than that takes 2"),
        pytest.param(Comparator.AT_MOST, 10, 7, 1, -INF, 3, -INF, id="at most 10 accidents"),
        pytest.param(Comparator.BELOW, 10, 7, 1, -INF, 2, -INF, id="fewer than 10"),
        pytest.param(Comparator.EQUAL, 0, 0, 1, 0, 0, 0, id="none at all"),
        pytest.param(Comparator.EQUAL, 12, 5, 2, 7, 7, 3.5, id="exactly 12"),
    ],
)
def test_sums(comparator, level, so_far, remaining, least, most, a_quarter):
    result = need(target(comparator, level), standing(Accumulation.SUM, so_far, remaining=remaining))
    assert (least_whole(result)[0], most_whole(result)[0]) == (least, most)
    assert result.least_a_quarter[0] == pytest.approx(a_quarter)


def test_between_has_both_bounds():
    result = need(target(Comparator.BETWEEN, 1, level_hi=3), standing(Accumulation.SUM, 2, remaining=2))
    assert (result.least[0], result.most[0]) == (-1, 1)
    assert (result.least_a_quarter[0], result.most_a_quarter[0]) == (-0.5, 0.5)


@pytest.mark.parametrize(
    ("comparator", "so_far", "quarters", "remaining", "least", "most_a_quarter"),
    [
        pytest.param(Comparator.AT_MOST, 31 + 26, 2, 2, -INF, 29.5, id="§8 PM2.5 ≤ 29: 31, 26, then 29.5 on average"),
        pytest.param(Comparator.AT_MOST, 40 + 40, 2, 2, -INF, 18, id="a bad half year leaves 18 a quarter"),
        pytest.param(Comparator.AT_LEAST, 20, 1, 3, 96, INF, id="at least 29: 96 in three quarters"),
    ],
)
def test_means(comparator, so_far, quarters, remaining, least, most_a_quarter):
    stands = standing(Accumulation.MEAN, so_far, weight=quarters, remaining=remaining)
    result = need(target(comparator, 29), stands)
    assert result.least[0] == pytest.approx(least)
    assert result.most_a_quarter[0] == pytest.approx(most_a_quarter)


@pytest.mark.parametrize(
    ("comparator", "passes", "cases", "further", "failures"),
    [
        pytest.param(Comparator.AT_LEAST, 935, 1000, 500, 40, id="§8 93.5 % so far, 500 more: 105 may fail in all"),
        pytest.param(Comparator.AT_LEAST, 465, 500, 500, 35, id="§8 met exactly: the next 500 bear 35"),
        pytest.param(Comparator.ABOVE, 465, 500, 500, 34, id="> 93 %: one fewer"),
        pytest.param(Comparator.AT_LEAST, 400, 500, 500, -30, id="30 passes short even without a failure"),
        pytest.param(Comparator.AT_LEAST, 0, 0, 100, 7, id="nothing yet"),
        pytest.param(Comparator.AT_LEAST, 930, 1000, 0, 0, id="no further case"),
        pytest.param(Comparator.AT_MOST, 10, 1000, 100, INF, id="no lower bound"),
    ],
)
def test_bearable_failures(comparator, passes, cases, further, failures):
    targets = target(comparator, 93, multiplier=100.0)
    result = need(targets, standing(Accumulation.RATIO, passes, weight=cases), further)
    assert bearable_failures(result, further_cases=np.array([float(further)]))[0] == failures


def test_complaints_that_a_rate_below_a_tenth_per_mille_can_bear():
    targets = target(Comparator.BELOW, 0.1, multiplier=1000.0)
    result = need(targets, standing(Accumulation.RATIO, 2, weight=50_000), 30_000)
    assert most_whole(result)[0] == 5  # 8 of 80 000 would be 0.1 ‰ exactly, which `<` excludes


ratios = st.tuples(
    st.sampled_from([Comparator.AT_LEAST, Comparator.ABOVE]),
    st.integers(1, 200),
    st.integers(0, 60),
    st.integers(0, 60),
)


@given(case=ratios, data=st.data())
def test_bearable_failures_are_exactly_the_last_that_still_meet(case, data):
    comparator, half_percents, cases, further = case
    passes = data.draw(st.integers(0, cases))
    if cases + further == 0:
        return
    level = half_percents / 2
    targets = target(comparator, level, multiplier=100.0)
    result = need(targets, standing(Accumulation.RATIO, passes, weight=cases), further)
    borne = bearable_failures(result, further_cases=np.array([float(further)]))[0]
    meets = [
        failures
        for failures in range(further + 1)
        if ABOVE_ALL[comparator](Fraction(100 * (passes + further - failures), cases + further), Fraction(level))
    ]
    if meets:
        assert min(borne, further) == meets[-1]
    else:
        assert borne < 0


@given(case=ratios, data=st.data())
def test_passes_to_recover_are_exactly_the_fewest(case, data):
    comparator, half_percents, cases, _ = case
    passes = data.draw(st.integers(0, cases))
    level = half_percents / 2
    stands = standing(Accumulation.RATIO, passes, weight=cases)
    fewest = passes_to_recover(target(comparator, level, multiplier=100.0), stands)[0]

    def meets(further):
        total = cases + further
        return total > 0 and ABOVE_ALL[comparator](Fraction(100 * (passes + further), total), Fraction(level))

    assert fewest == next((further for further in range(20_000) if meets(further)), INF)


@given(
    comparator=st.sampled_from([Comparator.AT_LEAST, Comparator.ABOVE]),
    level=st.decimals(-50, 50, places=1),
    so_far=st.decimals(-50, 50, places=1),
)
def test_the_least_whole_rest_meets_and_one_less_does_not(comparator, level, so_far):
    result = need(target(comparator, float(level)), standing(Accumulation.SUM, float(so_far)))
    least = int(least_whole(result)[0])
    assert ABOVE_ALL[comparator](so_far + least, level)
    assert not ABOVE_ALL[comparator](so_far + least - 1, level)


@pytest.mark.parametrize(
    ("targets", "stands"),
    [
        pytest.param(target(Comparator.AT_LEAST, NAN), standing(Accumulation.SUM, 1), id="level awaited"),
        pytest.param(target(Comparator.AT_LEAST, 9, awaiting_level=True), standing(Accumulation.SUM, 1), id="awaiting"),
        pytest.param(target(Comparator.AT_LEAST, 9, basis=Basis.GROWTH), standing(Accumulation.SUM, 1), id="growth"),
        pytest.param(target(Comparator.AT_LEAST, 9), standing(Accumulation.SUM, 1, remaining=0), id="nothing remains"),
        pytest.param(target(Comparator.AT_LEAST, 9), standing(Accumulation.LAST, 1), id="newest figure"),
        pytest.param(target(Comparator.AT_LEAST, 9), standing(Accumulation.RATIO, 1, weight=2), id="no cases assumed"),
        pytest.param(target(Comparator.AT_LEAST, 9), standing(Accumulation.SUM, NAN), id="nothing known"),
    ],
)
def test_nothing_is_said_where_something_is_absent(targets, stands):
    result = need(targets, stands)
    assert np.isnan([result.least[0], result.least_a_quarter[0], least_whole(result)[0]]).all()


@pytest.mark.parametrize(
    ("comparator", "level", "passes", "cases", "fewest"),
    [
        pytest.param(Comparator.AT_LEAST, 93, 90, 100, 43, id="133 of 143 are 93.007 %"),
        pytest.param(Comparator.AT_LEAST, 93, 93, 100, 0, id="met exactly"),
        pytest.param(Comparator.ABOVE, 93, 93, 100, 1, id="> 93 % takes one more"),
        pytest.param(Comparator.AT_LEAST, 100, 99, 100, INF, id="100 % is lost"),
        pytest.param(Comparator.AT_LEAST, 100, 0, 0, 1, id="100 % of nothing yet takes one case"),
        pytest.param(Comparator.ABOVE, 100, 0, 0, INF, id="more than all is impossible"),
        pytest.param(Comparator.BETWEEN, 93, 90, 100, 43, id="between has a lower bound"),
    ],
)
def test_passes_to_recover(comparator, level, passes, cases, fewest):
    targets = target(comparator, level, level_hi=200, multiplier=100.0)
    assert passes_to_recover(targets, standing(Accumulation.RATIO, passes, weight=cases))[0] == fewest


def test_recovering_needs_a_share_with_a_lower_bound():
    sums = standing(Accumulation.SUM, 3)
    shares = standing(Accumulation.RATIO, 3, weight=10)
    assert np.isnan(passes_to_recover(target(Comparator.AT_LEAST, 93, multiplier=100.0), sums)[0])
    assert np.isnan(passes_to_recover(target(Comparator.AT_MOST, 93, multiplier=100.0), shares)[0])
    assert np.isnan(passes_to_recover(target(Comparator.AT_LEAST, NAN, multiplier=100.0), shares)[0])


def test_further_cases_by_pace_and_as_last_year():
    pace = cases_by_pace(np.array([300.0, 0.0, 5.0]), quarters=np.array([3, 2, 0]), remaining=np.array([1, 2, 4]))
    np.testing.assert_array_equal(pace, [100.0, 0.0, NAN])
    last_year = np.array([[1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0], [NAN, 2.0, 3.0, 4.0], [1.0, 2.0, NAN, 4.0]])
    assumed = cases_as_last_year(last_year, remaining=np.array([1, 4, 3, 2]))
    np.testing.assert_array_equal(assumed, [4.0, 10.0, 9.0, NAN])
    np.testing.assert_array_equal(cases_as_last_year(last_year[:1], remaining=np.array([0])), [0.0])
