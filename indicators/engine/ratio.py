"""The attainment ratio: how far a measured value meets a level, 1 = exactly met.

Source: attainment rules section 4. The same function gives the ratio against the expectation and the
completion against the target's level.
"""

from collections.abc import Callable

import numpy as np

from .compare import CEILINGS, FLOORS
from .figures import Bools, Floats
from .quantity import exceeds, stays_below
from .target import Comparator, RatioRule, Scale, TargetColumns, rows_of

INVERSE_CEILING = 100.0
"""E/m has no finite value at m = 0; no inverse ratio is larger than this."""

LARGEST = 1e300
"""A quotient by almost nothing stays a number."""


def attainment_ratio(
    compared: Floats, level: Floats, *, level_hi: Floats, met: Bools, start: Floats, targets: TargetColumns
) -> Floats:
    """Return how far each compared value meets a level, shape (n, Q): a pure number, 1 = exactly met.

    Shapes: `compared`, `level`, `level_hi`, `met` (n, Q), `start` (n,), the path's start, for
    `from_baseline`. Never below 0, not capped above, never infinite; NaN where value or level is absent.
    A level below 0 turns the quotient round, so that better is always more.
    """
    ratio = np.empty(compared.shape)
    for code in np.unique(targets.comparator):
        rows = rows_of(targets.comparator, code)
        ratio[rows] = _FORMS[Comparator(code)](compared[rows], level[rows], level_hi=level_hi[rows])
    _apply_inverse(ratio, compared, level=level, targets=targets)
    _apply_from_baseline(ratio, compared, level=level, start=start, targets=targets)
    ratio = np.where(met, np.maximum(ratio, 1.0), np.clip(ratio, 0.0, 1.0))
    whole = is_all_or_nothing(level, targets) & np.isfinite(compared) & np.isfinite(level)
    ratio[whole] = met[whole]
    return np.minimum(ratio, LARGEST)


def is_all_or_nothing(level: Floats, targets: TargetColumns) -> Bools:
    """Say where the ratio knows only 1 and 0: grades, yes/no, and a level of 0; shape (n, Q)."""
    whole = np.isin(targets.scale, (Scale.ORDINAL, Scale.YES_NO))[:, None]
    banded = (targets.comparator == Comparator.BETWEEN)[:, None]
    return np.asarray(whole | ((level == 0.0) & ~banded))


def is_ahead(aim: Floats, start: Floats, *, falls: Bools) -> Bools:
    """Say where the start does not meet the aim yet, so that there is a way from the one to the other."""
    return np.where(falls, stays_below(aim, start), exceeds(aim, start))


def _floor(compared: Floats, level: Floats, **_bounds: Floats) -> Floats:
    """m / E."""
    quotient = compared / level
    return np.where(level < 0.0, 2.0 - quotient, quotient)


def _ceiling(compared: Floats, level: Floats, **_bounds: Floats) -> Floats:
    """2 - m / E."""
    quotient = compared / level
    return np.where(level < 0.0, quotient, 2.0 - quotient)


def _equal(compared: Floats, level: Floats, **_bounds: Floats) -> Floats:
    """1 - |m - E| / |E|."""
    return 1.0 - np.abs(compared - level) / np.abs(level)


def _between(compared: Floats, level: Floats, *, level_hi: Floats) -> Floats:
    """1 inside; m / lo below; 2 - m / hi above; 0 outside a bound of 0."""
    below, above = compared < level, compared > level_hi
    bound = np.where(below, level, level_hi)
    outside = np.where(below, _floor(compared, level), _ceiling(compared, level_hi))
    ratio = np.where(below | above, np.where(bound == 0.0, 0.0, outside), 1.0)
    return np.where(np.isnan(compared) | np.isnan(level) | np.isnan(level_hi), np.nan, ratio)


_FORMS: dict[Comparator, Callable[..., Floats]] = {
    Comparator.AT_LEAST: _floor,
    Comparator.ABOVE: _floor,
    Comparator.AT_MOST: _ceiling,
    Comparator.BELOW: _ceiling,
    Comparator.EQUAL: _equal,
    Comparator.BETWEEN: _between,
}


def _apply_inverse(ratio: Floats, compared: Floats, *, level: Floats, targets: TargetColumns) -> None:
    """Where the programme chose it for a ceiling above 0: E / m."""
    rows = np.flatnonzero((targets.ratio_rule == RatioRule.INVERSE) & np.isin(targets.comparator, CEILINGS))
    if len(rows):
        m, ceiling = compared[rows], level[rows]
        inverse = np.where(m > 0.0, np.minimum(ceiling / m, INVERSE_CEILING), INVERSE_CEILING)
        ratio[rows] = np.where((ceiling > 0.0) & np.isfinite(m), inverse, ratio[rows])


def _apply_from_baseline(
    ratio: Floats, compared: Floats, *, level: Floats, start: Floats, targets: TargetColumns
) -> None:
    """Where the programme chose it: (m - B)/(E - B); the plain ratio where the baseline already meets E."""
    bounded = np.isin(targets.comparator, (*FLOORS, *CEILINGS))
    rows = np.flatnonzero((targets.ratio_rule == RatioRule.FROM_BASELINE) & bounded)
    if len(rows):
        m, aim, origin = compared[rows], level[rows], start[rows, None]
        falls = np.isin(targets.comparator[rows], CEILINGS)[:, None]
        ahead = is_ahead(aim, origin, falls=falls)
        ratio[rows] = np.where(ahead, (m - origin) / (aim - origin), ratio[rows])
