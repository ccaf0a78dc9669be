"""Which threshold holds when: the newest row of the programme, else the newest row for all, else the engine's."""

from collections.abc import Iterable
from dataclasses import dataclass

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
_CELLS = (ThresholdKind.GREEN_FROM_SCORE, ThresholdKind.AMBER_FROM_SCORE, ThresholdKind.COVERAGE_AT_LEAST_RATIO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Epoch:
    """The default amber margins from one quarter (its ordinal) on, up to the next epoch."""

    since: int
    margins: Margins


def load_margins(*, programme_id: int) -> list[Epoch]:
    """Return the default margins of a programme, oldest epoch first; the first one holds since ever.

    A margin without a row that holds is the engine's default.
    """
    return margins_of_rows(_list_rows(programme_id, kinds=list(_SCALES)))


def margins_of_rows(rows: Iterable[Threshold]) -> list[Epoch]:
    """Return the default margins, oldest epoch first, given the rows that there are."""
    rows = [row for row in rows if row.kind in _SCALES]
    starts = [ALWAYS, *sorted({row.valid_from.ordinal for row in rows})]
    return [Epoch(since=start, margins=_margins_at(rows, start)) for start in starts]


def load_thresholds(*, programme_id: int, quarter: Quarter) -> Thresholds:
    """Return from which score and coverage a cell of this programme and quarter is coloured."""
    return thresholds_of(_list_rows(programme_id, kinds=_CELLS), quarter)


def thresholds_of(rows: Iterable[Threshold], quarter: Quarter) -> Thresholds:
    """Return from which score and coverage a cell of the quarter is coloured, given the rows that there are."""
    kinds = _CELLS
    holding = _find_holding(list(rows), quarter.ordinal)
    defaults = (DEFAULT_THRESHOLDS.green, DEFAULT_THRESHOLDS.amber, DEFAULT_THRESHOLDS.coverage)
    green, amber, coverage = (holding.get(kind, default) for kind, default in zip(kinds, defaults, strict=True))
    return Thresholds(green=green, amber=amber, coverage=coverage)


def _list_rows(programme_id: int, *, kinds: Iterable[str]) -> list[Threshold]:
    """Read in plain SQL: every approval asks, and building the query takes longer than answering it."""
    query = (
        f"SELECT * FROM {Threshold._meta.db_table}"  # noqa: S608  fixed table name
        " WHERE (programme_id = %s OR programme_id IS NULL) AND kind = ANY(%s)"
    )
    return list(Threshold.objects.raw(query, [programme_id, list(kinds)]))


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
