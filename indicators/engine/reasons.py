"""Why a result is what it is: codes and numbers, in no language. The words are put to them elsewhere.

Source: attainment rules section 7.
"""

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, cast

import numpy as np

from .attainment import RULE_VERSION, AttainmentColumns
from .compare import CEILINGS
from .path import path_start
from .rating import DEFAULT_MARGINS, Margins, margins_of
from .ratio import is_ahead
from .target import Comparator, Gap, Rating, RatioRule, Scale, TargetColumns


class Rule(IntEnum):
    """Which rule decided the colour. Source: attainment rules section 5."""

    GAP = 0
    MET = 1
    WITHIN_MARGIN = 2
    BEYOND_MARGIN = 3
    NO_MARGIN = 4  # missed, and nothing is amber


class RatioForm(IntEnum):
    """Which formula gave the ratio. Source: attainment rules section 4."""

    NONE = 0
    QUOTIENT = 1  # m / E
    MIRROR = 2  # 2 - m / E
    DEVIATION = 3  # 1 - |m - E| / |E|
    INSIDE = 4  # 1 inside the band
    ALL_OR_NOTHING = 5
    INVERSE = 6  # E / m
    FROM_BASELINE = 7  # (m - B) / (E - B)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Everything that a sentence under one cell needs. None stands for an absent number.

    Codes are the integers of the enumerations in `target` and here; quarters are ordinals; numbers are in the
    unit of the target's level, ratios pure. `missing_quarters` are ordinals, oldest first. `start` is where
    the path begins and what `from_baseline` counts from. `margin_size` is the margin as the target or its scale states
    it, `margin` the largest amber miss that follows from it.
    """

    rule: int
    rating: int
    gap: int
    gap_input: int
    flags: int
    quarter: int
    window: int
    window_start: int
    accumulation: int
    basis: int
    path: int
    comparator: int
    compare_on: int
    measured: float | None
    compared: float | None
    accumulated: float | None
    numerator: float | None
    denominator: float | None
    multiplier: float
    reference: float | None
    start: float | None
    expected: float | None
    expected_hi: float | None
    level: float | None
    level_hi: float | None
    elapsed: int
    total: int
    miss: float | None
    margin_kind: int
    margin_size: float
    margin: float | None
    ratio: float | None
    ratio_form: int
    completion: float | None
    count: int
    missing_quarters: tuple[int, ...]
    veto: bool
    rule_version: int = RULE_VERSION

    def as_dict(self) -> dict[str, object]:
        """Return the reason as plain values that JSON can hold."""
        return asdict(self) | {"missing_quarters": list(self.missing_quarters)}


def explain(
    results: AttainmentColumns,
    targets: TargetColumns,
    *,
    row: int,
    quarter: int,
    margins: Margins = DEFAULT_MARGINS,
) -> Reason:
    """Return the reason of one result: allocation `row`, quarter by its ordinal.

    `targets` and `margins` are those that the results were computed with.
    Errors: IndexError for a row or quarter outside the batch.
    """
    column = quarter - results.first_quarter
    if not 0 <= column < results.rating.shape[1]:
        raise IndexError(f"The quarter with ordinal {quarter} is outside the batch.")

    def code(name: str) -> int:
        return int(getattr(results, name)[row, column])

    codes = {name: int(getattr(targets, name)[row]) for name in _TARGET_CODES}
    codes |= {name: code(name) for name in _RESULT_CODES}
    numbers = {name: _number(getattr(results, name)[row, column]) for name in _RESULT_NUMBERS}
    kind, size, _ = margins_of(targets, margins)
    form = ratio_form(results, targets, row=row, column=column)
    start = _number(path_start(targets)[row])
    return Reason(
        rule=_deciding_rule(results, row=row, column=column),
        quarter=quarter,
        missing_quarters=missing_quarters(code("missing"), quarter=quarter),
        margin_kind=int(kind[row]),
        margin_size=float(size[row]),
        ratio_form=form,
        start=start,
        multiplier=float(targets.multiplier[row]),
        veto=bool(targets.veto[row]),
        **cast("dict[str, Any]", codes | numbers),
    )


def missing_quarters(bits: int, *, quarter: int) -> tuple[int, ...]:
    """Return the ordinals of the missing quarters, oldest first; bit i stands for the quarter i before."""
    return tuple(quarter - lag for lag in range(bits.bit_length() - 1, -1, -1) if bits >> lag & 1)


def ratio_form(results: AttainmentColumns, targets: TargetColumns, *, row: int, column: int) -> RatioForm:
    """Return which formula gave the ratio of one result; NONE where it has none."""
    if results.gap[row, column] != Gap.NONE:
        return RatioForm.NONE
    comparator, rule = targets.comparator[row], targets.ratio_rule[row]
    measured, expected = results.compared[row, column], results.expected[row, column]
    if targets.scale[row] in (Scale.ORDINAL, Scale.YES_NO):
        return RatioForm.ALL_OR_NOTHING
    if comparator == Comparator.BETWEEN:
        return _form_between(measured, low=expected, high=results.expected_hi[row, column])
    if expected == 0.0:
        return RatioForm.ALL_OR_NOTHING
    if comparator == Comparator.EQUAL:
        return RatioForm.DEVIATION
    falls = comparator in CEILINGS
    if rule == RatioRule.INVERSE and falls and expected > 0.0:
        return RatioForm.INVERSE
    start = path_start(targets)[row]
    if rule == RatioRule.FROM_BASELINE and is_ahead(expected, start, falls=np.asarray(falls)):
        return RatioForm.FROM_BASELINE
    return RatioForm.MIRROR if falls != (expected < 0.0) else RatioForm.QUOTIENT


def _form_between(measured: float, *, low: float, high: float) -> RatioForm:
    """Return the formula of a `between`."""
    bound = low if measured < low else high
    if low <= measured <= high:
        return RatioForm.INSIDE
    if bound == 0.0:
        return RatioForm.ALL_OR_NOTHING
    return RatioForm.QUOTIENT if (measured < low) == (bound > 0.0) else RatioForm.MIRROR


def _deciding_rule(results: AttainmentColumns, *, row: int, column: int) -> Rule:
    """Return the rule that gave the colour."""
    if results.gap[row, column] != Gap.NONE:
        return Rule.GAP
    if results.rating[row, column] == Rating.GREEN:
        return Rule.MET
    if results.rating[row, column] == Rating.AMBER:
        return Rule.WITHIN_MARGIN
    return Rule.NO_MARGIN if np.isnan(results.margin[row, column]) else Rule.BEYOND_MARGIN


def _number(value: np.float64) -> float | None:
    """Return the number, None for an absent one."""
    return float(value) if np.isfinite(value) else None


_TARGET_CODES = ("window", "accumulation", "basis", "path", "comparator", "compare_on")
_RESULT_CODES = ("rating", "gap", "gap_input", "flags", "window_start", "elapsed", "total", "count")
_RESULT_NUMBERS = (
    "measured",
    "compared",
    "accumulated",
    "numerator",
    "denominator",
    "reference",
    "expected",
    "expected_hi",
    "level",
    "level_hi",
    "miss",
    "margin",
    "ratio",
    "completion",
)
