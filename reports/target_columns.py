"""One allocation's target as the engine's columns, for what a page asks the engine beyond the stored result."""

import numpy as np
from django.db import connection

from indicators.engine.target import TargetColumns
from indicators.models import Allocation
from indicators.selectors.target_columns import load_targets, spread_targets


def load_target_columns(allocation: Allocation) -> TargetColumns:
    """Return one row: the target with the allocation's own level, baseline and weight; two queries."""
    with connection.cursor() as cursor:
        found = load_targets(cursor, target_ids=np.array([allocation.target_id], dtype=np.int64))
    own = {name: np.array([_number(getattr(allocation, name))]) for name in ("level", "level_hi", "baseline", "weight")}
    return spread_targets(
        found,
        rows=np.array([0]),
        allocations=own | {"target_id": np.array([allocation.target_id], dtype=np.int64)},
    )


def _number(value: object) -> float:
    return float("nan") if value is None else float(str(value))
