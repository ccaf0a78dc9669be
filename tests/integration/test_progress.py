"""The progress board and what waits for a person."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from departments.models import User
from departments.roles import Role
from departments.selectors.clock import read_database_date, read_database_time
from indicators.actions.figures import Entry, save_figure
from indicators.engine.period import Quarter
from indicators.models import ReportingQuarter, Submission
from indicators.presenters.progress import present_board
from indicators.selectors.progress import load_board
from indicators.selectors.work import count_open_work, list_forms, list_to_review
from tests.integration.entry_world import (
    QUARTER,
    World,
    allocate,
    make_indicator,
    make_programme,
    make_target,
    make_user,
    make_world,
)

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def waits(user: User) -> dict[str, int]:
    """Return the forms that wait, without the notices."""
    return {kind: count for kind, count in count_open_work(fresh(user)).items() if kind != "notice"}


def move(world: World, *statuses: str, **fields: object) -> None:
    for status in statuses:
        version = Submission.objects.get(pk=world.submission.pk).version + 1
        Submission.objects.filter(pk=world.submission.pk).update(status=status, version=version, **fields)


def view(world: World):  # type: ignore[no-untyped-def]
    with translation.override("en"):
        return present_board(load_board(world.programme), programmes=[world.programme], links=True, can_close=False)


def cell(world: World):  # type: ignore[no-untyped-def]
    return load_board(world.programme).cells[world.department.pk, QUARTER]


# The board


def test_a_draft_shows_how_much_is_filled(world: World) -> None:
    entry = Entry(numerator=D(95), denominator=D(100))
    save_figure(submission=world.submission, series=world.rate, entry=entry, by=world.clerk)
    save_figure(submission=world.submission, series=world.count, entry=Entry(explanation="later"), by=world.clerk)
    found = cell(world)
    assert (found.filled, found.asked, found.is_on_its_way, found.is_late) == (1, 3, False, False)
    assert view(world).rows[0][1][0].filled == "1 / 3"


def test_past_the_date_what_is_not_handed_in_is_late(world: World) -> None:
    today = read_database_date()
    ReportingQuarter.objects.filter(pk=world.window.pk).update(
        opens_on=today - timedelta(days=9), due_on=today - timedelta(days=2)
    )
    assert cell(world).is_late
    assert "Past the date: Department." in view(world).lede
    move(world, "submitted", submitted_by=world.clerk, submitted_at=read_database_time())
    assert not cell(world).is_late
    assert cell(world).was_late
    assert view(world).rows[0][1][0].late == "handed in late"


def test_the_lede_counts_who_has_not_reported(world: World) -> None:
    assert view(world).lede == "Q3 2018: [[1 of 1 department has not reported]]."
    move(world, "submitted", submitted_by=world.clerk, submitted_at=read_database_time())
    assert view(world).lede == "Q3 2018: the one department has reported."


def test_a_quarter_before_the_first_target_asks_nothing(world: World) -> None:
    ReportingQuarter.objects.create(
        programme=world.programme,
        quarter=Quarter.parse("2016Q4"),
        opens_on="2017-01-01",
        due_on="2017-01-15",
        closes_on="2017-01-30",
    )
    board = load_board(world.programme)
    assert (world.department.pk, Quarter.parse("2016Q4")) not in board.cells
    assert view(world).rows[0][1][0] is None


def test_a_programme_without_quarters_says_so(world: World) -> None:
    ReportingQuarter.objects.all().delete()
    assert view(world).lede == "No quarter of this programme has opened yet."


@pytest.mark.parametrize(
    ("who", "status"), [("office", 200), ("clerk", 403), ("reviewer", 403), ("foreign_clerk", 403)]
)
def test_the_board_is_for_those_who_chase(world: World, who: str, status: int) -> None:
    client = Client()
    client.force_login(getattr(world, who))
    assert client.get("/progress/").status_code == status


def test_another_region_s_programme_does_not_exist(world: World) -> None:
    client = Client()
    client.force_login(world.office)
    assert client.get("/progress/?programme=nowhere").status_code == 404
    leader = make_user("leader", Role.LEADER, region=world.programme.region)
    client.force_login(leader)
    assert b"/entry/" not in client.get("/progress/").content


# What waits


def test_open_work_is_counted_by_kind(world: World) -> None:
    assert waits(world.clerk) == {"entry": 1}
    assert waits(world.reviewer) == {"review": 0}
    assert waits(world.office) == {}
    move(world, "submitted", submitted_by=world.clerk, submitted_at=read_database_time())
    assert waits(world.clerk) == {"entry": 0}
    assert waits(world.reviewer) == {"review": 1}
    assert list(list_to_review(world.reviewer)) == [world.submission]


def test_a_form_nobody_opened_waits_too(world: World) -> None:
    target = make_target(world.programme, make_indicator("roads"), position=8)
    allocate(target, world.other)
    assert waits(world.foreign_clerk) == {"entry": 1}
    form = list_forms(world.foreign_clerk)[0]
    assert (form.submission, form.is_waiting) == (None, True)
    client = Client()
    client.force_login(world.foreign_clerk)
    answer = client.get("/entry/", follow=True)
    made = Submission.objects.get(department=world.other)
    assert answer.redirect_chain[-1][0] == f"/entry/{made.pk}/"


def test_a_closed_quarter_waits_for_nobody(world: World) -> None:
    world.close()
    assert waits(world.clerk) == {"entry": 0}
    assert [form.is_waiting for form in list_forms(world.clerk)] == [False]
    Submission.objects.filter(pk=world.submission.pk).update(is_correction=True, version=2)
    assert waits(world.clerk) == {"entry": 1}


def test_forms_of_others_are_neither_listed_nor_opened(world: World) -> None:
    assert list_forms(world.foreign_clerk) == []
    client = Client()
    client.force_login(world.foreign_clerk)
    path = f"/entry/open/{world.programme.code}/{world.department.pk}/{QUARTER}/"
    assert client.get(path).status_code == 404
    assert client.get("/entry/open/nowhere/1/x/").status_code == 404
    assert client.get("/entry/").status_code == 200


def test_two_programmes_make_two_forms_and_a_list(world: World) -> None:
    second = make_programme("second", region=world.programme.region, office=world.programme.office)
    allocate(make_target(second, world.rate.indicator, position=1), world.department)
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.clerk)
    assert "2 forms wait for you." in client.get("/entry/").content.decode()
