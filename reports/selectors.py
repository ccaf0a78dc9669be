"""Reads roll-ups and results for the pages; every read begins with the page's scope."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Count, F, FloatField, IntegerField, Max, Q, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce
from django.http import Http404

from departments.models import Department, Region
from indicators.engine.period import Quarter
from indicators.engine.target import Flag, Gap, Rating
from indicators.models.attainment import ALL, Attainment
from indicators.models.rollup import RollUp
from reports.scopes import PageContext
from reports.sources import (
    current_figures_of,
    name_department,
    name_departments,
    name_region,
    name_regions,
    results_of,
    rollups_of,
)
from reports.stamps import recall

TREND_QUARTERS = 8


def list_rollups(
    page: PageContext,
    *,
    quarters: Iterable[Quarter] = (),
    regions: Iterable[int] = (),
    departments: Iterable[int] | None = None,
) -> QuerySet[RollUp]:
    """Return the roll-up rows that the person sees, of all domains and of each.

    `departments` None is the sum over all departments, which for a person of some departments are the rows of
    these alone, to be added up. Otherwise the rows of each of `departments` (empty: of every one).
    """
    rows = rollups_of(page).filter(quarter__in=list(quarters) or [page.quarter])
    if regions := list(regions):
        rows = rows.filter(region__in=regions)
    seen = page.department_ids
    if departments is None:
        rows = rows.filter(department=ALL) if seen is None else rows.filter(department__in=seen)
    else:
        wanted = set(departments)
        chosen = wanted if seen is None else (seen & wanted if wanted else seen)
        rows = rows.filter(department__in=chosen) if chosen or seen is not None else rows.filter(department__gt=ALL)
    # The model's own order joins departments, and so loses the rows that stand for all of them.
    return rows.order_by()


def list_last_quarters(quarter: Quarter, count: int = TREND_QUARTERS) -> list[Quarter]:
    """Return the quarters up to `quarter`, oldest first."""
    return [quarter - lag for lag in range(count - 1, -1, -1)]


def list_results(page: PageContext) -> QuerySet[Attainment]:
    """Return the results of the quarter that the person sees."""
    results = results_of(page).filter(quarter=page.quarter)
    return results if page.department_ids is None else results.filter(department__in=page.department_ids)


def list_results_by_page(page: PageContext) -> QuerySet[Attainment]:
    """Return the same results for a table of many pages: what they name is loaded for the rows shown alone.

    Joined, all the words of a province would be sorted for the sake of fifty rows.
    """
    results = list_results(page)
    if page.publication is not None:
        return results
    return results.select_related(None).prefetch_related("target__indicator", "target__clause", "region", "department")


def list_needing_attention(results: QuerySet[Attainment], count: int | None = None) -> list[Attainment]:
    """Return what wants a leader's eye, the worst first: by severity, then by the time left, then by the ratio.

    Of a whole province only the keys are sorted; the few rows that are shown are loaded with what they name.
    """
    ordered: QuerySet[Any] = _rate_severity(results).annotate(left=F("total") - F("elapsed"))
    worst = Coalesce("ratio", Value(0.0), output_field=FloatField())
    ordered = ordered.order_by("severity", worst.asc(), "left", "target__position", "region__position", "allocation_id")
    keys = list(ordered.select_related(None).values_list("region_id", "allocation_id")[:count])
    places = {allocation: place for place, (_region, allocation) in enumerate(keys)}
    found = results.filter(region__in={region for region, _allocation in keys}, allocation__in=places).order_by()
    return sorted(found, key=lambda result: places[result.allocation_id])


def count_needing_attention(results: QuerySet[Attainment]) -> int:
    """Return how many of the results want a leader's eye."""
    return _rate_severity(results).order_by().count()


def _rate_severity(results: QuerySet[Attainment]) -> QuerySet[Any]:
    """Return the results that want a leader's eye with their `severity`, 0 the worst."""
    severity = Case(
        When(rating=Rating.RED.value, is_veto=True, then=Value(0)),
        When(rating=Rating.RED.value, lost__gt=0, then=Value(1)),
        When(rating=Rating.RED.value, then=Value(2)),
        When(Q(lost__gt=0) | Q(risky__gt=0), then=Value(3)),
        When(gap=Gap.NOT_REPORTED.value, then=Value(4)),
        When(gap=Gap.NOT_COMPUTABLE.value, then=Value(5)),
        default=Value(9),
        output_field=IntegerField(),
    )
    flagged = results.alias(lost=flag_bits(Flag.OUT_OF_REACH), risky=flag_bits(Flag.AT_RISK))
    return flagged.annotate(severity=severity).filter(severity__lt=9)


def flag_bits(flag: Flag) -> CombinedExpression:
    """Return an expression that is above zero where a result carries the flag."""
    return F("flags").bitand(int(flag))


def find_explanations(page: PageContext, results: Sequence[Attainment]) -> dict[tuple[int, int], str]:
    """Return the departments' own words by (series id, quarter ordinal)."""
    series = {result.allocation.series_id for result in results}
    quarters = {result.quarter for result in results}
    rows = current_figures_of(page.publication).filter(series__in=series, quarter__in=quarters)
    words = rows.exclude(explanation="").order_by().values_list("series_id", "quarter", "explanation")
    return {(series_id, quarter.ordinal): text for series_id, quarter, text in words}


def find_freshness(page: PageContext) -> tuple[datetime | None, int, int]:
    """Return when the quarter's results were computed, and from how many regions and departments."""
    places = Count("region", distinct=True), Count("department", distinct=True)
    found = list_results(page).order_by().aggregate(at=Max("computed_at"), regions=places[0], units=places[1])
    return found["at"], found["regions"], found["units"]


def list_regions_below(page: PageContext, region: Region) -> list[Region]:
    """Return the regions one step below that have results, in customary order."""
    ids = list_rollups(page).filter(region__parent=region).values("region")
    return name_regions(page, Region.objects.filter(pk__in=ids).order_by("position", "code"))


def list_department_rollups(page: PageContext, region: Region, *, quarters: Iterable[Quarter] = ()) -> QuerySet[RollUp]:
    """Return one row for each department (and domain) that reports for `region` or below.

    A department's rows begin at its own region: where that lies below `region`, the row there stands for it.
    """
    rows = list_rollups(page, quarters=quarters, departments=())
    below = Q(region=F("department__region"), region__code__startswith=region.code)
    return rows.filter(Q(region=region) | below)


def list_departments(page: PageContext, region: Region | None = None) -> list[Department]:
    """Return the departments with results in the quarter, in customary order."""
    found = find_departments(page, region).select_related("region")
    return name_departments(page, found.order_by("region__code", "position", "code"))


def find_departments(page: PageContext, region: Region | None = None) -> QuerySet[Department]:
    """Return the same unread, in no order and under their present names."""
    rows = list_department_rollups(page, region or page.root)
    return Department.objects.filter(pk__in=rows.values("department")).order_by()


def list_result_regions(page: PageContext) -> list[Region]:
    """Return every region with results in the quarter, at any depth, in customary order."""

    def find() -> list[Region]:
        return name_regions(page, find_result_regions(page).order_by("position", "code"))

    if page.publication is not None:
        return find()
    key = ("result regions", page.programme.pk, page.quarter, page.root.pk, page.department_ids)
    return list(recall(key, find, moment=page.moment))


def find_result_regions(page: PageContext) -> QuerySet[Region]:
    """Return the same unread, in no order and under their present names."""
    ids = list_rollups(page).values("region")
    return Region.objects.filter(pk__in=ids, code__startswith=page.root.code).order_by()


def get_region_or_404(page: PageContext, code: str) -> Region:
    """Return a region with results that the person sees; Http404 whether it is missing or out of scope."""
    region = Region.objects.filter(code=code, code__startswith=page.root.code).select_related("parent").first()
    rows = list_rollups(page, regions=[region.pk]) if region else None
    if region is None or rows is None or not (region == page.root or rows.exists()):
        raise Http404
    return name_region(page, region)


def get_department_or_404(page: PageContext, region_code: str, code: str) -> Department:
    """Return a department of the programme that the person sees; Http404 whether missing or out of scope."""
    department = Department.objects.filter(region__code=region_code, code=code).select_related("region").first()
    if department is None or not (page.department_ids is None or department.pk in page.department_ids):
        raise Http404
    if not department.series.filter(allocations__target__programme=page.programme).exists():
        raise Http404
    return name_department(page, department)
