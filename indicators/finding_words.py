"""The sentences under a cell: what the engine found implausible, and what wants an explanation.

Each names the numbers, what is wrong with them and what to do. Numbers arrive in the order of `engine.checks.CHECKS`.
"""

from collections.abc import Callable
from math import isfinite

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.answers import write_answer
from indicators.engine.checks import Finding
from indicators.models import Indicator
from qscounty.web.formats import add_unit, format_number, format_trimmed

Sentence = Callable[[Indicator, list[str], tuple[float, ...]], str]


def describe_finding(code: Finding, *, indicator: Indicator, numbers: tuple[float, ...]) -> str:
    """Return the sentence of one finding; `numbers` in the order of the engine's table."""
    written = [format_number(number) if isfinite(number) else "—" for number in numbers]
    return _SENTENCES[code](indicator, written, numbers)


def _half(_indicator: Indicator, written: list[str], numbers: tuple[float, ...]) -> str:
    if isfinite(numbers[0]):
        return _("Only the numerator %(given)s is entered; enter the denominator too.") % {"given": written[0]}
    return _("Only the denominator %(given)s is entered; enter the numerator too.") % {"given": written[1]}


def _above_one(indicator: Indicator, written: list[str], _numbers: tuple[float, ...]) -> str:
    if not indicator.is_counted:
        return _("%(part)s is more than the whole of %(whole)s; check the figure.") % {
            "part": written[0],
            "whole": written[1],
        }
    return _(
        "Numerator %(part)s is greater than denominator %(whole)s:"
        " “%(numerator)s” cannot exceed “%(denominator)s”; check both."
    ) % {
        "part": written[0],
        "whole": written[1],
        "numerator": indicator.numerator,
        "denominator": indicator.denominator,
    }


def _slip(_indicator: Indicator, written: list[str], numbers: tuple[float, ...]) -> str:
    factor = numbers[2]
    values = {"number": written[0], "usual": format_trimmed(numbers[1], 1)}
    if factor >= 1:
        return _("%(number)s is about %(factor)s times the usual %(usual)s; check the unit.") % {
            **values,
            "factor": format_number(factor),
        }
    return _("%(number)s is about one %(factor)s-th of the usual %(usual)s; check the unit.") % {
        **values,
        "factor": format_number(round(1 / factor)),
    }


def _measured(indicator: Indicator, number: float) -> str:
    number_text = format_trimmed(number, indicator.decimals + 1)
    return write_answer(indicator, number) or add_unit(number_text, indicator.unit)


def _outlier(indicator: Indicator, _written: list[str], numbers: tuple[float, ...]) -> str:
    words = _("%(now)s lies far from the quarters before, half of which are below %(usual)s.")
    return words % {"now": _measured(indicator, numbers[0]), "usual": _measured(indicator, numbers[1])}


def _last_year(indicator: Indicator, _written: list[str], numbers: tuple[float, ...]) -> str:
    words = _("%(now)s, against %(then)s in the same quarter of last year.")
    return words % {"now": _measured(indicator, numbers[0]), "then": _measured(indicator, numbers[1])}


def _peers(indicator: Indicator, _written: list[str], numbers: tuple[float, ...]) -> str:
    words = _("%(now)s lies far from the other regions, half of which are below %(usual)s.")
    return words % {"now": _measured(indicator, numbers[0]), "usual": _measured(indicator, numbers[1])}


def _block(_indicator: Indicator, _written: list[str], numbers: tuple[float, ...]) -> str:
    count = int(numbers[0])
    return ngettext(
        "The figure of this group repeats last quarter; confirm that it was entered anew.",
        "All %(count)d figures of this group repeat last quarter; confirm that they were entered anew.",
        count,
    ) % {"count": count}


def _say(words: Callable[[], str], *names: str) -> Sentence:
    """Return a sentence that takes the written numbers by name, in their order."""
    return lambda _indicator, written, _numbers: words() % dict(zip(names, written, strict=False))


_SENTENCES: dict[Finding, Sentence] = {
    Finding.NOT_FINITE: _say(lambda: _("This is not a finite number; enter digits.")),
    Finding.NEGATIVE_DENOMINATOR: _say(lambda: _("The denominator %(a)s is negative; enter a count from 0."), "a"),
    Finding.NEGATIVE_COUNT: _say(lambda: _("%(a)s is negative; enter a number from 0."), "a"),
    Finding.HALF_OF_COUNTS: _half,
    Finding.CASES_OF_NOTHING: _say(
        lambda: _("The denominator is 0 under a numerator of %(a)s; check the denominator."), "a"
    ),
    Finding.SHARE_ABOVE_ONE: _above_one,
    Finding.FALLING_CUMULATIVE: _say(
        lambda: _("%(now)s is less than the %(before)s reported before, though the figure accumulates; check it."),
        "now",
        "before",
    ),
    Finding.NOTHING_OF_NOTHING: _say(lambda: _("0 of 0: if nothing occurred, mark “none this quarter” instead.")),
    Finding.PART_ABOVE_WHOLE: _say(
        lambda: _("%(part)s is more than the %(whole)s of which it is a part; check both."), "part", "whole"
    ),
    Finding.CONTRADICTS_COUNTS: _say(
        lambda: _("%(value)s does not follow from %(numerator)s / %(denominator)s (%(ratio)s); check the three."),
        "value",
        "ratio",
        "numerator",
        "denominator",
    ),
    Finding.UNIT_SLIP: _slip,
    Finding.DIGIT_SWAP: _say(
        lambda: _("%(now)s is last quarter's %(before)s with two digits swapped; check it."), "now", "before"
    ),
    Finding.COPIED_FIGURE: _say(
        lambda: _("The very counts of last quarter, %(numerator)s / %(denominator)s; confirm that they are new."),
        "numerator",
        "denominator",
    ),
    Finding.COPIED_BLOCK: _block,
    Finding.OUTLIER: _outlier,
    Finding.AGAINST_LAST_YEAR: _last_year,
    Finding.AGAINST_PEERS: _peers,
}
