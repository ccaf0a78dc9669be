"""Results as rows: made by the engine from a batch, read back from the table, and their fingerprints."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.binary_rows import Column, Columns, RowFormat, count
from indicators.engine import trend
from indicators.engine.attainment import RULE_VERSION, AttainmentColumns, attain
from indicators.engine.target import Basis
from indicators.models import Attainment
from indicators.selectors.copying import copy_out
from indicators.selectors.engine_columns import LEAD, Batch

ATTAINMENT = RowFormat.of_model(Attainment)

_KEYS: tuple[str, ...] = ("allocation_id", "target_id", "region_id", "department_id", "weight", "domain", "is_veto")
_SAME: tuple[str, ...] = ("missing", "accumulated", "numerator", "denominator", "measured", "expected", "expected_hi")
_SAME += ("level", "level_hi", "reference", "margin", "miss", "ratio", "completion", "elapsed", "total")
_SAME += ("gap", "gap_input", "rating", "flags")
_NOT_COMPARED = "computed_at"
_KINDS = {field.name: field.kind for field in ATTAINMENT.fields}


def compute_rows(batch: Batch, *, computed_at: int) -> Columns:
    """Return the results of every allocation and quarter of the span: n x Q rows, by region, quarter and allocation.

    That is the order of the pages' index, and of the table after a full recompute. `computed_at` in microseconds since
    2000. Quarters before the programme's first one, which the panel holds for looking back, have no result.
    """
    span, n = batch.span, len(batch)
    if not n or not span.quarters:
        return {field.name: np.zeros(0, dtype=field.kind) for field in ATTAINMENT.fields}
    inside = slice(span.first - span.panel_first, None)
    found = _attain(batch)
    quarters = batch.panel.quarters
    grids = {name: getattr(found, name) for name in _SAME}
    grids["window_start"] = np.minimum(found.window_start, quarters)
    grids["comparator"] = np.broadcast_to(batch.targets.comparator[:, None], batch.panel.shape)
    grids["inputs_revision"] = np.maximum.accumulate(batch.revision, axis=1)
    grids["is_demonstration"] = _is_demonstration(batch, grids["window_start"])
    del found  # a grid is let go as soon as it is rows, so that both are not held of all
    order = _by_region(batch.allocations["region_id"], quarters=span.quarters)
    rows = {name: grids.pop(name)[:, inside].reshape(-1)[order].astype(_KINDS[name], copy=False) for name in [*grids]}
    rows |= {name: batch.allocations[name][order // span.quarters] for name in _KEYS}
    rows["quarter"] = quarters[inside][order % span.quarters]
    for name, value in (
        ("programme_id", span.programme_id),
        ("rule_version", RULE_VERSION),
        ("computed_at", computed_at),
    ):
        rows[name] = np.broadcast_to(np.int64(value), n * span.quarters)
    return {field.name: rows[field.name].astype(field.kind, copy=False) for field in ATTAINMENT.fields}


def load_rows(
    cursor: Any, *, programme_id: int, allocation_ids: Sequence[int], beside: Columns | None = None
) -> Columns:
    """Return the stored results of some allocations, in no order; null is NaN.

    `beside` are other results of the same allocations: with a row for each of them they tell the regions, and so the
    place of the stored rows in the key. Otherwise all of the programme's results are looked through.
    """
    query = f"SELECT {ATTAINMENT.selection} FROM indicators_attainment WHERE programme_id = %s"  # noqa: S608  fixed names
    query += " AND allocation_id = ANY(%s)"
    params: list[object] = [programme_id, list(allocation_ids)]
    if beside is not None and len(np.unique(beside["allocation_id"])) == len(allocation_ids):
        query += " AND region_id = ANY(%s)"
        params.append(np.unique(beside["region_id"]).tolist())
    return copy_out(cursor, query=query, params=params, row=ATTAINMENT)


def hash_rows(rows: Columns) -> NDArray[np.uint64]:
    """Return 64 bits for each row, over everything but the time of computing; equal rows have equal bits."""
    mixed = np.full(count(rows), 0x9E3779B97F4A7C15, dtype=np.uint64)
    for word in _words(rows):
        mixed ^= word
        mixed *= np.uint64(0xFF51AFD7ED558CCD)
        mixed ^= mixed >> np.uint64(32)
    return mixed


def _words(rows: Columns) -> Iterator[NDArray[np.uint64]]:
    """Yield the rows' columns as words of 64 bits, four small ones together at the end."""
    small = list[Column]()
    for field in ATTAINMENT.fields:
        column = rows[field.name]
        if field.name == _NOT_COMPARED:
            continue
        if field.kind == "f8":
            yield np.where(np.isnan(column), np.nan, column).view(np.uint64)
        elif field.size > 2:
            yield column.astype(np.int64).view(np.uint64)
        else:
            small.append(column)
    for start in range(0, len(small), 4):
        packed = np.zeros(count(rows), dtype=np.uint64)
        for place, column in enumerate(small[start : start + 4]):
            packed |= (column.astype(np.int64).view(np.uint64) & np.uint64(0xFFFF)) << np.uint64(16 * place)
        yield packed


def fingerprint(rows: Columns, *, allocation_ids: Column) -> NDArray[np.int64]:
    """Return one number for all results of each allocation, shape (n,); 0 for an allocation without results.

    The sum of the rows' bits: their order does not matter. Every row belongs to one of `allocation_ids` (n,).
    """
    sums = np.zeros(len(allocation_ids), dtype=np.uint64)
    if count(rows):
        np.add.at(sums, find_places(allocation_ids, rows), hash_rows(rows))
    return sums.view(np.int64)


def find_places(allocation_ids: Column, rows: Columns) -> NDArray[np.intp]:
    """Return the place of each row's allocation among `allocation_ids`, which are in any order."""
    order = np.argsort(allocation_ids, kind="stable")
    return np.asarray(order[np.searchsorted(allocation_ids, rows["allocation_id"], sorter=order)])


def _by_region(regions: Column, *, quarters: int) -> NDArray[np.intp]:
    """Return the cells of an (n, Q) grid in the order region, quarter, allocation; neighbours share a region."""
    starts = np.flatnonzero(np.concatenate([[True], regions[1:] != regions[:-1]]))
    ends = np.append(starts[1:], len(regions))
    steps = np.arange(quarters)[:, None]
    blocks = [(np.arange(start, end) * quarters + steps).reshape(-1) for start, end in zip(starts, ends, strict=True)]
    return np.concatenate(blocks)


def _attain(batch: Batch) -> AttainmentColumns:
    """Return the engine's results, each quarter under the default margins that held in it."""
    first, *later = batch.epochs
    found = attain(batch.targets, batch.panel, margins=first.margins, project=trend.project)
    for epoch in later:
        since = np.searchsorted(batch.panel.quarters, epoch.since)
        if since >= len(batch.panel.quarters):
            continue
        newer = attain(batch.targets, batch.panel, margins=epoch.margins, project=trend.project)
        judged = {}
        for name in ("margin", "rating", "flags"):  # nothing else knows the margin
            judged[name] = getattr(found, name).copy()
            judged[name][:, since:] = getattr(newer, name)[:, since:]
        found = replace(found, **judged)
    return found


def _is_demonstration(batch: Batch, window_start: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Say which results are made from a demonstration figure of their window (and of the year before, for growth)."""
    before = np.zeros((len(batch), 1), dtype=np.int32)
    counted = np.concatenate([before, np.cumsum(batch.is_demonstration, axis=1, dtype=np.int32)], axis=1)
    start = window_start - batch.span.panel_first
    start = start - np.where(batch.targets.basis == Basis.GROWTH, LEAD, 0)[:, None]
    earlier = np.take_along_axis(counted, start.clip(0, counted.shape[1] - 1), axis=1)
    return np.asarray(counted[:, 1:] > earlier)
