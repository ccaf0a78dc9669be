"""The formula behind a result with the quarter's own numbers in it, line by line.

Only written, never computed: every number is one that the engine stored. Source: attainment rules sections 1 to 4.
"""

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
from django.utils.translation import gettext as _

from indicators.answers import write_answer
from indicators.bounds import write_level, write_value
from indicators.engine.reasons import RatioForm, ratio_form
from indicators.engine.target import Accumulation, Basis, Comparator, Gap, Path, TargetColumns
from indicators.models import ApprovedFigure
from indicators.models.attainment import Attainment
from qscounty.web.formats import Number, add_unit, format_number, format_ratio, format_trimmed

_DIGITS = 4
"""After the point, so that a formula stays readable."""


def list_formula_lines(result: Attainment, figures: Sequence[ApprovedFigure], columns: TargetColumns) -> list[str]:
    """Return the lines: how the value was made, the expectation, the ratio; nothing for a result without numbers."""
    lines = [_write_value(result, figures)] if result.measured is not None else []
    if result.expected is not None and result.gap == Gap.NONE:
        lines.append(_write_expectation(result))
    form = find_form(result, columns)
    if form is not RatioForm.NONE:
        lines.append(_write_ratio(result, form))
    return lines


def find_form(result: Attainment, columns: TargetColumns) -> RatioForm:
    """Return which formula gave the ratio, as the engine says."""
    stored = SimpleNamespace(
        gap=np.array([[result.gap]]),
        compared=np.array([[_float(result.measured)]]),
        expected=np.array([[_float(result.expected)]]),
        expected_hi=np.array([[_float(result.expected_hi)]]),
    )
    return ratio_form(stored, columns, row=0, column=0)  # type: ignore[arg-type]  # the four columns it reads


def _write_value(result: Attainment, figures: Sequence[ApprovedFigure]) -> str:
    """Return how the quarters of the window became the value."""
    target, basis = result.target, Basis(result.target.basis)
    value = write_value(result.measured, target)
    if basis is not Basis.LEVEL:
        return _write_basis(result, value)
    if target.accumulation == Accumulation.RATIO and result.denominator:
        words = {"a": format_number(result.numerator), "b": format_number(result.denominator), "value": value}
        return _("Actual = %(a)s ÷ %(b)s = [[%(value)s]]") % words
    values = [format_number(figure.value) for figure in figures if figure.value is not None]
    if target.accumulation == Accumulation.SUM and len(values) > 1:
        return _("Actual = %(terms)s = [[%(value)s]]") % {"terms": " + ".join(values), "value": value}
    if target.accumulation == Accumulation.MEAN and len(values) > 1:
        terms = " + ".join(values)
        return _("Actual = (%(terms)s) ÷ %(count)d = [[%(value)s]]") % {
            "terms": terms,
            "count": len(values),
            "value": value,
        }
    return _("Actual = [[%(value)s]]") % {"value": value}


def _write_basis(result: Attainment, value: str) -> str:
    now, reference = format_number(result.accumulated), format_number(result.reference)
    words = {"a": now, "b": reference, "value": value}
    return {
        Basis.GROWTH: _("Growth = (%(a)s − %(b)s) ÷ %(b)s = [[%(value)s]]"),
        Basis.AVERAGE_GROWTH: _("Average annual growth from %(b)s to %(a)s = [[%(value)s]]"),
        Basis.GROWTH_ON_BASELINE: _("Growth = (%(a)s − %(b)s) ÷ %(b)s = [[%(value)s]]"),
        Basis.REDUCTION: _("Reduction = (%(b)s − %(a)s) ÷ %(b)s = [[%(value)s]]"),
        Basis.POINTS: _("Change = %(a)s − %(b)s = [[%(value)s]]"),
        Basis.OVER_BENCHMARK: _("Distance to the benchmark = %(a)s − %(b)s = [[%(value)s]]"),
        Basis.RANK: _("Place among the peers = [[%(value)s]]"),
        Basis.LEVEL: _("Actual = [[%(value)s]]"),
    }[Basis(result.target.basis)] % words


def _write_expectation(result: Attainment) -> str:
    """Return how the expected level of the quarter follows from the level."""
    target, path = result.target, Path(result.target.path)
    words = {
        "level": write_level(result.level, target),
        "expected": write_answer(target.indicator, result.expected)
        or add_unit(format_trimmed(result.expected, _DIGITS), target.unit_of_level),
        "number": result.quarter.number,
        "k": min(result.elapsed, result.total),
        "n": result.total,
    }
    if target.comparator == Comparator.BETWEEN or result.expected == result.level:
        return _("Expected = the level itself = [[%(expected)s]]") % words
    return {
        Path.ANNUAL: _("Expected = %(level)s × %(number)d/4 = [[%(expected)s]]"),
        Path.LINEAR: _("Expected = in equal steps to %(level)s, step %(k)d of %(n)d = [[%(expected)s]]"),
        Path.COMPOUND: _("Expected = at constant growth to %(level)s, step %(k)d of %(n)d = [[%(expected)s]]"),
        Path.SCHEDULED: _("Expected = by the plan's interim levels = [[%(expected)s]]"),
        Path.SEASONAL: _("Expected = %(level)s × the share of the season = [[%(expected)s]]"),
    }.get(path, _("Expected = [[%(expected)s]]")) % words


def _write_ratio(result: Attainment, form: RatioForm) -> str:
    target = result.target
    bound = result.expected
    if form in (RatioForm.QUOTIENT, RatioForm.MIRROR) and target.comparator == Comparator.BETWEEN:
        bound = result.expected_hi if (result.measured or 0) > (result.expected_hi or 0) else result.expected
    words = {
        "m": format_trimmed(result.measured, _DIGITS),
        "e": format_trimmed(bound, _DIGITS),
        "b": format_number(result.reference if result.reference is not None else target.baseline),
        "ratio": format_ratio(result.ratio),
    }
    return {
        RatioForm.QUOTIENT: _("Attainment = actual ÷ expected = %(m)s ÷ %(e)s = [[%(ratio)s]]"),
        RatioForm.MIRROR: _("Attainment = 2 − actual ÷ expected = 2 − %(m)s ÷ %(e)s = [[%(ratio)s]]"),
        RatioForm.DEVIATION: _(
            "Attainment = 1 − |actual − expected| ÷ expected = 1 − |%(m)s − %(e)s| ÷ %(e)s = [[%(ratio)s]]"
        ),
        RatioForm.INSIDE: _("Attainment = inside the range = [[%(ratio)s]]"),
        RatioForm.ALL_OR_NOTHING: _("Attainment = met or not = [[%(ratio)s]]"),
        RatioForm.INVERSE: _("Attainment = expected ÷ actual = %(e)s ÷ %(m)s = [[%(ratio)s]]"),
        RatioForm.FROM_BASELINE: _(
            "Attainment = (actual − baseline) ÷ (expected − baseline)"
            " = (%(m)s − %(b)s) ÷ (%(e)s − %(b)s) = [[%(ratio)s]]"
        ),
        RatioForm.NONE: "",
    }[form] % words


def _float(value: Number) -> float:
    return float("nan") if value is None else float(value)
