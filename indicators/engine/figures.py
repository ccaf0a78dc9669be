"""Approved figures as a dense panel: one row per allocation, one column per quarter."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Rows = NDArray[np.intp] | slice


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePanel:
    """What was approved for n allocations in Q consecutive quarters; every array has the shape (n, Q).

    Rows align with the rows of `TargetColumns`; column 0 is the quarter with ordinal `first_quarter`.
    Quarters before column 0 count as not reported: for growth, the panel begins a year earlier.
    Units: `value` in the indicator's unit; `numerator` and `denominator` as counted.
    Absence: NaN is no number. `reported` says that an approved figure exists; `nothing` that it says
    "none this quarter" (it implies `reported`). `benchmark` NaN is awaited; `place` is the rank among
    the peers, 1 = best, NaN where there is none.
    """

    first_quarter: int
    value: Floats
    numerator: Floats
    denominator: Floats
    reported: Bools
    nothing: Bools
    benchmark: Floats
    place: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Number of allocations and of quarters."""
        n, width = self.value.shape
        return n, width

    @property
    def quarters(self) -> NDArray[np.int32]:
        """Ordinals of the columns, shape (Q,)."""
        return np.arange(self.first_quarter, self.first_quarter + self.value.shape[1], dtype=np.int32)

    def take(self, rows: Rows) -> "FigurePanel":
        """Return the panel of some rows, in the order given."""
        return FigurePanel(
            first_quarter=self.first_quarter,
            **{name: getattr(self, name)[rows] for name in self.__slots__ if name != "first_quarter"},
        )


def scatter(
    *,
    shape: tuple[int, int],
    first_quarter: int,
    rows: NDArray[np.integer],
    quarters: NDArray[np.integer],
    values: Floats,
    numerators: Floats | None = None,
    denominators: Floats | None = None,
    nothing: Bools | None = None,
    benchmark: Floats | None = None,
    place: Floats | None = None,
) -> FigurePanel:
    """Return the panel that holds flat columns of m approved figures, as they arrive from the database.

    Shapes: `shape` is (n, Q); the flat columns are (m,), `rows` the allocation's row and `quarters` the
    quarter's ordinal; `benchmark` and `place` are (n, Q) already, see `scatter_column`. A column left
    out holds nothing but NaN (or False). Figures of other quarters than the panel's are left out.
    Errors: ValueError where one allocation has two figures for a quarter; IndexError for a row beyond n.
    """
    cells, kept = _cells(shape, first_quarter, rows, quarters)
    reported = np.zeros(shape, dtype=np.bool_)
    reported.reshape(-1)[cells] = True
    if np.count_nonzero(reported) != len(cells):
        raise ValueError("An allocation has more than one figure for the same quarter.")

    def dense(flat: Floats | None) -> Floats:
        array = np.full(shape, np.nan)
        if flat is not None:
            array.reshape(-1)[cells] = flat[kept]
        return array

    idle = np.zeros(shape, dtype=np.bool_)
    if nothing is not None:
        idle.reshape(-1)[cells] = nothing[kept]
    return FigurePanel(
        first_quarter=first_quarter,
        value=dense(values),
        numerator=dense(numerators),
        denominator=dense(denominators),
        reported=reported,
        nothing=idle,
        benchmark=dense(None) if benchmark is None else benchmark,
        place=dense(None) if place is None else place,
    )


def scatter_column(
    *,
    shape: tuple[int, int],
    first_quarter: int,
    rows: NDArray[np.integer],
    quarters: NDArray[np.integer],
    values: Floats,
) -> Floats:
    """Return one (n, Q) column of a panel, e.g. the benchmark, from flat columns; NaN where none is given."""
    cells, kept = _cells(shape, first_quarter, rows, quarters)
    column = np.full(shape, np.nan)
    column.reshape(-1)[cells] = values[kept]
    return column


def _cells(
    shape: tuple[int, int], first_quarter: int, rows: NDArray[np.integer], quarters: NDArray[np.integer]
) -> tuple[NDArray[np.intp], Bools | slice]:
    """Return the flat cell of each figure inside the panel, and which figures those are."""
    n, width = shape
    if len(rows) and (rows.min() < 0 or rows.max() >= n):
        raise IndexError("A figure names an allocation outside the batch.")
    columns = quarters.astype(np.intp) - first_quarter
    inside = (columns >= 0) & (columns < width)
    cells = rows.astype(np.intp) * width + columns
    return (cells, slice(None)) if inside.all() else (cells[inside], inside)
