"""Stamps: short texts that move whenever what a page shows may have changed, so that the same is never made twice.

A stamp is a sum over rows that are committed, not the newest of them: of two acts at once the one with the lower number
may be the last to come in, and the highest number would have moved too early.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, TypeVar, cast

from django.db import connection

from departments.models import AuditEntry, Region
from departments.permissions import Scope
from departments.roles import Permission
from indicators.models import Programme
from indicators.models.attainment import ResultState

Found = TypeVar("Found")

SILENT = ("figures_saved", "form_given_out", "reminders_sent", "refused", "evidence_opened", "columns_kept")
"""Acts that no reading page shows: most of the trail while a quarter is open."""

_NEWEST_ACTS = 40
_RESULTS = (
    f"(SELECT coalesce(sum(version), 0) || '-' || count(*) FROM {ResultState._meta.db_table}"  # noqa: S608  fixed names
    " WHERE programme_id = p.id)"
)
_ACTS = (
    f"(SELECT coalesce(sum(id), 0) FROM (SELECT id FROM {AuditEntry._meta.db_table} WHERE event <> ALL(%s)"  # noqa: S608
    f" ORDER BY id DESC LIMIT {_NEWEST_ACTS}) AS newest)"
)
_SNAPSHOT = "pg_current_snapshot()::text"
_PROGRAMME = (
    f"SELECT p.id, p.region_id, r.code, {_SNAPSHOT} FROM {Programme._meta.db_table} p"  # noqa: S608
    f" JOIN {Region._meta.db_table} r ON r.id = p.region_id WHERE p.code = %s"
)


_RESULTS_STAMP = f"SELECT {_SNAPSHOT}, {_RESULTS} FROM (VALUES (%s)) AS p(id)"  # noqa: S608
_PAGE_STAMP = f"SELECT {_SNAPSHOT}, {_RESULTS}, {_ACTS}::text FROM (VALUES (%s)) AS p(id)"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Moment:
    """How the database stood when a request began: its clock, and its snapshot; "" where nothing may be recalled."""

    at: datetime
    snapshot: str = ""


def read_moment() -> Moment:
    """Return how the database stands; one query. Within a transaction of our own nothing is recalled."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT transaction_timestamp(), {_SNAPSHOT}")
        at, snapshot = cursor.fetchone()
    return Moment(at, "" if connection.in_atomic_block else snapshot)


def recall(key: Hashable, make: Callable[[], Found], *, moment: Moment | None) -> Found:
    """Return what `make` finds, from memory while the database stands as it stood when that was found.

    What is found is shared between requests: nobody changes it. `key` names everything that it depends on beside the
    database, the person's posts above all. Without a moment nothing is recalled.
    """
    if moment is None:
        return make()
    known = _known.get(key)
    if known is not None and known[0] == moment.snapshot:
        return cast("Found", known[1])
    found = make()
    if moment.snapshot:
        _keep(key, moment.snapshot, found)
    return found


def read_results_stamp(programme_id: int, *, snapshot: str = "") -> str:
    """Return the stamp of a programme's results; `snapshot`, what was just read, spares the question for it.

    A page that has read its own stamp knows this one as well.
    """
    seen, (results, *_acts) = _known.get(_name(_PAGE_STAMP, [list(SILENT), programme_id]), ("", ("",)))
    return results if snapshot and seen == snapshot else _read(_RESULTS_STAMP, [programme_id], snapshot=snapshot)[0]


def read_page_stamp(programme_id: int, *, snapshot: str = "") -> str:
    """Return the stamp of everything that a page without a person's own words shows; `snapshot` as above.

    Results by their versions; everything else by the acts of the trail, for nothing else changes without an entry.
    """
    return "-".join(_read(_PAGE_STAMP, [list(SILENT), programme_id], snapshot=snapshot))


_known: dict[Hashable, tuple[str, Any]] = {}
_MOST_KNOWN = 200


def _keep(key: Hashable, snapshot: str, found: object) -> None:
    """Keep what was found; what stands under another snapshot never comes back, and makes room."""
    if len(_known) >= _MOST_KNOWN or any(seen != snapshot for seen, _found in list(_known.values())[-1:]):
        _known.clear()
    _known[key] = snapshot, found


def _name(question: str, values: list[Any]) -> str:
    return f"{question}{values}"


def _read(question: str, values: list[Any], *, snapshot: str = "") -> tuple[str, ...]:
    """Return stamps, from memory while the database stands as it stood: then summing up would find the same.

    The snapshot names every transaction that can be seen; its text moves with the first one that commits. Within a
    transaction of our own it would not move with what we write ourselves.
    """
    key = _name(question, values)
    with connection.cursor() as cursor:
        if not connection.in_atomic_block and key in _known:
            if not snapshot:
                cursor.execute(f"SELECT {_SNAPSHOT}")
                snapshot = cursor.fetchone()[0]
            seen, stamps = _known[key]
            if seen == snapshot:
                return cast("tuple[str, ...]", stamps)
        cursor.execute(question, values)
        now, *found = cursor.fetchone()
    _keep(key, now, tuple(found))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Known:
    """A programme that a person sees as a whole, with the stamp of its results."""

    programme_id: int
    region_id: int
    stamp: str


def find_whole_programme(scope: Scope, code: str) -> Known | None:
    """Return the programme if the person sees all of it; None if not, or only a part of it; two queries at most."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRAMME, [code])
        row = cursor.fetchone()
    if row is None or not scope.allows(Permission.VIEW_RESULTS, region_code=row[2]):
        return None
    return Known(programme_id=row[0], region_id=row[1], stamp=read_results_stamp(row[0], snapshot=row[3]))


def write_tag(
    *, programme_id: int, root_id: int, quarter: object, basis: str, stamp: str, department_ids: frozenset[int] | None
) -> str:
    """Return the tag of the results of one quarter within what a person sees."""
    departments = "all" if department_ids is None else "-".join(str(pk) for pk in sorted(department_ids))
    scope = sha256(departments.encode()).hexdigest()[:12]
    return "-".join(str(part) for part in (programme_id, root_id, quarter, basis, stamp, scope))
