"""What the other sheets need of the rows of the detail sheet as they go by, and the keys by which they find them."""

from dataclasses import dataclass, field

from departments.models import Department
from indicators.engine.target import Gap, Rating
from reports.exports.layout import COUNTERS
from reports.exports.sheet_xml import Value
from reports.exports.source import Result

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


@dataclass(slots=True)
class Tally:
    """What the other sheets need of the rows that went by; lists align, one entry a result."""

    ratings: list[int] = field(default_factory=list)
    gaps: list[int] = field(default_factory=list)
    ratios: list[float | None] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)
    vetoes: list[bool] = field(default_factory=list)
    regions: list[int] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    listed: dict[str, list[dict[str, Value]]] = field(default_factory=lambda: {key: [] for key in COUNTERS})

    def add(self, result: Result, values: dict[str, Value]) -> None:
        """Keep what is needed of one row; the whole row only where a list shows it."""
        self.ratings.append(result.rating)
        self.gaps.append(result.gap)
        self.ratios.append(result.ratio)
        self.weights.append(result.weight)
        self.vetoes.append(result.is_veto)
        self.regions.append(result.region_id)
        self.departments.append(result.department_id)
        self.domains.append(result.domain)
        if result.rating == Rating.RED:
            self._list("red_count", values)
        elif result.gap == Gap.NOT_REPORTED:
            self._list("unreported_count", values)

    def _list(self, key: str, values: dict[str, Value]) -> None:
        self.listed[key].append({name: values.get(name) for name in LISTED})


def region_key(code: str) -> str:
    """Return a region's key: never a number to any program, and told from the keys below it by its end."""
    return f"{code}_"


def department_key(department: Department) -> str:
    """Return a department's key: the code of its region and its own."""
    return f"{department.region.code}-{department.code}"
