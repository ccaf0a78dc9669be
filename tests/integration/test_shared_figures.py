"""One entry, many uses: the row names every target it serves; and a part is held against its whole."""

from decimal import Decimal

import pytest
from django.test import Client

from departments.models import Department, User
from indicators.actions.figures import Entry, save_figure
from indicators.engine.checks import Finding
from indicators.models import Allocation, Indicator, Programme
from indicators.selectors.entry import load_grid
from tests.integration.entry_world import World, make_programme, make_target, make_world

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def share(world: World) -> Allocation:
    """Return the allocation by which another programme of the city counts the same figures."""
    city = world.programme.region
    office = Department.objects.get(region=city, code="office")
    other = make_programme("other", region=city, office=office)
    Programme.objects.filter(pk=other.pk).update(short_en="Another plan", position=9)
    target = make_target(other, world.count.indicator, position=1, level=D(20))
    return Allocation.objects.create(target=target, series=world.count)


def page(user: User, path: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_row_names_the_targets_of_other_programmes_with_a_link_that_opens(world: World) -> None:
    allocation = share(world)
    link = f"/targets/{allocation.pk}/"
    shown = page(world.clerk, f"/entry/{world.submission.pk}/")
    assert f'<a href="{link}">Another plan</a>' in shown
    assert "≥\u00a020" in shown
    page(world.clerk, link)


def test_a_row_of_its_own_names_none(world: World) -> None:
    share(world)
    rows = {row.series.pk: len(row.served) for row in load_grid(world.submission).rows}
    assert rows == {world.rate.pk: 0, world.small_rate.pk: 0, world.count.pk: 1}


def test_an_own_level_of_the_other_region_is_the_one_that_is_named(world: World) -> None:
    Allocation.objects.filter(pk=share(world).pk).update(level=D(25))
    assert "≥\u00a025" in page(world.clerk, f"/entry/{world.submission.pk}/")


# Parts of a whole


def make_part(world: World) -> None:
    """Let the count be a part of another count of the form."""
    names = {"name_en": "All brands", "name_zh": "品牌总数"}
    fields = {name: getattr(world.count.indicator, name) for name in ("unit_zh", "unit_en", "scale", "decimals")}
    parts = dict.fromkeys(("numerator_zh", "numerator_en", "denominator_zh", "denominator_en"), "")
    whole = Indicator.objects.create(
        code="all-brands", domain="product", direction="higher", aggregation=0, **names | fields | parts
    )
    target = world.count.allocations.get().target
    other = make_target(
        world.programme, whole, position=4, level=D(20), accumulation=target.accumulation, window=target.window
    )
    series = type(world.count).objects.create(
        indicator=whole, region=world.count.region, department=world.count.department
    )
    Allocation.objects.create(target=other, series=series)
    Indicator.objects.filter(pk=world.count.indicator_id).update(whole=whole)
    world.rate.whole_series = series  # type: ignore[attr-defined]


@pytest.mark.parametrize(("part", "found"), [(11, True), (10, False), (9, False)])
def test_a_part_above_its_whole_wants_a_word_on_the_page(world: World, part: int, found: bool) -> None:
    make_part(world)
    for series, number in ((world.rate.whole_series, 10), (world.count, part)):  # type: ignore[attr-defined]
        save_figure(submission=world.submission, series=series, entry=Entry(value=D(number)), by=world.clerk)
    row = load_grid(world.submission).by_series[world.count.pk]
    assert (Finding.PART_ABOVE_WHOLE in [one.code for one in row.noticed]) is found
    shown = page(world.clerk, f"/entry/{world.submission.pk}/")
    assert ("11 is more than the 10 of which it is a part; check both." in shown) is found


def test_a_row_judged_alone_still_meets_its_whole(world: World) -> None:
    make_part(world)
    Indicator.objects.filter(code="all-brands").update(domain="service")
    for series, number in ((world.rate.whole_series, 10), (world.count, 11)):  # type: ignore[attr-defined]
        save_figure(submission=world.submission, series=series, entry=Entry(value=D(number)), by=world.clerk)
    row = load_grid(world.submission, only=[world.count.pk]).by_series[world.count.pk]
    assert Finding.PART_ABOVE_WHOLE in [one.code for one in row.noticed]


def test_without_a_whole_in_the_form_nothing_is_said(world: World) -> None:
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=D(99)), by=world.clerk)
    row = load_grid(world.submission).by_series[world.count.pk]
    assert Finding.PART_ABOVE_WHOLE not in [one.code for one in row.noticed]
