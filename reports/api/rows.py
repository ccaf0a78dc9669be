"""Makes the rows of the small resources: programmes, quarters, places, targets, publications and cells."""

from typing import Any

from departments.models import Department, User
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Comparator, Path, Rating, Window
from indicators.models import Allocation, Programme, ReportingQuarter, Target
from indicators.models.rollup import OUTCOMES
from indicators.models.target import Responsibility
from indicators.selectors.programmes import filter_allocations, list_programmes
from reports.cells import Cell
from reports.editions import list_published_quarters
from reports.models import Publication
from reports.scopes import PageContext
from reports.selectors import list_departments, list_result_regions
from reports.sources import list_responsibilities, name_targets

Cells = list[list[Any]]


def key_of(department: Department) -> str:
    """Return how the interface names a department; its region has to be loaded."""
    return f"{department.region.code}/{department.code}"


def word_of(code: Any) -> str:
    """Return the small letters of an engine's code."""
    return str(code.name).lower()


def list_programme_rows(user: User) -> Cells:
    """Return the programmes that the person sees."""
    return [_programme_row(one) for one in list_programmes(user)]


def _programme_row(one: Programme) -> list[Any]:
    names = [one.code, one.name_zh, one.name_en, one.region.code, one.region.name_zh, one.region.name_en]
    return [*names, one.document_number, one.issued_on, one.first_quarter, one.last_quarter]


def list_quarter_rows(page: PageContext) -> Cells:
    """Return every quarter of the programme, oldest first."""
    programme, rated = page.programme, set(page.quarters)
    editions = dict(list_published_quarters(programme))
    windows = {one.quarter: one for one in ReportingQuarter.objects.filter(programme=programme)}
    found = []
    for ordinal in range(programme.first_quarter.ordinal, programme.last_quarter.ordinal + 1):
        quarter = Quarter(ordinal)
        window = windows.get(quarter)
        days = [window.opens_on, window.due_on, window.closes_on] if window else [None, None, None]
        found.append([programme.code, quarter, *days, quarter in rated, editions.get(quarter)])
    return found


def list_region_rows(page: PageContext) -> Cells:
    """Return the regions with results, under the names that the basis knows; the region above is the code's prefix."""
    above = {9: 6, 6: 4, 4: 2}
    found = [(one, one.code[: above.get(len(one.code), 0)] or None) for one in list_result_regions(page)]
    return [[one.code, parent, str(one.level), one.name_zh, one.name_en] for one, parent in found]


def list_department_rows(page: PageContext) -> Cells:
    """Return the departments with results, under the names that the basis knows."""
    return [
        [key_of(one), one.region.code, one.name_zh, one.name_en, one.short_zh, one.short_en, one.is_office]
        for one in list_departments(page)
    ]


def list_target_rows(page: PageContext) -> Cells:
    """Return the targets of the programme that the person sees, in the order of the document."""
    targets = Target.objects.filter(programme=page.programme).select_related("indicator", "clause", "programme")
    if not page.sees_all:
        mine = filter_allocations(Allocation.objects.filter(target__programme=page.programme), user=page.user)
        targets = targets.filter(pk__in=mine.values("target"))
    units: dict[tuple[int, str], list[str]] = {}
    for row in list_responsibilities(page):
        units.setdefault((row.target_id, row.responsibility), []).append(key_of(row.department))
    return [
        [page.programme.code, *_target_cells(target), *_responsible(units, target.pk)]
        for target in name_targets(page, targets.order_by("position"))
    ]


def _target_cells(one: Target) -> list[Any]:
    indicator, clause = one.indicator, one.clause
    return [
        *(one.code, one.version, clause.number, clause.title_zh, clause.title_en, indicator.code, indicator.domain),
        *(indicator.name_zh, indicator.name_en, one.unit_of_level_zh, one.unit_of_level_en),
        *(word_of(Comparator(one.comparator)), one.level, one.level_hi, one.baseline, one.baseline_quarter),
        *(one.first_quarter, one.due_quarter, word_of(Path(one.path)), word_of(Window(one.window))),
        *(word_of(Accumulation(one.accumulation)), word_of(Basis(one.basis)), one.weight, one.veto),
        *(one.quote, one.doubt_zh, one.doubt_en),
    ]


def _responsible(units: dict[tuple[int, str], list[str]], target: int) -> list[Any]:
    lead = units.get((target, Responsibility.LEAD), [])
    return [lead[0] if lead else None, units.get((target, Responsibility.SUPPORTING), [])]


def publication_row(one: Publication) -> list[Any]:
    """Return one edition; its programme and people have to be loaded."""
    people = [str(one.asked_by), str(one.published_by)]
    facts = [one.published_at, one.as_of, one.rule_version, one.inputs_revision, one.anchor]
    return [one.programme.code, one.quarter, one.edition, one.basis, one.reason, *people, *facts]


def cell_values(cell: Cell) -> list[Any]:
    """Return the numbers of a cell."""
    counts = [getattr(cell, name) for name in OUTCOMES]
    coverage = cell.reported / cell.due if cell.due else None
    verdict = [cell.due, cell.reported, cell.total, coverage, cell.score, word_of(Rating(cell.rating))]
    return [*counts, *verdict, cell.vetoes, cell.at_risk, cell.incomplete, cell.demonstration]
