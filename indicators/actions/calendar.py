"""Opens and closes the reporting windows of a programme's quarters."""

from datetime import timedelta

from django.db import transaction

from departments.actions import audit
from departments.models import User
from departments.selectors.clock import read_database_date, read_database_time
from indicators.actions.recompute import request_scope_recompute
from indicators.engine.period import Quarter
from indicators.models import Programme, ReportingQuarter
from indicators.permissions import check_user_can_manage_quarters

DUE_AFTER_DAYS = 14  # the 15th of the month after the quarter
CLOSES_AFTER_DAYS = 29


@transaction.atomic
def plan_quarters(*, programme: Programme) -> int:
    """Give every quarter of the programme its window and return how many were missing.

    A quarter opens on the day after its end, falls due on the 15th, and closes on the 30th of that month.
    """
    span = range(programme.first_quarter.ordinal, programme.last_quarter.ordinal + 1)
    known = set(programme.reporting_quarters.values_list("quarter", flat=True))
    missing = [_plan(programme, Quarter(ordinal)) for ordinal in span if Quarter(ordinal) not in known]
    ReportingQuarter.objects.bulk_create(missing)
    return len(missing)


@transaction.atomic
def close_quarter(*, programme: Programme, quarter: Quarter, by: User | None) -> None:
    """Close the quarter at the database's time; a closed one stays as it is. `by` absent: by command."""
    if by is not None:
        check_user_can_manage_quarters(by, programme)
    rows = ReportingQuarter.objects.filter(programme=programme, quarter=quarter, closed_at__isnull=True)
    if rows.update(closed_at=read_database_time()):
        audit.record(audit.Act(event="quarter_closed", by=by, subject=programme, details={"quarter": str(quarter)}))


@transaction.atomic
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


def _plan(programme: Programme, quarter: Quarter) -> ReportingQuarter:
    opens_on = quarter.ends_before
    return ReportingQuarter(
        programme=programme,
        quarter=quarter,
        opens_on=opens_on,
        due_on=opens_on + timedelta(days=DUE_AFTER_DAYS),
        closes_on=opens_on + timedelta(days=CLOSES_AFTER_DAYS),
    )
