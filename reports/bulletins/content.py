"""What a bulletin is written from, read from the pages' own selectors; nothing is computed a second time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from indicators.domains import Domain
from indicators.engine.target import Flag, Rating
from reports.annual.content import Reporting, Unmet
from reports.bulletins.rules import Mentions, find_mentions
from reports.cells import EMPTY, Cell, make_cells
from reports.league import League, make_league
from reports.scopes import PageContext
from reports.selectors import (
    find_explanations,
    find_freshness,
    flag_bits,
    list_department_rollups,
    list_departments,
    list_needing_attention,
    list_results,
    list_rollups,
)
from reports.sources import thresholds_for

BEHIND_SHOWN = 60
"""More rows than on four pages nobody reads; the text says how many there are."""


@dataclass(frozen=True, kw_only=True)
class BulletinContent:
    """Everything that the text is written from. `behind` are the first of `behind_count` that are behind.

    `as_of` is the day of the results: of an edition when it was published, else when they were computed; None
    where there are none.
    """

    page: PageContext
    as_of: date | None
    cell: Cell
    before: Cell | None
    domains: dict[Domain, Cell]
    league: League
    mentions: Mentions
    behind: list[Unmet]
    behind_count: int
    out_of_reach: int


def load_bulletin(page: PageContext) -> BulletinContent:
    """Return the content for the page's quarter and basis; the number of queries does not grow with the programme."""
    quarters = [page.quarter_before, page.quarter]
    rows = list(list_rollups(page, quarters=quarters, regions=[page.root.pk]))
    cells: dict[Any, Cell] = make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds_for(page))
    results = list_results(page).filter(rating=Rating.RED.value)
    behind = list_needing_attention(results.select_related("allocation"), BEHIND_SHOWN)
    words = find_explanations(page, behind)
    league = make_league(page, level="", domain=None)
    return BulletinContent(
        page=page,
        as_of=_find_day(page),
        cell=cells.get((page.quarter, None), EMPTY),
        before=cells.get((page.quarter_before, None)),
        domains={domain: cells[page.quarter, domain] for domain in Domain if (page.quarter, domain) in cells},
        league=league,
        mentions=find_mentions(league.rows, _list_reporting(page)),
        behind=[Unmet(r, words.get((r.allocation.series_id, r.quarter.ordinal), "")) for r in behind],
        behind_count=results.count(),
        out_of_reach=_count_lost(page),
    )


def _count_lost(page: PageContext) -> int:
    return list_results(page).alias(lost=flag_bits(Flag.OUT_OF_REACH)).filter(lost__gt=0).count()


def _find_day(page: PageContext) -> date | None:
    at = page.publication.published_at if page.publication else find_freshness(page)[0]
    return timezone.localdate(at) if at is not None else None


def _list_reporting(page: PageContext) -> list[Reporting]:
    """Return every department that was asked in the quarter, in customary order; two queries."""
    rows = list(list_department_rollups(page, page.root).filter(domain=0))
    cells = make_cells(rows, lambda row: row.department_id)
    asked = [(known, cells[known.pk]) for known in list_departments(page) if known.pk in cells]
    return [Reporting(known, [cell], cell.due, cell.reported) for known, cell in asked if cell.due]
