"""Medians of a few numbers for very many columns at once, by a sorting network.

A network compares the same places whatever the numbers are, so each comparison is one minimum and one maximum over all
columns: twice as fast as sorting every column for itself, and the trend is the engine's heaviest step.
Source: Batcher, Sorting networks and their applications (1968); Knuth, The Art of Computer Programming 3, 5.2.2 M.
"""

from functools import cache

import numpy as np

from .figures import Floats


def median_of_columns(rows: Floats) -> Floats:
    """Return the median of each column of (k, n) without its NaN; shape (n,), NaN for a column without any number.

    Numbers are finite.
    """
    k, n = rows.shape
    last = k - 1 - np.isnan(rows).sum(axis=0, dtype=np.int8)
    numbers = np.empty((k + 1, n))
    np.fmin(rows, np.inf, out=numbers[:k])  # minimum and maximum would spread NaN; infinity goes last
    places, spare = list(range(k)), k
    for low, high in comparators(k):
        np.minimum(numbers[places[low]], numbers[places[high]], out=numbers[spare])
        np.maximum(numbers[places[low]], numbers[places[high]], out=numbers[places[high]])
        places[low], spare = spare, places[low]
    at, each = np.array(places), np.arange(n)
    middle = 0.5 * numbers[at[last // 2], each] + 0.5 * numbers[at[(last + 1) // 2], each]
    return np.asarray(np.where(last >= 0, middle, np.nan))


@cache
def comparators(k: int) -> tuple[tuple[int, int], ...]:
    """Return the pairs of places to compare, in order, that sort `k` numbers (Knuth 5.2.2, algorithm M)."""
    pairs: list[tuple[int, int]] = []
    top = p = 1 << max(k - 1, 1).bit_length() - 1
    while p > 0:
        q, r, distance = top, 0, p
        while True:
            pairs += [(place, place + distance) for place in range(k - distance) if place & p == r]
            if q == p:
                break
            distance, q, r = q - p, q // 2, p
        p //= 2
    return tuple(pairs)
