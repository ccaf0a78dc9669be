"""The page of one target in one region: verdict, trajectory, clause, formula, sister regions, trail."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import pgettext

from departments.models import User
from indicators.answers import is_question
from indicators.bounds import (
    write_bound,
    write_bound_in_words,
    write_expected,
    write_expected_level,
    write_period,
    write_value,
)
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Basis, Flag
from indicators.labels import ACCUMULATIONS, BASES, PATHS, WINDOWS
from indicators.marks import Mark, mark_result
from indicators.models import Allocation, ApprovedFigure, Origin
from indicators.models.attainment import Attainment
from indicators.models.target import Responsibility
from indicators.presenters.evidence import FileView, present_evidence
from indicators.selectors.evidence import list_visible_evidence
from indicators.selectors.programmes import filter_allocations
from qscounty.web.formats import format_quarter, format_ratio
from qscounty.web.still import Still, draw_still
from reports.charts import QUARTERS_SHOWN, draw_trajectory, find_projection
from reports.formulas import list_formula_lines
from reports.matrices import Heading
from reports.outlook import Chances, find_chances, find_season
from reports.presenters import list_flags, name_domain
from reports.reasons import write_fraction, write_reason
from reports.remainder import Remainder, find_remainder
from reports.scopes import PageContext
from reports.selectors import list_results
from reports.sources import figures_of, freeze_allocation, mark_current, responsibilities_of, results_of
from reports.target_columns import load_target_columns, make_target_columns
from reports.target_history import LevelStep, VersionRow, list_level_steps, list_versions
from reports.trails import Step, list_steps


@dataclass(frozen=True, slots=True)
class QuarterRow:
    """One quarter of the trajectory, as the table shows it."""

    quarter: str
    url: str
    is_now: bool
    measured: str
    fraction: str
    expected: str
    ratio: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class SisterRow:
    """The same target in another region."""

    region: str
    url: str
    is_here: bool
    measured: str
    expected: str
    ratio: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One file behind a figure of the window."""

    quarter: str
    file: FileView


@dataclass(frozen=True, kw_only=True)
class TargetPage:
    """Everything that the page shows. `result` None: nothing is computed for the quarter."""

    page: PageContext
    allocation: Allocation
    result: Attainment | None
    mark: Mark | None
    crumbs: list[Heading]
    reason: str
    explanation: str
    flags: list[Any]
    period: str
    measured: str
    expected: str
    ratio: str
    completion: str
    level: str
    bound: str
    lead: str
    supporting: str
    method: str
    formula: list[str]
    rows: list[QuarterRow]
    chart: dict[str, Any]
    still: Still | None
    projection: str
    turning: str
    season: str
    sisters: list[SisterRow]
    remainder: Remainder | None
    steps: list[Step]
    evidence: list[EvidenceRow]
    versions: list[VersionRow]
    level_steps: list[LevelStep]
    published: list[ApprovedFigure]
    is_demonstration: bool


def get_allocation_or_404(user: User, pk: int) -> Allocation:
    """Return the allocation if the person sees its results; Http404 whether missing or out of scope."""
    related = (
        "target__indicator",
        "target__clause",
        "target__programme__region",
        "series__region",
        "series__indicator",
    )
    allocations = filter_allocations(Allocation.objects.filter(pk=pk), user=user)
    allocation = allocations.select_related(*related, "series__department__region").first()
    if allocation is None:
        raise Http404
    return allocation


def make_target_page(page: PageContext, allocation: Allocation, *, cases: int | None = None) -> TargetPage:
    """Return the page; the number of queries does not depend on how much there is."""
    allocation = freeze_allocation(page, allocation)
    target = allocation.target
    results = _load_results(page, allocation)
    past = [result for result in results if result.quarter <= page.quarter]
    result = past[-1] if past and past[-1].quarter == page.quarter else None
    everything = _load_figures(page, allocation)
    first = result.window_start if result else page.quarter
    figures = [figure for figure in everything if figure.quarter >= first]
    now = [figure for figure in figures if figure.quarter == page.quarter]
    current = [figure for figure in figures if figure.is_current]
    columns = load_target_columns(allocation) if page.publication is None else make_target_columns(allocation)
    projection = find_projection(target, past)
    chances = find_chances(past, columns) if result else Chances()
    if result and Flag.ACHIEVED not in result.flag_set:  # what is reached and cannot be lost is certain, and says more
        result.flags |= chances.flag
    season = find_season(everything, now=page.quarter, target=target, columns=columns)
    chart = draw_trajectory(
        target, past, columns=columns, projection=projection, season=season.levels if season else None
    )
    lead, supporting = _name_responsible(page, allocation)
    return TargetPage(
        page=page,
        allocation=allocation,
        result=result,
        mark=mark_result(result.rating, result.gap) if result else None,
        crumbs=_list_crumbs(page, allocation),
        reason=write_reason(result) if result else "",
        explanation=next((figure.explanation for figure in now if figure.is_current), ""),
        flags=list_flags(result) if result else [],
        period=write_period(result) if result else "",
        measured=write_value(result.measured if result else None, target),
        expected=write_expected(result) if result else "—",
        ratio=format_ratio(result.ratio if result else None),
        completion=format_ratio(result.completion if result else None),
        level=write_bound(target, _own(allocation, "level"), _own(allocation, "level_hi")),
        bound=write_bound_in_words(target),
        lead=lead,
        supporting=supporting,
        method=_write_method(allocation),
        formula=list_formula_lines(result, current, columns) if result else [],
        rows=[_make_row(page, allocation, row) for row in reversed(past[-QUARTERS_SHOWN:])],
        chart=chart,
        still=draw_still(chart),
        projection=projection.text if projection else "",
        turning=chances.text if result and chances.flag in result.flag_set else "",
        season=season.text if season else "",
        sisters=_list_sisters(page, allocation),
        remainder=find_remainder(result, columns, cases=cases) if result else None,
        steps=_list_steps(page, allocation, now),
        evidence=_list_evidence(page, allocation, first),
        versions=list_versions(page, allocation),
        level_steps=list_level_steps(past),
        published=[figure for figure in current if figure.origin == Origin.PUBLISHED],
        is_demonstration=any(row.is_demonstration for row in past) or allocation.is_demonstration,
    )


def _load_results(page: PageContext, allocation: Allocation) -> list[Attainment]:
    """Return the results of every quarter, oldest first; they share the target that is already loaded."""
    mine = results_of(page).filter(region=allocation.series.region_id, allocation=allocation.pk)
    loaded = list(mine.select_related(None).order_by("quarter"))
    for result in loaded:
        result.target, result.allocation = allocation.target, allocation
    return loaded


def _load_figures(page: PageContext, allocation: Allocation) -> list[ApprovedFigure]:
    """Return the approved figures up to the page's quarter, every revision, oldest first."""
    figures = figures_of(page.publication).filter(series=allocation.series_id, quarter__lte=page.quarter)
    rows = figures.select_related("source", "entered_by", "approved_by").order_by("quarter", "revision")
    return mark_current(list(rows))


def _list_steps(page: PageContext, allocation: Allocation, figures: list[ApprovedFigure]) -> list[Step]:
    """Return the trail of the quarter's figure; of an edition, what had happened when it was published."""
    steps = list_steps(allocation.series, page.quarter, approved=figures)
    until = page.publication.published_at if page.publication else None
    return [step for step in steps if until is None or step.at <= until]


def _list_evidence(page: PageContext, allocation: Allocation, first: Quarter) -> list[EvidenceRow]:
    """Return the files behind the figures of the window that the person may open, the newest quarter first."""
    files = list_visible_evidence(page.user, series=allocation.series_id, first=first, last=page.quarter)
    until = page.publication.published_at if page.publication else None
    kept = [file for file in files if until is None or file.uploaded_at <= until]
    return [
        EvidenceRow(format_quarter(file.quarter.year, file.quarter.number), view)
        for file, view in zip(kept, present_evidence(kept), strict=True)
    ]


def _list_crumbs(page: PageContext, allocation: Allocation) -> list[Heading]:
    target, series = allocation.target, allocation.series
    domain = series.indicator.domain
    seat = series.department
    return [
        Heading(name_domain(Domain(domain)), page.link("reports:domain", domain)),
        Heading(target.clause.number, page.link("reports:programme") + f"#clause-{target.clause_id}"),
        Heading(seat.short_name, page.link("reports:department", seat.region.code, seat.code)),
        Heading(series.region.name, page.link("reports:region", series.region.code)),
    ]


def _name_responsible(page: PageContext, allocation: Allocation) -> tuple[str, str]:
    """Return the names of the lead and of the supporting departments; "" for none."""
    rows = responsibilities_of(page, allocation.target_id)
    names: dict[str, list[str]] = {Responsibility.LEAD: [], Responsibility.SUPPORTING: []}
    for row in rows:
        names[row.responsibility].append(row.department.name)
    separator = pgettext("between names", ", ")
    return separator.join(names[Responsibility.LEAD]), separator.join(names[Responsibility.SUPPORTING])


def _write_method(allocation: Allocation) -> str:
    """Return how the value is made and expected: window, accumulation, basis, path, direction."""
    target = allocation.target
    parts: list[object] = [WINDOWS[target.window], ACCUMULATIONS[target.accumulation]]
    if target.basis != Basis.LEVEL:
        parts.append(BASES[target.basis])
    parts.append(PATHS[target.path])
    if not is_question(target.indicator):
        parts.append(target.indicator.get_direction_display())
    return pgettext("enumeration", ", ").join(str(part) for part in parts)


def _make_row(page: PageContext, allocation: Allocation, result: Attainment) -> QuarterRow:
    return QuarterRow(
        quarter=format_quarter(result.quarter.year, result.quarter.number),
        url=page.link("reports:target", allocation.pk, quarter=result.quarter),
        is_now=result.quarter == page.quarter,
        measured=write_value(result.measured, allocation.target),
        fraction=write_fraction(result),
        expected=write_expected(result),
        ratio=format_ratio(result.ratio),
        mark=mark_result(result.rating, result.gap),
    )


def _list_sisters(page: PageContext, allocation: Allocation) -> list[SisterRow]:
    """Return the same target in every region that the person sees; nothing where this is the only one."""
    results = list_results(page).filter(target=allocation.target_id).order_by("region__position", "region__code")
    if page.publication is None:  # joined, the words of the one target would come again with each of ninety rows
        results = results.select_related(None).select_related("region")
    rows = [
        SisterRow(
            region=result.region.name,
            url=page.link("reports:target", result.allocation_id),
            is_here=result.allocation_id == allocation.pk,
            measured=write_value(result.measured, allocation.target),
            expected=write_expected_level(allocation.target, result.expected, result.expected_hi),
            ratio=format_ratio(result.ratio),
            mark=mark_result(result.rating, result.gap),
        )
        for result in results
    ]
    return rows if len(rows) > 1 else []


def _own(allocation: Allocation, name: str) -> Any:
    own = getattr(allocation, name)
    return getattr(allocation.target, name) if own is None else own
