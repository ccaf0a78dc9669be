"""Which threshold holds when: the newest row of the programme, else the newest row for all, else the engine's."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from indicators.engine.cell import DEFAULT_THRESHOLDS, Thresholds
from indicators.engine.period import Quarter
from indicators.engine.rating import DEFAULT_MARGINS, Margins
from indicators.engine.target import MarginKind, Scale
from indicators.models.threshold import Threshold, ThresholdKind

ALWAYS = 0

_SCALES: dict[str, tuple[tuple[Scale, ...], MarginKind]] = {
    ThresholdKind.MARGIN_CONTINUOUS_RATIO: ((Scale.CONTINUOUS, Scale.MILESTONE), MarginKind.RELATIVE),
    ThresholdKind.MARGIN_RATE_POINTS: ((Scale.RATE,), MarginKind.ABSOLUTE),
    ThresholdKind.MARGIN_ORDINAL_GRADES: ((Scale.ORDINAL,), MarginKind.ABSOLUTE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """The default amber margins from one quarter (its ordinal) on, up to the next epoch."""

    since: int
    margins: Margins


def load_margins(*, programme_id: int) -> list[Epoch]:
    """Return the default margins of a programme, oldest epoch first; the first one holds since ever.

    A margin without a row that holds is the engine's default.
    """
    rows = _list_rows(programme_id, kinds=list(_SCALES))
    starts = [ALWAYS, *sorted({row.valid_from.ordinal for row in rows})]
    return [Epoch(since=start, margins=_margins_at(rows, start)) for start in starts]


def load_thresholds(*, programme_id: int, quarter: Quarter) -> Thresholds:
    """Return from which score and coverage a cell of this programme and quarter is coloured."""
    kinds = (
        ThresholdKind.GREEN_FROM_SCORE,
        ThresholdKind.AMBER_FROM_SCORE,
        ThresholdKind.COVERAGE_AT_LEAST_RATIO,
    )
    holding = _find_holding(_list_rows(programme_id, kinds=kinds), quarter.ordinal)
    defaults = (DEFAULT_THRESHOLDS.green, DEFAULT_THRESHOLDS.amber, DEFAULT_THRESHOLDS.coverage)
    green, amber, coverage = (holding.get(kind, default) for kind, default in zip(kinds, defaults, strict=True))
    return Thresholds(green=green, amber=amber, coverage=coverage)


def _list_rows(programme_id: int, *, kinds: Iterable[str]) -> list[Threshold]:
    mine = Q(programme_id=programme_id) | Q(programme__isnull=True)
    return list(Threshold.objects.filter(mine, kind__in=kinds))


def _find_holding(rows: list[Threshold], quarter: int) -> dict[str, float]:
    """Return the value of every kind that has a row in force."""
    begun = [row for row in rows if row.valid_from.ordinal <= quarter]
    begun.sort(key=lambda row: (row.programme_id is not None, row.valid_from.ordinal))
    return {row.kind: float(row.value) for row in begun}


def _margins_at(rows: list[Threshold], quarter: int) -> Margins:
    margins = dict(DEFAULT_MARGINS)
    for kind, value in _find_holding(rows, quarter).items():
        scales, margin_kind = _SCALES[kind]
        margins |= dict.fromkeys(scales, (margin_kind, value))
    return margins
