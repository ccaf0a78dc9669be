"""Small numbers: published values, bounds that hold for every count, and the rule with its two arguments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.small_numbers import (
    OUTER_CONFIDENCE,
    funnel_limits,
    is_too_small_to_rank,
    two_sided_z,
    wilson_interval,
)

NAN = float("nan")


def column(*values):
    return np.array(values, float)


@pytest.mark.parametrize(
    ("successes", "cases", "low", "high"),
    [
        pytest.param(81, 263, 0.2553, 0.3662, id="Newcombe 1998, table I, 81/263"),
        pytest.param(15, 148, 0.0624, 0.1605, id="Newcombe 1998, table I, 15/148"),
        pytest.param(0, 20, 0.0, 0.1611, id="Newcombe 1998, table I, 0/20"),
        pytest.param(1, 29, 0.0061, 0.1718, id="Newcombe 1998, table I, 1/29"),
        pytest.param(20, 20, 0.8389, 1.0, id="the mirror of 0/20"),
        pytest.param(18, 20, 0.6990, 0.9721, id="90 % of twenty"),
        pytest.param(1800, 2000, 0.8861, 0.9124, id="90 % of two thousand"),
    ],
)
def test_wilson_interval(successes, cases, low, high):
    interval = wilson_interval(column(successes), column(cases))
    assert interval.low[0] == pytest.approx(low, abs=6e-5)
    assert interval.high[0] == pytest.approx(high, abs=6e-5)


@pytest.mark.parametrize(
    ("successes", "cases"),
    [(NAN, 20), (5, NAN), (0, 0), (5, 0), (21, 20), (-1, 20), (5, -20)],
)
def test_what_is_no_share_has_no_interval(successes, cases):
    interval = wilson_interval(column(successes), column(cases))
    assert np.isnan([interval.low[0], interval.high[0]]).all()


counts = st.integers(1, 10**9).flatmap(lambda cases: st.tuples(st.integers(0, cases), st.just(cases)))


@given(case=counts, confidence=st.floats(0.5, 0.9999))
def test_an_interval_lies_in_0_to_1_and_contains_its_share(case, confidence):
    successes, cases = case
    interval = wilson_interval(column(successes), column(cases), confidence=confidence)
    assert 0.0 <= interval.low[0] <= successes / cases <= interval.high[0] <= 1.0


def test_none_and_all_have_their_end_exactly():
    cases = np.arange(1.0, 3_000.0)
    assert (wilson_interval(np.zeros_like(cases), cases).low == 0.0).all()
    assert (wilson_interval(cases, cases).high == 1.0).all()


@given(case=counts)
def test_failures_mirror_successes(case):
    successes, cases = case
    good = wilson_interval(column(successes), column(cases))
    bad = wilson_interval(column(cases - successes), column(cases))
    np.testing.assert_allclose([good.low, good.high], [1 - bad.high, 1 - bad.low], atol=1e-12)


@given(successes=st.integers(0, 50), failures=st.integers(0, 50), factor=st.integers(2, 100))
def test_more_cases_of_the_same_share_narrow_the_interval(successes, failures, factor):
    cases = successes + failures
    if cases:
        interval = wilson_interval(column(successes, successes * factor), column(cases, cases * factor))
        width = interval.high - interval.low
        assert width[1] < width[0]


@given(case=counts, level=st.floats(0.001, 0.999))
def test_the_interval_is_what_the_score_test_does_not_reject(case, level):
    """Wilson (1927): p0 lies inside exactly when |p - p0| is within z standard errors under p0."""
    successes, cases = case
    if cases > 10**6:
        return
    interval = wilson_interval(column(successes), column(cases))
    distance = abs(successes / cases - level) / np.sqrt(level * (1 - level) / cases)
    if abs(distance - two_sided_z(0.95)) > 1e-6:
        assert (interval.low[0] <= level <= interval.high[0]) == (distance <= two_sided_z(0.95))


@pytest.mark.parametrize(
    ("successes", "cases", "options", "expected"),
    [
        pytest.param(29, 29, {}, True, id="fewer than 30 cases"),
        pytest.param(30, 30, {}, False, id="30 cases, all good"),
        pytest.param(15, 30, {}, True, id="30 cases, half good: ± 17 points"),
        pytest.param(46, 92, {}, True, id="± 10.01 points"),
        pytest.param(48, 96, {}, False, id="± 9.8 points"),
        pytest.param(48, 96, {"half_width_at_most": 0.05}, True, id="a stricter width"),
        pytest.param(12, 12, {"ranked_from": 10, "half_width_at_most": 0.2}, False, id="a milder rule"),
        pytest.param(48, 96, {"confidence": 0.99}, True, id="a stricter confidence"),
        pytest.param(0, 0, {}, True, id="no case at all"),
        pytest.param(5, NAN, {}, False, id="absent is a gap, not small"),
        pytest.param(NAN, 500, {}, False, id="enough cases, count absent"),
    ],
)
def test_too_small_to_rank(successes, cases, options, expected):
    assert is_too_small_to_rank(column(successes), column(cases), **options).tolist() == [expected]


@pytest.mark.parametrize(
    ("expected", "cases", "confidence", "low", "high"),
    [
        pytest.param(0.9, 100, 0.95, 0.8412, 0.9588, id="inner limits: 0.9 ± 1.96 × 0.03"),
        pytest.param(0.9, 100, OUTER_CONFIDENCE, 0.8073, 0.9927, id="outer limits: 0.9 ± 3.09 × 0.03"),
        pytest.param(0.9, 10, OUTER_CONFIDENCE, 0.6068, 1.0, id="cut at 1"),
        pytest.param(0.01, 100, OUTER_CONFIDENCE, 0.0, 0.0407, id="cut at 0"),
        pytest.param(1.0, 50, 0.95, 1.0, 1.0, id="everything must pass"),
        pytest.param(0.9, 0, 0.95, NAN, NAN, id="no case"),
        pytest.param(0.9, NAN, 0.95, NAN, NAN, id="cases absent"),
        pytest.param(1.2, 50, 0.95, NAN, NAN, id="no share"),
        pytest.param(NAN, 50, 0.95, NAN, NAN, id="expectation absent"),
    ],
)
def test_funnel_limits(expected, cases, confidence, low, high):
    limits = funnel_limits(column(expected), column(cases), confidence=confidence)
    assert limits.low[0] == pytest.approx(low, abs=6e-5, nan_ok=True)
    assert limits.high[0] == pytest.approx(high, abs=6e-5, nan_ok=True)


@given(expected=st.floats(0, 1), cases=st.integers(1, 10**6))
def test_outer_limits_enclose_inner_limits_and_both_the_expectation(expected, cases):
    inner = funnel_limits(column(expected), column(cases))
    outer = funnel_limits(column(expected), column(cases), confidence=OUTER_CONFIDENCE)
    assert 0.0 <= outer.low[0] <= inner.low[0] <= expected <= inner.high[0] <= outer.high[0] <= 1.0


@pytest.mark.parametrize(("confidence", "z"), [(0.95, 1.959964), (0.998, 3.090232), (0.99, 2.575829)])
def test_quantiles(confidence, z):
    assert two_sided_z(confidence) == pytest.approx(z, abs=1e-6)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, -0.1])
def test_a_confidence_lies_between_0_and_1(confidence):
    with pytest.raises(ValueError, match="not a confidence"):
        two_sided_z(confidence)
