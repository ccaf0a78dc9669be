"""One share target across regions: places by its value, who has too few cases to rank, and the funnel of chance.

Source: Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202; `engine.small_numbers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Count, F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.bounds import write_expected
from indicators.engine.compare import CEILINGS
from indicators.engine.figures import Floats
from indicators.engine.small_numbers import CONFIDENCE, OUTER_CONFIDENCE, funnel_limits, is_too_small_to_rank
from indicators.engine.target import Basis
from indicators.marks import Mark, mark_result
from indicators.models import Target
from indicators.models.attainment import Attainment
from qscounty.web.formats import format_number, format_ratio
from qscounty.web.language import in_page_language
from qscounty.web.sentences import join_sentences
from reports.places import Place, rank
from reports.scopes import PageContext
from reports.selectors import list_results

STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """One region's share. `place` None: too few cases to rank it. `side` says where it lies beyond chance."""

    name: str
    url: str
    place: Place | None
    share: str
    cases: str
    expected: str
    mark: Mark
    side: str


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """Everything that the page shows of one target."""

    target: Target
    lede: str
    rows: list[ShareRow]
    chart: dict[str, Any]


def list_share_results(page: PageContext) -> QuerySet[Attainment]:
    """Return the results that are shares of counted cases in per cent: between none of them and all."""
    shares = list_results(page).filter(denominator__gt=0, numerator__gte=0, numerator__lte=F("denominator"))
    below = shares.exclude(region=page.root.pk)
    if page.publication is None:
        return below.filter(target__basis=Basis.LEVEL.value, target__indicator__unit_zh="%")
    return below.filter(target__in=[pk for pk, target in page.copy.targets.items() if _is_share(target)])


def _is_share(target: Target) -> bool:
    return target.basis == Basis.LEVEL and target.indicator.unit_zh == "%"


def list_share_targets(page: PageContext) -> list[tuple[int, str]]:
    """Return the targets with shares in several regions, by id and name, in the order of the document; one query."""
    results = list_share_results(page)
    if page.publication is not None:
        found = results.order_by().values("target").annotate(count=Count("region", distinct=True)).filter(count__gt=1)
        targets = [page.copy.targets[pk] for pk in found.values_list("target", flat=True)]
        return [(one.pk, one.indicator.name) for one in sorted(targets, key=lambda one: (one.position, one.pk))]
    names = ("target", "target__position", "target__indicator__name_zh", "target__indicator__name_en")
    rows = results.order_by("target__position").values_list(*names)
    counted = rows.annotate(count=Count("region", distinct=True)).filter(count__gt=1)
    return [(pk, in_page_language(zh, en)) for pk, _position, zh, en, _count in counted]


def make_funnel(page: PageContext, target: int) -> Funnel | None:
    """Return the places and the funnel of one target; None where it is no share of several regions. One query."""
    results = list(list_share_results(page).filter(target=target).order_by("region__position", "region__code"))
    if len(results) < 2:
        return None
    passed = np.array([result.numerator for result in results])
    cases = np.array([result.denominator for result in results])
    whole = float(passed.sum() / cases.sum())
    small = is_too_small_to_rank(passed, cases)
    sides = _find_sides(passed / cases, cases, whole)
    is_ceiling = results[0].comparator in CEILINGS
    values = {place: float(passed[place] / cases[place] * 100) for place in range(len(results)) if not small[place]}
    places = rank(values, decimals=results[0].target.indicator.decimals, is_lower_better=is_ceiling)
    order = [*places, *(place for place in range(len(results)) if place not in places)]
    return Funnel(
        target=results[0].target,
        lede=write_funnel(
            results[0].target.indicator.name, ranked=len(places), small=int(small.sum()), below=sides.count("low")
        ),
        rows=[_make_row(page, results[place], places.get(place), sides[place]) for place in order],
        chart=draw_funnel(results, whole),
    )


def _find_sides(shares: Floats, cases: Floats, whole: float) -> list[str]:
    """Return "low" or "high" for a share that chance alone does not leave so far from the whole, else ""."""
    outer = funnel_limits(np.full(len(cases), whole), cases, confidence=OUTER_CONFIDENCE)
    return np.where(shares < outer.low, "low", np.where(shares > outer.high, "high", "")).tolist()  # type: ignore[no-any-return]


def _make_row(page: PageContext, result: Attainment, place: Place | None, side: str) -> ShareRow:
    share = format_ratio((result.numerator or 0.0) / (result.denominator or 1.0), result.target.indicator.decimals)
    words = {"low": _("below what chance explains"), "high": _("above what chance explains")}
    return ShareRow(
        name=result.region.name,
        url=page.link("reports:target", result.allocation_id),
        place=place,
        share=share,
        cases=format_number(result.denominator),
        expected=write_expected(result),
        mark=mark_result(result.rating, result.gap),
        side=words.get(side, ""),
    )


def draw_funnel(results: Sequence[Attainment], whole: float) -> dict[str, Any]:
    """Return points and limits in per cent for `json_script`; limits over the span of the cases, on equal ratios."""
    cases = np.array([result.denominator for result in results])
    grid = np.geomspace(max(float(cases.min()) * 0.8, 1.0), float(cases.max()) * 1.1, STEPS)
    limits = {
        name: funnel_limits(np.full(STEPS, whole), grid, confidence=confidence)
        for name, confidence in (("inner", CONFIDENCE), ("outer", OUTER_CONFIDENCE))
    }
    marks = [mark_result(result.rating, result.gap) for result in results]
    return {
        "cases": cases.tolist(),
        "shares": [round((r.numerator or 0.0) / (r.denominator or 1.0) * 100, 4) for r in results],
        "regions": [result.region.name for result in results],
        "letters": [mark.letter for mark in marks],
        "words": [str(mark.word) for mark in marks],
        "whole": round(whole * 100, 4),
        "grid": [round(value, 2) for value in grid.tolist()],
        **{
            f"{name}{side}": [round(value * 100, 4) for value in getattr(limit, side.lower()).tolist()]
            for name, limit in limits.items()
            for side in ("Low", "High")
        },
        "names": {
            "cases": _("Cases"),
            "whole": _("All regions together"),
            "inner": _("Limits of chance (95%)"),
            "outer": _("Limits of chance (99.8%)"),
        },
    }


def write_funnel(name: str, *, ranked: int, small: int, below: int) -> str:
    """Return how many regions can be ranked, how many have too few cases, and how many lie below chance."""
    if not ranked:
        first = _("%(target)s: [[no region]] has enough cases to be ranked.") % {"target": name}
    else:
        first = ngettext(
            "%(target)s: %(count)d region can be ranked.", "%(target)s: %(count)d regions can be ranked.", ranked
        ) % {"target": name, "count": ranked}
    few = ngettext("%(count)d has too few cases to rank.", "%(count)d have too few cases to rank.", small) % {
        "count": small
    }
    low = ngettext(
        "[[%(count)d lies below]] what chance explains.", "[[%(count)d lie below]] what chance explains.", below
    ) % {"count": below}
    return join_sentences([first, few if small and ranked else "", low if below else ""])
