"""Stores invented figures of a programme: approved ones for the quarters done, working ones for the newest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from django.db.models import Q
from django.utils import timezone

from departments.models import User
from indicators.actions.approvals import add_revisions
from indicators.actions.copying import copy_text
from indicators.demonstration import workflow
from indicators.demonstration.figures import Invented, Plan, invent_series
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Comparator, Path, Scale
from indicators.models import (
    Allocation,
    ApprovedFigure,
    BenchmarkFigure,
    Figure,
    Origin,
    Programme,
    Submission,
    Target,
)
from indicators.models.submission import Status
from indicators.selectors.target_columns import MULTIPLIERS

SEED = 20180821
ENTERED_BEFORE, SUBMITTED_BEFORE = timedelta(hours=2), timedelta(hours=1)
"""How long before the decision the newest quarter's figures are entered and submitted."""

HALF_FILLED, EXPLAINED_SHARE = 0.5, 0.08
YEAR_BEFORE = 4  # quarters: growth needs the same quarters a year earlier
REGION_SIZES = {"province": 4.0, "city": 1.0, "county": 0.12, "township": 0.01}
Submissions = dict[tuple[int, int], Submission]


def invent_programme_figures(
    *,
    programme: Programme,
    submissions: Submissions,
    states: dict[int, str],
    people: dict[int, tuple[User, User]],
    decided_at: datetime,
    rng: np.random.Generator,
) -> int:
    """Store figures for every series of the programme that has none published in the year; return their number.

    The newest quarter's submissions are drafts still: their figures are entered, and those approved that will have been
    at `decided_at`.
    """
    published = _list_published(programme)
    approved: list[dict[str, Any]] = []
    working: list[Figure] = []
    for allocation in _list_series(programme).values():
        department_id = allocation.series.department_id
        for row in invent_series(_plan(allocation, programme), rng=rng):
            submission = submissions.get((department_id, row.quarter))
            is_newest = row.quarter == programme.last_quarter.ordinal
            if (allocation.series_id, row.quarter // 4) in published or (is_newest and submission is None):
                continue
            state = states[department_id] if is_newest else Status.APPROVED.value
            if state == Status.DRAFT and rng.random() < HALF_FILLED:
                continue
            content = _describe(row, allocation, rng)
            if is_newest and submission is not None:
                working.append(
                    _enter(content, submission, clerk=people[department_id][0], at=decided_at - ENTERED_BEFORE)
                )
            if state == Status.APPROVED:
                at = decided_at if is_newest else _find_decided(submission, programme)
                approved.append(_approve(content, submission, people=people[department_id], at=at))
    if approved:
        copy_text(ApprovedFigure, fields=list(approved[0]), rows=(list(row.values()) for row in approved))
    Figure.objects.bulk_create(working, batch_size=2000)
    add_revisions(list(_correct(approved, rng)))
    BenchmarkFigure.objects.bulk_create(_invent_benchmarks(programme, rng), ignore_conflicts=True)
    _give_baselines(programme, approved)
    return len(approved) + len(working)


def _list_series(programme: Programme) -> dict[int, Allocation]:
    """Return the first allocation of every series, which says what its figures should look like."""
    rows = (
        Allocation.objects.filter(target__programme=programme)
        .select_related("target__indicator", "series__region")
        .order_by("-target__position", "-pk")
    )
    return {row.series_id: row for row in rows}


def _list_published(programme: Programme) -> set[tuple[int, int]]:
    """Return (series id, year) of the years for which something is published: nothing is invented beside it."""
    rows = ApprovedFigure.objects.filter(series__allocations__target__programme=programme, origin=Origin.PUBLISHED)
    return {(series_id, quarter.year) for series_id, quarter in rows.values_list("series_id", "quarter")}


def _plan(allocation: Allocation, programme: Programme) -> Plan:
    target, indicator = allocation.target, allocation.target.indicator
    level = allocation.level if allocation.level is not None else target.level
    earlier = YEAR_BEFORE if target.basis == Basis.GROWTH else 0
    return Plan(
        quarters=np.arange(
            programme.first_quarter.ordinal - earlier, programme.last_quarter.ordinal + 1, dtype=np.int32
        ),
        first_quarter=target.first_quarter.ordinal,
        due_quarter=target.due_quarter.ordinal,
        comparator=Comparator(target.comparator),
        basis=Basis(target.basis),
        path=Path(target.path),
        accumulation=Accumulation(target.accumulation),
        scale=Scale(indicator.scale),
        level=float(level) if level is not None else 10.0,
        decimals=indicator.decimals,
        multiplier=MULTIPLIERS.get(indicator.unit_zh, 1.0),
        size=REGION_SIZES[allocation.series.region.level],
        is_bounded_by_days=indicator.unit_zh == "天",
    )


def _describe(row: Invented, allocation: Allocation, rng: np.random.Generator) -> dict[str, Any]:
    """Return the columns that a working and an approved figure share."""
    return {
        "series": allocation.series_id,
        "quarter": Quarter(row.quarter),
        "value": row.value,
        "numerator": row.numerator,
        "denominator": row.denominator,
        "explanation": workflow.draw_explanation(rng) if rng.random() < EXPLAINED_SHARE else "",
    }


def _enter(content: dict[str, Any], submission: Submission, *, clerk: User, at: datetime) -> Figure:
    columns = {name: value for name, value in content.items() if name != "series"}
    return Figure(series_id=content["series"], submission=submission, entered_by=clerk, entered_at=at, **columns)


def _find_decided(submission: Submission | None, programme: Programme) -> datetime:
    """Return when the form was decided; of a figure from before the programme, which has none, its beginning."""
    if submission is not None and submission.decided_at is not None:
        return submission.decided_at
    return timezone.make_aware(datetime.combine(programme.first_quarter.ends_before, datetime.min.time()))


def _approve(
    content: dict[str, Any], submission: Submission | None, *, people: tuple[User, User], at: datetime
) -> dict[str, Any]:
    """Return the columns of the approved figure; one from before the programme has no submission."""
    return content | {
        "quarter": content["quarter"].ordinal,
        "nothing_occurred": False,
        "revision": 1,
        "is_current": True,
        "origin": Origin.DEMONSTRATION.value,
        "submission": submission.pk if submission else None,
        "figure_version": 1,
        "entered_by": people[0].pk,
        "approved_by": people[1].pk,
        "approved_at": at,
    }


def _correct(approved: list[dict[str, Any]], rng: np.random.Generator) -> Iterator[ApprovedFigure]:
    """Yield a second revision, with a slightly better count, of a few figures."""
    for row in approved:
        if row["numerator"] is None or row["submission"] is None or rng.random() >= workflow.CORRECTED_SHARE:
            continue
        if row["numerator"] < row["denominator"]:
            changes = {
                "quarter": Quarter(row["quarter"]),
                "revision": 2,
                "numerator": row["numerator"] + 1,
                "explanation": workflow.CORRECTION,
            }
            names = ("series", "submission", "entered_by", "approved_by")
            yield ApprovedFigure(**{f"{name}_id" if name in names else name: v for name, v in (row | changes).items()})


def _invent_benchmarks(programme: Programme, rng: np.random.Generator) -> list[BenchmarkFigure]:
    """Return the superior's values and places; the newest quarter's has not arrived yet."""
    targets = programme.targets.filter(basis__in=[Basis.OVER_BENCHMARK.value, Basis.RANK.value])
    span = range(programme.first_quarter.ordinal, programme.last_quarter.ordinal)
    return [
        _invent_benchmark(target, Quarter(ordinal), rng)
        for target in targets.select_related("indicator")
        for ordinal in span
    ]


def _invent_benchmark(target: Target, quarter: Quarter, rng: np.random.Generator) -> BenchmarkFigure:
    is_rank = target.basis == Basis.RANK
    middle = 93.2 if target.indicator.unit_zh == "%" else 3.0
    return BenchmarkFigure(
        target=target,
        quarter=quarter,
        value=None if is_rank else round(Decimal(middle + rng.normal(0.0, 0.4)), 2),
        place=int(rng.choice([1, 1, 1, 2, 3])) if is_rank else None,
        is_demonstration=True,
    )


def _give_baselines(programme: Programme, approved: list[dict[str, Any]]) -> None:
    """Give targets against an unpublished baseline year a demonstration baseline, so that they can be followed."""
    first: dict[int, Decimal] = {}
    for row in approved:
        if row["value"] is not None:
            first.setdefault(row["series"], row["value"])
    allocations = Allocation.objects.filter(
        Q(target__basis=Basis.REDUCTION.value) | Q(target__baseline_quarter__isnull=False),
        target__programme=programme,
        target__baseline__isnull=True,
        series__in=first,
    ).select_related("target")
    for allocation in allocations:
        quarters = 4 if allocation.target.accumulation == Accumulation.SUM else 1
        baseline = round(first[allocation.series_id] * quarters * Decimal("1.02"), 2)
        Allocation.objects.filter(pk=allocation.pk).update(baseline=baseline, is_demonstration=True)
