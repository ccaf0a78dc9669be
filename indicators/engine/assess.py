"""Attainment of plain mappings: for scripts, examples and checks that hold no columns.

The same columns and rules as everywhere; only the way in and out is different. A target and a figure are
written as one would say them:

    assess(
        [{"id": "pass rate", "level": 93, "window": "year_to_date", "accumulation": "ratio", "scale": "rate",
          "multiplier": 100, "first_quarter": "2018Q1", "due_quarter": "2020Q4"}],
        [{"target": "pass rate", "quarter": "2018Q1", "numerator": 465, "denominator": 500}],
        "2018Q1",
    )["pass rate"]["rating"]  # "green"
"""

from collections.abc import Hashable, Iterable
from math import isfinite
from typing import Any

from .attainment import RULE_VERSION, AttainmentColumns, attain
from .period import Quarter
from .reasons import missing_quarters
from .records import Record, read_figures, read_targets
from .target import Flag, Gap, Input, Rating
from .trend import project

_NUMBERS = (
    *("measured", "accumulated", "numerator", "denominator", "reference", "expected", "expected_hi"),
    *("level", "level_hi", "miss", "margin", "ratio", "completion"),
)


def assess(targets: Iterable[Record], figures: Iterable[Record], as_of: str) -> dict[Hashable, dict[str, Any]]:
    """Return the result of every target in the quarter `as_of` ("2018Q3"), by the target's id.

    A target has `id`, `first_quarter`, `due_quarter`, and any of `comparator` (">=", ">", "<=", "<", "=",
    "between"); `basis`, `window`, `accumulation`, `path`, `scale`, `compare_on`, `ratio_rule`, `margin_kind` (the
    codes of `target` in lower case); the numbers `level`, `level_hi`, `baseline`, `multiplier`, `decimals`,
    `margin`, `weight`; `baseline_quarter`; `veto`; `schedule` ({"2013Q4": 12}); `season` (four shares).
    A level that is left out or None is awaited; whatever else is left out takes the default of `TargetColumns.of`.
    A figure has `target`, `quarter`, and `value`, or `numerator` and `denominator`, or `nothing` (True: none this
    quarter); `benchmark` and `place` of the quarter stand in the same record or in one of their own.
    Numbers are int, float or Decimal; units as in `TargetColumns`. Figures later than `as_of` are left out.

    A result has words for codes ("green", "not_reported"), "2018Q1" for quarters and None for absent numbers.
    Errors: ValueError that names target, quarter and field.
    """
    ids, columns = read_targets(list(targets))
    quarter = Quarter.parse(as_of)
    panel = read_figures(list(figures), ids=ids, last_quarter=quarter.ordinal)
    results = attain(columns, panel, project=project)
    return {name: _plain(results, row=row, quarter=quarter) for row, name in enumerate(ids)}


def _plain(results: AttainmentColumns, *, row: int, quarter: Quarter) -> dict[str, Any]:
    """Return one result, the newest quarter of a row, as plain values."""
    numbers = {name: float(getattr(results, name)[row, -1]) for name in _NUMBERS}
    flags = Flag(int(results.flags[row, -1]))
    missing = missing_quarters(int(results.missing[row, -1]), quarter=quarter.ordinal)
    return {
        "quarter": str(quarter),
        "rating": Rating(results.rating[row, -1]).name.lower(),
        "gap": Gap(results.gap[row, -1]).name.lower(),
        "gap_input": Input(results.gap_input[row, -1]).name.lower(),
        "flags": [flag.name.lower() for flag in Flag if flag in flags and flag.name],
        **{name: value if isfinite(value) else None for name, value in numbers.items()},
        "elapsed": int(results.elapsed[row, -1]),
        "total": int(results.total[row, -1]),
        "window_start": str(Quarter(int(results.window_start[row, -1]))),
        "missing_quarters": [str(Quarter(ordinal)) for ordinal in missing],
        "rule_version": RULE_VERSION,
    }
