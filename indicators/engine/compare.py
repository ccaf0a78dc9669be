"""Met or not, and the miss in the indicator's unit. Source: attainment rules sections 3 and 5."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, Floats
from .quantity import equals, exceeds, reaches, round_half_even, stays_below, stays_within
from .target import Comparator, CompareOn, TargetColumns, rows_of

FLOORS = (Comparator.AT_LEAST, Comparator.ABOVE)
CEILINGS = (Comparator.AT_MOST, Comparator.BELOW)

_DECISIONS: dict[Comparator, Callable[..., Bools]] = {
    Comparator.AT_LEAST: reaches,
    Comparator.ABOVE: exceeds,
    Comparator.AT_MOST: stays_within,
    Comparator.BELOW: stays_below,
    Comparator.EQUAL: equals,
    Comparator.BETWEEN: reaches,  # its lower bound; the upper one is added
}

_DIRECTIONS: dict[Comparator, np.ufunc] = {
    Comparator.AT_MOST: np.negative,
    Comparator.BELOW: np.negative,
    Comparator.EQUAL: np.abs,
}


def compared_value(measured: Floats, targets: TargetColumns) -> Floats:
    """Return the value that is compared: m itself, or m rounded to the indicator's decimals; shape (n, Q).

    Only m is rounded, never the level. Source: attainment rules section 3, GB/T 8170.
    """
    rows = np.flatnonzero(targets.compare_on == CompareOn.ROUNDED)
    if not len(rows):
        return measured
    compared = measured.copy()
    compared[rows] = round_half_even(measured[rows], targets.decimals[rows, None])
    return compared


def is_met(
    compared: Floats,
    expected: Floats,
    *,
    expected_hi: Floats,
    comparator: NDArray[np.int8],
    grain: Floats | None = None,
) -> Bools:
    """Say where the compared value meets its expectation.

    Shapes: columns (n, Q) and `comparator` (n,) with Comparator codes; `grain` as in `quantity.tolerance`.
    Units: the indicator's. False where the value or the expectation is absent (the gap says why).
    `>` and `<` exclude the bound, all others include it.
    """
    met = np.zeros(compared.shape, dtype=np.bool_)
    for code in np.unique(comparator):
        rows = rows_of(comparator, code)
        size = None if grain is None else grain[rows]
        met[rows] = _DECISIONS[Comparator(code)](compared[rows], expected[rows], grain=size)
        if code == Comparator.BETWEEN:
            met[rows] &= stays_within(compared[rows], expected_hi[rows], grain=size)
    return met


def miss(
    compared: Floats,
    expected: Floats,
    *,
    expected_hi: Floats,
    comparator: NDArray[np.int8],
    met: Bools,
    grain: Floats | None = None,
) -> Floats:
    """Return d, the distance to the expectation in the indicator's unit, shape (n, Q); 0 where met.

    NaN where the value or the expectation is absent. At the excluded bound of `>` and `<` it is 0 too.
    """
    distance = expected - compared
    for code, direction in _DIRECTIONS.items():
        rows = rows_of(comparator, code)
        distance[rows] = direction(distance[rows])
    rows = np.flatnonzero(comparator == Comparator.BETWEEN)
    distance[rows] = np.maximum(distance[rows], compared[rows] - expected_hi[rows])
    rows = np.flatnonzero(np.isin(comparator, (Comparator.ABOVE, Comparator.BELOW)))
    on_bound = equals(compared[rows], expected[rows], grain=None if grain is None else grain[rows])
    distance[rows] = np.where(on_bound, 0.0, distance[rows])
    distance[met | (distance <= 0.0)] = 0.0
    return distance
