"""Plausibility of entered figures: one table of checks, columns in, findings with their numbers out.

A finding either blocks (the figure contradicts itself and is refused at entry) or asks for an explanation. Codes and
numbers only: words are for the page. Source: product.md “Entry”, “Review”; attainment rules section 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from . import impossible_figures as impossible
from . import unlikely_figures as unlikely
from .check_columns import Entered, FigureKinds, Hits, Limits
from .figures import Bools, FigurePanel, Floats

NUMBERS = 4  # columns of numbers a finding can carry


class Severity(IntEnum):
    """What a finding asks for."""

    TO_EXPLAIN = 1
    BLOCKING = 2


class Finding(IntEnum):
    """What was found; never renumbered."""

    NOT_FINITE = 1
    NEGATIVE_DENOMINATOR = 2
    NEGATIVE_COUNT = 3
    HALF_OF_COUNTS = 4
    CASES_OF_NOTHING = 5
    SHARE_ABOVE_ONE = 6
    FALLING_CUMULATIVE = 7
    NOTHING_OF_NOTHING = 20
    PART_ABOVE_WHOLE = 21
    CONTRADICTS_COUNTS = 22
    UNIT_SLIP = 23
    DIGIT_SWAP = 24
    COPIED_FIGURE = 25
    COPIED_BLOCK = 26
    OUTLIER = 27
    AGAINST_LAST_YEAR = 28
    AGAINST_PEERS = 29


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table.

    `history`: how many earlier quarters it needs in the panel. `numbers`: what its numbers are, in order; "which" is
    0 value, 1 numerator, 2 denominator. `unless`: findings that explain the same thing better.
    """

    find: Callable[[Entered, Limits], Hits]
    severity: Severity
    numbers: tuple[str, ...]
    history: int = 0
    unless: tuple[Finding, ...] = ()


_BLOCKS, _ASKS = Severity.BLOCKING, Severity.TO_EXPLAIN
_SLIP = (Finding.UNIT_SLIP,)

CHECKS: dict[Finding, Check] = {
    Finding.NOT_FINITE: Check(impossible.is_infinite, _BLOCKS, ()),
    Finding.NEGATIVE_DENOMINATOR: Check(impossible.has_negative_denominator, _BLOCKS, ("denominator",)),
    Finding.NEGATIVE_COUNT: Check(impossible.has_negative_count, _BLOCKS, ("number", "which")),
    Finding.HALF_OF_COUNTS: Check(impossible.has_half_of_its_counts, _BLOCKS, ("numerator", "denominator")),
    Finding.CASES_OF_NOTHING: Check(impossible.has_cases_of_nothing, _BLOCKS, ("numerator",)),
    Finding.SHARE_ABOVE_ONE: Check(impossible.is_share_above_one, _BLOCKS, ("part", "whole")),
    Finding.FALLING_CUMULATIVE: Check(
        impossible.falls_though_cumulative, _BLOCKS, ("now", "before", "which"), history=1
    ),
    Finding.NOTHING_OF_NOTHING: Check(impossible.is_nothing_of_nothing, _ASKS, ()),
    Finding.PART_ABOVE_WHOLE: Check(impossible.is_above_its_whole, _ASKS, ("part", "whole", "row of the whole")),
    Finding.CONTRADICTS_COUNTS: Check(
        impossible.contradicts_its_counts, _ASKS, ("value", "ratio", "numerator", "denominator")
    ),
    Finding.UNIT_SLIP: Check(unlikely.slipped_by_a_unit, _ASKS, ("number", "usual", "factor", "which"), history=4),
    Finding.DIGIT_SWAP: Check(unlikely.has_swapped_digits, _ASKS, ("now", "before", "which"), history=1),
    Finding.COPIED_FIGURE: Check(unlikely.copies_last_quarter, _ASKS, ("numerator", "denominator"), history=1),
    Finding.COPIED_BLOCK: Check(unlikely.copies_a_block, _ASKS, ("figures",), history=3),
    Finding.OUTLIER: Check(
        unlikely.lies_outside_its_history, _ASKS, ("measured", "median", "z"), history=6, unless=_SLIP
    ),
    Finding.AGAINST_LAST_YEAR: Check(
        unlikely.differs_from_last_year, _ASKS, ("measured", "a year earlier", "change"), history=4, unless=_SLIP
    ),
    Finding.AGAINST_PEERS: Check(unlikely.differs_from_its_peers, _ASKS, ("measured", "median", "z"), unless=_SLIP),
}
_SEVERITY = np.zeros(max(Finding) + 1, np.int8)
_SEVERITY[list(CHECKS)] = [check.severity for check in CHECKS.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """m findings by row, then code: `code`, `row` (m,) and `numbers` (m, 4), NaN beyond what the table names."""

    code: NDArray[np.int8]
    row: NDArray[np.intp]
    numbers: Floats

    def __len__(self) -> int:
        return len(self.code)

    @property
    def blocking(self) -> Bools:
        """Which findings block, shape (m,)."""
        return np.asarray(_SEVERITY[self.code] == Severity.BLOCKING)


_DEFAULT_LIMITS = Limits()


def find_implausible(panel: FigurePanel, kinds: FigureKinds, *, limits: Limits = _DEFAULT_LIMITS) -> Findings:
    """Return what is impossible or unlikely about the figures in the last column of `panel`.

    Shapes: `panel` (n, 1 + H), the H earlier columns are the consecutive quarters before; `kinds` n rows. A check that
    needs more history than there is says nothing; absent figures give no finding.
    Source: product.md “Entry” and “Review”; attainment rules section 1.
    """
    entered = Entered.of(panel, kinds)
    found: dict[Finding, Hits] = {}
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for finding, check in CHECKS.items():
            if panel.shape[1] > check.history:
                found[finding] = check.find(entered, limits)
    return _gather(found)


def _gather(found: dict[Finding, Hits]) -> Findings:
    """Return the hits as columns, without those that another finding explains."""
    rows, codes, numbers = [], [], []
    for finding, hits in found.items():
        silenced = [found[other].found for other in CHECKS[finding].unless if other in found]
        row = np.flatnonzero(hits.found & ~np.logical_or.reduce([np.zeros_like(hits.found), *silenced]))
        named = np.full((len(row), NUMBERS), np.nan)
        for column, values in enumerate(hits.numbers):
            named[:, column] = values[row]
        rows.append(row)
        codes.append(np.full(len(row), finding, np.int8))
        numbers.append(named)
    row, code = np.concatenate(rows), np.concatenate(codes)
    order = np.lexsort((code, row))
    return Findings(code=code[order], row=row[order], numbers=np.concatenate(numbers)[order])
