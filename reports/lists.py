"""The lists of regions, domains and departments: who stands how, as one sentence and one table.

The table is in the order that the address names, and not yet cut into pages: the page cuts it, the file has all of it.
"""

from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import pgettext

from indicators.domains import Domain
from indicators.engine.cell import Thresholds
from indicators.engine.period import Quarter
from indicators.models.rollup import RollUp
from reports.cell_tables import CellTable, make_cell_table
from reports.cells import EMPTY, Cell, make_cells
from reports.matrices import Matrix
from reports.overview import make_department_matrix, make_region_matrix
from reports.presenters import Card, KeyEntry, list_key, make_card, name_domain, name_domain_on_card
from reports.scopes import PageContext
from reports.selectors import list_last_quarters, list_rollups
from reports.sentences import write_counts, write_ranking
from reports.sources import thresholds_for


@dataclass(frozen=True, kw_only=True)
class SliceList:
    """Everything that the page shows."""

    page: PageContext
    title: str
    lede: str
    sub: str
    cell: Cell
    key: list[KeyEntry]
    table: CellTable
    table_title: str
    cards: list[Card] = field(default_factory=list)


def make_region_list(page: PageContext, query: QueryDict) -> SliceList:
    """Return the regions below where the person's view begins, or its departments where none lies below."""
    thresholds = thresholds_for(page)
    cells, rows = _load(page, thresholds)
    whole = [row for row in rows if row.quarter == page.quarter]
    matrix = make_region_matrix(page, page.root, whole=whole, thresholds=thresholds)
    names = _name_rows(matrix)
    has_regions = matrix.corner == pgettext("column", "Region")
    return _make(
        page,
        cells,
        title=pgettext("navigation", "Regions"),
        names=names,
        peers=pgettext("peers", "regions") if has_regions else pgettext("peers", "departments"),
        table=make_cell_table(matrix, query),
        table_title=(
            pgettext("heading", "Regions × domains") if has_regions else pgettext("heading", "Departments × domains")
        ),
    )


def make_department_list(page: PageContext, query: QueryDict) -> SliceList:
    """Return the departments."""
    thresholds = thresholds_for(page)
    cells, _rows = _load(page, thresholds)
    matrix = make_department_matrix(page, page.root, thresholds=thresholds)
    return _make(
        page,
        cells,
        title=pgettext("navigation", "Departments"),
        names=_name_rows(matrix),
        peers=pgettext("peers", "departments"),
        table=make_cell_table(matrix, query),
        table_title=pgettext("heading", "Departments × domains"),
    )


def make_domain_list(page: PageContext, query: QueryDict) -> SliceList:
    """Return the five domains, and the departments behind them."""
    thresholds = thresholds_for(page)
    cells, _rows = _load(page, thresholds)
    trend = list_last_quarters(page.quarter)
    return _make(
        page,
        cells,
        title=pgettext("navigation", "Domains"),
        names={name_domain(d): cells[page.quarter, d] for d in Domain if (page.quarter, d) in cells},
        peers=pgettext("peers", "domains"),
        table=make_cell_table(make_department_matrix(page, page.root, thresholds=thresholds), query),
        table_title=pgettext("heading", "Departments × domains"),
        cards=[
            make_card(
                name_domain_on_card(domain),
                url=page.link("reports:domain", domain.value),
                cells={quarter: cell for (quarter, of), cell in cells.items() if of == domain},
                quarter=page.quarter,
                trend=trend,
            )
            for domain in Domain
            if (page.quarter, domain) in cells
        ],
    )


def _load(page: PageContext, thresholds: Thresholds) -> tuple[dict[tuple[Quarter, Domain | None], Cell], list[RollUp]]:
    """Return the cells and rows of where the person's view begins, over the last quarters."""
    rows = list(list_rollups(page, quarters=list_last_quarters(page.quarter), regions=[page.root.pk]))
    return make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds), rows


def _name_rows(matrix: Matrix) -> dict[str, Cell]:
    """Return the cell of the last column, the total, by the name of its row."""
    return {row.heading.text: row.cells[-1].cell for row in matrix.rows if row.cells[-1].cell is not None}


def _make(
    page: PageContext,
    cells: dict[tuple[Quarter, Domain | None], Cell],
    *,
    title: str,
    names: dict[str, Cell],
    peers: str,
    table: CellTable,
    table_title: str,
    cards: list[Card] | None = None,
) -> SliceList:
    cell = cells.get((page.quarter, None), EMPTY)
    return SliceList(
        page=page,
        title=title,
        lede=write_ranking(names, peers=peers),
        sub=write_counts(cell),
        cell=cell,
        key=list_key(page, cell),
        table=table,
        table_title=table_title,
        cards=cards or [],
    )
