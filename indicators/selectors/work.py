"""What waits for a person: forms to fill in, forms to review."""

from dataclasses import dataclass

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, When
from django.http import Http404

from departments.models import Department, Membership, User
from departments.permissions import scope_of
from departments.roles import Permission, Role
from departments.selectors.clock import read_database_date
from indicators.engine.period import Quarter
from indicators.engine.submission_states import EDITABLE
from indicators.models import Programme, ReportingQuarter, Submission, Target
from indicators.selectors.calendar import list_windows_of
from indicators.selectors.notices import count_unread

SHOWN_QUARTERS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DueForm:
    """One department's form for a programme and quarter; `submission` absent: nobody has opened it yet."""

    programme: Programme
    department: Department
    window: ReportingQuarter
    submission: Submission | None
    is_closed: bool

    @property
    def quarter(self) -> Quarter:
        """The form's quarter."""
        quarter: Quarter = self.window.quarter
        return quarter

    @property
    def is_waiting(self) -> bool:
        """Whether the department still has to do something."""
        status = self.submission.status if self.submission else "draft"
        correcting = self.submission is not None and self.submission.is_correction
        return status in EDITABLE and (not self.is_closed or correcting)


def list_forms(user: User) -> list[DueForm]:
    """Return the forms of the person's departments, the newest quarters of every programme first.

    Open quarters all; of closed ones as many as make `SHOWN_QUARTERS`.
    """
    departments = Department.objects.filter(pk__in=scope_of(user).departments_for(Permission.ENTER_FIGURES))
    today = read_database_date()
    return [form for department in departments.select_related("region") for form in _list_department(department, today)]


def _list_department(department: Department, today: object) -> list[DueForm]:
    reported = Target.objects.filter(allocations__series__department=department)
    programmes = Programme.objects.filter(targets__in=reported).select_related("region").distinct().order_by("position")
    forms = []
    for programme in programmes:
        windows = programme.reporting_quarters.filter(
            opens_on__lte=today,
            quarter__gte=min(reported.filter(programme=programme).values_list("first_quarter", flat=True)),
        )
        submissions = {
            row.quarter: row for row in Submission.objects.filter(programme=programme, department=department)
        }
        for place, window in enumerate(list_windows_of(department.pk, windows.order_by("-quarter")[:12])):
            is_closed = window.closed_at is not None or today > window.closes_on  # type: ignore[operator]
            form = DueForm(
                programme=programme,
                department=department,
                window=window,
                submission=submissions.get(window.quarter),
                is_closed=is_closed,
            )
            if form.is_waiting or place < SHOWN_QUARTERS:
                forms.append(form)
    return forms


def get_due_form_or_404(user: User, *, programme: str, department: int, quarter: str) -> DueForm:
    """Return one form of the person's departments; Http404 for any other."""
    for form in list_forms(user):
        place = (form.programme.code, form.department.pk, str(form.quarter))
        if place == (programme, department, quarter):
            return form
    raise Http404


def list_to_review(user: User) -> QuerySet[Submission]:
    """Return the submitted forms of the person's departments, the oldest first."""
    departments = scope_of(user).departments_for(Permission.REVIEW)
    return (
        Submission.objects.filter(department__in=departments, status="submitted")
        .select_related("programme__region", "department", "submitted_by")
        .order_by("submitted_at", "pk")
    )


def list_decided(user: User, *, most: int = 20) -> QuerySet[Submission]:
    """Return the forms of the person's departments decided most lately, `most` at most."""
    departments = scope_of(user).departments_for(Permission.REVIEW)
    decided = Submission.objects.filter(department__in=departments, decided_at__isnull=False)
    return decided.select_related("programme__region", "department", "decided_by").order_by("-decided_at", "pk")[:most]


def count_open_work(user: User) -> dict[str, int]:
    """Return how many forms wait to be filled in ("entry") and to be reviewed ("review"), and unread "notice"s."""
    scope = scope_of(user)
    counts = {}
    if mine := scope.departments_for(Permission.ENTER_FIGURES):
        counts["entry"] = _count_waiting(mine)
    if scope.departments_for(Permission.REVIEW):
        counts["review"] = list_to_review(user).count()
    if scope.allows_anywhere(Permission.VIEW_ENTRY):
        counts["notice"] = count_unread(user)
    return counts


def _count_waiting(departments: frozenset[int]) -> int:
    """Return how many forms of open quarters are not on their way, those nobody has opened included."""
    windows = _list_open_windows(departments)
    asked = (
        Target.objects.filter(allocations__series__department__in=departments)
        .order_by()
        .values_list("programme_id", "allocations__series__department_id")
        .distinct()
    )
    wanted = [
        (programme, department, quarter)
        for programme, quarter, only in windows
        for programme_asked, department in asked
        if programme == programme_asked and department in departments and only in (None, department)
    ]
    done = Submission.objects.filter(department__in=departments).exclude(status__in=sorted(EDITABLE))
    moved = set(done.values_list("programme_id", "department_id", "quarter"))
    corrections = Submission.objects.filter(
        Q(is_correction=True), department__in=departments, status__in=sorted(EDITABLE)
    ).count()
    return len(set(wanted) - moved) + corrections


def _list_open_windows(departments: frozenset[int]) -> list[tuple[int, Quarter, int | None]]:
    """Return (programme id, quarter, department id) of what is open; None: open for every department."""
    today = read_database_date()
    is_open = Q(closed_at__isnull=True, closes_on__gte=today)
    own = FilteredRelation("extensions", condition=Q(extensions__department__in=departments))
    is_extended = Q(own__closes_on__gte=today, own__granted_at__isnull=False) & (
        Q(closed_at__isnull=True) | Q(own__granted_at__gt=F("closed_at"))
    )
    windows = ReportingQuarter.objects.filter(opens_on__lte=today).annotate(
        own=own, is_open=Case(When(is_open, then=True), default=False)
    )
    rows = windows.filter(is_open | is_extended).order_by()
    return [
        (programme, quarter, None if open_for_all else department)
        for programme, quarter, open_for_all, department in rows.values_list(
            "programme_id", "quarter", "is_open", "own__department_id"
        )
    ]


def list_reviewers(department: Department) -> list[User]:
    """Return who reviews the department's figures."""
    rows = Membership.objects.filter(department=department, role=Role.REVIEWER, user__is_active=True)
    return [row.user for row in rows.select_related("user").order_by("user__full_name", "pk")]
