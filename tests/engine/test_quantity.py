"""Decimal equality and rounding: exact where it is promised, on random and on nasty numbers (trust rule 18)."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine import quantity
from indicators.engine.quantity import equals, exceeds, reaches, round_half_even, stays_below, stays_within

SHARES = 100_000
LARGEST = 10**8


def columns(*rows):
    return [np.array(column, dtype=float) for column in zip(*rows, strict=True)]


def shares(rng):
    """Return numerators, denominators and levels in hundredths of a per cent; half of them next to the bound."""
    bottom = np.concatenate([rng.integers(1, LARGEST + 1, SHARES // 2), LARGEST - rng.integers(0, 20_000, SHARES // 2)])
    level = rng.integers(0, 10_001, SHARES)
    top = rng.integers(0, bottom + 1)
    near = np.clip(level * bottom // 10_000 + rng.integers(-1, 2, SHARES), 0, bottom)
    top = np.where(rng.random(SHARES) < 0.5, near, top)
    return top, bottom, level


@pytest.mark.parametrize("seed", [20181, 20182])
def test_every_decision_on_a_share_equals_the_exact_fractions(seed):
    top, bottom, level = shares(np.random.default_rng(seed))
    measured, bound = top / bottom * 100.0, level / 100.0
    # exact: top/bottom against level/10 000, in whole numbers below 2^63
    left, right = top * 10_000, level * bottom
    assert Fraction(int(top[0]), int(bottom[0])) > Fraction(int(level[0]), 10_000) or left[0] <= right[0]
    assert (equals(measured, bound) == (left == right)).all()
    assert (reaches(measured, bound) == (left >= right)).all()
    assert (exceeds(measured, bound) == (left > right)).all()
    assert (stays_within(measured, bound) == (left <= right)).all()
    assert (stays_below(measured, bound) == (left < right)).all()


def test_every_decision_on_a_share_equals_python_fractions():
    rng = np.random.default_rng(7)
    top, bottom, level = (column[:: SHARES // 4_000] for column in shares(rng))
    measured = top / bottom * 100.0
    for numerator, denominator, hundredths, m in zip(top, bottom, level, measured, strict=True):
        exact = Fraction(int(numerator), int(denominator)) - Fraction(int(hundredths), 10_000)
        assert reaches(m, hundredths / 100.0) == (exact >= 0)
        assert exceeds(m, hundredths / 100.0) == (exact > 0)


def test_the_closest_share_of_all_is_told_apart():
    # 1/(q 10^4) is the least distance there is: q prime to 10^4, v = 99.99 %
    close = [
        (top, bottom) for bottom in range(LARGEST - 400, LARGEST) if (top := round(0.9999 * bottom)) and bottom % 10
    ]
    for top, bottom in close:
        exact = Fraction(top, bottom) - Fraction(9999, 10_000)
        m, bound = columns((top / bottom * 100.0, 99.99))
        assert exceeds(m, bound)[0] == (exact > 0), (top, bottom)
        assert stays_below(m, bound)[0] == (exact < 0), (top, bottom)


@given(cents=st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=60))
def test_a_sum_of_decimals_is_the_decimal_sum(cents):
    total = np.array([sum(cent / 100 for cent in cents)])
    exact = np.array([sum(cents) / 100])
    size = np.array([sum(abs(cent) for cent in cents) / 100])
    assert equals(total, exact, grain=size)[0]
    assert not exceeds(total, exact, grain=size)[0]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        pytest.param(0.1 + 0.2, 0.3, True, id="§3 0.1 + 0.2 is 0.3"),
        pytest.param(92.9999999, 93.0, False, id="§3 92.9999999 is not 93"),
        pytest.param(0.0, 0.0, True, id="zero is zero"),
        pytest.param(-0.0, 0.0, True, id="there is one zero"),
        pytest.param(0.0, 1e-300, False, id="almost nothing is not nothing"),
        pytest.param(-93.0, 93.0, False, id="signs differ"),
        pytest.param(1e15 + 1, 1e15, True, id="beyond twelve digits everything is the same"),
        pytest.param(np.nan, 93.0, False, id="absent equals nothing"),
        pytest.param(np.nan, np.nan, False, id="absent does not equal absent"),
    ],
)
def test_equals(left, right, same):
    a, b = columns((left, right))
    assert equals(a, b)[0] == same == equals(b, a)[0]


def test_absent_numbers_meet_nothing():
    a, b = columns((np.nan, 1.0), (1.0, np.nan))
    for decide in (equals, reaches, exceeds, stays_within, stays_below):
        assert not decide(a, b).any()


def test_a_difference_is_as_exact_as_its_terms():
    m, bound = columns((93.01 - 93.0, 0.01))
    assert not equals(m + 1e-13, bound)[0]
    assert equals(m + 1e-13, bound, grain=np.array([93.01]))[0]
    assert not equals(m + 5e-12, bound, grain=np.array([93.01]))[0]


@given(a=st.floats(-1e12, 1e12), b=st.floats(-1e12, 1e12))
def test_exactly_one_of_below_equal_above_holds(a, b):
    left, right = columns((a, b))
    verdicts = [stays_below(left, right)[0], equals(left, right)[0], exceeds(left, right)[0]]
    assert sum(verdicts) == 1
    assert reaches(left, right)[0] == (verdicts[1] or verdicts[2])
    assert stays_within(left, right)[0] == (verdicts[0] or verdicts[1])


@pytest.mark.parametrize(
    ("text", "decimals", "rounded"),
    [
        pytest.param("2.675", 2, "2.68", id="GB/T 8170 §3.2 a tie goes to the even digit, up"),
        pytest.param("2.665", 2, "2.66", id="GB/T 8170 §3.2 a tie goes to the even digit, down"),
        pytest.param("92.5", 0, "92", id="GB/T 8170 92.5"),
        pytest.param("93.5", 0, "94", id="GB/T 8170 93.5"),
        pytest.param("0.05", 1, "0.0", id="GB/T 8170 0.05"),
        pytest.param("0.15", 1, "0.2", id="GB/T 8170 0.15, below the tie in binary"),
        pytest.param("0.25", 1, "0.2", id="GB/T 8170 0.25, the tie in binary too"),
        pytest.param("-2.5", 0, "-2", id="GB/T 8170 §3.4 negative numbers like positive ones"),
        pytest.param("-3.5", 0, "-4", id="GB/T 8170 §3.4 negative, up"),
        pytest.param("1.2499", 1, "1.2", id="below the tie"),
        pytest.param("1.2501", 1, "1.3", id="above the tie"),
        pytest.param("1.005", 2, "1.00", id="1.005"),
        pytest.param("1.015", 2, "1.02", id="1.015"),
        pytest.param("99.995", 2, "100.00", id="carries over"),
        pytest.param("12345678.125", 2, "12345678.12", id="large"),
    ],
)
def test_round_half_even(text, decimals, rounded):
    values = np.array([float(text)])
    assert round_half_even(values, np.array([decimals]))[0] == float(rounded)


@given(text=st.decimals(-(10**6), 10**6, places=6), decimals=st.integers(0, 5))
def test_rounding_is_that_of_the_decimal_as_written(text, decimals):
    exact = text.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)
    assert round_half_even(np.array([float(text)]), np.array([decimals]))[0] == float(exact)


def test_rounding_keeps_what_has_no_digits_to_round():
    values = np.array([np.nan, 1e300, -1e300, 2.0**60])
    assert np.array_equal(round_half_even(values, np.int8(3)), values, equal_nan=True)


def test_the_tolerance_is_the_one_that_is_documented():
    assert quantity.RELATIVE_TOLERANCE == 5e-13
    assert quantity.ROUNDINGS * 100 < 1e-12
