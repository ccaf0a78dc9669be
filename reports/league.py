"""The league of regions: places with ties, who has too little reported, tiles, and each region's quarters."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from departments.models import Region
from departments.models.region import Level
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.labels import DOMAINS
from indicators.marks import Mark
from qscounty.web.formats import Change, compare, format_number, format_quarter, format_share
from qscounty.web.sentences import join_sentences
from reports.cells import EMPTY, Cell, make_cells
from reports.places import Place, rank
from reports.scopes import PageContext
from reports.selectors import list_last_quarters, list_result_regions, list_rollups
from reports.sources import thresholds_for
from reports.tiles import place_tiles

TREND_SAID = 3
"""A line of fewer quarters says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeagueRow:
    """One region. `place` None: too little is reported to rank it."""

    region: Region
    url: str
    cell: Cell
    place: Place | None
    score: str
    coverage: str
    change: Change | None
    trend: list[float | None]
    trend_label: str
    style: str

    @property
    def mark(self) -> Mark:
        """The cell's mark."""
        return self.cell.mark


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a choice."""

    text: str
    url: str
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class League:
    """Everything that the page shows; `tiles` are the same rows in customary order."""

    lede: str
    rows: list[LeagueRow]
    tiles: list[LeagueRow]
    levels: list[Choice]
    domains: list[Choice]

    @property
    def has_trends(self) -> bool:
        """Whether any region has quarters enough for a line."""
        return any(row.trend_label for row in self.tiles)


def make_league(page: PageContext, *, level: str, domain: Domain | None) -> League:
    """Return the league of one level of regions; four queries, whatever their number."""
    everywhere = [region for region in list_result_regions(page) if region.pk != page.root.pk]
    level = choose_level(everywhere, level)
    regions = [region for region in everywhere if region.level == level]
    tiles = _make_rows(page, regions, domain)
    ranked = sorted((row for row in tiles if row.place), key=lambda row: row.place.number if row.place else 0)
    return League(
        lede=write_league(ranked, count=len(tiles), idle=sum(not row.cell.due for row in tiles)),
        rows=ranked + [row for row in tiles if row.place is None],
        tiles=tiles,
        levels=_list_levels(page, everywhere, level, domain),
        domains=_list_domains(page, level, domain),
    )


def choose_level(regions: list[Region], level: str) -> str:
    """Return the level asked for if regions of it have results, else the one with most regions."""
    counts = {known: sum(region.level == known for region in regions) for known in Level.values}
    return level if counts.get(level) else max(counts, key=lambda known: counts[known])


def _make_rows(page: PageContext, regions: list[Region], domain: Domain | None) -> list[LeagueRow]:
    trend = list_last_quarters(page.quarter)
    thresholds = thresholds_for(page)
    rows = list_rollups(page, quarters=trend, regions=[region.pk for region in regions]).filter(domain=domain or 0)
    cells = make_cells(list(rows) if regions else [], lambda row: (row.region_id, row.quarter), thresholds=thresholds)
    now = {region.pk: cells.get((region.pk, page.quarter), EMPTY) for region in regions}
    scores = {pk: cell.score for pk, cell in now.items() if cell.is_rated and cell.score is not None}
    places, tiles = rank(scores), place_tiles(regions)
    return [
        LeagueRow(
            region=region,
            url=page.link("reports:region", region.code),
            cell=now[region.pk],
            place=places.get(region.pk),
            score=format_number(scores.get(region.pk), 1),
            coverage=format_share(now[region.pk].reported, now[region.pk].due),
            change=_find_change(cells, region, page.quarter),
            trend=(line := [_score(cells.get((region.pk, quarter))) for quarter in trend]),
            trend_label=_label_trend(region, line, trend),
            style=f"grid-area: {tiles[region.pk].row} / {tiles[region.pk].column}",
        )
        for region in regions
    ]


def _score(cell: Cell | None) -> float | None:
    return cell.score if cell is not None and cell.is_rated else None


def _find_change(cells: Mapping[tuple[int, Quarter], Cell], region: Region, quarter: Quarter) -> Change | None:
    return compare(_score(cells.get((region.pk, quarter))), _score(cells.get((region.pk, quarter - 1))))


def _label_trend(region: Region, line: list[float | None], quarters: list[Quarter]) -> str:
    """Return what a line of scores shows, for whoever cannot see it; empty where it shows nothing."""
    known = [(value, quarter) for value, quarter in zip(line, quarters, strict=True) if value is not None]
    if len(known) < TREND_SAID:
        return ""
    first, last = known[0], known[-1]
    return _("%(region)s: %(from)s in %(first)s, %(to)s in %(last)s") % {
        "region": region.name,
        "from": format_number(first[0], 1),
        "first": format_quarter(first[1].year, first[1].number),
        "to": format_number(last[0], 1),
        "last": format_quarter(last[1].year, last[1].number),
    }


def _list_levels(page: PageContext, regions: list[Region], level: str, domain: Domain | None) -> list[Choice]:
    kept = {"domain": domain.value} if domain else {}
    present = [known for known in Level if any(region.level == known for region in regions)]
    return [
        Choice(str(known.label), page.link("reports:league", level=known.value, **kept), known == level)
        for known in present
    ]


def _list_domains(page: PageContext, level: str, domain: Domain | None) -> list[Choice]:
    whole = Choice(_("All domains"), page.link("reports:league", level=level), domain is None)
    return [whole] + [
        Choice(str(DOMAINS[d.value]), page.link("reports:league", level=level, domain=d.value), d == domain)
        for d in Domain
    ]


def write_league(ranked: list[LeagueRow], *, count: int, idle: int = 0) -> str:
    """Return who is first and last, how many share the first place, and how many cannot be ranked.

    `idle` of the `count` regions have nothing due: of them nothing is missing, and they are not counted as left out.
    """
    if not count:
        return _("No region below has results for this quarter; there is nothing to rank.")
    if idle == count:
        return _("Nothing is due in the regions this quarter; there is nothing to rank.")
    left = count - idle - len(ranked)
    if not ranked and left == 1:
        return _("[[Too little]] is reported in the one region to rank it.")
    if not ranked:
        return _("[[Too little]] is reported in all %(count)d regions to rank any.") % {"count": left}
    rest = (
        ngettext(
            "In %(count)d region too little is reported to rank it.",
            "In %(count)d regions too little is reported to rank them.",
            left,
        )
        % {"count": left}
        if left
        else ""
    )
    return join_sentences([_write_ends(ranked), rest])


def _write_ends(ranked: list[LeagueRow]) -> str:
    best, worst = ranked[0], ranked[-1]
    words: dict[str, object] = {"count": len(ranked), "best": best.region.name, "most": best.score}
    words |= {"worst": worst.region.name, "least": worst.score}
    if len(ranked) == 1:
        return _("Only %(best)s can be ranked, with %(most)s.") % words
    if best.score == worst.score:
        return _("All %(count)d ranked regions share one place with %(most)s.") % words
    words["leaders"] = leaders = sum(row.place == best.place for row in ranked)
    if leaders > 1:
        text = _(
            "%(leaders)d of %(count)d ranked regions share first place with %(most)s; [[%(worst)s]] has %(least)s."
        )
        return text % words
    return _("Of %(count)d ranked regions %(best)s is first with %(most)s, [[%(worst)s]] last with %(least)s.") % words
