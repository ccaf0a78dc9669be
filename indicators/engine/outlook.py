"""What the remaining quarters can still change: the point of no return and the point of certainty.

From what stands so far and from bounds on what a quarter can bring (a quarter has 92 days, a share counts at most all
of its cases) follows the range in which the final value must lie. No part of it meets the level: out of reach. All of
it does: certain. Quantities count as continuous, so `between` is never called out of reach wrongly.
Source: attainment rules sections 3 and 5 (`achieved`, OUT_OF_REACH, CERTAIN).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, Floats
from .period import days_in
from .quantity import exceeds, reaches, round_half_even
from .target import Accumulation, Basis, Comparator, CompareOn, Scale, TargetColumns

_HUGE = 1e300  # stands for no bound; infinities would not survive the tolerance of equality


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the figures have brought so far, and what may come; n rows, R quarters ahead at most.

    `so_far` (n,): the sum of the quarters for SUM and MEAN (0 before the first), the numerator for RATIO, the value
    itself for LAST, MAX and MIN (NaN where none yet). `weight` (n,): the number of quarters behind a MEAN, the
    denominator of a RATIO, unused otherwise; neither count of a RATIO is negative. `remaining` (n,): how many quarters
    are to come, 0 to R.
    `low`, `high` (n, R): the least and the most the next, the second next … quarter can bring, in the same terms as
    `so_far`, NaN where unbounded; for RATIO `high` is the most cases (denominator) it can bring and `low` unused.
    `share` (n,): a RATIO whose numerator is part of its denominator.
    """

    accumulation: NDArray[np.int8]
    so_far: Floats
    weight: Floats
    remaining: NDArray[np.integer]
    low: Floats
    high: Floats
    share: Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalRange:
    """The range of the final value, in the indicator's unit, shape (n,); infinite where unbounded.

    An open end is approached without being reached. NaN where nothing can be said.
    """

    low: Floats
    high: Floats
    low_open: Bools
    high_open: Bools


@dataclass(frozen=True, slots=True)
class Outlook:
    """Two columns of n: `out_of_reach`, no possible rest meets the level; `certain`, every possible rest does.

    Neither where level or range are unknown. With no quarter remaining, one of them says whether it was met.
    """

    out_of_reach: Bools
    certain: Bools


def find_outlook(targets: TargetColumns, standing: Standing) -> Outlook:
    """Return for each target whether its level is out of reach or certain.

    Shapes: n rows each. Only for levels that are compared as they are (basis LEVEL): for others neither is said.
    Exclusive comparators count strictly, rounded comparison rounds the range first.
    """
    return judge(final_range(standing, multiplier=targets.multiplier), targets)


def bound_quarters(
    targets: TargetColumns, *, newest: NDArray[np.integer], ahead: int, in_days: Bools
) -> tuple[Floats, Floats]:
    """Return the least and the most that each of the quarters ahead can bring by its nature, each (n, ahead).

    A count brings nothing below 0, days no more than the quarter has (`in_days` (n,)), a milestone lies from 0 to 100;
    `newest` (n,) is the ordinal of the quarter in which a row stands. NaN where nothing bounds it: a rate may be one of
    growth.
    """
    shape = (len(targets), ahead)
    milestone = np.broadcast_to((targets.scale == Scale.MILESTONE)[:, None], shape)
    counted = (targets.scale == Scale.CONTINUOUS) & (targets.decimals == 0)
    days = np.array([[days_in(int(first) + lag) for lag in range(1, ahead + 1)] for first in newest], dtype=np.float64)
    low = np.where(milestone | (counted | in_days)[:, None], 0.0, np.nan)
    high = np.where(milestone, 100.0, np.where(in_days[:, None], days.reshape(shape), np.nan))
    return low, high


def final_range(standing: Standing, *, multiplier: Floats) -> FinalRange:
    """Return where the final value can lie. `multiplier` (n,) scales a RATIO (100 for per cent)."""
    ahead = np.arange(standing.low.shape[1]) < standing.remaining[:, None]
    low, high = _ends(standing, ahead)
    closed = np.zeros(len(low), dtype=np.bool_)
    final = FinalRange(low=low, high=high, low_open=closed, high_open=closed.copy())
    return _with_ratios(final, standing, ahead=ahead, multiplier=multiplier)


def judge(final: FinalRange, targets: TargetColumns) -> Outlook:
    """Return what a range of final values means for the targets' levels; see `find_outlook`."""
    floor, ceiling, strict = met_between(targets)
    final = _compared(final, targets)
    low, high = final.low, final.high
    known = ~(np.isnan(low) | np.isnan(high) | np.isnan(floor) | np.isnan(ceiling))
    possible = _over(high, floor, strict=strict | final.high_open)
    possible &= _over(-low, -ceiling, strict=strict | final.low_open)
    certain = _over(low, floor, strict=strict & ~final.low_open)
    certain &= _over(-high, -ceiling, strict=strict & ~final.high_open)
    return Outlook(out_of_reach=known & ~possible, certain=known & certain)


def met_between(targets: TargetColumns) -> tuple[Floats, Floats, Bools]:
    """Return the lowest and the highest value that meets each target, and whether these ends are excluded.

    Shapes: (n,) each; an end that does not bind is infinite. NaN where the level is awaited, or where the level is not
    compared as it is (basis other than LEVEL). Source: attainment rules section 3.
    """
    comparator, level = targets.comparator, targets.level
    known = (targets.basis == Basis.LEVEL) & ~targets.awaiting_level
    upwards = (comparator == Comparator.AT_LEAST) | (comparator == Comparator.ABOVE)
    downwards = (comparator == Comparator.AT_MOST) | (comparator == Comparator.BELOW)
    floor = np.where(downwards, -np.inf, level)
    ceiling = np.where(upwards, np.inf, np.where(comparator == Comparator.BETWEEN, targets.level_hi, level))
    strict = (comparator == Comparator.ABOVE) | (comparator == Comparator.BELOW)
    return np.where(known, floor, np.nan), np.where(known, ceiling, np.nan), strict


def _ends(standing: Standing, ahead: Bools) -> tuple[Floats, Floats]:
    """Return the ends of the range for everything but ratios."""
    unbounded_low = np.where(np.isnan(standing.low), -np.inf, standing.low)
    unbounded_high = np.where(np.isnan(standing.high), np.inf, standing.high)
    ends = []
    for bound in (unbounded_low, unbounded_high):
        end = standing.so_far + np.where(ahead, bound, 0.0).sum(axis=1)
        quarters = standing.weight + standing.remaining
        mean = end / np.where(quarters > 0, quarters, np.nan)
        kinds = [
            (Accumulation.MEAN, mean),
            (Accumulation.LAST, _last(standing, bound)),
            (Accumulation.MAX, np.fmax(standing.so_far, _reduced(np.fmax, bound, ahead=ahead))),
            (Accumulation.MIN, np.fmin(standing.so_far, _reduced(np.fmin, bound, ahead=ahead))),
        ]
        ends.append(np.select([standing.accumulation == kind for kind, _ in kinds], [end for _, end in kinds], end))
    return ends[0], ends[1]


def _last(standing: Standing, bound: Floats) -> Floats:
    """Return the bound of the last quarter, or what stands where no quarter remains."""
    if bound.shape[1] == 0:
        return standing.so_far
    final = np.take_along_axis(bound, np.maximum(standing.remaining - 1, 0)[:, None], axis=1)[:, 0]
    return np.where(standing.remaining > 0, final, standing.so_far)


def _reduced(ufunc: np.ufunc, bound: Floats, *, ahead: Bools) -> Floats:
    return np.asarray(ufunc.reduce(np.where(ahead, bound, np.nan), axis=1, initial=np.nan))


def _with_ratios(final: FinalRange, standing: Standing, *, ahead: Bools, multiplier: Floats) -> FinalRange:
    """Return the range with its RATIO rows filled in: all of the most cases good, or none of them.

    A share moves towards 1 or 0 with every case, so the most cases give both ends; without a bound on the cases it
    comes as near to them as one likes, and reaches them only where it stands there already.
    """
    cases = np.where(ahead, np.where(np.isnan(standing.high), np.inf, standing.high), 0.0).sum(axis=1)
    good, all_cases = standing.so_far, standing.weight
    endless = np.isinf(cases)
    whole = all_cases + np.where(endless, 0.0, cases)
    whole = np.where(whole > 0.0, whole, np.where(endless, 1.0, np.nan))
    best = np.where(endless, 1.0, (good + np.where(endless, 0.0, cases)) / whole)
    worst = np.where(endless, 0.0, good / whole)
    best = np.where(standing.share | (cases == 0.0), best, np.inf)
    best = np.where(np.isnan(good) | np.isnan(whole), np.nan, best)
    worst = np.where(np.isnan(good) | np.isnan(whole), np.nan, worst)
    ratio = standing.accumulation == Accumulation.RATIO
    return FinalRange(
        low=np.where(ratio, worst * multiplier, final.low),
        high=np.where(ratio, best * multiplier, final.high),
        low_open=ratio & endless & (good > 0.0),
        high_open=ratio & endless & (good < all_cases),
    )


def _compared(final: FinalRange, targets: TargetColumns) -> FinalRange:
    """Return the range as it is compared; a rounded end is reached, for values near enough round to it."""
    rounded = targets.compare_on == CompareOn.ROUNDED
    low, high = np.clip(final.low, -_HUGE, _HUGE), np.clip(final.high, -_HUGE, _HUGE)
    return FinalRange(
        low=np.where(rounded, round_half_even(low, targets.decimals), low),
        high=np.where(rounded, round_half_even(high, targets.decimals), high),
        low_open=final.low_open & ~rounded,
        high_open=final.high_open & ~rounded,
    )


def _over(value: Floats, bound: Floats, *, strict: Bools) -> Bools:
    """Say where a value lies at or over a bound, over it where strict; bounds may be infinite."""
    finite = np.clip(bound, -_HUGE, _HUGE)
    return np.isneginf(bound) | np.where(strict, exceeds(value, finite), reaches(value, finite))
