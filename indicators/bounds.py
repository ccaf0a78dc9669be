"""How a target's bound, a value and a difference are written, in the target's own unit and decimals.

Levels keep the digits that the document gave them, values are rounded to the indicator's.
"""

from math import isfinite

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from indicators.answers import is_question, write_answer
from indicators.engine.target import Basis, Comparator
from indicators.labels import COMPARATOR_SIGNS
from indicators.models import Target
from indicators.models.attainment import Attainment
from qscounty.web.formats import (
    ABSENT,
    NO_BREAK_SPACE,
    Number,
    add_unit,
    format_number,
    format_quantity,
    format_quarter_range,
    format_trimmed,
)

PERCENT = "%"


def write_value(value: Number, target: Target) -> str:
    """Return a measured value with its unit, rounded half up to the indicator's decimals; a rank is whole.

    Of a question the answer: yes or no.
    """
    if target.basis == Basis.RANK:
        return write_place(value)
    number = format_number(value, target.indicator.decimals)
    return write_answer(target.indicator, value) or add_unit(number, target.unit_of_level)


def write_place(value: Number) -> str:
    """Return a place among the peers: no. 3; a dash for none."""
    number = format_number(value)
    return number if number == ABSENT else pgettext("place", "no. %(place)s") % {"place": number}


def _write_place_bound(target: Target, level: Number) -> str | None:
    """Return how far from the top a rank may lie, None for whatever else is bounded."""
    if target.basis != Basis.RANK or target.comparator != Comparator.AT_MOST or level is None:
        return None
    return (
        write_place(level)
        if level == 1
        else pgettext("place", "among the first %(places)s") % {"places": format_number(level)}
    )


def write_level(value: Number, target: Target) -> str:
    """Return a level with its unit and the digits that it was given with; of a question the answer."""
    return write_answer(target.indicator, value) or format_quantity(value, unit=target.unit_of_level)


def write_plain_bound(target: Target, level: Number, level_hi: Number) -> str:
    """Return levels of a target as a bound, with their own digits, e.g. ≥ 93% or 1–3 zones; an absent one is awaited.

    What the basis adds to it, e.g. that growth is meant, is not said here.
    """
    if level is None or not isfinite(level):
        return pgettext("level", "awaited")
    unit = target.unit_of_level
    if target.comparator == Comparator.BETWEEN:
        return f"{format_number(level)}–{add_unit(format_number(level_hi), unit)}"
    # The other answer would miss it, whatever the sign.
    if wanted := _write_place_bound(target, level) or write_answer(target.indicator, level):
        return wanted
    return f"{COMPARATOR_SIGNS[target.comparator]}{NO_BREAK_SPACE}{add_unit(format_number(level), unit)}"


def write_bound(target: Target, level: Number, level_hi: Number = None) -> str:
    """Return a bound with its sign: ≥ 93%, 1–3 个, growth ≥ 18%; a level still to be given is named so."""
    if level is None:
        return pgettext("level", "awaited")
    if target.basis == Basis.OVER_BENCHMARK and not level and target.comparator in _BESIDE_BENCHMARK:
        return str(_BESIDE_BENCHMARK[target.comparator])
    if place := _write_place_bound(target, level):
        return pgettext("bound", "ranked %(place)s") % {"place": place}
    bound = write_plain_bound(target, level, level_hi)
    wording = _WORDINGS.get(target.basis)
    return bound if wording is None else str(wording) % {"bound": bound}


_BESIDE_BENCHMARK: dict[int, Promise] = {
    Comparator.ABOVE: pgettext_lazy("bound", "above the benchmark"),
    Comparator.AT_LEAST: pgettext_lazy("bound", "no lower than the benchmark"),
    Comparator.AT_MOST: pgettext_lazy("bound", "no higher than the benchmark"),
    Comparator.BELOW: pgettext_lazy("bound", "below the benchmark"),
    Comparator.EQUAL: pgettext_lazy("bound", "equal to the benchmark"),
}
_WORDINGS: dict[int, Promise] = {
    Basis.GROWTH: pgettext_lazy("bound", "growth %(bound)s"),
    Basis.AVERAGE_GROWTH: pgettext_lazy("bound", "average growth %(bound)s"),
    Basis.GROWTH_ON_BASELINE: pgettext_lazy("bound", "growth on the baseline %(bound)s"),
    Basis.REDUCTION: pgettext_lazy("bound", "reduction %(bound)s"),
    Basis.POINTS: pgettext_lazy("bound", "change %(bound)s"),
    Basis.OVER_BENCHMARK: pgettext_lazy("bound", "over the benchmark %(bound)s"),
    Basis.RANK: pgettext_lazy("bound", "rank %(bound)s"),
}
"""What the basis of a target adds to its bound; of a plain level nothing."""


def write_expected_level(target: Target, expected: Number, expected_hi: Number) -> str:
    """Return an expected level as a bound, rounded half up to one digit more than the indicator's; a dash for none."""
    if expected is None or not isfinite(expected):
        return ABSENT
    low, unit = format_trimmed(expected, target.indicator.decimals + 1), target.unit_of_level
    if target.comparator == Comparator.BETWEEN:
        return f"{low}–{add_unit(format_trimmed(expected_hi, target.indicator.decimals + 1), unit)}"
    if wanted := _write_place_bound(target, expected) or write_answer(target.indicator, expected):
        return wanted
    return f"{COMPARATOR_SIGNS[target.comparator]}{NO_BREAK_SPACE}{add_unit(low, unit)}"


def write_expected(result: Attainment) -> str:
    """Return the expected level of a result, as above."""
    return write_expected_level(result.target, result.expected, result.expected_hi)


def write_difference(amount: Number, target: Target) -> str:
    """Return a distance: percentage points for what is in per cent, else the unit."""
    unit = target.unit_of_level
    text = format_trimmed(amount, target.indicator.decimals + 1)
    return _("%(number)s percentage points") % {"number": text} if unit == PERCENT else add_unit(text, unit)


def write_bound_in_words(target: Target) -> str:
    """Return the bound with what its sign means for the number itself. Source: Civil Code article 1259."""
    bound = write_bound(target, target.level, target.level_hi)
    if target.level is None:
        return bound
    quote = _("“%(quote)s”") % {"quote": target.quote} if target.quote else ""
    if is_question(target.indicator):
        return _("%(bound)s (%(quote)s)") % {"bound": bound, "quote": quote} if quote else bound
    excluded = target.comparator in (Comparator.ABOVE, Comparator.BELOW)
    meaning = {
        Comparator.EQUAL: _("exactly this number"),
        Comparator.BETWEEN: _("both ends included"),
    }.get(
        Comparator(target.comparator), _("the number itself excluded") if excluded else _("the number itself included")
    )
    return (
        _("%(bound)s (%(quote)s: %(meaning)s)") % {"bound": bound, "quote": quote, "meaning": meaning}
        if quote
        else (_("%(bound)s (%(meaning)s)") % {"bound": bound, "meaning": meaning})
    )


def write_period(result: Attainment) -> str:
    """Return the quarters that the result takes together."""
    first, last = result.window_start, result.quarter
    return format_quarter_range((first.year, first.number), (last.year, last.number))
