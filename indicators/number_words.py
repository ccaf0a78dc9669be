"""In which unit a figure is typed, and the words for a number that cannot be read.

Codes come from `engine.number_refusals`; here they become sentences that name the field, what is wrong and what to do.
"""

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.engine.number_refusals import Refusal
from indicators.engine.numbers import NumberRead, NumberUnit
from indicators.engine.target import Scale
from indicators.models import Indicator

_MEASURES = re.compile("[万亿/]|元|吨|米|亩|公里|里程|面积")
_RATES = {"%": NumberUnit.PERCENT, "‰": NumberUnit.PER_MILLE}


def unit_of_value(indicator: Indicator) -> NumberUnit:
    """Return how %, ‰, 万 and 亿 are read in a value of the indicator."""
    if indicator.unit_zh in _RATES:
        return _RATES[indicator.unit_zh]
    if indicator.scale == Scale.RATE:
        return NumberUnit.SHARE
    counted = indicator.scale == Scale.CONTINUOUS and not _MEASURES.search(indicator.unit_zh)
    return NumberUnit.COUNT if counted else NumberUnit.MEASURE


def unit_of_part(wording_zh: str) -> NumberUnit:
    """Return how 万 and 亿 are read in a numerator or denominator; one with a unit of its own takes neither."""
    return NumberUnit.MEASURE if _MEASURES.search(wording_zh) else NumberUnit.COUNT


def describe_refusal(read: NumberRead, *, field: str) -> str:
    """Return the sentence for a refused number: the field, what is wrong with the piece, what to do."""
    return _("%(field)s: %(what)s") % {
        "field": field,
        "what": str(_WORDS[read.refusal]) % {"piece": read.piece.strip()},
    }


_WORDS: dict[Refusal, Promise] = {
    Refusal.TOO_LONG: gettext_lazy("this is longer than any number; enter the number alone."),
    Refusal.INVISIBLE: gettext_lazy("there are invisible characters in it; delete the cell and type the number."),
    Refusal.PLACEHOLDER: gettext_lazy(
        "“%(piece)s” is not a number; leave the cell empty, or mark it “none this quarter”."
    ),
    Refusal.ERROR_VALUE: gettext_lazy("“%(piece)s” is a spreadsheet error; correct it there and copy it again."),
    Refusal.FORMULA: gettext_lazy("“%(piece)s” is a formula; enter its result."),
    Refusal.NOT_FINITE: gettext_lazy("“%(piece)s” is not a finite number; enter digits."),
    Refusal.SUPERSCRIPT: gettext_lazy("“%(piece)s” is a raised or lowered digit; enter ordinary digits."),
    Refusal.FRACTION: gettext_lazy("“%(piece)s” is a fraction; enter it as a decimal number."),
    Refusal.OTHER_DIGITS: gettext_lazy("“%(piece)s” is not an ordinary digit; use 0 to 9."),
    Refusal.CHINESE_NUMERAL: gettext_lazy("“%(piece)s” is a written numeral; enter it in digits."),
    Refusal.UNDERSCORE: gettext_lazy("there is an underscore in it; enter the digits alone."),
    Refusal.EXPONENT: gettext_lazy("“%(piece)s” is a power of ten; write the number out."),
    Refusal.PARENTHESES: gettext_lazy("there are brackets in it; for a negative number write a minus in front."),
    Refusal.OTHER_SIGN: gettext_lazy("“%(piece)s” is not the minus of the keyboard; write “-” in front."),
    Refusal.TRAILING_SIGN: gettext_lazy("the sign “%(piece)s” stands at the end; write it in front."),
    Refusal.TWO_SIGNS: gettext_lazy("there are two signs in it; write one."),
    Refusal.RANGE: gettext_lazy("this is a range or a date; enter one number."),
    Refusal.COMPARISON: gettext_lazy("“%(piece)s” says more or less than a number; enter the exact figure."),
    Refusal.CURRENCY: gettext_lazy("leave out “%(piece)s”; the unit stands beside the name."),
    Refusal.OTHER_POINT: gettext_lazy("“%(piece)s” is not a decimal point; write “.”."),
    Refusal.TWO_POINTS: gettext_lazy("there are two decimal points in it; write one."),
    Refusal.TRAILING_POINT: gettext_lazy("it ends with a decimal point; complete it or delete the point."),
    Refusal.BAD_GROUPS: gettext_lazy("the comma does not part groups of three digits; write 12.3 or 12300."),
    Refusal.SPACE_INSIDE: gettext_lazy("there is a space inside the number; write the digits together."),
    Refusal.UNIT_TWICE: gettext_lazy("“%(piece)s” is one sign too many; leave one."),
    Refusal.TEXT_AFTER: gettext_lazy("“%(piece)s” follows the number; enter the number alone."),
    Refusal.NOT_A_NUMBER: gettext_lazy("“%(piece)s” is not a number; enter digits, such as 12.3."),
    Refusal.PERCENT_ELSEWHERE: gettext_lazy("“%(piece)s” does not fit here, since this is no share; leave it out."),
    Refusal.MAGNITUDE_ELSEWHERE: gettext_lazy(
        "“%(piece)s” does not fit the unit of this figure; write the number in that unit."
    ),
    Refusal.NEGATIVE_ZERO: gettext_lazy("zero has no minus; enter 0."),
    Refusal.TOO_LARGE: gettext_lazy("this has more than 14 digits before the point; check the unit."),
    Refusal.TOO_MANY_DECIMALS: gettext_lazy("this has more than six decimals; round it."),
    Refusal.NOT_NUMERIC_CELL: gettext_lazy("this is a date or a yes/no, not a number; enter a number."),
    Refusal.SCALED_FORMAT: gettext_lazy("the cell shows fewer digits than it holds; show it in full first."),
}
