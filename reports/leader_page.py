"""The leader's page of a quarter: one sheet of paper that says how it stands, what is worst, and who has to act.

Everything on it comes from the sources, sentences and presenters of the other pages. What does not fit a sheet is
counted and linked, never left out unsaid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.bounds import write_value
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.models.attainment import Attainment
from qscounty.web.formats import ABSENT, Change, compare, format_number, format_quarter, format_ratio, format_share
from reports.cells import EMPTY, Cell, make_cells
from reports.charts import falls_back
from reports.movements import Movements, find_movements, write_movements
from reports.overview import list_domain_cards, write_sub
from reports.presenters import Card, KeyEntry, ResultLine, list_key, list_lines
from reports.scopes import PageContext
from reports.selectors import (
    find_explanations,
    list_department_rollups,
    list_departments,
    list_last_quarters,
    list_needing_attention,
    list_results,
    list_rollups,
)
from reports.sentences import write_calm, write_overview
from reports.sources import results_of, thresholds_for

WORST = 5
MOVED = 3
SILENT = 6


@dataclass(frozen=True, slots=True)
class Number:
    """One of the four numbers: what it is, the number, what stands beside it; `is_bad` sets it in red."""

    name: str
    value: str
    note: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class WorstLine:
    """A result that wants a leader's eye, with its last quarters."""

    line: ResultLine
    trend: list[float | None]
    trend_label: str
    change: str


@dataclass(frozen=True, slots=True)
class SilentDepartment:
    """A department with figures outstanding."""

    name: str
    url: str
    missing: str


@dataclass(frozen=True, kw_only=True)
class LeaderPage:
    """Everything that the page shows."""

    page: PageContext
    cell: Cell
    lede: str
    sub: str
    numbers: list[Number]
    key: list[KeyEntry]
    cards: list[Card]
    worst: list[WorstLine]
    movements: Movements
    moved: str
    silent: list[SilentDepartment]
    silence: str

    @property
    def calm(self) -> str:
        """What stands where nothing needs attention."""
        return write_calm(self.cell)


def make_leader_page(page: PageContext) -> LeaderPage:
    """Return the page of the quarter; eleven queries at most, whatever there is to show."""
    thresholds, trend = thresholds_for(page), list_last_quarters(page.quarter)
    rows = list(list_rollups(page, quarters=trend, regions=[page.root.pk]))
    cells = make_cells(rows, lambda row: (row.quarter, row.domain), thresholds=thresholds)
    now, before = cells.get((page.quarter, None), EMPTY), cells.get((page.quarter_before, None))
    domains = {domain: cells[page.quarter, domain] for domain in Domain if (page.quarter, domain) in cells}
    movements = find_movements(page, MOVED)
    silent, silence = list_silent(page)
    return LeaderPage(
        page=page,
        cell=now,
        lede=write_overview(now, domains=domains, before=before),
        sub=write_sub(page, now),
        numbers=list_numbers(now, before),
        key=list_key(page, now),
        cards=list_domain_cards(page, domains, cells=cells, trend=trend),
        worst=list_worst(page),
        movements=movements,
        moved=write_movements(movements, cell=now),
        silent=silent,
        silence=silence,
    )


def list_numbers(cell: Cell, before: Cell | None) -> list[Number]:
    """Return score, results on target, results behind and share reported; dashes where nothing is due."""
    score = cell.score if cell.is_rated else None
    change = compare(score, before.score) if before is not None and before.is_rated else None
    return [
        Number(
            _("Score"), format_number(score, 1), _write_change(change) if score is not None else _write_unscored(cell)
        ),
        Number(_("On target"), _count(cell.green, cell), _write_of_due(cell.green, cell)),
        Number(_("Behind"), _count(cell.red, cell), _write_risk(cell), is_bad=bool(cell.red)),
        Number(_("Reported"), format_share(cell.reported, cell.due), _write_missing(cell)),
    ]


def _count(number: int, cell: Cell) -> str:
    return format_number(number) if cell.due else ABSENT


def _write_change(change: Change | None) -> str:
    if change is None:
        return _("no score in the quarter before")
    if change.direction == "same":
        return _("as in the quarter before")
    return _("%(mark)s %(size)s on the quarter before") % {"mark": change.mark, "size": change.size}


def _write_unscored(cell: Cell) -> str:
    return _("too little is reported to score") if cell.due else _("nothing is due")


def _write_of_due(number: int, cell: Cell) -> str:
    if not cell.due:
        return _("nothing is due")
    return _("%(share)s of %(count)d due") % {"share": format_share(number, cell.due), "count": cell.due}


def _write_risk(cell: Cell) -> str:
    """Return how many will miss their date; where no outlook says so that is no comfort: the share behind instead."""
    if not cell.at_risk:
        return _write_of_due(cell.red, cell)
    words = ngettext("%(count)d likely to miss its date", "%(count)d likely to miss their date", cell.at_risk)
    return words % {"count": cell.at_risk}


def _write_missing(cell: Cell) -> str:
    if not cell.due:
        return _("nothing is due")
    if not cell.not_reported:
        return _("all figures are there")
    words = ngettext("%(count)d figure is missing", "%(count)d figures are missing", cell.not_reported)
    return words % {"count": cell.not_reported}


def list_worst(page: PageContext) -> list[WorstLine]:
    """Return what needs attention first, with whose it is and its last quarters; three queries at most."""
    results = list_needing_attention(list_results(page).select_related("allocation"), WORST)
    lines = list_lines(page, results, find_explanations(page, results))
    past = _find_past(page, results)
    return [
        _draw(result, line, [past.get((result.allocation_id, quarter.ordinal)) for quarter in _quarters(page)], page)
        for result, line in zip(results, lines, strict=True)
    ]


def _quarters(page: PageContext) -> list[Quarter]:
    return list_last_quarters(page.quarter)


Point = tuple[float | None, float | None]
"""Measured value and attainment ratio of one quarter."""


def _find_past(page: PageContext, results: Sequence[Attainment]) -> Mapping[tuple[int, int], Point]:
    """Return the last quarters of the results by (allocation id, quarter ordinal)."""
    if not results:
        return {}
    rows = results_of(page).filter(
        quarter__in=_quarters(page),
        region__in={result.region_id for result in results},
        allocation__in=[result.allocation_id for result in results],
    )
    found = rows.order_by().values_list("allocation_id", "quarter", "measured", "ratio")
    return {(allocation, quarter.ordinal): (measured, ratio) for allocation, quarter, measured, ratio in found}


def _draw(result: Attainment, line: ResultLine, past: Sequence[Point | None], page: PageContext) -> WorstLine:
    """Return the line with its trend: of the measured values, or of the ratios where those start again every year."""
    measured, ratios = ([point[place] if point else None for point in past] for place in (0, 1))
    of_ratio = falls_back(result.target)
    values = ratios if of_ratio else measured
    words = [format_ratio(value) if of_ratio else write_value(value, result.target) for value in values]
    change = compare(_percent(ratios[-1]), _percent(ratios[-2]))
    said = "" if change is None else _write_change(change)
    return WorstLine(line, values, _label(values, words, _quarters(page)), said)


def _percent(ratio: float | None) -> float | None:
    return None if ratio is None else ratio * 100


def _label(values: Sequence[float | None], words: Sequence[str], quarters: Sequence[Quarter]) -> str:
    """Return what a line shows, for whoever cannot see it; empty where there is no line."""
    known = [place for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return ""
    first, last = known[0], known[-1]
    return _("%(from)s in %(first)s, %(to)s in %(last)s") % {
        "from": words[first],
        "first": format_quarter(quarters[first].year, quarters[first].number),
        "to": words[last],
        "last": format_quarter(quarters[last].year, quarters[last].number),
    }


def list_silent(page: PageContext) -> tuple[list[SilentDepartment], str]:
    """Return who has figures outstanding, the most first, and the sentence about all of them; two queries."""
    rows = list(list_department_rollups(page, page.root).filter(domain=0))
    cells = make_cells(rows, lambda row: row.department_id)
    known = {department.pk: department for department in list_departments(page)}
    owing = sorted(
        (pk for pk, cell in cells.items() if cell.not_reported and pk in known), key=lambda pk: -cells[pk].not_reported
    )
    shown = [
        SilentDepartment(
            name=known[pk].short_name,
            url=page.link("reports:target-list", department=pk, rating="not_reported"),
            missing=_("%(missing)d of %(due)d missing") % {"missing": cells[pk].not_reported, "due": cells[pk].due},
        )
        for pk in owing[:SILENT]
    ]
    asked = sum(bool(cell.due) for cell in cells.values())
    return shown, write_silence(len(owing), asked=asked, shown=len(shown))


def write_silence(owing: int, *, asked: int, shown: int) -> str:
    """Return how many of the departments that were asked have figures outstanding."""
    if not asked:
        return _("No department has to report this quarter.")
    if not owing:
        if asked == 1:
            return _("The one department asked has reported everything.")
        return _("All %(asked)d departments asked have reported everything.") % {"asked": asked}
    text = _write_owing(owing, asked=asked)
    if owing <= shown:
        return _("%(text)s:") % {"text": text}
    return _("%(text)s; those with the most:") % {"text": text}


def _write_owing(owing: int, *, asked: int) -> str:
    if asked == 1:
        return _("The one department asked [[has figures outstanding]]")
    if owing == asked:
        return _("[[All %(asked)d]] departments asked have figures outstanding") % {"asked": asked}
    return ngettext(
        "[[%(owing)d]] of %(asked)d departments asked has figures outstanding",
        "[[%(owing)d]] of %(asked)d departments asked have figures outstanding",
        owing,
    ) % {"owing": owing, "asked": asked}
