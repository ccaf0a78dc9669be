"""From approved figures to one accumulated value for each quarter's window.

Source: attainment rules section 1. The work is grouped by window and accumulation; nothing loops over rows.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, FigurePanel, Floats, Rows
from .period import number_of
from .target import Accumulation, Input, TargetColumns, Window, rows_of

NAMED_QUARTERS = 62  # a missing quarter is a bit of an int64: older ones are counted as absent, not named


@dataclass(frozen=True, slots=True, kw_only=True)
class Windowed:
    """The accumulated figures of each allocation and quarter; every array has the shape (n, Q).

    `accumulated` is a in the indicator's unit, NaN where there is none; `numerator` and `denominator`
    are the sums behind a ratio. Bit i of `missing` says that quarter q-i of the window has no usable
    figure. `count` is the number of quarters of the window that have one. `idle`: every reported quarter
    of the window said "none", so there is nothing to measure. `fault` is the Input that cannot be used.
    """

    accumulated: Floats
    numerator: Floats
    denominator: Floats
    missing: NDArray[np.int64]
    count: NDArray[np.int16]
    idle: Bools
    fault: NDArray[np.int8]


def window_lengths(targets: TargetColumns, quarters: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return how many quarters each window takes, shape (n, Q); below 1 where it has not begun."""
    table = np.ones((len(Window) + 1, len(quarters)), dtype=np.int32)
    table[Window.YEAR_TO_DATE] = number_of(quarters)
    table[Window.ROLLING_YEAR] = 4
    since_start = rows_of(targets.window, Window.SINCE_START)
    lengths = table[targets.window]
    lengths[since_start] = quarters - targets.first_quarter[since_start, None] + 1
    return lengths


@np.errstate(all="ignore")
def accumulate(panel: FigurePanel, targets: TargetColumns) -> Windowed:
    """Return the accumulated value of every allocation and quarter, with what its window misses.

    A quarter without a usable figure has no value whatever came before; missing earlier quarters leave a
    value of what there is. "None this quarter" adds 0 to a sum and 0/0 to a ratio, and does not count
    for the other accumulations. `last` needs no earlier quarter, so it names none as missing.
    Errors: none for whatever the figures hold; there is never an infinity in the result.
    """
    shape = panel.shape
    out = Windowed(
        accumulated=np.full(shape, np.nan),
        numerator=np.full(shape, np.nan),
        denominator=np.full(shape, np.nan),
        missing=np.zeros(shape, dtype=np.int64),
        count=np.zeros(shape, dtype=np.int16),
        idle=np.zeros(shape, dtype=np.bool_),
        fault=np.zeros(shape, dtype=np.int8),
    )
    lengths = window_lengths(targets, panel.quarters)
    kinds = targets.window * np.int8(8) + targets.accumulation
    for kind in np.unique(kinds):
        rows = rows_of(kinds, kind)
        fold = _Fold(Window(kind // 8), lengths[rows], phase=panel.first_quarter % 4)
        multiplier = targets.multiplier[rows, None]
        kind_of = Accumulation(kind % 8)
        _accumulate_kind(out, panel, rows=rows, fold=fold, accumulation=kind_of, multiplier=multiplier)
    return out


def _accumulate_kind(
    out: Windowed, panel: FigurePanel, *, rows: Rows, fold: "_Fold", accumulation: Accumulation, multiplier: Floats
) -> None:
    """Fill the rows of one window and accumulation."""
    reported, nothing = panel.reported[rows], panel.nothing[rows]
    fault = _unusable(panel, rows=rows, accumulation=accumulation)
    fault[nothing | ~reported] = Input.NONE
    present = reported & (fault == Input.NONE) & (fold.lengths >= 1)
    counted = present & ~nothing
    out.missing[rows] = missing = fold.missing(present, accumulation)
    out.count[rows] = np.minimum(fold.lengths, NAMED_QUARTERS).clip(0) - np.bitwise_count(missing)
    if accumulation is Accumulation.RATIO:
        top, bottom = fold.sum(panel.numerator[rows], counted), fold.sum(panel.denominator[rows], counted)
        finite = present & np.isfinite(top) & np.isfinite(bottom)
        out.numerator[rows], out.denominator[rows] = np.where(finite, [top, bottom], np.nan)
        value = top / np.where(finite & (bottom > 0.0), bottom, np.nan) * multiplier
    else:
        value = _fold_values(fold, panel.value[rows], counted=counted, accumulation=accumulation)
    if accumulation is not Accumulation.SUM and nothing.any():
        out.idle[rows] = present & ~fold(counted, np.logical_or)
    lost = present & ~np.isfinite(value) & ~out.idle[rows]
    fault[lost] = Input.DENOMINATOR if accumulation is Accumulation.RATIO else Input.RESULT
    value[lost | ~present] = np.nan
    out.accumulated[rows] = value
    out.fault[rows] = fault


def _unusable(panel: FigurePanel, *, rows: Rows, accumulation: Accumulation) -> NDArray[np.int8]:
    """Return the Input without a finite number in each quarter, NONE where the accumulation has its own."""
    if accumulation is not Accumulation.RATIO:
        return np.where(np.isfinite(panel.value[rows]), Input.NONE, Input.FIGURE).astype(np.int8)
    bottom = np.where(np.isfinite(panel.denominator[rows]), Input.NONE, Input.DENOMINATOR)
    return np.where(np.isfinite(panel.numerator[rows]), bottom, Input.NUMERATOR).astype(np.int8)


def _fold_values(fold: "_Fold", values: Floats, *, counted: Bools, accumulation: Accumulation) -> Floats:
    """Return the last value, sum, mean, maximum or minimum of the counted quarters; NaN where none counts."""
    if accumulation is Accumulation.LAST:
        return fold.newest(values, counted)
    if accumulation is Accumulation.SUM:
        return fold.sum(values, counted)
    if accumulation is Accumulation.MEAN:
        return fold.sum(values, counted) / fold.sum(np.ones_like(values), counted)
    extreme = np.fmax if accumulation is Accumulation.MAX else np.fmin  # both pass over NaN
    return fold(np.where(counted, values, np.nan), extreme)


class _Fold:
    """One window applied along the quarters of g rows; arrays are (g, Q), columns are few, rows many."""

    def __init__(self, window: Window, lengths: NDArray[np.int32], *, phase: int) -> None:
        self.window = window
        self.lengths = lengths
        self.phase = phase  # of column 0 within its year

    def __call__(self, terms: NDArray[Any], ufunc: np.ufunc) -> NDArray[Any]:
        """Return `ufunc` over each window; `terms` hold its identity where a quarter does not count."""
        folded = terms.copy()
        width = terms.shape[1]
        if self.window is Window.ROLLING_YEAR:
            for lag in range(1, min(4, width)):
                ufunc(folded[:, lag:], terms[:, :-lag], out=folded[:, lag:])
        elif self.window is not Window.QUARTER:
            restarts = self.window is Window.YEAR_TO_DATE
            for column in range(1, width):
                if not (restarts and (self.phase + column) % 4 == 0):
                    ufunc(folded[:, column - 1], folded[:, column], out=folded[:, column])
        return folded

    def sum(self, values: Floats, counted: Bools) -> Floats:
        """Return the sum of the counted quarters, 0 where none counts."""
        return self(np.where(counted, values, 0.0), np.add)

    def newest(self, values: Floats, counted: Bools) -> Floats:
        """Return the newest counted value, NaN where none counts."""
        column = np.arange(values.shape[1], dtype=np.int32)
        at = self(np.where(counted, column, -1), np.maximum)
        return np.where(at >= 0, np.take_along_axis(values, at.clip(0), axis=1), np.nan)

    def missing(self, present: Bools, accumulation: Accumulation) -> NDArray[np.int64]:
        """Return the quarters without a usable figure as bits, bit i for the quarter i before."""
        lengths = self.lengths.clip(0, 1 if accumulation is Accumulation.LAST else NAMED_QUARTERS)
        inside = (np.int64(1) << lengths.astype(np.int64)) - 1
        missing = (~present).astype(np.int64)
        before = np.full(len(missing), (1 << NAMED_QUARTERS) - 1, dtype=np.int64)
        for column in range(missing.shape[1]):
            missing[:, column] |= before << 1
            missing[:, column] &= inside[:, column]
            before = missing[:, column]
        return missing
