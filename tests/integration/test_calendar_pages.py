"""The office's calendar in the browser: what it opens with, what it refuses with which number, what stays typed."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import translation

from departments.models import AuditEntry, User
from departments.selectors.clock import read_database_date
from indicators.actions.calendar import plan_quarters
from indicators.calendar_days import LAST_KNOWN_YEAR
from indicators.calendar_forms import DayField
from indicators.engine.period import Quarter
from indicators.models import Extension, ReportingQuarter
from indicators.presenters.calendar import present_calendar, present_quarter, state_of
from tests.integration.entry_world import QUARTER, World, make_world

ADDRESS = f"/calendar/changzhi/{QUARTER}/"


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def day(offset: int) -> date:
    return read_database_date() + timedelta(days=offset)


def shift(world: World, *, opens: int, due: int, closes: int) -> None:
    ReportingQuarter.objects.filter(pk=world.window.pk).update(
        opens_on=day(opens), due_on=day(due), closes_on=day(closes)
    )


def dates(world: World, **changes: str) -> dict[str, str]:
    names = ("opens_on", "due_on", "closes_on")
    sent = {name: str(getattr(world.window, name)) for name in names}
    return sent | {f"seen_{name}": sent[name] for name in names} | {"key": str(uuid4())} | changes


def extension(world: World, **changes: str) -> dict[str, str]:
    sent = {"department": str(world.department.pk), "due_on": str(day(30)), "closes_on": str(day(40))}
    return sent | {"reason": "The laboratory moved.", "key": str(uuid4())} | changes


def test_the_calendar_opens_with_what_is_open(world: World) -> None:
    page = client_of(world.office).get("/calendar/").content.decode()
    assert "Q3 2018 is open: due on" in page
    assert "7 days left." in page


def test_the_calendar_is_said_in_chinese(world: World) -> None:
    page = client_of(world.office, "zh-hans").get("/calendar/").content.decode()
    assert "2018年三季度正在填报" in page
    assert "还剩 7 天" in page


@pytest.mark.parametrize(
    ("opens", "due", "closes", "words", "state"),
    [
        (3, 9, 20, "opens on", "ahead"),
        (-1, 1, 20, "1 day left.", "open"),
        (-1, 0, 20, "is due today.", "open"),
        (-9, -1, 20, "was due on", "open"),
        (-9, -5, -1, "is closed.", "closed"),
    ],
)
def test_every_state_has_its_sentence(world: World, opens: int, due: int, closes: int, words: str, state: str) -> None:
    shift(world, opens=opens, due=due, closes=closes)
    page = present_quarter(world.window, extensions=[], today=day(0), user=world.office)
    assert words in page.lede
    assert (page.quarter.state, state_of(world.window, day(0))) == (state, state)
    assert (page.can_move, page.can_close) == (state != "closed" and due >= 0, state == "open" and due <= 0)


def test_dates_beyond_the_decrees_are_doubted(world: World) -> None:
    window = ReportingQuarter(
        programme=world.programme,
        quarter=Quarter.of(LAST_KNOWN_YEAR, 4),
        opens_on=date(LAST_KNOWN_YEAR + 1, 1, 1),
        due_on=date(LAST_KNOWN_YEAR + 1, 1, 15),
        closes_on=date(LAST_KNOWN_YEAR + 1, 1, 29),
    )
    view = present_calendar(world.programme, [window], programmes=[], extensions=[], today=day(0))
    assert f"known up to {LAST_KNOWN_YEAR}" in view.doubt
    assert not present_calendar(
        world.programme, [world.window], programmes=[], extensions=[], today=day(0)
    ).doubt.strip()


def test_many_quarters_take_a_fixed_number_of_queries(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    plan_quarters(programme=world.programme)
    client = client_of(world.office)
    with django_assert_max_num_queries(14):
        client.get("/calendar/")


def test_dates_are_moved_once_however_often_it_is_sent(world: World) -> None:
    sent = dates(world, due_on=str(day(9)))
    client = client_of(world.office)
    assert [client.post(f"{ADDRESS}dates/", sent).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(event="quarter_dates_changed").count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"due_on": "2018-13-45"}, 422, "Due on"),
        ({"due_on": ""}, 422, "Due on"),
        ({"due_on": "2000-01-01", "opens_on": "2000-01-01"}, 422, "the day has passed"),
        ({"seen_due_on": "2001-01-01"}, 409, "Someone else changed these dates"),
        ({"status": "approved"}, 422, "does not have"),
        ({"key": "x"}, 422, ""),
    ],
)
def test_refused_dates_have_a_number_and_stay_typed(world: World, changes: dict, status: int, words: str) -> None:
    answer = client_of(world.office).post(f"{ADDRESS}dates/", dates(world, closes_on=str(day(25))) | changes)
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert f'value="{day(25)}"' in answer.content.decode()
    assert AuditEntry.objects.filter(event="refused").count() == 1


def test_closing_by_button(world: World) -> None:
    client, sent = client_of(world.office), {"key": str(uuid4())}
    assert client.post(f"{ADDRESS}close/", sent).status_code == 423
    shift(world, opens=-9, due=0, closes=20)
    assert "Close the quarter now" in client.get(ADDRESS).content.decode()
    assert [client.post(f"{ADDRESS}close/", sent).status_code for _ in range(2)] == [302, 302], "T11: a double click"
    assert world.window.closed_at is not None
    assert AuditEntry.objects.filter(event="quarter_closed").count() == 1


def test_an_extension_is_given_shown_and_counted(world: World) -> None:
    client = client_of(world.office)
    page = client.post(f"{ADDRESS}extend/", extension(world), follow=True).content.decode()
    assert "1 department has longer." in page
    assert "The laboratory moved." in page
    assert "Holds" in page


def test_after_the_closing_the_asker_sees_no_button_the_other_does(world: World) -> None:
    world.close()
    client_of(world.office).post(f"{ADDRESS}extend/", extension(world))
    pk = Extension.objects.get().pk
    assert "confirm/" not in client_of(world.office).get(ADDRESS).content.decode()
    assert f"/calendar/extensions/{pk}/confirm/" in client_of(world.second_office).get(ADDRESS).content.decode()
    sent = {"key": str(uuid4())}
    assert client_of(world.office).post(f"/calendar/extensions/{pk}/confirm/", sent).status_code == 403
    second = client_of(world.second_office)
    sent = {"key": str(uuid4())}
    answers = [second.post(f"/calendar/extensions/{pk}/confirm/", sent).status_code for _ in range(2)]
    assert answers == [302, 302], "T11: a double click"
    assert Extension.objects.get().confirmed_by == world.second_office


@pytest.mark.parametrize("changes", [{"department": "987654321"}, {"department": ""}, {"reason": ""}, {"due_on": "x"}])
def test_an_extension_without_its_parts_is_refused(world: World, changes: dict) -> None:
    answer = client_of(world.office).post(f"{ADDRESS}extend/", extension(world) | changes)
    assert answer.status_code == 422
    assert not Extension.objects.exists()


@pytest.mark.parametrize("address", ["/calendar/changzhi/2018Q9/", "/calendar/changzhi/1999Q1/", "/calendar/x/2018Q3/"])
def test_what_is_not_there_is_not_found(world: World, address: str) -> None:
    assert client_of(world.office).get(address).status_code == 404


@pytest.mark.parametrize("text", ["2018-10-15", "2018年10月15日", "2018/10/15"])
def test_days_are_read_as_offices_write_them(text: str) -> None:
    assert DayField().clean(text) == date(2018, 10, 15)


def test_the_clerks_page_shows_the_extended_date(world: World) -> None:
    client_of(world.office).post(f"{ADDRESS}extend/", extension(world))
    shift(world, opens=-40, due=-20, closes=-1)
    page = client_of(world.clerk).get(f"/entry/{world.submission.pk}/").content.decode()
    assert "30 days left." in page
    assert "readonly" not in page
