"""Why a result has its colour, in words with its numbers. Source: attainment rules sections 5 and 7."""

from decimal import Decimal

import pytest
from django.utils import translation

from indicators.engine.period import Quarter
from indicators.engine.target import Basis, Comparator, Flag, Gap, Input, MarginKind, Rating, Scale
from reports.reasons import name_input, write_fraction, write_reason, write_short_reason
from tests.reports.factories import gap_of, rate_target, result_of, target_of

ZH, EN = "zh-hans", "en"
NBSP = "\u00a0"


def said(result, language, write=write_reason):
    with translation.override(language):
        return write(result).replace(NBSP, " ")


def test_a_miss_beyond_the_margin_names_distance_and_margin():
    target = target_of(margin_kind=MarginKind.RELATIVE.value, margin=Decimal("0.10"))
    result = result_of(target)
    assert said(result, ZH) == "2018年1—3季度为 187 天，序时目标 > 210 天。差 23 天，超过允许差 21 天（10%）。"
    assert said(result, EN) == (
        "Q1–Q3 2018: 187 days, expected > 210 days. 23 days short, beyond the margin of 21 days (10%)."
    )


def test_a_rate_tells_its_counts_and_misses_in_percentage_points():
    result = result_of(
        rate_target(), measured=92.1, expected=93.0, miss=0.9, margin=2.0, numerator=921.0, denominator=1000.0,
        rating=Rating.AMBER.value,
    )  # fmt: skip
    assert said(result, ZH) == (
        "2018年1—3季度为 92.1% = 921 / 1\u202f000，序时目标 ≥ 93%。差 0.9 个百分点，在允许差 2 个百分点以内。"
    )
    assert "0.9 percentage points short, within the margin of 2 percentage points." in said(result, EN)


def test_a_ceiling_is_exceeded_not_missed():
    target = target_of(comparator=Comparator.AT_MOST.value)
    assert "超出 23 天" in said(result_of(target, measured=233.0), ZH)
    assert "23 days over" in said(result_of(target, measured=233.0), EN)


def test_a_band_is_exceeded_above_and_short_below():
    target = target_of(comparator=Comparator.BETWEEN.value)
    above = result_of(target, measured=5.0, expected=1.0, expected_hi=3.0, miss=2.0)
    below = result_of(target, measured=0.0, expected=1.0, expected_hi=3.0, miss=1.0)
    assert "2 days over" in said(above, EN)
    assert "1 day short" in said(below, EN)


@pytest.mark.parametrize(
    ("measured", "rating", "chinese", "english"),
    [
        (1.0, Rating.GREEN, "2018年3季度：是。已达到目标。", "Q3 2018: Yes. The target is met."),
        (0.0, Rating.RED, "2018年3季度：否。未达到目标。", "Q3 2018: No. The target is not met."),
    ],
)
def test_a_question_is_met_or_not(measured, rating, chinese, english):
    asked = {"scale": Scale.YES_NO.value, "unit_zh": "是（1）否（0）"}
    target = target_of(indicator=asked, comparator=Comparator.AT_LEAST.value, level=Decimal(1))
    result = result_of(
        target, measured=measured, expected=1.0, miss=1.0 - measured, margin=None, rating=rating.value,
        window_start=Quarter.of(2018, 3),
    )  # fmt: skip
    assert said(result, ZH).replace("三季度", "3季度") == chinese
    assert said(result, EN) == english


def test_no_margin_at_all():
    assert "no miss is allowed" in said(result_of(margin=None), EN)
    assert "此项不允许偏差" in said(result_of(margin=None), ZH)


def test_a_number_that_the_bound_excludes():
    result = result_of(measured=210.0, miss=0.0, rating=Rating.AMBER.value)
    assert said(result, ZH).endswith("等于目标值，而目标不含本数。")
    assert said(result, EN).endswith("The bound itself does not count: the target excludes this number.")


def test_met():
    assert said(result_of(rating=Rating.GREEN.value, miss=0.0), ZH).endswith("已达到目标。")


@pytest.mark.parametrize(
    ("gap", "fields", "chinese", "english"),
    [
        (Gap.NOT_REPORTED, {}, "2018年三季度没有已审核的数据。", "No figure is approved for Q3 2018."),
        (Gap.NOT_DUE, {}, "2020年四季度到期。", "Due in Q4 2020."),
        (Gap.NOT_DUE, {"measured": 187.0}, "2020年四季度到期，目前 187 天。", "Due in Q4 2020; now 187 days."),
        (
            Gap.NOT_DUE,
            {"measured": 187.0, "completion": 0.53},
            "2020年四季度到期，目前 187 天，完成进度 53.0%。",
            "Due in Q4 2020; now 187 days, 53.0% of the level.",
        ),
        (
            Gap.AWAITING,
            {"gap_input": Input.BENCHMARK.value},
            "等待本季度对比值。",
            "Awaited: this quarter's benchmark.",
        ),
        (
            Gap.NOT_COMPUTABLE,
            {"gap_input": Input.DENOMINATOR.value},
            "无法计算：分母为零。",
            "Not computable: the denominator is zero.",
        ),
        (Gap.NOT_APPLICABLE, {"elapsed": 0}, "目标尚未开始执行。", "The target does not run yet."),
        (Gap.NOT_APPLICABLE, {}, "本期没有发生。", "Nothing of the kind occurred in the period."),
    ],
)
def test_gaps_are_named(gap, fields, chinese, english):
    assert said(gap_of(gap, **fields), ZH) == said(gap_of(gap, **fields), ZH, write_short_reason) == chinese
    assert said(gap_of(gap, **fields), EN) == english


@pytest.mark.parametrize("code", list(Input))
def test_every_input_has_a_name_as_awaited_and_as_a_fault(code):
    for language in (ZH, EN):
        with translation.override(language):
            assert name_input(code.value)
            assert name_input(code.value, is_fault=True)


def test_the_outlook_stands_beside_the_colour():
    lost = result_of(flags=int(Flag.OUT_OF_REACH | Flag.AT_RISK))
    assert "[[已不可能完成]]" in said(lost, ZH)
    assert "⚑" not in said(lost, ZH), "what is lost needs no warning any more"
    assert "预计2020年四季度难以按期完成" in said(result_of(flags=int(Flag.AT_RISK)), ZH)
    assert "will be met" in said(result_of(flags=int(Flag.CERTAIN)), EN)


def test_missing_quarters_are_named_oldest_first():
    # Bits count back from this quarter: 1 is the quarter before, 2 the one before that.
    result = result_of(flags=int(Flag.INCOMPLETE), missing=0b110)
    assert "缺 2018年一季度和2018年二季度的数据。" in said(result, ZH)
    assert "Without figures for Q1 2018 and Q2 2018." in said(result, EN)


def test_the_short_reason_gives_the_outlook_instead_of_the_miss():
    result = result_of(flags=int(Flag.OUT_OF_REACH))
    assert said(result, EN, write_short_reason) == (
        "Q1–Q3 2018: 187 days, expected > 210 days."
        " Whatever the remaining quarters bring, the level is [[out of reach]]."
    )


def test_only_ratios_have_a_fraction():
    assert write_fraction(result_of(numerator=1.0, denominator=2.0)) == ""
    assert write_fraction(result_of(rate_target(), numerator=1862.0, denominator=2000.0)) == "1\u202f862 / 2\u202f000"
    assert write_fraction(result_of(rate_target(), numerator=None, denominator=None)) == ""
    # The counts make the rate; its distance to a benchmark is something else.
    over = rate_target(basis=Basis.OVER_BENCHMARK.value)
    assert write_fraction(result_of(over, numerator=1036.0, denominator=1111.0)) == ""


def test_one_quarter_alone_is_named_as_itself():
    result = result_of(window_start=Quarter.of(2018, 3))
    assert said(result, ZH).startswith("2018年三季度为")
