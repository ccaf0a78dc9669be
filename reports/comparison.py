"""Two results of one thing: which is better or worse, and whether by a figure, a target or a rule; and the sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy
from numpy.typing import NDArray

from indicators.engine.figures import Floats
from indicators.engine.target import Gap, Rating
from qscounty.web.sentences import join_clauses

BETTER, WORSE, TURNED, OTHER, SAME, ALONE = "better", "worse", "turned", "other", "same", "alone"
ORDER = (WORSE, BETTER, TURNED, OTHER, ALONE)
_RANK = np.full(max(Rating) + 1, -1)
_RANK[[Rating.RED, Rating.AMBER, Rating.GREEN]] = 0, 1, 2
"""By rating the higher the better; -1 where nothing is rated."""

Ints = NDArray[np.integer]


DUE, REPORTED, GONE, FIGURE = "due", "reported", "gone", "figure"
VERSION, LEVEL, EXPECTED, MARGIN, RULE = "version", "level", "expected", "margin", "rule"
REASONS: dict[str, Promise] = {
    DUE: pgettext_lazy("why", "now due"),
    REPORTED: pgettext_lazy("why", "now reported"),
    GONE: pgettext_lazy("why", "no longer reported"),
    FIGURE: pgettext_lazy("why", "new figure"),
    VERSION: pgettext_lazy("why", "new version of the target"),
    LEVEL: pgettext_lazy("why", "other level"),
    EXPECTED: pgettext_lazy("why", "other expectation"),
    MARGIN: pgettext_lazy("why", "other threshold"),
    RULE: pgettext_lazy("why", "new rule"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What of results decides whether they differ, as columns of shape (n,); NaN where there is none.

    Units and codes as in `Attainment`. `name` is a number that the versions of one target share, and no others;
    `version` is the target's.
    """

    rating: Ints
    gap: Ints
    measured: Floats
    expected: Floats
    expected_hi: Floats
    level: Floats
    level_hi: Floats
    margin: Floats
    rule_version: Ints
    version: Ints
    name: Ints

    def take(self, rows: NDArray[np.intp]) -> "Facts":
        """Return the named rows."""
        return Facts(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


STORED = ("rating", "gap", "measured", "expected", "expected_hi", "level", "level_hi", "margin", "rule_version")
"""Those of the facts that are columns of results, live or frozen."""


def judge(old: Facts, new: Facts) -> NDArray[np.str_]:
    """Return for each pair whether the rating became better or worse, came or went, or something else changed, or none.

    Shapes: n results on both sides, the pairs at the same places; the answer (n,) of the kinds above but `ALONE`.
    """
    before, after = _RANK[old.rating], _RANK[new.rating]
    both = (before >= 0) & (after >= 0)
    either = (before >= 0) | (after >= 0)
    kinds = np.where(np.logical_or.reduce(list(find_reasons(old, new).values())), OTHER, SAME).astype("U6")
    kinds[~both & (either | (old.gap != new.gap))] = TURNED
    kinds[both & (after > before)] = BETTER
    kinds[both & (after < before)] = WORSE
    return kinds


def list_reasons(old: Any, new: Any) -> list[str]:
    """Return why two results of one target differ, in words: reporting, figure, level, expectation, rule."""
    found = find_reasons(*(_facts_of(one, old) for one in (old, new)))
    return [str(REASONS[reason]) for reason, holds in found.items() if holds[0]]


def find_reasons(old: Facts, new: Facts) -> dict[str, NDArray[np.bool_]]:
    """Return of each of `REASONS` where it holds, shape (n,). Two targets of different codes are no versions of one."""
    is_expected_alike = _same(old.expected, new.expected) & _same(old.expected_hi, new.expected_hi)
    was, is_now = old.gap != Gap.NOT_REPORTED, new.gap != Gap.NOT_REPORTED
    return {
        DUE: (old.gap == Gap.NOT_DUE) & (new.gap != Gap.NOT_DUE),
        REPORTED: is_now & ~was,
        GONE: was & ~is_now,
        FIGURE: ~_same(old.measured, new.measured) & was & is_now,
        VERSION: (old.version != new.version) & (old.name == new.name),
        LEVEL: ~(_same(old.level, new.level) & _same(old.level_hi, new.level_hi)),
        EXPECTED: ~is_expected_alike & ~np.isnan(old.expected) & ~np.isnan(new.expected),
        MARGIN: is_expected_alike & ~np.isnan(old.margin) & ~np.isnan(new.margin) & (old.margin != new.margin),
        RULE: old.rule_version != new.rule_version,
    }


def _same(old: Floats, new: Floats) -> NDArray[np.bool_]:
    """Say where two numbers are equal, or both absent."""
    same: NDArray[np.bool_] = (old == new) | (np.isnan(old) & np.isnan(new))
    return same


def _facts_of(result: Any, first: Any) -> Facts:
    """Return one result as facts; `first` is the one whose target's name has the number 0."""
    stored = {name: np.array([_number(getattr(result, name))]) for name in STORED}
    name = np.array([int(_name(result) != _name(first))])
    return Facts(**stored, version=np.array([result.target.version]), name=name)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def _name(result: Any) -> tuple[int, str]:
    """Return what the versions of a target share."""
    return result.target.programme_id, result.target.code


def write_comparison(counts: Mapping[str, int]) -> str:
    """Return how many results became better or worse, have another status, changed otherwise, stayed, or stand alone.

    Another status: the rating came or went, or an absent one has another reason.
    """
    total = sum(counts.values())
    if not total:
        return _("Neither side has results; choose other quarters or regions.")
    if counts.get(SAME, 0) == total:
        return _("Nothing differs: all %(count)d results stand the same on both sides.") % {"count": total}
    if counts.get(ALONE, 0) == total:
        return _("The two sides share no target; none of the results has a counterpart.")
    wordings: Iterable[tuple[str, str]] = (
        (WORSE, pgettext("compared", "[[%(count)d worse]]")),
        (BETTER, pgettext("compared", "%(count)d better")),
        (TURNED, pgettext("compared", "%(count)d with another status")),
        (OTHER, pgettext("compared", "%(count)d with the same rating on other numbers")),
        (SAME, pgettext("compared", "%(count)d unchanged")),
        (ALONE, pgettext("compared", "%(count)d on one side only")),
    )
    parts = join_clauses([wording % {"count": counts[kind]} for kind, wording in wordings if counts.get(kind)])
    return ngettext("%(count)d result: %(parts)s.", "%(count)d results: %(parts)s.", total) % {
        "count": total,
        "parts": parts,
    }
