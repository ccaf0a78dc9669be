"""How each address is asked: the path to a place, what is sent, and what has to stand before an act can succeed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from departments.models import Region
from departments.selectors.clock import read_database_date, read_database_time
from indicators.models import Allocation, Series
from reports.actions.export_jobs import path_of
from reports.actions.freezing import freeze
from reports.editions import name_results
from reports.layouts.example import write_example
from reports.letters.standing import list_standings, name_standings
from reports.models import ExportJob, Publication
from tests import builders
from tests.integration.entry_world import QUARTER
from tests.security.matrix_world import NOWHERE, Place, World

PDF = b"%PDF-1.7\n%%EOF\n"


@dataclass(frozen=True)
class Cell:
    """One question: who asks, about which place. `place` is the own one where the object is missing."""

    world: World
    subject: str
    place: Place
    is_missing: bool

    def pk(self, thing: Any) -> int:
        return NOWHERE if self.is_missing else thing.pk

    @property
    def code(self) -> str:
        return "nowhere" if self.is_missing else self.place.programme.code


Path = Callable[[Cell], str]
Data = Callable[[Cell], dict[str, Any]]
Before = Callable[[Place], None]


def by_submission(name: str) -> Path:
    return lambda cell: reverse(name, args=[cell.pk(cell.place.submission)])


def by_series(name: str) -> Path:
    return lambda cell: reverse(name, args=[cell.pk(cell.place.submission), cell.place.series.pk])


def by_quarter(name: str) -> Path:
    return lambda cell: reverse(name, args=[cell.code, str(QUARTER)])


def by_thing(name: str, thing: str) -> Path:
    return lambda cell: reverse(name, args=[cell.pk(getattr(cell.place, thing))])


def plain(name: str) -> Path:
    return lambda cell: reverse(name)


def of_programme(name: str, *args: str) -> Path:
    return lambda cell: f"{reverse(name, args=args or None)}?programme={cell.code}&quarter={QUARTER}"


def _open(cell: Cell) -> str:
    department = cell.pk(cell.place.department)
    return reverse("indicators:entry-open", args=[cell.place.programme.code, department, str(QUARTER)])


def _region(cell: Cell) -> str:
    return f"{reverse('reports:region', args=[cell.place.programme.region.code])}?programme={cell.code}"


def _department(cell: Cell) -> str:
    place = cell.place.department
    return f"{reverse('reports:department', args=[place.region.code, place.code])}?programme={cell.code}"


def _ask_for(name: str, cell: Cell, number: int) -> str:
    return f"{reverse(name, args=[number])}?programme={cell.code}&quarter={QUARTER}"


def _version(cell: Cell) -> str:
    path = reverse("reports:bulletin-version", args=[cell.pk(cell.place.draft), 1])
    return f"{path}?programme={cell.code}&quarter={QUARTER}"


def _letter(cell: Cell) -> str:
    path = reverse("reports:letter-issue", args=["department", cell.pk(cell.place.department)])
    return f"{path}?programme={cell.code}&quarter={QUARTER}"


def letter(cell: Cell) -> dict[str, Any]:
    standings = list_standings(cell.place.programme)
    mine = ("department", cell.place.department.pk)
    return key(cell) | {"seen": next(one.seen for one in standings if one.recipient.key == mine)}


def letters(cell: Cell) -> dict[str, Any]:
    return key(cell) | {"seen": name_standings(list_standings(cell.place.programme))}


def _notice(cell: Cell) -> str:
    """A notice of one's own; in another place, somebody else's."""
    mine = cell.place is cell.world.places["own"]
    owner = cell.subject if mine else "leader" if cell.subject != "leader" else "office"
    return reverse("indicators:notice-read", args=[cell.pk(cell.world.notices[owner])])


def _token(cell: Cell) -> str:
    """A token of one's own; in another place, somebody else's."""
    mine = cell.place is cell.world.places["own"]
    owner = cell.subject if mine and cell.subject in cell.world.tokens else "leader"
    if not mine and cell.subject == "leader":
        owner = "office"
    return reverse("departments:token-revoke", args=[cell.pk(cell.world.tokens[owner])])


PATHS: dict[str, Path] = {
    "api:openapi": plain("api:openapi"),
    "api:programmes": plain("api:programmes"),
    "api:publication": lambda cell: _ask_for("api:publication", cell, 1),
    "api:publication-results": lambda cell: _ask_for("api:publication-results", cell, 1),
    "reports:interface": plain("reports:interface"),
    "departments:token-list": plain("departments:token-list"),
    "departments:token-issue": plain("departments:token-issue"),
    "departments:token-revoke": _token,
    "reports:overview": of_programme("reports:overview"),
    "reports:leader": of_programme("reports:leader"),
    "reports:region-list": of_programme("reports:region-list"),
    "reports:region": _region,
    "reports:domain-list": of_programme("reports:domain-list"),
    "reports:domain": of_programme("reports:domain", "product"),
    "reports:department-list": of_programme("reports:department-list"),
    "reports:department": _department,
    "reports:target-list": of_programme("reports:target-list"),
    "reports:target-columns": plain("reports:target-columns"),
    "reports:target-file": of_programme("reports:target-file"),
    "reports:region-file": of_programme("reports:region-file"),
    "reports:department-file": of_programme("reports:department-file"),
    "reports:target": by_thing("reports:target", "allocation"),
    "reports:league": of_programme("reports:league"),
    "reports:cascade": of_programme("reports:cascade"),
    "reports:compare": of_programme("reports:compare"),
    "reports:letter-list": of_programme("reports:letter-list"),
    "reports:letter-issue": _letter,
    "reports:letter-issue-all": of_programme("reports:letter-issue-all"),
    "reports:letter-file": lambda cell: _ask_for("reports:letter-file", cell, cell.pk(cell.place.letter)),
    "reports:bulletin-list": of_programme("reports:bulletin-list"),
    "reports:bulletin-start": of_programme("reports:bulletin-start"),
    "reports:bulletin": lambda cell: _ask_for("reports:bulletin", cell, cell.pk(cell.place.draft)),
    "reports:bulletin-save": lambda cell: _ask_for("reports:bulletin-save", cell, cell.pk(cell.place.draft)),
    "reports:bulletin-issue": lambda cell: _ask_for("reports:bulletin-issue", cell, cell.pk(cell.place.draft)),
    "reports:bulletin-discard": lambda cell: _ask_for("reports:bulletin-discard", cell, cell.pk(cell.place.draft)),
    "reports:bulletin-version": _version,
    "reports:bulletin-file": lambda cell: _ask_for("reports:bulletin-file", cell, cell.pk(cell.place.bulletin)),
    "reports:league-share": lambda cell: _ask_for("reports:league-share", cell, cell.place.allocation.target_id),
    "reports:publication-list": of_programme("reports:publication-list"),
    "reports:publication-ask": of_programme("reports:publication-ask"),
    "reports:publication-confirm": of_programme("reports:publication-confirm"),
    "reports:publication": lambda cell: _ask_for("reports:publication", cell, 1),
    "reports:layout-list": of_programme("reports:layout-list"),
    "reports:layout-example": of_programme("reports:layout-example"),
    "reports:layout-upload": of_programme("reports:layout-upload"),
    "reports:layout": lambda cell: _ask_for("reports:layout", cell, cell.pk(cell.place.layout)),
    "reports:layout-use": lambda cell: _ask_for("reports:layout-use", cell, cell.pk(cell.place.layout)),
    "reports:layout-try": lambda cell: _ask_for("reports:layout-try", cell, cell.pk(cell.place.layout)),
    "reports:layout-file": lambda cell: _ask_for("reports:layout-file", cell, cell.pk(cell.place.layout)),
    "reports:export-list": of_programme("reports:export-list"),
    "reports:export-table": of_programme("reports:export-table"),
    "reports:export-ask": of_programme("reports:export-ask"),
    "reports:export-cancel": lambda cell: _ask_for("reports:export-cancel", cell, cell.pk(cell.place.job)),
    "reports:export-retry": lambda cell: _ask_for("reports:export-retry", cell, cell.pk(cell.place.job)),
    "reports:export-file": lambda cell: _ask_for("reports:export-file", cell, cell.pk(cell.place.job)),
    "reports:programme": of_programme("reports:programme"),
    "reports:matrix": of_programme("reports:matrix"),
    "reports:matrix-cells": of_programme("reports:matrix-cells"),
    "reports:search": of_programme("reports:search"),
    "departments:login": plain("departments:login"),
    "departments:logout": plain("departments:logout"),
    "departments:password-change": plain("departments:password-change"),
    "indicators:entry": plain("indicators:entry"),
    "indicators:entry-open": _open,
    "indicators:entry-evidence": by_series("indicators:entry-evidence"),
    "indicators:entry-trail": by_series("indicators:entry-trail"),
    "indicators:evidence-file": by_thing("indicators:evidence-file", "evidence"),
    "indicators:evidence-remove": by_thing("indicators:evidence-remove", "evidence"),
    "indicators:upload-list": plain("indicators:upload-list"),
    "indicators:upload-apply-ready": plain("indicators:upload-apply-ready"),
    "indicators:upload-detail": by_thing("indicators:upload-detail", "upload"),
    "indicators:upload-apply": by_thing("indicators:upload-apply", "upload"),
    "indicators:review": plain("indicators:review"),
    "indicators:progress": of_programme("indicators:progress"),
    "indicators:progress-remind": by_quarter("indicators:progress-remind"),
    "indicators:notices": plain("indicators:notices"),
    "indicators:notice-read-all": plain("indicators:notice-read-all"),
    "indicators:notice-read": _notice,
    "indicators:calendar": of_programme("indicators:calendar"),
    "indicators:calendar-confirm": by_thing("indicators:calendar-confirm", "extension"),
    "indicators:calendar-quarter": by_quarter("indicators:calendar-quarter"),
    "indicators:calendar-dates": by_quarter("indicators:calendar-dates"),
    "indicators:calendar-close": by_quarter("indicators:calendar-close"),
    "indicators:calendar-extend": by_quarter("indicators:calendar-extend"),
    "set_language": plain("set_language"),
    "livez": lambda cell: "/livez",
    "readyz": lambda cell: "/readyz",
} | {
    f"indicators:{name}": by_submission(f"indicators:{name}")
    for name in (
        "entry-form",
        "entry-cells",
        "entry-summary",
        "entry-live",
        "entry-paste",
        "entry-check",
        "entry-submit",
        "entry-withdraw",
        "entry-workbook",
        "entry-upload",
        "entry-denominators",
        "review-form",
        "review-approve",
        "review-check",
        "review-return",
        "review-reopen",
        "review-ask",
    )
}

PATHS |= {
    f"api:{name}": of_programme(f"api:{name}")
    for name in ("regions", "departments", "targets", "figures", "results", "rollups", "publications")
} | {"api:quarters": lambda cell: f"{reverse('api:quarters')}?programme={cell.code}"}


def act(cell: Cell, **more: str) -> dict[str, Any]:
    return {"version": str(cell.place.version()), "key": str(uuid4())} | more


def reasoned(cell: Cell) -> dict[str, Any]:
    return act(cell, reason="Because.")


def key(cell: Cell) -> dict[str, Any]:
    return {"key": str(uuid4())}


def row(cell: Cell) -> dict[str, Any]:
    pk = cell.place.series.pk
    return {f"{pk}-numerator": "96", f"{pk}-denominator": "100", f"{pk}-version": "1"}


def upload(name: str, content: bytes) -> Data:
    return lambda cell: {name: SimpleUploadedFile("a.pdf", content), "complete": "1"}


def dates(cell: Cell) -> dict[str, Any]:
    window = cell.place.window
    names = ("opens_on", "due_on", "closes_on")
    seen = {f"seen_{name}": str(getattr(window, name)) for name in names}
    moved = {name: str(getattr(window, name)) for name in names}
    return key(cell) | seen | moved | {"closes_on": str(window.closes_on + timedelta(days=1))}


def extension(cell: Cell) -> dict[str, Any]:
    day = read_database_date()
    return key(cell) | {
        "department": str(cell.place.department.pk),
        "due_on": str(day + timedelta(days=50)),
        "closes_on": str(day + timedelta(days=60)),
        "reason": "Because.",
    }


def publication(cell: Cell) -> dict[str, Any]:
    return key(cell) | {"seen": name_results(cell.place.programme), "reason": "Because."}


def bulletin(cell: Cell) -> dict[str, Any]:
    return key(cell) | {"version": "1", "title": "x"}


def denominator(cell: Cell) -> dict[str, Any]:
    span = {"valid_from": str(QUARTER), "valid_to": ""}
    seen = {"seen": "{}"}
    return key(cell) | span | seen | {"series": str(cell.place.series.pk), "value": "1000", "source": "Yearbook"}


def ask_to_publish(place: Place) -> None:
    Publication.objects.create(
        programme=place.programme,
        quarter=QUARTER,
        edition=1,
        reason="x",
        asked_by=place.asker,
        asked_at=read_database_time(),
    )


def publish(place: Place) -> None:
    """Let there be an edition, frozen as it stands."""
    ask_to_publish(place)
    publication, now = Publication.objects.get(programme=place.programme), read_database_time()
    publication.inputs_revision = 0
    with connection.cursor() as cursor:
        manifest = freeze(cursor, publication=publication)
    Publication.objects.filter(pk=publication.pk).update(
        published_by=place.reviewer,
        published_at=now,
        rule_version=1,
        inputs_revision=0,
        as_of=now,
        manifest=manifest,
        anchor="0" * 64,
    )


def rank_two_counties(place: Place) -> None:
    """Let two counties of the city have shares to be ranked by, both reported by the place's department."""
    city, series = place.programme.region, place.series
    names = {"name_zh": "县", "name_en": "County", "short_zh": "县"}
    for number in (1, 2):
        county = Region.objects.create(code=f"{city.code}{number:02d}", level="county", parent=city, **names)
        theirs = Series.objects.create(indicator=series.indicator, region=county, department=series.department)
        builders.make_result(Allocation.objects.create(target=place.allocation.target, series=theirs), QUARTER)


def finish_job(place: Place) -> None:
    """Let the export's file be there."""
    path, content, now = path_of(place.job), b"PK\x03\x04", read_database_time()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    ExportJob.objects.filter(pk=place.job.pk).update(
        done_at=now, expires_at=now + timedelta(days=1), size=len(content), sha256=sha256(content).hexdigest()
    )


def cancel_job(place: Place) -> None:
    ExportJob.objects.filter(pk=place.job.pk).update(cancelled_at=read_database_time())


DATA: dict[str, Data] = {
    "departments:token-issue": lambda cell: {"name": "Data hub", "days": "90"},
    "reports:target-columns": lambda cell: {"columns": "ratio"},
    "reports:publication-ask": publication,
    "reports:publication-confirm": publication,
    "reports:bulletin-start": key,
    "reports:bulletin-save": bulletin,
    "reports:bulletin-issue": bulletin,
    "reports:bulletin-discard": lambda cell: bulletin(cell) | {"reason": "Written anew."},
    "reports:letter-issue": letter,
    "reports:letter-issue-all": letters,
    "reports:export-ask": key,
    "reports:export-cancel": key,
    "reports:export-retry": key,
    "indicators:entry-denominators": denominator,
    "indicators:entry-form": row,
    "indicators:entry-cells": row,
    "indicators:entry-live": row,
    "indicators:entry-paste": row,
    "indicators:entry-submit": act,
    "indicators:entry-withdraw": act,
    "indicators:entry-upload": upload("workbook", b"PK\x03\x04"),
    "reports:layout-upload": upload("workbook", write_example()),
    "reports:layout-use": key,
    "reports:layout-try": key,
    "indicators:entry-evidence": upload("evidence", PDF),
    "indicators:upload-list": upload("workbook", b"PK\x03\x04"),
    "indicators:upload-apply-ready": lambda cell: {"upload": str(cell.pk(cell.place.upload))},
    "indicators:review-approve": act,
    "indicators:review-check": lambda cell: act(cell, seen=f"{cell.place.series.pk}:1"),
    "indicators:review-return": reasoned,
    "indicators:review-reopen": reasoned,
    "indicators:review-ask": reasoned,
    "indicators:calendar-dates": dates,
    "indicators:calendar-close": key,
    "indicators:calendar-extend": extension,
    "indicators:calendar-confirm": key,
    "set_language": lambda cell: {"language": "en", "next": "/"},
}

# What has to stand before the address's own method can succeed; in the closed place the quarter is closed afterwards.
BEFORE: dict[str, Before] = {
    "api:publication": publish,
    "api:publication-results": publish,
    "reports:publication": publish,
    "reports:league-share": rank_two_counties,
    "reports:export-file": finish_job,
    "reports:publication-confirm": ask_to_publish,
    "reports:export-retry": cancel_job,
    "reports:export-ask": cancel_job,
    "indicators:entry-withdraw": lambda place: place.move("submitted"),
    "indicators:review-approve": lambda place: place.move("submitted"),
    "indicators:review-check": lambda place: place.move("submitted"),
    "indicators:review-return": lambda place: place.move("submitted"),
    "indicators:review-reopen": lambda place: place.move("submitted", "approved"),
    "indicators:review-ask": lambda place: place.move("submitted", "approved"),
    "indicators:calendar-close": lambda place: place.fall_due(),
}
