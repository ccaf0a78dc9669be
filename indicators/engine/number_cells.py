"""Numbers from the cells of a workbook: what the cell holds, read together with how it shows it.

Source: trust rule 17 (percent handled by the indicator's unit and the cell's number format together), case T41.
"""

import math
import re
from decimal import Decimal

from .number_refusals import Refusal
from .numbers import (
    EXACT,
    LONGEST_TEXT,
    NumberRead,
    NumberUnit,
    fit,
    read_number,
    suffix_shift,
)

SHOWN_DIGITS = 15  # significant digits a workbook shows of a binary number
_NOISE = 4  # units in the last place that sums of typed decimals leave behind: 0.1 + 0.2

_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')  # parts of a format that are text, colour, padding
_SCALING_COMMA = re.compile(r"[0#?],+(?![0#?,])")


def read_cell(value: object, *, number_format: str, unit: NumberUnit) -> NumberRead:
    """Return the number in a cell, exactly, in the indicator's unit.

    `value` is what the workbook reader gave: None, text, int, float, Decimal; anything else (yes/no, date, time)
    is refused. Text goes through `read_number`, whatever the format. A number in a percent format is what one sees:
    0.95 shown as 95% is 95 in per cent and 0.95 as a pure share; in any other format it is the number itself. A
    format that hides thousands is refused. A binary number counts with its 15 shown digits where the rest is
    calculating noise (0.1 + 0.2). Nothing raises.
    Source: trust rule 17, cases T41 and T45.
    """
    if value is None or isinstance(value, str):
        return read_number(value, unit=unit)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return NumberRead(refusal=Refusal.NOT_NUMERIC_CELL, piece=str(value))
    stored = _stored(value)
    shift = _format_shift(number_format, unit)
    if isinstance(shift, Refusal):
        return NumberRead(refusal=shift, piece=number_format)
    read = fit(EXACT.scaleb(stored, shift)) if stored.is_finite() else Refusal.NOT_FINITE
    if isinstance(read, Refusal):
        return NumberRead(refusal=read, piece=str(stored)[:LONGEST_TEXT])
    return NumberRead(value=read)


def is_percent_format(number_format: str) -> bool:
    """Return whether a number format multiplies by 100 for show: a % outside quoted and escaped text."""
    return "%" in _LITERAL.sub("", number_format)


def _format_shift(number_format: str, unit: NumberUnit) -> int | Refusal:
    """Return the power of ten between the stored number and the indicator's unit, or why the format may not stand."""
    if _SCALING_COMMA.search(_LITERAL.sub("", number_format)):
        return Refusal.SCALED_FORMAT
    if not is_percent_format(number_format):
        return 0
    shift = suffix_shift("%", unit)
    return shift if isinstance(shift, Refusal) else shift + 2  # the cell stores the pure share


def _stored(value: float | Decimal) -> Decimal:
    """Return the decimal number that a cell means by what it stores; not finite where the cell is not."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not isinstance(value, float) or not number.is_finite():
        return number
    shown = f"{value:.{SHOWN_DIGITS}g}"
    return Decimal(shown) if abs(float(shown) - value) <= _NOISE * math.ulp(value) else number
