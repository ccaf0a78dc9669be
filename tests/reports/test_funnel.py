"""One share across regions: places, too few cases, limits of chance, and the sentence."""

from http import HTTPStatus

import pytest
from django.utils import translation

from indicators.engine.target import Comparator, Rating
from reports.funnel import write_funnel
from tests.builders import make_allocation, make_result, make_target, make_world, roll_up
from tests.reports.frame import count_beyond_frame

STATE = "?programme=changzhi-test&quarter=2018Q3"


@pytest.mark.parametrize(
    ("counts", "chinese", "english"),
    [
        pytest.param(
            {"ranked": 0, "small": 4, "below": 0},
            "T：[[没有区域]]的样本足以排名。",
            "T: [[no region]] has enough cases to be ranked.",
            id="none",
        ),
        pytest.param(
            {"ranked": 1, "small": 1, "below": 0},
            "T：1 个区域可以排名。1 个样本过少，不参与排名。",
            "T: 1 region can be ranked. 1 has too few cases to rank.",
            id="one of each",
        ),
        pytest.param(
            {"ranked": 9, "small": 0, "below": 0},
            "T：9 个区域可以排名。",
            "T: 9 regions can be ranked.",
            id="all",
        ),
        pytest.param(
            {"ranked": 9, "small": 2, "below": 3},
            "T：9 个区域可以排名。2 个样本过少，不参与排名。[[3 个明显偏低]]，超出随机波动范围。",
            "T: 9 regions can be ranked. 2 have too few cases to rank. [[3 lie below]] what chance explains.",
            id="many",
        ),
    ],
)
def test_the_sentence_says_who_can_be_ranked(counts, chinese, english):
    with translation.override("zh-hans"):
        assert write_funnel("T", **counts) == chinese
    with translation.override("en"):
        assert write_funnel("T", **counts) == english


@pytest.fixture
def world(db):
    return make_world(counties=4)


def report(world, counts, **fields):
    target = make_target(world.programme, **fields)
    for region, (passed, cases) in zip(world.counties, counts, strict=True):
        allocation = make_allocation(target, region=region, department=world.departments[0])
        make_result(allocation, rating=Rating.GREEN, numerator=passed, denominator=cases)
    roll_up(world.programme)
    return target


def open_funnel(client, user, target):
    client.force_login(user)
    return client.get(f"/league/{target.pk}/{STATE}", headers={"accept-language": "en"})


COUNTS = [(950.0, 1000.0), (475.0, 500.0), (19.0, 20.0), (700.0, 1000.0)]


def test_few_cases_have_no_place_and_equal_shares_one(client, world):
    rows = open_funnel(client, world.leader, report(world, COUNTS)).context["funnel"].rows
    assert [(row.name, row.place and row.place.text, row.share) for row in rows] == [
        ("County 1", "tied 1", "95.0%"),
        ("County 2", "tied 1", "95.0%"),
        ("County 4", "3", "70.0%"),
        ("County 3", None, "95.0%"),
    ]
    assert rows[2].side == "below what chance explains"
    assert rows[3].side == ""


def test_where_less_is_better_the_least_is_first(client, world):
    target = report(world, COUNTS, comparator=Comparator.AT_MOST.value)
    rows = open_funnel(client, world.leader, target).context["funnel"].rows
    assert rows[0].name == "County 4"


def test_the_funnel_narrows_with_the_cases_and_holds_the_whole(client, world):
    chart = open_funnel(client, world.leader, report(world, COUNTS)).context["funnel"].chart
    widths = [high - low for low, high in zip(chart["innerLow"], chart["innerHigh"], strict=True)]
    assert widths == sorted(widths, reverse=True)
    assert all(
        outer <= inner <= chart["whole"] for outer, inner in zip(chart["outerLow"], chart["innerLow"], strict=True)
    )
    assert chart["whole"] == pytest.approx(2144 / 2520 * 100, abs=1e-4)


def test_the_league_leads_to_every_share_of_several_regions(client, world):
    target = report(world, COUNTS)
    client.force_login(world.leader)
    answer = client.get(f"/league/{STATE}", headers={"accept-language": "en"})
    assert answer.context["shares"] == [(target.pk, target.indicator.name_en)]


def test_what_is_no_share_or_out_of_scope_is_not_found(client, world):
    target = report(world, COUNTS)
    lonely = make_target(world.programme)
    make_result(make_allocation(lonely, region=world.counties[0], department=world.departments[0]))
    assert open_funnel(client, world.leader, lonely).status_code == HTTPStatus.NOT_FOUND
    assert open_funnel(client, world.stranger, target).status_code == HTTPStatus.NOT_FOUND
    assert open_funnel(client, world.clerk, target).status_code == HTTPStatus.OK


def test_a_count_above_its_cases_is_no_share(client, world):
    target = report(world, [(10.0, 5.0)] * 4)
    assert open_funnel(client, world.leader, target).status_code == HTTPStatus.NOT_FOUND


def test_queries_are_pinned(client, world):
    assert count_beyond_frame(client, world.leader, f"/league/{report(world, COUNTS).pk}/{STATE}") == 1
