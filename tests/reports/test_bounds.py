"""How bounds, values and distances are written. Source: attainment rules section 3; Civil Code article 1259."""

from decimal import Decimal

import pytest
from django.utils import translation

from indicators.bounds import (
    write_bound,
    write_bound_in_words,
    write_difference,
    write_expected,
    write_expected_level,
    write_level,
    write_period,
    write_value,
)
from indicators.engine.period import Quarter
from indicators.engine.target import Basis, Comparator, Gap, Scale
from tests.reports.factories import gap_of, rate_target, result_of, target_of


@pytest.fixture(autouse=True)
def _chinese():
    with translation.override("zh-hans"):
        yield


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("comparator", "level", "high", "written"),
    [
        (Comparator.AT_LEAST, "93", None, "≥ 93 天"),
        (Comparator.ABOVE, "280.000000", None, "> 280 天"),
        (Comparator.AT_MOST, "0.1", None, "≤ 0.1 天"),
        (Comparator.BELOW, "5", None, "< 5 天"),
        (Comparator.EQUAL, "0", None, "= 0 天"),
        (Comparator.BETWEEN, "1", "3", "1–3 天"),
    ],
)
def test_bounds(comparator, level, high, written):
    target = target_of(comparator=comparator.value, level=Decimal(level), level_hi=Decimal(high) if high else None)
    assert plain(write_bound(target, target.level, target.level_hi)) == written


@pytest.mark.parametrize(
    ("basis", "level", "written"),
    [
        (Basis.GROWTH, "18", "同比增长 > 18%"),
        (Basis.AVERAGE_GROWTH, "12", "年均增长 > 12%"),
        (Basis.REDUCTION, "11.3", "下降 > 11.3%"),
        (Basis.OVER_BENCHMARK, "0", "高于对比值"),
        (Basis.OVER_BENCHMARK, "2", "高出对比值 > 2"),
        (Basis.RANK, "3", "排名 > 3"),
    ],
)
def test_bounds_of_other_bases_say_what_is_bounded(basis, level, written):
    target = target_of(basis=basis.value, level=Decimal(level))
    assert plain(write_bound(target, target.level)).startswith(written)


def test_a_level_still_to_be_given_is_named_so():
    target = target_of(level=None)
    assert write_bound(target, None) == "待定"
    assert write_bound_in_words(target) == "待定"


@pytest.mark.parametrize(
    ("comparator", "words"),
    [
        (Comparator.AT_LEAST, "含本数"),
        (Comparator.ABOVE, "不含本数"),
        (Comparator.AT_MOST, "含本数"),
        (Comparator.BELOW, "不含本数"),
        (Comparator.EQUAL, "恰为此数"),
        (Comparator.BETWEEN, "两端均含本数"),
    ],
)
def test_the_words_of_the_bound_say_whether_it_counts_itself(comparator, words):
    target = target_of(comparator=comparator.value, level_hi=Decimal(300))
    assert f"“超过280天”，{words}）" in write_bound_in_words(target)


def test_a_bound_without_quote():
    assert plain(write_bound_in_words(target_of(quote=""))) == "> 280 天（不含本数）"


def test_distances_of_rates_are_percentage_points():
    assert write_difference(0.9, rate_target()) == "0.9 个百分点"
    assert plain(write_difference(19.5, target_of())) == "19.5 天"


def test_values_round_to_the_indicators_decimals_and_expectations_to_one_more():
    assert write_value(93.05, rate_target()) == "93.1%"
    assert write_value(None, rate_target()) == "—"
    assert plain(write_expected(result_of(expected=6.3))) == "> 6.3 天"
    assert write_expected(gap_of(Gap.NOT_DUE)) == "—"
    assert write_level(Decimal("98.500000"), rate_target()) == "98.5%"


def test_a_rank_is_whole():
    target = rate_target(basis=Basis.RANK.value)
    assert write_value(3.0, target) == "第 3 位"


def test_an_expected_band_has_both_ends():
    target = target_of(comparator=Comparator.BETWEEN.value)
    assert plain(write_expected(result_of(target, expected=1.0, expected_hi=3.0))) == "1–3 天"


def test_periods():
    assert write_period(result_of()) == "2018年1—3季度"
    assert write_period(result_of(window_start=Quarter.of(2017, 4))) == "2017年四季度至2018年三季度"


def question(**fields):
    """Return a target whose figure is yes or no, as 1 or 0, and which wants a yes."""
    asked = {"scale": Scale.YES_NO.value, "unit_zh": "是（1）否（0）", "unit_en": "yes (1) or no (0)"}
    return target_of(indicator=asked, **({"comparator": Comparator.AT_LEAST.value, "level": Decimal(1)} | fields))


@pytest.mark.parametrize(
    ("comparator", "level", "written"),
    [
        (Comparator.AT_LEAST, "1", "是"),
        (Comparator.EQUAL, "1.000000", "是"),
        (Comparator.AT_MOST, "0", "否"),
        (Comparator.AT_LEAST, "0.5", "≥ 0.5 是（1）否（0）"),
    ],
)
def test_a_question_wants_an_answer(comparator, level, written):
    target = question(comparator=comparator.value, level=Decimal(level))
    assert (
        plain(write_bound(target, target.level)) == plain(write_expected_level(target, float(level), None)) == written
    )


@pytest.mark.parametrize(("value", "written"), [(1.0, "是"), (0.0, "否"), (Decimal("1.000000"), "是"), (None, "—")])
def test_a_question_is_answered_in_words(value, written):
    assert write_value(value, question()) == write_level(value, question()) == written
    with translation.override("en"):
        assert write_value(value, question()) == {"是": "Yes", "否": "No"}.get(written, written)


def test_the_number_one_of_anything_else_is_no_answer():
    assert plain(write_value(1.0, target_of())) == "1 天"


def test_a_question_quotes_the_document_without_speaking_of_numbers():
    assert plain(write_bound_in_words(question(quote="启动创建"))) == "是（“启动创建”）"
    assert plain(write_bound_in_words(question(quote=""))) == "是"


@pytest.mark.parametrize(
    ("comparator", "written"),
    [
        (Comparator.ABOVE, "高于对比值"),
        (Comparator.AT_LEAST, "不低于对比值"),
        (Comparator.AT_MOST, "不高于对比值"),
        (Comparator.BELOW, "低于对比值"),
        (Comparator.EQUAL, "与对比值持平"),
        (Comparator.BETWEEN, "高出对比值 0–2"),
    ],
)
def test_beside_the_benchmark_itself_no_number_stands(comparator, written):
    target = target_of(basis=Basis.OVER_BENCHMARK.value, comparator=comparator.value, indicator={"unit_zh": ""})
    assert plain(write_bound(target, Decimal(0), Decimal(2))) == written


@pytest.mark.parametrize(
    ("level", "bound", "expected", "english"),
    [
        (1, "排名第 1 位", "第 1 位", "ranked no. 1"),
        (3, "排名前 3 位", "前 3 位", "ranked among the first 3"),
    ],
)
def test_a_rank_is_bounded_by_places(level, bound, expected, english):
    target = target_of(basis=Basis.RANK.value, comparator=Comparator.AT_MOST.value)
    assert write_bound(target, Decimal(level)) == bound
    assert write_expected_level(target, float(level), None) == expected
    assert (write_value(5.0, target), write_value(None, target)) == ("第 5 位", "—")
    with translation.override("en"):
        assert write_bound(target, Decimal(level)) == english
