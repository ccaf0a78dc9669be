"""What the charts draw, as plain data for `json_script`; the same numbers stand in a table beneath.

Plain mappings, not plotly's figure objects: those cost eight milliseconds each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indicators.answers import is_question, list_answers
from indicators.bounds import write_value
from indicators.engine.path import expect
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, TargetColumns, Window
from indicators.engine.trend import project
from indicators.marks import mark_result
from indicators.models import Target
from indicators.models.attainment import Attainment
from qscounty.web.formats import format_quarter, round_half_up
from reports.presenters import TrendRow

QUARTERS_SHOWN = 16
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the trend leads when the target is due."""

    quarter: Quarter
    value: float
    text: str


def find_projection(target: Target, results: Sequence[Attainment]) -> Projection | None:
    """Return where the robust trend of the last eight quarters leads; None after the due quarter or without a trend.

    A sum of the year to date starts again every year and has no such trend. Source: attainment rules section 5.
    """
    if falls_back(target) or not results or target.due_quarter <= results[-1].quarter:
        return None
    values = np.array([[np.nan if r.measured is None else r.measured for r in results]])
    at = np.array([target.due_quarter.ordinal - results[0].quarter.ordinal])
    value = float(project(values, at)[0])
    return Projection(target.due_quarter, value, write_value(value, target)) if isfinite(value) else None


def falls_back(target: Target) -> bool:
    """Say whether the value starts again at nothing every year."""
    return target.window == Window.YEAR_TO_DATE and target.accumulation == Accumulation.SUM


def draw_trajectory(
    target: Target,
    results: Sequence[Attainment],
    *,
    columns: TargetColumns,
    projection: Projection | None,
    season: Mapping[int, float] | None = None,
) -> dict[str, Any]:
    """Return actual, expected path and projection of one allocation, oldest quarter first.

    Shows the last quarters with results and what was expected in them, and the path on to the due quarter; `season`
    are the levels of the usual course of the year by quarter ordinal, `level` the steps of the level where it moved.
    `answers` are the words for 0 and 1 where nothing else is measured; of a rank the least is the best. Absent numbers
    are null.
    """
    shown = list(results)[-QUARTERS_SHOWN:]
    quarters = [result.quarter for result in shown]
    last = max(target.due_quarter, quarters[-1]) if quarters else target.due_quarter
    ahead = [Quarter(o) for o in range((quarters[-1] + 1).ordinal, last.ordinal + 1)] if quarters else []
    path = expect(columns, np.array([q.ordinal for q in ahead], dtype=np.int32))
    levels = [_number(result.level) for result in shown]
    moved = len({level for level in levels if level is not None}) > 1
    return {
        "kind": "bars" if falls_back(target) else "line",
        "quarters": [format_quarter(q.year, q.number) for q in [*quarters, *ahead]],
        "actual": [_number(result.measured) for result in shown],
        "letters": [mark_result(result.rating, result.gap).letter for result in shown],
        "words": [str(mark_result(result.rating, result.gap).word) for result in shown],
        "expected": [_number(value) for value in [*(r.expected for r in shown), *path.expected[0].tolist()]],
        "expectedHi": [_number(value) for value in [*(r.expected_hi for r in shown), *path.expected_hi[0].tolist()]],
        "level": levels if moved else [],
        "season": [_number(season.get(q.ordinal)) for q in [*quarters, *ahead]] if season else [],
        "projection": None if projection is None else _number(projection.value),
        "unit": "" if is_question(target.indicator) else target.unit_of_level,
        "isRank": target.basis == Basis.RANK,
        "answers": list(list_answers()) if is_question(target.indicator) else [],
        "names": {
            "actual": _("Actual"),
            "expected": _("Expected"),
            "projection": _("On the present trend"),
            "level": pgettext("chart", "Level of the target"),
            "season": pgettext("chart", "Usual course of the year"),
        },
    }


def draw_trend(rows: Sequence[TrendRow]) -> dict[str, Any]:
    """Return the scores of a slice by quarter."""
    return {
        "kind": "score",
        "quarters": [row.quarter for row in rows],
        "actual": [_number(row.cell.score) if row.cell.is_rated else None for row in rows],
        "letters": [row.cell.mark.letter for row in rows],
        "words": [str(row.cell.mark.word) for row in rows],
        "unit": "",
        "names": {"actual": _("Score")},
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not isfinite(value) else float(round_half_up(value, _DIGITS))
