"""Why two results differ, in words: each reason with what it was and is, and the revision behind a new figure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from indicators.bounds import write_bound, write_difference, write_expected, write_value
from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure
from qscounty.web.formats import format_quarter
from reports.comparison import EXPECTED, FIGURE, LEVEL, MARGIN, REASONS, RULE, VERSION

Revisions = Mapping[tuple[int, int], Sequence[tuple[int, int]]]
"""By series and quarter (its ordinal): id and revision of every approved figure, oldest first."""


def explain(old: Any, new: Any, revisions: Revisions, keys: Sequence[str]) -> list[str]:
    """Return the reasons, each with what it was and is: “new figure: 95% → 92% (revision 2)”."""
    told = []
    for reason in keys:
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
