"""The differences between two editions of a quarter, or one and now, by line: figure, target, threshold, rating."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from indicators.bounds import write_bound, write_difference, write_expected, write_value
from indicators.marks import mark_result
from qscounty.web.formats import ABSENT, format_number
from qscounty.web.sentences import join_words
from reports.catalogue_copies import CatalogueCopy
from reports.changes import FIGURE, RATING, TARGET, THRESHOLD, find_changed
from reports.comparison import list_reasons
from reports.reasons import write_fraction


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is told differently: what, and how on either side."""

    what: str | Promise
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One result: whose it is, why it differs, and everything that is told differently about it.

    Read within the person's scope. `reasons` is empty where only one side has the result.
    """

    name: str
    place: str
    clause: str
    allocation_id: int
    reasons: str
    changes: list[Change]


Writer = Callable[[Any], str]


def list_differences(
    before: QuerySet[Any], after: QuerySet[Any], *, old: CatalogueCopy, new: CatalogueCopy
) -> list[DifferenceLine]:
    """Return a line for every result that differs, in the order of the workbook; five queries at most.

    `old` and `new` are the catalogues that the two sides were published with: each side is written in its own words.
    """
    changed = find_changed(before, after)
    left, right = _load(before, changed, old), _load(after, changed, new)
    lines = []
    for key in changed:
        sides = left.get(key), right.get(key)
        shown = sides[1] or sides[0]
        lines.append((_order(shown), _make_line(shown, sides)))
    return [line for _key, line in sorted(lines, key=lambda pair: pair[0])]


def _load(results: QuerySet[Any], keys: list[int], copy: CatalogueCopy) -> dict[int, Any]:
    found = {}
    for result in results.filter(allocation__in=keys):
        result.target = copy.targets[result.target_id]
        result.region, result.department = copy.regions[result.region_id], copy.departments[result.department_id]
        found[result.allocation_id] = result
    return found


def _order(result: Any) -> tuple[Any, ...]:
    return result.region.position, result.region.code, result.target.position, result.allocation_id


def _make_line(shown: Any, sides: tuple[Any, Any]) -> DifferenceLine:
    return DifferenceLine(
        name=shown.target.indicator.name,
        place=f"{shown.region.name} · {shown.department.short_name}",
        clause=shown.target.clause.number,
        allocation_id=shown.allocation_id,
        reasons=join_words(list_reasons(*sides)) if None not in sides else "",
        changes=list(_list_changes(*sides)),
    )


def _list_changes(before: Any, after: Any) -> list[Change]:
    if before is None or after is None:
        absent = pgettext("difference", "not in this edition")
        sides = [absent if side is None else _write_rating(side) for side in (before, after)]
        return [Change(pgettext("difference", "Result"), *sides)]
    return [
        Change(what, write(before), write(after))
        for what, names, write in _WHAT
        if any(getattr(before, name) != getattr(after, name) for name in names)
    ]


def _write_figure(result: Any) -> str:
    fraction = write_fraction(result)
    value = write_value(result.measured, result.target)
    return f"{value} ({fraction})" if fraction and result.measured is not None else fraction or value


def _write_target(result: Any) -> str:
    bound = write_bound(result.target, result.level, result.level_hi)
    words = {"bound": bound, "expected": write_expected(result) if result.expected is not None else ABSENT}
    words["weight"] = format_number(result.weight)
    return pgettext("difference", "%(bound)s, expected %(expected)s, weight %(weight)s") % words


def _write_threshold(result: Any) -> str:
    return ABSENT if result.margin is None else write_difference(result.margin, result.target)


def _write_rating(result: Any) -> str:
    mark = mark_result(result.rating, result.gap)
    ratio = ABSENT if result.ratio is None else f"{format_number(100 * result.ratio, 2)}%"
    return pgettext("difference", "%(rating)s, attainment %(ratio)s") % {"rating": mark.word, "ratio": ratio}


_WHAT: tuple[tuple[Promise, tuple[str, ...], Writer], ...] = (
    (pgettext_lazy("difference", "Figure"), FIGURE, _write_figure),
    (pgettext_lazy("difference", "Target"), TARGET, _write_target),
    (pgettext_lazy("difference", "Threshold"), THRESHOLD, _write_threshold),
    (pgettext_lazy("difference", "Rating"), RATING, _write_rating),
)
