"""One region, domain or department: its score and place, the two other dimensions, its quarters, its red list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import pgettext

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.cell import Thresholds
from indicators.engine.period import Quarter
from indicators.models.attainment import Attainment
from reports.cells import EMPTY, Cell, make_cells
from reports.charts import draw_trend
from reports.matrices import Heading, Matrix
from reports.overview import make_department_matrix, make_region_matrix
from reports.places import Place, rank
from reports.presenters import (
    Card,
    KeyEntry,
    ResultLine,
    TrendRow,
    list_key,
    list_lines,
    list_trend,
    make_card,
    name_domain,
    name_domain_on_card,
)
from reports.scopes import PageContext
from reports.selectors import (
    count_needing_attention,
    find_explanations,
    list_department_rollups,
    list_last_quarters,
    list_needing_attention,
    list_regions_below,
    list_results,
    list_rollups,
)
from reports.sentences import write_calm, write_counts, write_slice
from reports.slice_matrices import list_department_matrices, list_domain_matrices
from reports.sources import thresholds_for

SHOWN = 12

Cells = Mapping[tuple[Quarter, Domain | None], Cell]


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Everything that the page of a region, domain or department shows; `choice` lists its targets."""

    page: PageContext
    kind: str
    name: str
    crumbs: list[Heading]
    lede: str
    sub: str
    cell: Cell
    key: list[KeyEntry]
    trend: list[TrendRow]
    lines: list[ResultLine]
    more: int
    targets_url: str
    cards: list[Card] = field(default_factory=list)
    matrices: list[tuple[str, Matrix]] = field(default_factory=list)

    @property
    def calm(self) -> str:
        """What stands where nothing needs attention."""
        return write_calm(self.cell)

    @property
    def chart(self) -> dict[str, Any]:
        """What the chart of the quarters draws; nothing where fewer than two of them have a score."""
        return draw_trend(self.trend) if sum(row.cell.is_rated for row in self.trend) > 1 else {}


def make_region_slice(page: PageContext, region: Region) -> Slice:
    """Return the page of a region: its domains, its departments, the regions below it."""
    thresholds, trend = _load_thresholds(page), list_last_quarters(page.quarter)
    rows = list(list_rollups(page, quarters=trend, regions=[region.pk]))
    cells = make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds)
    matrices = []
    if list_regions_below(page, region):
        whole = [row for row in rows if row.quarter == page.quarter]
        below = make_region_matrix(page, region, whole=whole, thresholds=thresholds)
        matrices.append((pgettext("heading", "Regions below × domains"), below))
    by_department = make_department_matrix(page, region, thresholds=thresholds)
    matrices.append((pgettext("heading", "Departments × domains"), by_department))
    results = list_results(page).filter(region__code__startswith=region.code)
    return _make(
        page,
        kind="region",
        name=region.name,
        crumbs=[Heading(pgettext("navigation", "Regions"), page.link("reports:region-list"))],
        cells={quarter: cell for (quarter, domain), cell in cells.items() if domain is None},
        rank_of=_rank_region(page, region, thresholds),
        peers=pgettext("peers", "regions"),
        results=results,
        choice={"region": region.code},
        cards=_make_domain_cards(page, cells, {"region": region.code}),
        matrices=matrices,
    )


def make_domain_slice(page: PageContext, domain: Domain) -> Slice:
    """Return the page of a domain: regions × departments, or departments × quarters where there are no regions."""
    thresholds, trend = _load_thresholds(page), list_last_quarters(page.quarter)
    rows = list(list_rollups(page, quarters=trend, regions=[page.root.pk]))
    cells = make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds)
    now = {d: cells[page.quarter, d] for d in Domain if (page.quarter, d) in cells}
    return _make(
        page,
        kind="domain",
        name=name_domain(domain),
        crumbs=[Heading(pgettext("navigation", "Domains"), page.link("reports:domain-list"))],
        cells={quarter: cell for (quarter, of), cell in cells.items() if of == domain},
        rank_of=find_rank(now, domain),
        peers=pgettext("peers", "domains"),
        results=list_results(page).filter(domain=domain),
        choice={"domain": domain.value},
        matrices=list_domain_matrices(page, domain, thresholds),
    )


def make_department_slice(page: PageContext, department: Department) -> Slice:
    """Return the page of a department: its domains over the quarters, and over regions where it has several."""
    thresholds, trend = _load_thresholds(page), list_last_quarters(page.quarter)
    seat = department.region if department.region.code.startswith(page.root.code) else page.root
    rows = list(list_rollups(page, quarters=trend, regions=[seat.pk], departments=[department.pk]))
    cells = make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds)
    return _make(
        page,
        kind="department",
        name=department.name,
        crumbs=[Heading(pgettext("navigation", "Departments"), page.link("reports:department-list"))],
        cells={quarter: cell for (quarter, domain), cell in cells.items() if domain is None},
        rank_of=_rank_department(page, department, thresholds),
        peers=pgettext("peers", "departments"),
        results=list_results(page).filter(department=department),
        choice={"department": department.pk},
        cards=[],
        matrices=list_department_matrices(page, department, seat, cells, thresholds),
    )


def _make(
    page: PageContext,
    *,
    kind: str,
    name: str,
    crumbs: list[Heading],
    cells: Mapping[Quarter, Cell],
    rank_of: tuple[Place, int] | None,
    peers: str,
    results: QuerySet[Attainment],
    choice: dict[str, object],
    matrices: list[tuple[str, Matrix]],
    cards: list[Card] | None = None,
) -> Slice:
    cell = cells.get(page.quarter, EMPTY)
    shown = list_needing_attention(results.select_related("allocation"), SHOWN)
    return Slice(
        page=page,
        kind=kind,
        name=name,
        crumbs=crumbs,
        lede=write_slice(name, cell, before=cells.get(page.quarter_before), rank=rank_of, peers=peers),
        sub=write_counts(cell),
        cell=cell,
        key=list_key(page, cell, **choice),
        trend=list_trend(page, cells, list_last_quarters(page.quarter)),
        lines=list_lines(page, shown, find_explanations(page, shown)),
        more=count_needing_attention(results) - len(shown),
        targets_url=page.link("reports:target-list", **choice),
        cards=cards or [],
        matrices=matrices,
    )


def find_rank(cells: Mapping[Any, Cell], key: object) -> tuple[Place, int] | None:
    """Return place (1 = highest score, alike as shown shares one) and number of the rated; None where not rated."""
    rated = {k: cell.score for k, cell in cells.items() if cell.is_rated and cell.score is not None}
    return (rank(rated)[key], len(rated)) if key in rated else None


def _load_thresholds(page: PageContext) -> Thresholds:
    return thresholds_for(page)


def _rank_region(page: PageContext, region: Region, thresholds: Thresholds) -> tuple[Place, int] | None:
    """Return the region's place among its sisters; None for the region where the person's view begins."""
    if region == page.root or region.parent_id is None:
        return None
    rows = list(list_rollups(page).filter(region__parent=region.parent_id, domain=0))
    return find_rank(make_cells(rows, lambda row: row.region_id, thresholds=thresholds), region.pk)


def _rank_department(page: PageContext, department: Department, thresholds: Thresholds) -> tuple[Place, int] | None:
    if not page.sees_all:
        return None
    rows = list(list_department_rollups(page, page.root).filter(domain=0))
    return find_rank(make_cells(rows, lambda row: row.department_id, thresholds=thresholds), department.pk)


def _make_domain_cards(page: PageContext, cells: Cells, choice: dict[str, str]) -> list[Card]:
    return [
        make_card(
            name_domain_on_card(domain),
            url=page.link("reports:target-list", domain=domain.value, **choice),
            cells={quarter: cell for (quarter, of), cell in cells.items() if of == domain},
            quarter=page.quarter,
            trend=list_last_quarters(page.quarter),
        )
        for domain in Domain
        if any(of == domain for _quarter, of in cells)
    ]
