"""Roll-up cells: what a set of results adds to the region, its ancestors, its domain and its department."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indicators.binary_rows import Column, Columns, RowFormat, count
from indicators.engine.rollup import Contributions, Outcome, roll_up
from indicators.engine.target import Flag
from indicators.models import RollUp
from indicators.models.attainment import ALL
from indicators.models.rollup import COUNTS, OUTCOMES, WEIGHTS

ROLLUP = RowFormat.of_model(RollUp)
KEYS = ("region_id", "quarter", "domain", "department_id")
SUMS = (*WEIGHTS, *COUNTS)

_Places = dict[tuple[int, int], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """For each (region, department) that has results: the (region, department or all) pairs that contain it."""

    programme_id: int
    places: _Places


def load_tree(cursor: Any, *, programme_id: int, pairs: Sequence[tuple[int, int]]) -> Tree:
    """Return where results of these (region, department) pairs count.

    A region counts in itself and every ancestor up to the programme's region; under its department in those of
    them that lie within the department's own region.
    """
    cursor.execute(
        """
        WITH RECURSIVE top AS (SELECT region_id FROM indicators_programme WHERE id = %s),
        pair AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS p(region_id, department_id)),
        up AS (
            SELECT r.id AS leaf, r.id, r.parent_id, r.code FROM departments_region r
            WHERE r.id IN (SELECT region_id FROM pair)
            UNION ALL
            SELECT up.leaf, r.id, r.parent_id, r.code FROM up JOIN departments_region r ON r.id = up.parent_id
            WHERE up.id <> (SELECT region_id FROM top)
        )
        SELECT pair.region_id, pair.department_id, up.id, starts_with(up.code, seat.code)
        FROM pair JOIN up ON up.leaf = pair.region_id
        JOIN departments_department d ON d.id = pair.department_id JOIN departments_region seat ON seat.id = d.region_id
        """,
        [programme_id, [region for region, _ in pairs], [department for _, department in pairs]],
    )
    places: _Places = {}
    for region, department, ancestor, is_own in cursor.fetchall():
        keys = (ALL, department) if is_own else (ALL,)
        places.setdefault((region, department), []).extend((ancestor, key) for key in keys)
    return Tree(programme_id=programme_id, places=places)


def list_pairs(*parts: Columns) -> list[tuple[int, int]]:
    """Return the different (region, department) pairs among the rows."""
    packed = np.unique(
        np.concatenate([rows["region_id"].astype(np.int64) << 32 | rows["department_id"] for rows in parts])
    )
    return list(zip((packed >> 32).tolist(), (packed & 0xFFFFFFFF).tolist(), strict=True))


def sum_cells(rows: Columns, *, tree: Tree) -> Columns:
    """Return the cells that the results make, as columns of the roll-up table, keys ascending.

    Integers throughout: two sums of the same results are the same bits in whatever order or parts they were made.
    """
    base, sums = _sum_by_place(rows)
    fan = [tree.places[pair] for pair in zip(base["region_id"].tolist(), base["department_id"].tolist(), strict=True)]
    source = np.repeat(np.arange(len(fan)), [len(pairs) for pairs in fan])
    keys = np.array([pair for pairs in fan for pair in pairs], dtype=np.int64).reshape(-1, 2)
    doubled = np.concatenate([source, source])
    cells = {
        "quarter": base["quarter"][doubled].astype(np.int64),
        "region_id": np.tile(keys[:, 0], 2),
        "domain": np.concatenate([base["domain"][source], np.full(len(source), ALL)]).astype(np.int64),
        "department_id": np.tile(keys[:, 1], 2),
    }
    return _gather(cells, {name: column[doubled] for name, column in sums.items()}, programme_id=tree.programme_id)


def subtract(left: Columns, right: Columns) -> Columns:
    """Return `left` minus `right`, cell by cell, without the cells where nothing is left of the difference."""
    keys = {name: np.concatenate([left[name], right[name]]).astype(np.int64) for name in KEYS}
    sums = {name: np.concatenate([left[name].astype(np.int64), -right[name].astype(np.int64)]) for name in SUMS}
    programme = left if count(left) else right
    programme_id = int(programme["programme_id"][0]) if count(programme) else 0
    moved = _gather(keys, sums, programme_id=programme_id)
    differs = np.logical_or.reduce([moved[name] != 0 for name in SUMS])
    return {name: column[differs] for name, column in moved.items()}


def merge(left: Columns, right: Columns) -> Columns:
    """Return the cells of both, those with the same key added up."""
    keys = {name: np.concatenate([left[name], right[name]]).astype(np.int64) for name in KEYS}
    sums = {name: np.concatenate([left[name], right[name]]).astype(np.int64) for name in SUMS}
    cells = left if count(left) else right
    return _gather(keys, sums, programme_id=int(cells["programme_id"][0]) if count(cells) else 0)


def contributions_of(cells: Columns) -> Contributions:
    """Return cells as the engine's columns, to be rated by `engine.cell.rate_cells`."""
    return Contributions(
        counts=np.stack([cells[name] for name in OUTCOMES], axis=1).astype(np.int64),
        vetoes=cells["vetoes"].astype(np.int64),
        **{name: cells[name].astype(np.int64) for name in WEIGHTS},
    )


def columns_of(rollups: Sequence[RollUp]) -> Columns:
    """Return rows read through the ORM as columns of sums."""
    return {name: np.array([getattr(row, name) for row in rollups], dtype=np.int64) for name in SUMS}


def _sum_by_place(rows: Columns) -> tuple[Columns, Columns]:
    """Return the smallest cells (region, department, domain, quarter) and their sums."""
    names = ("region_id", "department_id", "domain", "quarter")
    first, place = _group([rows[name] for name in names])
    cells = len(first)
    parts = roll_up(
        place,
        cells,
        rating=rows["rating"].astype(np.int8),
        gap=rows["gap"].astype(np.int8),
        ratio=rows["ratio"],
        weight=rows["weight"],
        veto=rows["is_veto"].astype(np.bool_),
    )
    sums: Columns = {name: parts.counts[:, outcome] for name, outcome in zip(OUTCOMES, Outcome, strict=True)}
    sums |= {name: getattr(parts, name) for name in ("vetoes", *WEIGHTS)}
    for name, marked in (
        ("at_risk", rows["flags"] & Flag.AT_RISK),
        ("incomplete", rows["flags"] & Flag.INCOMPLETE),
        ("demonstration", rows["is_demonstration"]),
    ):
        sums[name] = np.bincount(place[marked != 0], minlength=cells).astype(np.int64)
    return {name: rows[name][first] for name in names}, sums


def _gather(keys: Columns, sums: Columns, *, programme_id: int) -> Columns:
    """Return one row for each different key, its sums added up, in the kinds of the table."""
    first, place = _group([keys[name] for name in KEYS])
    cells: Columns = {name: keys[name][first] for name in KEYS}
    for name in SUMS:
        total = np.zeros(len(first), dtype=np.int64)
        np.add.at(total, place, sums[name])
        cells[name] = total
    cells["programme_id"] = np.full(len(first), programme_id)
    return {field.name: cells[field.name].astype(field.kind) for field in ROLLUP.fields}


def _group(keys: Sequence[Column]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the first row of each different combination, ascending, and each row's place among them.

    The keys are packed into one integer: sorting one column is much faster than sorting rows.
    """
    packed = np.zeros(len(keys[0]), dtype=np.int64)
    for key in keys:
        least, most = (int(key.min()), int(key.max())) if len(key) else (0, 0)
        packed = packed * (most - least + 1) + (key.astype(np.int64) - least)
    _, first, place = np.unique(packed, return_index=True, return_inverse=True)
    return first, place
