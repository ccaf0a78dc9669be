"""Out of reach and certain, against every possible rest of the year gone through one by one."""

import operator
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.engine.outlook import Standing, bound_quarters, final_range, find_outlook
from indicators.engine.target import Accumulation, Basis, Comparator, CompareOn, Scale, TargetColumns

NAN, INF = float("nan"), float("inf")
MEETS = {
    Comparator.AT_LEAST: operator.ge,
    Comparator.ABOVE: operator.gt,
    Comparator.AT_MOST: operator.le,
    Comparator.BELOW: operator.lt,
    Comparator.EQUAL: operator.eq,
}
FOLD = {
    Accumulation.SUM: sum,
    Accumulation.MEAN: lambda values: Fraction(sum(values), len(values)),
    Accumulation.MAX: max,
    Accumulation.MIN: min,
    Accumulation.LAST: lambda values: values[-1],
}


def target(comparator, level, **columns):
    return TargetColumns.of(1, comparator=comparator, level=level, first_quarter=8072, due_quarter=8075, **columns)


def standing(accumulation, so_far, *, weight=NAN, low=(), high=(), remaining=None, share=None):
    bounds = np.array([[*low]], float), np.array([[*high]], float)
    return Standing(
        accumulation=np.array([accumulation], np.int8),
        so_far=np.array([float(so_far)]),
        weight=np.array([float(weight)]),
        remaining=np.array([len(high) if remaining is None else remaining]),
        low=bounds[0] if len(low) else np.full_like(bounds[1], NAN),
        high=bounds[1],
        share=np.array([accumulation == Accumulation.RATIO if share is None else share]),
    )


def outlook(targets, stands):
    """Return (out of reach, certain) of the single row."""
    result = find_outlook(targets, stands)
    return bool(result.out_of_reach[0]), bool(result.certain[0])


OPEN, LOST, SAFE = (False, False), (True, False), (False, True)


@pytest.mark.parametrize(
    ("comparator", "level", "so_far", "high", "expected"),
    [
        pytest.param(Comparator.ABOVE, 280, 187, [92], LOST, id="mock: > 280 days, 187 + at most 92 = 279"),
        pytest.param(Comparator.ABOVE, 280, 188, [92], LOST, id="280 itself is excluded"),
        pytest.param(Comparator.AT_LEAST, 280, 188, [92], OPEN, id="280 itself is included"),
        pytest.param(Comparator.ABOVE, 280, 189, [92], OPEN, id="281 can still be reached"),
        pytest.param(Comparator.AT_LEAST, 280, 280, [92], SAFE, id="a count does not fall"),
        pytest.param(Comparator.ABOVE, 280, 280, [92], OPEN, id="> needs one day more"),
        pytest.param(Comparator.ABOVE, 280, 281, [92], SAFE, id="and then it is safe"),
        pytest.param(Comparator.AT_LEAST, 300, 70, [91, 92, 92], OPEN, id="three quarters to come"),
        pytest.param(Comparator.AT_LEAST, 346, 70, [91, 92, 92], LOST, id="345 is the most"),
        pytest.param(Comparator.AT_MOST, 10, 7, [NAN], OPEN, id="no upper bound on accidents"),
        pytest.param(Comparator.AT_MOST, 10, 11, [NAN], LOST, id="too many already"),
        pytest.param(Comparator.BELOW, 10, 10, [NAN], LOST, id="< 10 and ten happened"),
        pytest.param(Comparator.BELOW, 10, 7, [2], SAFE, id="at most two more: nine"),
        pytest.param(Comparator.BELOW, 10, 7, [3], OPEN, id="three more would be ten"),
        pytest.param(Comparator.AT_MOST, 10, 7, [3], SAFE, id="ten is allowed"),
        pytest.param(Comparator.EQUAL, 0, 0, [NAN], OPEN, id="no incident yet"),
        pytest.param(Comparator.EQUAL, 0, 1, [NAN], LOST, id="one incident"),
        pytest.param(Comparator.EQUAL, 0, 0, [0], SAFE, id="nothing can come"),
        pytest.param(Comparator.AT_LEAST, 5, 5, [], SAFE, id="nothing remains: met"),
        pytest.param(Comparator.AT_LEAST, 5, 4, [], LOST, id="nothing remains: missed"),
    ],
)
def test_sums_of_counts(comparator, level, so_far, high, expected):
    stands = standing(Accumulation.SUM, so_far, low=[0] * len(high), high=high)
    assert outlook(target(comparator, level), stands) == expected


@pytest.mark.parametrize(
    ("level_lo", "level_hi", "so_far", "high", "expected"),
    [
        (1, 3, 0, [5], OPEN),
        (1, 3, 4, [5], LOST),
        (1, 3, 1, [2], SAFE),
        (4, 6, 0, [3], LOST),
        (1, NAN, 1, [2], OPEN),
    ],
)
def test_between(level_lo, level_hi, so_far, high, expected):
    stands = standing(Accumulation.SUM, so_far, low=[0], high=high)
    assert outlook(target(Comparator.BETWEEN, level_lo, level_hi=level_hi), stands) == expected


@pytest.mark.parametrize(
    ("comparator", "level", "passes", "cases", "high", "expected"),
    [
        pytest.param(Comparator.AT_LEAST, 93, 400, 500, [500], LOST, id="900 of 1000 at most"),
        pytest.param(Comparator.AT_LEAST, 90, 400, 500, [500], OPEN, id="90 % exactly, if all pass"),
        pytest.param(Comparator.ABOVE, 90, 400, 500, [500], LOST, id="> 90 %: not even then"),
        pytest.param(Comparator.AT_LEAST, 40, 400, 500, [500], SAFE, id="400 of 1000 if all fail"),
        pytest.param(Comparator.ABOVE, 40, 400, 500, [500], OPEN, id="> 40 %: exactly 40 % is possible"),
        pytest.param(Comparator.AT_LEAST, 93, 400, 500, [NAN], OPEN, id="without a bound nothing is lost"),
        pytest.param(Comparator.AT_LEAST, 100, 499, 500, [NAN], LOST, id="one failure: never 100 % again"),
        pytest.param(Comparator.AT_LEAST, 100, 500, 500, [NAN], OPEN, id="100 % so far"),
        pytest.param(Comparator.EQUAL, 100, 499, 500, [NAN], LOST, id="= 100 %: approached, not reached"),
        pytest.param(Comparator.BELOW, 100, 499, 500, [NAN], SAFE, id="< 100 % for good"),
        pytest.param(Comparator.AT_MOST, 0, 1, 500, [NAN], LOST, id="one bad case: never 0 again"),
        pytest.param(Comparator.AT_MOST, 0, 0, 500, [NAN], OPEN, id="none so far"),
        pytest.param(Comparator.ABOVE, 0, 1, 500, [NAN], SAFE, id="> 0 for good"),
        pytest.param(Comparator.AT_LEAST, 100, 0, 0, [NAN], OPEN, id="nothing measured yet"),
        pytest.param(Comparator.AT_LEAST, 50, 0, 0, [0], OPEN, id="nothing measured and nothing to come: unknown"),
        pytest.param(Comparator.AT_LEAST, 93, 465, 500, [], SAFE, id="§8 met exactly at the end"),
        pytest.param(Comparator.ABOVE, 93, 465, 500, [], LOST, id="§8 the same with >"),
    ],
)
def test_shares(comparator, level, passes, cases, high, expected):
    stands = standing(Accumulation.RATIO, passes, weight=cases, high=high)
    assert outlook(target(comparator, level, multiplier=100.0), stands) == expected


def test_a_ratio_that_is_no_share_has_no_upper_end():
    stands = standing(Accumulation.RATIO, 400, weight=500, high=[500], share=False)
    assert outlook(target(Comparator.AT_LEAST, 9_999, multiplier=100.0), stands) == OPEN
    assert outlook(target(Comparator.AT_LEAST, 40, multiplier=100.0), stands) == SAFE
    over = standing(Accumulation.RATIO, 400, weight=500, high=[], share=False)
    assert outlook(target(Comparator.AT_LEAST, 81, multiplier=100.0), over) == LOST


def test_rounded_comparison_rounds_the_range():
    """92.96 at best: rounded to one decimal it is 93.0 and still in reach; on the full value it is lost."""
    stands = standing(Accumulation.RATIO, 9196, weight=9900, high=[100])
    rounded = {"compare_on": CompareOn.ROUNDED, "decimals": 1}
    assert outlook(target(Comparator.AT_LEAST, 93, multiplier=100.0), stands) == LOST
    assert outlook(target(Comparator.AT_LEAST, 93, multiplier=100.0, **rounded), stands) == OPEN
    endless = standing(Accumulation.RATIO, 499, weight=500, high=[NAN])
    assert outlook(target(Comparator.AT_LEAST, 100, multiplier=100.0, **rounded), endless) == OPEN


@pytest.mark.parametrize(
    ("accumulation", "comparator", "so_far", "low", "high", "expected"),
    [
        pytest.param(Accumulation.MAX, Comparator.AT_MOST, 6, [0], [9], LOST, id="the worst month is over the limit"),
        pytest.param(Accumulation.MAX, Comparator.AT_MOST, 5, [0], [NAN], OPEN, id="still within"),
        pytest.param(Accumulation.MAX, Comparator.AT_LEAST, 5, [0], [9], SAFE, id="the best month is behind us"),
        pytest.param(Accumulation.MAX, Comparator.ABOVE, NAN, [0], [5], LOST, id="nothing yet, five at most"),
        pytest.param(Accumulation.MIN, Comparator.AT_LEAST, 4, [0], [9], LOST, id="the lowest is below"),
        pytest.param(Accumulation.MIN, Comparator.AT_LEAST, 5, [0], [9], OPEN, id="may still fall"),
        pytest.param(Accumulation.MIN, Comparator.AT_LEAST, 5, [5], [9], SAFE, id="cannot fall"),
        pytest.param(Accumulation.LAST, Comparator.AT_LEAST, 1, [0, 0], [9, 4], LOST, id="the last quarter decides"),
        pytest.param(Accumulation.LAST, Comparator.AT_LEAST, 1, [0, 5], [4, 9], SAFE, id="and only the last"),
        pytest.param(Accumulation.LAST, Comparator.AT_LEAST, 6, [], [], SAFE, id="nothing remains"),
        pytest.param(Accumulation.MEAN, Comparator.AT_MOST, 12, [0], [NAN], LOST, id="12 in one quarter, mean over 6"),
        pytest.param(Accumulation.MEAN, Comparator.AT_MOST, 10, [0], [NAN], OPEN, id="0 would bring it to 5"),
    ],
)
def test_other_accumulations_against_five(accumulation, comparator, so_far, low, high, expected):
    stands = standing(accumulation, so_far, weight=1, low=low, high=high)
    assert outlook(target(comparator, 5), stands) == expected


def possible_values(accumulation, history, ranges):
    for rest in product(*(range(low, high + 1) for low, high in ranges)):
        yield FOLD[accumulation]([*history, *rest])


@settings(max_examples=400)
@given(
    accumulation=st.sampled_from(sorted(FOLD)),
    comparator=st.sampled_from(sorted(MEETS)),
    history=st.lists(st.integers(-3, 6), min_size=1, max_size=2),
    ranges=st.lists(st.tuples(st.integers(-2, 3), st.integers(0, 3)).map(lambda r: (r[0], r[0] + r[1])), max_size=2),
    level=st.integers(-6, 14),
)
def test_every_rest_of_the_year_was_tried(accumulation, comparator, history, ranges, level):
    stands = standing(
        accumulation,
        sum(history) if accumulation == Accumulation.MEAN else FOLD[accumulation](history),
        weight=len(history),
        low=[low for low, _ in ranges],
        high=[high for _, high in ranges],
    )
    finals = set(possible_values(accumulation, history, ranges))
    met = [MEETS[comparator](final, level) for final in finals]
    out_of_reach, certain = outlook(target(comparator, level), stands)
    assert certain is all(met)
    if comparator == Comparator.EQUAL and accumulation == Accumulation.MEAN:
        assert not (out_of_reach and any(met))  # a mean jumps over a level that a continuous quantity would touch
    else:
        assert out_of_reach is not any(met)


@settings(max_examples=400)
@given(
    comparator=st.sampled_from(sorted(MEETS)),
    cases=st.integers(0, 6),
    further=st.lists(st.integers(0, 3), max_size=2),
    level=st.integers(0, 12),
    data=st.data(),
)
def test_every_share_was_tried(comparator, cases, further, level, data):
    good = data.draw(st.integers(0, cases))
    per_mille = Fraction(level, 12)
    finals = {
        Fraction(good + more_good, cases + more)
        for more in range(sum(further) + 1)
        for more_good in range(more + 1)
        if cases + more
    }
    if not finals:
        return
    met = [MEETS[comparator](final, per_mille) for final in finals]
    stands = standing(Accumulation.RATIO, good, weight=cases, high=further)
    out_of_reach, certain = outlook(target(comparator, float(12 * per_mille), multiplier=12.0), stands)
    assert certain is all(met)
    assert not (out_of_reach and any(met))
    if comparator != Comparator.EQUAL:
        assert out_of_reach is not any(met)


@pytest.mark.parametrize(
    ("targets", "so_far"),
    [
        pytest.param(target(Comparator.AT_LEAST, NAN), 3, id="level awaited"),
        pytest.param(target(Comparator.AT_LEAST, 5, awaiting_level=True), 3, id="level announced as awaited"),
        pytest.param(target(Comparator.AT_LEAST, 5, basis=Basis.REDUCTION), 3, id="not compared as it is"),
        pytest.param(target(Comparator.AT_LEAST, 5), NAN, id="nothing known so far"),
    ],
)
def test_nothing_is_said_where_something_is_unknown(targets, so_far):
    assert outlook(targets, standing(Accumulation.SUM, so_far, low=[0], high=[1])) == OPEN


def test_only_the_remaining_columns_count_and_rows_do_not_mix():
    targets = TargetColumns.of(3, comparator=Comparator.AT_LEAST, level=10.0, first_quarter=0, due_quarter=3)
    stands = Standing(
        accumulation=np.full(3, Accumulation.SUM, np.int8),
        so_far=np.array([4.0, 4.0, 10.0]),
        weight=np.full(3, NAN),
        remaining=np.array([1, 2, 0]),
        low=np.zeros((3, 2)),
        high=np.array([[5.0, 99.0], [5.0, 99.0], [NAN, NAN]]),
        share=np.zeros(3, bool),
    )
    result = find_outlook(targets, stands)
    np.testing.assert_array_equal(result.out_of_reach, [True, False, False])
    np.testing.assert_array_equal(result.certain, [False, False, True])


def test_the_range_itself():
    final = final_range(standing(Accumulation.RATIO, 40, weight=50, high=[NAN, 5]), multiplier=np.array([100.0]))
    assert (final.low[0], final.high[0], final.low_open[0], final.high_open[0]) == (0.0, 100.0, True, True)
    final = final_range(standing(Accumulation.SUM, 40, high=[NAN, 5]), multiplier=np.array([1.0]))
    assert (final.low[0], final.high[0]) == (-INF, INF)


def test_decimal_bounds_are_decimal():
    """0.1 + 0.2 is 0.3: what float64 makes of it neither loses nor secures a level."""
    stands = standing(Accumulation.SUM, 0.1, low=[0.2], high=[0.2])
    assert outlook(target(Comparator.AT_MOST, 0.3), stands) == SAFE
    assert outlook(target(Comparator.ABOVE, 0.3), stands) == LOST


@pytest.mark.parametrize(
    ("columns", "in_days", "low", "high"),
    [
        pytest.param({"decimals": 0}, False, [0, 0, 0], [NAN] * 3, id="a count is never below 0"),
        pytest.param({"decimals": 0}, True, [0, 0, 0], [91, 92, 92], id="days, no more than the quarter has"),
        pytest.param({"decimals": 1}, True, [0, 0, 0], [91, 92, 92], id="days with a decimal are days"),
        pytest.param({"decimals": 1}, False, [NAN] * 3, [NAN] * 3, id="an amount may fall"),
        pytest.param({"decimals": 0, "scale": Scale.RATE}, False, [NAN] * 3, [NAN] * 3, id="a rate may be of growth"),
        pytest.param(
            {"scale": Scale.MILESTONE}, False, [0, 0, 0], [100, 100, 100], id="a milestone lies from 0 to 100"
        ),
    ],
)
def test_what_a_quarter_can_bring_by_its_nature(columns, in_days, low, high):
    targets = target(Comparator.AT_LEAST, 5, **{"scale": Scale.CONTINUOUS} | columns)
    found = bound_quarters(targets, newest=np.array([8072]), ahead=3, in_days=np.array([in_days]))
    np.testing.assert_array_equal(found, ([low], [high]))


def test_each_row_looks_ahead_from_its_own_quarter():
    targets = target(Comparator.AT_LEAST, 5, scale=Scale.CONTINUOUS, decimals=0).take(np.zeros(2, dtype=np.intp))
    _low, high = bound_quarters(targets, newest=np.array([8072, 8075]), ahead=1, in_days=np.array([True, True]))
    assert high.tolist() == [[91.0], [90.0]]


def test_with_no_quarter_ahead_nothing_is_bounded():
    targets = target(Comparator.AT_LEAST, 5)
    low, high = bound_quarters(targets, newest=np.array([8075]), ahead=0, in_days=np.array([True]))
    assert low.shape == high.shape == (1, 0)
