"""Checks that look at the figures of one quarter against each other: what contradicts itself.

Each takes the entered columns and the limits, and returns where it found something with the numbers that say why; the
table in `checks` names their order and their severity. Source: attainment rules section 1 (refused at entry).
"""

import numpy as np

from .check_columns import Entered, Hits, Limits, first_hits
from .figures import Floats
from .quantity import exceeds, stays_below


def is_infinite(entered: Entered, _: Limits) -> Hits:
    """A number that is not finite. Numbers: none, for there is none to show."""
    return Hits(entered.infinite, ())


def has_negative_denominator(entered: Entered, _: Limits) -> Hits:
    """A denominator below zero. Numbers: denominator."""
    denominator = entered.denominator.now
    return Hits(denominator < 0.0, (denominator,))


def has_negative_count(entered: Entered, _: Limits) -> Hits:
    """A numerator below zero, or a value below zero that counts or shares. Numbers: the number, which."""
    value, numerator = entered.value.now, entered.numerator.now
    bounded = entered.kinds.count | entered.kinds.share
    return first_hits(
        [
            Hits(bounded & (value < 0.0), (value, _all(value, 0))),
            Hits(numerator < 0.0, (numerator, _all(numerator, 1))),
        ]
    )


def has_half_of_its_counts(entered: Entered, _: Limits) -> Hits:
    """A numerator without a denominator, or the other way round. Numbers: numerator, denominator."""
    numerator, denominator = entered.numerator.now, entered.denominator.now
    return Hits((np.isnan(numerator) != np.isnan(denominator)) & ~entered.infinite, (numerator, denominator))


def has_cases_of_nothing(entered: Entered, _: Limits) -> Hits:
    """A denominator of zero under a numerator that is not. Numbers: numerator."""
    numerator, denominator = entered.numerator.now, entered.denominator.now
    return Hits((denominator == 0.0) & (np.abs(numerator) > 0.0), (numerator,))


def is_nothing_of_nothing(entered: Entered, _: Limits) -> Hits:
    """0 of 0, which is better said as "none this quarter". No numbers."""
    numerator, denominator = entered.numerator.now, entered.denominator.now
    return Hits((denominator == 0.0) & (numerator == 0.0), ())


def is_share_above_one(entered: Entered, _: Limits) -> Hits:
    """A share with more in its numerator than in its denominator, or above its whole. Numbers: part, whole."""
    value, numerator, denominator = (typed.now for typed in entered.each_typed)
    share, whole = entered.kinds.share, entered.kinds.multiplier
    return first_hits(
        [
            Hits(share & (denominator > 0.0) & exceeds(numerator, denominator), (numerator, denominator)),
            Hits(share & exceeds(value, whole), (value, whole)),
        ]
    )


def falls_though_cumulative(entered: Entered, _: Limits) -> Hits:
    """A cumulative number below the newest one reported before it. Numbers: now, before, which."""
    each = []
    for typed in entered.each_typed:
        before = _newest(typed.before)
        falling = entered.kinds.cumulative & stays_below(typed.now, before)
        each.append(Hits(falling, (typed.now, before, _all(before, typed.which))))
    return first_hits(each)


def is_above_its_whole(entered: Entered, _: Limits) -> Hits:
    """A part above the whole it belongs to, both of this quarter. Numbers: part, whole, row of the whole."""
    value, whole_row = entered.value.now, entered.kinds.whole
    whole = np.where(whole_row >= 0, value[whole_row], np.nan)
    return Hits(exceeds(value, whole), (value, whole, whole_row.astype(np.float64)))


def contradicts_its_counts(entered: Entered, _: Limits) -> Hits:
    """A value that is not its counts' ratio, rounded to its step. Numbers: value, ratio, numerator, denominator."""
    value, numerator, denominator = (typed.now for typed in entered.each_typed)
    ratio = numerator / np.where(denominator > 0.0, denominator, np.nan) * entered.kinds.multiplier
    apart = exceeds(np.abs(value - ratio), entered.kinds.step / 2.0, grain=np.abs(value))
    return Hits(apart, (value, ratio, numerator, denominator))


def _newest(before: Floats) -> Floats:
    """Return the newest number of each row of (n, H); NaN where there is none."""
    if before.shape[1] == 0:
        return np.full(len(before), np.nan)
    ages = np.argmax(~np.isnan(before[:, ::-1]), axis=1)
    return np.asarray(before[np.arange(len(before)), before.shape[1] - 1 - ages])


def _all(like: Floats, number: float) -> Floats:
    return np.full(len(like), float(number))
