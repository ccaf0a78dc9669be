"""Plans, moves and closes the reporting windows of a programme's quarters."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid, Locked, Stale
from departments.models import User
from departments.selectors.clock import read_database_date, read_database_time
from indicators.actions.recompute import request_scope_recompute
from indicators.calendar_days import find_working_day
from indicators.engine.period import Quarter
from indicators.models import Programme, ReportingQuarter
from indicators.permissions import check_user_can_manage_quarters
from indicators.selectors.calendar import is_closed

DUE_DAY, CLOSING_DAY = 15, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """When a quarter opens, falls due and closes."""

    opens_on: date
    due_on: date
    closes_on: date


def plan_dates(quarter: Quarter) -> Dates:
    """Return the dates that a quarter gets unless the office says otherwise.

    It opens on the first day after its end, falls due on the 15th of that month and closes on the 30th, each moved to
    the next working day; a holiday may push the closing into the month after.
    """
    opens_on = quarter.ends_before
    return Dates(
        opens_on=opens_on,
        due_on=find_working_day(opens_on.replace(day=DUE_DAY)),
        closes_on=find_working_day(opens_on.replace(day=CLOSING_DAY)),  # January, April, July, October have one
    )


@act
def plan_quarters(*, programme: Programme) -> int:
    """Give every quarter of the programme its window, see `plan_dates`; return how many were missing."""
    span = range(programme.first_quarter.ordinal, programme.last_quarter.ordinal + 1)
    known = set(programme.reporting_quarters.values_list("quarter", flat=True))
    missing = [_plan(programme, Quarter(ordinal)) for ordinal in span if Quarter(ordinal) not in known]
    ReportingQuarter.objects.bulk_create(missing)
    return len(missing)


@act
def change_dates(*, window: ReportingQuarter, dates: Dates, seen: Dates, by: User) -> ReportingQuarter:
    """Move the dates of a quarter that is not due yet and return it; `seen` are those the person read.

    Errors: NotAllowed; Locked for a quarter that is closed or past its due date, which is for extensions; Invalid for
    dates out of order or in the past, and for another opening of a quarter that has opened; Stale.
    """
    check_user_can_manage_quarters(by, window.programme)
    now = lock_window_for_change(window)
    _check_movable(now)
    _check_dates(dates, now=now)
    if Dates(opens_on=now.opens_on, due_on=now.due_on, closes_on=now.closes_on) != seen:
        raise Stale(_("Someone else changed these dates meanwhile; reload the page and look at them again."))
    ReportingQuarter.objects.filter(pk=now.pk).update(
        opens_on=dates.opens_on, due_on=dates.due_on, closes_on=dates.closes_on
    )
    details = {"quarter": str(now.quarter), "from": _describe(seen), "to": _describe(dates)}
    audit.record(audit.Act(event="quarter_dates_changed", by=by, subject=now.programme, details=details))
    if dates.opens_on != seen.opens_on:
        request_scope_recompute(programme=now.programme)
    now.refresh_from_db()
    return now


@act
def close_quarter(*, programme: Programme, quarter: Quarter, by: User | None) -> None:
    """Close the quarter at the database's time; a closed one stays as it is. `by` absent: by command.

    Extensions granted before end with it. Errors: NotAllowed; Locked for a person before the due date.
    """
    rows = ReportingQuarter.objects.select_for_update(no_key=True, of=("self",))
    window = rows.get(programme=programme, quarter=quarter)
    if by is not None:
        check_user_can_manage_quarters(by, programme)
        if read_database_date() < window.due_on:
            raise Locked(_("The quarter is not due yet; move its due date first if it is to close earlier."))
    if window.closed_at is None:
        ReportingQuarter.objects.filter(pk=window.pk).update(closed_at=read_database_time())
        audit.record(audit.Act(event="quarter_closed", by=by, subject=programme, details={"quarter": str(quarter)}))


@act
def move_window(*, programme: Programme, quarter: Quarter, due_in_days: int, closes_in_days: int) -> None:
    """Let a demonstration's quarter fall due and close so many days from today, by the database's date."""
    today = read_database_date()
    ReportingQuarter.objects.filter(programme=programme, quarter=quarter).update(
        opens_on=today - timedelta(days=1),
        due_on=today + timedelta(days=due_in_days),
        closes_on=today + timedelta(days=closes_in_days),
        closed_at=None,
    )
    request_scope_recompute(programme=programme)


def lock_window_for_change(window: ReportingQuarter) -> ReportingQuarter:
    """Return a fresh copy of the window, held so that no figure is saved before the act ends."""
    rows = ReportingQuarter.objects.select_for_update(no_key=True, of=("self",)).select_related("programme__region")
    return rows.get(pk=window.pk)


def _check_movable(window: ReportingQuarter) -> None:
    if is_closed(window):
        raise Locked(_("The quarter is closed and keeps its dates; a department that needs it gets an extension."))
    if read_database_date() > window.due_on:
        raise Locked(_("The due date has passed and stays; a department that needs longer gets an extension."))


def _check_dates(dates: Dates, *, now: ReportingQuarter) -> None:
    today = read_database_date()
    if not dates.opens_on <= dates.due_on <= dates.closes_on:
        raise Invalid(_("The dates are out of order: a quarter opens, then falls due, then closes. Nothing was saved."))
    if dates.due_on < today:
        raise Invalid(_("Due on: the day has passed; choose today or later. Nothing was saved."))
    if dates.opens_on != now.opens_on and (now.opens_on <= today or dates.opens_on < now.quarter.ends_before):
        raise Invalid(
            _("Opens on: a quarter opens after its last day, and one that has opened stays open. Nothing was saved.")
        )


def _describe(dates: Dates) -> list[str]:
    return [str(dates.opens_on), str(dates.due_on), str(dates.closes_on)]


def _plan(programme: Programme, quarter: Quarter) -> ReportingQuarter:
    dates = plan_dates(quarter)
    return ReportingQuarter(
        programme=programme,
        quarter=quarter,
        opens_on=dates.opens_on,
        due_on=dates.due_on,
        closes_on=dates.closes_on,
    )
