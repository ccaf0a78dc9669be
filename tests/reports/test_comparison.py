"""Two sides compared: what matches, better or worse, why, rights, and the sentence."""

from http import HTTPStatus
from types import SimpleNamespace

import pytest
from django.utils import translation

from indicators.engine.period import Quarter
from indicators.engine.target import Gap, Rating
from reports.comparison import ALONE, BETTER, OTHER, SAME, TURNED, WORSE, judge, list_reasons, write_comparison
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_programme,
    make_region,
    make_result,
    make_target,
    make_world,
    roll_up,
)
from tests.reports.frame import count_beyond_frame

PAGE = "/compare/?programme=changzhi-test&quarter=2018Q3"


@pytest.mark.parametrize(
    ("counts", "chinese", "english"),
    [
        pytest.param(
            {},
            "两侧均无结果，请选择其他季度或区域。",
            "Neither side has results; choose other quarters or regions.",
            id="none",
        ),
        pytest.param(
            {SAME: 5},
            "没有差异：两侧 5 项目标完全一致。",
            "Nothing differs: all 5 targets stand the same on both sides.",
            id="all the same",
        ),
        pytest.param(
            {ALONE: 5},
            "两侧没有相同的目标，无法对比。",
            "The two sides share no target; there is nothing to compare.",
            id="nothing shared",
        ),
        pytest.param({WORSE: 1}, "共 1 项目标：[[1 项变差]]。", "1 target: [[1 worse]].", id="one"),
        pytest.param(
            {WORSE: 2, BETTER: 3, TURNED: 1, OTHER: 4, SAME: 5, ALONE: 6},
            "共 21 项目标：[[2 项变差]]，3 项变好，1 项新评级或不再评级，4 项评级未变、数值不同，"
            "5 项未变，6 项仅一侧有。",
            "21 targets: [[2 worse]], 3 better, 1 newly or no longer rated, 4 with the same rating on other numbers,"
            " 5 unchanged and 6 on one side only.",
            id="many of every kind",
        ),
    ],
)
def test_the_sentence_counts_what_differs(counts, chinese, english):
    with translation.override("zh-hans"):
        assert write_comparison(counts) == chinese
    with translation.override("en"):
        assert write_comparison(counts) == english


def result(rating=Rating.GREEN, version=1, **fields):
    numbers = {
        "gap": 0,
        "measured": 95.0,
        "level": 93.0,
        "level_hi": None,
        "expected": 93.0,
        "expected_hi": None,
        "margin": 2.0,
    }
    target = SimpleNamespace(version=version)
    return SimpleNamespace(rating=rating.value, target=target, **({**numbers, "rule_version": 1} | fields))


MISSING = {"rating": Rating.GREY, "gap": Gap.NOT_REPORTED.value, "measured": None}


@pytest.mark.parametrize(
    ("old", "new", "kind", "reasons"),
    [
        pytest.param({}, {}, SAME, [], id="nothing"),
        pytest.param({}, {"rating": Rating.RED, "measured": 80.0}, WORSE, ["new figure"], id="a worse figure"),
        pytest.param({"rating": Rating.AMBER}, {"expected": 90.0}, BETTER, ["other expectation"], id="less expected"),
        pytest.param(
            {"rating": Rating.GREY, "gap": Gap.NOT_DUE.value, "expected": None}, {}, TURNED, ["now due"], id="now due"
        ),
        pytest.param({}, {"measured": 96.0}, OTHER, ["new figure"], id="another figure, same rating"),
        pytest.param({}, {"margin": 3.0, "rating": Rating.RED}, WORSE, ["other threshold"], id="another threshold"),
        pytest.param({}, MISSING, TURNED, ["no longer reported"], id="missing now"),
        pytest.param(MISSING, {}, TURNED, ["now reported"], id="reported now"),
        pytest.param(
            {"rating": Rating.AMBER},
            {"version": 2, "level": 90.0, "expected": 90.0},
            BETTER,
            ["new version of the target", "other level", "other expectation"],
            id="a new version of the target",
        ),
        pytest.param({"rating": Rating.AMBER}, {"rule_version": 2}, BETTER, ["new rule"], id="a new rule"),
    ],
)
def test_a_difference_says_what_it_comes_from(old, new, kind, reasons):
    old, new = result(**old), result(**new)
    with translation.override("en"):
        assert (judge(old, new), list_reasons(old, new)) == (kind, reasons)
    assert judge(old, None) == judge(None, new) == ALONE


@pytest.fixture
def world(db):
    world = make_world(counties=2)
    fill(world, Q3 - 1, ratings=[Rating.GREEN])
    fill(world, ratings=[Rating.RED, Rating.GREEN])
    roll_up(world.programme)
    return world


def compare(client, user, query=""):
    client.force_login(user)
    return client.get(f"{PAGE}{query}", headers={"accept-language": "en"})


def test_without_a_choice_the_quarter_before_is_compared(client, world):
    found = compare(client, world.leader).context["comparison"]
    assert (found.before.page.quarter, found.after.page.quarter) == (Q3 - 1, Q3)
    assert found.after.region == world.city
    assert [row.kind for row in found.rows] == [WORSE, WORSE, WORSE]
    assert found.lede == "5 targets: [[3 worse]] and 2 unchanged."
    for row in found.rows:
        assert client.get(row.after.url).status_code == client.get(row.before.url).status_code == HTTPStatus.OK


def test_two_regions_are_matched_by_target(client, world):
    query = "&with_quarter=2018Q3&region=140401&with_region=140402"
    found = compare(client, world.leader, query).context["comparison"]
    assert (found.before.region.code, found.after.region.code) == ("140402", "140401")
    assert {row.kind for row in found.rows} == {BETTER, WORSE}


def test_two_programmes_are_matched_by_indicator(client, world):
    other = make_programme(world.city, code="second")
    shared = world.allocations[0].target.indicator
    for indicator in (shared, None):
        target = make_target(other, **({"indicator": indicator} if indicator else {}))
        make_result(make_allocation(target, department=world.departments[0]), rating=Rating.GREEN)
    roll_up(other)
    query = "&with_programme=second&with_quarter=2018Q3"
    found = compare(client, world.leader, query).context["comparison"]
    kinds = [row.kind for row in found.rows]
    assert (kinds.count(WORSE), kinds.count(ALONE)) == (1, 5)
    assert found.rows[0].name == shared.name_en


def test_a_programme_without_that_quarter_shows_its_newest(client, world):
    make_programme(world.city, code="old", first_quarter=Quarter.of(2011, 1), last_quarter=Quarter.of(2012, 4))
    answer = compare(client, world.leader, "&with_programme=old&with_quarter=2018Q2")
    assert answer.status_code == HTTPStatus.OK
    assert answer.context["comparison"].before.page.programme.code == "old"


def test_neither_side_may_lie_out_of_scope(client, world):
    make_programme(make_region("3301"), code="foreign")
    assert compare(client, world.leader, "&with_programme=foreign").status_code == HTTPStatus.NOT_FOUND
    assert compare(client, world.stranger).status_code == HTTPStatus.NOT_FOUND
    client.logout()
    assert client.get(PAGE).status_code == HTTPStatus.FOUND


def test_a_clerk_compares_only_what_their_department_reports(client, world):
    foreign = world.allocations_of(world.departments[1])[0].target.indicator.name_en
    answer = compare(client, world.clerk)
    assert len(answer.context["comparison"].rows) == 3
    assert foreign not in answer.content.decode()


def test_what_is_no_quarter_is_refused_with_a_sentence(client, world):
    answer = compare(client, world.leader, "&with_quarter=abc")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Quarter: “abc” is not a quarter" in answer.content.decode()


def test_quarters_without_results_say_so(client, world):
    client.force_login(world.leader)
    text = client.get("/compare/?quarter=2016Q2", headers={"accept-language": "en"}).content.decode()
    assert "Neither side has results" in text


def test_queries_do_not_grow(client, world):
    before = count_beyond_frame(client, world.leader, PAGE)
    for lag in (0, 1):
        for _n in range(4):
            make_result(make_allocation(make_target(world.programme), department=world.departments[0]), Q3 - lag)
    roll_up(world.programme)
    assert count_beyond_frame(client, world.leader, PAGE) == before <= 9
