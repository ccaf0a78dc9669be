"""Recomputes the results that some series serve, and moves the roll-ups above them; nothing else is touched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from indicators.actions.recompute_queue import Overtaken, finish, hold, remaking
from indicators.actions.replacing import load_versions, replace_rows, save_states
from indicators.actions.result_tables import ensure_partitions, lock_results
from indicators.binary_rows import Column, Columns, take
from indicators.models import RecomputeRequest
from indicators.selectors.copying import in_microseconds, snapshot
from indicators.selectors.engine_columns import Choice, load_batch, load_span
from indicators.selectors.result_rows import compute_rows, fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The results of some allocations of one programme, and the versions of what they would replace.

    `allocation_ids` and `fingerprints` are (n,); `rows` are all results of these allocations, in any order.
    """

    programme_id: int
    allocation_ids: Column
    rows: Columns
    fingerprints: Column
    versions: dict[int, tuple[int, int]]
    computed_at: int

    @property
    def is_changed(self) -> Column:
        """Which allocations come to other results than those that stand, shape (n,)."""
        stands = [self.versions.get(allocation, (0, None))[1] for allocation in self.allocation_ids.tolist()]
        pairs = zip(stands, self.fingerprints.tolist(), strict=True)
        return np.array([stored != bits for stored, bits in pairs], dtype=np.bool_)

    def is_overtaken(self, versions: dict[int, tuple[int, int]]) -> Column:
        """Which allocations have had their results replaced since, shape (n,)."""
        read = [self.versions.get(allocation, (0, 0))[0] for allocation in self.allocation_ids.tolist()]
        now = [versions.get(allocation, (0, 0))[0] for allocation in self.allocation_ids.tolist()]
        return np.asarray(np.array(read, dtype=np.int64) != np.array(now, dtype=np.int64))


def recompute_series(*, requests: Sequence[RecomputeRequest]) -> int:
    """Bring the results of the requests' series up to date; return how many allocations changed.

    Read and computed in one snapshot, written in a second transaction that checks that the claims still hold and that
    nobody has replaced the results meanwhile. Raises ClaimLost or Overtaken, and has then written nothing.
    """
    series_ids = [request.series_id for request in requests if request.series_id is not None]
    with snapshot() as cursor:
        found = [
            compute(cursor, programme_id=programme_id, choice=Choice(series=series_ids))
            for programme_id in _list_programmes(cursor, series_ids)
        ]
    changed = 0
    with remaking() as cursor:
        for computed in found:
            lock_results(cursor, programme_id=computed.programme_id)
        hold(cursor, requests=requests)
        for computed in found:
            changed += _write(cursor, computed)
        finish(cursor, requests=requests, changed=changed)
    return changed


def compute(cursor: Any, *, programme_id: int, choice: Choice) -> Computed:
    """Return the results of the chosen allocations from what the cursor's transaction sees."""
    cursor.execute("SELECT transaction_timestamp()")
    computed_at = in_microseconds(cursor.fetchone()[0])
    batch = load_batch(cursor, span=load_span(cursor, programme_id=programme_id), choice=choice)
    rows = compute_rows(batch, computed_at=computed_at)
    allocation_ids = batch.allocations["allocation_id"]
    return Computed(
        programme_id=programme_id,
        allocation_ids=allocation_ids,
        rows=rows,
        fingerprints=fingerprint(rows, allocation_ids=allocation_ids),
        versions=load_versions(cursor, allocation_ids=allocation_ids.tolist()),
        computed_at=computed_at,
    )


def _list_programmes(cursor: Any, series_ids: Sequence[int]) -> list[int]:
    cursor.execute(
        "SELECT DISTINCT t.programme_id FROM indicators_allocation a JOIN indicators_target t ON t.id = a.target_id"
        " WHERE a.series_id = ANY(%s) ORDER BY 1",
        [list(series_ids)],
    )
    return [row[0] for row in cursor.fetchall()]


def _write(cursor: Any, computed: Computed) -> int:
    """Write what changed; raise Overtaken if somebody was faster."""
    if not computed.is_changed.any():
        return 0
    versions = load_versions(cursor, allocation_ids=computed.allocation_ids.tolist())
    if computed.is_overtaken(versions).any():
        raise Overtaken
    ids = computed.allocation_ids[computed.is_changed]
    rows = take(computed.rows, np.isin(computed.rows["allocation_id"], ids))
    ensure_partitions(cursor, programme_id=computed.programme_id)
    replace_rows(cursor, programme_id=computed.programme_id, allocation_ids=ids, rows=rows)
    save_states(
        cursor,
        programme_id=computed.programme_id,
        allocation_ids=ids,
        fingerprints=computed.fingerprints[computed.is_changed],
        computed_at=computed.computed_at,
    )
    return len(ids)
