"""The rest-of-year calculator: what the remaining quarters must bring, and how much failure they can bear.

Every accumulated value is a total over a weight: a sum over 1, a mean over its quarters, a ratio over its cases. So
the total that is still needed is level × weight at the end ÷ multiplier − total so far, in each of the three.
Source: screens.md “rest-of-year calculator”; attainment rules section 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, Floats
from .outlook import Standing, met_between
from .quantity import equals, exceeds, reaches
from .target import Accumulation, TargetColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What the rest has to bring for the level to be met; every column has the shape (n,).

    `least`, `most`: bounds of its total, in the terms of `Standing.so_far`; infinite where there is no such bound.
    `strict`: the bounds themselves do not do. `least_a_quarter`, `most_a_quarter`: the same spread evenly. `grain`:
    the size of the terms of which the bounds are differences, see `quantity.tolerance`.
    NaN where the level is unknown, the accumulation is neither sum nor mean nor ratio, or no quarter remains.
    """

    least: Floats
    most: Floats
    strict: Bools
    least_a_quarter: Floats
    most_a_quarter: Floats
    grain: Floats


def needed_from_rest(targets: TargetColumns, standing: Standing, *, further_cases: Floats) -> Need:
    """Return what the remaining quarters must bring in total and on average.

    Shapes: n rows each; `further_cases` (n,) is the denominator that the rest is assumed to bring to a RATIO (see
    `cases_by_pace`, `cases_as_last_year`), unused otherwise. A `least` below zero is met whatever comes.
    """
    floor, ceiling, strict = met_between(targets)
    weight = _final_weight(standing, further_cases)
    weight = weight / np.where(standing.accumulation == Accumulation.RATIO, targets.multiplier, 1.0)
    remaining = np.where(standing.remaining > 0, standing.remaining, np.nan)
    weight = np.where(standing.remaining > 0, weight, np.nan)
    least, most = floor * weight - standing.so_far, ceiling * weight - standing.so_far
    return Need(
        least=least,
        most=most,
        strict=strict,
        least_a_quarter=least / remaining,
        most_a_quarter=most / remaining,
        grain=np.abs(targets.level * weight) + np.abs(standing.so_far),
    )


def least_whole(need: Need) -> Floats:
    """Return the smallest whole total that does, shape (n,): more than 93 takes 94, at least 93 takes 93."""
    return _whole_over(need.least, strict=need.strict, grain=need.grain)


def most_whole(need: Need) -> Floats:
    """Return the largest whole total that does, shape (n,): less than 7 allows 6, at most 7 allows 7."""
    return -_whole_over(-need.most, strict=need.strict, grain=need.grain)


def bearable_failures(need: Need, *, further_cases: Floats) -> Floats:
    """Return how many of the further cases of a pass rate may fail, a whole number, shape (n,).

    Negative where even without a failure that many passes are missing; infinite where no lower bound binds.
    """
    return -_whole_over(need.least - further_cases, strict=need.strict, grain=need.grain + further_cases)


def passes_to_recover(targets: TargetColumns, standing: Standing) -> Floats:
    """Return how many further cases, all passed, bring a share up to its lower bound; a whole number, shape (n,).

    0 where it stands there already, infinite where no number does (a missed 100 %), NaN where it is not a ratio,
    has no lower bound or none is known. Closed form: (V·cases − passes) / (1 − V), for each passed case brings 1 − V
    beyond its own part.
    """
    floor, _, strict = met_between(targets)
    ratio = (standing.accumulation == Accumulation.RATIO) & ~np.isneginf(floor)
    level = np.where(ratio, floor / targets.multiplier, np.nan)
    short, gain = level * standing.weight - standing.so_far, 1.0 - level
    grain = np.abs(level * standing.weight) + np.abs(standing.so_far)
    stands = np.where(strict, exceeds(-short, 0.0 * short, grain=grain), reaches(-short, 0.0 * short, grain=grain))
    stands &= standing.weight > 0.0
    recovers = np.where(gain > 0.0, gain, np.nan)
    cases = np.maximum(_whole_over(short / recovers, strict=strict, grain=grain / recovers), 1.0)
    never = np.where(gain > 0.0, cases, np.where((gain == 0.0) & (short == 0.0) & ~strict, 1.0, np.inf))
    return np.where(np.isnan(short), np.nan, np.where(stands, 0.0, never))


def cases_by_pace(cases: Floats, *, quarters: NDArray[np.integer], remaining: NDArray[np.integer]) -> Floats:
    """Return the cases the rest brings at the pace so far: cases ÷ quarters × remaining; NaN before the first."""
    return np.asarray(cases / np.where(quarters > 0, quarters, np.nan) * remaining)


def cases_as_last_year(last_year: Floats, *, remaining: NDArray[np.integer]) -> Floats:
    """Return the cases of last year's last `remaining` quarters; NaN where one of them is absent.

    Shapes: `last_year` (n, 4), denominators of its quarters; `remaining` (n,), 0 to 4.
    """
    taken = np.arange(4) >= 4 - remaining[:, None]
    return np.asarray(np.where(taken, last_year, 0.0).sum(axis=1))


def _final_weight(standing: Standing, further_cases: Floats) -> Floats:
    """Return the weight at the end: 1, the quarters of a mean, the cases of a ratio; NaN for the others."""
    kinds = [
        (Accumulation.SUM, np.ones(len(standing.so_far))),
        (Accumulation.MEAN, standing.weight + standing.remaining),
        (Accumulation.RATIO, standing.weight + further_cases),
    ]
    return np.select([standing.accumulation == kind for kind, _ in kinds], [weight for _, weight in kinds], np.nan)


def _whole_over(bound: Floats, *, strict: Bools, grain: Floats) -> Floats:
    """Return the smallest whole number at or over each bound, over it where strict, whole judged in decimal."""
    near = np.rint(bound)
    with np.errstate(invalid="ignore"):  # infinite bounds stay
        whole = equals(bound, near, grain=grain)
    return np.where(whole, near + strict, np.ceil(bound))
