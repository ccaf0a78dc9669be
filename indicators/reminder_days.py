"""When whom to remind: the days of a reporting window, and the ladder from clerk to reviewer to office.

Pure: dates in, answers out. A server that slept catches up with the newest reminder alone, never with all of them.
Source: issue 4 section 8.
"""

from datetime import date

from departments.roles import Role
from indicators.calendar_days import find_working_day, find_working_day_before
from indicators.models.notice import NoticeKind

LADDER: dict[NoticeKind, tuple[Role, ...]] = {
    NoticeKind.OPENED: (Role.CLERK,),
    NoticeKind.HALF_TIME: (Role.CLERK,),
    NoticeKind.DAY_BEFORE: (Role.CLERK, Role.REVIEWER),
    NoticeKind.OVERDUE: (Role.CLERK, Role.REVIEWER, Role.OFFICE),
    NoticeKind.ASKED: (Role.CLERK, Role.REVIEWER),
}
"""Who hears of a form that is not handed in; each step of the ladder adds one."""

REVIEW_KINDS = frozenset({NoticeKind.DAY_BEFORE, NoticeKind.OVERDUE})
"""When the reviewer of a form that is handed in hears that it waits."""


def list_stages(*, opens_on: date, due_on: date) -> list[tuple[date, NoticeKind]]:
    """Return the first day of each reminder, in the order of days; those that would fall together are left out.

    The second comes on the working day at half of the time, the third on the working day before the due date, the last
    on the day after it.
    """
    before = find_working_day_before(due_on)
    half = find_working_day(opens_on + (due_on - opens_on) // 2)
    stages = [(opens_on, NoticeKind.OPENED)]
    if opens_on < half < before:
        stages.append((half, NoticeKind.HALF_TIME))
    if opens_on < before:
        stages.append((before, NoticeKind.DAY_BEFORE))
    return [*stages, (date.fromordinal(due_on.toordinal() + 1), NoticeKind.OVERDUE)]


def find_stage(*, opens_on: date, due_on: date, closes_on: date, today: date) -> NoticeKind | None:
    """Return the reminder that is due on `today`: the newest whose day has come; None before and after the window."""
    if not opens_on <= today <= closes_on:
        return None
    return [kind for day, kind in list_stages(opens_on=opens_on, due_on=due_on) if day <= today][-1]
