"""The robust trend of a series of quarters, and where it leads.

Theil-Sen: the slope is the median of the slopes of all pairs of quarters, the intercept the median of what the
slope leaves. Up to 29 % of wild figures do not move it, so one slip of the pen raises no false alarm.
Source: attainment rules section 5 (`at_risk`); Sen, JASA 63 (1968) 1379-1389.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .figures import Floats
from .median_network import median_of_columns

WINDOW = 8  # quarters looked back on, the newest included
REPORTED_AT_LEAST = 4

_PAIRS = WINDOW * (WINDOW - 1) // 2
_BEFORE_END = np.arange(1.0 - WINDOW, 1.0)[:, None]  # -7 … 0


@dataclass(frozen=True, slots=True)
class Trend:
    """A fitted line per row: `slope` in the series' unit a quarter, `level` its height at the last column.

    Shapes: (n,) each. NaN in both where fewer than four of the eight quarters are reported.
    """

    slope: Floats
    level: Floats


def fit(values: Floats) -> Trend:
    """Return the trend over the last eight columns of `values`.

    Shapes: `values` (n, Q), consecutive quarters, NaN where not reported; Q may be less than eight.
    Source: attainment rules section 5.
    """
    return _fit_windows(_padded(values)[:, -WINDOW:])


def project(values: Floats, at: NDArray[np.integer | np.floating]) -> Floats:
    """Return where the trend over the last eight columns leads.

    Shapes: `values` (n, Q); `at` (n,) counts columns: 0 is the first, Q − 1 the last, Q + 3 a year later
    (a due quarter's ordinal minus the ordinal of the first column). Result (n,) in the unit of `values`.
    Absence: NaN where fewer than four of the eight quarters are reported. Not bounded: a share may come out
    above 100 %. Takes 28 slopes a row: many rows are given a block at a time. Source: attainment rules section 5.
    """
    trend = fit(values)
    projected: Floats = trend.level + trend.slope * (np.asarray(at, np.float64) - (values.shape[1] - 1))
    return projected


def _padded(values: Floats) -> Floats:
    """Put seven absent quarters before the first, so that every quarter has a whole window."""
    return np.pad(values, ((0, 0), (WINDOW - 1, 0)), constant_values=np.nan)


def _fit_windows(windows: Floats) -> Trend:
    """Fit rows of exactly eight quarters, those with enough reported."""
    slope = np.full(len(windows), np.nan)
    level = np.full(len(windows), np.nan)
    rows = np.flatnonzero(np.isfinite(windows).sum(axis=1) >= REPORTED_AT_LEAST)
    if not len(rows):
        return Trend(slope, level)
    quarters = np.ascontiguousarray(windows[rows].T)
    slope[rows] = median_of_columns(_slopes(quarters))
    level[rows] = median_of_columns(quarters - slope[rows] * _BEFORE_END)
    return Trend(slope, level)


def _slopes(quarters: Floats) -> Floats:
    """Return the slopes of all pairs of the eight rows of `quarters` (8, m), shape (28, m)."""
    slopes = np.empty((_PAIRS, quarters.shape[1]))
    filled = 0
    for apart in range(1, WINDOW):
        pairs = slopes[filled : filled + WINDOW - apart]
        np.subtract(quarters[apart:], quarters[:-apart], out=pairs)
        pairs /= apart
        filled += len(pairs)
    return slopes
