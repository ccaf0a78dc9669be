"""What the annual analysis reads: the year's quarters, the year before, regions, what is behind, and who reported."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from departments.permissions import scope_of
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Flag, Gap, Rating
from reports.annual.content import load_annual
from reports.scopes import APPROVED, PageContext
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_department,
    make_figure,
    make_programme,
    make_region,
    make_result,
    make_target,
    make_world,
    roll_up,
)

pytestmark = pytest.mark.django_db

MIXED = [Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREEN, Rating.GREY]


def page_of(world, quarter=Q3, programme=None):
    programme = programme or world.programme
    return PageContext(
        user=world.office,
        scope=scope_of(world.office),
        programmes=[programme],
        programme=programme,
        quarters=[quarter],
        quarter=quarter,
        basis=APPROVED,
        root=programme.region,
    )


@pytest.fixture
def world():
    world = make_world(counties=2)
    fill(world, ratings=MIXED)
    fill(world, Q3 - 1, ratings=[Rating.GREEN, Rating.GREY])
    fill(world, Q3 - 4, ratings=[Rating.GREEN])
    reds = world.programme.attainments.filter(quarter=Q3, rating=Rating.RED.value)
    make_figure(reds.order_by("target__position", "region__position").first().allocation.series, explanation="原因。")
    roll_up(world.programme)
    return world


def test_the_year_has_its_quarters_and_the_one_of_the_year_before(world):
    content = load_annual(page_of(world))
    assert content.quarters == [Q3 - 2, Q3 - 1, Q3]
    assert [content.year[quarter].total for quarter in content.quarters] == [0, 15, 15]
    assert (content.cell.red, content.cell.not_reported) == (3, 3)
    assert content.before.green == 15
    assert not content.is_whole
    assert load_annual(page_of(world, Quarter.of(2018, 4))).is_whole


def test_domains_and_regions_stand_beside_the_year_before(world):
    content = load_annual(page_of(world))
    assert set(content.domains) == set(content.domains_before) == set(Domain)
    assert [row.region for row in content.league.tiles] == world.counties
    assert set(content.scores_before) == {region.pk for region in world.counties}


def test_what_moved_is_counted_against_the_year_before(world):
    content = load_annual(page_of(world))
    moved = content.movements
    assert (moved.worse, moved.better, moved.same, moved.fresh, moved.lost) == (6, 0, 6, 0, 3)


def test_what_is_behind_stands_with_the_departments_words(world):
    content = load_annual(page_of(world))
    assert (len(content.unmet), content.unmet_count) == (3, 3)
    assert sorted(one.explanation for one in content.unmet) == ["", "", "原因。"]
    assert {one.result.rating for one in content.unmet} == {Rating.RED.value}


def test_the_outlook_counts_flags_and_follows_the_trend(world):
    allocation = world.allocations[0]
    allocation.target.attainments.filter(allocation=allocation.pk).delete()
    for lag in range(8):
        make_result(allocation, Q3 - lag, measured=90.0 + lag, flags=Flag.AT_RISK if lag == 0 else Flag.NONE)
    content = load_annual(page_of(world))
    assert content.flags == {Flag.ACHIEVED: 0, Flag.CERTAIN: 0, Flag.AT_RISK: 1, Flag.OUT_OF_REACH: 0}
    assert [one.projection for one in content.ahead] == ["81.0%"]  # one less a quarter, nine quarters on


def test_without_a_trend_no_value_is_foretold(world):
    result = world.programme.attainments.filter(quarter=Q3, rating=Rating.GREEN.value).first()
    world.programme.attainments.filter(quarter=Q3, allocation=result.allocation_id).update(flags=int(Flag.AT_RISK))
    world.programme.attainments.filter(allocation=result.allocation_id).exclude(quarter=Q3).delete()
    assert [one.projection for one in load_annual(page_of(world)).ahead] == [""]


def test_who_reported_how_much_the_lowest_share_first(world):
    rows = load_annual(page_of(world)).reporting
    assert sum(row.due for row in rows) == 30
    assert sum(row.reported for row in rows) == 30 - 3 - 7
    assert [row.reported / row.due for row in rows] == sorted(row.reported / row.due for row in rows)
    assert all(row.quarters[0] is None for row in rows)  # nothing was due in the first quarter


def test_an_empty_programme_has_an_empty_year(world):
    content = load_annual(page_of(world, programme=make_programme(world.city)))
    assert content.cell.total == 0
    assert (content.unmet, content.ahead, content.reporting, content.before) == ([], [], [], None)
    assert content.league.rows == []


def test_queries_do_not_grow_with_the_data(world):
    def count():
        with CaptureQueriesContext(connection) as queries:
            load_annual(replace(page_of(world)))
        return len(queries)

    count()  # what is read once for all is read
    before = count()
    for number in range(3, 7):
        region = make_region(f"14040{number}")
        lead = make_department(world.city, code=f"more-{number}")
        for _target in range(3):
            allocation = make_allocation(make_target(world.programme, lead=lead), region=region, department=lead)
            for lag in range(5):
                make_result(allocation, Q3 - lag, rating=(Rating.RED, Rating.GREEN)[lag % 2])
            make_result(allocation, Q3 - 5, rating=Rating.GREY, gap=Gap.NOT_REPORTED)
    roll_up(world.programme)
    assert count() == before
