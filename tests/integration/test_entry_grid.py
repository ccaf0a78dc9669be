"""The grid of a form: figures, targets served, the rating of what is not approved yet, findings at the cell."""

from decimal import Decimal

import numpy as np
import pytest

from indicators.actions.figures import Entry, save_figure
from indicators.engine.attainment import attain
from indicators.engine.checks import Finding
from indicators.engine.target import Comparator, Gap, Rating
from indicators.models import Series
from indicators.selectors.entry import load_grid
from indicators.selectors.findings import count_open_findings, list_findings
from indicators.selectors.grid_rows import GridRow
from tests.integration.entry_world import (
    QUARTER,
    World,
    allocate,
    approve_earlier,
    make_indicator,
    make_target,
    make_world,
)

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def enter(world: World, series: Series, **fields: object) -> None:
    save_figure(submission=world.submission, series=series, entry=Entry(**fields), by=world.clerk)  # type: ignore[arg-type]


def row_of(world: World, series: Series, **unsaved: Entry) -> GridRow:
    return load_grid(world.submission, unsaved={series.pk: unsaved["entry"]} if unsaved else None).by_series[series.pk]


def test_an_empty_form_misses_everything(world: World) -> None:
    grid = load_grid(world.submission)
    assert [row.series for row in grid.rows] == [
        world.rate,
        world.small_rate,
        world.count,
    ]
    assert (grid.filled, grid.missing, grid.blocking, grid.unexplained) == (0, 3, 0, 3)
    assert {row.targets[0].gap for row in grid.rows} == {Gap.NOT_REPORTED}


def test_what_is_entered_is_rated_with_what_was_approved_before(world: World) -> None:
    approve_earlier(world.rate, "2018Q1", numerator=D(480), denominator=D(500))
    approve_earlier(world.rate, "2018Q2", numerator=D(440), denominator=D(500))
    enter(world, world.rate, numerator=D(470), denominator=D(500))
    row = row_of(world, world.rate)
    judged = row.targets[0]
    assert judged.measured == pytest.approx(92.6666666)  # 1390 / 1500 since January
    assert (judged.expected, judged.rating) == (93.0, Rating.AMBER)
    assert (row.last_quarter, np.isnan(row.last_year)) == (88.0, True)


def test_an_unsaved_figure_is_rated_without_being_kept(world: World) -> None:
    row = row_of(world, world.rate, entry=Entry(numerator=D(93), denominator=D(100)))
    assert (row.targets[0].rating, row.targets[0].measured) == (Rating.GREEN, 93.0)
    assert row.figure is None
    assert row_of(world, world.rate).targets[0].rating == Rating.GREY


def test_the_live_rating_is_the_stored_one(world: World) -> None:
    """The same columns through the same function: what the page shows is what approval will store."""
    from indicators.selectors.working import load_working

    approve_earlier(world.rate, "2018Q2", numerator=D(440), denominator=D(500))
    live = load_working(
        world.submission, series=[world.rate], entered={world.rate.pk: Entry(numerator=D(7), denominator=D(9))}
    )
    approve_earlier(world.rate, "2018Q3", numerator=D(7), denominator=D(9))
    stored = load_working(world.submission, series=[world.rate], entered={})
    assert live.results.measured[0, -1] == stored.results.measured[0, -1]
    again = attain(stored.batch.targets, stored.batch.panel)
    assert again.ratio[0, -1] == live.results.ratio[0, -1]


def test_last_year_and_last_quarter_are_those_quarters_alone(world: World) -> None:
    approve_earlier(world.count, "2017Q3", value=D(4))
    approve_earlier(world.count, "2018Q2", value=D(2))
    row = row_of(world, world.count)
    assert (row.last_year, row.last_quarter) == (4.0, 2.0)


def test_one_entry_serves_every_target_of_its_series(world: World) -> None:
    second = make_target(
        world.programme,
        world.rate.indicator,
        position=9,
        code="second",
        level=D(99),
        comparator=Comparator.AT_LEAST.value,
    )
    allocate(second, world.department)
    enter(world, world.rate, numerator=D(95), denominator=D(100))
    row = row_of(world, world.rate)
    assert [judged.rating for judged in row.targets] == [Rating.GREEN, Rating.RED]
    assert row.lacks_word


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        pytest.param(Entry(numerator=D(1204), denominator=D(1180)), Finding.SHARE_ABOVE_ONE, id="part above whole"),
        pytest.param(Entry(numerator=D(5)), Finding.HALF_OF_COUNTS, id="denominator missing"),
        pytest.param(Entry(numerator=D(5), denominator=D(0)), Finding.CASES_OF_NOTHING, id="T45 zero denominator"),
    ],
)
def test_impossible_figures_are_kept_and_block(world: World, entry: Entry, code: Finding) -> None:
    save_figure(submission=world.submission, series=world.rate, entry=entry, by=world.clerk)
    row = row_of(world, world.rate)
    assert [finding.code for finding in row.noticed] == [code]
    assert row.is_blocked
    assert not row.lacks_word
    assert count_open_findings(world.submission)[0] == 1


def test_red_wants_a_word_and_green_none(world: World) -> None:
    enter(world, world.rate, numerator=D(50), denominator=D(100))
    assert row_of(world, world.rate).lacks_word
    save_figure(
        submission=world.submission,
        series=world.rate,
        entry=Entry(numerator=D(50), denominator=D(100), explanation="抽查范围扩大", version_seen=1),
        by=world.clerk,
    )
    assert not row_of(world, world.rate).lacks_word
    assert row_of(world, world.rate).wants_word


def test_an_unlikely_figure_wants_a_word(world: World) -> None:
    for number, value in enumerate([100, 104, 98, 101, 103, 99], start=1):
        quarter = f"{2017 + (number - 1) // 4}Q{(number - 1) % 4 + 1}"
        approve_earlier(world.count, quarter, value=D(value))
    enter(world, world.count, value=D(1000))
    row = row_of(world, world.count)
    assert Finding.UNIT_SLIP in {finding.code for finding in row.noticed}
    assert row.lacks_word


def test_none_this_quarter_is_reported_and_not_rated(world: World) -> None:
    enter(world, world.small_rate, nothing_occurred=True)
    row = row_of(world, world.small_rate)
    assert (row.is_filled, row.targets[0].gap) == (True, Gap.NOT_APPLICABLE)
    assert not row.wants_word


def test_a_missing_figure_passes_with_a_word(world: World) -> None:
    enter(world, world.rate, explanation="统计部门尚未反馈")
    row = row_of(world, world.rate)
    assert (row.is_filled, row.is_awaited, row.lacks_word) == (False, True, False)


def test_findings_list_only_what_is_open(world: World) -> None:
    enter(world, world.rate, numerator=D(95), denominator=D(100))
    enter(world, world.small_rate, numerator=D(2), denominator=D(1))
    assert [row.series for row in list_findings(world.submission)] == [world.small_rate, world.count]
    assert count_open_findings(world.submission) == (1, 1)


def test_what_is_approved_shows_where_nothing_is_being_entered(world: World) -> None:
    approve_earlier(world.rate, str(QUARTER), numerator=D(95), denominator=D(100))
    row = row_of(world, world.rate)
    assert (row.figure, row.is_filled, row.targets[0].rating) == (None, True, Rating.GREEN)


def test_the_grid_takes_a_fixed_number_of_queries(world: World, django_assert_max_num_queries: object) -> None:
    for number in range(12):
        target = make_target(world.programme, make_indicator(f"more-{number}"), position=10 + number)
        allocate(target, world.department)
    with django_assert_max_num_queries(17):  # type: ignore[operator]  # indicators and regions come once each
        assert len(load_grid(world.submission).rows) == 15
