"""The closed vocabularies of a target, and the columns in which targets reach the engine.

Every code is stored as its integer value, in the database and in the columns alike, and is never renumbered.
Source: attainment rules sections 1 to 6.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray


class Comparator(IntEnum):
    """How a measured value is held against its level. Source: attainment rules section 3."""

    AT_LEAST = 1  # >=
    ABOVE = 2  # >
    AT_MOST = 3  # <=
    BELOW = 4  # <
    EQUAL = 5  # =
    BETWEEN = 6  # lo <= m <= hi


class Basis(IntEnum):
    """How the accumulated value becomes the measured value. Source: attainment rules section 1."""

    LEVEL = 1
    GROWTH = 2
    AVERAGE_GROWTH = 3
    REDUCTION = 4
    POINTS = 5
    OVER_BENCHMARK = 6
    RANK = 7


class Window(IntEnum):
    """Which quarters are taken together. Source: attainment rules section 1."""

    QUARTER = 1
    YEAR_TO_DATE = 2
    ROLLING_YEAR = 3
    SINCE_START = 4


class Accumulation(IntEnum):
    """How the quarters of a window become one value. Source: attainment rules section 1."""

    LAST = 1
    SUM = 2
    RATIO = 3
    MEAN = 4
    MAX = 5
    MIN = 6


class Path(IntEnum):
    """How the expected level moves from the first to the due quarter. Source: attainment rules section 2."""

    HOLD = 1
    LINEAR = 2
    ANNUAL = 3
    SCHEDULED = 4
    COMPOUND = 5
    AT_DUE = 6
    SEASONAL = 7  # shares per quarter, learned from earlier years or given by the plan


class Scale(IntEnum):
    """What kind of quantity the measured value is; it decides the ratio and the default margin."""

    CONTINUOUS = 1  # counts and values
    RATE = 2  # per cent, per mille and other shares
    ORDINAL = 3  # grades, 1 is best
    MILESTONE = 4  # percentage complete; 100 is completed
    YES_NO = 5  # 1 met, 0 not


class CompareOn(IntEnum):
    """Which value is compared. Source: attainment rules section 3, GB/T 8170."""

    FULL = 1
    ROUNDED = 2


class RatioRule(IntEnum):
    """How a lower-is-better or baseline target becomes a ratio. Source: attainment rules section 4."""

    PLAIN = 1
    INVERSE = 2
    FROM_BASELINE = 3


class MarginKind(IntEnum):
    """How far below the expectation amber reaches. Source: attainment rules section 5."""

    NONE = 0
    RELATIVE = 1
    ABSOLUTE = 2


class Aggregation(IntEnum):
    """How an indicator's values go up the region tree. Source: attainment rules section 6."""

    NONE = 0
    SUM = 1
    RATIO_OF_SUMS = 2
    WEIGHTED_MEAN = 3
    WORST = 4


class Gap(IntEnum):
    """Why there is no rating; NONE means there is one. A gap is grey, never zero."""

    NONE = 0
    NOT_DUE = 1
    AWAITING = 2
    NOT_REPORTED = 3
    NOT_APPLICABLE = 4
    NOT_COMPUTABLE = 5


class Rating(IntEnum):
    """The colour of a result. Grey always stands with a gap."""

    GREY = 0
    GREEN = 1
    AMBER = 2
    RED = 3


class Flag(IntFlag):
    """What stands beside a rating, never instead of it. Source: attainment rules section 5."""

    NONE = 0
    ACHIEVED = 1
    INCOMPLETE = 2
    AT_RISK = 4
    IMPROVING = 8
    WORSENING = 16
    SMALL_NUMBERS = 32
    CERTAIN = 64  # whatever the remaining quarters bring, the level will be met
    OUT_OF_REACH = 128  # no possible remaining quarter brings the level back


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetColumns:
    """A batch of targets, one row per allocation; every array has the shape (n,).

    Units: levels, baselines and absolute margins in the indicator's unit (a rate in per cent is 93.0);
    a relative margin is a pure number; quarters are ordinals (see `period.Quarter`).
    Absence: NaN in a level, baseline or benchmark means that it is still awaited or not set.
    `years` is the number of years between baseline and measurement for average growth.
    `schedule` holds rows (allocation row, quarter ordinal, level) for the scheduled path;
    `season` the cumulative shares of the four quarters (n, 4), NaN rows where not seasonal.
    """

    comparator: NDArray[np.int8]
    basis: NDArray[np.int8]
    window: NDArray[np.int8]
    accumulation: NDArray[np.int8]
    path: NDArray[np.int8]
    scale: NDArray[np.int8]
    compare_on: NDArray[np.int8]
    ratio_rule: NDArray[np.int8]
    margin_kind: NDArray[np.int8]
    margin: NDArray[np.float64]
    level: NDArray[np.float64]
    level_hi: NDArray[np.float64]
    baseline: NDArray[np.float64]
    multiplier: NDArray[np.float64]  # 100 for %, 1000 for per mille, 1 otherwise
    decimals: NDArray[np.int8]
    first_quarter: NDArray[np.int32]
    due_quarter: NDArray[np.int32]
    weight: NDArray[np.float64]
    veto: NDArray[np.bool_]
    awaiting_level: NDArray[np.bool_]
    schedule: NDArray[np.float64]
    season: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.comparator)
