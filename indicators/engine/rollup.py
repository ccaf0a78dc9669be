"""Roll-up of ratings by any key: counts, coverage, score and the cell's own colour.

Source: attainment rules section 6. What is added up are integers (ratios in units of 10^-9), so that a sum
is the same in any order, and a cell moved by the difference equals a recount bit for bit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, Floats
from .target import Gap, Rating

UNITS = 1e9
"""The whole units that a weight of 1 is counted in; sums are exact up to a total weight of 9 x 10^9."""

Integers = NDArray[np.int64]


class Outcome(IntEnum):
    """What a result counts as in a roll-up: its colour, or the gap behind its grey."""

    GREEN = 0
    AMBER = 1
    RED = 2
    NOT_DUE = 3
    AWAITING = 4
    NOT_REPORTED = 5
    NOT_APPLICABLE = 6
    NOT_COMPUTABLE = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """Additive columns of m results or m cells; every array is int64.

    Shapes: `counts` (m, 8) by Outcome, all others (m,). `vetoes` counts red veto targets. `attained` is
    the sum of w x min(r, 1), `weight_rated` of w over the rated, `weight_due` of w over the rated and the unreported,
    all in units of 10^-9. Two of them add up and subtract column by column.
    """

    counts: Integers
    vetoes: Integers
    attained: Integers
    weight_rated: Integers
    weight_due: Integers

    def __len__(self) -> int:
        return len(self.vetoes)

    def __add__(self, other: Self) -> Self:
        return self._with(other, np.add)

    def __sub__(self, other: Self) -> Self:
        return self._with(other, np.subtract)

    def _with(self, other: Self, ufunc: np.ufunc) -> Self:
        return type(self)(**{name: ufunc(getattr(self, name), getattr(other, name)) for name in self.__slots__})

    @property
    def rated(self) -> Integers:
        """Number of results with a colour."""
        return np.asarray(self.counts[:, : Outcome.RED + 1].sum(axis=1), dtype=np.int64)

    @property
    def reported(self) -> Integers:
        """Number of due results with a figure: the rated, and those that cannot be computed."""
        return self.rated + self.counts[:, Outcome.NOT_COMPUTABLE]

    @property
    def due(self) -> Integers:
        """Number of results that were asked for: the reported and the unreported.

        Not due, not applicable and awaiting something from above asks nothing of the one who reports.
        """
        return self.reported + self.counts[:, Outcome.NOT_REPORTED]


def contributions(
    *, rating: NDArray[np.int8], gap: NDArray[np.int8], ratio: Floats, weight: Floats, veto: Bools
) -> Contributions:
    """Return what each of m results adds to every cell that contains it; all arrays are (m,).

    Codes are Rating and Gap; `ratio` NaN where there is no rating; `weight` a pure number, absent (NaN) or
    negative counts as 0. Source: attainment rules section 6.
    """
    attained, weight_rated, weight_due = _weigh(gap, ratio=ratio, weight=weight)
    return Contributions(
        counts=(_outcomes(rating, gap)[:, None] == np.arange(len(Outcome))).astype(np.int64),
        vetoes=(veto & (rating == Rating.RED)).astype(np.int64),
        attained=attained,
        weight_rated=weight_rated,
        weight_due=weight_due,
    )


def group(keys: Sequence[NDArray[np.integer]]) -> tuple[Integers, NDArray[np.intp]]:
    """Return the combinations of keys that occur, and each result's place among them.

    Shapes: every key (m,), of any integer type; the result (g, number of keys), in ascending order, and (m,).
    """
    stacked = np.stack([np.asarray(key, dtype=np.int64) for key in keys], axis=1)
    cells, place = np.unique(stacked, axis=0, return_inverse=True)
    return cells, place.reshape(-1)


def roll_up(
    place: NDArray[np.intp],
    cells: int,
    *,
    rating: NDArray[np.int8],
    gap: NDArray[np.int8],
    ratio: Floats,
    weight: Floats,
    veto: Bools,
) -> Contributions:
    """Return the sums of m results over `cells` cells; `place` (m,) is the cell of each result.

    The same as `add_up(contributions(...))`, without a row of sums for each result.
    """
    attained, weight_rated, weight_due = _weigh(gap, ratio=ratio, weight=weight)
    counted = np.bincount(place * len(Outcome) + _outcomes(rating, gap), minlength=cells * len(Outcome))
    return Contributions(
        counts=counted.reshape(cells, len(Outcome)).astype(np.int64),
        vetoes=np.bincount(place[veto & (rating == Rating.RED)], minlength=cells).astype(np.int64),
        attained=_sum_by(attained, place=place, cells=cells),
        weight_rated=_sum_by(weight_rated, place=place, cells=cells),
        weight_due=_sum_by(weight_due, place=place, cells=cells),
    )


def add_up(parts: Contributions, *, place: NDArray[np.intp], cells: int) -> Contributions:
    """Return the sums of m cells (or results) over `cells` larger cells; `place` (m,) is the cell of each."""
    return Contributions(**{name: _sum_by(getattr(parts, name), place=place, cells=cells) for name in parts.__slots__})


def _outcomes(rating: NDArray[np.int8], gap: NDArray[np.int8]) -> NDArray[np.intp]:
    """Return the Outcome of each result."""
    return np.where(gap == Gap.NONE, rating - 1, gap + np.int8(Outcome.RED)).astype(np.intp)


def _weigh(gap: NDArray[np.int8], *, ratio: Floats, weight: Floats) -> tuple[Integers, Integers, Integers]:
    """Return what each result adds to attained, weight_rated and weight_due, in units."""
    rated = gap == Gap.NONE
    weight = np.where(weight > 0.0, weight, 0.0)
    units = _in_units(weight)
    attained = _in_units(weight * np.where(rated, np.minimum(ratio, 1.0), 0.0))
    return attained, np.where(rated, units, 0), np.where(rated | (gap == Gap.NOT_REPORTED), units, 0)


def _in_units(numbers: Floats) -> Integers:
    """Return the numbers as whole units."""
    return np.rint(numbers * UNITS).astype(np.int64)


def _sum_by(terms: Integers, *, place: NDArray[np.intp], cells: int) -> Integers:
    """Return the sum of the terms of each cell, in integers throughout."""
    sums = np.zeros((cells, *terms.shape[1:]), dtype=np.int64)
    np.add.at(sums, place, terms)
    return sums
