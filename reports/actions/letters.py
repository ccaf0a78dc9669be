"""Issuing responsibility letters: the leadership office does, and what was issued once stays as it was."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import DomainError, Invalid, Stale
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.engine.period import Quarter
from indicators.models import Programme
from qscounty.web.times import format_instant
from reports.actions.export_jobs import check_limit, put_job
from reports.actions.export_queue import tell_progress
from reports.actions.exports import Busy
from reports.letters.recipients import find_issuing_job
from reports.letters.standing import LetterState, Standing, list_standings, name_standings
from reports.letters.terms import Recipient, freeze, hash_of
from reports.models import ExportJob, ExportKind, Letter
from reports.permissions import check_user_can_fetch, check_user_can_issue

Write = Callable[[Mapping[str, Any], int, date], bytes]
"""Makes the Word document of a letter from its frozen content, its number and the day on which it is issued."""


@act
def ask_to_issue(
    *, programme: Programme, quarter: Quarter, seen: str, by: User, recipient: Recipient | None = None
) -> ExportJob:
    """Put the issue of one recipient's letter, or of all that are due, on the queue of exports.

    `seen` names what the person looked at; `quarter` is the page's. Errors as for `issue_letters`, so that the person
    is told at once; Busy while three jobs of the person, or another issue of the programme, are unfinished.
    """
    check_user_can_issue(by, programme)
    check_limit(by)
    _lock(programme)
    if find_issuing_job(programme) is not None:
        raise Busy(_("Letters of this programme are being issued already; wait until that is done, or cancel it."))
    find_due(programme, recipient=recipient, seen=seen)
    told = "{}:{}".format(*recipient.key) if recipient else ""
    return put_job(programme=programme, quarter=quarter, by=by, kind=ExportKind.ISSUE, seen=seen, recipient=told)


@act
def issue_letters(
    *,
    programme: Programme,
    seen: str,
    write: Write,
    by: User,
    recipient: Recipient | None = None,
    job: ExportJob | None = None,
) -> list[Letter]:
    """Issue the letter of one recipient, or every letter and addendum that is due, all or none.

    `seen` names what the person looked at; `job` is the one that does it, which keeps whoever lost it from issuing.
    Errors: NotAllowed; Stale if targets or letters moved on; Invalid where nothing has changed, so that nothing is
    to be issued; ClaimGone where the job was cancelled or taken over.
    """
    check_user_can_issue(by, programme)
    _lock(programme)
    due = find_due(programme, recipient=recipient, seen=seen)
    letters = [_issue(programme, standing, write=write, by=by, job=job) for standing in due]
    if job is not None:
        tell_progress(job, done=len(due), total=len(due))
    return letters


def find_due(programme: Programme, *, recipient: Recipient | None, seen: str) -> list[Standing]:
    """Return what is to be issued to one recipient, or to everybody. Errors: Stale and Invalid as for the acts."""
    standings = list_standings(programme)
    if recipient is not None:
        standings = [standing for standing in standings if standing.recipient == recipient]
    named = name_standings(standings) if recipient is None else "".join(standing.seen for standing in standings)
    if named != seen:
        raise Stale(_("Targets or letters changed while you were looking at them; reload the page and look again."))
    due = [standing for standing in standings if standing.state is not LetterState.ISSUED]
    if not due and recipient is None:
        raise Invalid(_("Every letter is issued and nothing has changed since; there is nothing to issue."))
    if not due:
        time = format_instant(standings[0].letters[-1].issued_at)
        raise Invalid(_("Nothing has changed since the letter of %(time)s; it still stands.") % {"time": time})
    return due


@act
def record_letter_download(*, letter: Letter, by: User) -> bytes:
    """Return the file as it was issued; the entry in the trail is written first.

    Errors: NotAllowed for whoever neither issues letters nor receives this one.
    """
    check_user_can_fetch(by, letter)
    _record("letter_downloaded", letter, by=by)
    return bytes(letter.file)


@act
def record_refused_letter(*, programme: Programme, act: str, error: DomainError, by: User) -> None:
    """Leave a refusal in the trail of the programme's office. Source: trust rule 29."""
    audit.record(
        audit.Act(
            event="refused",
            by=by,
            department_id=programme.office_id,
            subject=programme,
            reason=str(error),
            details={"act": act, "status": int(error.status)},
        )
    )


def _lock(programme: Programme) -> None:
    """Keep others from issuing letters of the programme until the act ends."""
    Programme.objects.select_for_update(no_key=True, of=("self",)).get(pk=programme.pk)


def compose_content(programme: Programme, standing: Standing) -> tuple[dict[str, Any], int]:
    """Return what the next letter or addendum of a recipient says, ready to be frozen, and its number."""
    changes = [change.freeze() for change in standing.changes]
    content = freeze(programme=programme, recipient=standing.recipient, terms=standing.terms, changes=changes)
    if standing.newest is not None:
        content["since"] = timezone.localdate(standing.newest.issued_at).isoformat()
    return content, len(standing.letters)


def _issue(programme: Programme, standing: Standing, *, write: Write, by: User, job: ExportJob | None) -> Letter:
    recipient, at = standing.recipient, read_database_time()
    content, number = compose_content(programme, standing)
    file = write(content, number, timezone.localdate(at))
    letter = Letter.objects.create(
        programme=programme,
        region=recipient.region,
        department=recipient.department,
        number=number,
        issued_by=by,
        issued_at=at,
        content=content,
        content_sha256=hash_of(content),
        file=file,
        file_sha256=hashlib.sha256(file).hexdigest(),
        size=len(file),
        job=job,
    )
    _record("letter_issued", letter, by=by)
    return letter


def _record(event: str, letter: Letter, *, by: User) -> None:
    recipient = letter.content["recipient"]["name"]
    details = {"recipient": recipient, "number": letter.number, "sha256": letter.file_sha256}
    office = letter.programme.office_id
    audit.record(audit.Act(event=event, by=by, department_id=office, subject=letter, details=details))
