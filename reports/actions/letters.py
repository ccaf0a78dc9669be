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
from indicators.models import Programme
from qscounty.web.times import format_instant
from reports.letters.standing import LetterState, Standing, list_standings, name_standings
from reports.letters.terms import Recipient, freeze, hash_of
from reports.models import Letter
from reports.permissions import check_user_can_issue

Write = Callable[[Mapping[str, Any], int, date], bytes]
"""Makes the Word document of a letter from its frozen content, its number and the day on which it is issued."""


@act
def issue_letter(*, programme: Programme, recipient: Recipient, seen: str, write: Write, by: User) -> Letter:
    """Issue the letter of one recipient, or the addendum that lists what changed since the newest one.

    `seen` names what the person looked at. Errors: NotAllowed; Stale if targets or letters moved on; Invalid where
    nothing has changed, so that nothing is to be issued.
    """
    check_user_can_issue(by, programme)
    _lock(programme)
    standing = next((one for one in list_standings(programme) if one.recipient == recipient), None)
    if standing is None or standing.seen != seen:
        raise Stale(_("Targets or letters changed while you were looking at them; reload the page and look again."))
    if standing.newest is not None and standing.state is LetterState.ISSUED:
        raise Invalid(
            _("Nothing has changed since the letter of %(time)s; it still stands.")
            % {"time": format_instant(standing.newest.issued_at)}
        )
    return _issue(programme, standing, write=write, by=by)


@act
def issue_letters(*, programme: Programme, seen: str, write: Write, by: User) -> list[Letter]:
    """Issue every letter and addendum that is due, all or none; errors as for one."""
    check_user_can_issue(by, programme)
    _lock(programme)
    standings = list_standings(programme)
    if name_standings(standings) != seen:
        raise Stale(_("Targets or letters changed while you were looking at them; reload the page and look again."))
    due = [standing for standing in standings if standing.state is not LetterState.ISSUED]
    if not due:
        raise Invalid(_("Every letter is issued and nothing has changed since; there is nothing to issue."))
    return [_issue(programme, standing, write=write, by=by) for standing in due]


@act
def record_letter_download(*, letter: Letter, by: User) -> bytes:
    """Return the file as it was issued; the entry in the trail is written first. Errors: NotAllowed."""
    check_user_can_issue(by, letter.programme)
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


def _issue(programme: Programme, standing: Standing, *, write: Write, by: User) -> Letter:
    recipient, number, at = standing.recipient, len(standing.letters), read_database_time()
    changes = [change.freeze() for change in standing.changes]
    content = freeze(programme=programme, recipient=recipient, terms=standing.terms, changes=changes)
    if standing.newest is not None:
        content["since"] = timezone.localdate(standing.newest.issued_at).isoformat()
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
    )
    _record("letter_issued", letter, by=by)
    return letter


def _record(event: str, letter: Letter, *, by: User) -> None:
    recipient = letter.content["recipient"]["name"]
    details = {"recipient": recipient, "number": letter.number, "sha256": letter.file_sha256}
    office = letter.programme.office_id
    audit.record(audit.Act(event=event, by=by, department_id=office, subject=letter, details=details))
