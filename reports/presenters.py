"""Results and cells as pages show them: words and addresses made once, so that templates compute nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import pgettext

from indicators.bounds import write_bound
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Flag, Gap, Rating
from indicators.labels import DOMAINS, FLAGS, GAPS, RATINGS
from indicators.marks import GAP_SHAPES, SHAPES, Mark, mark_result
from indicators.models.attainment import Attainment
from qscounty.web.formats import (
    Change,
    compare,
    format_number,
    format_quarter,
    format_ratio,
    format_share,
)
from reports.cells import Cell
from reports.reasons import write_short_reason
from reports.scopes import PageContext


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One entry of the key under a bar: shape, word, count, and where these results are listed."""

    shape: str
    word: str | Promise
    count: int
    url: str


def list_key(page: PageContext, cell: Cell, **choice: object) -> list[KeyEntry]:
    """Return the key of a rating bar; colours always, gaps and flags where there are any."""
    colours = [(Rating.GREEN, cell.green), (Rating.AMBER, cell.amber), (Rating.RED, cell.red)]
    gaps = [
        (Gap.NOT_REPORTED, cell.not_reported),
        (Gap.NOT_COMPUTABLE, cell.not_computable),
        (Gap.AWAITING, cell.awaiting),
        (Gap.NOT_DUE, cell.not_due),
        (Gap.NOT_APPLICABLE, cell.not_applicable),
    ]

    def link(rating: str = "", flag: str = "") -> str:
        query = choice | ({"rating": rating} if rating else {}) | ({"flag": flag} if flag else {})
        return page.link("reports:target-list", **query)

    entries = [KeyEntry(SHAPES[r], RATINGS[r], count, link(rating=r.name.lower())) for r, count in colours]
    entries += [KeyEntry(GAP_SHAPES[g], GAPS[g], count, link(rating=g.name.lower())) for g, count in gaps if count]
    if cell.at_risk:
        entries.append(KeyEntry("⚑", FLAGS[Flag.AT_RISK], cell.at_risk, link(flag="at_risk")))
    return entries


@dataclass(frozen=True, slots=True)
class Card:
    """A cell as a card: name, mark, score, change, coverage."""

    name: str | Promise
    url: str
    cell: Cell
    score: str
    change: Change | None
    coverage: str
    trend: list[float | None]

    @property
    def mark(self) -> Mark:
        """The cell's mark."""
        return self.cell.mark

    @property
    def has_trend(self) -> bool:
        """Whether there are at least two quarters to draw a line through."""
        return self.cell.is_rated and sum(score is not None for score in self.trend) > 1


def make_card(
    name: str | Promise, *, url: str, cells: Mapping[Quarter, Cell], quarter: Quarter, trend: Sequence[Quarter]
) -> Card:
    """Return the card of one slice from its cells by quarter."""
    cell, before = cells.get(quarter, Cell()), cells.get(quarter - 1)
    return Card(
        name=name,
        url=url,
        cell=cell,
        score=format_number(cell.score if cell.is_rated else None, 1),
        change=compare(cell.score, before.score) if before and cell.is_rated and before.is_rated else None,
        coverage=format_share(cell.reported, cell.due),
        trend=[found.score if (found := cells.get(q)) and found.is_rated else None for q in trend],
    )


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A result in a list of what needs attention."""

    mark: Mark
    name: str
    url: str
    place: str
    reason: str
    explanation: str
    ratio: str
    flags: list[str | Promise]
    is_demonstration: bool


def list_lines(
    page: PageContext, results: Iterable[Attainment], explanations: Mapping[tuple[int, int], str]
) -> list[ResultLine]:
    """Return results as lines: whose it is, where it stands, why.

    Demonstration data is marked line by line only where other data stands among it; else the page says it once.
    """
    results = list(results)
    is_mixed = any(not result.is_demonstration for result in results if result.measured is not None)
    return [
        ResultLine(
            mark=mark_result(result.rating, result.gap),
            name=result.target.indicator.name,
            url=page.link("reports:target", result.allocation_id),
            place=write_place(result, with_region=result.region_id != page.root.pk),
            reason=write_short_reason(result),
            explanation=explanations.get((result.allocation.series_id, result.quarter.ordinal), ""),
            ratio=format_ratio(result.ratio),
            flags=list_flags(result),
            is_demonstration=result.is_demonstration and is_mixed,
        )
        for result in results
    ]


def write_place(result: Attainment, *, with_region: bool = True) -> str:
    """Return region, department, clause and bound of a result, parted by dots."""
    bound = write_bound(result.target, result.level, result.level_hi)
    parts = [result.department.short_name, result.target.clause.number, bound]
    return " · ".join(([result.region.name] if with_region else []) + parts)


def list_flags(result: Attainment) -> list[str | Promise]:
    """Return the words of the flags that stand beside the rating."""
    return [FLAGS[flag] for flag in Flag if flag in result.flag_set and flag in FLAGS]


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One quarter of a trend."""

    quarter: str
    cell: Cell
    score: str
    coverage: str
    is_now: bool
    ordinal_text: str


def list_trend(page: PageContext, cells: Mapping[Quarter, Cell], quarters: Sequence[Quarter]) -> list[TrendRow]:
    """Return the quarters in which anything was due, oldest first."""
    return [
        TrendRow(
            quarter=format_quarter(quarter.year, quarter.number),
            cell=cells[quarter],
            score=format_number(cells[quarter].score if cells[quarter].is_rated else None, 1),
            coverage=format_share(cells[quarter].reported, cells[quarter].due),
            is_now=quarter == page.quarter,
            ordinal_text=str(quarter),
        )
        for quarter in quarters
        if quarter in cells and cells[quarter].due
    ]


def name_domain(domain: Domain) -> str:
    """Return the domain's name in the language of the page."""
    return str(DOMAINS[domain.value])


def name_domain_on_card(domain: Domain) -> str:
    """Return the domain's name for the head of a card; English says it in one word there."""
    return {
        Domain.PRODUCT: pgettext("domain, card", "Product"),
        Domain.WORKS: pgettext("domain, card", "Works"),
        Domain.SERVICE: pgettext("domain, card", "Service"),
        Domain.ENVIRONMENT: pgettext("domain, card", "Environment"),
        Domain.FOUNDATION: pgettext("domain, card", "Foundation"),
    }[domain]


def name_domain_shortly(domain: Domain) -> str:
    """Return the domain's name for the head of a column."""
    return {
        Domain.PRODUCT: pgettext("domain, short", "Product"),
        Domain.WORKS: pgettext("domain, short", "Works"),
        Domain.SERVICE: pgettext("domain, short", "Service"),
        Domain.ENVIRONMENT: pgettext("domain, short", "Environment"),
        Domain.FOUNDATION: pgettext("domain, short", "Foundation"),
    }[domain]
