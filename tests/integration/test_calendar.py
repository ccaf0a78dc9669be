"""Dates of quarters: moved until they are due, closed by the office, extended for one department."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from departments.errors import Invalid, Locked, NotAllowed, Stale
from departments.models import AuditEntry, User
from departments.selectors.clock import read_database_date
from indicators.actions.calendar import Dates, change_dates, close_quarter, plan_quarters
from indicators.actions.extensions import confirm_extension, extend_department
from indicators.actions.figures import Entry, save_figure
from indicators.actions.submissions import submit_submission
from indicators.engine.period import Quarter
from indicators.models import Extension, Figure, ReportingQuarter, Submission
from indicators.selectors.calendar import get_window, is_closed, list_windows_of
from indicators.selectors.submissions import can_edit
from indicators.selectors.work import count_open_work, list_forms
from tests.integration.entry_world import QUARTER, World, make_world

D = Decimal
REASON = "The laboratory moved; its results come a week later."


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def day(offset: int) -> date:
    return read_database_date() + timedelta(days=offset)


def dates_of(window: ReportingQuarter) -> Dates:
    return Dates(opens_on=window.opens_on, due_on=window.due_on, closes_on=window.closes_on)


def shift(world: World, *, opens: int, due: int, closes: int) -> None:
    """Move the quarter's dates in days from today, past every check."""
    ReportingQuarter.objects.filter(pk=world.window.pk).update(
        opens_on=day(opens), due_on=day(due), closes_on=day(closes)
    )


def extend(world: World, *, due: int = 30, closes: int = 40, by: User | None = None, **other: object) -> Extension:
    given = {"department": world.department, "reason": REASON} | other
    return extend_department(
        window=world.window, due_on=day(due), closes_on=day(closes), by=by or world.office, **given
    )


def enter(world: World, version: int = 0) -> Figure:
    entry = Entry(numerator=D(95), denominator=D(100), version_seen=version)
    return save_figure(submission=world.submission, series=world.rate, entry=entry, by=world.clerk)


def events() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


# Planning


def test_only_missing_quarters_are_planned(world: World) -> None:
    before = dates_of(world.window)
    assert plan_quarters(programme=world.programme) == 15
    assert plan_quarters(programme=world.programme) == 0
    assert dates_of(world.window) == before
    first = world.programme.reporting_quarters.get(quarter=Quarter.parse("2017Q2"))
    assert dates_of(first) == Dates(opens_on=date(2017, 7, 1), due_on=date(2017, 7, 17), closes_on=date(2017, 7, 31))


# Moving dates


def test_the_office_moves_dates_and_the_trail_says_so(world: World) -> None:
    seen = dates_of(world.window)
    wanted = Dates(opens_on=seen.opens_on, due_on=day(9), closes_on=day(25))
    assert dates_of(change_dates(window=world.window, dates=wanted, seen=seen, by=world.office)) == wanted
    entry = AuditEntry.objects.get(event="quarter_dates_changed")
    assert entry.details["from"] == [str(seen.opens_on), str(seen.due_on), str(seen.closes_on)]
    assert entry.details["to"][1] == str(day(9))


def test_nobody_else_moves_dates(world: World) -> None:
    seen = dates_of(world.window)
    for person in (world.clerk, world.reviewer, world.foreign_clerk):
        with pytest.raises(NotAllowed, match="Only the leadership office"):
            change_dates(window=world.window, dates=seen, seen=seen, by=person)
    assert events() == []


def test_whoever_read_older_dates_is_told(world: World) -> None:
    seen = dates_of(world.window)
    wanted = Dates(opens_on=seen.opens_on, due_on=day(9), closes_on=day(25))
    change_dates(window=world.window, dates=wanted, seen=seen, by=world.office)
    with pytest.raises(Stale, match="Someone else changed these dates"):
        change_dates(window=world.window, dates=wanted, seen=seen, by=world.second_office)


@pytest.mark.parametrize(
    ("opens", "due", "closes", "words"),
    [
        pytest.param(-1, 9, 8, "out of order", id="closes before it is due"),
        pytest.param(-1, -1, 8, "the day has passed", id="due yesterday"),
        pytest.param(-2, 9, 25, "one that has opened stays open", id="another opening of an open quarter"),
        pytest.param(2, 9, 25, "one that has opened stays open", id="an open quarter made to wait"),
    ],
)
def test_dates_that_cannot_be_are_refused(world: World, opens: int, due: int, closes: int, words: str) -> None:
    seen = dates_of(world.window)
    wanted = Dates(opens_on=day(opens), due_on=day(due), closes_on=day(closes))
    with pytest.raises(Invalid, match=words):
        change_dates(window=world.window, dates=wanted, seen=seen, by=world.office)
    assert dates_of(world.window) == seen


def test_a_quarter_that_has_not_opened_can_open_on_another_day(world: World) -> None:
    shift(world, opens=3, due=9, closes=20)
    seen = dates_of(world.window)
    wanted = Dates(opens_on=day(5), due_on=day(9), closes_on=day(20))
    change_dates(window=world.window, dates=wanted, seen=seen, by=world.office)
    assert world.window.opens_on == day(5)


def test_dates_stay_once_the_due_date_has_passed(world: World) -> None:
    shift(world, opens=-20, due=-1, closes=5)
    seen = dates_of(world.window)
    with pytest.raises(Locked, match="gets an extension"):
        change_dates(window=world.window, dates=seen, seen=seen, by=world.office)


def test_dates_can_still_move_on_the_due_date_itself(world: World) -> None:
    shift(world, opens=-20, due=0, closes=5)
    seen = dates_of(world.window)
    wanted = Dates(opens_on=seen.opens_on, due_on=day(2), closes_on=day(5))
    change_dates(window=world.window, dates=wanted, seen=seen, by=world.office)


def test_a_closed_quarter_keeps_its_dates(world: World) -> None:
    world.close()
    seen = dates_of(world.window)
    with pytest.raises(Locked, match="is closed and keeps its dates"):
        change_dates(window=world.window, dates=seen, seen=seen, by=world.office)


# Closing


def test_a_quarter_closes_once_it_is_due(world: World) -> None:
    with pytest.raises(Locked, match="not due yet"):
        close_quarter(programme=world.programme, quarter=QUARTER, by=world.office)
    shift(world, opens=-20, due=0, closes=5)
    close_quarter(programme=world.programme, quarter=QUARTER, by=world.office)
    closed_at = world.window.closed_at
    close_quarter(programme=world.programme, quarter=QUARTER, by=world.office)
    assert (world.window.closed_at, events()) == (closed_at, ["quarter_closed"])
    assert is_closed(world.window)


def test_nobody_else_closes(world: World) -> None:
    shift(world, opens=-20, due=0, closes=5)
    with pytest.raises(NotAllowed):
        close_quarter(programme=world.programme, quarter=QUARTER, by=world.reviewer)


# Extensions


def test_an_extension_keeps_one_departments_form_open(world: World) -> None:
    extend(world)
    shift(world, opens=-40, due=-20, closes=-1)
    assert is_closed(world.window)
    assert can_edit(world.clerk, world.submission)
    assert enter(world).version == 1
    own = get_window(world.submission)
    assert (own.due_on, own.closes_on, is_closed(own)) == (day(30), day(40), False)
    other = list_windows_of(world.other.pk, world.programme.reporting_quarters.all())[0]
    assert is_closed(other)


def test_without_an_extension_the_same_form_is_closed(world: World) -> None:
    shift(world, opens=-40, due=-20, closes=-1)
    assert not can_edit(world.clerk, world.submission)
    with pytest.raises(Locked):
        enter(world)


def test_the_form_of_an_extended_department_waits_and_is_counted(world: World) -> None:
    assert count_open_work(world.clerk)["entry"] == 1
    extend(world)
    shift(world, opens=-40, due=-20, closes=-1)
    clerk = User.objects.get(pk=world.clerk.pk)
    assert count_open_work(clerk)["entry"] == 1
    [form] = list_forms(clerk)
    assert (form.is_waiting, form.window.due_on) == (True, day(30))
    assert count_open_work(User.objects.get(pk=world.foreign_clerk.pk))["entry"] == 0


def test_an_extended_department_can_submit_after_the_others_closed(world: World) -> None:
    extend(world)
    enter(world)
    for series, entry in ((world.small_rate, Entry(nothing_occurred=True)), (world.count, Entry(value=D(10)))):
        save_figure(submission=world.submission, series=series, entry=entry, by=world.clerk)
    shift(world, opens=-40, due=-20, closes=-1)
    assert submit_submission(submission=world.submission, version_seen=1, by=world.clerk).status == "submitted"


def test_an_extension_ends_too(world: World) -> None:
    extension = extend(world)
    shift(world, opens=-60, due=-40, closes=-20)
    Extension.objects.filter(pk=extension.pk).update(
        due_on=day(-10), closes_on=day(-1), confirmed_by=world.second_office
    )
    assert not can_edit(world.clerk, world.submission)
    with pytest.raises(Locked):
        enter(world)
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        Submission.objects.filter(pk=world.submission.pk).update(status="submitted", version=2)


def test_closing_by_hand_ends_extensions(world: World) -> None:
    extend(world)
    shift(world, opens=-40, due=-1, closes=5)
    close_quarter(programme=world.programme, quarter=QUARTER, by=world.office)
    ReportingQuarter.objects.filter(pk=world.window.pk).update(closed_at=world.window.closed_at + timedelta(seconds=1))
    assert not can_edit(world.clerk, world.submission)


def test_after_the_closing_it_takes_two_people(world: World) -> None:
    world.close()
    ReportingQuarter.objects.filter(pk=world.window.pk).update(closed_at=world.window.closed_at - timedelta(hours=1))
    extension = extend(world)
    assert extension.granted_at is None
    assert not can_edit(world.clerk, world.submission)
    with pytest.raises(NotAllowed, match="one asks, another one confirms"):
        confirm_extension(extension=extension, by=world.office)
    with pytest.raises(NotAllowed, match="Only the leadership office"):
        confirm_extension(extension=extension, by=world.reviewer)
    confirmed = confirm_extension(extension=extension, by=world.second_office)
    assert confirmed.confirmed_by == world.second_office
    assert can_edit(world.clerk, world.submission)
    assert enter(world).version == 1
    assert events()[:2] == ["extension_asked", "extension_confirmed"]


def test_confirming_twice_is_once(world: World) -> None:
    world.close()
    extension = extend(world)
    first = confirm_extension(extension=extension, by=world.second_office)
    second = confirm_extension(extension=extension, by=world.second_office)
    assert first.granted_at == second.granted_at
    assert events().count("extension_confirmed") == 1


def test_an_extension_that_ran_out_while_waiting_is_not_confirmed(world: World) -> None:
    world.close()
    extension = extend(world)
    shift(world, opens=-60, due=-40, closes=-20)
    Extension.objects.filter(pk=extension.pk).update(due_on=day(-2), closes_on=day(-1))
    with pytest.raises(Locked, match="last day has passed"):
        confirm_extension(extension=extension, by=world.second_office)


def test_a_second_extension_replaces_the_first(world: World) -> None:
    extend(world)
    extend(world, due=50, closes=60)
    assert Extension.objects.get().due_on == day(50)
    assert events() == ["extension_given", "extension_given"]


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        pytest.param({"reason": " "}, Invalid, "Reason", id="no reason"),
        pytest.param({"due": 1}, Invalid, "no earlier than the quarter", id="earlier than the quarter"),
        pytest.param({"closes": 25}, Invalid, "no earlier than the quarter", id="closes before it is due"),
        pytest.param({"due": -2}, Invalid, "the day has passed", id="in the past"),
    ],
)
def test_an_extension_that_is_none_is_refused(world: World, changes: dict, kind: type, words: str) -> None:
    with pytest.raises(kind, match=words):
        extend(world, **changes)
    assert not Extension.objects.exists()


def test_who_reports_nothing_needs_no_extension(world: World) -> None:
    with pytest.raises(Invalid, match="asked for no figure"):
        extend(world, department=world.other)


def test_an_unopened_quarter_is_moved_not_extended(world: World) -> None:
    shift(world, opens=3, due=9, closes=20)
    with pytest.raises(Locked, match="has not opened yet"):
        extend(world)


def test_clerks_extend_nothing(world: World) -> None:
    with pytest.raises(NotAllowed):
        extend(world, by=world.clerk)


# What the database refuses, whoever writes


def make_row(world: World, **fields: object) -> Extension:
    given = {
        "window": world.window,
        "department": world.department,
        "due_on": day(30),
        "closes_on": day(40),
        "reason": REASON,
        "by": world.office,
        "at": world.office.date_joined,
    }
    return Extension.objects.create(**(given | fields))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        pytest.param({"reason": ""}, "extension_has_reason", id="no reason"),
        pytest.param({"closes_on": date(2000, 1, 1)}, "extension_dates_in_order", id="dates out of order"),
    ],
)
def test_the_database_keeps_the_form_of_an_extension(world: World, fields: dict, name: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        make_row(world, **fields)


def test_the_database_refuses_to_grant_after_the_closing_alone(world: World) -> None:
    world.close()
    now = world.office.date_joined
    with pytest.raises(IntegrityError, match="closed"), transaction.atomic():
        make_row(world, granted_at=now)
    with pytest.raises(IntegrityError, match="extension_four_eyes"), transaction.atomic():
        make_row(world, granted_at=now, confirmed_by=world.office)
    with pytest.raises(IntegrityError, match="extension_confirmed_is_granted"), transaction.atomic():
        make_row(world, confirmed_by=world.second_office)
    make_row(world, granted_at=now, confirmed_by=world.second_office)


def test_an_extension_is_neither_moved_nor_deleted(world: World) -> None:
    extension = extend(world)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        extension.delete()
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Extension.objects.filter(pk=extension.pk).update(department=world.other)
