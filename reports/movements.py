"""What changed since the quarter before: which results came to a better or a worse rating, and how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.engine.period import Quarter
from indicators.engine.target import Rating
from indicators.marks import Mark, mark_result
from qscounty.web.formats import is_chinese
from reports.cells import Cell
from reports.scopes import PageContext
from reports.selectors import list_results
from reports.sources import results_of

_RANKS = {Rating.RED: 0, Rating.AMBER: 1, Rating.GREEN: 2}


@dataclass(frozen=True, slots=True)
class Movement:
    """One result that came to another rating."""

    name: str
    url: str
    place: str
    before: Mark
    after: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Movements:
    """How many results moved which way, and the first of each; both quarters rated them, or they do not count.

    `fresh` are rated now and were not in the quarter before, `lost` the other way round.
    """

    better: int = 0
    worse: int = 0
    same: int = 0
    fresh: int = 0
    lost: int = 0
    worst: Sequence[Movement] = ()
    best: Sequence[Movement] = ()

    @property
    def compared(self) -> int:
        """Number of results that both quarters rate."""
        return self.better + self.worse + self.same


def find_movements(page: PageContext, count: int, *, since: Quarter | None = None) -> Movements:
    """Return what moved since the quarter before or `since`, `count` lines each way at most; three queries."""
    rows = _rank_twice(page, since or page.quarter_before)
    counts = {"better": 0, "worse": 0, "same": 0, "fresh": 0, "lost": 0}
    pairs = rows.order_by().values_list("before_rank", "after_rank").annotate(count=Count("allocation"))
    for before, after, number in pairs:
        kind = _judge(before, after)
        if kind:
            counts[kind] += number
    fell = rows.filter(after_rank__lt=F("before_rank")).order_by("after_rank", "-before_rank", *_ORDER)
    rose = rows.filter(after_rank__gt=F("before_rank")).order_by("-after_rank", "before_rank", *_ORDER)
    return Movements(
        **counts,
        worst=[_show(page, row) for row in fell[:count]] if counts["worse"] else (),
        best=[_show(page, row) for row in rose[:count]] if counts["better"] else (),
    )


def _rank_twice(page: PageContext, since: Quarter) -> QuerySet[Any]:
    """Return the quarter's results with the ranks of both ratings (higher is better, null is none)."""
    before = results_of(page).filter(quarter=since, region=OuterRef("region"), allocation=OuterRef("allocation"))
    rows = list_results(page).annotate(rating_before=Subquery(before.order_by().values("rating")[:1]))
    return rows.annotate(before_rank=_rank_of("rating_before"), after_rank=_rank_of("rating"))


def _rank_of(name: str) -> Case:
    whens = [When(**{name: rating.value}, then=Value(rank)) for rating, rank in _RANKS.items()]
    return Case(*whens, default=None, output_field=IntegerField())


_ORDER = ("ratio", "target__position", "region__position", "allocation")


def _judge(before: int | None, after: int | None) -> str:
    if before is None or after is None:
        return "" if before is after else "fresh" if before is None else "lost"
    return "same" if before == after else "better" if after > before else "worse"


def _show(page: PageContext, result: Any) -> Movement:
    parts = [result.region.name] if result.region_id != page.root.pk else []
    return Movement(
        name=result.target.indicator.name,
        url=page.link("reports:target", result.allocation_id),
        place=" · ".join([*parts, result.department.short_name]),
        before=mark_result(result.rating_before, 0),
        after=mark_result(result.rating, result.gap),
    )


def write_movements(moved: Movements, *, cell: Cell) -> str:
    """Return how many became better or worse, and how many are rated for the first time, as one sentence."""
    if not cell.rated and not moved.lost:
        return _("Nothing is rated this quarter, so nothing can be compared.")
    if not moved.compared and not moved.lost:
        return _("Nothing was rated in the quarter before; there is nothing to compare with.")
    parts = []
    if moved.worse:
        parts.append(ngettext("[[%(n)d became worse]]", "[[%(n)d became worse]]", moved.worse) % {"n": moved.worse})
    if moved.better:
        parts.append(ngettext("%(n)d became better", "%(n)d became better", moved.better) % {"n": moved.better})
    if not parts and moved.compared:
        parts.append(_("no rating changed"))
    elif moved.same:
        parts.append(ngettext("%(n)d stayed as it was", "%(n)d stayed as they were", moved.same) % {"n": moved.same})
    if moved.fresh:
        parts.append(ngettext("%(n)d is newly rated", "%(n)d are newly rated", moved.fresh) % {"n": moved.fresh})
    if moved.lost:
        parts.append(ngettext("%(n)d is no longer rated", "%(n)d are no longer rated", moved.lost) % {"n": moved.lost})
    return _finish(parts)


def _finish(parts: Sequence[str]) -> str:
    if is_chinese():
        return "，".join(parts) + "。"
    text = ", ".join(parts) + "."
    return text if text.startswith("[[") else text[:1].upper() + text[1:]
