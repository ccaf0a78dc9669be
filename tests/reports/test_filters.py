"""The list of targets: choices in the address, order, pages, and words for nothing."""

from http import HTTPStatus

import pytest

from indicators.domains import Domain
from indicators.engine.target import Flag, Gap, Rating
from tests.builders import fill, make_allocation, make_result, make_target, make_world, roll_up

pytestmark = pytest.mark.django_db

STATE = "programme=changzhi-test&quarter=2018Q3"


@pytest.fixture
def world(client):
    world = make_world(counties=2)
    fill(world, ratings=[Rating.GREEN])
    target = make_target(world.programme, domain=Domain.ENVIRONMENT, lead=world.departments[0])
    red = make_allocation(target, region=world.counties[1], department=world.departments[0])
    make_result(red, rating=Rating.RED, flags=Flag.AT_RISK | Flag.WORSENING)
    gap = make_allocation(target, region=world.counties[0], department=world.departments[0])
    make_result(gap, rating=Rating.GREY, gap=Gap.AWAITING)
    roll_up(world.programme)
    client.force_login(world.leader)
    return world


def found(client, query):
    answer = client.get(f"/targets/?{STATE}&{query}", headers={"accept-language": "en"})
    assert answer.status_code == HTTPStatus.OK
    return answer


def rows(client, query):
    return len(found(client, query).context["table"].rows)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 17),
        ("rating=red", 1),
        ("rating=green", 15),
        ("rating=awaiting", 1),
        ("rating=not_due", 0),
        ("flag=at_risk", 1),
        ("flag=worsening&rating=red", 1),
        ("flag=achieved", 0),
        ("domain=environment", 5),
        ("domain=environment&rating=green", 3),
        ("region=1404", 17),
        ("region=1404&only=1", 5),
        ("region=140401", 6),
        ("region=140401&domain=environment&rating=awaiting", 1),
        ("q=合格率", 17),
        ("q=Indicator", 17),
        ("q=no such words", 0),
    ],
)
def test_choices_narrow_the_list(client, world, query, count):
    assert rows(client, query) == count


def test_a_department_is_chosen_by_its_number(client, world):
    assert rows(client, f"department={world.departments[1].pk}") == len(world.allocations_of(world.departments[1]))


@pytest.mark.parametrize("query", ["rating=purple", "domain=x", "region=99", "department=abc", "flag=none"])
def test_an_unknown_choice_names_its_field_and_shows_everything(client, world, query):
    answer = found(client, query)
    text = answer.content.decode()
    assert 'role="alert"' in text
    assert "is not one of the available choices" in text
    assert len(answer.context["table"].rows) == 17


def test_beside_an_unknown_choice_the_others_are_not_taken_for_none(client, world):
    answer = found(client, "rating=purple&q=no such words")
    assert answer.context["list"].lede == "No target fits this choice."


def test_the_lede_counts_what_is_listed(client, world):
    assert found(client, "").context["list"].lede == "17 targets: 15 on target, [[1 behind]] and 1 without a rating."
    assert found(client, "rating=red").context["list"].lede == "1 target: [[1 behind]]."
    assert found(client, "q=zzz").context["list"].lede == "No target fits this choice."


@pytest.mark.parametrize("sort", ["name", "-name", "region", "department", "ratio", "-ratio", "rating", "-rating"])
def test_every_heading_sorts(client, world, sort):
    assert rows(client, f"sort={sort}") == 17


def test_what_has_no_ratio_comes_last_either_way(client, world):
    for sort in ("ratio", "-ratio"):
        records = [row.record for row in found(client, f"sort={sort}").context["table"].rows]
        assert records[-1].ratio is None
    assert records[0].ratio >= records[1].ratio


@pytest.mark.parametrize("sort", ["measured", "target__programme__name_zh", "password", "-"])
def test_only_headings_sort(client, world, sort):
    assert rows(client, f"sort={sort}") == 17


@pytest.mark.parametrize("page", ["2", "0", "-1", "abc", "9999"])
def test_a_page_beyond_the_list_shows_the_nearest(client, world, page):
    assert rows(client, f"page={page}") == 17


def test_the_form_keeps_the_state_and_the_choice(client, world):
    text = found(client, "rating=red").content.decode()
    assert '<input type="hidden" name="quarter" value="2018Q3">' in text
    assert '<option value="red" selected>' in text


def test_the_quarters_of_the_header_keep_the_choice(client, world):
    years = found(client, "rating=red&page=2").context["page"].quarters
    text = found(client, "rating=red&page=2").content.decode()
    assert len(years) == 1
    assert "/targets/?programme=changzhi-test&amp;quarter=2018Q3&amp;rating=red&amp;basis=approved" in text
