"""Values up the region tree, only as the indicator says: sum, ratio of sums, weighted mean, worst, or none.

Source: attainment rules section 6. A share is never averaged.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, Floats
from .target import Aggregation

ROOT = -1

Nodes = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeColumns:
    """The values of one indicator on the m nodes of a region tree in Q quarters; every array is (m, Q).

    `value` in the indicator's unit, NaN where there is none. `numerator` and `denominator` are the sums behind
    a ratio of sums (for a weighted mean: weighted values and weights). `known` of `expected` leaves stand
    behind each value; a node with a figure of its own is one leaf, whatever lies below it.
    """

    value: Floats
    numerator: Floats
    denominator: Floats
    known: NDArray[np.int32]
    expected: NDArray[np.int32]


def raise_values(
    parent: Nodes,
    *,
    aggregation: Aggregation,
    value: Floats,
    numerator: Floats | None = None,
    denominator: Floats | None = None,
    weight: Floats | None = None,
    multiplier: float = 1.0,
    higher_is_better: bool = True,
) -> NodeColumns:
    """Return the value of every node: its own figure where it has one, else what its children make together.

    Shapes: `parent` (m,) holds positions, -1 for a root, nodes in any order; the other columns are (m, Q).
    A ratio of sums needs `numerator` and `denominator`, a weighted mean `weight`. `multiplier` is 100 for per cent.
    Absence: a child without a value is left out; `known` below `expected` tells. Errors: ValueError where
    parents run in a circle or a needed column is missing. Source: attainment rules section 6.
    """
    if aggregation is Aggregation.WEIGHTED_MEAN:
        numerator, denominator, multiplier = value * _needed(weight, "weight"), weight, 1.0
    if aggregation in (Aggregation.RATIO_OF_SUMS, Aggregation.WEIGHTED_MEAN):
        top, bottom = _needed(numerator, "numerator"), _needed(denominator, "denominator")
    else:
        top, bottom, multiplier = value, np.ones_like(value), 1.0
    own = np.isfinite(top) & np.isfinite(bottom) & (bottom > 0.0)
    out = NodeColumns(
        value=value,
        numerator=np.where(own, top, np.nan),
        denominator=np.where(own, bottom, np.nan),
        known=own.astype(np.int32),
        expected=np.ones(value.shape, dtype=np.int32),
    )
    if aggregation is not Aggregation.NONE:
        for nodes in reversed(_levels(parent)[1:]):
            _raise_level(out, nodes, parents=parent[nodes], own=own, joins=_joins(aggregation, higher_is_better))
    with np.errstate(all="ignore"):
        return replace(out, value=out.numerator / out.denominator * multiplier)


def _joins(aggregation: Aggregation, higher_is_better: bool) -> tuple[np.ufunc, np.ufunc]:
    """Return what joins the numerators and the denominators of children; a plain value stands over 1."""
    if aggregation is Aggregation.SUM:
        return np.add, np.fmax
    if aggregation is Aggregation.WORST:
        return (np.fmin if higher_is_better else np.fmax), np.fmax
    return np.add, np.add


def _raise_level(
    out: NodeColumns, nodes: Nodes, *, parents: Nodes, own: Bools, joins: tuple[np.ufunc, np.ufunc]
) -> None:
    """Give the parents without a figure of their own what the nodes of one level make together."""
    receiving = np.zeros_like(own)
    receiving[parents] = True
    receiving &= ~own
    columns: tuple[NDArray[Any], ...] = (out.numerator, out.denominator, out.known, out.expected)
    for column, ufunc in zip(columns, (*joins, np.add, np.add), strict=True):
        empty = 0 if ufunc is np.add else np.nan
        joined = np.full_like(column, empty)
        ufunc.at(joined, parents, np.where(np.isnan(column[nodes]), empty, column[nodes]))
        column[receiving] = joined[receiving]


def _needed(column: Floats | None, name: str) -> Floats:
    """Return the column; ValueError where the aggregation needs it and it is not given."""
    if column is None:
        raise ValueError(f"This aggregation needs the column “{name}”; give it for every node.")
    return column


def _levels(parent: Nodes) -> list[Nodes]:
    """Return the nodes by their depth, roots first; ValueError where parents run in a circle."""
    depth = np.zeros(len(parent), dtype=np.intp)
    above = parent.copy()
    while (climbing := above != ROOT).any():
        depth[climbing] += 1
        if depth.max() >= len(parent):
            raise ValueError("The parents of the regions run in a circle; every chain has to end at a root.")
        above[climbing] = parent[above[climbing]]
    return [np.flatnonzero(depth == level) for level in range(int(depth.max(initial=0)) + 1)]
