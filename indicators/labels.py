"""The words for the engine's codes; the engine knows none."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.engine.target import (
    Accumulation,
    Aggregation,
    Basis,
    Comparator,
    CompareOn,
    Flag,
    Gap,
    MarginKind,
    Path,
    Rating,
    RatioRule,
    Scale,
    Window,
)

COMPARATOR_SIGNS: dict[int, str] = {
    Comparator.AT_LEAST: "≥",
    Comparator.ABOVE: ">",
    Comparator.AT_MOST: "≤",
    Comparator.BELOW: "<",
    Comparator.EQUAL: "=",
    Comparator.BETWEEN: "–",
}
DOMAINS: dict[str, Promise] = {
    "product": _("Product quality"),
    "works": _("Works quality"),
    "service": _("Service quality"),
    "environment": _("Environmental quality"),
    "foundation": _("Quality foundation"),
}
RATINGS: dict[int, Promise] = {
    Rating.GREEN: pgettext_lazy("rating", "On target"),
    Rating.AMBER: pgettext_lazy("rating", "Close"),
    Rating.RED: pgettext_lazy("rating", "Behind"),
    Rating.GREY: pgettext_lazy("rating", "Not rated"),
}
GAPS: dict[int, Promise] = {
    Gap.NOT_DUE: pgettext_lazy("gap", "Not due"),
    Gap.AWAITING: pgettext_lazy("gap", "Awaiting superior data"),
    Gap.NOT_REPORTED: pgettext_lazy("gap", "Not reported"),
    Gap.NOT_APPLICABLE: pgettext_lazy("gap", "Not applicable"),
    Gap.NOT_COMPUTABLE: pgettext_lazy("gap", "Not computable"),
}
FLAGS: dict[int, Promise] = {
    Flag.ACHIEVED: pgettext_lazy("flag", "Achieved"),
    Flag.INCOMPLETE: pgettext_lazy("flag", "Earlier quarters missing"),
    Flag.AT_RISK: pgettext_lazy("flag", "Likely to miss its date"),
    Flag.IMPROVING: pgettext_lazy("flag", "Improving"),
    Flag.WORSENING: pgettext_lazy("flag", "Worsening"),
    Flag.SMALL_NUMBERS: pgettext_lazy("flag", "Small numbers"),
    Flag.CERTAIN: pgettext_lazy("flag", "Certain to be met"),
    Flag.OUT_OF_REACH: pgettext_lazy("flag", "Out of reach"),
}
WINDOWS: dict[int, Promise] = {
    Window.QUARTER: _("the quarter alone"),
    Window.YEAR_TO_DATE: _("year to date"),
    Window.ROLLING_YEAR: _("last four quarters"),
    Window.SINCE_START: _("since the programme began"),
}
ACCUMULATIONS: dict[int, Promise] = {
    Accumulation.LAST: _("newest figure"),
    Accumulation.SUM: _("sum"),
    Accumulation.RATIO: _("ratio of sums"),
    Accumulation.MEAN: _("mean"),
    Accumulation.MAX: _("highest"),
    Accumulation.MIN: _("lowest"),
}
PATHS: dict[int, Promise] = {
    Path.HOLD: _("to be held in every quarter"),
    Path.LINEAR: _("in equal steps to the due date"),
    Path.ANNUAL: _("in equal steps within the year"),
    Path.SCHEDULED: _("by the plan's interim levels"),
    Path.COMPOUND: _("at a constant rate of growth"),
    Path.AT_DUE: _("due at its date only"),
    Path.SEASONAL: _("by the season's shares"),
}
BASES: dict[int, Promise] = {
    Basis.LEVEL: _("level"),
    Basis.GROWTH: _("growth on the year before"),
    Basis.AVERAGE_GROWTH: _("average annual growth"),
    Basis.GROWTH_ON_BASELINE: _("growth on the baseline"),
    Basis.REDUCTION: _("reduction against the baseline"),
    Basis.POINTS: _("change in percentage points"),
    Basis.OVER_BENCHMARK: _("distance to the benchmark"),
    Basis.RANK: _("rank"),
}


def list_choices(codes: type[IntEnum], labels: dict[int, Any] | None = None) -> Iterable[tuple[int, Any]]:
    """Return (code, words) pairs for a model field; the code's name stands where no words are needed."""
    return [(code.value, (labels or {}).get(code, code.name.lower())) for code in codes]


__all__ = [
    "ACCUMULATIONS",
    "BASES",
    "COMPARATOR_SIGNS",
    "DOMAINS",
    "FLAGS",
    "GAPS",
    "PATHS",
    "RATINGS",
    "WINDOWS",
    "Aggregation",
    "CompareOn",
    "MarginKind",
    "RatioRule",
    "Scale",
    "list_choices",
]
