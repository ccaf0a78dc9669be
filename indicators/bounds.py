"""How levels, expected levels and measured values are written: sign, number, unit; `reports.bounds` adds the basis."""

from math import isfinite

from django.utils.translation import pgettext

from indicators.engine.target import Comparator
from indicators.labels import COMPARATOR_SIGNS
from indicators.models import Target
from qscounty.web.formats import ABSENT, NO_BREAK_SPACE, Number, add_unit, format_number, format_trimmed


def write_expected(target: Target, expected: float, expected_hi: float) -> str:
    """Return the expected level of a quarter as a bound, e.g. ≥ 85% or 1–3 zones; a dash where there is none."""
    if not isfinite(expected):
        return ABSENT
    low, unit = format_trimmed(expected, target.indicator.decimals + 1), target.unit_of_level
    if target.comparator == Comparator.BETWEEN:
        return f"{low}–{add_unit(format_trimmed(expected_hi, target.indicator.decimals + 1), unit)}"
    return f"{COMPARATOR_SIGNS[target.comparator]}{NO_BREAK_SPACE}{add_unit(low, unit)}"


def write_level(target: Target, level: float) -> str:
    """Return the target's own bound with the digits it was given with; a level still to be given is named so."""
    return write_plain_bound(target, level, target.level_hi)


def write_plain_bound(target: Target, level: Number, level_hi: Number) -> str:
    """Return levels of a target as a bound, with their own digits, e.g. ≥ 93% or 1–3 zones; an absent one is awaited.

    What the basis adds to it, e.g. that growth is meant, is not said here.
    """
    if level is None or not isfinite(level):
        return pgettext("level", "awaited")
    unit = target.unit_of_level
    if target.comparator == Comparator.BETWEEN:
        return f"{format_number(level)}–{add_unit(format_number(level_hi), unit)}"
    return f"{COMPARATOR_SIGNS[target.comparator]}{NO_BREAK_SPACE}{add_unit(format_number(level), unit)}"


def write_measured(target: Target, measured: float) -> str:
    """Return a measured value in the unit and decimals of its target; a dash where there is none."""
    return add_unit(format_number(measured, target.indicator.decimals), target.unit_of_level)
