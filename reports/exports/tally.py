"""What the other sheets need of the rows of the detail sheet as they go by, and the keys by which they find them."""

import math
from array import array
from typing import Any

import numpy as np
from numpy.typing import NDArray

from departments.models import Department
from indicators.engine.target import Gap, Rating
from reports.exports.layout import COUNTERS
from reports.exports.sheet_xml import Value
from reports.exports.source import Result

Columns = dict[str, NDArray[Any]]

LISTED = (
    "number",
    "region",
    "domain",
    "name",
    "unit",
    "expected",
    "measured",
    "ratio",
    "department",
    "clause",
    "remark",
)
"""Columns of the detail sheet that the lists of the other sheets take over."""


MOST_KEPT = {"red_count": 20}
"""How many rows a list keeps at most: the summary shows a few of the reds, however many there are."""


class Tally:
    """What the other sheets need of the rows that went by, a few bytes a result: the detail may have a million.

    `regions`, `departments` and `domains` are keys, one entry a result; `counts` and `listed` go by counter column.
    """

    def __init__(self) -> None:
        self._ratings, self._gaps, self._vetoes = array("b"), array("b"), array("b")
        self._ratios, self._weights = array("d"), array("d")
        self.regions, self.departments = array("q"), array("q")
        self.domains: list[str] = []
        self.counts = dict.fromkeys(COUNTERS, 0)
        self.listed: dict[str, list[dict[str, Value]]] = {key: [] for key in COUNTERS}

    def __len__(self) -> int:
        return len(self._ratings)

    def add(self, result: Result, values: dict[str, Value]) -> None:
        """Keep what is needed of one row; the whole row only where a list shows it."""
        self._ratings.append(result.rating)
        self._gaps.append(result.gap)
        self._ratios.append(math.nan if result.ratio is None else result.ratio)
        self._weights.append(result.weight)
        self._vetoes.append(result.is_veto)
        self.regions.append(result.region_id)
        self.departments.append(result.department_id)
        self.domains.append(result.domain)
        if result.rating == Rating.RED:
            self._list("red_count", values)
        elif result.gap == Gap.NOT_REPORTED:
            self._list("unreported_count", values)

    @property
    def columns(self) -> Columns:
        """What each row adds to a cell, as the engine's roll-up takes it; ratio NaN where there is none."""
        return {
            "rating": np.array(self._ratings, dtype=np.int8),
            "gap": np.array(self._gaps, dtype=np.int8),
            "ratio": np.array(self._ratios, dtype=np.float64),
            "weight": np.array(self._weights, dtype=np.float64),
            "veto": np.array(self._vetoes, dtype=np.bool_),
        }

    def _list(self, key: str, values: dict[str, Value]) -> None:
        self.counts[key] += 1
        if self.counts[key] <= MOST_KEPT.get(key, self.counts[key]):
            self.listed[key].append({name: values.get(name) for name in LISTED})


def region_key(code: str) -> str:
    """Return a region's key: never a number to any program, and told from the keys below it by its end."""
    return f"{code}_"


def department_key(department: Department) -> str:
    """Return a department's key: the code of its region and its own."""
    return f"{department.region.code}-{department.code}"
