"""The detail sheet: one row a result, streamed; inputs as cells, everything else as formulas with stored results."""

import hashlib
from collections.abc import Iterator
from itertools import islice

from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from indicators.engine.target import Accumulation, Basis, Gap, Rating
from qscounty.web.formats import round_half_up
from reports.exports import formulas, words
from reports.exports.inputs import Inputs, read_inputs
from reports.exports.layout import COLUMNS, COUNTERS, FIRST_ROW, LETTERS, PRINTED, Sheet, last_row
from reports.exports.pages import Frame, Table, height_of, number_columns, prepare
from reports.exports.remarks import Remarks
from reports.exports.restated import Steps, restate
from reports.exports.sheet_xml import (
    Value,
    first_of_shared_formula,
    formula_cell,
    row,
    shared_formula_cell,
    value_cell,
)
from reports.exports.source import CHUNK, Edition, Result, TargetFacts
from reports.exports.styles import COUNT, MOST_DECIMALS, SCORE, SHARE, Look, Styles, colour_ratings, format_with_unit
from reports.exports.tally import Tally, department_key, region_key

_SHARED = {rule.key: index for index, rule in enumerate(formulas.RULES)}
_FORMULAS = {rule.key: rule.formula for rule in formulas.RULES}
_WRAPPED = [(c.key, c.width) for c in PRINTED if c.key in {"name", "unit", "department", "clause", "remark"}]
_LEFT = {"name", "department", "remark"}
_CHANGES = (Basis.GROWTH, Basis.AVERAGE_GROWTH, Basis.GROWTH_ON_BASELINE, Basis.REDUCTION)


def prepare_detail(workbook: Workbook, edition: Edition, *, frame: Frame, running_title: str) -> Table:
    """Add the sheet: helper columns folded away, ratings coloured, comparators to choose from, filters."""
    table = Table(
        sheet=Sheet.DETAIL,
        frame=frame,
        headings=[column.heading for column in COLUMNS],
        widths=[column.width for column in COLUMNS],
        rows=edition.rows,
        printed=len(PRINTED),
        frozen=4,
        numbering=[*number_columns(len(COLUMNS) - len(COUNTERS)), *(0 for _each in COUNTERS)],
    )
    sheet = prepare(workbook, table, running_title=running_title)
    bottom = last_row(edition.rows)
    colour_ratings(sheet, f"{LETTERS['rating']}{FIRST_ROW}:{LETTERS['rating']}{bottom}")
    sheet.auto_filter.ref = f"A{FIRST_ROW - 1}:{LETTERS['remark']}{bottom}"
    for key, choices in (
        ("comparator", words.COMPARATORS),
        ("given_gap", words.GAPS),
        ("margin_kind", words.MARGIN_KINDS),
    ):
        validation = DataValidation("list", formula1=f'"{",".join(choices.values())}"', allow_blank=True)
        validation.add(f"{LETTERS[key]}{FIRST_ROW}:{LETTERS[key]}{bottom}")
        sheet.add_data_validation(validation)
    return table


class DetailRows:
    """Turns results into rows. Styles are asked for before the first row: the writer only knows their numbers."""

    def __init__(self, edition: Edition, remarks: Remarks, styles: Styles) -> None:
        self.edition = edition
        self.remarks = remarks
        self.tally = Tally()
        self._digest = hashlib.sha256()
        self._looks = {column.key: styles.number(*_look_of(column.key, column.is_input)) for column in COLUMNS}
        self._places = [
            (column.key, LETTERS[column.key], self._looks[column.key], _SHARED.get(column.key), column in PRINTED)
            for column in COLUMNS
        ]
        units = sorted({facts.target.unit_of_level_zh for facts in edition.targets.values()})
        self._by_unit = {
            (look, unit, places): styles.number(look, format_with_unit(unit, places))
            for unit in units
            for places in range(MOST_DECIMALS + 1)
            for look in (Look.INPUT, Look.NUMBER)
        }
        self._fractions = styles.number(Look.INPUT, "#,##0.00####")

    def write(self, results: Iterator[Result]) -> Iterator[str]:
        """Yield the rows of all results, a chunk in memory at a time."""
        for number, result, inputs, values in self._list_rows(results):
            facts = self.edition.targets[result.target_id]
            height = height_of((values[key], width) for key, width in _WRAPPED)
            yield row(number, self._cells(number, values, inputs, self._shown(result, facts)), height=height)

    def list_values(self, results: Iterator[Result]) -> Iterator[dict[str, Value]]:
        """Yield the values of each row by column, as formulas and inputs show them; numbers are not rounded."""
        for _number, _result, _inputs, values in self._list_rows(results):
            yield values

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every result's own numbers in canonical text, whatever the sheet looks like."""
        return self._digest.hexdigest()

    def _take_print(self, result: Result, facts: TargetFacts) -> None:
        place = self.edition.regions[result.region_id].code, facts.target.code, facts.target.version
        numbers = (result.measured, result.expected, result.ratio, result.completion, result.rating, result.gap)
        self._digest.update("|".join(map(repr, (*place, *numbers))).encode() + b"\n")

    def _list_rows(self, results: Iterator[Result]) -> Iterator[tuple[int, Result, Inputs, dict[str, Value]]]:
        number = FIRST_ROW
        while chunk := list(islice(results, CHUNK)):
            steps = restate(chunk, self.edition.targets)
            for place, result in enumerate(chunk):
                yield number, result, *self._value(number, result, steps, place)
                number += 1

    def _value(self, number: int, result: Result, steps: Steps, place: int) -> tuple[Inputs, dict[str, Value]]:
        facts = self.edition.targets[result.target_id]
        inputs = read_inputs(result, facts, grain=steps.grain[place])
        values = self._describe(number, result, facts) | inputs.values
        values |= _restate_row(result, steps, place)
        self.tally.add(result, values)
        self._take_print(result, facts)
        values["red_count"] = self.tally.counts["red_count"]
        values["unreported_count"] = self.tally.counts["unreported_count"]
        return inputs, values

    def _cells(self, number: int, values: dict[str, Value], inputs: Inputs, shown: dict[str, int]) -> Iterator[str]:
        tail = str(number)
        for key, letter, style, index, is_printed in self._places:
            value = values.get(key)
            reference = letter + tail
            if index is not None:
                value = "" if value is None else value
                if number == FIRST_ROW:
                    yield self._first_formula(reference, key, index, value)
                else:
                    yield shared_formula_cell(reference, style, index=index, value=value)
            elif key in inputs.formulas:
                yield formula_cell(reference, shown.get(key, style), inputs.formulas[key].at(number), value)
            elif value is not None and value != "":
                yield value_cell(reference, shown.get(key, style), value)
            elif is_printed:
                yield value_cell(reference, style, None)

    def _first_formula(self, reference: str, key: str, index: int, value: Value) -> str:
        span = f"{reference}:{LETTERS[key]}{last_row(self.edition.rows)}"
        return first_of_shared_formula(
            reference, self._looks[key], formula=_FORMULAS[key], index=index, span=span, value=value
        )

    def _describe(self, number: int, result: Result, facts: TargetFacts) -> dict[str, Value]:
        region = self.edition.regions[result.region_id]
        department = self.edition.departments[result.department_id]
        target = facts.target
        return {
            "number": number - FIRST_ROW + 1,
            "region": region.short_zh,
            "domain": words.DOMAINS[result.domain],
            "name": target.indicator.name_zh,
            "unit": target.unit_of_level_zh,
            "department": department.name_zh,
            "clause": target.clause.number,
            "remark": self.remarks.of(result, facts),
            "region_key": region_key(region.code),
            "department_key": department_key(department),
        }

    def _shown(self, result: Result, facts: TargetFacts) -> dict[str, int]:
        """Return the styles of this row's numbers: unit and as many decimals as tell it from its bound."""
        target = facts.target
        unit, own = target.unit_of_level_zh, target.indicator.decimals
        if target.basis in _CHANGES:
            own = max(own, 1)
        at_level = max(_digits(result.level), _digits(result.level_hi))
        at_expected = min(_digits(result.expected), max(own, at_level) + 1)
        look = Look.NUMBER if target.basis in _CHANGES or target.accumulation == Accumulation.RATIO else Look.INPUT
        shown = {
            "level": self._by_unit[Look.INPUT, unit, at_level],
            "expected": self._by_unit[Look.INPUT, unit, at_expected],
            "measured": self._by_unit[look, unit, _decimals_apart(result, own)],
        }
        for key in ("numerator", "denominator"):
            value = getattr(result, key)
            if value is not None and value % 1:
                shown[key] = self._fractions
        return shown


def _restate_row(result: Result, steps: Steps, place: int) -> dict[str, Value]:
    """Return what the formulas of a row come to."""
    rated = result.gap == Gap.NONE
    blank = "" if rated else None
    ratio = result.ratio if result.ratio is not None else words.ABSENT
    capped = min(1.0, result.ratio) if rated and result.ratio is not None else 0.0
    word = words.RATINGS.get(Rating(result.rating), "")
    return {
        "gap": "" if rated else words.GAPS[Gap(result.gap)],
        "compared": steps.compared[place],
        "distance": steps.distance[place],
        "distance_hi": steps.distance_hi[place],
        "met": int(result.rating == Rating.GREEN) if rated else blank,
        "miss": result.miss if rated else blank,
        "margin": result.margin if rated else blank,
        "ratio": ratio,
        "rating": word if rated else words.GAPS[Gap(result.gap)],
        "score": 100.0 * capped if rated else words.ABSENT,
        "level_distance": steps.level_distance[place],
        "level_distance_hi": steps.level_distance_hi[place],
        "level_met": steps.level_met[place],
        "completion": words.ABSENT if result.completion is None else result.completion,
        "rated_weight": max(result.weight, 0.0) if rated else blank,
        "attained": round(max(result.weight, 0.0) * capped, 9) if rated else blank,
    }


def _look_of(key: str, is_input: bool) -> tuple[Look, str]:
    if key in ("numerator", "denominator"):
        return Look.INPUT, COUNT
    if key in ("ratio", "completion"):
        return Look.NUMBER, SHARE
    if key == "score":
        return Look.NUMBER, SCORE
    if key == "rating":
        return Look.RATING, "General"
    if is_input:
        return Look.INPUT_TEXT, "General"
    return (Look.TEXT if key in _LEFT else Look.CENTRED), "General"


def _digits(value: float | None) -> int:
    """Return how many decimals a number has, at most six."""
    if value is None:
        return 0
    return len(f"{value:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def _decimals_apart(result: Result, decimals: int) -> int:
    """Return the indicator's decimals, or more where a missed bound would otherwise look met."""
    bound = result.expected
    if result.rating in (Rating.GREEN, Rating.GREY) or result.measured is None or bound is None:
        return decimals
    while decimals < MOST_DECIMALS and round_half_up(result.measured, decimals) == round_half_up(bound, decimals):
        decimals += 1
    return decimals
