"""The leader's page: its numbers, who it names, what moved since the quarter before, and how many queries it takes."""

from http import HTTPStatus

import pytest
from django.utils.translation import override

from departments.roles import Role
from indicators.engine.target import Flag, Gap, Rating
from qscounty.web.sentences import drop_emphasis
from reports.leader_page import list_numbers, write_silence
from reports.movements import Movements, write_movements
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
    make_user,
    make_world,
    roll_up,
)
from tests.reports.factories import cell_of
from tests.reports.frame import count_queries

STATE = "?programme=changzhi-test&quarter=2018Q3"
ADDRESS = f"/leader/{STATE}"
MIXED = [Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREEN, Rating.GREY]
QUERIES = 19
"""Of a signed-in leader, the frame's own included; a number that moves is a page that got slower or faster: say why."""


@pytest.fixture
def world(db):
    world = make_world(counties=2)
    fill(world, ratings=MIXED)
    fill(world, Q3 - 1, ratings=[Rating.GREEN])
    make_figure(world.allocations[0].series, explanation="三季度新增抽检。")
    roll_up(world.programme)
    return world


def open_page(client, user, address=ADDRESS, language="en"):
    client.force_login(user)
    return client.get(address, headers={"accept-language": language})


# ----------------------------------------------------------------------------- sentences, without a database


@pytest.mark.parametrize(
    ("moved", "cell", "english", "chinese"),
    [
        pytest.param(
            {},
            cell_of(),
            "Nothing is rated this quarter, so nothing can be compared.",
            "本季无评定结果，无从比较。",
            id="nothing rated",
        ),
        pytest.param(
            {"fresh": 3},
            cell_of(green=3),
            "Nothing was rated in the quarter before; there is nothing to compare with.",
            "上季无评定结果，无从比较。",
            id="nothing before",
        ),
        pytest.param({"same": 4}, cell_of(green=4), "No rating changed.", "评定均无变化。", id="all the same"),
        pytest.param(
            {"worse": 1}, cell_of(red=1), "1 became worse.", "1 项变差。", id="one worse, the only one compared"
        ),
        pytest.param(
            {"worse": 2, "better": 1, "same": 1, "fresh": 1, "lost": 1},
            cell_of(green=3, red=2),
            "2 became worse, 1 became better, 1 stayed as it was, 1 is newly rated, 1 is no longer rated.",
            "2 项变差，1 项好转，1 项不变，1 项为新增评定，1 项不再有评定。",
            id="of everything",
        ),
        pytest.param(
            {"lost": 5}, cell_of(not_reported=5), "5 are no longer rated.", "5 项不再有评定。", id="all fell silent"
        ),
    ],
)
def test_what_moved_is_said_in_both_languages(moved, cell, english, chinese):
    for language, expected in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert drop_emphasis(write_movements(Movements(**moved), cell=cell)) == expected


@pytest.mark.parametrize(
    ("owing", "asked", "shown", "english", "chinese"),
    [
        (0, 0, 0, "No department has to report this quarter.", "本季无须填报的部门。"),
        (0, 1, 0, "The one department asked has reported everything.", "应填报的 1 个部门已填报齐全。"),
        (0, 4, 0, "All 4 departments asked have reported everything.", "应填报的 4 个部门均已填报齐全。"),
        (1, 1, 1, "The one department asked has figures outstanding:", "应填报的 1 个部门尚未填报齐全："),
        (4, 4, 4, "All 4 departments asked have figures outstanding:", "应填报的 4 个部门均未填报齐全："),
        (1, 4, 1, "1 of 4 departments asked has figures outstanding:", "应填报的 4 个部门中，1 个尚未填报齐全："),
        (
            9,
            12,
            6,
            "9 of 12 departments asked have figures outstanding; those with the most:",
            "应填报的 12 个部门中，9 个尚未填报齐全，未填报最多的是：",
        ),
    ],
)
def test_who_is_silent_is_said_in_both_languages(owing, asked, shown, english, chinese):
    for language, expected in (("en", english), ("zh-hans", chinese)):
        with override(language):
            assert drop_emphasis(write_silence(owing, asked=asked, shown=shown)) == expected


def numbers_of(cell, before=None):
    with override("en"):
        return [(number.value, number.note) for number in list_numbers(cell, before)]


def test_the_four_numbers():
    cell = cell_of(green=6, amber=1, red=2, not_reported=1, at_risk=2, score=91.24)
    assert numbers_of(cell, cell_of(green=1, score=90.0)) == [
        ("91.2", "▲ 1.2 on the quarter before"),
        ("6", "60% of 10 due"),
        ("2", "2 likely to miss their date"),
        ("90%", "1 figure is missing"),
    ]


def test_what_is_behind_at_its_last_date_is_not_called_safe():
    assert numbers_of(cell_of(green=6, red=4))[2] == ("4", "40% of 10 due")


@pytest.mark.parametrize(
    ("before", "note"),
    [
        (None, "no score in the quarter before"),
        (cell_of(), "no score in the quarter before"),
        (cell_of(green=1, score=95.0), "as in the quarter before"),
        (cell_of(green=1, score=97.5), "▼ 2.5 on the quarter before"),
    ],
)
def test_the_score_against_the_quarter_before(before, note):
    assert numbers_of(cell_of(green=1), before)[0] == ("95.0", note)


def test_where_nothing_is_due_there_are_dashes_not_zeros():
    assert numbers_of(cell_of(not_due=9)) == [
        ("—", "nothing is due"),
        ("—", "nothing is due"),
        ("—", "nothing is due"),
        ("—", "nothing is due"),
    ]


def test_where_nothing_is_reported_a_zero_is_a_zero():
    found = numbers_of(cell_of(not_reported=9), cell_of(green=9, score=90.0))
    assert found[0] == ("—", "too little is reported to score")
    assert found[1] == ("0", "0% of 9 due")
    assert found[2] == ("0", "0% of 9 due"), "what nobody has reported is not said to be on its way"
    assert found[3] == ("0%", "9 figures are missing")


# ----------------------------------------------------------------------------- the page


def test_who_sees_the_page(client, world):
    for user in (world.office, world.leader, world.auditor, world.clerk):
        assert open_page(client, user).status_code == HTTPStatus.OK
    assert open_page(client, world.stranger).status_code == HTTPStatus.NOT_FOUND
    assert open_page(client, make_user(Role.SYSTEM_ADMINISTRATOR)).status_code == HTTPStatus.NOT_FOUND
    client.logout()
    assert client.get(ADDRESS).status_code == HTTPStatus.FOUND


def test_a_clerk_reads_of_the_own_department_alone(client, world):
    answer = open_page(client, world.clerk)
    mine, other = world.departments
    assert answer.context["leader"].cell.total == len(world.allocations_of(mine))
    assert other.short_name not in answer.content.decode()


def test_the_page_says_whose_the_worst_are_and_how_they_went(client, world):
    leader = open_page(client, world.leader).context["leader"]
    assert len(leader.worst) == 5
    assert all(one.line.mark.letter == "R" for one in leader.worst[:3])
    for one in leader.worst[:3]:
        assert any(department.short_name in one.line.place for department in world.departments)
        assert sum(value is not None for value in one.trend) == 2
        assert one.trend_label.endswith("in Q3 2018")
        assert one.change == "▼ 22.0 on the quarter before"


def test_the_page_says_what_moved_and_leads_there(client, world):
    leader = open_page(client, world.leader).context["leader"]
    moved = leader.movements
    count = len(world.allocations)
    assert (moved.worse, moved.better, moved.same, moved.fresh, moved.lost) == (
        2 * count // 5,
        0,
        2 * count // 5,
        0,
        count // 5,
    )
    assert [(row.before.letter, row.after.letter) for row in moved.worst] == [("G", "R")] * 3
    assert moved.worst[0].url.startswith("/targets/")


def test_better_and_newly_rated_are_told_apart(client, world):
    world.programme.attainments.filter(quarter=Q3 - 1).delete()
    first, second = world.allocations[:2]  # green and amber in the third quarter
    make_result(second, Q3 - 1, rating=Rating.RED)
    make_result(first, Q3 - 1, rating=Rating.GREY, gap=Gap.NOT_REPORTED)
    roll_up(world.programme)
    moved = open_page(client, world.leader).context["leader"].movements
    assert (moved.better, moved.worse, moved.same) == (1, 0, 0)
    assert moved.fresh == 4 * len(world.allocations) // 5 - 1
    assert [row.before.letter + row.after.letter for row in moved.best] == ["RA"]


def test_the_silent_are_named_with_how_much_is_missing(client, world):
    leader = open_page(client, world.leader).context["leader"]
    missing = world.programme.attainments.filter(quarter=Q3, gap=Gap.NOT_REPORTED.value)
    told = {one.name: one.missing for one in leader.silent}
    for department in world.departments:
        mine = missing.filter(department=department.pk).count()
        if mine:
            assert told[department.short_name].startswith(f"{mine} of ")
    assert "department=" in leader.silent[0].url


def test_whoever_has_reported_everything_is_not_named(client, world):
    done, owing = world.departments
    reported = world.programme.attainments.filter(quarter=Q3, gap=Gap.NOT_REPORTED.value, department=done.pk)
    for allocation in [a for a in world.allocations if a.pk in set(reported.values_list("allocation", flat=True))]:
        world.programme.attainments.filter(quarter=Q3, allocation=allocation.pk).delete()
        make_result(allocation)
    roll_up(world.programme)
    leader = open_page(client, world.leader).context["leader"]
    assert [one.name for one in leader.silent] == [owing.short_name]
    assert drop_emphasis(leader.silence) == "1 of 2 departments asked has figures outstanding:"


def test_an_empty_programme_says_what_comes_next(client, world):
    make_programme(world.city, code="empty")
    text = open_page(client, world.leader, "/leader/?programme=empty").content.decode()
    assert "No target is set here for this quarter." in text
    assert "Nothing is due this quarter, so nothing can be behind." in text
    assert "No department has to report this quarter." in text
    assert "Nothing is rated this quarter, so nothing can be compared." in text


def test_a_choice_that_cannot_be_gets_a_sentence(client, world):
    answer = open_page(client, world.leader, "/leader/?quarter=abc")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Quarter: " in answer.content.decode()


def test_text_from_people_is_text(client, world):
    allocation = world.allocations[2]
    allocation.target.indicator.name_en = "<script>alert(1)</script>"
    allocation.target.indicator.save()
    make_figure(allocation.series, explanation="<img src=x onerror=alert(1)>")
    text = open_page(client, world.leader).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_the_overview_leads_to_the_page(client, world):
    assert ADDRESS.replace("&", "&amp;") in open_page(client, world.leader, f"/{STATE}").content.decode()


def test_queries_are_pinned_and_do_not_grow_with_the_data(client, world):
    assert count_queries(client, world.leader, ADDRESS) == QUERIES
    for number in range(3, 7):
        region = make_region(f"14040{number}")
        lead = make_department(world.city, code=f"more-{number}")
        for _target in range(3):
            allocation = make_allocation(make_target(world.programme, lead=lead), region=region, department=lead)
            for lag in range(4):
                make_result(allocation, Q3 - lag, rating=(Rating.RED, Rating.GREEN)[lag % 2], flags=Flag.AT_RISK)
    roll_up(world.programme)
    assert count_queries(client, world.leader, ADDRESS) == QUERIES
