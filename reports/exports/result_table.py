"""What a workbook of the list of targets holds in each of its columns."""

from collections.abc import Callable
from math import isfinite

from indicators.answers import write_answer
from indicators.bounds import write_bound, write_expected
from indicators.engine.target import Basis
from indicators.marks import mark_result
from indicators.models.attainment import Attainment
from qscounty.web.formats import ABSENT, NO_BREAK_SPACE, round_half_up
from reports.exports.list_sheet import Shown
from reports.exports.styles import GENERAL, MOST_DECIMALS, SHARE, Look
from reports.presenters import list_flags

WIDTHS = {"name": 34, "clause": 10, "bound": 20, "region": 12, "department": 16}


def _measure(result: Attainment) -> Shown:
    """Return the measured value, rounded as on the page, of a question the answer; a dash where there is none."""
    target, value = result.target, result.measured
    if value is None or not isfinite(value):
        return Look.NUMBER, GENERAL, ABSENT
    if target.basis == Basis.RANK:
        return Look.NUMBER, _show_unit(target.unit_of_level, 0), float(value)
    decimals = target.indicator.decimals
    if answer := write_answer(target.indicator, value):
        return Look.NUMBER, GENERAL, answer
    return Look.NUMBER, _show_unit(target.unit_of_level, decimals), float(round_half_up(value, decimals))


def _show_unit(unit: str, decimals: int) -> str:
    """Return a number format with the whole unit behind the number, as on the page."""
    places = min(max(decimals, 0), MOST_DECIMALS)
    number = "#,##0" if not places else f"#,##0.{'0' * places}"
    space = "" if not unit or unit[0] in "%‰°" else NO_BREAK_SPACE
    quoted = unit.replace('"', "")
    return f'{number}"{space}{quoted}"' if quoted else number


def _attain(result: Attainment) -> Shown:
    if result.ratio is None or not isfinite(result.ratio):
        return Look.NUMBER, GENERAL, ABSENT
    return Look.NUMBER, SHARE, float(round_half_up(result.ratio, 3))


def _rate(result: Attainment) -> Shown:
    """Return the word of the rating alone, so that one can filter by it, with the flags behind it."""
    words = [str(mark_result(result.rating, result.gap).word), *map(str, list_flags(result))]
    return Look.CENTRED, GENERAL, " · ".join(words)


def _text(result_text: Callable[[Attainment], str], look: Look = Look.TEXT) -> Callable[[Attainment], Shown]:
    return lambda result: (look, GENERAL, result_text(result))


CELLS: dict[str, Callable[[Attainment], Shown]] = {
    "name": _text(lambda result: result.target.indicator.name),
    "clause": _text(lambda result: result.target.clause.number),
    "bound": _text(lambda result: write_bound(result.target, result.level, result.level_hi)),
    "region": _text(lambda result: result.region.name),
    "department": _text(lambda result: result.department.short_name),
    "measured": _measure,
    "expected": _text(write_expected, Look.NUMBER),
    "ratio": _attain,
    "rating": _rate,
}
