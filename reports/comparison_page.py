"""The page of a comparison: how many differ, and a page of those that do, each with the reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from indicators.engine.period import Quarter
from indicators.marks import Mark, mark_result
from indicators.models import ApprovedFigure
from qscounty.web.formats import format_quarter, format_ratio
from qscounty.web.tables import ROWS_A_PAGE, ForgivingPaginator
from reports.bounds import write_bound, write_difference, write_expected, write_value
from reports.comparison import (
    ALONE,
    BETTER,
    EXPECTED,
    FIGURE,
    LEVEL,
    MARGIN,
    ORDER,
    OTHER,
    REASONS,
    RULE,
    SAME,
    TURNED,
    VERSION,
    WORSE,
    find_reasons,
    judge,
    write_comparison,
)
from reports.comparison_sides import Side, list_pairs
from reports.matching import Pair, Result
from reports.pickers import Choice, encode_address, list_kept
from reports.selectors import list_results

KIND = "kind"
"""The key of the address that shows one kind of difference alone."""

KIND_NAMES: dict[str, Promise] = {
    WORSE: pgettext_lazy("difference", "Worse"),
    BETTER: pgettext_lazy("difference", "Better"),
    TURNED: pgettext_lazy("difference", "Newly or no longer rated"),
    OTHER: pgettext_lazy("difference", "Same rating, other numbers"),
    ALONE: pgettext_lazy("difference", "On one side only"),
}

Revisions = Mapping[tuple[int, int], Sequence[tuple[int, int]]]
"""By series and quarter (its ordinal): id and revision of every approved figure, oldest first."""


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


@dataclass(frozen=True, slots=True)
class Pages:
    """What the links between pages need."""

    page: "Page[Any]"
    paginator: "Paginator[Any]"
    prefixed_page_field: str = "page"


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
    """Return what differs between two sides; seven queries at most, however much there is."""
    found: dict[str, list[Pair]] = {kind: [] for kind in (*ORDER, SAME)}
    for pair in list_pairs(before, after):
        found[judge(*pair)].append(pair)
    counts = {kind: len(pairs) for kind, pairs in found.items()}
    chosen = request.GET.get(KIND, "")
    kinds = (chosen,) if counts.get(chosen) and chosen != SAME else ORDER
    differing = [(kind, pair) for kind in kinds for pair in sorted(found[kind], key=_order)]
    paginator = ForgivingPaginator(differing, ROWS_A_PAGE)
    shown = paginator.get_page(paginator.validate_number(request.GET.get("page", 1)))
    return Comparison(
        lede=write_comparison(counts),
        before=before,
        after=after,
        rows=_make_rows(before, after, list(shown)),
        kinds=_list_kinds(request, after, counts, chosen=kinds),
        pages=Pages(shown, paginator),
    )


def _order(pair: Pair) -> tuple[int, int]:
    known = pair[1] or pair[0]
    assert known is not None  # noqa: S101  every pair has a side
    return known.order, known.allocation_id


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


def _make_rows(before: Side, after: Side, shown: list[tuple[str, Pair]]) -> list[ComparisonRow]:
    """Return the rows of one page; what they show is loaded for them alone, three queries."""
    old = _load(before, [pair[0] for _kind, pair in shown])
    new = _load(after, [pair[1] for _kind, pair in shown])
    revisions = load_revisions([*old.values(), *new.values()])
    rows = []
    for kind, pair in shown:
        was, now = (known.get(one.allocation_id) if one else None for one, known in zip(pair, (old, new), strict=True))
        rows.append(_make_row(before, after, kind, was, now, revisions))
    return rows


def _load(side: Side, wanted: list[Result | None]) -> dict[int, Any]:
    keys = [one for one in wanted if one is not None]
    results = list_results(side.page).filter(
        region__in={one.region_id for one in keys}, allocation__in={one.allocation_id for one in keys}
    )
    if side.page.publication is None:
        results = results.select_related(None).select_related("target__indicator", "region", "department", "allocation")
    return {result.allocation_id: result for result in results.order_by()}


def _make_row(before: Side, after: Side, kind: str, old: Any, new: Any, revisions: Revisions) -> ComparisonRow:
    known = new or old
    one_place = before.region is not None and after.region is not None
    place = known.department.short_name if one_place else f"{known.region.name} · {known.department.short_name}"
    if old and new:
        reasons = explain(old, new, revisions)
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


def explain(old: Any, new: Any, revisions: Revisions) -> list[str]:
    """Return why two results differ, each reason with what it was and is: “new figure: 95% → 92% (revision 2)”."""
    told = []
    for reason in find_reasons(old, new):
        words = {"why": str(REASONS[reason])}
        if reason in _TOLD:
            was, now = (_TOLD[reason](result) for result in (old, new))
            words |= {"before": was, "after": now + (_write_revision(new, revisions) if reason == FIGURE else "")}
            told.append(_("%(why)s: %(before)s → %(after)s") % words)
        else:
            told.append(words["why"])
    return told


_TOLD = {
    FIGURE: lambda result: write_value(result.measured, result.target),
    VERSION: lambda result: str(result.target.version),
    LEVEL: lambda result: write_bound(result.target, result.level, result.level_hi),
    EXPECTED: lambda result: write_expected(result),
    MARGIN: lambda result: write_difference(result.margin, result.target),
    RULE: lambda result: str(result.rule_version),
}


def _write_revision(result: Any, revisions: Revisions) -> str:
    """Return which figure is the newest of those that a result was made from; empty where none is known."""
    known = [
        (pk, ordinal, revision)
        for ordinal in range(result.window_start.ordinal, result.quarter.ordinal + 1)
        for pk, revision in revisions.get((_series_of(result), ordinal), ())
        if pk <= result.inputs_revision
    ]
    if not known:
        return ""
    _pk, ordinal, revision = max(known)
    quarter = Quarter(ordinal)
    words = {"quarter": format_quarter(quarter.year, quarter.number), "revision": revision}
    return _(" (%(quarter)s, revision %(revision)d)") % words


def load_revisions(results: Iterable[Any]) -> Revisions:
    """Return the revisions of every figure in the windows of the results; one query, none for nothing."""
    results = list(results)
    if not results:
        return {}
    quarters = min(one.window_start for one in results), max(one.quarter for one in results)
    figures = ApprovedFigure.objects.filter(series__in={_series_of(one) for one in results}, quarter__range=quarters)
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for series, quarter, pk, revision in figures.order_by("pk").values_list("series_id", "quarter", "pk", "revision"):
        found.setdefault((series, quarter.ordinal), []).append((pk, revision))
    return found


def _series_of(result: Any) -> int:
    """Return the series; a frozen result names it itself."""
    series: int = result.series_id if hasattr(result, "series_id") else result.allocation.series_id
    return series
