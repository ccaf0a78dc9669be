"""The rest-of-year calculator: what the remaining quarters must bring, in words."""

from dataclasses import dataclass
from math import ceil, floor, isfinite

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.bounds import write_level, write_value
from indicators.engine.outlook import Standing
from indicators.engine.rest_of_year import bearable_failures, cases_by_pace, least_whole, most_whole, needed_from_rest
from indicators.engine.target import Accumulation, Basis, Comparator, TargetColumns, Window
from indicators.models import Target
from indicators.models.attainment import Attainment
from qscounty.web.formats import format_number

_FLOORS = (Comparator.AT_LEAST, Comparator.ABOVE, Comparator.EQUAL, Comparator.BETWEEN)


@dataclass(frozen=True, slots=True)
class Remainder:
    """What the calculator says; `cases` is the assumption that a person may change, None where none is needed."""

    sentence: str
    cases: int | None


def find_remainder(result: Attainment, columns: TargetColumns, *, cases: int | None = None) -> Remainder | None:
    """Return what the rest must bring for the level to be met; None where no rest can change it.

    `cases` is the denominator that the rest is assumed to bring to a ratio; by default at the pace so far.
    """
    target = result.target
    remaining = count_remaining(result)
    if result.accumulated is None or result.level is None or remaining < 1 or target.basis != Basis.LEVEL:
        return None
    if target.accumulation == Accumulation.RATIO:
        return _write_ratio(result, columns, remaining=remaining, cases=cases)
    if target.accumulation == Accumulation.SUM:
        return _write_sum(result, columns, remaining)
    return None


def count_remaining(result: Attainment) -> int:
    """Return how many quarters are still to come into the result's window."""
    if result.target.window == Window.YEAR_TO_DATE:
        return 4 - int(result.quarter.number)
    if result.target.window == Window.SINCE_START:
        return max(result.total - result.elapsed, 0)
    return 0


def _stand(result: Attainment, remaining: int, *, so_far: float, weight: float) -> Standing:
    nothing = np.full((1, remaining), np.nan)
    return Standing(
        accumulation=np.array([result.target.accumulation], dtype=np.int8),
        so_far=np.array([so_far]),
        weight=np.array([weight]),
        remaining=np.array([remaining]),
        low=nothing,
        high=nothing,
        share=np.array([True]),
    )


def _write_sum(result: Attainment, columns: TargetColumns, remaining: int) -> Remainder | None:
    target: Target = result.target
    standing = _stand(result, remaining, so_far=float(result.accumulated or 0), weight=1.0)
    need = needed_from_rest(columns, standing, further_cases=np.array([np.nan]))
    whole = target.indicator.decimals == 0
    least = float((least_whole(need) if whole else need.least)[0])
    most = float((most_whole(need) if whole else need.most)[0])
    quarters = ngettext("the remaining quarter", "the %(count)d remaining quarters", remaining) % {"count": remaining}
    words = {"quarters": quarters, "level": write_level(result.level, target)}
    if isfinite(least):
        if least <= 0:
            return Remainder(_("The level of %(level)s is reached already.") % words, None)
        words |= {"amount": _write_least(least, target), "each": _write_least(least / remaining, target)}
        text = _("To reach %(level)s, %(quarters)s must bring at least %(amount)s, %(each)s a quarter.")
        if remaining == 1 or (whole and least < remaining):  # one of a thing cannot be shared between quarters
            text = _("To reach %(level)s, %(quarters)s must bring at least %(amount)s.")
        return Remainder(text % words, None)
    if isfinite(most):
        words["amount"] = _write_most(max(most, 0.0), target)
        if most < 0:
            return Remainder(_("More than %(level)s has come already.") % words, None)
        return Remainder(_("To stay within %(level)s, %(quarters)s may bring at most %(amount)s.") % words, None)
    return None


def _write_least(value: float, target: Target) -> str:
    """Return a need rounded up as shown, for who brings what is written must have brought enough."""
    scale = 10**target.indicator.decimals
    return write_value(ceil(round(value * scale, 6)) / scale, target)


def _write_most(value: float, target: Target) -> str:
    """Return an allowance rounded down as shown."""
    scale = 10**target.indicator.decimals
    return write_value(floor(round(value * scale, 6)) / scale, target)


def _write_ratio(result: Attainment, columns: TargetColumns, *, remaining: int, cases: int | None) -> Remainder | None:
    if result.numerator is None or not result.denominator or result.target.comparator not in _FLOORS:
        return None
    standing = _stand(result, remaining, so_far=result.numerator, weight=result.denominator)
    passed = result.quarter.number if result.target.window == Window.YEAR_TO_DATE else max(result.elapsed, 1)
    pace = cases_by_pace(np.array([result.denominator]), quarters=np.array([passed]), remaining=np.array([remaining]))
    assumed = round(float(pace[0])) if cases is None else cases
    further = np.array([float(assumed)])
    need = needed_from_rest(columns, standing, further_cases=further)
    failures = float(bearable_failures(need, further_cases=further)[0])
    if not isfinite(failures):
        return None
    indicator = result.target.indicator
    words = {
        "cases": format_number(assumed),
        "level": write_level(result.level, result.target),
        "passes": format_number(max(float(least_whole(need)[0]), 0)),
        "failures": format_number(failures),
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
    }
    if failures < 0:
        return Remainder(
            _("Even if all of %(cases)s further (%(denominator)s) count, %(level)s is not reached.") % words, assumed
        )
    text = _(
        "If %(cases)s more come (%(denominator)s), at least %(passes)s of them must count (%(numerator)s)"
        " to reach %(level)s; %(failures)s may fail."
    )
    return Remainder(text % words, assumed)
