"""What the annual analysis says, read from the pages' own selectors; nothing is computed a second time.

The report is about the page's year up to its quarter. The year before is compared where it was rated; what was not is
said to be missing, never taken for zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from departments.models import Department
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Flag, Rating
from indicators.models.attainment import Attainment
from reports.cells import EMPTY, Cell, make_cells
from reports.charts import find_projection
from reports.league import League, make_league
from reports.movements import Movements, find_movements
from reports.scopes import PageContext
from reports.selectors import (
    find_explanations,
    flag_bits,
    list_department_rollups,
    list_departments,
    list_needing_attention,
    list_results,
    list_rollups,
)
from reports.sources import results_of, thresholds_for

YEAR = 4
UNMET = 120
MOVED = 15
AHEAD = 20


@dataclass(frozen=True, slots=True)
class Unmet:
    """A target that is behind: the result, and the department's own words ("" for none)."""

    result: Attainment
    explanation: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A target that will miss its date on its trend, and the value to which the trend leads ("" where it has none)."""

    result: Attainment
    projection: str


@dataclass(frozen=True, slots=True)
class Reporting:
    """A department's year: one cell a quarter (None where nothing of it was due), and all of them added up."""

    department: Department
    quarters: list[Cell | None]
    due: int
    reported: int


@dataclass(frozen=True, kw_only=True)
class AnnualContent:
    """Everything that the report says. `quarters` are those of the year up to the page's, oldest first.

    `unmet_count`, `ahead_count` are all of a kind, of which the lists show the first. `flags` counts results by what
    stands beside their rating.
    """

    page: PageContext
    quarters: list[Quarter]
    year: dict[Quarter, Cell]
    before: Cell | None
    domains: dict[Domain, Cell]
    domains_before: dict[Domain, Cell]
    league: League
    scores_before: Mapping[int, float]
    movements: Movements
    unmet: list[Unmet]
    unmet_count: int
    ahead: list[Ahead]
    flags: dict[Flag, int]
    reporting: list[Reporting]

    @property
    def cell(self) -> Cell:
        """How the year stands at its end."""
        return self.year.get(self.page.quarter, EMPTY)

    @property
    def is_whole(self) -> bool:
        """Whether the year is over."""
        return self.page.quarter.number == YEAR


def load_annual(page: PageContext) -> AnnualContent:
    """Return the content for the year of the page's quarter; the number of queries does not grow with the programme."""
    thresholds, last = thresholds_for(page), page.quarter - YEAR
    quarters = [Quarter.of(page.quarter.year, number) for number in range(1, page.quarter.number + 1)]
    rows = list(list_rollups(page, quarters=[last, *quarters], regions=[page.root.pk]))
    cells = make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds)
    behind = list_results(page).filter(rating=Rating.RED.value)
    unmet = list_needing_attention(behind.select_related("allocation"), UNMET)
    words = find_explanations(page, unmet)
    return AnnualContent(
        page=page,
        quarters=quarters,
        year={quarter: cells.get((quarter, None), EMPTY) for quarter in quarters},
        before=cells.get((last, None)),
        domains=_pick(cells, page.quarter),
        domains_before=_pick(cells, last),
        league=make_league(page, level="", domain=None),
        scores_before=_find_scores(replace(page, quarter=last)),
        movements=find_movements(page, MOVED, since=last),
        unmet=[Unmet(r, words.get((r.allocation.series_id, r.quarter.ordinal), "")) for r in unmet],
        unmet_count=behind.count(),
        ahead=_list_ahead(page),
        flags={flag: _count(page, flag) for flag in (Flag.ACHIEVED, Flag.CERTAIN, Flag.AT_RISK, Flag.OUT_OF_REACH)},
        reporting=_list_reporting(page, quarters),
    )


def _pick(cells: Mapping[Any, Cell], quarter: Quarter) -> dict[Domain, Cell]:
    return {domain: cells[quarter, domain] for domain in Domain if (quarter, domain) in cells}


def _find_scores(page: PageContext) -> dict[int, float]:
    """Return the scores of the league of another quarter by region id, of those that are rated."""
    rows = make_league(page, level="", domain=None).tiles
    return {row.region.pk: row.cell.score for row in rows if row.cell.is_rated and row.cell.score is not None}


def _flagged(page: PageContext, flag: Flag) -> QuerySet[Attainment]:
    return list_results(page).alias(marked=flag_bits(flag)).filter(marked__gt=0)


def _count(page: PageContext, flag: Flag) -> int:
    return _flagged(page, flag).count()


def _list_ahead(page: PageContext) -> list[Ahead]:
    """Return what will miss its date on the trend of its quarters, with where the trend leads; two queries."""
    results = list_needing_attention(_flagged(page, Flag.AT_RISK).select_related("allocation"), AHEAD)
    past: dict[int, list[Attainment]] = {}
    if results:
        mine = results_of(page).filter(
            region__in={result.region_id for result in results},
            allocation__in=[result.allocation_id for result in results],
            quarter__lte=page.quarter,
        )
        for row in mine.select_related(None).order_by("quarter"):
            past.setdefault(row.allocation_id, []).append(row)
    return [Ahead(result, _project(result, past.get(result.allocation_id, []))) for result in results]


def _project(result: Attainment, past: Sequence[Attainment]) -> str:
    projection = find_projection(result.target, past)
    return projection.text if projection else ""


def _list_reporting(page: PageContext, quarters: list[Quarter]) -> list[Reporting]:
    """Return every department that was asked in the year, the lowest share reported first; two queries."""
    rows = list(list_department_rollups(page, page.root, quarters=quarters).filter(domain=0))
    cells = make_cells(rows, lambda row: (row.department_id, row.quarter))
    found = [
        Reporting(
            department=department,
            quarters=(mine := [_due(cells.get((department.pk, quarter))) for quarter in quarters]),
            due=sum(cell.due for cell in mine if cell),
            reported=sum(cell.reported for cell in mine if cell),
        )
        for department in list_departments(page)
    ]
    return sorted((one for one in found if one.due), key=lambda one: one.reported / one.due)


def _due(cell: Cell | None) -> Cell | None:
    return cell if cell is not None and cell.due else None
