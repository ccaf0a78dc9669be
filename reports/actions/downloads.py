"""A table taken away as a file: who may, one at a time for each person, and an entry with the file's hash."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.errors import DomainError
from departments.models import User
from indicators.models import Programme
from reports.actions.exports import Busy
from reports.permissions import check_user_can_download

_LOCKS = 0x51_5B  # the class of these advisory locks; the person's key is the other half


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the file holds: rows, bytes, and the SHA-256 of the bytes."""

    rows: int
    size: int
    sha256: str


def download_table(
    *,
    programme: Programme | None,
    departments: Iterable[int] | None,
    table: str,
    query: Mapping[str, str],
    write: Callable[[], Written],
    known: str,
    by: User,
) -> Written:
    """Let `write` make the file in one transaction, and record who got it before it goes.

    `known` is the hash that the person has already: such a file is not handed out, and leaves no entry. Errors:
    NotAllowed, which stands in the trail; Busy while another file of the person is being made. Source: trust rule 29.
    """
    owner = programme.office_id if programme else None
    try:
        check_user_can_download(by, programme, departments)
    except DomainError as error:
        with transaction.atomic():
            told = {"act": "table_downloaded", "table": table, "status": int(error.status)}
            audit.record(
                audit.Act(
                    event="refused", by=by, department_id=owner, subject=programme, reason=str(error), details=told
                )
            )
        raise
    with transaction.atomic():
        _take_turn(by)
        written = write()
        if written.sha256 != known:
            details = {"table": table, "query": dict(query), **asdict(written)}
            act = audit.Act(event="table_downloaded", by=by, department_id=owner, subject=programme, details=details)
            audit.record(act)
    return written


def _take_turn(user: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCKS, user.pk])
        if not cursor.fetchone()[0]:
            raise Busy(_("Your last file is still being made; wait until it arrives, then ask again."))
