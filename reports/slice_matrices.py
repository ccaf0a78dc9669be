"""The matrices of the page of a domain or department: the two other dimensions, or one of them over the quarters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import pgettext

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.cell import Thresholds
from indicators.engine.period import Quarter
from qscounty.web.formats import format_quarter
from reports.cells import Cell, make_cells
from reports.matrices import Heading, Matrix, make_matrix
from reports.overview import head_department
from reports.presenters import name_domain
from reports.scopes import PageContext
from reports.selectors import (
    list_department_rollups,
    list_departments,
    list_last_quarters,
    list_regions_below,
    list_rollups,
)

MATRIX_QUARTERS = 4


def list_domain_matrices(page: PageContext, domain: Domain, thresholds: Thresholds) -> list[tuple[str, Matrix]]:
    departments, below = list_departments(page), list_regions_below(page, page.root)
    if not below:
        quarters = list_last_quarters(page.quarter, MATRIX_QUARTERS)
        rows = list(list_department_rollups(page, page.root, quarters=quarters).exclude(domain=0))
        cells = make_cells(
            [row for row in rows if row.domain == domain],
            lambda row: (row.department_id, row.quarter),
            thresholds=thresholds,
        )
        heads = [(d.pk, head_department(page, d)) for d in departments if any(key[0] == d.pk for key in cells)]
        ids = {d.pk: d.pk for d in departments}
        matrix = _make_quarter_matrix(
            page,
            corner=pgettext("column", "Department"),
            heads=heads,
            cells=cells,
            choose=lambda key: {"department": ids[key], "domain": domain.value},
        )
        return [(pgettext("heading", "Departments × quarters"), matrix)]
    places = [page.root, *below]
    rows = [
        row for row in list_rollups(page, regions=[place.pk for place in below], departments=()) if row.domain == domain
    ]
    grid = make_cells(rows, lambda row: (row.region_id, row.department_id), thresholds=thresholds)
    codes = {place.pk: place.code for place in places}
    used = {department for _region, department in grid}
    matrix = make_matrix(
        corner=pgettext("column", "Region"),
        rows=[(place.pk, Heading(place.name, page.link("reports:region", place.code))) for place in below],
        columns=[(d.pk, head_department(page, d)) for d in departments if d.pk in used],
        cells=grid,
        url=lambda region, department: page.link(
            "reports:target-list", region=codes[region], department=department, domain=domain.value
        ),
    )
    return [(pgettext("heading", "Regions × departments"), matrix)]


def list_department_matrices(
    page: PageContext,
    department: Department,
    seat: Region,
    cells: Mapping[tuple[Quarter, Domain | None], Cell],
    thresholds: Thresholds,
) -> list[tuple[str, Matrix]]:
    """Return domains × quarters, and regions × domains where the department reports for several."""
    quarters = set(list_last_quarters(page.quarter, MATRIX_QUARTERS))
    turned = {(domain, quarter): cell for (quarter, domain), cell in cells.items() if quarter in quarters}
    domains = [d for d in Domain if any(key[0] == d for key in turned)]
    heads: list[tuple[Domain | None, Heading]] = [
        (d, Heading(name_domain(d), page.link("reports:domain", d.value))) for d in domains
    ]
    if len(domains) > 1:
        heads.append((None, Heading(pgettext("column", "Total"))))
    matrices = [
        (
            pgettext("heading", "Domains × quarters"),
            _make_quarter_matrix(
                page,
                corner=pgettext("column", "Domain"),
                heads=heads,
                cells=turned,
                choose=lambda domain: {"department": department.pk} | ({"domain": domain.value} if domain else {}),
            ),
        )
    ]
    below = list_regions_below(page, seat)
    if below:
        rows = list(list_rollups(page, regions=[place.pk for place in below], departments=[department.pk]))
        grid = make_cells(rows, lambda row: (row.region_id, row.domain), thresholds=thresholds)
        codes = {place.pk: place.code for place in below}
        used = [place for place in below if any(key[0] == place.pk for key in grid)]
        matrix = make_matrix(
            corner=pgettext("column", "Region"),
            rows=[(place.pk, Heading(place.name, page.link("reports:region", place.code))) for place in used],
            columns=heads,
            cells=grid,
            url=lambda region, domain: page.link(
                "reports:target-list",
                region=codes[region],
                department=department.pk,
                **({"domain": domain.value} if domain else {}),
            ),
        )
        matrices.append((pgettext("heading", "Regions × domains"), matrix))
    return matrices


def _make_quarter_matrix(
    page: PageContext,
    *,
    corner: str,
    heads: Sequence[tuple[Any, Heading]],
    cells: Mapping[tuple[Any, Quarter], Cell],
    choose: Callable[[Any], dict[str, object]],
) -> Matrix:
    quarters = list_last_quarters(page.quarter, MATRIX_QUARTERS)
    return make_matrix(
        corner=corner,
        rows=list(heads),
        columns=[(quarter, Heading(format_quarter(quarter.year, quarter.number))) for quarter in quarters],
        cells=cells,
        url=lambda key, quarter: page.link("reports:target-list", quarter=quarter, **choose(key)),
    )
