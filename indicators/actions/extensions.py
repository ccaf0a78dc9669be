"""Gives one department later dates: at once while its quarter is open, by two people once it is closed."""

from datetime import date

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid, Locked, NotAllowed
from departments.models import Department, User
from departments.selectors.clock import read_database_date, read_database_time
from indicators.actions.calendar import lock_window_for_change
from indicators.models import Extension, ReportingQuarter
from indicators.permissions import check_user_can_manage_quarters
from indicators.selectors.calendar import is_closed, list_reporting_departments, list_windows_of


@act
def extend_department(
    *, window: ReportingQuarter, department: Department, due_on: date, closes_on: date, reason: str, by: User
) -> Extension:
    """Give the department its own dates and return the extension; a second one replaces the first.

    Granted at once while the quarter is open for the department. Once it is closed the extension waits for another
    person's `confirm_extension`. Errors: NotAllowed; Locked before the quarter opens; Invalid for a department that
    reports nothing, for dates that are no later than the quarter's, and without a reason. Source: case T16.
    """
    check_user_can_manage_quarters(by, window.programme)
    window = lock_window_for_change(window)
    if read_database_date() < window.opens_on:
        raise Locked(_("The quarter has not opened yet; move its dates instead."))
    if department not in list_reporting_departments(window.programme, window.quarter):
        raise Invalid(_("Department: it is asked for no figure in this quarter; choose another one."))
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Reason: write why, so that the other side knows what to do."))
    _check_dates(window, due_on=due_on, closes_on=closes_on)
    own = list_windows_of(department.pk, ReportingQuarter.objects.filter(pk=window.pk))[0]
    now = read_database_time()
    fields = {"due_on": due_on, "closes_on": closes_on, "reason": reason, "by": by, "at": now, "confirmed_by": None}
    fields["granted_at"] = None if is_closed(own) else now
    extension, _made = Extension.objects.update_or_create(window=window, department=department, defaults=fields)
    _record("extension_given" if extension.granted_at else "extension_asked", extension, by=by)
    return extension


@act
def confirm_extension(*, extension: Extension, by: User) -> Extension:
    """Let an extension count that another person asked for after the closing; return it.

    One that counts already stays as it is. Errors: NotAllowed for whoever asked for it; Locked if its last day passed.
    """
    check_user_can_manage_quarters(by, extension.window.programme)
    lock_window_for_change(extension.window)
    extension = Extension.objects.select_related("window__programme", "department").get(pk=extension.pk)
    if extension.granted_at is not None:
        return extension
    if extension.by_id == by.pk:
        raise NotAllowed(_("A closed quarter is reopened by two people: one asks, another one confirms."))
    if extension.closes_on < read_database_date():
        raise Locked(_("The extension's last day has passed; ask for a new one."))
    Extension.objects.filter(pk=extension.pk).update(granted_at=read_database_time(), confirmed_by=by)
    extension.refresh_from_db()
    _record("extension_confirmed", extension, by=by)
    return extension


def _check_dates(window: ReportingQuarter, *, due_on: date, closes_on: date) -> None:
    if due_on < read_database_date():
        raise Invalid(_("Due on: the day has passed; choose today or later. Nothing was saved."))
    if due_on < window.due_on or closes_on < max(due_on, window.closes_on):
        raise Invalid(_("An extension ends no earlier than the quarter itself; choose later dates. Nothing was saved."))


def _record(event: str, extension: Extension, *, by: User) -> None:
    audit.record(
        audit.Act(
            event=event,
            by=by,
            department_id=extension.department_id,
            subject=extension,
            reason=extension.reason,
            details={
                "quarter": str(extension.window.quarter),
                "programme": extension.window.programme.code,
                "due_on": str(extension.due_on),
                "closes_on": str(extension.closes_on),
            },
        )
    )
