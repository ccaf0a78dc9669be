"""From the accumulated value to the measured value: level, growth, reduction, points, benchmark, rank.

Source: attainment rules section 1, the table of bases.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .figures import FigurePanel, Floats
from .target import Basis, Input, TargetColumns
from .window import NAMED_QUARTERS, Windowed, accumulate

QUARTERS_A_YEAR = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The measured values; every array has the shape (n, Q).

    `measured` is m in the unit of the target's level, NaN where there is none. `reference` is the
    baseline, prior-year value, benchmark or place used, NaN where the basis uses none. `grain` is the
    size of the terms a difference was taken of (see `quantity.tolerance`), None if the batch takes none.
    `awaited` and `fault` are Input codes; `missing` has the bits of `Windowed`, the year before included.
    """

    measured: Floats
    reference: Floats
    grain: Floats | None
    awaited: NDArray[np.int8]
    fault: NDArray[np.int8]
    missing: NDArray[np.int64]


@np.errstate(all="ignore")
def measure(windowed: Windowed, *, panel: FigurePanel, targets: TargetColumns) -> Measured:
    """Return the measured value of every allocation and quarter.

    Absence: an awaited baseline, benchmark or place is named in `awaited`; a prior-year figure that was
    not reported, and a reference that is not above zero where it divides, in `fault`. Errors: none.
    """
    derived = np.flatnonzero(targets.basis != Basis.LEVEL)
    out = Measured(
        measured=windowed.accumulated.copy(),
        reference=np.full(panel.shape, np.nan),
        grain=np.zeros(panel.shape) if len(derived) else None,
        awaited=np.zeros(panel.shape, dtype=np.int8),
        fault=windowed.fault.copy(),
        missing=windowed.missing.copy(),
    )
    for basis in np.unique(targets.basis[derived]):
        rows = np.flatnonzero(targets.basis == basis)
        refer, formula, divisor = _BASES[Basis(basis)]
        refer(out, rows, panel=panel, targets=targets)
        years = _years(targets, rows=rows, quarters=panel.quarters)
        _derive(out, formula, rows=rows, years=years, divisor=divisor)
    return out


Refer = Callable[..., None]  # (out, rows, *, panel, targets)
Formula = Callable[..., tuple[Floats, Floats]]  # (a, reference, *, years) -> measured and its grain


def _refer_to_prior_year(out: Measured, rows: NDArray[np.intp], *, panel: FigurePanel, targets: TargetColumns) -> None:
    """Take the same window one year earlier; what that window misses is named with the rest."""
    chosen = targets.take(rows)
    earlier = replace(chosen, first_quarter=chosen.first_quarter - QUARTERS_A_YEAR)
    prior = accumulate(panel.take(rows), earlier)
    value, missing = np.full_like(prior.accumulated, np.nan), np.ones_like(prior.missing)
    value[:, QUARTERS_A_YEAR:] = prior.accumulated[:, :-QUARTERS_A_YEAR]
    missing[:, QUARTERS_A_YEAR:] = prior.missing[:, :-QUARTERS_A_YEAR]
    out.reference[rows] = value
    out.missing[rows] |= (missing << QUARTERS_A_YEAR) & ((1 << NAMED_QUARTERS) - 1)
    _blame(out, rows=rows, where=np.isnan(value), cause=Input.PRIOR_FIGURE)


def _refer_to_baseline(out: Measured, rows: NDArray[np.intp], *, targets: TargetColumns, **_others: object) -> None:
    """Take the target's baseline; without one it is awaited."""
    out.reference[rows] = _finite(targets.baseline[rows, None])
    out.awaited[rows] = np.where(np.isfinite(out.reference[rows]), Input.NONE, Input.BASELINE)


def _refer_to_benchmark(out: Measured, rows: NDArray[np.intp], *, panel: FigurePanel, **_others: object) -> None:
    """Take the benchmark of the same quarter; without one it is awaited."""
    out.reference[rows] = _finite(panel.benchmark[rows])
    out.awaited[rows] = np.where(np.isfinite(out.reference[rows]), Input.NONE, Input.BENCHMARK)


def _refer_to_peers(out: Measured, rows: NDArray[np.intp], *, panel: FigurePanel, **_others: object) -> None:
    """Take the place among the peers; it is awaited only once there is an own figure to be placed."""
    out.reference[rows] = _finite(panel.place[rows])
    unplaced = np.isfinite(out.measured[rows]) & ~np.isfinite(out.reference[rows])
    out.awaited[rows] = np.where(unplaced, Input.PLACE, Input.NONE)


def _growth(a: Floats, reference: Floats, **_years: Floats) -> tuple[Floats, Floats]:
    """(a - B)/B x 100, in per cent."""
    divisor = np.where(reference > 0.0, reference, np.nan)
    return (a - reference) / divisor * 100.0, _larger(a, reference) / divisor * 100.0


def _reduction(a: Floats, reference: Floats, **_years: Floats) -> tuple[Floats, Floats]:
    """(B - a)/B x 100, in per cent."""
    growth, grain = _growth(a, reference)
    return 0.0 - growth, grain


def _average_growth(a: Floats, reference: Floats, *, years: Floats) -> tuple[Floats, Floats]:
    """((a/B)^(1/years) - 1) x 100, in per cent; one year makes it the growth over the baseline."""
    usable = (reference > 0.0) & (a >= 0.0) & (years > 0.0)
    factor = np.where(usable, a / reference, np.nan) ** (1.0 / years)
    return (factor - 1.0) * 100.0, np.maximum(factor, 1.0) * 100.0


def _difference(a: Floats, reference: Floats, **_years: Floats) -> tuple[Floats, Floats]:
    """a - B, in the indicator's unit or in percentage points."""
    return a - reference, _larger(a, reference)


def _place(a: Floats, reference: Floats, **_years: Floats) -> tuple[Floats, Floats]:
    """The place itself, of an allocation that has a figure."""
    return np.where(np.isnan(a), np.nan, reference), np.zeros_like(a)


_BASES: dict[Basis, tuple[Refer, Formula, Input]] = {
    Basis.GROWTH: (_refer_to_prior_year, _growth, Input.PRIOR_FIGURE),
    Basis.AVERAGE_GROWTH: (_refer_to_baseline, _average_growth, Input.BASELINE),
    Basis.GROWTH_ON_BASELINE: (_refer_to_baseline, _growth, Input.BASELINE),
    Basis.REDUCTION: (_refer_to_baseline, _reduction, Input.BASELINE),
    Basis.POINTS: (_refer_to_baseline, _difference, Input.BASELINE),
    Basis.OVER_BENCHMARK: (_refer_to_benchmark, _difference, Input.BENCHMARK),
    Basis.RANK: (_refer_to_peers, _place, Input.PLACE),
}


def _larger(a: Floats, reference: Floats) -> Floats:
    """Return the size of the larger term of a difference."""
    return np.maximum(np.abs(a), np.abs(reference))


def _derive(out: Measured, formula: Formula, *, rows: NDArray[np.intp], years: Floats, divisor: Input) -> None:
    """Replace the accumulated value of `rows` by what the formula makes of it; blame what it cannot use."""
    a, reference = out.measured[rows], out.reference[rows]
    measured, grain = formula(a, reference, years=years)
    unusable = ~np.isfinite(measured) & np.isfinite(a) & np.isfinite(reference)
    out.measured[rows] = _finite(measured)
    if out.grain is not None:
        out.grain[rows] = np.where(np.isfinite(grain), grain, 0.0)
    _blame(out, rows=rows, where=unusable & (reference <= 0.0), cause=divisor)
    _blame(out, rows=rows, where=unusable, cause=Input.RESULT)


def _finite(numbers: Floats) -> Floats:
    """Return the numbers with NaN for an infinity."""
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _blame(out: Measured, *, rows: NDArray[np.intp], where: NDArray[np.bool_], cause: Input) -> None:
    """Name `cause` as the fault where nothing is named yet."""
    fault = out.fault[rows]
    fault[where & (fault == Input.NONE)] = cause
    out.fault[rows] = fault


def _years(targets: TargetColumns, *, rows: NDArray[np.intp], quarters: NDArray[np.int32]) -> Floats:
    """Return the years from the baseline to each quarter, shape (g, Q)."""
    stated = targets.baseline_quarter[rows]
    since = np.where(stated != 0, stated, targets.first_quarter[rows] - 1)
    return (quarters - since[:, None]) / QUARTERS_A_YEAR
