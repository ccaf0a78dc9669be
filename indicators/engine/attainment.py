"""Attainment: from targets and approved figures to measured value, expectation, ratio and rating.

This module lines up the steps; each rule has its own home: window, basis, path, compare, ratio, rating, flags.
Source: attainment rules sections 1 to 5.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .basis import Measured, measure
from .compare import compared_value, is_met, miss
from .figures import Bools, FigurePanel, Floats
from .flags import Project, changes, combine, is_achieved, is_at_risk
from .path import Expected, expect
from .rating import DEFAULT_MARGINS, Margins, amber_margin, gap_input, rate, resolve_gap
from .ratio import attainment_ratio, is_all_or_nothing
from .season import spread_shares
from .target import Gap, Input, Path, TargetColumns
from .window import Windowed, accumulate, window_lengths

RULE_VERSION = 1
"""Stored with every result; a change of rule is a new version, listed in the changelog under Rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttainmentColumns:
    """The results of n allocations in Q quarters; every array has the shape (n, Q).

    Units: values, expectations, levels and misses in the unit of the target's level; `ratio` and `completion`
    are pure numbers, 1 = exactly met. Absence: NaN; `gap` says why there is no rating and `gap_input`
    which input is behind it. `margin` is the largest miss that is still amber, NaN where none is.
    `ratio` is NaN with every gap; `measured` and `completion` are given
    wherever they can be computed, also before a target is due. `missing` has bit i for the quarter q-i
    of the window (and of the year before, for growth) without a usable figure. Quarters are ordinals.
    `level`, `level_hi` and `total` are read-only views of one value a row.
    """

    first_quarter: int
    accumulated: Floats
    numerator: Floats
    denominator: Floats
    measured: Floats
    compared: Floats
    expected: Floats
    expected_hi: Floats
    level: Floats
    level_hi: Floats
    reference: Floats
    elapsed: NDArray[np.int32]
    total: NDArray[np.int32]
    miss: Floats
    margin: Floats
    ratio: Floats
    completion: Floats
    gap: NDArray[np.int8]
    gap_input: NDArray[np.int8]
    rating: NDArray[np.int8]
    flags: NDArray[np.int16]
    missing: NDArray[np.int64]
    count: NDArray[np.int16]
    window_start: NDArray[np.int32]


@np.errstate(all="ignore")
def attain(
    targets: TargetColumns,
    panel: FigurePanel,
    *,
    margins: Margins = DEFAULT_MARGINS,
    project: Project | None = None,
) -> AttainmentColumns:
    """Return the attainment of every allocation in every quarter of the panel.

    `targets` and `panel` align row by row. `margins` are the amber margins by scale where a target has none of its
    own. `project` is `trend.project`; without it no result is flagged at risk.
    Absence and errors: total over all figures and targets: named gaps, never an exception or an infinity.
    The same figures always give the same bytes, in any batch and any order of rows.
    """
    windowed = accumulate(panel, targets)
    return _judge(
        targets,
        panel,
        windowed=windowed,
        found=measure(windowed, panel=panel, targets=targets),
        expectation=expect(targets, panel.quarters, shares=spread_shares(targets, panel)),
        margins=margins,
        project=project,
    )


def _judge(
    targets: TargetColumns,
    panel: FigurePanel,
    *,
    windowed: Windowed,
    found: Measured,
    expectation: Expected,
    margins: Margins,
    project: Project | None,
) -> AttainmentColumns:
    """Hold the measured values against the expectations and line up the columns of the result."""
    found.measured[expectation.not_applicable] = np.nan
    compared = compared_value(found.measured, targets)
    expected, expected_hi = expectation.expected, expectation.expected_hi
    gap, named = _gaps(panel, windowed=windowed, found=found, expectation=expectation)
    comparator, grain = targets.comparator, found.grain
    met = is_met(compared, expected, expected_hi=expected_hi, comparator=comparator, grain=grain)
    met &= gap == Gap.NONE
    distance = miss(compared, expected, expected_hi=expected_hi, comparator=comparator, met=met, grain=grain)
    margin = amber_margin(_missed_bound(compared, expectation), targets, margins=margins)
    rating = rate(gap, met, miss=distance, margin=margin, compared=compared)
    ratio = attainment_ratio(
        compared, expected, level_hi=expected_hi, met=met, start=expectation.start, targets=targets
    )
    ratio[gap != Gap.NONE] = np.nan
    completion, met_level = _complete(compared, expectation, ratio=ratio, met=met, found=found, targets=targets)
    flags = _flags(
        targets,
        expectation,
        found=found,
        rating=rating,
        ratio=ratio,
        distance=distance,
        achieved=is_achieved(met_level, targets),
        project=project,
    )
    return AttainmentColumns(
        first_quarter=panel.first_quarter,
        accumulated=windowed.accumulated,
        numerator=windowed.numerator,
        denominator=windowed.denominator,
        measured=found.measured,
        compared=compared,
        expected=expected,
        expected_hi=expected_hi,
        level=np.broadcast_to(expectation.level[:, None], panel.shape),
        level_hi=np.broadcast_to(expectation.level_hi[:, None], panel.shape),
        reference=found.reference,
        elapsed=expectation.elapsed,
        total=np.broadcast_to(expectation.total[:, None], panel.shape),
        miss=distance,
        margin=margin,
        ratio=ratio,
        completion=completion,
        gap=gap,
        gap_input=named,
        rating=rating,
        flags=flags,
        missing=found.missing,
        count=windowed.count,
        window_start=panel.quarters + 1 - np.maximum(window_lengths(targets, panel.quarters), 1),
    )


def _gaps(
    panel: FigurePanel, *, windowed: Windowed, found: Measured, expectation: Expected
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Return gap and named input of every result; what is left without a number is not computable."""
    awaited = np.where(expectation.awaited != Input.NONE, expectation.awaited, found.awaited)
    fault = np.where(found.fault != Input.NONE, found.fault, expectation.fault)
    numberless = np.isnan(found.measured) | np.isnan(expectation.expected)
    fault = np.where((fault == Input.NONE) & numberless, Input.RESULT, fault)
    gap = resolve_gap(
        not_applicable=expectation.not_applicable | windowed.idle,
        not_due=expectation.not_due,
        awaited=awaited,
        reported=panel.reported,
        fault=fault,
    )
    return gap, gap_input(gap, awaited=awaited, fault=fault)


def _missed_bound(compared: Floats, expectation: Expected) -> Floats:
    """Return the expectation that a miss is measured from: the upper one above a `between`."""
    above = compared > expectation.expected_hi
    return np.where(above, expectation.expected_hi, expectation.expected)


def _complete(
    compared: Floats,
    expectation: Expected,
    *,
    ratio: Floats,
    met: Bools,
    found: Measured,
    targets: TargetColumns,
) -> tuple[Floats, Bools]:
    """Return the completion, i.e. the ratio against V instead of E, and whether V itself is met.

    Where V is what is expected all along, that is the ratio already computed.
    """
    completion, met_level = ratio.copy(), met.copy()
    rows = np.flatnonzero(targets.path != Path.HOLD)
    if not len(rows):
        return completion, met_level
    chosen = targets.take(rows)
    value = compared[rows]
    level = np.broadcast_to(expectation.level[rows, None], value.shape)
    level_hi = np.broadcast_to(expectation.level_hi[rows, None], value.shape)
    met_level[rows] = reached = is_met(
        value,
        level,
        expected_hi=level_hi,
        comparator=chosen.comparator,
        grain=None if found.grain is None else found.grain[rows],
    )
    completion[rows] = attainment_ratio(
        value, level, level_hi=level_hi, met=reached, start=expectation.start[rows], targets=chosen
    )
    return completion, met_level


def _flags(
    targets: TargetColumns,
    expectation: Expected,
    *,
    found: Measured,
    rating: NDArray[np.int8],
    ratio: Floats,
    distance: Floats,
    achieved: Bools,
    project: Project | None,
) -> NDArray[np.int16]:
    """Return what stands beside the ratings; what cannot be lost does not get worse."""
    whole = is_all_or_nothing(expectation.expected, targets)
    better, worse = changes(ratio, miss=distance, all_or_nothing=whole)
    at_risk = np.zeros(rating.shape, dtype=np.bool_)
    if project is not None:
        at_risk = is_at_risk(
            found.measured,
            rating=rating,
            level=expectation.level,
            level_hi=expectation.level_hi,
            remaining=expectation.total[:, None] - expectation.elapsed,
            targets=targets,
            project=project,
        )
    return combine(
        achieved=achieved,
        incomplete=(found.missing != 0) & np.isfinite(found.measured),
        at_risk=at_risk,
        improving=better,
        worsening=worse & ~achieved,
    )
