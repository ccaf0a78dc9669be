"""The expected level of every quarter: the path from the start to the target's level at its due quarter.

Source: attainment rules section 2. After the due quarter the expectation stays; before the first quarter
the target is not applicable.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, Floats, Rows
from .period import number_of, year_of
from .target import Accumulation, Basis, Comparator, Input, Path, RatioRule, TargetColumns, Window, rows_of

# Measured from the baseline: they start at 0.
FROM_BASELINE = (Basis.AVERAGE_GROWTH, Basis.GROWTH_ON_BASELINE, Basis.REDUCTION, Basis.POINTS)
_ROW_STRIDE = 1 << 20  # above every ordinal: interpolation never runs from one row into the next

Quarters = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of each target in each quarter; arrays are (n, Q) unless said otherwise.

    `expected` is E in the unit of the level, the lower bound for `between`, whose upper bound is
    `expected_hi` (NaN for other comparators). NaN where nothing is expected or an input is awaited.
    `level` and `level_hi` (n,) are V, NaN while awaited. `elapsed` is k, not capped at `total` (n,),
    which is n. `start` (n,) is the path's level in the quarter before the first one.
    `awaited` and `fault` are Input codes.
    """

    expected: Floats
    expected_hi: Floats
    level: Floats
    level_hi: Floats
    elapsed: NDArray[np.int32]
    total: NDArray[np.int32]
    start: Floats
    not_due: Bools
    not_applicable: Bools
    awaited: NDArray[np.int8]
    fault: NDArray[np.int8]


@np.errstate(all="ignore")
def expect(targets: TargetColumns, quarters: Quarters, *, shares: Floats | None = None) -> Expected:
    """Return the expected level of every target in every quarter (ordinals, shape (Q,)). Errors: none.

    `shares` (n, Q) are the season's shares of the quarters (`season.spread_shares`), NaN while they are awaited;
    without them, those that the plans give.
    `between`: only the bound that the start still lies outside of moves along the path; the other one
    holds from the beginning, because having one of "1 to 3" early is not a miss.
    """
    shape = (len(targets), len(quarters))
    elapsed = quarters - targets.first_quarter[:, None] + 1
    known = ~targets.awaiting_level
    banded = targets.comparator == Comparator.BETWEEN
    out = Expected(
        expected=np.full(shape, np.nan),
        expected_hi=np.full(shape, np.nan),
        level=np.where(known & np.isfinite(targets.level), targets.level, np.nan),
        level_hi=np.where(known & banded & np.isfinite(targets.level_hi), targets.level_hi, np.nan),
        elapsed=elapsed,
        total=np.maximum(targets.due_quarter - targets.first_quarter + 1, 1),
        start=path_start(targets),
        not_due=np.zeros(shape, dtype=np.bool_),
        not_applicable=elapsed < 1,
        awaited=np.zeros(shape, dtype=np.int8),
        fault=np.zeros(shape, dtype=np.int8),
    )
    for path in np.unique(targets.path):
        rows = rows_of(targets.path, path)
        _expect_along(out, targets, quarters=quarters, rows=rows, path=Path(path), shares=shares)
    out.expected[out.not_applicable] = np.nan
    out.expected_hi[out.not_applicable] = np.nan
    return out


def path_start(targets: TargetColumns) -> Floats:
    """Return the level in the quarter before the first one, shape (n,); NaN while the baseline is awaited.

    0 for a sum since the start (also one since the start of the only year), and for a basis that is
    measured from the baseline; otherwise the baseline.
    """
    one_year = year_of(targets.first_quarter) == year_of(targets.due_quarter)
    since_start = targets.window == Window.SINCE_START
    since_start |= (targets.window == Window.YEAR_TO_DATE) & one_year
    counted = since_start & (targets.accumulation == Accumulation.SUM) & (targets.basis == Basis.LEVEL)
    baseline = np.where(np.isfinite(targets.baseline), targets.baseline, np.nan)
    return np.where(counted | np.isin(targets.basis, FROM_BASELINE), 0.0, baseline)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leg:
    """The rows of one path with the bound that they approach; arrays are (g, 1) or (g, Q)."""

    targets: TargetColumns
    quarters: Quarters
    start: Floats
    level: Floats
    elapsed: NDArray[np.int32]  # capped at total
    total: NDArray[np.int32]
    shares: Floats | None  # where the path is seasonal


def _expect_along(
    out: Expected, targets: TargetColumns, *, quarters: Quarters, rows: Rows, path: Path, shares: Floats | None
) -> None:
    """Fill the rows of one path, and name what they await."""
    chosen = targets if isinstance(rows, slice) else targets.take(rows)
    start, level, level_hi = out.start[rows, None], out.level[rows, None], out.level_hi[rows, None]
    banded = (chosen.comparator == Comparator.BETWEEN)[:, None]
    leg = _Leg(
        targets=chosen,
        quarters=quarters,
        start=np.where(banded & (start > level), level, start),
        level=level,
        elapsed=np.minimum(out.elapsed[rows], out.total[rows, None]),
        total=out.total[rows, None],
        shares=None if shares is None else shares[rows],
    )
    expected = _finite(_PATHS[path](leg))
    out.expected[rows] = expected
    if banded.any():
        upper = replace(leg, start=np.where(start < level_hi, level_hi, start), level=level_hi)
        out.expected_hi[rows] = _finite(_UPPER_PATHS.get(path, _PATHS[path])(upper))
    out.awaited[rows] = _awaited(leg, level_hi=level_hi, banded=banded, path=path)
    silent = np.isnan(expected) & (out.awaited[rows] == Input.NONE)
    out.not_due[rows] = leg.elapsed < leg.total if path is Path.AT_DUE else silent & (path is Path.SCHEDULED)
    out.fault[rows] = np.where(silent & (path is Path.COMPOUND), Input.BASELINE, Input.NONE)


def _awaited(leg: _Leg, *, level_hi: Floats, banded: Bools, path: Path) -> NDArray[np.int8]:
    """Return which Input each target awaits in each quarter, NONE where the expectation is complete."""
    awaited = np.zeros(leg.elapsed.shape, dtype=np.int8)
    from_baseline = leg.targets.ratio_rule[:, None] == RatioRule.FROM_BASELINE
    if path is Path.SEASONAL:
        awaited[~np.isfinite(_shares(leg))] = Input.SEASON
    needs_start = from_baseline | ((leg.elapsed < leg.total) & (path in (Path.LINEAR, Path.COMPOUND)))
    awaited[needs_start & np.isnan(leg.start)] = Input.BASELINE
    awaited[np.broadcast_to(banded & np.isnan(level_hi), awaited.shape)] = Input.LEVEL_HI
    awaited[np.broadcast_to(np.isnan(leg.level), awaited.shape)] = Input.LEVEL
    return awaited


def _hold(leg: _Leg) -> Floats:
    """V in every quarter."""
    return np.broadcast_to(leg.level, leg.elapsed.shape)


def _at_due(leg: _Leg) -> Floats:
    """V from the due quarter on, nothing before."""
    return np.where(leg.elapsed < leg.total, np.nan, leg.level)


def _linear(leg: _Leg) -> Floats:
    """B + (V - B) k/n, exactly V at the end whatever B."""
    between = (leg.start * (leg.total - leg.elapsed) + leg.level * leg.elapsed) / leg.total
    return np.where(leg.elapsed < leg.total, between, leg.level)


def _compound(leg: _Leg) -> Floats:
    """B (V/B)^(k/n), exactly V at the end; NaN before it unless both are above 0."""
    factor = np.where((leg.start > 0.0) & (leg.level > 0.0), leg.level / leg.start, np.nan)
    between = leg.start * factor ** (leg.elapsed / leg.total)
    return np.where(leg.elapsed < leg.total, between, leg.level)


def _annual(leg: _Leg) -> Floats:
    """V x (quarter number)/4 for a sum of the year to date; V for a level."""
    summed = _is_summed(leg)[:, None] & (leg.targets.window == Window.YEAR_TO_DATE)[:, None]
    return np.where(summed, leg.level * number_of(leg.quarters) / 4.0, leg.level)


def _seasonal(leg: _Leg) -> Floats:
    """V x the quarter's share: cumulative for a sum, relative to the year's level for anything else."""
    return leg.level * _shares(leg)


def _seasonal_above(leg: _Leg) -> Floats:
    """The year's upper bound for a sum; the seasonal level for anything else."""
    return np.where(_is_summed(leg)[:, None], leg.level, _seasonal(leg))


def _scheduled(leg: _Leg) -> Floats:
    """The interim levels of the plan, linear between them, from the start (if known) to V when due.

    All rows are interpolated in one call: each row has its own stretch of one long axis.
    """
    first, due = leg.targets.first_quarter, leg.targets.due_quarter
    rows = np.arange(len(first))
    owner, quarter, interim = leg.targets.schedule.T
    owner = owner.astype(np.intp)
    kept = np.isfinite(interim) & (quarter >= first[owner]) & (quarter < due[owner])
    begun = np.isfinite(leg.start[:, 0])
    at = [rows[begun] * _ROW_STRIDE + first[begun] - 1, owner[kept] * _ROW_STRIDE + quarter[kept]]
    knots = np.concatenate([*at, rows * _ROW_STRIDE + due])
    levels = np.concatenate([leg.start[begun, 0], interim[kept], leg.level[:, 0]])
    order = np.argsort(knots, kind="stable")
    knots, levels = knots[order], levels[order]
    asked = rows[:, None] * _ROW_STRIDE + np.minimum(leg.quarters, due[:, None])
    earliest = knots[np.searchsorted(knots, rows * _ROW_STRIDE)][:, None]
    return np.where(asked >= earliest, np.interp(asked, knots, levels), np.nan)


def _shares(leg: _Leg) -> Floats:
    """Return the season's share of every quarter, shape (g, Q)."""
    return leg.shares if leg.shares is not None else leg.targets.season[:, number_of(leg.quarters) - 1]


def _is_summed(leg: _Leg) -> Bools:
    """Say which rows add their quarters up, shape (g,)."""
    return np.asarray(leg.targets.accumulation == Accumulation.SUM)


def _finite(levels: Floats) -> Floats:
    """Return the levels with NaN for an infinity."""
    return np.where(np.isfinite(levels), levels, np.nan)


_PATHS: dict[Path, Callable[[_Leg], Floats]] = {
    Path.HOLD: _hold,
    Path.LINEAR: _linear,
    Path.ANNUAL: _annual,
    Path.SCHEDULED: _scheduled,
    Path.COMPOUND: _compound,
    Path.AT_DUE: _at_due,
    Path.SEASONAL: _seasonal,
}

_UPPER_PATHS: dict[Path, Callable[[_Leg], Floats]] = {
    Path.ANNUAL: _hold,
    Path.SCHEDULED: _hold,
    Path.SEASONAL: _seasonal_above,
}
"""Where the upper bound of `between` takes another path than the lower one: the year's cap holds all year."""
