"""Fills an empty site with demonstration data: accounts, a decomposition, figures and submissions, all marked."""

from datetime import datetime, time, timedelta

import numpy as np
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from departments.actions import audit
from departments.actions.people import Place, create_person
from departments.demonstration import PASSWORD
from departments.models import Department, Region, User
from departments.models.region import Level
from departments.roles import SYSTEM_ROLES, Role
from indicators.actions.calendar import close_quarter, move_window
from indicators.actions.demonstration_figures import SEED, invent_programme_figures
from indicators.actions.programmes import allocate
from indicators.actions.recompute import request_scope_recompute
from indicators.demonstration import workflow
from indicators.engine.period import Quarter
from indicators.engine.target import Basis, Scale
from indicators.models import Programme, Submission
from indicators.models.submission import Status

DUE_IN_DAYS, CLOSES_IN_DAYS = 5, 20
# The city signs responsibility letters with its counties; how it parts its rates among them is not published.
DECOMPOSED = {"changzhi-2015"}


def load_demonstration() -> bool:
    """Load the demonstration data and return True; False if it is there already. Its newest quarter stays open."""
    is_first = not User.objects.filter(is_demonstration=True).exists()
    for programme in Programme.objects.select_related("region", "office"):
        if is_first:
            load_programme_demonstration(programme=programme)
        move_window(
            programme=programme,
            quarter=programme.last_quarter,
            due_in_days=DUE_IN_DAYS,
            closes_in_days=CLOSES_IN_DAYS,
        )
    if is_first:
        load_system_accounts()
    return is_first


@transaction.atomic
def load_system_accounts() -> None:
    """Make one account for each of the system's roles."""
    encoded = make_password(PASSWORD)
    for role in sorted(SYSTEM_ROLES):
        _create(role.replace("_", "-"), f"演示{Role(role).label}", encoded, Place(role=Role(role)))


@transaction.atomic
def load_programme_demonstration(*, programme: Programme) -> None:
    """Give one programme its accounts, decomposition, figures and submissions, in one transaction."""
    rng = np.random.default_rng([SEED, programme.position])
    people = _create_people(programme)
    if programme.code in DECOMPOSED:
        _decompose(programme)
    for ordinal in range(programme.first_quarter.ordinal, programme.last_quarter.ordinal):
        close_quarter(programme=programme, quarter=Quarter(ordinal), by=None)
    states = {department_id: workflow.draw_state(rng) for department_id in people}
    submissions = _create_submissions(programme, people=people, states=states, rng=rng)
    count = invent_programme_figures(programme=programme, submissions=submissions, rng=rng)
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
    """Return (clerk, reviewer) by department id; the office and a leader are made beside them."""
    encoded = make_password(PASSWORD)  # one hash for all: a slow hash an account would take a minute
    prefix = programme.code.split("-")[0]
    for role, name in ((Role.OFFICE, "质强办"), (Role.LEADER, "领导")):
        _create(
            f"{prefix}-{role}",
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
    targets = programme.targets.filter(
        indicator__scale=Scale.RATE.value, basis=Basis.LEVEL.value, allocations__series__region=programme.region
    ).exclude(indicator__numerator_zh="")
    for target in targets.distinct().order_by("position"):
        lead = target.allocations.select_related("series__department").first().series.department
        allocate(target=target, regions=counties, department=lead, is_demonstration=True)


def _create_submissions(
    programme: Programme,
    *,
    people: dict[int, tuple[User, User]],
    states: dict[int, str],
    rng: np.random.Generator,
) -> dict[tuple[int, int], Submission]:
    """Return submissions by department id and quarter's ordinal: earlier ones approved, the newest as drawn."""
    windows = {window.quarter.ordinal: window for window in programme.reporting_quarters.all()}
    rows = []
    for department_id, (clerk, reviewer) in people.items():
        for ordinal, window in windows.items():
            is_newest = ordinal == programme.last_quarter.ordinal
            status = states[department_id] if is_newest else Status.APPROVED.value
            if status == "none":
                continue
            days = int(rng.integers(1, 9)) if rng.random() < workflow.LATE_SHARE else -int(rng.integers(1, 8))
            at = _at(timezone.localdate() if is_newest else window.due_on + timedelta(days=days), rng)
            rows.append(
                Submission(
                    programme=programme,
                    department_id=department_id,
                    quarter=Quarter(ordinal),
                    status=status,
                    submitted_by=None if status == Status.DRAFT else clerk,
                    submitted_at=None if status == Status.DRAFT else at,
                    decided_by=reviewer if status in (Status.APPROVED, Status.RETURNED) else None,
                    decided_at=at if status in (Status.APPROVED, Status.RETURNED) else None,
                    reason=workflow.RETURN_REASON if status == Status.RETURNED else "",
                )
            )
    return {(row.department_id, row.quarter.ordinal): row for row in Submission.objects.bulk_create(rows)}


def _at(day: object, rng: np.random.Generator) -> datetime:
    moment = time(hour=int(rng.integers(9, 17)), minute=int(rng.integers(0, 60)))
    return timezone.make_aware(datetime.combine(day, moment))  # type: ignore[arg-type]
