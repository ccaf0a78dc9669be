"""The last step of a scope: staged results and roll-ups take the place of those that stand, in one transaction."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from indicators.actions.recompute_queue import begin_anew, extend, finish, hold, remaking
from indicators.actions.recompute_series import compute
from indicators.actions.replacing import NO_VERSION, STATE, replace_rows, save_states
from indicators.actions.result_tables import (
    ATTAINMENTS,
    ROLLUPS,
    STATES,
    VERSIONS,
    add_up_shared,
    drop_staging,
    ensure_partitions,
    lock_results,
    partition_of,
    staging_of,
    swap_partition,
)
from indicators.binary_rows import Columns, RowFormat, count
from indicators.models import RecomputeRequest
from indicators.models.recompute_request import RequestKind
from indicators.selectors.copying import copy_out
from indicators.selectors.engine_columns import Choice, load_span
from indicators.selectors.result_rows import ATTAINMENT, fingerprint
from indicators.selectors.rollup_cells import ROLLUP

SWAPPED_FROM_ROWS = 20_000
"""A programme with fewer results is rewritten where it stands: putting a new partition in its place stops all readers
for a moment."""

ALLOCATIONS_AT_ONCE = 500
_IDS = RowFormat.of(("allocation_id", "i8"))


def finish_programmes(*, request: RecomputeRequest) -> int:
    """Mark a scope over several programmes as done, and return how many allocations changed in all of them."""
    changed = sum(request.parts.values_list("changed", flat=True))
    with remaking() as cursor:
        hold(cursor, requests=[request])
        finish(cursor, requests=[request], changed=changed)
    return changed


def put_in_place(*, request: RecomputeRequest) -> int:
    """Replace the results of a scope by what its parts have staged; return how many allocations changed.

    If every allocation of the programme has changed, new tables take the place of the old ones; otherwise rows and
    roll-ups move by the difference. Allocations whose results were replaced since their part was read are computed
    again here, while nobody else can replace them. Nothing staged: nothing is written. Where another scope of the
    programme was put in place meanwhile, this one begins anew.
    """
    programme_id = request.programme_id or 0
    total, changed, rows = _count_staged(request)
    is_rebuilt = request.region_id is None and request.first_quarter is None and 0 < total == changed
    is_swapped = is_rebuilt and rows >= SWAPPED_FROM_ROWS
    if is_swapped:
        extend(request=request, seconds=30 + rows / 50_000)
    with remaking() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        lock_results(cursor, programme_id=programme_id)
        hold(cursor, requests=[request])
        if _is_another_done(request):
            begin_anew(request=request)
            return 0
        if changed:
            ensure_partitions(cursor, programme_id=programme_id)
        if is_rebuilt:
            _rebuild(cursor, request=request, is_swapped=is_swapped)
        elif changed:
            _merge(cursor, request=request)
        changed += _remove_orphans(cursor, request=request)
        drop_staging(cursor, request_id=request.pk)
        finish(cursor, requests=[request], changed=changed)
    return changed


def _is_another_done(request: RecomputeRequest) -> bool:
    """Say whether another scope of the programme was put in place since this one began.

    It may have seen a newer target or threshold and left results as they are, which this one is about to replace by
    what the older one came to. A newer figure would show: results carry its revision.
    """
    others = RecomputeRequest.objects.filter(kind=RequestKind.SCOPE, programme_id=request.programme_id or 0)
    return others.exclude(pk=request.pk).filter(done_at__gte=request.started_at).exists()


def _count_staged(request: RecomputeRequest) -> tuple[int, int, int]:
    """Return how many allocations the parts looked at, how many of them changed, and their number of results."""
    parts = request.parts.filter(kind=RequestKind.PART).values_list("progress_total", "changed")
    with connection.cursor() as cursor:
        span = load_span(cursor, programme_id=request.programme_id or 0)
    changed = sum(changed for _, changed in parts)
    return sum(total for total, _ in parts), changed, changed * span.quarters


def _rebuild(cursor: Any, *, request: RecomputeRequest, is_swapped: bool) -> None:
    """Make the staged results all the results of the programme."""
    programme_id, request_id = request.programme_id or 0, request.pk
    late = _list_overtaken(cursor, request=request, with_unstaged=True)
    add_up_shared(cursor, request_id=request_id)
    for table, row in ((ATTAINMENTS, ATTAINMENT), (ROLLUPS, ROLLUP)):
        name = staging_of(table, request_id)
        if is_swapped:
            swap_partition(cursor, table=table, name=name, programme_id=programme_id)
        else:
            cursor.execute(f"DELETE FROM {partition_of(table, programme_id)}")  # noqa: S608
            cursor.execute(f"INSERT INTO {table} ({row.listing}) SELECT {row.listing} FROM {name}")  # noqa: S608
    cursor.execute(f"DELETE FROM {STATES} WHERE programme_id = %s", [programme_id])  # noqa: S608
    staged = ", ".join(f"nextval('{VERSIONS}')" if name == "version" else name for name in STATE.names)
    cursor.execute(
        f"INSERT INTO {STATES} ({STATE.listing}) SELECT {staged} FROM {staging_of(STATES, request_id)}"  # noqa: S608
    )
    _recompute(cursor, late, programme_id=programme_id)


def _merge(cursor: Any, *, request: RecomputeRequest) -> None:
    """Move the results of the changed allocations, and the roll-ups by the difference."""
    programme_id = request.programme_id or 0
    late = _list_overtaken(cursor, request=request, with_unstaged=False)
    _recompute(cursor, late, programme_id=programme_id)
    staged_ids = copy_out(
        cursor,
        query=f"SELECT allocation_id FROM {staging_of(STATES, request.pk)} ORDER BY allocation_id",  # noqa: S608
        row=_IDS,
    )["allocation_id"]
    for ids in _chunks(np.setdiff1d(staged_ids, late)):
        rows = copy_out(
            cursor,
            query=f"SELECT {ATTAINMENT.selection} FROM {staging_of(ATTAINMENTS, request.pk)}"  # noqa: S608
            " WHERE allocation_id = ANY(%s)",
            params=[ids.tolist()],
            row=ATTAINMENT,
        )
        _replace(cursor, programme_id=programme_id, allocation_ids=ids, rows=rows)


def _recompute(cursor: Any, allocation_ids: NDArray[np.int64], *, programme_id: int) -> None:
    """Replace the results of these allocations by what their figures say now; nothing is asked for none."""
    if not len(allocation_ids):
        return
    span = load_span(cursor, programme_id=programme_id)
    for ids in _chunks(allocation_ids):
        computed = compute(cursor, span=span, choice=Choice(allocations=ids.tolist()))
        _replace(cursor, programme_id=programme_id, allocation_ids=computed.allocation_ids, rows=computed.rows)


def _replace(cursor: Any, *, programme_id: int, allocation_ids: NDArray[np.int64], rows: Columns) -> None:
    replace_rows(cursor, programme_id=programme_id, allocation_ids=allocation_ids, rows=rows)
    save_states(
        cursor,
        programme_id=programme_id,
        allocation_ids=allocation_ids,
        fingerprints=fingerprint(rows, allocation_ids=allocation_ids),
        computed_at=int(rows["computed_at"].max()) if count(rows) else 0,
    )


def _chunks(allocation_ids: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(allocation_ids), ALLOCATIONS_AT_ONCE):
        yield allocation_ids[start : start + ALLOCATIONS_AT_ONCE]


def _remove_orphans(cursor: Any, *, request: RecomputeRequest) -> int:
    """Take out the results of allocations that are no longer there; return how many those are."""
    if request.region_id is not None:
        return 0
    cursor.execute(
        f"SELECT r.allocation_id FROM {STATES} r WHERE r.programme_id = %s AND NOT EXISTS"  # noqa: S608
        " (SELECT 1 FROM indicators_allocation a WHERE a.id = r.allocation_id) ORDER BY 1",
        [request.programme_id],
    )
    gone = np.array([row[0] for row in cursor.fetchall()], dtype=np.int64)
    if len(gone):
        none = {field.name: np.zeros(0, dtype=field.kind) for field in ATTAINMENT.fields}
        replace_rows(cursor, programme_id=request.programme_id or 0, allocation_ids=gone, rows=none)
        cursor.execute(f"DELETE FROM {STATES} WHERE allocation_id = ANY(%s)", [gone.tolist()])  # noqa: S608
    return len(gone)


def _list_overtaken(cursor: Any, *, request: RecomputeRequest, with_unstaged: bool) -> NDArray[np.int64]:
    """Return the allocations whose results were replaced since their part was read, ascending.

    `with_unstaged` adds those that got results of their own and that no part has seen.
    """
    staged = staging_of(STATES, request.pk)
    query = (
        f"SELECT s.allocation_id FROM {staged} s LEFT JOIN {STATES} r USING (allocation_id)"  # noqa: S608
        f" WHERE COALESCE(r.version, {NO_VERSION}) <> s.based_on"
    )
    if with_unstaged:
        query += (
            f" UNION SELECT r.allocation_id FROM {STATES} r JOIN indicators_allocation a ON a.id = r.allocation_id"  # noqa: S608
            f" WHERE r.programme_id = %s AND NOT EXISTS"
            f" (SELECT 1 FROM {staged} s WHERE s.allocation_id = r.allocation_id)"
        )
    params = [request.programme_id] if with_unstaged else []
    return copy_out(cursor, query=f"{query} ORDER BY 1", params=params, row=_IDS)["allocation_id"]
