"""One allocation's target as the engine's columns, for what a page asks the engine beyond the stored result."""

import numpy as np
from django.db import connection

from indicators.engine.period import Quarter
from indicators.engine.target import MarginKind, TargetColumns
from indicators.models import Allocation
from indicators.selectors.target_columns import MULTIPLIERS, load_targets, spread_targets

_SAME = ("comparator", "basis", "window", "accumulation", "path", "compare_on", "ratio_rule", "veto")


def load_target_columns(allocation: Allocation) -> TargetColumns:
    """Return one row: the target with the allocation's own level, baseline and weight; two queries at most."""
    with connection.cursor() as cursor:
        found = load_targets(cursor, target_ids=np.array([allocation.target_id], dtype=np.int64))
    own = {name: np.array([_number(getattr(allocation, name))]) for name in ("level", "level_hi", "baseline", "weight")}
    return spread_targets(
        found,
        rows=np.array([0]),
        allocations=own | {"target_id": np.array([allocation.target_id], dtype=np.int64)},
    )


def make_target_columns(allocation: Allocation) -> TargetColumns:
    """Return the same row from the objects at hand, which of an edition are frozen ones; no query."""
    target = allocation.target
    own = {name: _choose(allocation, name) for name in ("level", "level_hi", "baseline", "weight")}
    levels = sorted((Quarter.parse(quarter).ordinal, float(level)) for quarter, level in target.schedule.items())
    return TargetColumns.of(
        1,
        **own,
        **{name: getattr(target, name) for name in _SAME},
        first_quarter=target.first_quarter.ordinal,
        due_quarter=target.due_quarter.ordinal,
        scale=target.indicator.scale,
        decimals=target.indicator.decimals,
        multiplier=MULTIPLIERS.get(target.indicator.unit_zh, 1.0),
        margin_kind=target.margin_kind or MarginKind.NONE,
        margin=np.nan if target.margin_kind is None else _number(target.margin or 0),
        awaiting_level=bool(np.isnan(own["level"])),
        schedule=np.array([(0, *line) for line in levels], dtype=np.float64).reshape(-1, 3),
        season=np.array([target.season or [np.nan] * 4], dtype=np.float64),
    )


def _choose(allocation: Allocation, name: str) -> float:
    """Return the allocation's own number, else the target's."""
    own = getattr(allocation, name)
    return _number(getattr(allocation.target, name) if own is None else own)


def _number(value: object) -> float:
    return float("nan") if value is None else float(str(value))
