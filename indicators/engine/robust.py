"""Medians and spreads that a few wild figures do not move, by row and by group.

Source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), for the modified z-score.
"""

import numpy as np
from numpy.typing import NDArray

from .figures import Floats

_TO_SIGMA = 1.4826  # median absolute deviation of a normal distribution, to its standard deviation


def median(rows: Floats) -> Floats:
    """Return the median of each row of (n, H) without its NaN, shape (n,); NaN where a row has no number.

    Twice as fast as `np.nanmedian`, which works on masked copies.
    """
    if rows.shape[1] == 0:
        return np.full(len(rows), np.nan)
    ordered = np.sort(rows, axis=1)  # NaN goes last
    last = np.maximum(np.count_nonzero(~np.isnan(rows), axis=1) - 1, 0)
    each = np.arange(len(rows))
    return _halfway(ordered[each, last // 2], ordered[each, (last + 1) // 2])


def median_by_group(values: Floats, group: NDArray[np.integer]) -> Floats:
    """Return for each of n values the median of the values of its group, shape (n,).

    Absence: NaN values do not count; NaN for a group without any. Groups are any integers.
    """
    names, of_row = np.unique(group, return_inverse=True)
    order = np.lexsort((values, of_row))  # by group, then by value, NaN last in its group
    start = np.searchsorted(of_row[order], np.arange(len(names)))
    last = np.maximum(count_by_group(values, group, of_row=of_row) - 1, 0)
    ordered = values[order]
    medians = _halfway(ordered[start + last // 2], ordered[start + (last + 1) // 2])
    return medians[of_row]


def count_by_group(
    values: Floats, group: NDArray[np.integer], *, of_row: NDArray[np.intp] | None = None
) -> NDArray[np.intp]:
    """Return how many numbers each group has: by group if `of_row` numbers the groups, else by row, shape (n,)."""
    numbered = np.unique(group, return_inverse=True)[1] if of_row is None else of_row
    counts = np.bincount(numbered, weights=~np.isnan(values)).astype(np.intp)
    return counts[numbered] if of_row is None else counts


def modified_z(values: Floats, *, centre: Floats, spread: Floats, spread_at_least: Floats) -> Floats:
    """Return how many robust standard deviations each value lies from its centre, with its sign.

    Shapes: all (n,). `spread` is the median absolute deviation, `spread_at_least` a floor for the standard deviation,
    so that a series that never moved does not make every movement an outlier. NaN where anything is absent.
    Source: Iglewicz and Hoaglin (1993), limit 3.5.
    """
    sigma = np.maximum(_TO_SIGMA * spread, spread_at_least)
    away = values - centre
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(away == 0.0, away, away / sigma)


def _halfway(low: Floats, high: Floats) -> Floats:
    return np.asarray(0.5 * low + 0.5 * high)
