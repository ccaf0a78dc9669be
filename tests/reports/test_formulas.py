"""The formula with the quarter's own numbers: the engine says which, the page only writes it."""

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils import translation

from indicators.engine.reasons import RatioForm
from indicators.engine.target import Accumulation, Basis, Comparator, Gap, Path, RatioRule, Scale, TargetColumns
from reports.formulas import find_form, list_formula_lines
from tests.reports.factories import gap_of, rate_target, result_of, target_of


def columns_of(**columns: object) -> TargetColumns:
    return TargetColumns.of(1, **({"first_quarter": 8060, "due_quarter": 8083, "level": 280.0} | columns))


def lines(result, figures=(), **columns):
    columns = {"comparator": result.target.comparator, "scale": result.target.indicator.scale} | columns
    with translation.override("en"):
        return [line.replace("\u00a0", " ") for line in list_formula_lines(result, figures, columns_of(**columns))]


def figures(*values):
    return [SimpleNamespace(value=Decimal(value)) for value in values]


def test_a_sum_in_equal_steps_within_the_year():
    assert lines(result_of(), figures(57, 66, 64)) == [
        "Actual = 57 + 66 + 64 = [[187 days]]",
        "Expected = 280 days × 3/4 = [[210 days]]",
        "Attainment = actual ÷ expected = 187 ÷ 210 = [[89.0%]]",
    ]


def test_a_rate_shows_its_counts():
    result = result_of(
        rate_target(), measured=93.1, expected=93.0, level=93.0, ratio=93.1 / 93, numerator=1862.0, denominator=2000.0
    )
    assert lines(result) == [
        "Actual = 1\u202f862 ÷ 2\u202f000 = [[93.1%]]",
        "Expected = the level itself = [[93%]]",
        "Attainment = actual ÷ expected = 93.1 ÷ 93 = [[100.1%]]",
    ]


def test_a_mean_and_a_newest_figure():
    mean = target_of(accumulation=Accumulation.MEAN.value)
    last = target_of(accumulation=Accumulation.LAST.value)
    assert lines(result_of(mean, measured=29.0), figures(31, 27))[0] == "Actual = (31 + 27) ÷ 2 = [[29 days]]"
    assert lines(result_of(last), figures(187))[0] == "Actual = [[187 days]]"


@pytest.mark.parametrize(
    ("basis", "line"),
    [
        (Basis.GROWTH, "Growth = (120 − 100) ÷ 100 = [[20%]]"),
        (Basis.REDUCTION, "Reduction = (100 − 120) ÷ 100 = [[20%]]"),
        (Basis.AVERAGE_GROWTH, "Average annual growth from 100 to 120 = [[20%]]"),
        (Basis.RANK, "Place among the peers = [[no. 20]]"),
    ],
)
def test_other_bases_show_what_they_compare_with(basis, line):
    target = target_of(basis=basis.value)
    result = result_of(target, measured=20.0, accumulated=120.0, reference=100.0)
    assert lines(result)[0].replace(" days", "").replace(" place", "") == line


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (Path.LINEAR, "Expected = in equal steps to 280 days, step 15 of 24 = [[210 days]]"),
        (Path.COMPOUND, "Expected = at constant growth to 280 days, step 15 of 24 = [[210 days]]"),
        (Path.SCHEDULED, "Expected = by the plan's interim levels = [[210 days]]"),
        (Path.SEASONAL, "Expected = 280 days × the share of the season = [[210 days]]"),
    ],
)
def test_every_path_says_how_the_expectation_came(path, line):
    assert lines(result_of(target_of(path=path.value)))[1] == line


@pytest.mark.parametrize(
    ("target", "columns", "form", "line"),
    [
        (
            target_of(comparator=Comparator.AT_MOST.value),
            {},
            RatioForm.MIRROR,
            "Attainment = 2 − actual ÷ expected = 2 − 187 ÷ 210 = [[89.0%]]",
        ),
        (
            target_of(comparator=Comparator.AT_MOST.value),
            {"ratio_rule": RatioRule.INVERSE},
            RatioForm.INVERSE,
            "Attainment = expected ÷ actual = 210 ÷ 187 = [[89.0%]]",
        ),
        (
            target_of(comparator=Comparator.EQUAL.value),
            {},
            RatioForm.DEVIATION,
            "Attainment = 1 − |actual − expected| ÷ expected = 1 − |187 − 210| ÷ 210 = [[89.0%]]",
        ),
        (
            target_of(indicator={"scale": Scale.YES_NO.value}),
            {},
            RatioForm.ALL_OR_NOTHING,
            "Attainment = met or not = [[89.0%]]",
        ),
    ],
)
def test_the_engine_chooses_the_form(target, columns, form, line):
    result = result_of(target)
    whole = {"comparator": target.comparator, "scale": target.indicator.scale} | columns
    assert find_form(result, columns_of(**whole)) is form
    assert lines(result, **columns)[-1] == line


def test_a_gap_has_no_ratio_and_nothing_measured_has_no_line():
    assert find_form(gap_of(Gap.NOT_REPORTED), columns_of()) is RatioForm.NONE
    assert lines(gap_of(Gap.NOT_REPORTED)) == []
    assert lines(gap_of(Gap.NOT_DUE, measured=187.0), figures(187)) == ["Actual = [[187 days]]"]
