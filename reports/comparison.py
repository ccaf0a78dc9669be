"""Two sides compared target by target: what became better or worse, and whether by a figure, a target or a rule.

A side is a programme, a quarter and one region. Within one programme targets are matched by themselves, between two by
their indicator.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from departments.models import Region
from indicators.engine.target import Gap, Rating
from indicators.marks import Mark, mark_result
from indicators.models.attainment import Attainment
from qscounty.web.formats import ABSENT, format_quarter, format_ratio
from qscounty.web.sentences import join_clauses, join_words
from reports.bounds import write_expected, write_value
from reports.scopes import PageContext
from reports.selectors import list_result_regions, list_results

BETTER, WORSE, TURNED, OTHER, SAME, ALONE = "better", "worse", "turned", "other", "same", "alone"
ORDER = (WORSE, BETTER, TURNED, OTHER, ALONE)
_RANKS = {Rating.RED: 0, Rating.AMBER: 1, Rating.GREEN: 2}


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared, with the regions among which one can choose; `region` None where nothing has a result."""

    page: PageContext
    regions: list[Region]
    region: Region | None

    @property
    def name(self) -> str:
        """The side in words, for the head of its column."""
        place = self.region.name if self.region else ABSENT
        quarter = format_quarter(self.page.quarter.year, self.page.quarter.number)
        return f"{self.page.programme.short_name} · {place} · {quarter}"


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
    """One target on both sides; None where a side has no such target."""

    name: str
    kind: str
    before: Value | None
    after: Value | None
    reasons: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Everything that the page shows."""

    lede: str
    before: Side
    after: Side
    rows: list[ComparisonRow]


def choose_side(page: PageContext, code: str) -> Side:
    """Return the side of the region with `code`; without one that of the first region with results; one query."""
    regions = list_result_regions(page)
    found = next((region for region in regions if region.code == code), None)
    return Side(page, regions, found or next(iter(regions), None))


def make_comparison(before: Side, after: Side) -> Comparison:
    """Return what differs between two sides; two queries beyond those that chose them."""
    is_same_programme = before.page.programme.pk == after.page.programme.pk
    old, new = (_load(side, by_target=is_same_programme) for side in (before, after))
    rows = [_make_row(before, after, old.get(key), new.get(key)) for key in {**new, **old}]
    counts = {kind: sum(row.kind == kind for row in rows) for kind in (*ORDER, SAME)}
    changed = [row for kind in ORDER for row in rows if row.kind == kind]
    return Comparison(lede=write_comparison(counts), before=before, after=after, rows=changed)


def _load(side: Side, *, by_target: bool) -> dict[str, Attainment]:
    """Return a region's own results by what matches them; of several the one with the lower rating."""
    if side.region is None:
        return {}
    results = list_results(side.page).filter(region=side.region.pk).order_by("-target__position", "-allocation_id")
    if side.page.publication is None:  # clause, region and department are not shown
        results = results.select_related(None).select_related("target__indicator")
    ordered = sorted(results, key=lambda result: -_RANKS.get(Rating(result.rating), 3))
    found = {_key(result, by_target=by_target): result for result in ordered}
    return dict(sorted(found.items(), key=lambda item: item[1].target.position))


def _key(result: Attainment, *, by_target: bool) -> str:
    """Return the code of the target, which its versions share, or of its indicator."""
    return result.target.code if by_target else result.target.indicator.code


def _make_row(before: Side, after: Side, old: Attainment | None, new: Attainment | None) -> ComparisonRow:
    known = new or old
    assert known is not None  # noqa: S101  every key comes from one of the two
    return ComparisonRow(
        name=known.target.indicator.name,
        kind=judge(old, new),
        before=_show(before, old),
        after=_show(after, new),
        reasons=join_words(list_reasons(old, new)) if old and new else "",
    )


def _show(side: Side, result: Attainment | None) -> Value | None:
    if result is None:
        return None
    return Value(
        measured=write_value(result.measured, result.target),
        expected=write_expected(result),
        ratio=format_ratio(result.ratio),
        mark=mark_result(result.rating, result.gap),
        url=side.page.link("reports:target", result.allocation_id),
    )


def judge(old: Attainment | None, new: Attainment | None) -> str:
    """Return whether the rating became better or worse, came or went, or something else changed, or nothing did."""
    if old is None or new is None:
        return ALONE
    before, after = (_RANKS.get(Rating(result.rating)) for result in (old, new))
    if before is None or after is None:
        if before is not None or after is not None or old.gap != new.gap:
            return TURNED
    elif before != after:
        return BETTER if after > before else WORSE
    return OTHER if list_reasons(old, new) else SAME


def list_reasons(old: Attainment, new: Attainment) -> list[str]:
    """Return why two results of one target differ: reporting, figure, level, expectation, rule."""
    expected = [(result.expected, result.expected_hi) for result in (old, new)]
    reported = [result.gap != Gap.NOT_REPORTED for result in (old, new)]
    told = [
        (pgettext("why", "now due"), old.gap == Gap.NOT_DUE != new.gap),
        (pgettext("why", "now reported"), reported == [False, True]),
        (pgettext("why", "no longer reported"), reported == [True, False]),
        (pgettext("why", "new figure"), old.measured != new.measured and all(reported)),
        (pgettext("why", "new version of the target"), old.target.version != new.target.version),
        (pgettext("why", "other level"), (old.level, old.level_hi) != (new.level, new.level_hi)),
        (pgettext("why", "other expectation"), expected[0] != expected[1] and None not in (old.expected, new.expected)),
        (pgettext("why", "other threshold"), expected[0] == expected[1] and _has_other_margin(old, new)),
        (pgettext("why", "new rule"), old.rule_version != new.rule_version),
    ]
    return [word for word, is_so in told if is_so]


def _has_other_margin(old: Attainment, new: Attainment) -> bool:
    return None not in (old.margin, new.margin) and old.margin != new.margin


def write_comparison(counts: Mapping[str, int]) -> str:
    """Return how many targets became better or worse, came to be rated, changed otherwise, stayed, or stand alone."""
    total = sum(counts.values())
    if not total:
        return _("Neither side has results; choose other quarters or regions.")
    if counts.get(SAME, 0) == total:
        return _("Nothing differs: all %(count)d targets stand the same on both sides.") % {"count": total}
    if counts.get(ALONE, 0) == total:
        return _("The two sides share no target; there is nothing to compare.")
    wordings: Iterable[tuple[str, str]] = (
        (WORSE, pgettext("compared", "[[%(count)d worse]]")),
        (BETTER, pgettext("compared", "%(count)d better")),
        (TURNED, pgettext("compared", "%(count)d newly or no longer rated")),
        (OTHER, pgettext("compared", "%(count)d with the same rating on other numbers")),
        (SAME, pgettext("compared", "%(count)d unchanged")),
        (ALONE, pgettext("compared", "%(count)d on one side only")),
    )
    parts = join_clauses([wording % {"count": counts[kind]} for kind, wording in wordings if counts.get(kind)])
    return ngettext("%(count)d target: %(parts)s.", "%(count)d targets: %(parts)s.", total) % {
        "count": total,
        "parts": parts,
    }
