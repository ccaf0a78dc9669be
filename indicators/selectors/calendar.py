"""Reporting windows as they stand by the database clock."""

from django.db.models import Q

from departments.selectors.clock import read_database_date
from indicators.engine.period import Quarter
from indicators.models import Programme, ReportingQuarter, Submission


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
    """Return the reporting window of a form."""
    return ReportingQuarter.objects.get(programme=submission.programme_id, quarter=submission.quarter)
