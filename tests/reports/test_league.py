"""The league: places with ties, who cannot be ranked, tiles, choices, and its sentence."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from django.utils import translation

from departments.roles import Role
from indicators.engine.target import Rating
from reports.league import League, choose_level, write_league
from reports.places import Place, rank
from reports.tiles import TILES_A_ROW, place_tiles, read_plans
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_region,
    make_result,
    make_target,
    make_user,
    make_world,
    roll_up,
)
from tests.reports.frame import count_beyond_frame

STATE = "?programme=changzhi-test&quarter=2018Q3"
PAGE = f"/league/{STATE}"


@pytest.mark.parametrize(
    ("values", "options", "places"),
    [
        pytest.param({}, {}, {}, id="none"),
        pytest.param({"a": 50.0}, {}, {"a": (1, False)}, id="one"),
        pytest.param({"a": 50.0, "b": 80.0}, {}, {"b": (1, False), "a": (2, False)}, id="best first"),
        pytest.param(
            {"a": 80.0, "b": 90.0, "c": 90.0, "d": 70.0},
            {},
            {"b": (1, True), "c": (1, True), "a": (3, False), "d": (4, False)},
            id="a shared place leaves the next ones out",
        ),
        pytest.param({"a": 90.04, "b": 90.01}, {}, {"a": (1, True), "b": (1, True)}, id="alike as shown"),
        pytest.param({"a": 90.06, "b": 90.01}, {}, {"a": (1, False), "b": (2, False)}, id="different as shown"),
        pytest.param(
            {"a": 90.06, "b": 90.01}, {"decimals": 0}, {"a": (1, True), "b": (1, True)}, id="alike in whole numbers"
        ),
        pytest.param({"a": 3.0, "b": 9.0}, {"is_lower_better": True}, {"a": (1, False), "b": (2, False)}, id="less"),
        pytest.param(dict.fromkeys("abc", 0.0), {}, dict.fromkeys("abc", (1, True)), id="all alike, and zero counts"),
    ],
)
def test_equal_values_share_a_place(values, options, places):
    found = {key: (place.number, place.is_tied) for key, place in rank(values, **options).items()}
    assert found == places
    assert list(found) == list(places)


def test_a_shared_place_says_so():
    with translation.override("zh-hans"):
        assert [Place(3, True).text, Place(3, False).text] == ["并列 3", "3"]


def line(name, score, place):
    return SimpleNamespace(region=SimpleNamespace(name=name), score=score, place=Place(place, False))


@pytest.mark.parametrize(
    ("rows", "count", "chinese", "english"),
    [
        pytest.param(
            [],
            0,
            "本季度没有下级区域的结果，无从排名。",
            "No region below has results for this quarter; there is nothing to rank.",
            id="none",
        ),
        pytest.param(
            [],
            1,
            "仅有的 1 个区域[[填报过少]]，无法排名。",
            "[[Too little]] is reported in the one region to rank it.",
            id="one, not ranked",
        ),
        pytest.param(
            [],
            9,
            "9 个区域均[[填报过少]]，无法排名。",
            "[[Too little]] is reported in all 9 regions to rank any.",
            id="none of many ranked",
        ),
        pytest.param([("A", "90.0", 1)], 1, "仅A可以排名，得分 90.0。", "Only A can be ranked, with 90.0.", id="one"),
        pytest.param(
            [("A", "90.0", 1), ("B", "80.0", 2)],
            3,
            "参与排名的 2 个区域中，A以 90.0 分居首位，[[B]]以 80.0 分居末位。另有 1 个区域填报过少，不参与排名。",
            "Of 2 ranked regions A is first with 90.0, [[B]] last with 80.0."
            " In 1 region too little is reported to rank it.",
            id="many, one left out",
        ),
        pytest.param(
            [("A", "90.0", 1), ("B", "90.0", 1), ("C", "80.0", 3)],
            3,
            "参与排名的 3 个区域中，2 个以 90.0 分并列第一，[[C]]以 80.0 分居末位。",
            "2 of 3 ranked regions share first place with 90.0; [[C]] has 80.0.",
            id="two first",
        ),
        pytest.param(
            [("A", "90.0", 1), ("B", "90.0", 1)],
            2,
            "参与排名的 2 个区域均为 90.0 分，名次并列。",
            "All 2 ranked regions share one place with 90.0.",
            id="all alike",
        ),
    ],
)
def test_the_sentence_says_who_is_first_and_who_cannot_be_ranked(rows, count, chinese, english):
    ranked = [line(*row) for row in rows]
    with translation.override("zh-hans"):
        assert write_league(ranked, count=count) == chinese
    with translation.override("en"):
        assert write_league(ranked, count=count) == english


@pytest.mark.parametrize(
    ("count", "idle", "chinese", "english"),
    [
        pytest.param(
            9,
            9,
            "各区域本季度均无到期目标，无从排名。",
            "Nothing is due in the regions this quarter; there is nothing to rank.",
            id="nothing due anywhere: nothing is missing either",
        ),
        pytest.param(
            9,
            8,
            "仅有的 1 个区域[[填报过少]]，无法排名。",
            "[[Too little]] is reported in the one region to rank it.",
            id="one asked",
        ),
    ],
)
def test_where_nothing_is_due_nothing_is_missing(count, idle, chinese, english):
    with translation.override("zh-hans"):
        assert write_league([], count=count, idle=idle) == chinese
    with translation.override("en"):
        assert write_league([], count=count, idle=idle) == english
        ranked = [line("A", "90.0", 1)]
        assert write_league(ranked, count=idle + 1, idle=idle) == "Only A can be ranked, with 90.0."


def regions(*codes):
    return [SimpleNamespace(pk=n, code=code, level="county") for n, code in enumerate(codes)]


def test_every_tile_has_a_place_of_its_own():
    plan = read_plans()
    zhejiang = {code: place for code, place in plan.items() if code.startswith("33")}
    assert len(zhejiang) == 90
    assert len(set(zhejiang.values())) == 90
    assert len([code for code in plan if code.startswith("1404")]) == 13


def test_tiles_of_a_part_begin_at_the_corner():
    places = place_tiles(regions("330902", "330903", "330921", "330922"))
    assert {place.row for place in places.values()} == {1, 2, 3}
    assert min(place.column for place in places.values()) == 1


def test_regions_without_a_plan_stand_one_after_the_other():
    places = place_tiles(regions("140421", *(f"9900{n:02d}" for n in range(TILES_A_ROW))))
    assert (places[0].row, places[0].column, places[TILES_A_ROW].row) == (1, 1, 2)
    assert place_tiles([]) == {}


def test_the_level_with_most_regions_is_ranked_unless_another_is_asked_for():
    cities = [SimpleNamespace(level="city")]
    counties = [SimpleNamespace(level="county")] * 2
    assert choose_level([*cities, *counties], "") == "county"
    assert choose_level([*cities, *counties], "city") == "city"
    assert choose_level([*cities, *counties], "township") == "county"


@pytest.fixture
def world(db):
    world = make_world(counties=3)
    best, worst, silent = world.counties
    for allocation in world.allocations:
        rating = {best.pk: Rating.GREEN, worst.pk: Rating.RED, silent.pk: Rating.GREY}.get(
            allocation.series.region_id, Rating.GREEN
        )
        for lag in range(4):
            make_result(allocation, Q3 - lag, rating=rating)
    roll_up(world.programme)
    return world


def open_league(client, user, address=PAGE):
    client.force_login(user)
    return client.get(address, headers={"accept-language": "en"})


def test_the_page_ranks_the_counties_and_leaves_out_who_reported_too_little(client, world):
    answer = open_league(client, world.leader)
    rows = answer.context["league"].rows
    assert [(row.region.name, row.place and row.place.number, row.coverage) for row in rows] == [
        ("County 1", 1, "100%"),
        ("County 2", 2, "100%"),
        ("County 3", None, "0%"),
    ]
    assert [row.region.name for row in answer.context["league"].tiles] == ["County 1", "County 2", "County 3"]
    assert rows[0].trend_label == "County 1: 100.0 in Q4 2017, 100.0 in Q3 2018"
    assert rows[2].trend_label == ""
    for row in rows:
        assert client.get(row.url).status_code == HTTPStatus.OK


def test_one_domain_is_ranked_alone(client, world):
    answer = open_league(client, world.leader, f"{PAGE}&domain=works")
    assert {row.cell.total for row in answer.context["league"].rows} == {1}
    assert [choice.text for choice in answer.context["league"].domains if choice.is_current] == ["Works quality"]
    assert open_league(client, world.leader, f"{PAGE}&domain=x").status_code == HTTPStatus.OK


def test_a_clerk_ranks_only_what_their_department_reports(client, world):
    rows = open_league(client, world.clerk).context["league"].rows
    assert {row.cell.total for row in rows} == {3}


def test_out_of_scope_there_is_no_league(client, world):
    for user in (world.stranger, make_user(Role.SYSTEM_ADMINISTRATOR)):
        assert open_league(client, user).status_code == HTTPStatus.NOT_FOUND
    client.logout()
    assert client.get(PAGE).status_code == HTTPStatus.FOUND


def test_a_programme_without_regions_below_says_so(client, db):
    world = make_world(counties=0)
    fill(world)
    roll_up(world.programme)
    assert "there is nothing to rank" in open_league(client, world.leader).content.decode()


def test_queries_are_pinned_and_do_not_grow(client, world):
    before = count_beyond_frame(client, world.leader, PAGE)
    assert before == 5
    fill(make_more(world), Q3)
    roll_up(world.programme)
    assert count_beyond_frame(client, world.leader, PAGE) == before


def make_more(world):
    target = make_target(world.programme)
    places = [make_region(f"1404{n}") for n in range(10, 16)]
    world.allocations = [make_allocation(target, region=place, department=world.departments[0]) for place in places]
    return world


def test_small_multiples_say_when_there_is_nothing_to_draw():
    rows = [SimpleNamespace(trend_label=""), SimpleNamespace(trend_label="A: 1 in Q1, 2 in Q3")]
    parts = {"lede": "", "rows": [], "levels": [], "domains": []}
    assert [League(tiles=rows[:count], **parts).has_trends for count in (0, 1, 2)] == [False, False, True]
