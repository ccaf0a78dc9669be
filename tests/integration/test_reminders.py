"""Reminders: whom, when, once, in which words, and by e-mail where there is a mail server."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from departments.errors import Locked, NotAllowed
from departments.models import AuditEntry, User
from departments.permissions import scope_of
from departments.roles import Role
from departments.selectors.clock import read_database_date, read_database_time
from indicators.actions import notice_mail
from indicators.actions.extensions import extend_department
from indicators.actions.notices import mark_read, remind_missing, send_reminders
from indicators.models import Notice, NoticeKind, ReportingQuarter, Submission
from indicators.notice_addresses import find_link
from indicators.notice_words import write_notice
from indicators.reminder_days import LADDER, find_stage, list_stages
from indicators.selectors.reminders import list_unfinished
from indicators.selectors.work import count_open_work
from tests.integration.entry_world import QUARTER, World, make_user, make_world

D = Decimal
OPENED, HALF, BEFORE, OVERDUE, ASKED = NoticeKind


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


# Which reminder on which day; October 2018 is an ordinary month after the week of National Day


def stage(day: str, *, opens: str = "2018-10-08", due: str = "2018-10-22", closes: str = "2018-10-30") -> str | None:
    dates = {"opens_on": opens, "due_on": due, "closes_on": closes, "today": day}
    return find_stage(**{name: date.fromisoformat(text) for name, text in dates.items()})


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        pytest.param("2018-10-07", None, id="the day before it opens"),
        pytest.param("2018-10-08", OPENED, id="opening"),
        pytest.param("2018-10-14", OPENED, id="the last day before half time"),
        pytest.param("2018-10-15", HALF, id="half time"),
        pytest.param("2018-10-18", HALF, id="two working days before"),
        pytest.param("2018-10-19", BEFORE, id="the working day before: a Friday, as the date is a Monday"),
        pytest.param("2018-10-22", BEFORE, id="the due date itself"),
        pytest.param("2018-10-23", OVERDUE, id="the day after"),
        pytest.param("2018-10-30", OVERDUE, id="the last day"),
        pytest.param("2018-10-31", None, id="closed"),
    ],
)
def test_each_day_has_one_reminder(day, kind):
    assert stage(day) == kind


def test_half_time_moves_behind_a_holiday():
    stages = list_stages(opens_on=date(2018, 9, 24), due_on=date(2018, 10, 15))
    assert [str(day) for day, _kind in stages] == ["2018-09-24", "2018-10-08", "2018-10-12", "2018-10-16"]


@pytest.mark.parametrize(
    ("due", "kinds"),
    [
        pytest.param("2018-10-08", [OPENED, OVERDUE], id="due on the day it opens"),
        pytest.param("2018-10-10", [OPENED, BEFORE, OVERDUE], id="half time and the day before fall together"),
    ],
)
def test_reminders_that_fall_together_are_one(due, kinds):
    stages = list_stages(opens_on=date(2018, 10, 8), due_on=date.fromisoformat(due))
    assert [kind for _day, kind in stages] == kinds


def test_the_ladder_adds_one_at_a_time():
    heard = [set(LADDER[kind]) for kind in (OPENED, HALF, BEFORE, OVERDUE)]
    assert all(lower <= higher for lower, higher in pairwise(heard))
    assert heard[0] == {Role.CLERK}
    assert heard[-1] == {Role.CLERK, Role.REVIEWER, Role.OFFICE}


# Sending


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def day(offset: int) -> date:
    return read_database_date() + timedelta(days=offset)


def shift(world: World, *, opens: int, due: int, closes: int) -> None:
    ReportingQuarter.objects.filter(pk=world.window.pk).update(
        opens_on=day(opens), due_on=day(due), closes_on=day(closes)
    )


def overdue(world: World) -> None:
    shift(world, opens=-20, due=-1, closes=10)


def hand_in(world: World, status: str = "submitted") -> None:
    """Move the form on, as far as named."""
    given = {"submitted_by": world.clerk, "submitted_at": read_database_time()}
    Submission.objects.filter(pk=world.submission.pk).update(status="submitted", version=2, **given)
    if status == "approved":
        decided = {"decided_by": world.reviewer, "decided_at": read_database_time()}
        Submission.objects.filter(pk=world.submission.pk).update(status="approved", version=3, **decided)


def sent() -> set[tuple[str, str]]:
    return set(Notice.objects.values_list("user__username", "kind"))


def test_an_opening_is_told_to_the_clerks_alone(world: World) -> None:
    shift(world, opens=0, due=14, closes=20)
    assert send_reminders() == 2
    assert sent() == {("li-min", OPENED), ("zhao-yan", OPENED)}
    assert AuditEntry.objects.get(event="reminders_sent").details["notices"] == 2


def test_sending_again_sends_nothing(world: World) -> None:
    shift(world, opens=0, due=14, closes=20)
    send_reminders()
    assert send_reminders() == 0
    assert AuditEntry.objects.filter(event="reminders_sent").count() == 1


def test_past_the_date_everybody_on_the_ladder_hears(world: World) -> None:
    overdue(world)
    send_reminders()
    assert sent() == {
        ("li-min", OVERDUE),
        ("zhao-yan", OVERDUE),
        ("wang-qiang", OVERDUE),
        ("office-one", OVERDUE),
        ("office-two", OVERDUE),
    }
    office = Notice.objects.get(user=world.office)
    assert (office.department, office.late_departments) == (None, [world.department.pk])


def test_a_server_that_slept_sends_the_newest_alone(world: World) -> None:
    overdue(world)
    send_reminders()
    assert {kind for _name, kind in sent()} == {OVERDUE}


def test_a_form_that_is_handed_in_is_the_reviewers(world: World) -> None:
    hand_in(world)
    overdue(world)
    send_reminders()
    assert sent() == {("wang-qiang", OVERDUE)}
    assert Notice.objects.get().is_review


def test_nobody_hears_of_an_approved_form(world: World) -> None:
    hand_in(world, "approved")
    overdue(world)
    assert (send_reminders(), list_unfinished(world.window)) == (0, [])


def test_a_department_that_is_asked_for_nothing_hears_nothing(world: World) -> None:
    overdue(world)
    send_reminders()
    assert not Notice.objects.filter(user=world.foreign_clerk).exists()


def test_a_closed_quarter_is_quiet(world: World) -> None:
    overdue(world)
    world.close()
    assert send_reminders() == 0
    shift(world, opens=-20, due=-10, closes=-1)
    assert send_reminders() == 0


def test_disabled_accounts_hear_nothing(world: World) -> None:
    User.objects.filter(pk=world.clerk.pk).update(is_active=False)
    shift(world, opens=0, due=14, closes=20)
    send_reminders()
    assert sent() == {("zhao-yan", OPENED)}


def test_another_regions_office_hears_nothing(world: World) -> None:
    make_user("province", Role.OFFICE, region=world.programme.region.parent)
    overdue(world)
    send_reminders()
    assert ("province", OVERDUE) not in sent()


def test_an_extended_department_is_reminded_by_its_own_dates(world: World) -> None:
    extend_department(
        window=world.window, department=world.department, due_on=day(30), closes_on=day(40), reason="x", by=world.office
    )
    shift(world, opens=-20, due=-10, closes=-1)
    send_reminders()
    assert {kind for _name, kind in sent()} <= {OPENED, HALF}
    assert set(Notice.objects.values_list("due_on", flat=True)) == {day(30)}


def test_moved_dates_remind_again(world: World) -> None:
    overdue(world)
    send_reminders()
    shift(world, opens=-20, due=-2, closes=10)
    assert send_reminders() == 5


def test_two_windows_are_sent_in_few_queries(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    overdue(world)
    with django_assert_max_num_queries(26):
        send_reminders()
    with django_assert_max_num_queries(14):
        send_reminders()


# By hand


def test_the_office_reminds_the_missing_only(world: World) -> None:
    assert remind_missing(window=world.window, by=world.office) == 3
    assert sent() == {("li-min", ASKED), ("zhao-yan", ASKED), ("wang-qiang", ASKED)}
    assert remind_missing(window=world.window, by=world.second_office) == 0


def test_handed_in_is_not_missing(world: World) -> None:
    hand_in(world)
    assert remind_missing(window=world.window, by=world.office) == 0
    assert sent() == set()


def test_nobody_else_reminds(world: World) -> None:
    for person in (world.clerk, world.reviewer):
        with pytest.raises(NotAllowed):
            remind_missing(window=world.window, by=person)


def test_a_closed_quarter_reminds_nobody(world: World) -> None:
    world.close()
    with pytest.raises(Locked, match="nobody to remind"):
        remind_missing(window=world.window, by=world.office)


# On the page


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(User.objects.get(pk=user.pk))
    return client


def test_the_page_says_what_waits_and_leads_there(world: World) -> None:
    overdue(world)
    send_reminders()
    page = client_of(world.clerk).get("/notices/").content.decode()
    assert "1 notice is new." in page
    assert "The figures of Department were due on" in page
    notice = Notice.objects.get(user=world.clerk)
    answer = client_of(world.clerk).post(f"/notices/{notice.pk}/read/", {"then": "open"})
    assert answer.headers["Location"] == reverse(
        "indicators:entry-open", args=["changzhi", world.department.pk, str(QUARTER)]
    )
    assert "You have read everything." in client_of(world.clerk).get("/notices/").content.decode()


def test_reviewer_and_office_are_led_to_their_work(world: World) -> None:
    overdue(world)
    send_reminders()
    for person, address in ((world.reviewer, "/review/"), (world.office, "/progress/?programme=changzhi")):
        notice = Notice.objects.get(user=person)
        answer = client_of(person).post(f"/notices/{notice.pk}/read/", {"then": "open"})
        assert answer.headers["Location"] == address


def test_the_menu_counts_unread_notices(world: World) -> None:
    overdue(world)
    send_reminders()
    assert count_open_work(User.objects.get(pk=world.office.pk)) == {"notice": 1}
    assert mark_read(by=world.office) == 1
    assert count_open_work(User.objects.get(pk=world.office.pk)) == {"notice": 0}


def test_nobody_reads_or_marks_the_notices_of_others(world: World) -> None:
    overdue(world)
    send_reminders()
    notice = Notice.objects.get(user=world.clerk)
    assert client_of(world.second_clerk).post(f"/notices/{notice.pk}/read/").status_code == 404
    client_of(world.second_clerk).post("/notices/read/")
    notice.refresh_from_db()
    assert notice.read_at is None


def test_the_page_takes_a_fixed_number_of_queries(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    overdue(world)
    send_reminders()
    client = client_of(world.office)
    with django_assert_max_num_queries(10):
        client.get("/notices/")


def test_the_board_has_the_button_while_somebody_is_missing(world: World) -> None:
    page = client_of(world.office).get("/progress/").content.decode()
    assert "Remind the missing only" in page
    answer = client_of(world.office).post(f"/progress/changzhi/{QUARTER}/remind/", follow=True)
    assert "3 people were reminded." in answer.content.decode()
    hand_in(world)
    assert "Remind the missing only" not in client_of(world.office).get("/progress/").content.decode()


def test_clerks_have_no_button(world: World) -> None:
    assert client_of(world.clerk).post(f"/progress/changzhi/{QUARTER}/remind/").status_code == 403


# Words


@pytest.mark.parametrize(
    ("kind", "words", "chinese"),
    [
        (OPENED, "Department can enter its figures now", "部门现在可以填报"),
        (HALF, "Half of the time is over", "填报时间已过半"),
        (BEFORE, "are not handed in yet and due on", "部门尚未报送"),
        (OVERDUE, "were due on", "尚未报送"),
        (ASKED, "The leadership office asks Department", "质强办催报"),
    ],
)
def test_every_kind_has_its_words(world: World, kind: str, words: str, chinese: str) -> None:
    notice = Notice(
        kind=kind, programme=world.programme, quarter=QUARTER, department=world.department, due_on=date(2018, 10, 15)
    )
    assert words in write_notice(notice, names={})
    assert "15 October 2018" in write_notice(notice, names={})
    with translation.override("zh-hans"):
        assert chinese in write_notice(notice, names={})
        assert "2018年10月15日" in write_notice(notice, names={})


def test_many_late_departments_are_counted_few_are_named(world: World) -> None:
    notice = Notice(kind=OVERDUE, programme=world.programme, quarter=QUARTER, due_on=date(2018, 10, 15))
    notice.late_departments = [1, 2]
    assert write_notice(notice, names={1: "Food", 2: "Works"}).endswith("(Food and Works)")
    notice.late_departments = list(range(6))
    assert write_notice(notice, names=dict.fromkeys(range(6), "x")).startswith("6 departments have not handed in")
    assert "(" not in write_notice(notice, names=dict.fromkeys(range(6), "x"))


# E-mail


@pytest.fixture
def mailed(world: World, settings) -> World:  # type: ignore[no-untyped-def]
    settings.HAS_MAIL = True
    settings.SITE_ADDRESS = "https://targets.example"
    User.objects.filter(pk=world.clerk.pk).update(email="li.min@example.gov.cn")
    overdue(world)
    send_reminders()
    return world


def test_only_people_with_an_address_get_an_email_once(mailed: World) -> None:
    assert notice_mail.mail_notices(seconds=5) == 1
    assert notice_mail.mail_notices(seconds=5) == 0
    [message] = mail.outbox
    assert message.to == ["li.min@example.gov.cn"]
    assert "尚未报送" in message.body
    form = reverse("indicators:entry-open", args=["changzhi", mailed.department.pk, str(QUARTER)])
    assert f"\nhttps://targets.example{form}\n" in message.body
    assert "\n" not in message.subject
    assert Notice.objects.get(user=mailed.clerk).emailed_at is not None


@pytest.mark.parametrize(
    ("who", "path"),
    [("reviewer", "/review/"), ("office", "/progress/?programme=changzhi"), ("foreign_clerk", "/notices/")],
)
def test_the_link_leads_where_the_reader_can_do_something(world: World, settings, who: str, path: str) -> None:  # type: ignore[no-untyped-def]
    settings.SITE_ADDRESS = "https://targets.example"
    user, department = getattr(world, who), None if who == "office" else world.department
    notice = Notice(kind=OVERDUE, programme=world.programme, quarter=QUARTER, department=department, user=user)
    assert find_link(notice, scope_of(user)) == f"https://targets.example{path}"


def test_without_a_mail_server_nothing_is_sent(mailed: World, settings) -> None:  # type: ignore[no-untyped-def]
    settings.HAS_MAIL = False
    assert notice_mail.mail_notices(seconds=5) == 0
    assert mail.outbox == []


def test_what_was_read_or_is_old_is_not_sent(mailed: World) -> None:
    Notice.objects.update(sent_at=read_database_time() - timedelta(days=3))
    assert notice_mail.mail_notices(seconds=5) == 0
    Notice.objects.update(sent_at=read_database_time(), read_at=read_database_time())
    assert notice_mail.mail_notices(seconds=5) == 0


def test_a_mail_server_that_fails_loses_nothing(mailed: World, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def refuse(message):  # type: ignore[no-untyped-def]
        raise ConnectionRefusedError("no server")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert notice_mail.mail_notices(seconds=5) == 0
    assert Notice.objects.get(user=mailed.clerk).emailed_at is None
    monkeypatch.undo()
    assert notice_mail.mail_notices(seconds=5) == 1
