"""Checks that hold a figure against its own history and against its peers: what wants a word.

Each takes the entered columns and the limits, and returns where it found something with the numbers that say why; the
table in `checks` names their order and their severity. None of them blocks: the unlikely happens.
Source: product.md “Entry” and “Review”; Iglewicz and Hoaglin (1993) for the modified z-score.
"""

import numpy as np
from numpy.typing import NDArray

from .check_columns import Entered, Hits, Limits, Typed, first_hits
from .figures import Bools, Floats
from .quantity import equals, exceeds
from .robust import count_by_group, median, median_by_group, modified_z

SLIPS = (1, 2, 4, -1, -2, -4)  # powers of ten: a nought, per cent for a share, 万 for 1
_DIGITS = 15  # float64 keeps fifteen decimal digits
_POWERS = 10.0 ** np.arange(_DIGITS + 1)
_THREE_SIGMA = 3.0 * 1.4826  # of a median absolute deviation
_UNAMBIGUOUS = 0.4  # powers of ten; from 0.5 on, ×10 and ×100 could not be told apart


def slipped_by_a_unit(entered: Entered, limits: Limits) -> Hits:
    """A number 10, 100 or 10 000 times its usual size, or as much smaller. Numbers: number, usual, factor, which."""
    return first_hits([_slip(typed, limits) for typed in entered.each_typed])


def has_swapped_digits(entered: Entered, _: Limits) -> Hits:
    """Last quarter's digits with two neighbours swapped, a larger change than usual. Numbers: now, before, which."""
    each = []
    for typed in entered.each_typed:
        before = typed.last
        usual = median(np.abs(np.diff(typed.before, axis=1)))
        unusual = ~(np.abs(typed.now - before) <= usual)
        swapped = _swapped(np.rint(typed.now / typed.step), np.rint(before / typed.step)) & unusual
        each.append(Hits(swapped, (typed.now, before, np.full(len(before), float(typed.which)))))
    return first_hits(each)


def copies_last_quarter(entered: Entered, limits: Limits) -> Hits:
    """The very counts of last quarter, of more cases than repeat by chance. Numbers: numerator, denominator."""
    numerator, denominator = entered.numerator.now, entered.denominator.now
    same = equals(numerator, entered.numerator.last) & equals(denominator, entered.denominator.last)
    return Hits(same & (denominator >= limits.copied_cases) & ~entered.kinds.cumulative, (numerator, denominator))


def copies_a_block(entered: Entered, limits: Limits) -> Hits:
    """A block in which every figure that usually moves repeats last quarter. Numbers: how many of them there are."""
    block, measured = entered.kinds.block, entered.measured
    moving = _usually_moves(measured.before) & (block >= 0) & ~entered.kinds.cumulative
    known = moving & ~np.isnan(measured.now) & ~np.isnan(measured.last)
    same = known & equals(measured.now, measured.last)
    known_of_block = _sum_by_group(known, block)
    whole_block = (known_of_block >= limits.block_rows) & (_sum_by_group(same, block) == known_of_block)
    return Hits(same & whole_block, (known_of_block,))


def lies_outside_its_history(entered: Entered, limits: Limits) -> Hits:
    """A modified z-score beyond the limit among its own quarters. Numbers: measured, median, z-score."""
    measured, history = entered.measured.now, entered.measured.before
    centre = median(history)
    spread = median(np.abs(history - centre[:, None]))
    z = modified_z(measured, centre=centre, spread=spread, spread_at_least=_least_spread(centre, entered, limits))
    enough = np.count_nonzero(~np.isnan(history), axis=1) >= limits.outlier_history
    return Hits(enough & (np.abs(z) > limits.z) & ~entered.kinds.cumulative, (measured, centre, z))


def differs_from_last_year(entered: Entered, limits: Limits) -> Hits:
    """Far from the same quarter a year earlier. Numbers: measured, earlier, change (of it, or of the whole)."""
    measured, kinds = entered.measured.now, entered.kinds
    earlier = entered.measured.before[:, -4]
    apart = measured - earlier
    base = np.where(kinds.share, kinds.multiplier, np.abs(earlier))
    change = apart / np.where(base > 0.0, base, np.nan)
    far = exceeds(np.abs(change), np.where(kinds.share, limits.year_points, limits.year_change))
    return Hits(far & exceeds(np.abs(apart), limits.steps_at_least * kinds.step), (measured, earlier, change))


def differs_from_its_peers(entered: Entered, limits: Limits) -> Hits:
    """A modified z-score beyond the limit among the peers of this quarter. Numbers: measured, median, z-score."""
    measured, group = entered.measured.now, entered.kinds.peers
    centre = median_by_group(measured, group)
    spread = median_by_group(np.abs(measured - centre), group)
    z = modified_z(measured, centre=centre, spread=spread, spread_at_least=_least_spread(centre, entered, limits))
    enough = (group >= 0) & (count_by_group(measured, group) >= limits.peers_at_least)
    return Hits(enough & (np.abs(z) > limits.z), (measured, centre, z))


def _slip(typed: Typed, limits: Limits) -> Hits:
    """Find slips of one typed number whose history is steady."""
    least = np.log10(limits.slip_factor)
    history = np.log10(np.where(typed.before > 0.0, typed.before, np.nan))
    usual = median(history)
    spread = median(np.abs(history - usual[:, None]))
    near = np.clip(_THREE_SIGMA * spread, least, _UNAMBIGUOUS)
    steady = spread <= least
    steady &= np.count_nonzero(~np.isnan(history), axis=1) >= limits.slip_history
    away = np.log10(np.where(typed.now > 0.0, typed.now, np.nan)) - usual
    power = np.select([np.abs(away - slip) <= near for slip in SLIPS], SLIPS, 0)
    numbers = (typed.now, 10.0**usual, 10.0**power, np.full(len(usual), float(typed.which)))
    large = np.abs(typed.now - 10.0**usual) > limits.steps_at_least * typed.step
    return Hits(steady & large & (power != 0), numbers)


def _swapped(left: Floats, right: Floats) -> Bools:
    """Say where two columns of whole numbers differ by one swap of neighbouring digits; three digits at least.

    A swap keeps how many digits there are: 1000 is not a slip of 100 (0100), it is ten times as much.
    """
    found = np.zeros(len(left), np.bool_)
    for place in range(_DIGITS - 1):
        unit = 10.0**place
        low, high = np.floor(left / unit) % 10.0, np.floor(left / unit / 10.0) % 10.0
        found |= (low != high) & (left - right == 9.0 * (high - low) * unit)
    less, more = np.minimum(left, right), np.maximum(left, right)
    as_long = np.searchsorted(_POWERS, less, side="right") == np.searchsorted(_POWERS, more, side="right")
    return np.asarray(found & as_long & (less >= 100.0) & (more < 10.0**_DIGITS))


def _usually_moves(history: Floats) -> Bools:
    """Say which rows of (n, H) changed in at least half of their steps, of two steps at least."""
    steps = np.diff(history, axis=1)
    known = np.count_nonzero(~np.isnan(steps), axis=1)
    moved = np.count_nonzero(~np.isnan(steps) & ~equals(history[:, 1:], history[:, :-1]), axis=1)
    return np.asarray((known >= 2) & (2 * moved >= known))


def _least_spread(centre: Floats, entered: Entered, limits: Limits) -> Floats:
    return np.maximum(limits.spread_at_least * np.abs(centre), entered.kinds.step)


def _sum_by_group(flags: Bools, group: NDArray[np.intp]) -> Floats:
    """Return for each row how many flags its group has."""
    of_row = np.unique(group, return_inverse=True)[1]
    return np.asarray(np.bincount(of_row, weights=flags)[of_row], np.float64)
