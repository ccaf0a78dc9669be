"""The closed vocabularies of a target, and the columns in which targets reach the engine.

Every code is stored as its integer value, in the database and in the columns alike, and is never renumbered.
Source: attainment rules sections 1 to 6.
"""

from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import Any, Self

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
    GROWTH_ON_BASELINE = 8  # of the whole way since a fixed year, not of one year


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


class Input(IntEnum):
    """The input that a gap names: what is awaited, missing or unusable. Source: attainment rules section 1."""

    NONE = 0
    LEVEL = 1
    LEVEL_HI = 2  # upper bound of `between`
    BASELINE = 3
    BENCHMARK = 4
    PLACE = 5  # rank among the peers
    SEASON = 6  # the quarters' shares of the seasonal path
    FIGURE = 7
    NUMERATOR = 8
    DENOMINATOR = 9
    PRIOR_FIGURE = 10  # the same window one year earlier
    RESULT = 11  # every input is there, the result leaves the range of numbers


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
    `baseline_quarter` is the quarter the baseline speaks of (2010Q4 for a baseline of 2010); average growth
    counts its years from there. 0 means the quarter before the first one.
    `margin` NaN means the default margin of the scale (see `rating.DEFAULT_MARGINS`).
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
    baseline_quarter: NDArray[np.int32]
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

    @classmethod
    def of(cls, n: int, **columns: object) -> Self:
        """Return `n` rows; a column may be one value for all rows, and what is not named takes its default.

        `first_quarter`, `due_quarter` and `level` have no default. Raises TypeError for an unknown or
        missing column, ValueError for a wrong length.
        """
        filled = {**DEFAULTS, **columns}
        absent = cls.__dataclass_fields__.keys() - filled.keys()
        if absent:
            raise TypeError(f"The columns {', '.join(sorted(absent))} are missing.")
        arrays: dict[str, NDArray[Any]] = {
            name: np.asarray(column, dtype=_DTYPES.get(name, np.int8)) for name, column in filled.items()
        }
        for name, array in arrays.items():
            if name not in ("schedule", "season"):
                arrays[name] = np.ascontiguousarray(np.broadcast_to(array, (n,)))
        arrays["schedule"] = arrays["schedule"].reshape(-1, 3)
        arrays["season"] = np.ascontiguousarray(np.broadcast_to(arrays["season"], (n, 4)))
        return cls(**arrays)

    def take(self, rows: NDArray[np.intp]) -> Self:
        """Return the rows at the increasing positions `rows`, the schedule renumbered to them."""
        columns = {name: getattr(self, name)[rows] for name in self.__slots__ if name != "schedule"}
        owner = self.schedule[:, 0].astype(np.intp)
        kept = self.schedule[np.isin(owner, rows)]
        kept[:, 0] = np.searchsorted(rows, kept[:, 0])
        return type(self)(schedule=kept, **columns)


_DTYPES: dict[str, type] = {
    **dict.fromkeys(("margin", "level", "level_hi", "baseline", "multiplier", "weight"), np.float64),
    **dict.fromkeys(("schedule", "season"), np.float64),
    **dict.fromkeys(("first_quarter", "due_quarter", "baseline_quarter"), np.int32),
    **dict.fromkeys(("veto", "awaiting_level"), np.bool_),
}

DEFAULTS: dict[str, object] = {
    "comparator": Comparator.AT_LEAST,
    "basis": Basis.LEVEL,
    "window": Window.QUARTER,
    "accumulation": Accumulation.LAST,
    "path": Path.HOLD,
    "scale": Scale.CONTINUOUS,
    "compare_on": CompareOn.FULL,
    "ratio_rule": RatioRule.PLAIN,
    "margin_kind": MarginKind.NONE,
    "margin": np.nan,
    "level_hi": np.nan,
    "baseline": np.nan,
    "baseline_quarter": 0,
    "multiplier": 1.0,
    "decimals": 2,
    "weight": 1.0,
    "veto": False,
    "awaiting_level": False,
    "schedule": (),
    "season": np.nan,
}


def rows_of(codes: NDArray[np.integer], wanted: int) -> NDArray[np.intp] | slice:
    """Return where `codes` (n,) holds the wanted code, a whole slice for every row.

    The slice spares a batch of one kind the copying.
    """
    hits = codes == wanted
    return slice(None) if hits.all() else np.flatnonzero(hits)
