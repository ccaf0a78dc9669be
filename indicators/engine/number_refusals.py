"""Why a text is not read as a number, and the table of what gives each reason away.

Source: trust rule 17, cases T41 and T45. The parser is `numbers`.
"""

import re
from enum import IntEnum


class Refusal(IntEnum):
    """The reasons, never renumbered. NONE stands with a value and with an empty field."""

    NONE = 0
    TOO_LONG = 1  # more characters than any number needs
    INVISIBLE = 2  # zero-width characters, direction marks, control characters
    PLACEHOLDER = 3  # —, /, 无, N/A: an absent figure is an empty field
    ERROR_VALUE = 4  # #DIV/0! and its like
    FORMULA = 5  # begins with =
    NOT_FINITE = 6  # NaN, Infinity, ∞
    SUPERSCRIPT = 7  # 12²
    FRACTION = 8  # ½, 1/2, 百分之
    OTHER_DIGITS = 9  # digits of other scripts, ③
    CHINESE_NUMERAL = 10  # 一百, 2千
    UNDERSCORE = 11  # 1_000
    EXPONENT = 12  # 1e3
    PARENTHESES = 13  # (5) for minus five
    OTHER_SIGN = 14  # −5, –5: a minus that is not the keyboard's
    TRAILING_SIGN = 15  # 5-
    TWO_SIGNS = 16  # --5
    RANGE = 17  # 1-3, 5~8, 2018-03-31
    COMPARISON = 18  # >95, 约95, 95以上
    CURRENCY = 19  # ¥5
    OTHER_POINT = 20  # 12。5, 12·5, 1'234
    TWO_POINTS = 21  # 1.2.3
    TRAILING_POINT = 22  # 5.
    BAD_GROUPS = 23  # 12,3
    SPACE_INSIDE = 24  # 12 3
    UNIT_TWICE = 25  # 95%%, 5万亿
    TEXT_AFTER = 26  # 12件
    NOT_A_NUMBER = 27
    PERCENT_ELSEWHERE = 28  # % or ‰ where the indicator is not a share
    MAGNITUDE_ELSEWHERE = 29  # 万 or 亿 where the indicator is not a plain count
    NEGATIVE_ZERO = 30  # -0
    TOO_LARGE = 31  # more than 14 digits before the point
    TOO_MANY_DECIMALS = 32  # more than 6 after it, not counting zeros at the end
    NOT_NUMERIC_CELL = 33  # a date, a time or a yes/no in the cell
    SCALED_FORMAT = 34  # the cell's format hides digits: 12 345 shown as 12


_MARKS_OF_ABSENCE = ("-", "--", "—", "——", "–", "/", "\\", ".", "..", "...", "…", "*", "?")
_WORDS_OF_ABSENCE = ("无", "暂无", "缺", "未填报", "n/a", "na", "null", "none", "nil")
_DASHES = "‐-―−"

# Searched in this order in the folded, trimmed text; the first that is found names the refusal.
_OFFENCES: tuple[tuple[Refusal, re.Pattern[str]], ...] = tuple(
    (refusal, re.compile(pattern, re.IGNORECASE))
    for refusal, pattern in (
        (
            Refusal.INVISIBLE,
            r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+",
        ),
        (Refusal.ERROR_VALUE, r"#[A-Z][A-Z0-9/_]*[!?]?|##+"),
        (Refusal.FORMULA, r"^[=＝].*"),
        (Refusal.NOT_FINITE, r"\b(?:nan|inf|infinity)\b|∞"),
        (Refusal.SUPERSCRIPT, r"[²³¹⁰-⁹₀-₉]+"),
        (Refusal.FRACTION, r"[¼-¾⅐-⅞↉]|[0-9]\s*[/⁄∕／]\s*[0-9]+|[十百千万]?分之"),
        (Refusal.OTHER_DIGITS, r"(?![0-9])\d+|[①-⒛ⅰ-ⅿ㈠-㈩]+"),
        (
            Refusal.CHINESE_NUMERAL,
            r"[〇零一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟萬億]+|(?<=[0-9])成",
        ),
        (Refusal.UNDERSCORE, r"_+"),
        (Refusal.EXPONENT, r"(?<=[0-9.])e[+-]?[0-9]+"),
        (Refusal.PARENTHESES, r"[()（）]"),
        (Refusal.OTHER_SIGN, rf"^[{_DASHES}﹣﹢➕➖±]+"),
        (Refusal.RANGE, rf"(?<=[0-9%‰万亿])\s*[{_DASHES}~～至-]+\s*(?=[0-9])"),
        (Refusal.TRAILING_SIGN, rf"(?<=[0-9%‰万亿.])\s*[+{_DASHES}-]+$"),
        (Refusal.TWO_SIGNS, r"^[+-]\s*[+-]+"),
        (
            Refusal.COMPARISON,
            r"[<>≤≥≦≧≈~～＜＞=＝约近超]+|以上|以下|以内|左右|不低于|不足|大于|高于|小于|低于",
        ),
        (Refusal.CURRENCY, r"[$¥￥€£]+"),
        (Refusal.OTHER_POINT, r"(?<=[0-9])[。·・､、'’`;:；：](?=[0-9])"),
        (Refusal.TWO_POINTS, r"(?<=\.)[0-9]*\.+"),
        (Refusal.UNIT_TWICE, r"(?<=[%‰万亿])\s*[%‰万亿]+"),
    )
)
_LEADING = re.compile(r"[+-]?\s*[0-9.,\s]*[%‰万亿]?")  # as much of a number as there is


def find_offence(text: str) -> tuple[Refusal, int, int]:
    """Return the first thing in the folded, trimmed text that no number may hold, its start and end; NONE without."""
    if text in _MARKS_OF_ABSENCE or text.lower() in _WORDS_OF_ABSENCE:
        return Refusal.PLACEHOLDER, 0, len(text)
    for refusal, pattern in _OFFENCES:
        if found := pattern.search(text):
            return refusal, found.start(), found.end()
    return Refusal.NONE, 0, 0


def name_remainder(text: str) -> tuple[Refusal, int, int]:
    """Name what keeps a text without an outright offence from being a number, with start and end."""
    leading = _LEADING.match(text)
    end = leading.end() if leading else 0
    if not any(character.isdigit() for character in text[:end]):
        return Refusal.NOT_A_NUMBER, 0, len(text)
    if end < len(text):
        return Refusal.TEXT_AFTER, end, len(text)
    if "," in text:
        return Refusal.BAD_GROUPS, text.index(","), len(text)
    if gap := re.search(r"\s+", text):
        return Refusal.SPACE_INSIDE, gap.start(), gap.end()
    return Refusal.TRAILING_POINT, text.rindex("."), len(text)
