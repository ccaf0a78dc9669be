"""What small numbers can bear: intervals of shares, a rule for "too small to rank", limits of a funnel.

Two failures of twenty and two hundred of two thousand are both 90 %, but only the second says so.
Source: Wilson, JASA 22 (1927) 209-212; Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from .figures import Bools, Floats

CONFIDENCE = 0.95
OUTER_CONFIDENCE = 0.998  # the funnel's "alarm" next to its "alert"
RANKED_FROM = 30  # cases
HALF_WIDTH_AT_MOST = 0.10  # ten percentage points either side


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper ends, pure shares from 0 to 1, shape (n,) each; NaN where there is no interval."""

    low: Floats
    high: Floats


def wilson_interval(successes: Floats, cases: Floats, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the Wilson score interval of each share, which always contains the share itself.

    Shapes: (n,) each. Absence: NaN where a count is absent, where there is no case, or where the counts are
    no share (successes below 0 or above the cases).
    """
    z = two_sided_z(confidence)
    valid = (cases > 0.0) & (successes >= 0.0) & (successes <= cases)
    n = np.where(valid, cases, np.nan)
    share = successes / n
    centre = (share + z**2 / (2.0 * n)) / (1.0 + z**2 / n)
    half = z / (1.0 + z**2 / n) * np.sqrt(share * (1.0 - share) / n + (z / (2.0 * n)) ** 2)
    # Rounding must not put the share outside its own interval at 0, at 1, or for millions of cases.
    return Interval(np.clip(centre - half, 0.0, share), np.clip(centre + half, share, 1.0))


def is_too_small_to_rank(
    successes: Floats,
    cases: Floats,
    *,
    ranked_from: float = RANKED_FROM,
    half_width_at_most: float = HALF_WIDTH_AT_MOST,
    confidence: float = CONFIDENCE,
) -> Bools:
    """Say which shares rest on too few cases to be ranked or rewarded: flag SMALL_NUMBERS.

    Shapes: (n,) each. Too small: fewer than `ranked_from` cases, or a Wilson interval that reaches further than
    `half_width_at_most` (a pure share) on average to either side. Absence: False where the number of cases is
    absent, for that is a gap and not a small number; no case at all is too small.
    """
    interval = wilson_interval(successes, cases, confidence=confidence)
    wide = (interval.high - interval.low) / 2.0 > half_width_at_most
    return (cases < ranked_from) | wide


def funnel_limits(expected: Floats, cases: Floats, *, confidence: float = CONFIDENCE) -> Interval:
    """Return between which shares chance alone leaves a unit with so many cases, if `expected` holds for all.

    Shapes: `expected` (pure share) and `cases` broadcast. The score test's limits expected ± z·√(p(1 − p)/n), cut at 0
    and 1. Absence: NaN where an input is absent, no case, or an expectation outside 0 to 1.
    Use 0.95 for the inner and 0.998 for the outer limits.
    """
    valid = (cases > 0.0) & (expected >= 0.0) & (expected <= 1.0)
    p = np.where(valid, expected, np.nan)
    half = two_sided_z(confidence) * np.sqrt(p * (1.0 - p) / np.where(valid, cases, np.nan))
    return Interval(np.clip(p - half, 0.0, 1.0), np.clip(p + half, 0.0, 1.0))


def two_sided_z(confidence: float) -> float:
    """Return the normal quantile that leaves (1 − confidence)/2 on either side; ValueError outside 0 to 1."""
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"{confidence} is not a confidence; use a number between 0 and 1.")
    return NormalDist().inv_cdf(0.5 + confidence / 2.0)
