"""Two results of one thing: which is better or worse, and whether by a figure, a target or a rule; and the sentence."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from indicators.engine.target import Gap, Rating
from qscounty.web.sentences import join_clauses

BETTER, WORSE, TURNED, OTHER, SAME, ALONE = "better", "worse", "turned", "other", "same", "alone"
ORDER = (WORSE, BETTER, TURNED, OTHER, ALONE)
_RANKS = {Rating.RED.value: 0, Rating.AMBER.value: 1, Rating.GREEN.value: 2}


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


def judge(old: Any, new: Any) -> str:
    """Return whether the rating became better or worse, came or went, or something else changed, or nothing did.

    `old` and `new` are results, live or frozen; None where a side has none.
    """
    if old is None or new is None:
        return ALONE
    before, after = _RANKS.get(old.rating), _RANKS.get(new.rating)
    if before is None or after is None:
        if before is not None or after is not None or old.gap != new.gap:
            return TURNED
    elif before != after:
        return BETTER if after > before else WORSE
    return OTHER if find_reasons(old, new) else SAME


def list_reasons(old: Any, new: Any) -> list[str]:
    """Return why two results of one target differ, in words: reporting, figure, level, expectation, rule."""
    return [str(REASONS[reason]) for reason in find_reasons(old, new)]


def find_reasons(old: Any, new: Any) -> list[str]:
    """Return the keys of `REASONS` that hold. Two targets of different codes are no two versions of one."""
    is_expected_alike = (old.expected, old.expected_hi) == (new.expected, new.expected_hi)
    was, is_now = old.gap != Gap.NOT_REPORTED, new.gap != Gap.NOT_REPORTED
    told = (
        (DUE, old.gap == Gap.NOT_DUE != new.gap),
        (REPORTED, is_now and not was),
        (GONE, was and not is_now),
        (FIGURE, old.measured != new.measured and was and is_now),
        (VERSION, old.target.version != new.target.version and _name(old) == _name(new)),
        (LEVEL, (old.level, old.level_hi) != (new.level, new.level_hi)),
        (EXPECTED, not is_expected_alike and None not in (old.expected, new.expected)),
        (MARGIN, is_expected_alike and _has_other_margin(old, new)),
        (RULE, old.rule_version != new.rule_version),
    )
    return [reason for reason, is_so in told if is_so]


def _name(result: Any) -> tuple[int, str]:
    """Return what the versions of a target share."""
    return result.target.programme_id, result.target.code


def _has_other_margin(old: Any, new: Any) -> bool:
    return None not in (old.margin, new.margin) and old.margin != new.margin


def write_comparison(counts: Mapping[str, int]) -> str:
    """Return how many results became better or worse, came to be rated, changed otherwise, stayed, or stand alone."""
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
        (TURNED, pgettext("compared", "%(count)d newly or no longer rated")),
        (OTHER, pgettext("compared", "%(count)d with the same rating on other numbers")),
        (SAME, pgettext("compared", "%(count)d unchanged")),
        (ALONE, pgettext("compared", "%(count)d on one side only")),
    )
    parts = join_clauses([wording % {"count": counts[kind]} for kind, wording in wordings if counts.get(kind)])
    return ngettext("%(count)d result: %(parts)s.", "%(count)d results: %(parts)s.", total) % {
        "count": total,
        "parts": parts,
    }
