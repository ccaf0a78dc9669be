"""The cascade: what matches, what is weaker, what is missing, rights, and the sentence."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.utils import translation

from indicators.engine.target import Basis, Comparator
from reports.cascade import find_strictest, group_targets, is_weaker, normalise, write_cascade
from tests.builders import (
    make_allocation,
    make_department,
    make_indicator,
    make_programme,
    make_region,
    make_target,
    make_user,
    make_world,
    roll_up,
)
from tests.reports.factories import target_of
from tests.reports.frame import count_beyond_frame

PAGE = "/cascade/?programme=changzhi-test&quarter=2018Q3"
AT_LEAST, ABOVE, AT_MOST, BELOW, BETWEEN = (
    Comparator.AT_LEAST.value,
    Comparator.ABOVE.value,
    Comparator.AT_MOST.value,
    Comparator.BELOW.value,
    Comparator.BETWEEN.value,
)


def bound(comparator, level, **fields):
    number = None if level is None else Decimal(level)
    return target_of(comparator=comparator, level=number, basis=fields.pop("basis", Basis.LEVEL.value), **fields)


@pytest.mark.parametrize(
    ("below", "above", "answer"),
    [
        pytest.param((AT_LEAST, "90"), (AT_LEAST, "93"), True, id="a lower floor"),
        pytest.param((AT_LEAST, "93"), (AT_LEAST, "93.0"), False, id="the same floor"),
        pytest.param((AT_LEAST, "95"), (AT_LEAST, "93"), False, id="a higher floor"),
        pytest.param((AT_LEAST, "93"), (ABOVE, "93"), True, id="the number itself is excluded above"),
        pytest.param((ABOVE, "93"), (AT_LEAST, "93"), False, id="the number itself is excluded below"),
        pytest.param((AT_MOST, "30"), (AT_MOST, "29"), True, id="a higher ceiling"),
        pytest.param((AT_MOST, "29"), (BELOW, "29"), True, id="a ceiling that counts itself"),
        pytest.param((BELOW, "29"), (AT_MOST, "29"), False, id="a ceiling that does not"),
        pytest.param((AT_LEAST, "29"), (AT_MOST, "29"), None, id="a floor and a ceiling"),
        pytest.param((BETWEEN, "1"), (AT_LEAST, "1"), None, id="a range"),
        pytest.param((AT_LEAST, None), (AT_LEAST, "93"), None, id="a level still awaited"),
        pytest.param((AT_LEAST, "0"), (AT_LEAST, "93"), True, id="zero is a level"),
    ],
)
def test_a_target_is_weaker_when_it_asks_for_less(below, above, answer):
    assert is_weaker(bound(*below), bound(*above)) is answer


def test_what_is_measured_otherwise_does_not_compare():
    growth = bound(AT_LEAST, "9", basis=Basis.GROWTH.value)
    assert is_weaker(growth, bound(AT_LEAST, "93")) is None
    other_unit = bound(AT_LEAST, "9", indicator={"unit_zh": "个"})
    assert is_weaker(other_unit, bound(AT_LEAST, "93")) is None


def test_the_strictest_of_a_level_is_held_against_the_next():
    targets = [bound(AT_LEAST, "90"), bound(AT_LEAST, "95"), bound(AT_LEAST, "93")]
    assert find_strictest(targets) is targets[1]
    assert find_strictest([]) is None


def test_indicators_match_by_code_or_by_equal_names():
    names = [("a", "合格率（批次）"), ("b", "合格率(批次)"), ("a", "另一名称"), ("c", "第三项")]
    targets = [bound(AT_LEAST, "1", indicator={"code": code, "name_zh": name}) for code, name in names]
    groups = group_targets(targets)
    assert [[targets.index(target) for target in group] for group in groups] == [[0, 1, 2], [3]]
    assert normalise(" 合格率 （批次） ") == "合格率(批次)"


@pytest.mark.parametrize(
    ("given", "chinese", "english"),
    [
        pytest.param(
            (0, {"programmes": 1, "weaker": 0, "missing": 0}),
            "本方案没有目标，无从对照。",
            "This programme sets no target; there is nothing to compare.",
            id="none",
        ),
        pytest.param(
            (9, {"programmes": 1, "weaker": 0, "missing": 0}),
            "未见本方案的上级或下级方案，仅列出本方案目标。",
            "No programme above or below this one can be seen; its targets stand alone.",
            id="alone",
        ),
        pytest.param(
            (1, {"programmes": 2, "weaker": 1, "missing": 0}),
            "1 项指标：[[1 项下级低于上级要求]]。",
            "1 indicator: [[1 weaker below than above]].",
            id="one",
        ),
        pytest.param(
            (9, {"programmes": 3, "weaker": 0, "missing": 0}),
            "9 项指标：下级均不低于上级要求，也无缺项。",
            "9 indicators: none is weaker below than above, and none is missing.",
            id="all in order",
        ),
        pytest.param(
            (9, {"programmes": 3, "weaker": 2, "missing": 4}),
            "9 项指标：[[2 项下级低于上级要求]]，4 项有层级缺少目标。",
            "9 indicators: [[2 weaker below than above]] and 4 without a target on a level.",
            id="many",
        ),
    ],
)
def test_the_sentence_counts_weaker_and_missing(given, chinese, english):
    with translation.override("zh-hans"):
        assert write_cascade(given[0], **given[1]) == chinese
    with translation.override("en"):
        assert write_cascade(given[0], **given[1]) == english


@pytest.fixture
def world(db):
    """A city programme, and one of the province above with one shared indicator and one of its own."""
    world = make_world(counties=1)
    province = make_region("14")
    above = make_programme(province, code="province", short_en="Provincial plan")
    office = make_department(province)
    shared = world.allocations[0].target.indicator
    for indicator, level in ((shared, 96), (make_indicator(), 50)):
        make_allocation(make_target(above, indicator=indicator, level=Decimal(level)), department=office)
    roll_up(world.programme)
    return world


def open_cascade(client, user, query=""):
    client.force_login(user)
    return client.get(PAGE + query, headers={"accept-language": "en"})


def test_what_several_programmes_bind_stands_side_by_side(client, world):
    leader = make_user("leader", at=make_region("14"))
    cascade = open_cascade(client, leader).context["cascade"]
    (row,) = cascade.rows
    province, city, county = row.cells
    assert [target.bound for target in province] == ["≥\xa096%"]
    assert [(target.bound, target.finding) for target in city] == [("≥\xa093%", "weaker than above")]
    assert county is None  # no programme of a county is seen, so none of its targets is missing
    assert cascade.lede == "5 indicators: [[1 weaker below than above]] and 4 without a target on a level."
    for target in (*province, *city):
        assert client.get(target.url).status_code == HTTPStatus.OK


def test_every_indicator_of_the_programme_is_shown_on_demand(client, world):
    leader = make_user("leader", at=make_region("14"))
    rows = open_cascade(client, leader, "&all=1").context["cascade"].rows
    assert len(rows) == 5
    assert rows[0].is_weaker
    assert rows[1].cells[0] == []
    assert [row.is_missing for row in rows[1:]] == [True] * 4


def test_a_programme_that_one_may_not_see_is_not_compared(client, world):
    answer = open_cascade(client, world.leader)
    assert {row.cells[0] is None for row in answer.context["cascade"].rows} == {True}
    assert "no target<" not in answer.content.decode()
    assert "Show every indicator" not in answer.content.decode()
    assert "96%" not in answer.content.decode()
    assert "can be seen; its targets stand alone" in answer.content.decode()
    assert open_cascade(client, world.stranger).status_code == HTTPStatus.NOT_FOUND


def test_a_clerk_compares_only_the_targets_of_their_department(client, world):
    rows = open_cascade(client, world.clerk, "&all=1").context["cascade"].rows
    assert len(rows) == 3


def test_the_newest_version_of_a_target_counts(client, world):
    old = world.allocations[0].target
    new = make_target(world.programme, indicator=old.indicator, code=old.code, version=2, level=Decimal(99))
    make_allocation(new, department=world.departments[0])
    leader = make_user("leader", at=make_region("14"))
    (row,) = open_cascade(client, leader).context["cascade"].rows
    assert [target.bound for target in row.cells[1]] == ["≥\xa099%"]
    assert not row.is_weaker


def test_queries_are_pinned(client, world):
    assert count_beyond_frame(client, world.leader, PAGE) == 2
