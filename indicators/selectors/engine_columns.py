"""What the engine computes with, read from the database as columns: allocations, targets, figures, benchmarks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from indicators.binary_rows import Columns, RowFormat, count
from indicators.engine.figures import FigurePanel, scatter
from indicators.engine.target import TargetColumns
from indicators.selectors.copying import copy_out, in_microseconds
from indicators.selectors.target_columns import load_targets, spread_benchmarks, spread_targets
from indicators.selectors.thresholds import Epoch, load_margins

LEAD = 4
"""Quarters before the first one that the panel holds: growth looks back a year."""

_ALLOCATION = RowFormat.of(
    ("allocation_id", "i8"),
    ("target_id", "i8"),
    ("series_id", "i8"),
    ("region_id", "i8"),
    ("department_id", "i8"),
    ("level", "f8"),
    ("level_hi", "f8"),
    ("baseline", "f8"),
    ("weight", "f8"),
    ("is_demonstration", "i1"),
    ("version", "i8"),
    ("fingerprint", "i8"),
)
_FIGURE = RowFormat.of(
    ("series_id", "i8"),
    ("revision_id", "i8"),
    ("quarter", "i2"),
    ("value", "f8"),
    ("numerator", "f8"),
    ("denominator", "f8"),
    ("nothing", "i1"),
    ("is_demonstration", "i1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first to the newest opened quarter of a programme (ordinals), and where its panel begins.

    `read_at`: the beginning of the transaction that read it, in microseconds since 2000.
    """

    programme_id: int
    first: int
    newest: int
    panel_first: int
    read_at: int

    @property
    def quarters(self) -> int:
        """How many results an allocation has; 0 while no quarter has opened."""
        return max(self.newest - self.first + 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which allocations of a programme: those of some regions (or one slice of them), of some series, or by id."""

    regions: Sequence[int] | None = None
    slices: int = 1
    slice_at: int = 0
    series: Sequence[int] | None = None
    allocations: Sequence[int] | None = None

    def condition(self) -> tuple[str, list[object]]:
        """Return the condition in SQL and its parameters."""
        parts, params = ["TRUE"], list[object]()
        for column, wanted in (
            ("s.region_id", self.regions),
            ("a.series_id", self.series),
            ("a.id", self.allocations),
        ):
            if wanted is not None:
                parts.append(f"{column} = ANY(%s)")
                params.append(list(wanted))
        if self.slices > 1:
            parts.append("a.id %% %s = %s")
            params += [self.slices, self.slice_at]
        return " AND ".join(parts), params


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """n allocations of one programme, ready for the engine; arrays are (n,) or (n, Q) over the panel's quarters.

    `allocations` are columns in ascending order of id, or by region and target if regions were chosen: keys, weight,
    domain code, veto, and version and fingerprint of the results that stand, 0 where none do. `revision` is the id of
    the approved figure, 0 where there is none; `is_demonstration` says which figures are demonstration data.
    """

    span: Span
    allocations: Columns
    targets: TargetColumns
    panel: FigurePanel
    revision: NDArray[np.int64]
    is_demonstration: NDArray[np.bool_]
    epochs: list[Epoch]

    def __len__(self) -> int:
        return count(self.allocations)


def load_span(cursor: Any, *, programme_id: int) -> Span:
    """Return the quarters of a programme; the newest is the last one opened by the database's clock."""
    (span,) = _list_spans(cursor, "p.id = %s", programme_id)
    return span


def list_spans(cursor: Any, *, series_ids: Sequence[int]) -> list[Span]:
    """Return the quarters of every programme that these series serve, in the order of their ids."""
    return _list_spans(cursor, _SERVED, list(series_ids))


_SERVED = """p.id IN (SELECT t.programme_id FROM indicators_allocation a
    JOIN indicators_target t ON t.id = a.target_id WHERE a.series_id = ANY(%s))"""


def _list_spans(cursor: Any, condition: str, param: object) -> list[Span]:
    cursor.execute(
        f"""
        SELECT p.id, p.first_quarter,
               COALESCE((SELECT max(q.quarter) FROM indicators_reportingquarter q WHERE q.programme_id = p.id
                         AND q.opens_on <= (transaction_timestamp() AT TIME ZONE %s)::date), p.first_quarter - 1),
               LEAST(p.first_quarter, (SELECT min(t.first_quarter) FROM indicators_target t
                                       WHERE t.programme_id = p.id)) - {LEAD},
               transaction_timestamp()
        FROM indicators_programme p WHERE {condition} ORDER BY p.id
        """,  # noqa: S608  fixed conditions
        [settings.TIME_ZONE, param],
    )
    return [
        Span(programme_id=pk, first=first, newest=newest, panel_first=panel_first, read_at=in_microseconds(now))
        for pk, first, newest, panel_first, now in cursor.fetchall()
    ]


def load_batch(cursor: Any, *, span: Span, choice: Choice) -> Batch:
    """Return the chosen allocations of the programme with everything that their results depend on.

    Absence: NaN in levels, baselines and figures; a revision without any number is a figure that was taken back,
    i.e. not reported.
    """
    allocations = _load_allocations(cursor, span.programme_id, choice)
    found = load_targets(cursor, target_ids=np.unique(allocations["target_id"]))
    rows = np.searchsorted(found.columns["target_id"], allocations["target_id"])
    targets = spread_targets(found, rows=rows, allocations=allocations)
    allocations["weight"] = targets.weight
    allocations["domain"] = found.columns["domain"][rows]
    allocations["is_veto"] = targets.veto.astype(np.int8)
    shape = (len(rows), max(span.newest - span.panel_first + 1, 0))
    panel, revision, demonstration = _load_panel(cursor, span, series=allocations["series_id"], shape=shape)
    benchmark, place, invented = spread_benchmarks(cursor, found, rows=rows, span_first=span.panel_first, shape=shape)
    return Batch(
        span=span,
        allocations=allocations,
        targets=targets,
        panel=replace(panel, benchmark=benchmark, place=place),
        revision=revision,
        is_demonstration=demonstration | invented | allocations["is_demonstration"].astype(np.bool_)[:, None],
        epochs=load_margins(programme_id=span.programme_id),
    )


def _load_allocations(cursor: Any, programme_id: int, choice: Choice) -> Columns:
    condition, params = choice.condition()
    order = "s.region_id, a.target_id, a.id" if choice.regions is not None else "a.id"
    return copy_out(
        cursor,
        query=f"""
            SELECT a.id, a.target_id, a.series_id, s.region_id, s.department_id, {_float("a.level")},
                   {_float("a.level_hi")}, {_float("a.baseline")}, {_float("a.weight")}, a.is_demonstration,
                   COALESCE(r.version, 0), COALESCE(r.fingerprint, 0)
            FROM indicators_allocation a
            JOIN indicators_series s ON s.id = a.series_id
            JOIN indicators_target t ON t.id = a.target_id
            LEFT JOIN indicators_resultstate r ON r.allocation_id = a.id
            WHERE t.programme_id = %s AND {condition}
            ORDER BY {order}
        """,  # noqa: S608  fixed column names
        params=[programme_id, *params],
        row=_ALLOCATION,
    )


def _load_panel(
    cursor: Any, span: Span, *, series: NDArray[np.int64], shape: tuple[int, int]
) -> tuple[FigurePanel, NDArray[np.int64], NDArray[np.bool_]]:
    """Return the figures, their revisions' ids, and which are demonstration data; a series may serve several rows."""
    known, of_row = np.unique(series, return_inverse=True)
    figures = copy_out(
        cursor,
        query=f"""
            SELECT f.series_id, f.id, f.quarter, {_float("f.value")}, {_float("f.numerator")},
                   {_float("f.denominator")}, f.nothing_occurred, f.origin = 'demonstration'
            FROM indicators_approvedfigure f
            WHERE f.is_current AND f.series_id = ANY(%s) AND f.quarter BETWEEN %s AND %s
        """,  # noqa: S608  fixed column names
        params=[known.tolist(), span.panel_first, span.newest],
        row=_FIGURE,
    )
    whole = (len(known), shape[1])
    rows = np.searchsorted(known, figures["series_id"])
    panel = scatter(
        shape=whole,
        first_quarter=span.panel_first,
        rows=rows,
        quarters=figures["quarter"],
        values=figures["value"],
        numerators=figures["numerator"],
        denominators=figures["denominator"],
        nothing=figures["nothing"].astype(np.bool_),
    )
    has_number = np.isfinite(panel.value) | np.isfinite(panel.numerator) | np.isfinite(panel.denominator)
    panel = replace(panel, reported=panel.reported & (has_number | panel.nothing))
    revision, invented = np.zeros(whole, dtype=np.int64), np.zeros(whole, dtype=np.bool_)
    revision[rows, figures["quarter"] - span.panel_first] = figures["revision_id"]
    invented[rows, figures["quarter"] - span.panel_first] = figures["is_demonstration"]
    if len(known) == len(of_row) and (of_row[1:] > of_row[:-1]).all():
        return panel, revision, invented
    return panel.take(of_row), revision[of_row], invented[of_row]


def _float(column: str) -> str:
    return f"COALESCE({column}::float8, 'NaN')"
