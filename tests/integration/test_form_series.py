"""Which figures a form asks for, and that one cell of a wide form costs what a cell of a small one costs."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from departments.models import Region
from indicators.engine.period import Quarter
from indicators.models import Allocation, Series
from indicators.selectors.series import group_of, list_neighbours, list_series
from tests.integration.entry_world import QUARTER, World, make_indicator, make_target, make_world

D = Decimal
HUGE = 10**17


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def counties(world: World) -> list[Region]:
    """Return six counties, each of which the department reports two more indicators for, one a part of the other."""
    city = world.programme.region
    regions = [
        Region.objects.create(
            code=f"1404{n:02d}", level="county", name_zh=f"县{n}", name_en=f"C{n}", short_zh=f"县{n}", parent=city
        )
        for n in range(1, 7)
    ]
    whole = make_indicator("whole", domain="service")
    part = make_indicator("part", domain="environment", whole=whole)
    for position, indicator in enumerate((whole, part), start=10):
        target = make_target(world.programme, indicator, position=position)
        for region in regions:
            series = Series.objects.create(indicator=indicator, region=region, department=world.department)
            Allocation.objects.create(target=target, series=series)
    return regions


def test_the_form_asks_for_every_series_once(world: World, counties: list[Region]) -> None:
    second = make_target(world.programme, world.rate.indicator, position=30, code="again")
    Allocation.objects.create(target=second, series=world.rate)
    found = list_series(world.submission)
    assert len(found) == len(set(found)) == 3 + 2 * len(counties)
    assert {one.department_id for one in found} == {world.department.pk}


def test_a_target_that_begins_later_is_not_asked_for(world: World) -> None:
    late = make_target(world.programme, make_indicator("late"), position=9, first_quarter=Quarter.parse("2018Q4"))
    series = Series.objects.create(indicator=late.indicator, region=world.programme.region, department=world.department)
    Allocation.objects.create(target=late, series=series)
    assert series not in list_series(world.submission)
    assert late.first_quarter > QUARTER


def test_only_names_which_and_never_another_departments(world: World) -> None:
    foreign = Series.objects.create(indicator=world.rate.indicator, region=world.rate.region, department=world.other)
    Allocation.objects.create(target=Allocation.objects.first().target, series=foreign)  # type: ignore[union-attr]
    assert list_series(world.submission, only=[world.rate.pk]) == [world.rate]
    assert list_series(world.submission, only=[foreign.pk, HUGE]) == []
    assert list_series(world.submission, only=[]) == []


def test_neighbours_are_the_group_the_peers_and_the_whole(world: World, counties: list[Region]) -> None:
    part = Series.objects.get(indicator__code="part", region=counties[0])
    found = list_neighbours(world.submission, {part.pk})
    assert {(one.indicator.code, one.region.code) for one in found} == {
        (code, region.code) for region in counties for code in ("part", "whole")
    }
    peers = list_neighbours(world.submission, {Series.objects.get(indicator__code="whole", region=counties[0]).pk})
    assert {one.indicator.code for one in peers} == {"whole"}
    own = list_neighbours(world.submission, {world.rate.pk})
    assert {group_of(one) for one in own} == {("product", world.programme.region_id)}
    assert len(own) == 3
    assert list_neighbours(world.submission, set()) == []


@pytest.mark.parametrize("name", ["cells", "live"])
def test_a_cell_of_a_wide_form_costs_what_one_of_a_small_form_costs(world: World, name: str) -> None:
    """Queries, and the series among what they bring, stay the same when sixty rows of other regions join."""
    client = Client()
    client.force_login(world.clerk)
    sent = {f"{world.count.pk}-value": "7", f"{world.count.pk}-version": "0"}

    def cost() -> tuple[int, int]:
        loaded = []
        plain = Series.from_db.__func__  # type: ignore[attr-defined]
        with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as queries:
            patch.setattr(Series, "from_db", classmethod(lambda *args: loaded.append(1) or plain(*args)))
            assert client.post(f"/entry/{world.submission.pk}/{name}/", sent).status_code == 200
        return len(queries), len(loaded)

    cost()
    sent[f"{world.count.pk}-version"] = "1" if name == "cells" else "0"
    small = cost()
    city = world.programme.region
    indicators = [make_indicator(f"many-{n}") for n in range(10)]
    targets = [make_target(world.programme, one, position=40 + n) for n, one in enumerate(indicators)]
    for number in range(6):
        region = Region.objects.create(
            code=f"1404{number:02d}", level="county", name_zh="县", name_en="C", short_zh="县", parent=city
        )
        for target in targets:
            series = Series.objects.create(indicator=target.indicator, region=region, department=world.department)
            Allocation.objects.create(target=target, series=series)
    assert cost() == small
    assert small[1] > 0
