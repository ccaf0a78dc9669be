"""What a cell of a dashboard says: its score, its coverage and its own colour.

Source: attainment rules section 6.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .figures import Floats
from .quantity import reaches
from .rollup import Contributions
from .target import Rating


class Missing(IntEnum):
    """How what is due and not reported counts in a score. Source: attainment rules section 6."""

    EXCLUDE = 1  # for dashboards
    ZERO = 2  # for assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which score (0 to 100) a cell is green or amber, and from which coverage it says anything."""

    green: float = 90.0
    amber: float = 70.0
    coverage: float = 0.5


DEFAULT_THRESHOLDS = Thresholds()


@dataclass(frozen=True, slots=True, kw_only=True)
class CellColumns:
    """The verdicts on m cells; every array is (m,).

    `score` is 0 to 100, NaN where nothing is rated (or has weight); `coverage` a ratio, NaN where nothing is due.
    `rating` is grey where there is too little to say.
    """

    score: Floats
    coverage: Floats
    rating: NDArray[np.int8]


def rate_cells(
    parts: Contributions, *, missing: Missing = Missing.EXCLUDE, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> CellColumns:
    """Return score, coverage and colour of m cells.

    A red veto makes the cell red whatever else it holds. Otherwise a coverage below the least one, or
    nothing rated, is too little to say: grey. A coverage of exactly one half is enough. A sum of ratios
    rounded to whole units may lie half a unit each below the exact one: that much is given to the score.
    """
    weight = (parts.weight_rated if missing is Missing.EXCLUDE else parts.weight_due).astype(np.float64)
    weight[weight <= 0.0] = np.nan
    attained = parts.attained.astype(np.float64)
    coverage = parts.reported / np.where(parts.due > 0, parts.due, np.nan)
    generous = 100.0 * (attained + 0.5 * parts.rated)
    rating = np.full(len(parts), Rating.RED, dtype=np.int8)
    rating[reaches(generous, thresholds.amber * weight)] = Rating.AMBER
    rating[reaches(generous, thresholds.green * weight)] = Rating.GREEN
    says_enough = reaches(coverage, np.full_like(coverage, thresholds.coverage))
    rating[~(says_enough & (parts.rated > 0) & np.isfinite(weight))] = Rating.GREY
    rating[parts.vetoes > 0] = Rating.RED
    return CellColumns(score=100.0 * attained / weight, coverage=coverage, rating=rating)
