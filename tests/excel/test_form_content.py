"""From the grid of the entry page to the form: what stands in it, in either language."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from indicators.actions.figures import Entry, save_figure
from indicators.engine.numbers import NumberUnit
from indicators.engine.target import Scale
from indicators.excel.form_content import describe_form, list_units, name_file
from indicators.excel.layout import CHOICE, HEADER_ROW, Column, Form, GivenRow
from indicators.models import Indicator
from indicators.selectors.entry import load_grid
from tests.integration.entry_world import World, approve_earlier, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """The small city of the entry tests."""
    return make_world()


def describe(world: World) -> Form:
    """Return the form as it would be given out now."""
    return describe_form(load_grid(world.submission))


def row_of(form: Form, series: object) -> GivenRow:
    """Return the row of a series."""
    return next(row for row in form.rows if row.series_id == series.pk)  # type: ignore[attr-defined]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_head_says_whose_form_it_is(world, language):
    with override(language):
        form = describe(world)
    title, _note, facts, header = form.head
    assert world.programme.name_zh in title[1] if language == "zh-hans" else world.programme.name_en in title[1]
    assert ("2018年三季度" if language == "zh-hans" else "Q3 2018") in title[1]
    assert f"{world.window.due_on:%Y-%m-%d}" in facts[1]
    assert len(header) == len(Column)
    assert all(header)
    assert len(form.head) == HEADER_ROW
    assert (form.submission_id, form.quarter, form.language) == (world.submission.pk, "2018Q3", language)


def test_every_figure_of_the_form_has_its_row(world):
    form = describe(world)
    assert {row.series_id for row in form.rows} == {world.rate.pk, world.small_rate.pk, world.count.pk}
    assert [row.series_id for row in form.rows] == [row.series.pk for row in load_grid(world.submission).rows]


def test_a_row_names_target_unit_and_what_to_enter(world):
    row = row_of(describe(world), world.rate)
    name, _region, level, unit, wording, _last, _year = row.locked
    assert name == "Indicator spot-checks"
    assert "93%" in level.replace("\u202f", "")
    assert unit == "%"
    assert wording == "batches passed ÷ batches checked"
    assert row.units == (NumberUnit.COUNT, NumberUnit.COUNT, 0)


def test_last_quarter_and_last_year_stand_beside(world):
    approve_earlier(world.rate, "2018Q2", numerator=Decimal(90), denominator=Decimal(100))
    approve_earlier(world.rate, "2017Q3", numerator=Decimal(91), denominator=Decimal(100))
    row = row_of(describe(world), world.rate)
    assert row.locked[5:] == ("90.0%", "91.0%")
    assert row_of(describe(world), world.count).locked[5:] == ("—", "—")


def test_working_figures_are_filled_in_with_their_version(world):
    save_figure(
        submission=world.submission,
        series=world.rate,
        entry=Entry(numerator=Decimal(480), denominator=Decimal(500), explanation="说明"),
        by=world.clerk,
    )
    row = row_of(describe(world), world.rate)
    assert (row.numbers, row.version, row.explanation) == (("480", "500", ""), 1, "说明")
    assert row_of(describe(world), world.count).version == 0


def test_nothing_this_quarter_is_filled_in(world):
    save_figure(submission=world.submission, series=world.rate, entry=Entry(nothing_occurred=True), by=world.clerk)
    row = row_of(describe(world), world.rate)
    assert row.nothing_occurred
    assert row.numbers == ("", "", "")


@pytest.mark.parametrize(("value", "text"), [("1200", "1200"), ("0.5", "0.5"), ("12.500000", "12.5")])
def test_numbers_are_given_out_plainly(world, value, text):
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(value)), by=world.clerk)
    assert row_of(describe(world), world.count).numbers == ("", "", text)


@pytest.mark.parametrize(
    ("fields", "units"),
    [
        ({"numerator_zh": "合格批次", "denominator_zh": "抽查批次"}, (1, 1, 0)),
        ({"numerator_zh": "合格金额(万元)", "denominator_zh": "总金额(万元)"}, (2, 2, 0)),
        ({"unit_zh": "%", "scale": Scale.RATE.value}, (0, 0, NumberUnit.PERCENT)),
        ({"unit_zh": "‰", "scale": Scale.RATE.value}, (0, 0, NumberUnit.PER_MILLE)),
        ({"unit_zh": "个", "scale": Scale.CONTINUOUS.value}, (0, 0, NumberUnit.COUNT)),
        ({"unit_zh": "万元", "scale": Scale.CONTINUOUS.value}, (0, 0, NumberUnit.MEASURE)),
        ({"unit_zh": "是/否", "scale": Scale.YES_NO.value}, (0, 0, CHOICE)),
        ({"unit_zh": "级", "scale": Scale.ORDINAL.value}, (0, 0, NumberUnit.MEASURE)),
    ],
)
def test_units_follow_the_indicator(fields, units):
    assert list_units(Indicator(**fields)) == tuple(int(unit) for unit in units)


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Changzhi_Department_Q3 2018.xlsx"), ("zh-hans", "长治质量强市_部门_2018年三季度.xlsx")],
)
def test_the_file_is_named_for_its_form(world, language, name):
    with override(language):
        assert name_file(world.submission) == name


@pytest.mark.parametrize("odd", ["../../x", "a/b", 'a"b', "a\nb", "a:b"])
def test_a_name_is_never_a_path(world, odd):
    world.department.short_zh = world.department.short_en = odd
    world.submission.department = world.department
    assert not set(name_file(world.submission)) & set('/\\"\n:')
