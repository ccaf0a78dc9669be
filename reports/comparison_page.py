"""The page of a comparison: how many differ, and a page of those that do, each with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.core.paginator import Page, Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from numpy.typing import NDArray

from indicators.bounds import write_expected, write_value
from indicators.marks import Mark, mark_result
from qscounty.web.formats import format_ratio
from qscounty.web.tables import find_page
from reports.comparison import (
    ALONE,
    BETTER,
    ORDER,
    OTHER,
    SAME,
    TURNED,
    WORSE,
    Ints,
    find_reasons,
    judge,
    write_comparison,
)
from reports.comparison_reasons import Revisions, explain, load_revisions
from reports.comparison_sides import Side, load_sides
from reports.matching import NOBODY, Places, Results, match
from reports.pickers import Choice, encode_address, list_kept
from reports.selectors import list_results

KIND = "kind"
"""The key of the address that shows one kind of difference alone."""

KIND_NAMES: dict[str, Promise] = {
    WORSE: pgettext_lazy("difference", "Worse"),
    BETTER: pgettext_lazy("difference", "Better"),
    TURNED: pgettext_lazy("difference", "Another status"),
    OTHER: pgettext_lazy("difference", "Same rating, other numbers"),
    ALONE: pgettext_lazy("difference", "On one side only"),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One side of a row."""

    measured: str
    expected: str
    ratio: str
    mark: Mark
    url: str


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One target on both sides; None where a side has no counterpart. `kind` in words, `reasons` one by one."""

    name: str
    place: str
    kind: str | Promise
    before: Value | None
    after: Value | None
    reasons: list[str]

    @property
    def values(self) -> tuple[Value | None, Value | None]:
        """Both sides in their order."""
        return self.before, self.after


@dataclass(frozen=True, slots=True)
class Pages:
    """What the links between pages need."""

    page: "Page[Any]"
    prefixed_page_field: str = "page"

    @property
    def paginator(self) -> "Paginator[Any]":
        """How many pages there are."""
        return self.page.paginator


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that the page shows below its fields. `kinds` are links, none where all differ in one way."""

    lede: str
    before: Side
    after: Side
    rows: list[ComparisonRow]
    kinds: list[Choice]
    pages: Pages


def make_comparison(request: HttpRequest, before: Side, after: Side) -> Comparison:
    """Return what differs between two sides; twelve queries at most, however much there is."""
    pairs = find_pairs(before, after)
    counts = {kind: int((pairs.kind == kind).sum()) for kind in (*ORDER, SAME)}
    chosen = request.GET.get(KIND, "")
    kinds = (chosen,) if counts.get(chosen) and chosen != SAME else ORDER
    shown = find_page(pairs.list_in_order(kinds), request.GET.get("page", 1))
    return Comparison(
        lede=write_comparison(counts),
        before=before,
        after=after,
        rows=_make_rows(before, after, pairs, list(shown)),
        kinds=_list_kinds(request, after, counts, chosen=kinds),
        pages=Pages(shown),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Every result of both sides with its counterpart: places in `old` and `new`, and what differs; shapes (n,)."""

    old: Results
    new: Results
    left: Places
    right: Places
    kind: NDArray[np.str_]

    def list_in_order(self, kinds: Sequence[str]) -> list[int]:
        """Return the pairs of these kinds: kind by kind, then as lists go, by what there is of the later side."""
        rank = np.full(len(self.kind), len(kinds))
        for number, kind in enumerate(kinds):
            rank[self.kind == kind] = number
        keys = [self._tell("allocation"), self._tell("order"), rank]
        ordered: list[int] = np.lexsort(keys)[: int((rank < len(kinds)).sum())].tolist()
        return ordered

    def _tell(self, name: str) -> Ints:
        told = np.zeros(len(self.kind), dtype=np.int64)
        for side, places in ((self.old, self.left), (self.new, self.right)):
            there = places != NOBODY
            told[there] = getattr(side, name)[places[there]]
        return told

    def list_reason_keys(self, shown: Sequence[int]) -> dict[int, list[str]]:
        """Return the keys of `REASONS` that hold of each of these pairs; no entry for a result that stands alone."""
        both = [pair for pair in shown if NOBODY not in (self.left[pair], self.right[pair])]
        sides = self.old.facts.take(self.left[both]), self.new.facts.take(self.right[both])
        found = find_reasons(*sides)
        return {pair: [key for key in found if found[key][place]] for place, pair in enumerate(both)}

    def name(self, pair: int) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """Return region and allocation of both sides of a pair, None for the side that it has not."""
        left, right = (
            None if place == NOBODY else (int(side.region[place]), int(side.allocation[place]))
            for side, place in ((self.old, self.left[pair]), (self.new, self.right[pair]))
        )
        return left, right


def find_pairs(before: Side, after: Side) -> Pairs:
    """Return every result of both sides with its counterpart, and what differs; four queries at most."""
    old, new = load_sides(before, after)
    left, right = match(old, new)
    kinds = np.full(len(left), ALONE, dtype="U6")
    both = (left != NOBODY) & (right != NOBODY)
    kinds[both] = judge(old.facts.take(left[both]), new.facts.take(right[both]))
    return Pairs(old=old, new=new, left=left, right=right, kind=kinds)


def _list_kinds(request: HttpRequest, side: Side, counts: Mapping[str, int], *, chosen: Sequence[str]) -> list[Choice]:
    present = [kind for kind in ORDER if counts[kind]]
    if len(present) < 2:
        return []
    kept = {key: value for key, value in list_kept(side.page, request).items() if key != KIND}
    words = [("", pgettext("difference", "All differences"), sum(counts[kind] for kind in present))]
    words += [(kind, str(KIND_NAMES[kind]), counts[kind]) for kind in present]
    shown = chosen[0] if len(chosen) == 1 else ""
    return [
        Choice(
            f"{name} {count}", f"{request.path}?{encode_address(kept | ({KIND: kind} if kind else {}))}", kind == shown
        )
        for kind, name, count in words
    ]


def _make_rows(before: Side, after: Side, pairs: Pairs, shown: list[int]) -> list[ComparisonRow]:
    """Return the rows of one page; what they show is loaded for them alone, eight queries at most."""
    named = [pairs.name(pair) for pair in shown]
    old, new = _load(before, [was for was, _now in named]), _load(after, [now for _was, now in named])
    live = [one for side, found in ((before, old), (after, new)) if side.is_live for one in found.values()]
    # Both sides mostly name the same: each is loaded once.
    prefetch_related_objects(live, "target__indicator", "region", "department", "allocation")
    revisions = load_revisions([*old.values(), *new.values()])
    reasons = pairs.list_reason_keys(shown)
    return [
        _make_row(before, after, str(pairs.kind[pair]), old.get(was), new.get(now), revisions, reasons.get(pair, []))
        for pair, (was, now) in zip(shown, named, strict=True)
    ]


def _load(side: Side, wanted: list[tuple[int, int] | None]) -> dict[tuple[int, int] | None, Any]:
    keys = [one for one in wanted if one is not None]
    results = list_results(side.page).filter(
        region__in={region for region, _allocation in keys}, allocation__in={allocation for _region, allocation in keys}
    )
    if side.is_live:
        results = results.select_related(None)
    return {(result.region_id, result.allocation_id): result for result in results.order_by()}


def _make_row(
    before: Side, after: Side, kind: str, old: Any, new: Any, revisions: Revisions, keys: Sequence[str]
) -> ComparisonRow:
    known = new or old
    one_place = before.region is not None and after.region is not None
    place = known.department.short_name if one_place else f"{known.region.name} · {known.department.short_name}"
    if old and new:
        reasons = explain(old, new, revisions, keys)
    else:
        lacking = before if old is None else after
        reasons = [_("No counterpart in %(side)s.") % {"side": lacking.name}]
    return ComparisonRow(
        name=known.target.indicator.name,
        place=place,
        kind=KIND_NAMES[kind],
        before=_show(before, old),
        after=_show(after, new),
        reasons=reasons,
    )


def _show(side: Side, result: Any) -> Value | None:
    if result is None:
        return None
    return Value(
        measured=write_value(result.measured, result.target),
        expected=write_expected(result),
        ratio=format_ratio(result.ratio),
        mark=mark_result(result.rating, result.gap),
        url=side.page.link("reports:target", result.allocation_id),
    )
