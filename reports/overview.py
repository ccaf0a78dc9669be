"""The overview: how everything stands, by domain and by region, and what needs attention first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.cell import Thresholds
from indicators.engine.period import Quarter
from indicators.models.rollup import RollUp
from qscounty.web.formats import format_share
from qscounty.web.times import format_instant
from reports.cells import EMPTY, Cell, make_cells, take_rest
from reports.matrices import Heading, Matrix, make_matrix
from reports.presenters import (
    Card,
    KeyEntry,
    ResultLine,
    list_key,
    list_lines,
    make_card,
    name_domain,
    name_domain_on_card,
    name_domain_shortly,
)
from reports.scopes import PageContext
from reports.selectors import (
    find_explanations,
    find_freshness,
    list_department_rollups,
    list_departments,
    list_last_quarters,
    list_needing_attention,
    list_regions_below,
    list_results,
    list_rollups,
)
from reports.sentences import write_calm, write_overview
from reports.sources import thresholds_for

ATTENTION = 6
OWN = "own"
"""Stands for a region's own targets in the key of a matrix row."""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """Everything that the overview shows."""

    page: PageContext
    cell: Cell
    lede: str
    sub: str
    key: list[KeyEntry]
    cards: list[Card]
    matrix: Matrix
    lines: list[ResultLine]

    @property
    def calm(self) -> str:
        """What stands where nothing needs attention."""
        return write_calm(self.cell)


def make_overview(page: PageContext) -> Overview:
    """Return the overview of the page's programme, quarter and scope; nine queries, whatever there is to show."""
    thresholds = thresholds_for(page)
    trend = list_last_quarters(page.quarter)
    rows = list(list_rollups(page, quarters=trend, regions=[page.root.pk]))
    cells = make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds)
    now = cells.get((page.quarter, None), EMPTY)
    domains = {domain: cells[page.quarter, domain] for domain in Domain if (page.quarter, domain) in cells}
    whole = [row for row in rows if row.quarter == page.quarter]
    attention = list_needing_attention(list_results(page).select_related("allocation"), ATTENTION)
    return Overview(
        page=page,
        cell=now,
        lede=write_overview(now, domains=domains, before=cells.get((page.quarter_before, None))),
        sub=write_sub(page, now),
        key=list_key(page, now),
        cards=list_domain_cards(page, domains, cells=cells, trend=trend),
        matrix=make_region_matrix(page, page.root, whole=whole, thresholds=thresholds),
        lines=list_lines(page, attention, find_explanations(page, attention)),
    )


def list_domain_cards(
    page: PageContext,
    domains: Iterable[Domain],
    *,
    cells: Mapping[tuple[Quarter, Domain | None], Cell],
    trend: Sequence[Quarter],
) -> list[Card]:
    """Return a card for each domain, with its cells of the quarters of `trend`."""
    return [
        make_card(
            name_domain_on_card(domain),
            url=page.link("reports:domain", domain.value),
            cells={quarter: cell for (quarter, of), cell in cells.items() if of == domain},
            quarter=page.quarter,
            trend=trend,
        )
        for domain in domains
    ]


def write_sub(page: PageContext, cell: Cell) -> str:
    """Return when the results were computed and how complete they are."""
    at, regions, units = find_freshness(page)
    if at is None:
        return _("Nothing has been computed for this quarter yet; results follow the first approval.")
    places = ngettext("%(count)d region", "%(count)d regions", regions) % {"count": regions}
    offices = ngettext("%(count)d department", "%(count)d departments", units) % {"count": units}
    return _("Computed %(time)s · reported %(share)s (%(regions)s, %(departments)s) · %(published)s") % {
        "published": _write_published(page),
        "time": format_instant(at),
        "share": format_share(cell.reported, cell.due),
        "regions": places,
        "departments": offices,
    }


def _write_published(page: PageContext) -> str:
    """Return which edition the page shows, or which one the quarter has."""
    shown = page.publication or next(iter(page.editions), None)
    if shown is None:
        return _("not yet published")
    words = {"edition": shown.edition, "time": format_instant(shown.published_at)}
    if page.publication is not None:
        return _("as published in edition %(edition)d, %(time)s") % words
    return _("edition %(edition)d was published %(time)s") % words


def make_region_matrix(page: PageContext, region: Region, *, whole: Sequence[RollUp], thresholds: Thresholds) -> Matrix:
    """Return regions below × domains, the region's own targets first; departments × domains where none lies below.

    `whole` are the region's own roll-up rows of the quarter.
    """
    below = list_regions_below(page, region)
    if not below:
        return make_department_matrix(page, region, thresholds=thresholds)
    rows = list(list_rollups(page, regions=[place.pk for place in below]))
    cells: dict[tuple[object, Domain | None], Cell] = {
        (region_id, domain): cell
        for (region_id, domain), cell in make_cells(
            rows, lambda row: (row.region_id, row.domain), thresholds=thresholds
        ).items()
    }
    for domain in (*Domain, None):
        parts = [row for row in rows if row.domain == domain]
        rest = take_rest([row for row in whole if row.domain == domain], parts, thresholds=thresholds)
        if rest is not None:
            cells[OWN, domain] = rest
    own = Heading(_("%(region)s itself") % {"region": region.name})
    headings: list[tuple[object, Heading]] = [(OWN, own)] if any(key == OWN for key, _d in cells) else []
    headings += [(r.pk, Heading(r.name, page.link("reports:region", r.code))) for r in below]
    codes = {place.pk: place.code for place in below}

    def link(row: object, domain: Domain | None) -> str:
        place = {"region": region.code, "only": "1"} if row == OWN else {"region": codes[row]}  # type: ignore[index]
        return page.link("reports:target-list", **place, **({"domain": domain.value} if domain else {}))

    return make_matrix(
        corner=pgettext("column", "Region"),
        rows=headings,
        columns=list_domain_columns(page, {domain for _row, domain in cells}),
        cells=cells,
        url=link,
    )


def make_department_matrix(page: PageContext, region: Region, *, thresholds: Thresholds) -> Matrix:
    """Return departments × domains of one region."""
    departments = list_departments(page, region)
    rows = list(list_department_rollups(page, region))
    cells = make_cells(rows, lambda row: (row.department_id, row.domain), thresholds=thresholds)
    codes = {department.pk: department for department in departments}

    def link(department: int, domain: Domain | None) -> str:
        place = {"department": codes[department].pk} | ({"region": region.code} if region != page.root else {})
        return page.link("reports:target-list", **place, **({"domain": domain.value} if domain else {}))

    return make_matrix(
        corner=pgettext("column", "Department"),
        rows=[(d.pk, head_department(page, d)) for d in departments],
        columns=list_domain_columns(page, {domain for _department, domain in cells}),
        cells=cells,
        url=link,
    )


def head_department(page: PageContext, department: Department) -> Heading:
    """Return the heading of a department, leading to its page."""
    return Heading(
        department.short_name, page.link("reports:department", department.region.code, department.code), department.name
    )


def list_domain_columns(page: PageContext, used: Collection[Domain | None]) -> list[tuple[Domain | None, Heading]]:
    """Return the columns of the domains in use and of their total."""
    columns: list[tuple[Domain | None, Heading]] = [
        (domain, Heading(name_domain_shortly(domain), page.link("reports:domain", domain.value), name_domain(domain)))
        for domain in Domain
        if domain in used
    ]
    return [*columns, (None, Heading(pgettext("column", "Total")))]
