"""What a full recompute is held against: the floor, one SQL statement, and a loop through the ORM."""

from typing import Any

from django.db import connection, transaction

from indicators.actions.result_tables import ATTAINMENTS
from indicators.binary_rows import Columns
from indicators.engine.target import Accumulation, Comparator, Gap, Path, Rating, Window
from indicators.models import Allocation, ApprovedFigure, Attainment, Programme
from indicators.models.attainment import DOMAIN_CODES
from indicators.selectors.copying import copy_out, snapshot
from indicators.selectors.engine_columns import Choice, load_batch, load_span
from indicators.selectors.result_rows import ATTAINMENT

STAND_IN = "bench_stand_in"
ORM_ROWS = 400
"""So many results the loop does; the rest is as much again and again."""
_KEY = "ALTER TABLE bench_stand_in ADD PRIMARY KEY (region_id, quarter, allocation_id, programme_id)"


def make_stand_in() -> None:
    """Make an empty table like a partition of the results."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {STAND_IN}")
        cursor.execute(f"CREATE TABLE {STAND_IN} (LIKE {ATTAINMENTS} INCLUDING CONSTRAINTS)")


def index_stand_in() -> None:
    """Build the key that the results have."""
    with connection.cursor() as cursor:
        cursor.execute(_KEY)


class Floor:
    """The same bytes out and in by COPY, in the same portions, with the same keys; nothing is computed."""

    def __init__(self, programme: Programme, portions: list[list[int]]) -> None:
        """Read the stored results and keep their bytes, so that making them is not measured."""
        self.portions = portions
        self.answers: list[tuple[Any, list[bytes]]] = []
        with connection.cursor() as cursor:
            for regions in portions:
                rows = _load_regions(cursor, programme, regions)
                kept = ATTAINMENT.without_empty(rows)
                self.answers.append((kept, list(kept.encode(rows))))

    def run(self) -> None:
        """Read every portion's figures, drop them, and write its results."""
        make_stand_in()
        for regions, (row, chunks) in zip(self.portions, self.answers, strict=True):
            with snapshot() as cursor:
                cursor.copy_expert(cursor.mogrify(_FIGURES, [regions]).decode(), _Drain())
            with transaction.atomic(), connection.cursor() as cursor:
                statement = f"COPY {STAND_IN} ({row.listing}) FROM STDIN (FORMAT binary)"
                cursor.copy_expert(statement, _Source(chunks), 1 << 20)
        index_stand_in()

    def copy_only(self) -> None:
        """The same without building keys."""
        make_stand_in()
        for regions, (row, chunks) in zip(self.portions, self.answers, strict=True):
            with connection.cursor() as cursor:
                cursor.copy_expert(cursor.mogrify(_FIGURES, [regions]).decode(), _Drain())
                statement = f"COPY {STAND_IN} ({row.listing}) FROM STDIN (FORMAT binary)"
                cursor.copy_expert(statement, _Source(chunks), 1 << 20)


_FIGURES = """
    COPY (SELECT f.series_id, f.id, f.quarter, COALESCE(f.value::float8, 'NaN'), COALESCE(f.numerator::float8, 'NaN'),
                 COALESCE(f.denominator::float8, 'NaN'), f.nothing_occurred, f.origin = 'demonstration'
          FROM indicators_approvedfigure f
          WHERE f.is_current AND f.series_id IN (SELECT id FROM indicators_series WHERE region_id = ANY(%s))
    ) TO STDOUT (FORMAT binary)
"""


class _Drain:
    def write(self, _chunk: bytes) -> None:
        """Forget what was read."""


class _Source:
    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = iter(chunks)

    def read(self, _size: int) -> bytes:
        """Return the next chunk."""
        return next(self._chunks, b"")


def _load_regions(cursor: Any, programme: Programme, regions: list[int]) -> Columns:
    return copy_out(
        cursor,
        query=f"SELECT {ATTAINMENT.selection} FROM {ATTAINMENTS}"  # noqa: S608  fixed names
        " WHERE programme_id = %s AND region_id = ANY(%s) ORDER BY region_id, quarter",
        params=[programme.pk, regions],
        row=ATTAINMENT,
    )


def compute_in_sql(programme: Programme) -> None:
    """The same rules in one set-based statement, for the four kinds of target that `generate` makes.

    It is let off the trend (`at_risk`), the changes against last quarter, the names of the missing quarters, the
    fingerprints and the roll-ups, so the comparison favours it.
    """
    make_stand_in()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"programme": programme.pk})
    index_stand_in()


_DOMAINS = " ".join(f"WHEN '{name}' THEN {code}" for name, code in DOMAIN_CODES.items())
_SQL = f"""
    INSERT INTO {STAND_IN} (programme_id, allocation_id, target_id, region_id, department_id, inputs_revision, missing,
        computed_at, weight, accumulated, numerator, denominator, measured, expected, level, margin, miss, ratio,
        completion, quarter, window_start, elapsed, total, domain, comparator, gap, gap_input, rating, flags,
        rule_version, is_veto, is_demonstration)
    WITH figure AS (
        SELECT t.programme_id, a.id AS allocation_id, a.target_id, s.region_id, s.department_id, t.comparator,
               t."window", t.accumulation, t.path, t.level::float8 AS level, t.first_quarter AS s, t.due_quarter AS d,
               t.weight::float8 AS weight, t.veto, (CASE i.domain {_DOMAINS} END)::smallint AS domain, i.scale,
               q.quarter, f.id AS revision, f.value::float8 AS v, f.numerator::float8 AS n,
               f.denominator::float8 AS o, f.origin = 'demonstration' AS invented
        FROM indicators_allocation a
        JOIN indicators_series s ON s.id = a.series_id
        JOIN indicators_target t ON t.id = a.target_id
        JOIN indicators_indicator i ON i.id = t.indicator_id
        JOIN indicators_reportingquarter q ON q.programme_id = t.programme_id
        LEFT JOIN indicators_approvedfigure f ON f.series_id = s.id AND f.quarter = q.quarter AND f.is_current
        WHERE t.programme_id = %(programme)s
    ), windowed AS (
        SELECT *, sum(n) OVER year AS yn, sum(o) OVER year AS yo, avg(v) OVER year AS mean, sum(v) OVER since AS total,
               max(revision) OVER since AS watermark, bool_or(invented) OVER since AS any_invented
        FROM figure
        WINDOW year AS (PARTITION BY allocation_id, quarter / 4 ORDER BY quarter),
               since AS (PARTITION BY allocation_id ORDER BY quarter)
    ), measured AS (
        SELECT *, CASE accumulation WHEN {Accumulation.RATIO.value} THEN yn / NULLIF(yo, 0) * 100
                       WHEN {Accumulation.SUM.value} THEN total
                       WHEN {Accumulation.MEAN.value} THEN mean ELSE v END AS m,
               CASE path WHEN {Path.LINEAR.value} THEN level * LEAST(quarter - s + 1, d - s + 1) / (d - s + 1)
                    WHEN {Path.AT_DUE.value} THEN CASE WHEN quarter >= d THEN level END ELSE level END AS e
        FROM windowed
    ), judged AS (
        SELECT *, CASE WHEN path = {Path.AT_DUE.value} AND quarter < d THEN {Gap.NOT_DUE.value}
                       WHEN revision IS NULL THEN {Gap.NOT_REPORTED.value}
                       WHEN m IS NULL THEN {Gap.NOT_COMPUTABLE.value} ELSE 0 END AS gap,
               CASE comparator WHEN {Comparator.AT_LEAST.value} THEN m - e >= -5e-13 * GREATEST(abs(m), abs(e))
                    ELSE m - e <= 5e-13 * GREATEST(abs(m), abs(e)) END AS met,
               CASE comparator WHEN {Comparator.AT_LEAST.value} THEN m / NULLIF(e, 0)
                    ELSE 2 - m / NULLIF(e, 0) END AS q,
               CASE comparator WHEN {Comparator.AT_LEAST.value} THEN m / NULLIF(level, 0)
                    ELSE 2 - m / NULLIF(level, 0) END AS way,
               CASE scale WHEN 2 THEN 2.0 ELSE 0.1 * abs(e) END AS margin, 5e-13 * GREATEST(abs(m), abs(e)) AS slack,
               CASE comparator WHEN {Comparator.AT_LEAST.value} THEN e - m ELSE m - e END AS short
        FROM measured
    )
    SELECT programme_id, allocation_id, target_id, region_id, department_id, COALESCE(watermark, 0), 0, now(), weight,
           m,
           CASE accumulation WHEN {Accumulation.RATIO.value} THEN yn END,
           CASE accumulation WHEN {Accumulation.RATIO.value} THEN yo END, m, e, level, margin,
           CASE WHEN met THEN 0 ELSE short END,
           CASE WHEN gap = 0 THEN CASE WHEN met THEN GREATEST(q, 1) ELSE LEAST(GREATEST(q, 0), 1) END END,
           GREATEST(way, 0), quarter,
           CASE "window" WHEN {Window.YEAR_TO_DATE.value} THEN quarter - quarter %% 4
                WHEN {Window.SINCE_START.value} THEN s ELSE quarter END AS began,
           quarter - s + 1, d - s + 1, domain, comparator, gap, 0,
           CASE WHEN gap <> 0 THEN 0 WHEN met THEN {Rating.GREEN.value}
                WHEN short - margin <= slack THEN {Rating.AMBER.value} ELSE {Rating.RED.value} END,
           0, 1, veto, COALESCE(any_invented, false)
    FROM judged
    ORDER BY region_id, quarter, target_id
"""  # noqa: S608  codes of enumerations


def compare_ratings_with_sql(programme: Programme) -> int:
    """Return how many ratings and gaps of `compute_in_sql` differ from the stored ones: it must be the same work."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {ATTAINMENTS} a JOIN {STAND_IN} b USING (programme_id, allocation_id, quarter)"  # noqa: S608
            " WHERE a.programme_id = %s AND (a.rating, a.gap) IS DISTINCT FROM (b.rating, b.gap)",
            [programme.pk],
        )
        return int(cursor.fetchone()[0])


def compute_in_orm(programme: Programme, *, sample: int) -> int:
    """The same rules, a row at a time: read figures, compute, `update()`, all in one transaction; return the rows."""
    allocations = list(Allocation.objects.filter(target__programme=programme).order_by("?")[: max(sample // 40, 1)])
    done = 0
    with transaction.atomic():
        for allocation in allocations:
            for result in Attainment.objects.filter(programme=programme, allocation=allocation):
                _update_one(Allocation.objects.select_related("target", "series").get(pk=allocation.pk), result)
                done += 1
    return done


def _update_one(allocation: Allocation, result: Attainment) -> None:
    target, quarter = allocation.target, result.quarter
    starts = {Window.QUARTER: quarter.ordinal, Window.YEAR_TO_DATE: quarter.ordinal - quarter.ordinal % 4}
    first = starts.get(Window(target.window), target.first_quarter.ordinal)
    figures = list(
        ApprovedFigure.objects.filter(
            series=allocation.series, quarter__gte=first, quarter__lte=quarter, is_current=True
        ).order_by("quarter")
    )
    level = float(target.level or 0)
    elapsed = quarter.ordinal - target.first_quarter.ordinal + 1
    total = target.due_quarter.ordinal - target.first_quarter.ordinal + 1
    measured = _measure(target, figures) if figures and figures[-1].quarter == quarter else None
    expected: float | None = level * elapsed / total if target.path == Path.LINEAR else level
    if target.path == Path.AT_DUE and elapsed < total:
        expected = None
    gap = Gap.NOT_DUE if expected is None else Gap.NOT_REPORTED if measured is None else Gap.NONE
    ratio, rating = None, Rating.GREY
    if measured is not None and expected:
        is_floor = target.comparator == Comparator.AT_LEAST
        met = measured >= expected if is_floor else measured <= expected
        ratio = measured / expected if is_floor else 2 - measured / expected
        rating = Rating.GREEN if met else Rating.AMBER if ratio >= 0.9 else Rating.RED
    Attainment.objects.filter(programme=result.programme_id, allocation=allocation, quarter=quarter).update(
        accumulated=measured, measured=measured, expected=expected, level=level, gap=gap, rating=rating,
        ratio=ratio if gap == Gap.NONE else None, elapsed=elapsed, total=total, window_start=first,
    )  # fmt: skip


def _measure(target: Any, figures: list[ApprovedFigure]) -> float | None:
    if target.accumulation == Accumulation.RATIO:
        bottom = sum(float(figure.denominator or 0) for figure in figures)
        return sum(float(figure.numerator or 0) for figure in figures) / bottom * 100 if bottom else None
    values = [float(figure.value or 0) for figure in figures]
    if target.accumulation == Accumulation.SUM:
        return sum(values)
    return sum(values) / len(values) if target.accumulation == Accumulation.MEAN else values[-1]


def list_portions(programme: Programme) -> list[list[int]]:
    """Return the regions of each part, as the last full recompute made them."""
    from indicators.models import RecomputeRequest

    scope = RecomputeRequest.objects.get(kind="scope", key=f"programme:{programme.pk}")
    return [part.portion["regions"] for part in scope.parts.order_by("pk")]


def load_everything(programme: Programme) -> int:
    """Load a programme's batch once; return its rows (a warm-up for the database's cache)."""
    with snapshot() as cursor:
        return len(load_batch(cursor, span=load_span(cursor, programme_id=programme.pk), choice=Choice()))
