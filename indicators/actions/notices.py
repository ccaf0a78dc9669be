"""Sends reminders to whoever has not finished, and keeps who has read them. Finished departments hear nothing."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Locked
from departments.models import User
from departments.roles import Role
from departments.selectors.clock import read_database_date, read_database_time
from indicators.models import Notice, NoticeKind, ReportingQuarter
from indicators.permissions import check_user_can_manage_quarters
from indicators.reminder_days import LADDER, REVIEW_KINDS, find_stage
from indicators.selectors.calendar import is_closed
from indicators.selectors.reminders import (
    Unfinished,
    list_current_windows,
    list_office_people,
    list_unfinished,
    load_people,
)


def send_reminders() -> int:
    """Send what the calendar asks for today, one transaction a quarter; return how many notices are new.

    Harmless to repeat: a person gets one notice of a kind for a department's quarter and due date.
    """
    return sum(_remind_window(window) for window in list_current_windows())


@act
def remind_missing(*, window: ReportingQuarter, by: User) -> int:
    """Remind the clerks and reviewers of departments that have not handed in; return how many people are reminded.

    Once a day for each. Errors: NotAllowed; Locked for a quarter that is not open.
    """
    check_user_can_manage_quarters(by, window.programme)
    today = read_database_date()
    unfinished = [one for one in list_unfinished(window) if not one.is_handed_in]
    if today < window.opens_on or (is_closed(window) and not unfinished):
        raise Locked(_("The quarter takes no figures now; there is nobody to remind."))
    made = _keep(_write(unfinished, kind=NoticeKind.ASKED, for_on=today))
    people = {notice.user_id for notice in made}
    details = {"quarter": str(window.quarter), "departments": [one.department.pk for one in unfinished]}
    audit.record(
        audit.Act(event="reminded", by=by, subject=window.programme, details=details | {"people": len(people)})
    )
    return len(people)


@act
def mark_read(*, by: User, notice: Notice | None = None) -> int:
    """Keep that the person has read one notice, or all of them; return how many were unread. Own notices only."""
    rows = Notice.objects.filter(user=by, read_at__isnull=True)
    if notice is not None:
        rows = rows.filter(pk=notice.pk)
    return rows.update(read_at=read_database_time())


@act
def _remind_window(window: ReportingQuarter) -> int:
    today = read_database_date()
    by_stage: dict[tuple[NoticeKind, date], list[Unfinished]] = {}
    for one in list_unfinished(window):
        dates = one.window
        kind = find_stage(opens_on=dates.opens_on, due_on=dates.due_on, closes_on=dates.closes_on, today=today)
        if kind is not None:
            by_stage.setdefault((kind, dates.due_on), []).append(one)
    made: list[Notice] = []
    for (kind, due_on), unfinished in by_stage.items():
        made += _keep(_write(unfinished, kind=kind, for_on=due_on))
    if made:
        details = {"quarter": str(window.quarter), "notices": len(made)}
        audit.record(audit.Act(event="reminders_sent", subject=window.programme, details=details))
    return len(made)


def _write(unfinished: list[Unfinished], *, kind: NoticeKind, for_on: date) -> list[Notice]:
    """Return the notices of one kind, not kept yet."""
    people = load_people([one.department.pk for one in unfinished])
    now = read_database_time()
    notices = []
    for one in unfinished:
        if one.is_handed_in:
            roles: Iterable[Role] = [Role.REVIEWER] if kind in REVIEW_KINDS else []
        else:
            roles = LADDER[kind]
        users = {user for role in roles for user in people.get((one.department.pk, role), [])}
        notices += [_make(one, user=user, kind=kind, for_on=for_on, at=now) for user in sorted(users)]
    return notices + _write_for_office(unfinished, kind=kind, for_on=for_on, at=now)


def _make(one: Unfinished, *, user: int, kind: NoticeKind, for_on: date, at: datetime) -> Notice:
    return Notice(
        user_id=user,
        kind=kind,
        programme_id=one.window.programme_id,
        quarter=one.window.quarter,
        department=one.department,
        due_on=one.window.due_on,
        for_on=for_on,
        is_review=one.is_handed_in,
        sent_at=at,
    )


def _write_for_office(unfinished: list[Unfinished], *, kind: NoticeKind, for_on: date, at: datetime) -> list[Notice]:
    """Return one notice for each person of the office, about everybody who is late."""
    late = [one for one in unfinished if not one.is_handed_in]
    if Role.OFFICE not in LADDER[kind] or not late:
        return []
    window = late[0].window
    return [
        Notice(
            user_id=user,
            kind=kind,
            programme_id=window.programme_id,
            quarter=window.quarter,
            due_on=window.due_on,
            for_on=for_on,
            late_departments=[one.department.pk for one in late],
            sent_at=at,
        )
        for user in list_office_people(window.programme.region_id)
    ]


def _keep(notices: list[Notice]) -> list[Notice]:
    """Keep those that nobody has got yet, and return them; two runs at once keep each notice once."""
    if not notices:
        return []
    first = notices[0]
    rows = Notice.objects.filter(
        programme=first.programme_id, quarter=first.quarter, kind=first.kind, for_on=first.for_on
    )
    known = set(rows.values_list("user_id", "department_id"))
    fresh = [notice for notice in notices if (notice.user_id, notice.department_id) not in known]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    return fresh
