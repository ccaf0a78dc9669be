"""Invented figures are reproducible, possible, and about as good as a programme that is mostly on its way."""

import numpy as np
import pytest

from indicators.demonstration import workflow
from indicators.demonstration.figures import Plan, invent_series
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Comparator, Path, Scale

FIRST, LAST = Quarter.of(2015, 1).ordinal, Quarter.of(2020, 4).ordinal


def plan(**changes) -> Plan:
    fields = {
        "quarters": np.arange(FIRST, LAST + 1, dtype=np.int32),
        "first_quarter": FIRST,
        "due_quarter": LAST,
        "comparator": Comparator.AT_LEAST,
        "basis": Basis.LEVEL,
        "path": Path.AT_DUE,
        "accumulation": Accumulation.RATIO,
        "scale": Scale.RATE,
        "level": 93.0,
        "decimals": 1,
        "multiplier": 100.0,
        "size": 1.0,
    }
    return Plan(**(fields | changes))


def draw(count=200, **changes):
    return [invent_series(plan(**changes), rng=np.random.default_rng([1, n])) for n in range(count)]


def rates(series):
    return [float(row.numerator / row.denominator) * 100 for row in series]


def test_same_seed_same_figures():
    assert draw(5) == draw(5)


def test_other_seed_other_figures():
    assert invent_series(plan(), rng=np.random.default_rng(1)) != invent_series(plan(), rng=np.random.default_rng(2))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({}, id="counted rate to a date"),
        pytest.param({"path": Path.HOLD}, id="counted rate held"),
        pytest.param({"level": 100.0}, id="every single one"),
        pytest.param({"comparator": Comparator.BELOW, "level": 0.1, "multiplier": 1000.0}, id="complaints per mille"),
        pytest.param({"size": 0.01}, id="a township"),
        pytest.param({"basis": Basis.OVER_BENCHMARK, "level": 0.0}, id="above the average"),
    ],
)
def test_counts_are_whole_and_no_part_exceeds_its_whole(changes):
    for series in draw(40, **changes):
        for row in series:
            assert row.value is None
            assert 0 <= row.numerator <= row.denominator
            assert row.numerator == int(row.numerator)
            assert row.denominator == int(row.denominator)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            {"accumulation": Accumulation.SUM, "path": Path.LINEAR, "scale": Scale.CONTINUOUS, "level": 30.0},
            id="count",
        ),
        pytest.param(
            {"accumulation": Accumulation.SUM, "path": Path.ANNUAL, "level": 150.0, "decimals": 2}, id="output a year"
        ),
        pytest.param({"accumulation": Accumulation.LAST, "scale": Scale.MILESTONE, "level": 100.0}, id="milestone"),
        pytest.param({"accumulation": Accumulation.LAST, "scale": Scale.YES_NO, "level": 1.0}, id="yes or no"),
        pytest.param({"accumulation": Accumulation.MEAN, "comparator": Comparator.AT_MOST, "level": 29.0}, id="PM2.5"),
        pytest.param({"accumulation": Accumulation.SUM, "basis": Basis.REDUCTION, "level": 11.3}, id="reduction"),
        pytest.param({"accumulation": Accumulation.SUM, "basis": Basis.GROWTH, "level": 18.0}, id="growth"),
        pytest.param({"accumulation": Accumulation.SUM, "level": 0.0, "comparator": Comparator.EQUAL}, id="incidents"),
        pytest.param({"accumulation": Accumulation.LAST, "scale": Scale.CONTINUOUS, "level": 1900.0}, id="stock"),
        pytest.param({"accumulation": Accumulation.LAST, "basis": Basis.RANK, "level": 1.0}, id="rank"),
        pytest.param({"accumulation": Accumulation.LAST, "comparator": Comparator.AT_MOST, "level": 2.0}, id="at most"),
    ],
)
def test_values_are_finite_and_not_negative(changes):
    for series in draw(40, **changes):
        assert all(row.numerator is None and row.denominator is None for row in series)
        assert all(row.value is not None and row.value.is_finite() and row.value >= 0 for row in series)


def test_most_rates_reach_their_level_and_some_do_not():
    last = [rates(series)[-1] for series in draw()]
    met = sum(rate >= 93.0 for rate in last) / len(last)
    assert 0.65 < met < 0.95


def test_rates_improve_on_the_way():
    better = [np.mean(rates(series)[-4:]) > np.mean(rates(series)[:4]) for series in draw(100)]
    assert np.mean(better) > 0.9


def test_about_two_quarters_in_a_hundred_are_missing():
    kept = sum(len(series) for series in draw())
    assert 0.96 < kept / (200 * 24) < 0.995


def test_good_air_days_fit_into_their_quarters_and_into_the_level():
    years = []
    for series in draw(100, accumulation=Accumulation.SUM, path=Path.ANNUAL, level=280.0, decimals=0,
                       scale=Scale.CONTINUOUS, is_bounded_by_days=True):  # fmt: skip
        assert all(0 <= row.value <= 92 for row in series)
        years += [float(sum(row.value for row in series)) / (len(series) / 4)]
    assert 240 < np.median(years) < 320


def test_winter_is_worse_than_summer():
    rows = [row for series in draw(60, accumulation=Accumulation.MEAN, level=29.0) for row in series]
    by_number = [np.mean([float(row.value) for row in rows if row.quarter % 4 == number]) for number in range(4)]
    assert by_number[0] > by_number[2]
    assert by_number[3] > by_number[1]


def test_shares_of_states_add_up():
    assert sum(workflow.STATES.values()) == pytest.approx(1.0)
    drawn = [workflow.draw_state(np.random.default_rng(n)) for n in range(300)]
    assert set(drawn) == set(workflow.STATES)


def test_explanations_say_that_they_are_invented():
    assert all(text.startswith("演示数据") for text in (*workflow.EXPLANATIONS, workflow.RETURN_REASON))


def test_the_larger_half_is_approved_and_one_is_left_for_whoever_tries():
    sizes = {1: 5, 2: 50, 3: 500, 4: 40, 5: 4, 6: 300}
    states = workflow.draw_states(sizes, half_filled=6, rng=np.random.default_rng(3))
    assert set(states) == set(sizes)
    assert (states[3], states[2], states[6]) == ("approved", "approved", "draft")
    assert set(states.values()) <= set(workflow.STATES)
