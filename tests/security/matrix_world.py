"""What the access matrix is asked about: nine subjects, and the same objects in four places.

Places: `own` (the clerk's department, quarter open), `other_department` (same programme), `other_programme` (another
city), `closed` (as own, but the quarter is closed), `missing` (no such object).
"""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.test import Client

from departments.actions.access_tokens import issue_token
from departments.models import AccessToken, Department, Region, User
from departments.roles import Role
from departments.selectors.clock import read_database_date, read_database_time
from indicators.actions.figures import Entry, save_figures
from indicators.engine.period import Quarter
from indicators.engine.target import Rating
from indicators.models import (
    Allocation,
    Evidence,
    Extension,
    Notice,
    Programme,
    ReportingQuarter,
    Series,
    Submission,
    Target,
    WorkbookUpload,
)
from reports.models import Bulletin, BulletinVersion, ExportJob, Letter, OwnLayout
from tests import builders
from tests.integration import entry_world
from tests.integration.entry_world import QUARTER

PLACES = ("own", "other_department", "other_programme", "closed", "missing")
NOWHERE = 987_654_321


@dataclass
class Place:
    """One department's form with everything that hangs on it."""

    programme: Programme
    department: Department
    clerk: User
    reviewer: User
    series: Series
    submission: Submission
    evidence: Evidence
    upload: WorkbookUpload
    extension: Extension
    allocation: Allocation
    job: ExportJob
    letter: Letter
    draft: Bulletin
    bulletin: Bulletin
    layout: OwnLayout
    asker: User

    @property
    def window(self) -> ReportingQuarter:
        return ReportingQuarter.objects.get(programme=self.programme, quarter=QUARTER)

    def version(self) -> int:
        return Submission.objects.values_list("version", flat=True).get(pk=self.submission.pk)

    def move(self, *statuses: str, **fields: Any) -> None:
        """Take the form on, state by state, past every check but the triggers."""
        rows = Submission.objects.filter(pk=self.submission.pk)
        now = read_database_time()
        for status in statuses:
            by = {
                "submitted": {"submitted_by": self.clerk, "submitted_at": now},
                "approved": {"decided_by": self.reviewer, "decided_at": now},
                "returned": {"decided_by": self.reviewer, "decided_at": now, "reason": "x"},
            }.get(status, {})
            rows.update(status=status, version=self.version() + 1, **by, **fields)

    def close(self) -> None:
        """Close the quarter by hand, an hour ago."""
        closed_at = read_database_time() - timedelta(hours=1)
        ReportingQuarter.objects.filter(pk=self.window.pk).update(closed_at=closed_at)

    def fall_due(self) -> None:
        """Let the quarter be due today."""
        ReportingQuarter.objects.filter(pk=self.window.pk).update(due_on=read_database_date())


@dataclass
class World:
    """Subjects by name (None: nobody), and places by name."""

    subjects: dict[str, User | None]
    places: dict[str, Place]
    notices: dict[str, Notice]
    asker: User
    clients: dict[str, Client] = field(default_factory=dict)
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    bearers: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, AccessToken] = field(default_factory=dict)


def make_world() -> World:
    """Return the world; every form is a complete draft."""
    first = entry_world.make_world()
    rate, city = Target.objects.get(code="spot-checks"), first.programme.region
    other_reviewer = entry_world.make_user("other-reviewer", Role.REVIEWER, department=first.other)
    other_series = entry_world.allocate(rate, first.other)
    other_form = Submission.objects.create(programme=first.programme, department=first.other, quarter=QUARTER)
    far = _make_far_programme(city.parent)
    asker = first.second_office
    places = {
        "own": _furnish(
            first.submission, series=first.rate, target=rate, clerk=first.clerk, reviewer=first.reviewer, asker=asker
        ),
        "other_department": _furnish(
            other_form,
            series=other_series,
            target=rate,
            clerk=first.foreign_clerk,
            reviewer=other_reviewer,
            asker=asker,
        ),
        "other_programme": _furnish(**far, asker=asker),
    }
    places["closed"] = places["own"]
    fill_results()
    clerk, disabled = first.clerk, entry_world.make_user("disabled", Role.CLERK, department=first.department)
    User.objects.filter(pk=disabled.pk).update(is_active=False)
    subjects: dict[str, User | None] = {
        "anonymous": None,
        "clerk": first.second_clerk,
        "reviewer": first.reviewer,
        "office": first.office,
        "leader": entry_world.make_user("leader", Role.LEADER, region=city),
        "system administrator": entry_world.make_user("system", Role.SYSTEM_ADMINISTRATOR),
        "security administrator": entry_world.make_user("security", Role.SECURITY_ADMINISTRATOR),
        "auditor": entry_world.make_user("auditor", Role.AUDITOR),
        "disabled": disabled,
    }
    notices = {name: make_notice(user or clerk, first.programme, first.department) for name, user in subjects.items()}
    world = World(subjects=subjects, places=places, notices=notices, asker=asker)
    for name, user in subjects.items():
        world.clients[name] = Client(headers={"accept-language": "en"})
        if user is not None:
            world.clients[name].force_login(user)
        world.bearers[name] = {}
        if user is not None:
            issued = issue_token(name="matrix", days=30, by=user)
            world.bearers[name], world.tokens[name] = {"authorization": f"Bearer {issued.secret}"}, issued.token
        world.cookies[name] = {key: one.value for key, one in world.clients[name].cookies.items()}
    return world


def fill_results() -> None:
    """Give every allocation a green result, and count them."""
    for allocation in Allocation.objects.select_related("target__indicator", "target__programme", "series__region"):
        builders.make_result(allocation, QUARTER, rating=Rating.GREEN)
    for programme in Programme.objects.all():
        builders.roll_up(programme)


def make_notice(user: User, programme: Programme, department: Department) -> Notice:
    """Return an unread notice."""
    today = read_database_date()
    return Notice.objects.create(
        user=user,
        kind="opened",
        programme=programme,
        quarter=QUARTER,
        department=department,
        due_on=today,
        for_on=today,
        sent_at=read_database_time(),
    )


def _make_far_programme(province: Region) -> dict[str, Any]:
    city = Region.objects.create(
        code="1401", level="city", name_zh="太原市", name_en="Taiyuan", short_zh="太原", parent=province
    )
    names = {"name_zh": "部门", "name_en": "Department", "short_zh": "部门", "short_en": "Department"}
    office = Department.objects.create(region=city, code="office", is_office=True, **names)
    department = Department.objects.create(region=city, code="quality", **names)
    programme = entry_world.make_programme("taiyuan", region=city, office=office)
    target = entry_world.make_target(programme, entry_world.make_indicator("far-checks"), position=1)
    series = entry_world.allocate(target, department)
    return {
        "submission": Submission.objects.create(programme=programme, department=department, quarter=QUARTER),
        "series": series,
        "target": target,
        "clerk": entry_world.make_user("far-clerk", Role.CLERK, department=department),
        "reviewer": entry_world.make_user("far-reviewer", Role.REVIEWER, department=department),
    }


def _furnish(
    submission: Submission, *, series: Series, target: Target, clerk: User, reviewer: User, asker: User
) -> Place:
    """Return the place: its form complete, with a file, a read workbook and an extension that waits."""
    entries = {
        one.pk: Entry(numerator=Decimal(95), denominator=Decimal(100), explanation="As planned.")
        if one.indicator.is_counted
        else Entry(value=Decimal(10), explanation="As planned.")
        for one in Series.objects.filter(department=submission.department).select_related("indicator")
    }
    save_figures(submission=submission, entries=entries, by=clerk)
    now, today = read_database_time(), read_database_date()
    window = ReportingQuarter.objects.get(programme=submission.programme, quarter=QUARTER)
    return Place(
        programme=submission.programme,
        department=submission.department,
        clerk=clerk,
        reviewer=reviewer,
        series=series,
        submission=submission,
        allocation=Allocation.objects.get(series=series, target=target),
        job=ExportJob.objects.create(programme=submission.programme, quarter=QUARTER, asked_by=asker, asked_at=now),
        letter=_issue(submission, by=asker),
        draft=_write_bulletin(submission.programme, QUARTER - 1, by=asker),
        bulletin=_write_bulletin(submission.programme, QUARTER, by=asker, issued_by=reviewer),
        layout=_upload_layout(submission.programme, by=asker),
        asker=asker,
        evidence=Evidence.objects.create(
            submission=submission,
            series=series,
            quarter=QUARTER,
            name="a.pdf",
            kind="pdf",
            size=5,
            digest="0" * 64,
            uploaded_by=clerk,
            uploaded_at=now,
        ),
        upload=WorkbookUpload.objects.create(
            batch=uuid4(),
            submission=submission,
            file_name="a.xlsx",
            digest="1" * 64,
            size=5,
            state="ready",
            uploaded_by=clerk,
            uploaded_at=now,
        ),
        extension=Extension.objects.create(
            window=window,
            department=submission.department,
            due_on=today + timedelta(days=30),
            closes_on=today + timedelta(days=40),
            reason="x",
            by=asker,
            at=now,
        ),
    )


def _upload_layout(programme: Programme, *, by: User) -> OwnLayout:
    """Return a version of the programme's layout, not in use."""
    return OwnLayout.objects.create(
        programme=programme,
        version=1 + OwnLayout.objects.filter(programme=programme).count(),
        file_name="a.xlsx",
        file=b"x",
        size=1,
        sha256="x",
        places=[{"name": "qs_programme", "sheet": "a", "row": 1, "column": 1, "cell": "A1"}],
        uploaded_by=by,
        uploaded_at=read_database_time(),
    )


def _issue(submission: Submission, *, by: User) -> Letter:
    """Return the third addendum of the place's department, made once a department: the letter itself is yet due."""
    programme, department = submission.programme, submission.department
    content = {"terms": [], "changes": [], "recipient": {"kind": "department", "name": "x"}}
    kept = {"content_sha256": "0" * 64, "file": b"PK", "file_sha256": "0" * 64, "size": 2}
    made = {"issued_by": by, "issued_at": read_database_time(), "content": content} | kept
    return Letter.objects.get_or_create(programme=programme, department=department, number=3, defaults=made)[0]


def _write_bulletin(programme: Programme, quarter: Quarter, *, by: User, issued_by: User | None = None) -> Bulletin:
    """Return the quarter's bulletin, made once a programme: a draft, or issued."""
    now = read_database_time()
    kept = {"issued_by": issued_by, "issued_at": now, "year": 2026, "number": 1, "sha256": "0" * 64, "size": 2}
    made = {"office": programme.office, "title": "x", "sections": [], "edited_by": by, "edited_at": now}
    made |= kept | {"file": b"PK"} if issued_by else {}
    found, is_new = Bulletin.objects.get_or_create(programme=programme, quarter=quarter, defaults=made)
    if is_new:
        saved = {"title": "x", "sections": [], "edited_by": by, "edited_at": now}
        BulletinVersion.objects.create(bulletin=found, version=1, **saved)
    return found
