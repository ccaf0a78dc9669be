"""Fills an empty site with demonstration data: accounts, a decomposition, figures and submissions, all marked."""

from datetime import date, datetime, time, timedelta

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db.models import Count, F
from django.utils import timezone

from departments.actions import audit
from departments.actions.acts import act
from departments.actions.people import Place, create_person
from departments.demonstration import PASSWORD, TRIED_FIRST
from departments.models import Department, Region, User
from departments.models.region import Level
from departments.roles import SYSTEM_ROLES, Role
from indicators.actions.allocations import Grant, allocate
from indicators.actions.calendar import close_quarter, move_window
from indicators.actions.demonstration_figures import SEED, SUBMITTED_BEFORE, invent_programme_figures
from indicators.actions.recompute import request_scope_recompute
from indicators.demonstration import workflow
from indicators.engine.period import Quarter
from indicators.engine.target import Basis, Scale
from indicators.models import Allocation, Programme, Submission
from indicators.models.submission import Status

DUE_IN_DAYS, CLOSES_IN_DAYS = 5, 20
# The city signs responsibility letters with its counties; how it parts its rates among them is not published.
DECOMPOSED = {"changzhi-2015"}


def load_demonstration() -> bool:
    """Load the demonstration data and return True; False if it is there already. Its newest quarter stays open."""
    is_first = not User.objects.filter(is_demonstration=True).exists()
    for programme in Programme.objects.select_related("region", "office"):
        move_window(
            programme=programme,
            quarter=programme.last_quarter,
            due_in_days=DUE_IN_DAYS,
            closes_in_days=CLOSES_IN_DAYS,
        )
        if is_first:
            load_programme_demonstration(programme=programme)
    if is_first:
        load_system_accounts()
    return is_first


@act
def load_system_accounts() -> None:
    """Make one account for each of the system's roles."""
    encoded = make_password(PASSWORD)
    for role in sorted(SYSTEM_ROLES):
        _create(role.replace("_", "-"), f"演示{Role(role).label}", encoded, Place(role=Role(role)))


@act
def load_programme_demonstration(*, programme: Programme) -> None:
    """Give one programme its accounts, decomposition, figures and submissions, in one transaction."""
    rng = np.random.default_rng([SEED, programme.position])
    people = _create_people(programme)
    if programme.code in DECOMPOSED:
        _decompose(programme)
    for ordinal in range(programme.first_quarter.ordinal, programme.last_quarter.ordinal):
        close_quarter(programme=programme, quarter=Quarter(ordinal), by=None)
    reporting = Department.objects.filter(pk__in=people).annotate(size=Count("series"))
    sizes = {department.pk: department.size for department in reporting}
    codes = {department.code: department.pk for department in reporting}
    half_filled = next((codes[code] for code in TRIED_FIRST if code in codes), next(iter(people)))
    states = workflow.draw_states(sizes, half_filled=half_filled, rng=rng)
    submissions = _create_submissions(programme, people=people, states=states, rng=rng)
    now = timezone.now()
    count = invent_programme_figures(
        programme=programme, submissions=submissions, states=states, people=people, decided_at=now, rng=rng
    )
    _move_newest(programme, people=people, states=states, decided_at=now)
    audit.record(
        audit.Act(event="demonstration_loaded", subject=programme, details={"figures": count, "people": len(people)})
    )
    request_scope_recompute(programme=programme)


def _create(username: str, full_name: str, encoded: str, place: Place) -> User:
    return create_person(
        username=username,
        full_name=full_name,
        encoded_password=encoded,
        places=[place],
        by=None,
        is_demonstration=True,
    )


def _create_people(programme: Programme) -> dict[int, tuple[User, User]]:
    """Return (clerk, reviewer) by department id; two of the office and a leader are made beside them."""
    encoded = make_password(PASSWORD)  # one hash for all: a slow hash an account would take a minute
    prefix = programme.code.split("-")[0]
    # Publishing takes two people of the office.
    for role, suffix, name in (
        (Role.OFFICE, "office", "质强办"),
        (Role.OFFICE, "office-second", "质强办复核"),
        (Role.LEADER, "leader", "领导"),
    ):
        _create(
            f"{prefix}-{suffix}",
            f"演示{programme.region.short_zh}{name}",
            encoded,
            Place(role=role, region=programme.region),
        )
    departments = Department.objects.filter(series__allocations__target__programme=programme).distinct()
    return {
        department.pk: (
            _create(
                f"{prefix}-{department.code}-clerk",
                f"演示填报人（{department.short_zh}）",
                encoded,
                Place(role=Role.CLERK, department=department),
            ),
            _create(
                f"{prefix}-{department.code}-reviewer",
                f"演示审核人（{department.short_zh}）",
                encoded,
                Place(role=Role.REVIEWER, department=department),
            ),
        )
        for department in departments.order_by("position", "code")
    }


def _decompose(programme: Programme) -> None:
    """Give the counties the city's counted rates at the city's level."""
    counties = list(Region.objects.below(programme.region.code, Level.COUNTY).filter(valid_from__isnull=True))
    allocations = Allocation.objects.filter(
        target__programme=programme,
        target__indicator__scale=Scale.RATE.value,
        target__basis=Basis.LEVEL.value,
        series__region=programme.region,
    ).exclude(target__indicator__numerator_zh="")
    rows = allocations.select_related("target", "series__department").order_by("target__position")
    allocate(
        grants=[
            Grant(target=row.target, region=county, department=row.series.department)
            for row in rows
            for county in counties
        ],
        is_demonstration=True,
    )


def _create_submissions(
    programme: Programme,
    *,
    people: dict[int, tuple[User, User]],
    states: dict[int, str],
    rng: np.random.Generator,
) -> dict[tuple[int, int], Submission]:
    """Return submissions by department id and quarter's ordinal: earlier ones approved, the newest as drafts."""
    rows = []
    for window in programme.reporting_quarters.order_by("quarter"):
        is_newest = window.quarter == programme.last_quarter
        for department_id, (clerk, reviewer) in people.items():
            if is_newest and states[department_id] == "none":
                continue
            row = Submission(programme=programme, department_id=department_id, quarter=window.quarter)
            if not is_newest:
                days = int(rng.integers(1, 9)) if rng.random() < workflow.LATE_SHARE else -int(rng.integers(1, 8))
                row.status = Status.APPROVED.value
                row.submitted_by, row.decided_by = clerk, reviewer
                row.decided_at = _at(window.due_on + timedelta(days=days), rng)
                row.submitted_at = row.decided_at - SUBMITTED_BEFORE
            rows.append(row)
    created = Submission.objects.bulk_create(rows)
    return {(row.department_id, row.quarter.ordinal): row for row in created}


def _move_newest(
    programme: Programme, *, people: dict[int, tuple[User, User]], states: dict[int, str], decided_at: datetime
) -> None:
    """Take the newest submissions from draft to where they stand, move by move, as the guards demand."""
    submitted_at = decided_at - SUBMITTED_BEFORE
    for department_id, state in states.items():
        clerk, reviewer = people[department_id]
        rows = Submission.objects.filter(programme=programme, department=department_id, quarter=programme.last_quarter)
        if state not in ("none", Status.DRAFT):
            rows.update(
                status=Status.SUBMITTED, submitted_by=clerk, submitted_at=submitted_at, version=F("version") + 1
            )
        if state in (Status.APPROVED, Status.RETURNED):
            reason = workflow.RETURN_REASON if state == Status.RETURNED else ""
            rows.update(
                status=state, decided_by=reviewer, decided_at=decided_at, reason=reason, version=F("version") + 1
            )


def _at(day: date, rng: np.random.Generator) -> datetime:
    moment = time(hour=int(rng.integers(9, 17)), minute=int(rng.integers(0, 60)))
    return timezone.make_aware(datetime.combine(day, moment))
