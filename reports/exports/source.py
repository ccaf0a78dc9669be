"""What an edition of the provincial workbook is made from: stored results and the rows beside them.

Nothing is computed here. One query a subject, none a row; the results themselves are streamed.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import numpy as np
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from departments.errors import Invalid
from departments.models import Department, Region
from indicators.engine.cell import Thresholds
from indicators.engine.period import Quarter
from indicators.engine.rating import Margins, margins_of
from indicators.engine.target import Gap, MarginKind, Rating, TargetColumns
from indicators.models import Attainment, Programme, ReportingQuarter, Source, Target
from indicators.models.attainment import DOMAIN_CODES
from indicators.models.target import Responsibility, TargetDepartment
from indicators.selectors.calendar import list_opened_quarters
from indicators.selectors.target_columns import MULTIPLIERS
from indicators.selectors.thresholds import Epoch, load_margins, load_thresholds
from reports.editions import find_newest_figure
from reports.models import Publication

CHUNK = 2000


class NoResults(Invalid):
    """Nothing has been computed for the quarter."""


class Result(NamedTuple):
    """One stored result with the keys of its series; names as in `Attainment`."""

    allocation_id: int
    series_id: int
    target_id: int
    region_id: int
    department_id: int
    domain: str
    comparator: int
    accumulated: float | None
    numerator: float | None
    denominator: float | None
    measured: float | None
    expected: float | None
    expected_hi: float | None
    level: float | None
    level_hi: float | None
    reference: float | None
    margin: float | None
    miss: float | None
    ratio: float | None
    completion: float | None
    weight: float
    window_start: Quarter
    gap: int
    gap_input: int
    rating: int
    flags: int
    missing: int
    is_veto: bool
    is_demonstration: bool
    baseline: Any
    is_decomposed_for_show: bool


COLUMNS = (
    "allocation_id", "allocation__series_id", "target_id", "region_id", "department_id", "domain", "comparator",
    "accumulated", "numerator", "denominator", "measured", "expected", "expected_hi", "level", "level_hi",
    "reference", "margin", "miss", "ratio", "completion", "weight",
    "window_start", "gap", "gap_input", "rating", "flags", "missing",
    "is_veto", "is_demonstration", "allocation__baseline", "allocation__is_demonstration",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetFacts:
    """A target as the sheets show it. `margin_size` is what its margin starts from, before it meets a level."""

    target: Target
    multiplier: float
    margin_kind: MarginKind
    margin_size: float
    is_margin_default: bool
    lead: str
    supporting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One programme in one quarter, ready to be written.

    `as_of` is the newest approval that the figures up to the quarter had: the workbook's own time, so that the same
    results give the same bytes. `inputs_revision` is the id of the newest figure read. Dictionaries go by primary key;
    `regions` are in customary order and hold those between, `own_regions` those with results of their own.
    `results` are the rows in the order of the workbook, `columns` their names for the fields of `Result`.
    `publication` absent: results as they stand; `earlier` is the edition before it.
    """

    programme: Programme
    quarter: Quarter
    rows: int
    reds: int
    unreported: int
    domains: list[str]
    as_of: datetime
    inputs_revision: int
    rule_version: int
    has_demonstration: bool
    due_on: date | None
    margins: Margins
    thresholds: Thresholds
    targets: dict[int, TargetFacts]
    regions: dict[int, Region]
    own_regions: frozenset[int]
    departments: dict[int, Department]
    results: QuerySet[Any]
    sources: dict[int, Source]
    columns: tuple[str, ...] = COLUMNS
    publication: Publication | None = None
    earlier: Publication | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside the results, from the tables or from a frozen catalogue; by primary key where it is a dict."""

    due_on: date | None
    epochs: list[Epoch]
    thresholds: Thresholds
    targets: list[Target]
    responsible: dict[tuple[int, str], list[str]]
    regions: dict[int, Region]
    departments: Callable[[set[int]], dict[int, Department]]
    sources: dict[int, Source]


def find_edition(*, programme: Programme, quarter: Quarter) -> Edition:
    """Return what is needed before the first row is read.

    Errors: Invalid with a sentence where the quarter lies outside the programme or has not opened; NoResults where
    it has no results.
    """
    _check_quarter(programme, quarter)
    window = ReportingQuarter.objects.filter(programme=programme, quarter=quarter).first()
    beside = Beside(
        due_on=window.due_on if window else None,
        epochs=load_margins(programme_id=programme.pk),
        thresholds=load_thresholds(programme_id=programme.pk, quarter=quarter),
        targets=list(programme.targets.select_related("indicator", "clause").order_by("position")),
        responsible=_load_responsible(programme),
        regions={region.pk: region for region in Region.objects.within(programme.region.code)},
        departments=Department.objects.select_related("region").in_bulk,
        sources=Source.objects.in_bulk(),
    )
    return assemble_edition(
        programme=programme,
        quarter=quarter,
        results=list_results(programme=programme, quarter=quarter),
        beside=beside,
        as_of=find_newest_figure(programme=programme, quarter=quarter)[1],
    )


def assemble_edition(
    *,
    programme: Programme,
    quarter: Quarter,
    results: QuerySet[Any],
    beside: Beside,
    as_of: datetime,
    columns: tuple[str, ...] = COLUMNS,
    publication: Publication | None = None,
    earlier: Publication | None = None,
) -> Edition:
    """Return the edition of ordered results and what stands beside them; NoResults where there are none."""
    facts = results.aggregate(
        rows=Count("allocation__pk"),
        reds=Count("allocation__pk", filter=Q(rating=Rating.RED)),
        unreported=Count("allocation__pk", filter=Q(gap=Gap.NOT_REPORTED)),
        rule=Max("rule_version"),
        newest=Max("inputs_revision"),
    )
    if not facts["rows"]:
        raise NoResults(
            _("Quarter: there are no results for %(quarter)s yet; wait for the recompute.") % {"quarter": quarter}
        )
    fields = ("region_id", "department_id", "domain", "is_demonstration", columns[-1])
    keys = set(results.order_by().values_list(*fields).distinct())
    margins = [epoch for epoch in beside.epochs if epoch.since <= quarter.ordinal][-1].margins
    return Edition(
        programme=programme,
        quarter=quarter,
        rows=facts["rows"],
        reds=facts["reds"],
        unreported=facts["unreported"],
        domains=[domain for domain in DOMAIN_CODES if domain in {key[2] for key in keys}],
        as_of=as_of,
        inputs_revision=facts["newest"] or 0,
        rule_version=facts["rule"] or 0,
        has_demonstration=any(key[3] or key[4] for key in keys),
        due_on=beside.due_on,
        margins=margins,
        thresholds=beside.thresholds,
        targets=_describe_targets(beside, margins),
        regions={region.pk: region for region in _list_regions(programme, beside.regions, {key[0] for key in keys})},
        own_regions=frozenset(key[0] for key in keys),
        departments=beside.departments({key[1] for key in keys}),
        results=results,
        sources=beside.sources,
        columns=columns,
        publication=publication,
        earlier=earlier,
    )


def list_results(*, programme: Programme, quarter: Quarter) -> QuerySet[Attainment]:
    """Return the stored results of one quarter, by region in customary order and target in document order."""
    rows = Attainment.objects.filter(programme=programme, quarter=quarter)
    return rows.order_by("region__position", "region__code", "target__position", "allocation_id")


def stream_results(edition: Edition) -> Iterator[Result]:
    """Yield the results, a chunk at a time, never all at once."""
    rows = edition.results.values_list(*edition.columns)
    return map(Result._make, rows.iterator(chunk_size=CHUNK))


def _check_quarter(programme: Programme, quarter: Quarter) -> None:
    first, last = programme.first_quarter, programme.last_quarter
    if not first <= quarter <= last:
        names = {"quarter": quarter, "first": first, "last": last}
        raise Invalid(_("Quarter: %(quarter)s lies outside the programme, %(first)s to %(last)s.") % names)
    opened = [each for each in list_opened_quarters(programme) if first <= each <= last]
    if not opened:
        raise Invalid(_("Quarter: none of this programme has opened yet."))
    if quarter not in opened:
        names = {"quarter": quarter, "newest": opened[-1]}
        raise Invalid(_("Quarter: %(quarter)s has not opened yet; the newest open one is %(newest)s.") % names)


def _list_regions(programme: Programme, regions: dict[int, Region], wanted: set[int]) -> list[Region]:
    """Return the regions with results, and those between them and the programme's own."""
    kept: set[int] = {programme.region_id}
    for key in wanted:
        region: Region | None = regions.get(key)
        while region is not None and region.pk not in kept:
            kept.add(region.pk)
            region = regions.get(region.parent_id or 0)
    return sorted((regions[key] for key in kept if key in regions), key=lambda region: (region.position, region.code))


def _describe_targets(beside: Beside, margins: Margins) -> dict[int, TargetFacts]:
    targets = beside.targets
    units = [MULTIPLIERS.get(target.indicator.unit_zh, 1.0) for target in targets]
    columns = TargetColumns.of(
        len(targets),
        level=0.0,
        first_quarter=0,
        due_quarter=0,
        scale=[target.indicator.scale for target in targets],
        multiplier=units,
        margin_kind=[target.margin_kind or 0 for target in targets],
        margin=[_own_margin(target) for target in targets],
    )
    kinds, sizes, defaults = margins_of(columns, margins)
    units_by_role = beside.responsible
    return {
        target.pk: TargetFacts(
            target=target,
            multiplier=units[row],
            margin_kind=MarginKind(int(kinds[row])),
            margin_size=float(sizes[row]),
            is_margin_default=bool(defaults[row]),
            lead="、".join(units_by_role.get((target.pk, Responsibility.LEAD), ())),
            supporting=tuple(units_by_role.get((target.pk, Responsibility.SUPPORTING), ())),
        )
        for row, target in enumerate(targets)
    }


def _own_margin(target: Target) -> float:
    """Return the target's own margin as the engine wants it: NaN for the default, 0 where nothing is amber."""
    if target.margin_kind is None:
        return float(np.nan)
    return float(target.margin or 0)


def _load_responsible(programme: Programme) -> dict[tuple[int, str], list[str]]:
    rows = TargetDepartment.objects.filter(target__programme=programme).order_by("target", "position")
    found: dict[tuple[int, str], list[str]] = {}
    for target_id, role, name in rows.values_list("target_id", "responsibility", "department__name_zh"):
        found.setdefault((target_id, role), []).append(name)
    return found
