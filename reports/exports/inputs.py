"""What the input cells of one row of the detail sheet hold, and which of its values are formulas of their own.

A row whose gap follows from an absent input has blank inputs and needs no word: whoever fills them in sees a rating.
Any other gap (not due, not applicable) is an input itself, under 给定状态.
"""

from dataclasses import dataclass

import numpy as np

from indicators.engine.path import path_start
from indicators.engine.target import (
    Accumulation,
    Basis,
    Comparator,
    CompareOn,
    Gap,
    MarginKind,
    RatioRule,
    Scale,
    TargetColumns,
)
from reports.exports import formulas, words
from reports.exports.layout import margin_cell
from reports.exports.sheet_xml import Value
from reports.exports.source import Result, TargetFacts

_ZERO_MARGIN = 1e-9


@dataclass(slots=True)
class Inputs:
    """Values by column key (absent: blank), and the formulas of those that are computed, for the row asked for."""

    values: dict[str, Value]
    formulas: dict[str, formulas.RowFormula]


def read_inputs(result: Result, facts: TargetFacts, *, grain: float | None) -> Inputs:
    """Return the inputs of a row. Units as in `Attainment`; words stand for absent numbers."""
    target = facts.target
    inputs = Inputs(
        values={
            "comparator": words.COMPARATORS[Comparator(result.comparator)],
            "level": _or_dash(result.level),
            "expected": _or_dash(result.expected),
            "level_hi": result.level_hi,
            "expected_hi": result.expected_hi,
            "scale": words.SCALES[Scale(target.indicator.scale)],
            "ratio_rule": words.RATIO_RULES[RatioRule(target.ratio_rule)],
            "compare_on": words.COMPARE_ON[CompareOn(target.compare_on)],
            "decimals": target.indicator.decimals,
            "multiplier": facts.multiplier,
            "weight": max(result.weight, 0.0),
            "veto": words.YES if result.is_veto else words.NO,
            "start": _start(result, facts),
        },
        formulas={},
    )
    _put_measured(inputs, result, facts, grain=grain)
    _put_margin(inputs, result, facts)
    if result.gap != Gap.NONE and _derived_gap(inputs) != result.gap:
        inputs.values["given_gap"] = words.GAPS[Gap(result.gap)]
    return inputs


def _put_measured(inputs: Inputs, result: Result, facts: TargetFacts, *, grain: float | None) -> None:
    """Fill numerator, denominator, accumulated value, reference and measured value."""
    target, values = facts.target, inputs.values
    basis = Basis(target.basis)
    is_counted = target.accumulation == Accumulation.RATIO
    is_reported = result.gap != Gap.NOT_REPORTED
    has_counts = is_counted and is_reported and result.numerator is not None and result.denominator is not None
    values["numerator"] = _or_dash(result.numerator if has_counts else None)
    values["denominator"] = _or_dash(result.denominator if has_counts else None)
    values["measured"] = _or_dash(result.measured)
    if basis in formulas.COMPARED:
        _put_compared(inputs, result, is_counted=is_counted, basis=basis, grain=grain)
    elif basis is not Basis.LEVEL:
        values["accumulated"], values["reference"] = result.accumulated, result.reference
    elif is_counted and (result.measured is not None or result.gap in (Gap.NOT_REPORTED, Gap.NOT_COMPUTABLE)):
        is_empty = has_counts and (result.denominator or 0) <= 0
        if result.measured is not None or is_empty or not has_counts:
            inputs.formulas["measured"] = formulas.MEASURED_FROM_COUNTS
            absent = words.NOT_COMPUTABLE if is_empty else words.NOT_REPORTED
            values["measured"] = absent if result.measured is None else result.measured


def _put_compared(inputs: Inputs, result: Result, *, is_counted: bool, basis: Basis, grain: float | None) -> None:
    """Fill the parts of a change, and let the value follow from them wherever there is one or could be one."""
    values = inputs.values
    values["reference"] = result.reference
    values["accumulated"] = result.accumulated if result.gap != Gap.NOT_REPORTED else None
    if is_counted and values["numerator"] != words.ABSENT:
        inputs.formulas["accumulated"] = formulas.ACCUMULATED_FROM_COUNTS
    inputs.formulas["measured"] = formulas.MEASURED_BY_BASIS[basis]
    inputs.formulas["grain"] = formulas.GRAIN_BY_BASIS[basis]
    values["grain"] = "" if grain is None or values["accumulated"] is None else grain
    if result.measured is None:
        values["measured"] = _word_for_change(basis, a=values["accumulated"], b=result.reference)
        if values["measured"] == "":  # both are there and the value is not: something else is wrong
            values["measured"] = words.ABSENT
            del inputs.formulas["measured"]
        if values["accumulated"] is None and "accumulated" in inputs.formulas:
            values["accumulated"] = ""


def _word_for_change(basis: Basis, *, a: Value, b: float | None) -> str:
    """Return the word that the formula of the basis gives where it gives no number."""
    awaits = basis is not Basis.GROWTH
    if b is None and awaits:
        return words.AWAITING
    if a is None:
        return words.NOT_REPORTED
    if b is None or (b <= 0 and basis in formulas.DIVIDED):
        return words.NOT_COMPUTABLE
    return ""


def _put_margin(inputs: Inputs, result: Result, facts: TargetFacts) -> None:
    """Fill the margin as the target or the thresholds state it.

    Where that does not come to the margin that was stored (a threshold changed since), the stored one stands.
    """
    values = inputs.values
    kind = facts.margin_kind
    values["margin_origin"] = words.DEFAULT if facts.is_margin_default else words.OWN
    values["margin_kind"] = words.MARGIN_KINDS[kind]
    values["margin_size"] = None if kind is MarginKind.NONE else facts.margin_size
    if facts.is_margin_default and kind is not MarginKind.NONE:
        scale = values["scale"]
        is_per_mille = facts.target.indicator.scale == Scale.RATE and facts.multiplier > 100
        word = words.SCALES[Scale.CONTINUOUS] if is_per_mille else str(scale)
        inputs.formulas["margin_size"] = formulas.RowFormula(margin_cell(word))
    if result.gap == Gap.NONE and not _is_stored_margin(inputs, result, kind):
        inputs.formulas.pop("margin_size", None)
        own = MarginKind.NONE if result.margin is None else MarginKind.ABSOLUTE
        values |= {
            "margin_origin": words.OWN,
            "margin_kind": words.MARGIN_KINDS[own],
            "margin_size": result.margin,
        }


def _is_stored_margin(inputs: Inputs, result: Result, kind: MarginKind) -> bool:
    is_above = result.expected_hi is not None and (result.measured or 0.0) > result.expected_hi
    bound = (result.expected_hi if is_above else result.expected) or 0.0
    is_floor = result.comparator in (Comparator.AT_LEAST, Comparator.ABOVE)
    is_strict = inputs.values["margin_origin"] == words.DEFAULT and not is_floor and bound == 0.0
    if kind is MarginKind.NONE or is_strict:
        return result.margin is None
    size = inputs.values["margin_size"]
    stated = float(size or 0.0) * (abs(bound) if kind is MarginKind.RELATIVE else 1.0)
    return result.margin is not None and abs(stated - result.margin) <= _ZERO_MARGIN * max(abs(stated), 1.0)


def _derived_gap(inputs: Inputs) -> int:
    """Return the gap that the formula finds by itself."""
    values = inputs.values
    if values["expected"] == words.ABSENT:
        return Gap.AWAITING
    by_word = {
        words.ABSENT: Gap.NOT_REPORTED,
        words.NOT_REPORTED: Gap.NOT_REPORTED,
        words.AWAITING: Gap.AWAITING,
        words.NOT_COMPUTABLE: Gap.NOT_COMPUTABLE,
    }
    measured = values["measured"]
    return by_word.get(measured, Gap.NONE) if isinstance(measured, str) else Gap.NONE


def _start(result: Result, facts: TargetFacts) -> float | None:
    """Return where the path starts, for targets rated from there; None for all others."""
    target = facts.target
    if target.ratio_rule != RatioRule.FROM_BASELINE:
        return None
    baseline = result.baseline if result.baseline is not None else target.baseline
    columns = TargetColumns.of(
        1,
        level=0.0,
        first_quarter=target.first_quarter.ordinal,
        due_quarter=target.due_quarter.ordinal,
        window=target.window,
        accumulation=target.accumulation,
        basis=target.basis,
        baseline=np.nan if baseline is None else float(baseline),
    )
    start = float(path_start(columns)[0])
    return start if np.isfinite(start) else None


def _or_dash(value: float | None) -> Value:
    return words.ABSENT if value is None else value
