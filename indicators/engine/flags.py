"""What stands beside a rating, never instead of it. Source: attainment rules section 5."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from .compare import FLOORS, is_met
from .figures import Bools, Floats
from .quantity import equals
from .target import Accumulation, Basis, Flag, Rating, Scale, TargetColumns, Window
from .trend import WINDOW

_CELLS_AT_ONCE = 4_096  # 28 slopes each: 1 MB, whatever the size of the batch

Project = Callable[[Floats, Floats], Floats]
"""(values [c, 8] with NaN, column position [c]) -> projected value [c], NaN if fewer than four."""


def is_achieved(met_level: Bools, targets: TargetColumns) -> Bools:
    """Say where the level is reached already and cannot be lost, shape (n, Q).

    That is a floor under a sum or a maximum since the start or over the year to date (for this year),
    and a completed milestone. `met_level` (n, Q) says whether V itself is met.
    """
    grows = np.isin(targets.accumulation, (Accumulation.SUM, Accumulation.MAX))
    grows &= np.isin(targets.window, (Window.SINCE_START, Window.YEAR_TO_DATE)) & (targets.basis == Basis.LEVEL)
    lasting = (grows | (targets.scale == Scale.MILESTONE)) & np.isin(targets.comparator, FLOORS)
    return np.asarray(met_level & lasting[:, None])


def changes(ratio: Floats, *, miss: Floats, all_or_nothing: Bools) -> tuple[Bools, Bools]:
    """Say where a result is better, and where worse, than in the quarter before; each (n, Q).

    Judged by the ratio; where that knows only 1 and 0, by the miss. Neither without a ratio in both.
    """
    better, worse = np.zeros(ratio.shape, dtype=np.bool_), np.zeros(ratio.shape, dtype=np.bool_)
    now, before = ratio[:, 1:], ratio[:, :-1]
    differs = ~equals(now, before)
    better[:, 1:] = differs & (now > before)
    worse[:, 1:] = differs & (now < before)
    if all_or_nothing.any():
        near, far, both = miss[:, 1:], miss[:, :-1], all_or_nothing[:, 1:] & all_or_nothing[:, :-1]
        compared = both & ~equals(near, far) & np.isfinite(now) & np.isfinite(before)
        better[:, 1:] = np.where(both, compared & (near < far), better[:, 1:])
        worse[:, 1:] = np.where(both, compared & (near > far), worse[:, 1:])
    return better, worse


def is_at_risk(
    measured: Floats,
    *,
    rating: NDArray[np.int8],
    level: Floats,
    level_hi: Floats,
    remaining: NDArray[np.int32],
    targets: TargetColumns,
    project: Project,
) -> Bools:
    """Say where a green or amber result misses its level when due, if its trend goes on; shape (n, Q).

    `level` and `level_hi` are (n,); `remaining` (n, Q) counts the quarters until due. The trend of the last
    eight quarters is taken by `project` (`trend.project`). Not judged: yes/no, and a sum of the year to
    date, which falls back to 0 every year.
    """
    falls_back = (targets.window == Window.YEAR_TO_DATE) & (targets.accumulation == Accumulation.SUM)
    judged = ~(falls_back | (targets.scale == Scale.YES_NO))[:, None] & (remaining > 0)
    judged &= (rating == Rating.GREEN) | (rating == Rating.AMBER)
    before = np.full((len(measured), WINDOW - 1), np.nan)
    recent = np.lib.stride_tricks.sliding_window_view(np.hstack([before, measured]), WINDOW, axis=1)
    rows, columns = np.nonzero(judged)
    at_risk = np.zeros(measured.shape, dtype=np.bool_)
    for begin in range(0, len(rows), _CELLS_AT_ONCE):
        row, column = rows[begin : begin + _CELLS_AT_ONCE], columns[begin : begin + _CELLS_AT_ONCE]
        at = (WINDOW - 1 + remaining[row, column]).astype(np.float64)
        projected = project(recent[row, column], at)[:, None]
        stays = is_met(
            projected,
            level[row, None],
            expected_hi=level_hi[row, None],
            comparator=targets.comparator[row],
        )
        at_risk[row, column] = (np.isfinite(projected) & ~stays)[:, 0]
    return at_risk


def combine(
    *, achieved: Bools, incomplete: Bools, at_risk: Bools, improving: Bools, worsening: Bools
) -> NDArray[np.int16]:
    """Return the Flag bits of every result, shape (n, Q)."""
    flags = achieved * np.int16(Flag.ACHIEVED)
    flags += incomplete * np.int16(Flag.INCOMPLETE)
    flags += at_risk * np.int16(Flag.AT_RISK)
    flags += improving * np.int16(Flag.IMPROVING)
    flags += worsening * np.int16(Flag.WORSENING)
    return flags
