"""Targets as columns: read once each, spread over the allocations that they are given to."""

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.binary_rows import Columns, RowFormat
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Basis, MarginKind, Path, TargetColumns
from indicators.models.attainment import DOMAIN_CODES
from indicators.selectors.copying import copy_out

NO_KIND = -1

_TARGET = RowFormat.of(
    ("target_id", "i8"),
    ("comparator", "i2"),
    ("basis", "i2"),
    ("window", "i2"),
    ("accumulation", "i2"),
    ("path", "i2"),
    ("compare_on", "i2"),
    ("ratio_rule", "i2"),
    ("margin_kind", "i2"),
    ("margin", "f8"),
    ("level", "f8"),
    ("level_hi", "f8"),
    ("baseline", "f8"),
    ("baseline_quarter", "i2"),
    ("first_quarter", "i2"),
    ("due_quarter", "i2"),
    ("weight", "f8"),
    ("veto", "i1"),
    ("scale", "i2"),
    ("decimals", "i2"),
    ("multiplier", "f8"),
    ("domain", "i2"),
)
_SAME: tuple[str, ...] = ("comparator", "basis", "window", "accumulation", "path", "compare_on", "ratio_rule")
_SAME += ("baseline_quarter", "first_quarter", "due_quarter", "scale", "decimals", "multiplier", "veto")
# What a share is multiplied by to be in the indicator's unit; the second sign is the full-width one.
MULTIPLIERS = {"%": 100.0, "\uff05": 100.0, "‰": 1000.0}
_MULTIPLIER = " ".join(f"WHEN %s THEN {factor}" for factor in MULTIPLIERS.values())
_DOMAIN_CODE = " ".join(f"WHEN '{domain}' THEN {DOMAIN_CODES[domain.value]}" for domain in Domain)


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """t targets in ascending order of id; schedules map quarter ordinals to levels, seasons hold four shares.

    Both only where the path follows them.
    """

    columns: Columns
    schedules: dict[int, dict[int, float]] = field(default_factory=dict)
    seasons: dict[int, list[float]] = field(default_factory=dict)


def load_targets(cursor: Any, *, target_ids: NDArray[np.int64]) -> Targets:
    """Return the targets with these ids."""
    columns = copy_out(
        cursor,
        query=f"""
            SELECT t.id, t.comparator, t.basis, t."window", t.accumulation, t.path, t.compare_on, t.ratio_rule,
                   COALESCE(t.margin_kind, {NO_KIND}::smallint), COALESCE(t.margin::float8, 'NaN'),
                   COALESCE(t.level::float8, 'NaN'), COALESCE(t.level_hi::float8, 'NaN'),
                   COALESCE(t.baseline::float8, 'NaN'), COALESCE(t.baseline_quarter, 0::smallint),
                   t.first_quarter, t.due_quarter, t.weight::float8, t.veto,
                   i.scale, i.decimals, (CASE i.unit_zh {_MULTIPLIER} ELSE 1 END)::float8,
                   (CASE i.domain {_DOMAIN_CODE} END)::smallint
            FROM indicators_target t JOIN indicators_indicator i ON i.id = t.indicator_id
            WHERE t.id = ANY(%s) ORDER BY t.id
        """,  # noqa: S608  fixed column names
        params=[*MULTIPLIERS, target_ids.tolist()],
        row=_TARGET,
    )
    found = Targets(columns=columns)
    planned = columns["target_id"][np.isin(columns["path"], (Path.SCHEDULED, Path.SEASONAL))]
    if not len(planned):
        return found
    cursor.execute("SELECT id, schedule, season FROM indicators_target WHERE id = ANY(%s)", [planned.tolist()])
    for target_id, schedule, season in cursor.fetchall():
        if schedule := _json(schedule):
            levels = {Quarter.parse(quarter).ordinal: float(level) for quarter, level in schedule.items()}
            found.schedules[target_id] = levels
        if season := _json(season):
            found.seasons[target_id] = [float(share) for share in season]
    return found


def spread_targets(found: Targets, *, rows: NDArray[np.intp], allocations: Columns) -> TargetColumns:
    """Return one row for each allocation; its own level, baseline and weight replace the target's.

    Shapes: `rows` (n,) is the target's position for each allocation, `allocations` columns (n,).
    A target without a margin of its own leaves NaN: the engine takes the default.
    """
    own = found.columns
    columns: dict[str, object] = {name: own[name][rows] for name in _SAME}
    for name in ("level", "level_hi", "baseline", "weight"):
        given = allocations[name]
        columns[name] = np.where(np.isnan(given), own[name][rows], given)
    kind = own["margin_kind"][rows]
    columns["margin_kind"] = np.where(kind == NO_KIND, MarginKind.NONE, kind)
    columns["margin"] = np.where(kind == MarginKind.NONE, 0.0, own["margin"][rows])
    columns["awaiting_level"] = np.isnan(np.asarray(columns["level"], dtype=np.float64))
    columns["schedule"] = _spread_schedules(found, allocations["target_id"])
    columns["season"] = _spread_seasons(found, allocations["target_id"])
    return TargetColumns.of(len(rows), **columns)


def spread_benchmarks(
    cursor: Any, found: Targets, *, rows: NDArray[np.intp], span_first: int, shape: tuple[int, int]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return benchmark, place and whether they are demonstration data, (n, Q) each; NaN is awaited."""
    benchmark, place = np.full(shape, np.nan), np.full(shape, np.nan)
    invented = np.zeros(shape, dtype=np.bool_)
    compared = np.isin(found.columns["basis"], (Basis.OVER_BENCHMARK, Basis.RANK))
    if compared.any():
        cursor.execute(
            "SELECT target_id, quarter, value, place, is_demonstration FROM indicators_benchmarkfigure"
            " WHERE target_id = ANY(%s) AND quarter BETWEEN %s AND %s",
            [found.columns["target_id"][compared].tolist(), span_first, span_first + shape[1] - 1],
        )
        for target_id, quarter, value, rank, is_invented in cursor.fetchall():
            cells = found.columns["target_id"][rows] == target_id, quarter - span_first
            benchmark[cells] = np.nan if value is None else float(value)
            place[cells] = np.nan if rank is None else rank
            invented[cells] = is_invented
    return benchmark, place, invented


def _spread_schedules(found: Targets, target_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (allocation row, quarter, level) for every interim level of a staged plan."""
    lines = [
        (row, quarter, level)
        for target_id, levels in found.schedules.items()
        for row in np.flatnonzero(target_ids == target_id)
        for quarter, level in sorted(levels.items())
    ]
    return np.array(sorted(lines), dtype=np.float64).reshape(-1, 3)


def _spread_seasons(found: Targets, target_ids: NDArray[np.int64]) -> NDArray[np.float64]:
    season = np.full((len(target_ids), 4), np.nan)
    for target_id, shares in found.seasons.items():
        season[target_ids == target_id] = shares
    return season


def _json(value: Any) -> Any:
    """Return a JSON column's content: the driver hands it out as text."""
    return json.loads(value) if isinstance(value, str) else value
