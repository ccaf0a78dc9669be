"""Where a page reads from: the rows as they stand, or those of an edition. This is the one place that decides.

Frozen rows are read with the frozen words beside them: their target, region and department are objects of the
edition's catalogue, joined without a query. Everything else about them is as with live rows. Source: ADR 7.
"""

from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from departments.models import Department, Region
from indicators.engine.cell import Thresholds
from indicators.models import Allocation, ApprovedFigure, Attainment, Indicator, Target, TargetDepartment
from indicators.models.rollup import RollUp
from indicators.selectors.thresholds import load_thresholds, thresholds_of
from reports.catalogue_copies import CatalogueCopy
from reports.models import Publication, PublishedResult, PublishedRollUp
from reports.scopes import PageContext


def results_of(page: PageContext) -> QuerySet[Any]:
    """Return the results of the programme, of every quarter that the page's basis knows, with what they name."""
    if page.publication is None:
        results = Attainment.objects.filter(programme=page.programme)
        return results.select_related("target__indicator", "target__clause", "region", "department")
    return join_copy(PublishedResult.objects.filter(publication=page.publication), page.copy)


def rollups_of(page: PageContext) -> QuerySet[Any]:
    """Return the roll-ups of the programme, of every quarter that the page's basis knows."""
    if page.publication is None:
        return RollUp.objects.filter(programme=page.programme)
    return PublishedRollUp.objects.filter(publication=page.publication)


def join_copy(results: QuerySet[Any], copy: CatalogueCopy) -> QuerySet[Any]:
    """Let frozen results find their target, region and department in the frozen catalogue.

    This is how Django itself joins the rows of a related manager to their owner; it holds for every later filter.
    """
    known = {"target": copy.targets, "region": copy.regions, "department": copy.departments}
    fields = {results.model._meta.get_field(name): objects for name, objects in known.items()}
    results._known_related_objects = fields  # type: ignore[attr-defined]
    return results


def figures_of(publication: Publication | None) -> QuerySet[ApprovedFigure]:
    """Return every revision of approved figures that the basis knows: of an edition, those that were there."""
    figures = ApprovedFigure.objects.all()
    return figures if publication is None else figures.filter(pk__lte=publication.inputs_revision)


def current_figures_of(publication: Publication | None) -> QuerySet[ApprovedFigure]:
    """Return the revisions that count: of an edition, the newest ones that were there."""
    if publication is None:
        return ApprovedFigure.objects.filter(is_current=True)
    return current_figures_upto(publication.inputs_revision or 0)


def current_figures_upto(newest: int) -> QuerySet[ApprovedFigure]:
    """Return the revisions that counted when `newest` was the id of the newest figure; they are never changed."""
    there = ApprovedFigure.objects.filter(pk__lte=newest)
    newer = there.filter(series=OuterRef("series"), quarter=OuterRef("quarter"), revision__gt=OuterRef("revision"))
    return there.filter(~Exists(newer))


def mark_current(figures: list[ApprovedFigure]) -> list[ApprovedFigure]:
    """Return figures of one series, oldest first, as they stood: each quarter's last revision is the current one."""
    newest = {figure.quarter: figure.revision for figure in figures}
    for figure in figures:
        figure.is_current = newest[figure.quarter] == figure.revision
    return figures


def thresholds_for(page: PageContext) -> Thresholds:
    """Return from which score and coverage a cell of the page is coloured."""
    if page.publication is None:
        return load_thresholds(programme_id=page.programme.pk, quarter=page.quarter)
    return thresholds_of(page.copy.thresholds, page.quarter)


def name_regions(page: PageContext, regions: QuerySet[Region]) -> list[Region]:
    """Return regions in their order, under the names that the basis knows."""
    return [name_region(page, region) for region in regions]


def name_region(page: PageContext, region: Region) -> Region:
    """Return the region under the name that the basis knows."""
    return region if page.frozen is None else page.frozen.regions.get(region.pk, region)


def name_departments(page: PageContext, departments: QuerySet[Department]) -> list[Department]:
    """Return departments in their order, under the names that the basis knows."""
    return [name_department(page, department) for department in departments]


def name_department(page: PageContext, department: Department) -> Department:
    """Return the department under the name that the basis knows."""
    return department if page.frozen is None else page.frozen.departments.get(department.pk, department)


def name_targets(page: PageContext, targets: QuerySet[Target]) -> list[Target]:
    """Return targets in their order, with the words and levels that the basis knows."""
    return [target if page.frozen is None else page.frozen.targets.get(target.pk, target) for target in targets]


def frozen_indicators(page: PageContext) -> dict[int, Indicator]:
    """Return the indicators with the words of the edition, by key; none where the page shows the rows as they stand."""
    return {} if page.frozen is None else {one.indicator_id: one.indicator for one in page.frozen.targets.values()}


def responsibilities_of(page: PageContext, target_id: int) -> list[TargetDepartment]:
    """Return the responsible departments of a target, in the order of the document."""
    if page.frozen is None:
        rows = TargetDepartment.objects.filter(target=target_id).select_related("department")
        return list(rows.order_by("position"))
    rows_of_target = [row for row in page.frozen.responsibilities if row.target_id == target_id]
    return sorted(rows_of_target, key=lambda row: row.position)


def list_responsibilities(page: PageContext) -> list[TargetDepartment]:
    """Return who is responsible for every target of the programme, by target in the order of the document."""
    if page.frozen is None:
        rows = TargetDepartment.objects.filter(target__programme=page.programme).select_related("department__region")
        return list(rows.order_by("target", "position"))
    return sorted(page.frozen.responsibilities, key=lambda row: (row.target_id, row.position))


def freeze_allocation(page: PageContext, allocation: Allocation) -> Allocation:
    """Return the allocation as the basis knows it: with the frozen target, level, baseline and weight of an edition."""
    if page.publication is None:
        return allocation
    mine = results_of(page).filter(region=allocation.series.region_id, allocation=allocation.pk)
    result = mine.order_by("-quarter").first()
    target = page.copy.targets.get(allocation.target_id)
    if result is None or target is None:
        return allocation
    allocation.target, series = target, allocation.series
    series.indicator, series.region = target.indicator, name_region(page, series.region)
    series.department = name_department(page, series.department)
    allocation.level, allocation.level_hi = _exactly(result.level), _exactly(result.level_hi)
    allocation.baseline, allocation.weight = result.baseline, _exactly(result.weight)
    allocation.is_demonstration = result.is_decomposed_for_show
    return allocation


def _exactly(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))
