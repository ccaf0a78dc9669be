"""What the rest can still change, and what the usual course of a year would let one expect: both asked of the engine.

The stored results do not say whether a level is out of reach or certain; the page works it out from their columns, for
every quarter of the window at once, so that it can name the quarter in which it turned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from django.utils.translation import gettext as _

from indicators.bounds import write_expected_level
from indicators.engine.outlook import Standing, bound_quarters, find_outlook
from indicators.engine.path import expect
from indicators.engine.period import Quarter
from indicators.engine.season import learn_season
from indicators.engine.target import Accumulation, Basis, Flag, Path, Scale, TargetColumns, Window
from indicators.models import ApprovedFigure, Target
from indicators.models.attainment import Attainment
from qscounty.web.formats import format_quarter
from reports.remainder import count_remaining

DAYS = "天"


@dataclass(frozen=True, slots=True)
class Chances:
    """Whether the level is lost or safe, and since which quarter; NONE where the rest still decides."""

    flag: Flag = Flag.NONE
    since: Quarter | None = None

    @property
    def text(self) -> str:
        """Since when, as a sentence; empty where the rest still decides."""
        if self.since is None:
            return ""
        quarter = {"quarter": format_quarter(self.since.year, self.since.number)}
        if self.flag == Flag.OUT_OF_REACH:
            return _("The point of no return was %(quarter)s.") % quarter
        return _("It has been certain since %(quarter)s.") % quarter


def find_chances(results: Sequence[Attainment], columns: TargetColumns) -> Chances:
    """Return what the newest of the results leaves open; `results` are of one allocation, oldest first.

    `columns` is its target, one row. Nothing is said where no quarter remains, where a quarter of the window is missing
    and may still come, and where the value is not compared as it is. Source: `engine.outlook`.
    """
    if not results or not _is_judged(results[-1]):
        return Chances()
    window = [r for r in results if r.window_start == results[-1].window_start and _is_judged(r)]
    rows = columns.take(np.zeros(len(window), dtype=np.intp))
    rows = replace(rows, level=_floats(r.level for r in window), level_hi=_floats(r.level_hi for r in window))
    found = find_outlook(rows, _stand(window, rows))
    for flag, held in ((Flag.OUT_OF_REACH, found.out_of_reach), (Flag.CERTAIN, found.certain)):
        if held[-1]:
            before = np.flatnonzero(~held)
            return Chances(flag, window[int(before[-1]) + 1 if before.size else 0].quarter)
    return Chances()


def _is_judged(result: Attainment) -> bool:
    is_known = result.accumulated is not None and result.level is not None and not result.missing
    is_known &= result.target.accumulation != Accumulation.RATIO or result.numerator is not None
    return is_known and result.target.basis == Basis.LEVEL and count_remaining(result) > 0


def _stand(window: Sequence[Attainment], rows: TargetColumns) -> Standing:
    """Return where each quarter of the window stood, and what each of those after it can bring at least and at most."""
    target = window[0].target
    is_ratio, is_mean = target.accumulation == Accumulation.RATIO, target.accumulation == Accumulation.MEAN
    remaining = np.array([count_remaining(result) for result in window])
    quarters = _floats(result.quarter.ordinal - result.window_start.ordinal + 1 for result in window)
    so_far = _floats((result.numerator if is_ratio else result.accumulated) for result in window)
    low, high = bound_quarters(
        rows,
        newest=np.array([result.quarter.ordinal for result in window]),
        ahead=int(remaining.max()),
        in_days=np.full(len(window), target.indicator.unit_zh == DAYS),
    )
    return Standing(
        accumulation=rows.accumulation,
        so_far=so_far * quarters if is_mean else so_far,
        weight=_floats(result.denominator for result in window) if is_ratio else quarters,
        remaining=remaining,
        low=low,
        high=np.full_like(high, np.nan) if is_ratio else high,
        share=np.full(len(window), target.indicator.scale == Scale.RATE),
    )


@dataclass(frozen=True, slots=True)
class Season:
    """What the usual course of the year would let one expect: levels by quarter ordinal, and that of now in words."""

    levels: dict[int, float]
    now: str

    @property
    def text(self) -> str:
        """The expectation as a sentence; it never decides a rating."""
        return _(
            "By the usual course of earlier years %(level)s would be expected now; the rating goes by the plan."
        ) % {"level": self.now}


def find_season(
    figures: Iterable[ApprovedFigure], *, now: Quarter, target: Target, columns: TargetColumns
) -> Season | None:
    """Return the seasonal expectation of the year of `now`; None where the earlier years show no season.

    Only for sums and means of the year to date whose plan gives no season of its own. Learned from the last complete
    years before the year that is judged, two at least. Source: `engine.season`, `engine.path`.
    """
    if target.path == Path.SEASONAL or target.window != Window.YEAR_TO_DATE or target.basis != Basis.LEVEL:
        return None
    known = {f.quarter.ordinal: float(f.value) for f in figures if f.is_current and f.value is not None}
    year = Quarter.of(now.year, 1).ordinal
    first = min(known, default=year)
    values = np.array([[known.get(ordinal, np.nan) for ordinal in range(first, year)]])
    season = learn_season(values, first_quarter=first, accumulation=columns.accumulation, before=year)
    if not np.isfinite(season).all():
        return None
    seasonal = replace(columns, path=np.array([Path.SEASONAL], dtype=columns.path.dtype), season=season)
    path = expect(seasonal, np.arange(year, year + 4, dtype=np.int32))
    levels, uppers = path.expected[0].tolist(), path.expected_hi[0].tolist()
    level, upper = levels[now.number - 1], uppers[now.number - 1]
    if not isfinite(level):
        return None
    return Season(dict(zip(range(year, year + 4), levels, strict=True)), write_expected_level(target, level, upper))


def _floats(values: Iterable[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
