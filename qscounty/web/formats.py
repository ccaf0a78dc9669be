"""Numbers and quarters as pages and sheets show them: the only place that rounds, half up, stated.

Rounding takes the shortest decimal that a float stands for, so that 92.95 becomes 93.0 as on paper. Absence is
`ABSENT`, never 0 and never blank. Source: trust rule 18, screens.md "Numbers".
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from django.utils.translation import get_language
from django.utils.translation import gettext as _

ABSENT = "—"
THIN_SPACE = "\u202f"  # narrow and unbreakable
NO_BREAK_SPACE = "\u00a0"
MINUS = "−"
_SINGULARS = {
    "awards": "award",
    "bodies": "body",
    "brands": "brand",
    "cases": "case",
    "counties": "county",
    "days": "day",
    "districts": "district",
    "firms": "firm",
    "groups": "group",
    "incidents": "incident",
    "items": "item",
    "laboratories": "laboratory",
    "offices": "office",
    "parks": "park",
    "pastures": "pasture",
    "persons": "person",
    "plans": "plan",
    "ponds": "pond",
    "products": "product",
    "projects": "project",
    "reports": "report",
    "rivers": "river",
    "sets of criteria": "set of criteria",
    "sites": "site",
    "standards": "standard",
    "stations": "station",
    "tonnes": "tonne",
    "townships": "township",
    "trademarks": "trademark",
    "villages": "village",
    "water bodies": "water body",
    "zones": "zone",
}
"""English units of the catalogues that are counted one by one; of all others 1 is written as any number."""
_CHINESE_NUMBERS = "一二三四"

Number = Decimal | float | int | None


def round_half_up(value: Decimal | float, decimals: int) -> Decimal:
    """Return `value` with `decimals` digits after the point, ties away from zero."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else value)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded.is_zero() else rounded  # no minus before a zero


def format_number(value: Number, decimals: int | None = None) -> str:
    """Return digits in groups of three, e.g. 12 345.6; ABSENT for nothing.

    `decimals` absent keeps the digits that the number has, at most six.
    """
    if value is None or not isfinite(value):
        return ABSENT
    rounded = round_half_up(value, 6 if decimals is None else decimals)
    if decimals is None:
        rounded = rounded.normalize()
    text = f"{abs(rounded):,f}".replace(",", THIN_SPACE)
    return f"{MINUS}{text}" if rounded < 0 else text


def write_plain(value: Decimal | None) -> str:
    """Return a number as one would type it: all its digits, no groups, no zeros that say nothing; "" for none."""
    if value is None:
        return ""
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def format_trimmed(value: Number, at_most: int) -> str:
    """Return the number rounded to `at_most` digits after the point, without zeros at its end."""
    text = format_number(value, at_most)
    return text.rstrip("0").rstrip(".") if "." in text else text


def add_unit(number: str, unit: str) -> str:
    """Return a number already written with its unit; a sign like % follows without a space.

    An English unit beside a plain 1 stands in the singular: 1 county, 187 days.
    """
    if number == ABSENT or not unit:
        return number
    if number.lstrip(MINUS) == "1":
        unit = _SINGULARS.get(unit, unit)
    return f"{number}{unit}" if unit[0] in "%‰°" else f"{number}{NO_BREAK_SPACE}{unit}"


def format_quantity(value: Number, *, unit: str, decimals: int | None = None) -> str:
    """Return the number with its unit: 93.1%, 187 days; a unit that is a sign follows without a space."""
    return add_unit(format_number(value, decimals), unit)


def format_ratio(ratio: Number, decimals: int = 1) -> str:
    """Return a pure number as per cent, e.g. 0.8904 as 89.0%; ABSENT for nothing."""
    if ratio is None or not isfinite(ratio):
        return ABSENT
    exact = ratio if isinstance(ratio, Decimal) else Decimal(repr(float(ratio)))
    return f"{format_number(exact * 100, decimals)}%"


def format_share(part: int, whole: int) -> str:
    """Return a share of counts as whole per cent, e.g. 53 of 55 as 96%; ABSENT of nothing.

    Never 100% while one is missing, never 0% while one is there.
    """
    if not whole:
        return ABSENT
    percent = round_half_up(Decimal(part) / whole * 100, 0)
    if percent == 100 and part < whole:
        percent = Decimal(99)
    if percent == 0 and part > 0:
        percent = Decimal(1)
    return f"{percent}%"


@dataclass(frozen=True, slots=True)
class Change:
    """A difference ready to be shown: direction "up", "down" or "same", and the size without a sign."""

    direction: str
    size: str

    @property
    def mark(self) -> str:
        """The triangle that points the way; a dash where nothing changed."""
        return {"up": "▲", "down": "▼"}.get(self.direction, "")

    @property
    def signed(self) -> str:
        """The size with + or −."""
        return {"up": "+", "down": MINUS}.get(self.direction, "") + self.size


def compare(now: Number, before: Number, decimals: int = 1) -> Change | None:
    """Return the change as rounded for show, None where either is absent."""
    if now is None or before is None or not isfinite(now) or not isfinite(before):
        return None
    difference = round_half_up(Decimal(repr(float(now))) - Decimal(repr(float(before))), decimals)
    direction = "same" if difference == 0 else "up" if difference > 0 else "down"
    return Change(direction, format_number(abs(difference), decimals))


def format_points(now: Number, before: Number, decimals: int = 1) -> str:
    """Return the change of a rate in percentage points, with its sign; ABSENT where either is absent."""
    change = compare(now, before, decimals)
    return ABSENT if change is None else _("%(change)s percentage points") % {"change": change.signed}


def format_growth(now: Number, before: Number, decimals: int = 1) -> str:
    """Return the change of a quantity in per cent of what it was; ABSENT where it was nothing."""
    if now is None or not before or not isfinite(now) or not isfinite(before):
        return ABSENT
    change = compare(float(now) / abs(float(before)) * 100, float(before) / abs(float(before)) * 100, decimals)
    return ABSENT if change is None else f"{change.signed}%"


def is_chinese() -> bool:
    """Say whether the page is in Chinese."""
    return (get_language() or "zh").startswith("zh")


def format_quarter(year: int, number: int) -> str:
    """Return 2018年三季度 or Q3 2018."""
    return f"{year}年{_CHINESE_NUMBERS[number - 1]}季度" if is_chinese() else f"Q{number} {year}"


def format_quarter_number(number: int) -> str:
    """Return the quarter within a year that is known: 三季度 or Q3."""
    return f"{_CHINESE_NUMBERS[number - 1]}季度" if is_chinese() else f"Q{number}"


def format_quarter_range(first: tuple[int, int], last: tuple[int, int]) -> str:
    """Return a span of (year, number) quarters: 2018年1—3季度 or Q1–Q3 2018; one quarter alone as itself."""
    if first == last:
        return format_quarter(*last)
    if first[0] != last[0]:
        return f"{format_quarter(*first)}{'至' if is_chinese() else ' to '}{format_quarter(*last)}"
    if is_chinese():
        return f"{last[0]}年{first[1]}—{last[1]}季度"
    return f"Q{first[1]}–Q{last[1]} {last[0]}"
