"""Exports as acts: who may, one at a time for each person, and an entry in the trail with the file's hash."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from http import HTTPStatus

from django.db import connection
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import DomainError
from departments.models import User
from indicators.engine.period import Quarter
from indicators.models import Programme
from indicators.permissions import check_user_can_export

_LOCKS = 0x51_58  # the class of these advisory locks; the person's key is the other half


class Busy(DomainError):
    """The person's last export is still being made."""

    status = HTTPStatus.TOO_MANY_REQUESTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was exported: results, bytes, SHA-256 of the file, and the fingerprint of the results in it."""

    rows: int
    size: int
    sha256: str
    fingerprint: str


@act
def export_province(
    *, programme: Programme, quarter: Quarter, write: Callable[[], Receipt], by: User | None = None
) -> Receipt:
    """Let `write` make the provincial workbook, and record who got it. `by` absent: by command.

    The entry is written before anyone gets the file: if it fails, so does the export. Raises NotAllowed, and Busy
    while another export of the same person is being made. Source: trust rule 29, case T35.
    """
    if by is not None:
        check_user_can_export(by, programme)
        _take_turn(by)
    receipt = write()
    audit.record(
        audit.Act(
            event="province_exported",
            by=by,
            department_id=programme.office_id,
            subject=programme,
            details={"quarter": str(quarter), **asdict(receipt)},
        )
    )
    return receipt


@act
def record_refused_export(*, programme: Programme, quarter: Quarter, error: DomainError, by: User) -> None:
    """Leave a refused export in the trail of the programme's office. Source: trust rule 29."""
    audit.record(
        audit.Act(
            event="refused",
            by=by,
            department_id=programme.office_id,
            subject=programme,
            reason=str(error),
            details={"act": "province_export", "status": int(error.status), "quarter": str(quarter)},
        )
    )


def _take_turn(user: User) -> None:
    """Hold the person's turn to the end of the transaction; Busy where it is taken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [_LOCKS, user.pk])
        if not cursor.fetchone()[0]:
            raise Busy(_("Your last workbook is still being made; wait until it arrives, then ask again."))
