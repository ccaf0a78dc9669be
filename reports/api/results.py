"""Results, figures and cells as paged resources, narrowed by the filters of the pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from departments.models import Department, Region
from indicators.engine.period import Quarter
from indicators.engine.reasons import missing_quarters
from indicators.engine.target import Comparator, Flag, Gap, Input, Rating
from indicators.models import ApprovedFigure, Indicator, Origin
from indicators.models.attainment import DOMAIN_CODES
from reports.api.paged import Paged, key_of_model, read_cursor
from reports.api.queries import InvalidParameter, PagedQuery, ResultQuery
from reports.api.rows import cell_values, key_of, word_of
from reports.cells import make_cells
from reports.filters import ResultFilter
from reports.scopes import PageContext
from reports.selectors import list_departments, list_result_regions, list_rollups
from reports.sources import (
    current_figures_upto,
    frozen_indicators,
    name_department,
    name_region,
    results_of,
    thresholds_for,
)

_NUMBERS = (
    *("measured", "expected", "expected_hi", "level", "level_hi", "reference", "numerator", "denominator"),
    *("accumulated", "ratio", "completion", "miss", "margin", "weight"),
)


def page_results(page: PageContext, query: ResultQuery) -> Paged:
    """Return the results that the person sees, through the very filter of the list of targets."""
    chosen = {name: getattr(query, name) or "" for name in ("q", "domain", "region", "rating", "flag")}
    department = find_department(page, query.department)
    regions, departments = [], [department] if department else []
    if query.region:
        regions = list_result_regions(page)
        check_region(query.region, regions)
    sent = {**chosen, "department": str(department.pk) if department else "", "only": "1" if query.only else ""}
    choice = ResultFilter(sent, queryset=_seen(page, query), page=page, regions=regions, departments=departments)
    objects = choice.qs.select_related(None) if page.publication else choice.qs.select_related("department__region")
    return Paged(
        objects=objects, key=key_of_model(objects), make=lambda found: [_result_row(page, one) for one in found]
    )


def _seen(page: PageContext, query: PagedQuery) -> QuerySet[Any]:
    rows = _in_time(results_of(page), page, query)
    return rows if page.department_ids is None else rows.filter(department__in=page.department_ids)


def _in_time(rows: QuerySet[Any], page: PageContext, query: PagedQuery) -> QuerySet[Any]:
    return rows.filter(quarter__lte=page.quarter) if query.history else rows.filter(quarter=page.quarter)


def _result_row(page: PageContext, one: Any) -> list[Any]:
    target, region, unit = one.target, one.region, one.department
    is_rated = one.gap == Gap.NONE
    return [
        *(page.programme.code, one.quarter, page.basis, one.allocation_id),
        *(region.code, region.name_zh, region.name_en, key_of(unit), unit.name_zh, unit.name_en),
        *(str(one.domain), target.code, target.version, target.clause.number),
        *(target.indicator.code, target.indicator.name_zh, target.indicator.name_en),
        *(target.unit_of_level_zh, target.unit_of_level_en, word_of(Comparator(one.comparator))),
        *(getattr(one, name) for name in _NUMBERS),
        word_of(Rating(one.rating)),
        None if is_rated else word_of(Gap(one.gap)),
        None if is_rated else word_of(Input(one.gap_input)),
        [word_of(flag) for flag in Flag(one.flags)],
        [str(Quarter(each)) for each in missing_quarters(one.missing, quarter=one.quarter.ordinal)],
        *(one.window_start, one.elapsed, one.total, one.is_veto, one.is_demonstration),
        *(one.rule_version, one.inputs_revision, one.computed_at),
    ]


def page_figures(page: PageContext, query: PagedQuery) -> Paged:
    """Return approved figures as they count, as they stood when the first page was read."""
    if page.publication is not None:
        upto = page.publication.inputs_revision or 0
    elif query.cursor:
        upto = read_cursor(query.cursor, 1)[0]
    else:
        upto = ApprovedFigure.objects.aggregate(newest=Max("pk"))["newest"] or 0
    mine = Q(series__allocations__target__programme=page.programme)
    counted = _in_time(current_figures_upto(upto), page, query).filter(mine)
    rows = ApprovedFigure.objects.filter(pk__in=counted.values("pk"))
    if page.department_ids is not None:
        rows = rows.filter(series__department__in=page.department_ids)
    if department := find_department(page, query.department):
        rows = rows.filter(series__department=department.pk)
    if query.domain:
        rows = rows.filter(series__indicator__domain=query.domain)
    rows = _within(rows, page, query, path="series__region")
    rows = rows.select_related("series__indicator", "series__region", "series__department__region", "source")
    named = frozen_indicators(page)
    return Paged(
        objects=rows, key=("id",), make=lambda found: [_figure_row(page, one, named) for one in found], upto=upto
    )


def _figure_row(page: PageContext, one: ApprovedFigure, named: Mapping[int, Indicator]) -> list[Any]:
    series = one.series
    indicator = named.get(series.indicator_id, series.indicator)
    region, department = name_region(page, series.region), name_department(page, series.department)
    return [
        *(one.pk, one.quarter, region.code, region.name_zh, region.name_en, key_of(department)),
        *(indicator.code, indicator.domain, indicator.name_zh, indicator.name_en),
        *(indicator.unit_zh, indicator.unit_en, one.value, one.numerator, one.denominator),
        *(one.nothing_occurred, one.revision, str(one.origin), one.origin == Origin.DEMONSTRATION),
        *(one.source.title if one.source else None, one.explanation, one.approved_at),
    ]


def page_rollups(page: PageContext, query: PagedQuery) -> Paged:
    """Return cells; of all departments, of one, or of each. Who sees some departments gets theirs one by one."""
    departments: Iterable[int] | None = None
    if query.department == "each":
        departments = ()
    elif department := find_department(page, query.department):
        departments = (department.pk,)
    quarters = [each for each in page.quarters if each <= page.quarter] if query.history else []
    rows: QuerySet[Any] = list_rollups(page, quarters=quarters, departments=departments)
    rows = _within(rows, page, query, path="region")
    if query.domain:
        rows = rows.filter(domain=DOMAIN_CODES[query.domain])
    return Paged(objects=rows, key=key_of_model(rows), make=lambda found: _cell_rows(page, found))


def _cell_rows(page: PageContext, found: Sequence[Any]) -> list[list[Any]]:
    regions = Region.objects.in_bulk({one.region_id for one in found})
    departments = Department.objects.select_related("region").in_bulk({one.department_id for one in found})
    cells = make_cells(found, lambda row: row.pk, thresholds=thresholds_for(page))
    rows = []
    for one in found:
        region, unit = name_region(page, regions[one.region_id]), departments.get(one.department_id)
        place = [region.code, region.name_zh, region.name_en, str(one.domain) if one.domain else None]
        head = [page.programme.code, one.quarter, page.basis, *place, key_of(unit) if unit else None]
        rows.append([*head, *cell_values(cells[one.pk])])
    return rows


def _within(rows: QuerySet[Any], page: PageContext, query: PagedQuery, *, path: str) -> QuerySet[Any]:
    if not query.region:
        return rows
    check_region(query.region, list_result_regions(page))
    return rows.filter(**{f"{path}__code{'' if query.only else '__startswith'}": query.region})


def check_region(code: str, regions: Iterable[Region]) -> None:
    """Refuse a region without results that the person sees, whether it is missing or out of scope."""
    if code not in {region.code for region in regions}:
        raise InvalidParameter(
            "region",
            _("Parameter “region”: “%(code)s” has no results here; take a code from /regions.") % {"code": code},
        )


def find_department(page: PageContext, key: str) -> Department | None:
    """Return the department that the parameter names, None where it names none; missing and out of scope are alike."""
    if not key:
        return None
    for department in list_departments(page):
        if key_of(department) == key:
            return department
    raise InvalidParameter(
        "department",
        _("Parameter “department”: “%(key)s” has no results here; take one from /departments.") % {"key": key},
    )
