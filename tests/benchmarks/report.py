"""Runs the measurements, from small to large."""

import random
import statistics
import time
from collections.abc import Callable

from django.db import connection, transaction

from indicators.actions.approvals import add_revisions
from indicators.actions.recompute import (
    forget_results,
    process_due_requests,
    recompute_now,
    request_series_recompute,
)
from indicators.models import ApprovedFigure, Attainment, Programme, RollUp, Series
from tests.benchmarks import rivals
from tests.benchmarks.bench_export import LARGEST, measure_export
from tests.benchmarks.bench_pages import measure_pages, write_alone
from tests.benchmarks.document import Findings, Latency
from tests.benchmarks.generate import FIRST, Size, analyze, generate, settle
from tests.benchmarks.hands import hands, recompute_by_hands
from tests.benchmarks.measure import Time, most_memory_of, name_machine, peak_memory, quantile, seconds, side_by_side

PROVINCE = Size(counties=90, targets=200)
SMALL = Size(counties=9, targets=125)  # a sixteenth of a province
QUICK = Size(counties=9, targets=40)
APPROVALS = 150
EVENT = "approve"


def measure_all(*, quick: bool, national: bool, rounds: int) -> Findings:
    """Generate and measure, from small to large."""
    size = QUICK if quick else PROVINCE
    found = Findings(machine=name_machine(), size=size, rows=size.figures)
    _say("a sixteenth of a province")
    small = _prepare(11, SMALL if not quick else QUICK)
    found.latencies.append(_measure_approvals(small))
    _say("a province")
    province = _prepare(12, size)
    found.memory = {
        number: peak_memory(*f"recompute --anew --programme {province.code} --verbosity 0 --workers {number}".split())
        for number in (1, 2)
    }
    found.latencies.append(_measure_approvals(province))
    _measure_full(found, province, rounds=rounds)
    found.reads = _measure_reads(province, size)
    _say("pages")
    found.pages = measure_pages(province)
    _say("the workbook of a quarter, and one of 720 000 rows")
    newest = FIRST + (size.quarters - 1)
    found.export = measure_export(province, newest, rounds=rounds, largest=size.figures if quick else LARGEST)
    _say("four provinces")
    for number in (13, 14, 15) if not quick else (13,):
        _prepare(number, size)
    found.latencies.append(_measure_approvals(province))
    found.floor_commit = _measure_commit()
    if national:
        found.national = _measure_nation(found, province)
    return found


def measure_pages_alone() -> str:
    """Generate a province and measure its pages; return their section and goals."""
    return write_alone(measure_pages(_prepare(12, PROVINCE)))


def _say(what: str) -> None:
    print(f"  {what} …", flush=True)


def _prepare(number: int, size: Size) -> Programme:
    """Return a new programme with its results."""
    programme = generate(number=number, size=size)
    analyze()
    recompute_now(programme=programme, workers=2)
    analyze()
    return programme


def _measure_full(found: Findings, programme: Programme, *, rounds: int) -> None:
    """Full recompute with everything changed, beside the floor and one SQL statement; then with nothing changed."""

    def recompute() -> None:
        forget_results(programme=programme)
        recompute_now(programme=programme)

    def take(act: Callable[[], object]) -> float:
        times = []
        for _round in range(rounds):
            forget_results(programme=programme)
            times.append(seconds(act))
        return statistics.median(times)

    def recompute_by(number: int) -> float:
        with hands(number):
            return take(lambda: recompute_by_hands(programme))

    floor = rivals.Floor(programme, rivals.list_portions(programme))
    settle()
    found.full = side_by_side(
        {
            "full recompute, in one thread": recompute,
            "floor: COPY out and in, same keys": floor.run,
            "floor without keys": floor.copy_only,
            "one SQL statement, same keys": lambda: rivals.compute_in_sql(programme),
            "full recompute, nothing changed": lambda: recompute_now(programme=programme),
        },
        rounds=rounds,
    )
    found.workers = {number: recompute_by(number) for number in (1, 2)}
    found.threads = take(lambda: recompute_now(programme=programme, workers=2))
    rivals.compute_in_sql(programme)
    found.sql_differs = rivals.compare_ratings_with_sql(programme)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {rivals.STAND_IN}")
    rows = 0

    def loop() -> None:
        nonlocal rows
        rows = rivals.compute_in_orm(programme, sample=rivals.ORM_ROWS)

    found.orm_row = seconds(loop) / rows
    forget_results(programme=programme)
    recompute_now(programme=programme)


def _measure_approvals(programme: Programme) -> Latency:
    """Approve one figure at a time and measure what the worker needs for it, from claim to commit."""
    rng = random.Random(programme.pk)  # noqa: S311
    series = list(Series.objects.filter(indicator__targets__programme=programme).order_by("pk"))
    newest = Attainment.objects.filter(programme=programme).order_by("-quarter").values_list("quarter", flat=True)[0]
    times: list[Time] = []
    settle()
    for _approval in range(APPROVALS):
        with transaction.atomic():
            one = rng.choice(series)
            current = ApprovedFigure.objects.filter(series=one, quarter=newest, is_current=True).first()
            counts = {"value": rng.randint(40, 65)}
            if ApprovedFigure.objects.filter(series=one, numerator__isnull=False).exists():
                counts = {"numerator": rng.randint(440, 500), "denominator": 500}
            add_revisions(
                [
                    ApprovedFigure(
                        series=one,
                        quarter=newest,
                        revision=(current.revision if current else 0) + 1,
                        origin="demonstration",
                        approved_at="2020-01-01T00:00:00Z",
                        **counts,
                    )
                ]
            )
            request_series_recompute(series_ids=[one.pk])
        own = time.process_time()
        wall = seconds(lambda: process_due_requests(limit=1))
        times.append(Time(wall=wall, cpu=time.process_time() - own))
    times = times[10:]  # the first ones warm up
    return Latency(
        figures=ApprovedFigure.objects.filter(is_current=True).count(),
        median=statistics.median(each.wall for each in times),
        p95=quantile([each.wall for each in times], 0.95),
        database_p95=quantile([each.wall - each.cpu for each in times], 0.95),
    )


def _measure_commit() -> float:
    """One row and a commit: what no approval can be faster than."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (n integer)")
        times = []
        for n in range(50):

            def commit(n: int = n) -> None:
                with transaction.atomic(), connection.cursor() as inner:
                    inner.execute("INSERT INTO bench_commit VALUES (%s)", [n])

            times.append(seconds(commit))
        cursor.execute("DROP TABLE bench_commit")
    return statistics.median(times)


def _measure_reads(programme: Programme, size: Size) -> dict[str, float]:
    """What pages ask: a matrix from the roll-ups, the same counted anew, every cell of a quarter, a trend."""
    quarter = FIRST + (size.quarters - 1)
    counties = list(
        programme.region.children.values_list("children__pk", flat=True).exclude(children=None).order_by("children__pk")
    )

    def matrix() -> None:
        rows = RollUp.objects.by_domain().filter(programme=programme, quarter=quarter, region__in=counties)
        list(rows.values_list("region", "domain", "green", "amber", "red", "attained", "weight_rated"))

    def recount() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT region_id, domain, rating, count(*), sum(LEAST(ratio, 1) * weight) FROM indicators_attainment"
                " WHERE programme_id = %s AND quarter = %s AND region_id = ANY(%s) GROUP BY 1, 2, 3",
                [programme.pk, quarter.ordinal, counties],
            )
            cursor.fetchall()

    def cells() -> None:
        rows = Attainment.objects.filter(programme=programme, quarter=quarter, region__in=counties)
        list(rows.values_list("region", "target", "rating", "gap", "ratio", "flags"))

    def trend() -> None:
        list(
            RollUp.objects.overall().filter(programme=programme, region=programme.region).values_list("quarter", "red")
        )

    acts = {"matrix": matrix, "recount": recount, "cells": cells, "trend": trend}
    return {name: statistics.median(seconds(act) for _round in range(9)) for name, act in acts.items()}


def _measure_nation(found: Findings, province: Programme) -> tuple[int, float, float]:
    """32 provinces: everything at once by two worker processes, then one approval in the midst of it."""
    _say("a nation")
    for number in range(20, 48):
        _prepare(number, PROVINCE)
    forget_results()
    with hands(2) as workers:
        taken = seconds(recompute_by_hands)
        memory = max(most_memory_of(worker) for worker in workers)
    found.latencies.append(_measure_approvals(province))
    return found.latencies[-1].figures, taken, memory
