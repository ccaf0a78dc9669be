"""Replaces stored results: the rows that differ, the roll-ups by the difference, and the state that guards them."""

from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.actions.copying import copy_in
from indicators.actions.result_tables import ATTAINMENTS, ROLLUPS, STATES, VERSIONS
from indicators.binary_rows import Column, Columns, RowFormat, count, take
from indicators.engine.attainment import RULE_VERSION
from indicators.models import ResultState
from indicators.models.rollup import OUTCOMES
from indicators.selectors.copying import POSTGRES_EPOCH
from indicators.selectors.result_rows import ATTAINMENT, hash_rows, load_rows
from indicators.selectors.rollup_cells import KEYS, ROLLUP, SUMS, list_pairs, load_tree, subtract, sum_cells

STATE = RowFormat.of_model(ResultState)
NO_VERSION = 0
_CELLS_AT_ONCE = 2_000
RESULT_KEY = ("region_id", "quarter", "allocation_id")


def replace_rows(cursor: Any, *, programme_id: int, allocation_ids: Column, rows: Columns) -> int:
    """Make `rows` the results of these allocations and return how many rows that changed.

    `rows` are all results of `allocation_ids` (n,), in any order: an allocation without rows loses the ones it has.
    Rows that stay the same are not touched. Roll-ups of the region and its ancestors move by the difference in the
    same transaction. The caller holds `lock_results`.
    """
    old = load_rows(cursor, programme_id=programme_id, allocation_ids=allocation_ids.tolist(), beside=rows)
    gone, added = _differ(old, rows)
    if not gone.any() and not added.any():
        return 0
    before, after = take(old, gone), take(rows, added)
    _delete_rows(cursor, programme_id=programme_id, rows=before)
    copy_in(cursor, table=ATTAINMENTS, columns=after, row=ATTAINMENT)
    tree = load_tree(cursor, programme_id=programme_id, pairs=list_pairs(before, after))
    move_rollups(cursor, cells=subtract(sum_cells(after, tree=tree), sum_cells(before, tree=tree)))
    return int(gone.sum()) + int(added.sum())


def load_versions(cursor: Any, *, allocation_ids: Column) -> Column:
    """Return the version of the results that stand, for each of the allocations; `NO_VERSION` where none do."""
    ids = allocation_ids.tolist()
    cursor.execute(f"SELECT allocation_id, version FROM {STATES} WHERE allocation_id = ANY(%s)", [ids])  # noqa: S608
    found = dict(cursor.fetchall())
    return np.array([found.get(allocation, NO_VERSION) for allocation in ids], dtype=np.int64)


def save_states(
    cursor: Any, *, programme_id: int, allocation_ids: Column, fingerprints: Column, computed_at: int
) -> None:
    """Write which results now stand: a new version for each of the allocations, and the fingerprint of its rows.

    The version is a number that nobody else has had.
    """
    instant = POSTGRES_EPOCH + timedelta(microseconds=int(computed_at))
    params = [programme_id, RULE_VERSION, instant, allocation_ids.tolist(), fingerprints.tolist()]
    cursor.execute(_SAVE_STATES, params)


def describe_states(*, programme_id: int, allocation_ids: Column, fingerprints: Column, computed_at: int) -> Columns:
    """Return the state columns of these allocations, without a version yet."""
    n = len(allocation_ids)
    return {
        "allocation_id": allocation_ids,
        "programme_id": np.full(n, programme_id),
        "version": np.zeros(n, dtype=np.int64),
        "fingerprint": fingerprints,
        "rule_version": np.full(n, RULE_VERSION),
        "computed_at": np.full(n, computed_at),
    }


def move_rollups(cursor: Any, *, cells: Columns) -> None:
    """Add the differences to the roll-ups; cells that are not there yet begin at 0, empty ones go.

    The empty cell comes first, since a difference below 0 could not be inserted.
    """
    for start in range(0, count(cells), _CELLS_AT_ONCE):
        chunk = take(cells, slice(start, start + _CELLS_AT_ONCE))
        cursor.execute(_ADD_EMPTY_CELLS, [chunk[name].tolist() for name in _CELL_KEYS])
        cursor.execute(_MOVE_CELLS, [chunk[name].tolist() for name in (*_CELL_KEYS, *SUMS)])
        lost = np.add.reduce([chunk[name] for name in OUTCOMES]) < 0
        if lost.any():
            cursor.execute(_DELETE_EMPTY_CELLS, [chunk[name][lost].tolist() for name in _CELL_KEYS])


_SAVE_STATES = f"""
    INSERT INTO {STATES} (allocation_id, programme_id, version, fingerprint, rule_version, computed_at)
    SELECT d.allocation_id, %s, nextval('{VERSIONS}'), d.fingerprint, %s, %s
    FROM unnest(%s::bigint[], %s::bigint[]) AS d(allocation_id, fingerprint)
    ON CONFLICT (allocation_id) DO UPDATE SET programme_id = EXCLUDED.programme_id, version = EXCLUDED.version,
        fingerprint = EXCLUDED.fingerprint, rule_version = EXCLUDED.rule_version, computed_at = EXCLUDED.computed_at
"""  # noqa: S608  fixed names
_CELL_KEYS = ("programme_id", *KEYS)
_SAME_CELL = " AND ".join(f"r.{name} = d.{name}" for name in _CELL_KEYS)
_ADD_EMPTY_CELLS = (
    f"INSERT INTO {ROLLUPS} ({', '.join((*_CELL_KEYS, *SUMS))})"  # noqa: S608  fixed names, here and below
    f" SELECT *, {', '.join(['0'] * len(SUMS))} FROM unnest({ROLLUP.arrays(*_CELL_KEYS)}) ON CONFLICT DO NOTHING"
)
_MOVE_CELLS = (
    f"UPDATE {ROLLUPS} r SET {', '.join(f'{name} = r.{name} + d.{name}' for name in SUMS)}"  # noqa: S608
    f" FROM unnest({ROLLUP.arrays(*_CELL_KEYS, *SUMS)}) AS d({', '.join((*_CELL_KEYS, *SUMS))}) WHERE {_SAME_CELL}"
)
_DELETE_EMPTY_CELLS = (
    f"DELETE FROM {ROLLUPS} r USING unnest({ROLLUP.arrays(*_CELL_KEYS)}) AS d({', '.join(_CELL_KEYS)})"  # noqa: S608
    f" WHERE {_SAME_CELL} AND {' + '.join(f'r.{name}' for name in OUTCOMES)} = 0"
)


def _delete_rows(cursor: Any, *, programme_id: int, rows: Columns) -> None:
    if count(rows):
        cursor.execute(
            f"DELETE FROM {ATTAINMENTS} a USING unnest({ATTAINMENT.arrays(*RESULT_KEY)}) AS d({', '.join(RESULT_KEY)})"  # noqa: S608
            f" WHERE a.programme_id = %s AND {' AND '.join(f'a.{name} = d.{name}' for name in RESULT_KEY)}",
            [*(rows[name].tolist() for name in RESULT_KEY), programme_id],
        )


def _differ(old: Columns, new: Columns) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which old rows go and which new ones come; a row that stands in both with equal bits does neither."""
    old_keys, new_keys = _keys(old), _keys(new)
    _, in_old, in_new = np.intersect1d(old_keys, new_keys, assume_unique=True, return_indices=True)
    same = hash_rows(take(old, in_old)) == hash_rows(take(new, in_new))
    gone, added = np.ones(len(old_keys), dtype=np.bool_), np.ones(len(new_keys), dtype=np.bool_)
    gone[in_old[same]] = False
    added[in_new[same]] = False
    return gone, added


def _keys(rows: Columns) -> NDArray[np.int64]:
    """Return allocation and quarter as one number."""
    return rows["allocation_id"].astype(np.int64) * (1 << 16) + rows["quarter"]
