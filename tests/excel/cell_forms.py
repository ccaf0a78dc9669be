"""Numbers as offices write them into cells, and what each is read as: the table behind tests and reference page.

`expected` is the exact value as text, "" for an empty cell, or the name of the refusal.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any


@dataclass(frozen=True, slots=True)
class CellForm:
    """One way to write a number: what is in the cell, how the cell shows it, in which kind of unit."""

    kind: str
    content: Any
    expected: str
    shown: str = "General"
    note: str = ""

    @property
    def is_refused(self) -> bool:
        """Whether the cell is refused."""
        return self.expected.isupper() and not self.expected.isdigit()


def _all(kind: str, *forms: tuple[Any, ...]) -> list[CellForm]:
    return [CellForm(kind, *form) for form in forms]


COUNTS = _all(
    "count",
    (12, "12"),
    (0, "0"),
    (12.0, "12"),
    (1234567, "1234567"),
    (1234567, "1234567", "#,##0"),
    (1234567.5, "1234567.5", "#,##0.00"),
    (0.1 + 0.2, "0.3", "General", "calculating noise"),
    (1e15 / 10, "TOO_LARGE"),
    (99999999999999, "99999999999999"),
    ("12", "12"),
    ("12 ", "12"),
    (" 12", "12"),
    ("　12　", "12", "General", "full-width blanks"),
    ("\u00a012", "12", "General", "no-break space"),
    ("12\n", "12"),
    ("１２３", "123"),
    ("１２３．５", "123.5"),
    ("１，２３４", "1234"),
    ("1,234", "1234"),
    ("1，234", "1234"),
    ("1,234,567.89", "1234567.89"),
    ("1\u202f234", "1234", "General", "narrow space between thousands"),
    ("1\u00a0234", "1234"),
    ("+5", "5"),
    ("＋5", "5"),
    ("-5", "-5"),
    ("－5", "-5"),
    (".5", "0.5"),
    ("0.50", "0.5"),
    ("007", "7"),
    ("1.5万", "15000"),
    ("1.5 万", "15000"),
    ("２万", "20000"),
    ("1,234万", "12340000"),
    ("1.2亿", "120000000"),
    ("0.00001万", "0.1"),
    ("0", "0"),
    ("", ""),
    ("  ", ""),
    (None, ""),
    ("-0", "NEGATIVE_ZERO"),
    ("12,3", "BAD_GROUPS"),
    ("1,23,456", "BAD_GROUPS"),
    ("12 3", "SPACE_INSIDE"),
    ("1 234", "SPACE_INSIDE", "General", "an ordinary space is a slip as often as a separator"),
    ("12件", "TEXT_AFTER"),
    ("12 批次", "TEXT_AFTER"),
    ("约12", "COMPARISON"),
    (">12", "COMPARISON"),
    ("≥12", "COMPARISON"),
    ("12以上", "COMPARISON"),
    ("10-12", "RANGE"),
    ("10～12", "RANGE"),
    ("12²", "SUPERSCRIPT"),
    ("½", "FRACTION"),
    ("1/2", "FRACTION"),
    ("百分之九十五", "FRACTION"),
    ("一百", "CHINESE_NUMERAL"),
    ("2千", "CHINESE_NUMERAL"),
    ("〇", "CHINESE_NUMERAL"),
    ("③", "OTHER_DIGITS"),
    ("٣", "OTHER_DIGITS"),
    ("1_000", "UNDERSCORE"),
    ("1e3", "EXPONENT"),
    ("1E+03", "EXPONENT"),
    ("(5)", "PARENTHESES"),
    ("（5）", "PARENTHESES"),
    ("−5", "OTHER_SIGN"),
    ("–5", "OTHER_SIGN"),
    ("—5", "OTHER_SIGN"),
    ("5-", "TRAILING_SIGN"),
    ("5－", "TRAILING_SIGN"),
    ("--5", "TWO_SIGNS"),
    ("¥5", "CURRENCY"),
    ("￥5", "CURRENCY"),
    ("12。5", "OTHER_POINT"),
    ("1'234", "OTHER_POINT"),
    ("1.2.3", "TWO_POINTS"),
    ("5.", "TRAILING_POINT"),
    ("12%", "PERCENT_ELSEWHERE"),
    (0.12, "PERCENT_ELSEWHERE", "0%"),
    ("5万亿", "UNIT_TWICE"),
    ("1\u200b2", "INVISIBLE"),
    ("\ufeff12", "INVISIBLE"),
    ("1\u202a2", "INVISIBLE"),
    ("无", "PLACEHOLDER"),
    ("—", "PLACEHOLDER"),
    ("/", "PLACEHOLDER"),
    ("-", "PLACEHOLDER"),
    ("N/A", "PLACEHOLDER"),
    ("未填报", "PLACEHOLDER"),
    ("NaN", "NOT_FINITE"),
    ("∞", "NOT_FINITE"),
    ("#DIV/0!", "ERROR_VALUE"),
    ("#N/A", "ERROR_VALUE"),
    ("####", "ERROR_VALUE"),
    ("=5", "FORMULA"),
    ("＝5", "FORMULA"),
    ("合格", "NOT_A_NUMBER"),
    ("x", "NOT_A_NUMBER"),
    ("1" * 15, "TOO_LARGE"),
    ("1.1234567", "TOO_MANY_DECIMALS"),
    ("1.1234560", "1.123456"),
    ("9" * 70, "TOO_LONG"),
    (12345, "SCALED_FORMAT", "#,##0,"),
    (True, "NOT_NUMERIC_CELL"),
    (date(2018, 9, 30), "NOT_NUMERIC_CELL"),
    (datetime(2018, 9, 30, 12, 0), "NOT_NUMERIC_CELL"),  # noqa: DTZ001  a cell has no zone
    (time(12, 30), "NOT_NUMERIC_CELL"),
)
PERCENTS = _all(
    "percent",
    (95, "95"),
    (95.5, "95.5"),
    (0.95, "0.95", "General", "0.95 of a per cent; the checks ask about it"),
    (0.95, "95", "0%"),
    (0.9555, "95.55", "0.0%"),
    (0.29, "29", "0%"),
    (95, "9500", "0%", "what one sees; the checks ask about it"),
    (0.95, "95", '0"%"%'),
    (95, "95", '0"%"'),
    ("95%", "95"),
    ("95％", "95"),
    ("９５％", "95"),
    ("95 %", "95"),
    ("95.0%", "95"),
    ("950‰", "95"),
    ("95", "95"),
    ("95%%", "UNIT_TWICE"),
    ("95万", "MAGNITUDE_ELSEWHERE"),
    ("≥95%", "COMPARISON"),
    ("90%-95%", "RANGE"),
    ("百分之95", "FRACTION"),
)
OTHERS = (
    _all(
        "share", (0.95, "0.95"), ("95%", "0.95"), (0.95, "0.95", "0%"), ("950‰", "0.95"), ("1万", "MAGNITUDE_ELSEWHERE")
    )
    + _all("per_mille", (5, "5"), ("5‰", "5"), ("0.5%", "5"), (0.005, "5", "0.0%"), ("５‰", "5"))
    + _all(
        "measure",
        (12.5, "12.5"),
        ("12.5", "12.5"),
        ("1,234.5", "1234.5"),
        ("1.5万", "MAGNITUDE_ELSEWHERE"),
        ("95%", "PERCENT_ELSEWHERE"),
        ("12.5元", "TEXT_AFTER"),
    )
    + _all(
        "choice",
        ("是", "1"),
        ("否", "0"),
        ("Yes", "1"),
        ("no", "0"),
        (1, "1"),
        (0, "0"),
        (True, "1"),
        ("√", "1"),
        ("也许", "NOT_YES"),
        (2, "NOT_YES"),
    )
)
CELL_FORMS = [*COUNTS, *PERCENTS, *OTHERS]
