"""Do the stored results still say what the figures say? Recomputed in memory and compared, value by value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from indicators.binary_rows import Column, Columns, RowFormat, count
from indicators.engine.period import Quarter
from indicators.models import Programme
from indicators.selectors.copying import copy_out, snapshot
from indicators.selectors.engine_columns import Choice, load_batch, load_span
from indicators.selectors.result_rows import ATTAINMENT, compute_rows
from indicators.selectors.rollup_cells import KEYS, ROLLUP, SUMS, list_pairs, load_tree, merge, sum_cells

ALLOCATIONS_AT_ONCE = 600

_ID = RowFormat.of(("id", "i8"))
_RESULT_KEYS = ("allocation_id", "quarter")
_TIME = "computed_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that is not what a recount says. `stored` or `computed` None: the row is missing there."""

    table: str
    key: dict[str, int | str]
    column: str
    stored: float | int | None
    computed: float | int | None

    def __str__(self) -> str:
        key = ", ".join(f"{name} {value}" for name, value in self.key.items())
        return f"{self.table} {key}: {self.column} is {self.stored}, should be {self.computed}"


def list_verifiable() -> list[int]:
    """Return the ids of the programmes that have targets."""
    return list(Programme.objects.filter(targets__isnull=False).distinct().order_by("pk").values_list("pk", flat=True))


def list_programmes_behind() -> list[Programme]:
    """Return the programmes with an opened quarter for which there are no results yet, by the database's clock."""
    return list(
        Programme.objects.raw(
            """
            SELECT p.* FROM indicators_programme p
            WHERE EXISTS (SELECT 1 FROM indicators_target t JOIN indicators_allocation a ON a.target_id = t.id
                          WHERE t.programme_id = p.id)
            AND (SELECT max(q.quarter) FROM indicators_reportingquarter q WHERE q.programme_id = p.id
                 AND q.opens_on <= (transaction_timestamp() AT TIME ZONE %s)::date)
                > COALESCE((SELECT max(a.quarter) FROM indicators_attainment a WHERE a.programme_id = p.id), 0)
            ORDER BY p.id
            """,
            [settings.TIME_ZONE],
        )
    )


def find_differences(*, programme_id: int) -> Iterator[Difference]:
    """Yield every stored value of the programme that a recompute from its figures does not come to.

    In one snapshot and in bounded memory; nothing is written. Roll-ups are compared with a count of the recomputed
    results. Absence: NaN equals NaN. Work that is still due shows as differences.
    """
    with snapshot() as cursor:
        span = load_span(cursor, programme_id=programme_id)
        counted: Columns | None = None
        for ids in _chunks(cursor, programme_id):
            batch = load_batch(cursor, span=span, choice=Choice(allocations=ids.tolist()))
            computed = compute_rows(batch, computed_at=0)
            stored = _load_stored(cursor, programme_id, ids)
            yield from _compare(stored, computed, table="result", keys=_RESULT_KEYS, row=ATTAINMENT)
            tree = load_tree(cursor, programme_id=programme_id, pairs=list_pairs(computed))
            cells = sum_cells(computed, tree=tree)
            counted = cells if counted is None else merge(counted, cells)
        stored = copy_out(
            cursor,
            query=f"SELECT {ROLLUP.selection} FROM indicators_rollup WHERE programme_id = %s",  # noqa: S608
            params=[programme_id],
            row=ROLLUP,
        )
        nothing = {name: column[:0] for name, column in stored.items()}
        yield from _compare(stored, counted or nothing, table="roll-up", keys=KEYS, row=ROLLUP, only=SUMS)


def _chunks(cursor: Any, programme_id: int) -> Iterator[NDArray[np.int64]]:
    """Yield the allocations that have results or should have, a chunk at a time."""
    ids = copy_out(
        cursor,
        query="SELECT a.id FROM indicators_allocation a JOIN indicators_target t ON t.id = a.target_id"
        " WHERE t.programme_id = %s UNION SELECT allocation_id FROM indicators_resultstate WHERE programme_id = %s"
        " ORDER BY 1",
        params=[programme_id, programme_id],
        row=_ID,
    )["id"]
    for start in range(0, len(ids), ALLOCATIONS_AT_ONCE):
        yield ids[start : start + ALLOCATIONS_AT_ONCE]


def _load_stored(cursor: Any, programme_id: int, ids: NDArray[np.int64]) -> Columns:
    return copy_out(
        cursor,
        query=f"SELECT {ATTAINMENT.selection} FROM indicators_attainment"  # noqa: S608
        " WHERE programme_id = %s AND allocation_id = ANY(%s)",
        params=[programme_id, ids.tolist()],
        row=ATTAINMENT,
    )


def _compare(
    stored: Columns,
    computed: Columns,
    *,
    table: str,
    keys: tuple[str, ...],
    row: RowFormat,
    only: tuple[str, ...] = (),
) -> Iterator[Difference]:
    """Yield the rows that stand on one side only, then every differing value of those on both."""
    left, right = _names(stored, keys), _names(computed, keys)
    _, here, there = np.intersect1d(left, right, assume_unique=True, return_indices=True)
    for columns, both, is_stored in ((stored, here, True), (computed, there, False)):
        alone = np.setdiff1d(np.arange(count(columns)), both)
        for at in alone:
            yield Difference(
                table=table,
                key=_describe(columns, keys, at),
                column="row",
                stored=1 if is_stored else None,
                computed=None if is_stored else 1,
            )
    for name in only or tuple(name for name in row.names if name not in (*keys, _TIME)):
        mine, theirs = stored[name][here], computed[name][there]
        for at in np.flatnonzero(~_equal(mine, theirs)):
            yield Difference(
                table=table,
                key=_describe(stored, keys, here[at]),
                column=name,
                stored=mine[at].item(),
                computed=theirs[at].item(),
            )


def _equal(left: Column, right: Column) -> NDArray[np.bool_]:
    """Say where two columns hold the same bits, any NaN equal to any other."""
    if left.dtype.kind != "f":
        return np.asarray(left == right)
    return np.asarray((left.view(np.int64) == right.view(np.int64)) | (np.isnan(left) & np.isnan(right)))


def _names(columns: Columns, keys: tuple[str, ...]) -> Column:
    """Return each row's key as one value."""
    kind = np.dtype([(key, "i8") for key in keys])
    named = np.empty(count(columns), dtype=kind)
    for key in keys:
        named[key] = columns[key]
    return named


def _describe(columns: Columns, keys: tuple[str, ...], at: int) -> dict[str, int | str]:
    named: dict[str, int | str] = {key: int(columns[key][at]) for key in keys}
    return named | {"quarter": str(Quarter(int(columns["quarter"][at])))}
