"""Who has reported: departments by quarters of one programme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q
from django.utils import timezone

from departments.models import Department
from departments.selectors.clock import read_database_date
from indicators.engine.period import Quarter
from indicators.engine.submission_states import EDITABLE
from indicators.models import ApprovedFigure, Figure, Programme, ReportingQuarter, Series, Submission
from indicators.selectors.calendar import counts_now, list_extensions

SHOWN_QUARTERS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardCell:
    """Where one department stands in one quarter. `submission` absent: not begun. `filled` of `asked` figures."""

    submission: Submission | None
    is_late: bool
    was_late: bool
    filled: int
    asked: int

    @property
    def is_on_its_way(self) -> bool:
        """Whether the form was handed in and is not back with the clerk."""
        return self.submission is not None and self.submission.status not in EDITABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The board. Cells by (department id, quarter); none where nothing is asked."""

    programme: Programme
    windows: list[ReportingQuarter]
    departments: list[Department]
    cells: dict[tuple[int, Quarter], BoardCell]


def load_board(programme: Programme) -> Board:
    """Return the newest `SHOWN_QUARTERS` opened quarters, the oldest first, for all departments that report."""
    today = read_database_date()
    opened = programme.reporting_quarters.filter(opens_on__lte=today).order_by("-quarter")
    windows = list(opened[:SHOWN_QUARTERS])[::-1]
    departments = list(
        Department.objects.filter(series__allocations__target__programme=programme)
        .select_related("region")
        .distinct()
        .order_by("region__code", "position", "code")
    )
    asked = _count_asked(programme, [window.quarter for window in windows])
    forms = Submission.objects.filter(programme=programme, quarter__in=[window.quarter for window in windows])
    filled = _count_filled(forms) | _count_approved(forms)
    by_place = {(form.department_id, form.quarter): form for form in forms}
    later = {(one.department_id, one.window.quarter): one for one in list_extensions(windows) if counts_now(one)}
    return Board(
        programme=programme,
        windows=windows,
        departments=departments,
        cells={
            (pk, window.quarter): _describe(
                by_place.get((pk, window.quarter)),
                due_on=later[pk, window.quarter].due_on if (pk, window.quarter) in later else window.due_on,
                today=today,
                filled=filled.get((pk, window.quarter), 0),
                asked=count,
            )
            for window in windows
            for pk, count in asked[window.quarter].items()
        },
    )


def _count_asked(programme: Programme, quarters: Iterable[Quarter]) -> dict[Quarter, dict[int, int]]:
    """Return by quarter how many figures each department is asked for."""
    begun = Q(allocations__target__programme=programme)
    rows = Series.objects.filter(begun).values("pk", "department_id")
    first = list(rows.annotate(first=Min("allocations__target__first_quarter", filter=begun)))
    counts: dict[Quarter, dict[int, int]] = {}
    for quarter in quarters:
        counts[quarter] = {}
        for row in first:
            if row["first"] <= quarter:
                counts[quarter][row["department_id"]] = counts[quarter].get(row["department_id"], 0) + 1
    return counts


def _count_filled(forms: Iterable[Submission]) -> dict[tuple[int, Quarter], int]:
    rows = Figure.objects.filter(submission__in=forms).exclude(
        value__isnull=True, numerator__isnull=True, denominator__isnull=True, nothing_occurred=False
    )
    counted = rows.values_list("submission__department_id", "quarter").annotate(count=Count("pk"))
    return {(department, quarter): count for department, quarter, count in counted.order_by()}


def _count_approved(forms: Iterable[Submission]) -> dict[tuple[int, Quarter], int]:
    """Return how many figures count in the approved forms, those included that came without being entered here."""
    places = {(form.department_id, form.quarter) for form in forms if form.status == "approved"}
    rows = ApprovedFigure.objects.filter(
        is_current=True,
        series__department__in={department for department, _quarter in places},
        quarter__in={quarter for _department, quarter in places},
        series__allocations__target__programme__in={form.programme_id for form in forms},
    )
    counted = rows.values_list("series__department_id", "quarter").annotate(count=Count("series", distinct=True))
    return {(pk, quarter): count for pk, quarter, count in counted.order_by() if (pk, quarter) in places}


def _describe(form: Submission | None, *, due_on: date, today: date, filled: int, asked: int) -> BoardCell:
    on_its_way = form is not None and form.status not in EDITABLE
    overdue = due_on < today
    submitted_on = timezone.localtime(form.submitted_at).date() if form is not None and form.submitted_at else None
    return BoardCell(
        submission=form,
        is_late=overdue and not on_its_way,
        was_late=on_its_way and submitted_on is not None and submitted_on > due_on,
        filled=filled,
        asked=asked,
    )
