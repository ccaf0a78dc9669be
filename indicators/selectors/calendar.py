"""Reporting windows as they stand by the database clock, with the extensions of single departments."""

from collections.abc import Iterable

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.http import Http404

from departments.models import Department, User
from departments.roles import Permission
from departments.selectors.clock import read_database_date
from indicators.engine.period import Quarter
from indicators.models import Extension, Programme, ReportingQuarter, Submission
from indicators.selectors.programmes import get_programme_or_404


def is_closed(window: ReportingQuarter) -> bool:
    """Return whether the quarter takes no more figures: closed by the office, or past its closing date."""
    return window.closed_at is not None or read_database_date() > window.closes_on


def list_opened_quarters(programme: Programme) -> list[Quarter]:
    """Return the quarters that have opened so far, oldest first."""
    windows = ReportingQuarter.objects.filter(programme=programme, opens_on__lte=read_database_date())
    return list(windows.order_by("quarter").values_list("quarter", flat=True))


def find_window_to_report(programme: Programme) -> ReportingQuarter | None:
    """Return the newest quarter that takes figures now, or None."""
    today = read_database_date()
    windows = programme.reporting_quarters.filter(Q(closed_at__isnull=True), opens_on__lte=today, closes_on__gte=today)
    return windows.order_by("-quarter").first()


def get_window(submission: Submission) -> ReportingQuarter:
    """Return the reporting window of a form, with its department's extension; see `list_windows_of`."""
    windows = ReportingQuarter.objects.filter(programme=submission.programme_id, quarter=submission.quarter)
    found = list_windows_of(submission.department_id, windows)
    if not found:
        raise ReportingQuarter.DoesNotExist
    return found[0]


def list_windows_of(department_id: int, windows: QuerySet[ReportingQuarter]) -> list[ReportingQuarter]:
    """Return windows as they hold for one department, in one query; the rows are for reading, never for saving.

    Where an extension counts, its dates stand in the row, and a closing before it was granted is left out.
    """
    own = windows.annotate(
        own=FilteredRelation("extensions", condition=Q(extensions__department=department_id)),
        own_due_on=F("own__due_on"),
        own_closes_on=F("own__closes_on"),
        own_granted_at=F("own__granted_at"),
    )
    return [_extend(window) for window in own]


def _extend(window: ReportingQuarter) -> ReportingQuarter:
    granted_at = window.own_granted_at  # type: ignore[attr-defined]
    counts = granted_at is not None and (window.closed_at is None or granted_at > window.closed_at)
    if counts:
        window.due_on = window.own_due_on  # type: ignore[attr-defined]
        window.closes_on = window.own_closes_on  # type: ignore[attr-defined]
        window.closed_at = None
    return window


def list_extensions(windows: Iterable[ReportingQuarter]) -> list[Extension]:
    """Return the extensions of the quarters, those that wait included, in the order of departments."""
    rows = Extension.objects.filter(window__in=list(windows)).select_related(
        "window", "department", "by", "confirmed_by"
    )
    return list(rows.order_by("window__quarter", "department__position", "department__code"))


def counts_now(extension: Extension) -> bool:
    """Return whether the extension's dates hold instead of the quarter's; `window` has to be loaded."""
    closed_at = extension.window.closed_at
    return extension.granted_at is not None and (closed_at is None or extension.granted_at > closed_at)


def list_reporting_departments(programme: Programme, quarter: Quarter) -> list[Department]:
    """Return the departments that are asked for figures in the quarter."""
    asked = Department.objects.filter(
        series__allocations__target__programme=programme, series__allocations__target__first_quarter__lte=quarter
    )
    return list(asked.select_related("region").distinct().order_by("region__code", "position", "code"))


def get_managed_window_or_404(user: User, *, programme: str, quarter: str) -> ReportingQuarter:
    """Return a quarter of a programme whose calendar the person keeps; Http404 for any other."""
    owner = get_programme_or_404(user, programme, Permission.MANAGE_QUARTERS)
    try:
        wanted = Quarter.parse(quarter)
    except ValueError as error:
        raise Http404 from error
    window = (
        ReportingQuarter.objects.select_related("programme__region").filter(programme=owner, quarter=wanted).first()
    )
    if window is None:
        raise Http404
    return window


def get_extension_or_404(user: User, pk: int) -> Extension:
    """Return an extension in a programme whose calendar the person keeps; Http404 for any other."""
    found = Extension.objects.select_related("window__programme__region", "department").filter(pk=pk).first()
    if found is None:
        raise Http404
    get_programme_or_404(user, found.window.programme.code, Permission.MANAGE_QUARTERS)
    return found
