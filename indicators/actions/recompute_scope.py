"""Recomputes a scope in three steps that several workers share: parted by regions, computed part by part, put in place.

A part is small enough for bounded memory, is one transaction, and can be repeated; what is done stays done when the
scope is cancelled and resumed. Results wait in staging tables, so that a reader sees all old ones or all new ones.
"""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np

from indicators.actions.copying import copy_in
from indicators.actions.recompute_queue import finish, hold, put, release, remaking
from indicators.actions.recompute_series import Computed, compute
from indicators.actions.replacing import STATE, describe_states
from indicators.actions.result_tables import (
    ATTAINMENTS,
    ROLLUPS,
    SHARED_ROLLUPS,
    STATES,
    make_staging,
    staging_of,
)
from indicators.binary_rows import Columns, Field, RowFormat, count, join, take
from indicators.models import RecomputeRequest
from indicators.models.recompute_request import RequestKind
from indicators.selectors.copying import snapshot
from indicators.selectors.engine_columns import Choice, load_span
from indicators.selectors.result_rows import ATTAINMENT, load_rows
from indicators.selectors.rollup_cells import ROLLUP, list_pairs, load_tree, sum_cells

PART_ROWS = 24_000
"""Results computed at once: some 30 MB of columns, a tenth of a second between two looks at `is_cancelled`."""

STAGED_STATE = RowFormat((*STATE.fields, Field("based_on", "i8")))


def part_programmes(*, request: RecomputeRequest) -> int:
    """Ask for the same scope in every programme that has allocations there; return how many those are."""
    with remaking() as cursor:
        hold(cursor, requests=[request])
        cursor.execute(
            "SELECT DISTINCT t.programme_id FROM indicators_allocation a JOIN indicators_target t ON t.id = a.target_id"
            " JOIN indicators_series s ON s.id = a.series_id JOIN departments_region r ON r.id = s.region_id"
            " WHERE r.code LIKE %s ORDER BY 1",
            [f"{request.region.code if request.region else ''}%"],
        )
        rows = [
            {
                "key": key_of(
                    programme_id=programme_id,
                    region_id=request.region_id,
                    quarters=(request.first_quarter, request.last_quarter),
                ),
                "programme_id": programme_id,
                "region_id": request.region_id,
                "first_quarter": request.first_quarter and request.first_quarter.ordinal,
                "last_quarter": request.last_quarter and request.last_quarter.ordinal,
                "requested_by_id": request.requested_by_id,
                "parent_id": request.pk,
            }
            for (programme_id,) in cursor.fetchall()
        ]
        put(cursor, kind=RequestKind.SCOPE, rows=rows)
        _begin(request, total=len(rows))
    return len(rows)


def part_regions(*, request: RecomputeRequest) -> int:
    """Part a scope of one programme into pieces of about `PART_ROWS` results, by region; return how many those are."""
    with remaking() as cursor:
        hold(cursor, requests=[request])
        span = load_span(cursor, programme_id=_programme_of(request))
        cursor.execute(
            "SELECT s.region_id, count(*), EXISTS (SELECT 1 FROM departments_region c WHERE c.parent_id = s.region_id)"
            " FROM indicators_allocation a JOIN indicators_target t ON t.id = a.target_id"
            " JOIN indicators_series s ON s.id = a.series_id JOIN departments_region r ON r.id = s.region_id"
            " WHERE t.programme_id = %s AND r.code LIKE %s GROUP BY s.region_id ORDER BY s.region_id",
            [request.programme_id, f"{request.region.code if request.region else ''}%"],
        )
        portions = list(_pack(cursor.fetchall(), most=max(PART_ROWS // max(span.quarters, 1), 1)))
        make_staging(cursor, request_id=request.pk, programme_id=_programme_of(request))
        rows = [
            {
                "key": f"{request.pk}:{place:05d}",  # in the order of the regions
                "programme_id": request.programme_id,
                "parent_id": request.pk,
                "portion": json.dumps(portion),
                "progress_total": total,
            }
            for place, (portion, total) in enumerate(portions)
        ]
        kept = put(cursor, kind=RequestKind.PART, rows=rows)
        request.parts.exclude(pk__in=kept).delete()
        _begin(request, total=sum(total for _, total in portions))
    return len(portions)


def compute_part(*, request: RecomputeRequest) -> int:
    """Compute one part and stage what differs from the results that stand; return how many allocations do."""
    scope = request.parent
    if scope is None:
        raise LookupError(f"Part {request.key} belongs to no scope.")
    portion = request.portion
    choice = Choice(regions=portion["regions"], slices=portion["slices"], slice_at=portion["slice_at"])
    with snapshot() as cursor:
        computed = compute(cursor, span=load_span(cursor, programme_id=_programme_of(request)), choice=choice)
        if scope.first_quarter is not None and scope.last_quarter is not None:
            computed = _keep_outside(
                cursor, computed, first=scope.first_quarter.ordinal, last=scope.last_quarter.ordinal
            )
        cells = _sum_if_whole(cursor, scope, computed)
    with remaking() as cursor:
        hold(cursor, requests=[request])
        changed = _stage(cursor, scope_id=scope.pk, computed=computed)
        if cells is not None:
            is_alone = np.isin(cells["region_id"], portion["alone"])
            for table, chosen in ((ROLLUPS, is_alone), (SHARED_ROLLUPS, ~is_alone)):
                copy_in(cursor, table=staging_of(table, scope.pk), columns=take(cells, chosen), row=ROLLUP)
        finish(cursor, requests=[request], changed=changed)
    _show_progress(scope_id=scope.pk)
    return changed


def key_of(*, programme_id: int | None, region_id: int | None, quarters: tuple[Any, Any]) -> str:
    """Return the name of a scope: the same scope asked for twice is one request."""
    parts = [f"programme:{programme_id}"] if programme_id else []
    parts += [f"region:{region_id}"] if region_id else []
    parts += [f"quarters:{quarters[0]}-{quarters[1]}"] if quarters[0] is not None else []
    return "/".join(parts) or "everything"


def _pack(regions: Iterable[tuple[int, int, bool]], *, most: int) -> Iterable[tuple[dict[str, Any], int]]:
    """Yield portions of at most `most` allocations: neighbouring regions together, a large region in slices.

    Takes (region, its allocations, whether there are regions below it). The regions that are `alone` are those of
    which no other portion has roll-up cells.
    """
    gathered, alone, total = list[int](), list[int](), 0
    for region_id, allocations, is_above in regions:
        if gathered and total + allocations > most:
            yield {"regions": gathered, "alone": alone, "slices": 1, "slice_at": 0}, total
            gathered, alone, total = [], [], 0
        if allocations > most:
            slices = -(-allocations // most)
            for at in range(slices):
                share = allocations // slices + (at < allocations % slices)
                yield {"regions": [region_id], "alone": [], "slices": slices, "slice_at": at}, share
            continue
        gathered.append(region_id)
        alone += [] if is_above else [region_id]
        total += allocations
    if gathered:
        yield {"regions": gathered, "alone": alone, "slices": 1, "slice_at": 0}, total


def _begin(request: RecomputeRequest, *, total: int) -> None:
    """Note that the scope is parted, and give it back until its parts are done."""
    RecomputeRequest.objects.filter(pk=request.pk).update(progress_total=total, progress_done=0)
    release(requests=[request], began=True)


def _keep_outside(cursor: Any, computed: Computed, *, first: int, last: int) -> Computed:
    """Return the computed results inside the quarters asked for, and those that stand outside them."""
    ids = computed.allocation_ids
    stands = load_rows(cursor, programme_id=computed.programme_id, allocation_ids=ids.tolist(), beside=computed.rows)
    inside = (computed.rows["quarter"] >= first) & (computed.rows["quarter"] <= last)
    outside = (stands["quarter"] < first) | (stands["quarter"] > last)
    return computed.with_rows(join([take(computed.rows, inside), take(stands, outside)]))


def _sum_if_whole(cursor: Any, scope: RecomputeRequest, computed: Computed) -> Columns | None:
    """Return the part's roll-up cells if the whole programme may come to be replaced, else None."""
    is_whole = scope.region_id is None and scope.first_quarter is None
    if not is_whole or not count(computed.rows) or not computed.is_changed.all():
        return None
    tree = load_tree(cursor, programme_id=computed.programme_id, pairs=list_pairs(computed.rows))
    return sum_cells(computed.rows, tree=tree)


def _stage(cursor: Any, *, scope_id: int, computed: Computed) -> int:
    """Put the results of the changed allocations into the staging tables, with the versions they would replace."""
    changed = computed.is_changed
    ids = computed.allocation_ids[changed]
    if not len(ids):
        return 0
    rows = computed.rows
    if not changed.all():
        rows = take(rows, np.isin(rows["allocation_id"], ids))
    copy_in(cursor, table=staging_of(ATTAINMENTS, scope_id), columns=rows, row=ATTAINMENT)
    states = describe_states(
        programme_id=computed.programme_id,
        allocation_ids=ids,
        fingerprints=computed.fingerprints[changed],
        computed_at=computed.computed_at,
    )
    states["based_on"] = computed.allocations["version"][changed]
    copy_in(cursor, table=staging_of(STATES, scope_id), columns=states, row=STAGED_STATE)
    return len(ids)


def _show_progress(*, scope_id: int) -> None:
    """Count the allocations of the parts that are done; outside their transactions, lest they wait for each other."""
    with remaking() as cursor:
        cursor.execute(
            "UPDATE indicators_recomputerequest SET progress_done = (SELECT COALESCE(sum(p.progress_total), 0)"
            " FROM indicators_recomputerequest p WHERE p.parent_id = %s AND p.done_version >= p.requested_version)"
            " WHERE id = %s AND started_version > done_version",
            [scope_id, scope_id],
        )


def _programme_of(request: RecomputeRequest) -> int:
    if request.programme_id is None:
        raise LookupError(f"Request {request.key} names no programme.")
    return request.programme_id
