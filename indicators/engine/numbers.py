"""The one parser for numbers typed by people: the exact value, empty, or a refusal by name. Never a guess.

Only full-width digits, signs, points, commas and percent signs are folded. NFKC is not used: it turns 12² into
122. What is not in the grammar is refused, with the piece that offends and its place, so that a message can name it.
Source: trust rules 17 and 18, case T41. Cells of a workbook come through `number_cells`.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from enum import IntEnum

from .number_refusals import Refusal, find_offence, name_remainder

INTEGER_DIGITS, DECIMALS = 14, 6  # numeric(20,6)
LONGEST_TEXT = 60  # characters; nothing that fits numeric(20,6) needs more
EXACT = Context(prec=200, traps=[Inexact])  # arithmetic that raises instead of rounding


class NumberUnit(IntEnum):
    """What one unit of the indicator is, as far as %, ‰, 万 and 亿 are concerned."""

    COUNT = 1  # plain units: 1.5万 is 15000; no percent
    MEASURE = 2  # a unit of its own (mg/m³, 万元): neither percent nor 万
    SHARE = 3  # 1 is the whole: 95% is 0.95
    PERCENT = 4  # 100 is the whole: 95% is 95, 950‰ is 95
    PER_MILLE = 5  # 1000 is the whole: 0.5% is 5


@dataclass(frozen=True, slots=True)
class NumberRead:
    """What was read: `value`, or a `refusal` with the offending `piece` at character `place`, or neither: empty.

    `value` has no zeros at the end of its decimals and no exponent, and fits numeric(20,6). `place` counts from 0 in
    the text as typed; `piece` is as typed, not folded.
    """

    value: Decimal | None = None
    refusal: Refusal = Refusal.NONE
    piece: str = ""
    place: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed: no figure, which is not zero."""
        return self.value is None and self.refusal is Refusal.NONE


_FOLD = str.maketrans("０１２３４５６７８９＋－．，％", "0123456789+-.,%")
_BLANK = " \t\r\n\u00a0\u2009\u202f\u3000"  # the three typographic ones may also part groups of three
_NUMBER = re.compile(
    r"(?P<sign>[+-]?)"
    r"(?P<whole>[1-9][0-9]{0,2}(?P<mark>[,\u00a0\u2009\u202f])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]+|(?=\.))"
    r"(?:\.(?P<decimals>[0-9]+))?"
    r"[ \u00a0\u2009\u202f\u3000]?(?P<suffix>[%‰万亿]?)"
)
_WHOLE = {NumberUnit.SHARE: 0, NumberUnit.PERCENT: 2, NumberUnit.PER_MILLE: 3}  # the whole as a power of ten
_PARTS = {"%": 2, "‰": 3}
_MAGNITUDES = {"万": 4, "亿": 8}


def read_number(text: str | None, *, unit: NumberUnit) -> NumberRead:
    """Return the number a person typed, exactly, in the indicator's unit.

    %, ‰: converted exactly where the indicator is a share (95% is 95 in per cent, 0.95 as a pure share). A plain
    95 is 95 of the indicator's own unit, and 0.95 in per cent is 0.95: the checks ask about it, nobody guesses.
    万, 亿: multiplied exactly where the unit is a plain count. Thousands: groups of three, parted by one kind of
    mark (comma, no-break space or thin space). A blank text is empty. Nothing is rounded, nothing raises.
    Source: trust rules 17 and 18, cases T41 and T45.
    """
    if text is None or not (body := text.strip(_BLANK)):
        return NumberRead()
    before = len(text) - len(text.lstrip(_BLANK))
    if len(body) > LONGEST_TEXT:
        return NumberRead(refusal=Refusal.TOO_LONG, piece=body[:LONGEST_TEXT], place=before)
    folded = body.translate(_FOLD)  # one character for one: places stay
    match = _NUMBER.fullmatch(folded)
    refusal, start, end = find_offence(folded)
    if refusal is Refusal.NONE and match is None:
        refusal, start, end = name_remainder(folded)
    if match is None or refusal is not Refusal.NONE:
        return NumberRead(refusal=refusal, piece=body[start:end], place=before + start)
    shift = suffix_shift(match["suffix"], unit)
    if isinstance(shift, Refusal):
        start, end = match.span("suffix")
        return NumberRead(refusal=shift, piece=body[start:end], place=before + start)
    digits = re.sub(r"[^0-9]", "", match["whole"]) or "0"
    read = fit(EXACT.scaleb(Decimal(f"{match['sign']}{digits}.{match['decimals'] or '0'}"), shift))
    if isinstance(read, Refusal):
        return NumberRead(refusal=read, piece=body, place=before)
    return NumberRead(value=read)


def suffix_shift(suffix: str, unit: NumberUnit) -> int | Refusal:
    """Return the power of ten by which %, ‰, 万 or 亿 multiplies in this unit (0 for ""), or why it may not stand."""
    if suffix in _PARTS:
        return _WHOLE[unit] - _PARTS[suffix] if unit in _WHOLE else Refusal.PERCENT_ELSEWHERE
    if suffix in _MAGNITUDES:
        return _MAGNITUDES[suffix] if unit is NumberUnit.COUNT else Refusal.MAGNITUDE_ELSEWHERE
    return 0


def fit(value: Decimal) -> Decimal | Refusal:
    """Return a finite value in its plain form if numeric(20,6) holds it exactly, or why not.

    Plain: no exponent, no zeros at the end of the decimals. Minus zero is refused, for it is never meant.
    """
    if value.is_zero():
        return Refusal.NEGATIVE_ZERO if value.is_signed() else Decimal(0)
    if value.adjusted() >= INTEGER_DIGITS:
        return Refusal.TOO_LARGE
    shortest = EXACT.normalize(value)  # 1.50 is 1.5, 100 is 1E+2
    scaled = EXACT.scaleb(shortest, DECIMALS)
    if scaled != scaled.to_integral_value():
        return Refusal.TOO_MANY_DECIMALS
    return EXACT.quantize(shortest, Decimal(1)) if shortest == shortest.to_integral_value() else shortest
