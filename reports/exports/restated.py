"""What the formulas between the inputs and the rating come to, by the engine's own functions.

The stored result keeps ratio, miss and margin; the helper columns need the steps between them. They are taken from
the engine, never decided here, so that a cell's stored value is what every program must compute from its formula.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indicators.engine.compare import is_met
from indicators.engine.quantity import equals, round_half_even
from indicators.engine.target import Comparator, CompareOn, Gap
from reports.exports import formulas
from reports.exports.source import Result, TargetFacts

Floats = NDArray[np.float64]
Numbers = list[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Columns of m results, None where there is nothing: units as in `Attainment`, `level_met` 1 or 0."""

    compared: Numbers
    grain: Numbers
    distance: Numbers
    distance_hi: Numbers
    level_distance: Numbers
    level_distance_hi: Numbers
    level_met: list[int | None]


def restate(results: Sequence[Result], targets: dict[int, TargetFacts]) -> Steps:
    """Return the steps of each result. Errors: none."""
    found = [targets[result.target_id].target for result in results]
    basis = np.array([target.basis for target in found], dtype=np.int8)
    comparator = np.array([result.comparator for result in results], dtype=np.int8)
    banded = comparator == Comparator.BETWEEN
    rated = np.array([result.gap == Gap.NONE for result in results], dtype=np.bool_)
    compared = _floats([result.measured for result in results])
    rounded = np.array([target.compare_on == CompareOn.ROUNDED for target in found], dtype=np.bool_)
    decimals = np.array([target.indicator.decimals for target in found], dtype=np.int8)
    with np.errstate(all="ignore"):
        compared = np.where(rounded, round_half_even(compared, decimals), compared)
        grain = _grain(results, basis)
        expected, expected_hi = _floats([r.expected for r in results]), _floats([r.expected_hi for r in results])
        level, level_hi = _floats([r.level for r in results]), _floats([r.level_hi for r in results])
        size = np.nan_to_num(grain)
        has_level = np.isfinite(compared) & np.isfinite(level) & (~banded | np.isfinite(level_hi))
        met = is_met(
            compared[:, None],
            level[:, None],
            expected_hi=level_hi[:, None],
            comparator=comparator,
            grain=size[:, None],
        )[:, 0]
        return Steps(
            compared=_numbers(compared),
            grain=_numbers(grain),
            distance=_numbers(_distance(compared, expected, size), rated),
            distance_hi=_numbers(_distance(compared, expected_hi, size), rated & banded),
            level_distance=_numbers(_distance(compared, level, size), has_level),
            level_distance_hi=_numbers(_distance(compared, level_hi, size), has_level & banded),
            level_met=[int(yes) if known else None for yes, known in zip(met, has_level, strict=True)],
        )


def _grain(results: Sequence[Result], basis: NDArray[np.int8]) -> Floats:
    """Return the size of the terms of a difference, NaN where the value is none."""
    a, b = _floats([r.accumulated for r in results]), _floats([r.reference for r in results])
    size = np.maximum(np.abs(a), np.abs(b))
    size = np.where(np.isin(basis, formulas.DIVIDED), size / b * 100.0, size)
    known = np.isin(basis, formulas.COMPARED) & (b != 0.0)
    return np.where(known, size, np.nan)


def _distance(compared: Floats, bound: Floats, grain: Floats) -> Floats:
    """Return the difference, exactly 0 where both are the same decimal number."""
    return np.where(equals(compared, bound, grain=grain), 0.0, compared - bound)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _numbers(values: Floats, where: NDArray[np.bool_] | None = None) -> Numbers:
    known = np.isfinite(values) if where is None else np.isfinite(values) & where
    return [float(value) if is_known else None for value, is_known in zip(values, known, strict=True)]
