"""Recomputes the results that some series serve, and moves the roll-ups above them; nothing else is touched."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from indicators.actions.recompute_queue import Overtaken, finish, hold, remaking
from indicators.actions.replacing import NO_VERSION, load_versions, replace_rows, save_states
from indicators.actions.result_tables import ensure_partitions, lock_results
from indicators.binary_rows import Column, Columns, take
from indicators.models import RecomputeRequest
from indicators.selectors.copying import snapshot
from indicators.selectors.engine_columns import Choice, Span, list_spans, load_batch
from indicators.selectors.result_rows import compute_rows, fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The results of some allocations of one programme, and which results stood when they were computed.

    `allocations` are the columns of the batch, (n,); `fingerprints` (n,) are those of `rows`, all results of these
    allocations, in any order.
    """

    programme_id: int
    allocations: Columns
    rows: Columns
    fingerprints: Column
    computed_at: int

    @property
    def allocation_ids(self) -> Column:
        """The allocations, shape (n,)."""
        return self.allocations["allocation_id"]

    @property
    def is_changed(self) -> Column:
        """Which allocations come to other results than those that stood, shape (n,)."""
        is_first = self.allocations["version"] == NO_VERSION
        return np.asarray(is_first | (self.allocations["fingerprint"] != self.fingerprints))

    def with_rows(self, rows: Columns) -> "Computed":
        """Return the same with other rows."""
        return replace(self, rows=rows, fingerprints=fingerprint(rows, allocation_ids=self.allocation_ids))


def recompute_series(*, requests: Sequence[RecomputeRequest]) -> int:
    """Bring the results of the requests' series up to date; return how many allocations changed.

    Read and computed in one snapshot, written in a second transaction that checks that the claims still hold and that
    nobody has replaced the results meanwhile. Raises ClaimLost or Overtaken, and has then written nothing.
    """
    series_ids = [request.series_id for request in requests if request.series_id is not None]
    with snapshot() as cursor:
        found = [
            compute(cursor, span=span, choice=Choice(series=series_ids))
            for span in list_spans(cursor, series_ids=series_ids)
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


def compute(cursor: Any, *, span: Span, choice: Choice) -> Computed:
    """Return the results of the chosen allocations from what the cursor's transaction sees."""
    batch = load_batch(cursor, span=span, choice=choice)
    rows = compute_rows(batch, computed_at=span.read_at)
    return Computed(
        programme_id=span.programme_id,
        allocations=batch.allocations,
        rows=rows,
        fingerprints=fingerprint(rows, allocation_ids=batch.allocations["allocation_id"]),
        computed_at=span.read_at,
    )


def _write(cursor: Any, computed: Computed) -> int:
    """Write what changed; raise Overtaken if somebody was faster."""
    if not computed.is_changed.any():
        return 0
    read = computed.allocations["version"]
    if (load_versions(cursor, allocation_ids=computed.allocation_ids) != read).any():
        raise Overtaken
    ids = computed.allocation_ids[computed.is_changed]
    rows = take(computed.rows, np.isin(computed.rows["allocation_id"], ids))
    if (read == NO_VERSION).any():
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
