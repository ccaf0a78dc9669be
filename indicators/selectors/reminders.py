"""Who has not finished a quarter, and whom to tell."""

from collections.abc import Collection
from dataclasses import dataclass

from departments.models import Department, Membership
from departments.roles import Role
from departments.selectors.clock import read_database_date
from indicators.engine.submission_states import EDITABLE
from indicators.models import Extension, ReportingQuarter, Submission
from indicators.models.submission import Status
from indicators.selectors.calendar import list_reporting_departments, list_windows_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A department whose figures do not count yet. `window` holds its own dates; `is_handed_in`: awaits review."""

    department: Department
    window: ReportingQuarter
    is_handed_in: bool


def list_current_windows() -> list[ReportingQuarter]:
    """Return the quarters in which somebody can still enter figures today, extensions included."""
    today = read_database_date()
    extended = Extension.objects.filter(closes_on__gte=today, granted_at__isnull=False).values("window")
    windows = ReportingQuarter.objects.filter(opens_on__lte=today).select_related("programme__region")
    open_ones = windows.filter(closed_at__isnull=True, closes_on__gte=today)
    return list((open_ones | windows.filter(pk__in=extended)).order_by("programme__position", "programme", "quarter"))


def list_unfinished(window: ReportingQuarter) -> list[Unfinished]:
    """Return the departments of a quarter that have something left to do and the time to do it, in their order."""
    today = read_database_date()
    departments = list_reporting_departments(window.programme, window.quarter)
    forms = Submission.objects.filter(programme=window.programme_id, quarter=window.quarter)
    states = dict(forms.values_list("department_id", "status"))
    extended = set(Extension.objects.filter(window=window).values_list("department_id", flat=True))
    found = []
    for department in departments:
        status = states.get(department.pk, Status.DRAFT.value)
        own = window
        if department.pk in extended:
            own = list_windows_of(department.pk, ReportingQuarter.objects.filter(pk=window.pk))[0]
        if status != Status.APPROVED and own.closed_at is None and today <= own.closes_on:
            found.append(Unfinished(department=department, window=own, is_handed_in=status not in EDITABLE))
    return found


def load_people(departments: Collection[int]) -> dict[tuple[int, Role], list[int]]:
    """Return the ids of the people with an account in use, by department id and role."""
    rows = Membership.objects.filter(department__in=list(departments), user__is_active=True).order_by("pk")
    found: dict[tuple[int, Role], list[int]] = {}
    for department, role, user in rows.values_list("department_id", "role", "user_id"):
        found.setdefault((department, Role(role)), []).append(user)
    return found


def list_office_people(region_id: int) -> list[int]:
    """Return the ids of the people of a region's own leadership office."""
    rows = Membership.objects.filter(role=Role.OFFICE, region=region_id, user__is_active=True)
    return list(rows.order_by("pk").values_list("user_id", flat=True))
