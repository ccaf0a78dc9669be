"""Decimal equality and decimal rounding on float64 columns: the one home of both.

Two numbers that are equal in decimal are equal here, although 0.1 + 0.2 and 0.3 differ in their last
bits. The relative tolerance of 5e-13 is far above what a few hundred roundings of float64 leave behind
(about 1e-14), and below the distance of any two different numbers that matter: a share with a denominator q
of at most 10^8 differs from a level v of at most two decimals in per cent by at least 1/(q 10^4), which is
1.0001e-12 of v where v is 99.99 %. A tolerance of 1e-12 itself would leave no room for the quotient's own rounding.
Source: attainment rules section 3; trust rule 18; GB/T 8170-2008.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RELATIVE_TOLERANCE = 5e-13
ROUNDINGS = 32 * float(np.finfo(np.float64).eps)
_EXACT_BELOW = 2.0**52  # float64 has no digits after the point beyond


def tolerance(left: Floats, right: Floats, *, grain: Floats | None = None) -> Floats:
    """Return how far two aligned columns may lie apart and still be the same decimal number.

    `grain` is the size of the terms of which `left` is a difference (93.01 - 93.0 is only as precise as
    93 is): thirty-two roundings of it are allowed as well. NaN where either side is absent.
    """
    allowed = np.maximum(np.abs(left), np.abs(right))
    allowed *= RELATIVE_TOLERANCE
    return allowed if grain is None else np.maximum(allowed, ROUNDINGS * grain)


def equals(left: Floats, right: Floats, *, grain: Floats | None = None) -> Bools:
    """Say where two aligned columns hold the same decimal number; False where either is absent."""
    return np.asarray(np.abs(left - right) <= tolerance(left, right, grain=grain))


def reaches(left: Floats, right: Floats, *, grain: Floats | None = None) -> Bools:
    """Say where `left` >= `right` in decimal; False where either is absent."""
    return np.asarray(left - right >= -tolerance(left, right, grain=grain))


def exceeds(left: Floats, right: Floats, *, grain: Floats | None = None) -> Bools:
    """Say where `left` > `right` in decimal; False where either is absent."""
    return np.asarray(left - right > tolerance(left, right, grain=grain))


def stays_within(left: Floats, right: Floats, *, grain: Floats | None = None) -> Bools:
    """Say where `left` <= `right` in decimal; False where either is absent."""
    return np.asarray(left - right <= tolerance(left, right, grain=grain))


def stays_below(left: Floats, right: Floats, *, grain: Floats | None = None) -> Bools:
    """Say where `left` < `right` in decimal; False where either is absent."""
    return np.asarray(left - right < -tolerance(left, right, grain=grain))


def round_half_even(values: Floats, decimals: NDArray[np.integer]) -> Floats:
    """Round each value to its number of decimals, ties to the even digit, as if written in decimal.

    2.675 at two decimals is a tie and becomes 2.68, although its float64 lies below the tie.
    `decimals` broadcasts against `values`. NaN stays NaN; numbers too large to have digits stay.
    Source: GB/T 8170-2008 section 3.
    """
    power = np.power(10.0, decimals)
    scaled = values * power
    floor = np.floor(scaled)
    rest = scaled - floor
    tie = np.abs(rest - 0.5) <= RELATIVE_TOLERANCE * np.maximum(np.abs(scaled), 1.0)
    up = np.where(tie, np.mod(floor, 2.0) == 1.0, rest > 0.5)
    return np.where(np.abs(scaled) < _EXACT_BELOW, (floor + up) / power, values)
