"""The queue of recompute requests: asked for, claimed, finished, failed, parked. The table is the queue.

Source: trust rules 11 to 15; ADR 6.
"""

import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from departments.actions import audit
from indicators.models import RecomputeRequest
from indicators.models.recompute_request import RequestKind

logger = logging.getLogger(__name__)

CHANNEL = "recompute_due"
ATTEMPTS = 5
LEASE_SECONDS = 30
"""A worker that says nothing for so long has lost its work. Its late answer is refused, so being hasty loses nothing;
but slow work should not be done twice."""

BACKOFF_SECONDS = 1.0
SERIES_AT_ONCE = 64
TRANSIENT = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available

_TABLE = RecomputeRequest._meta.db_table
_FRESH = {
    "requested_version": "1",
    "started_version": "0",
    "done_version": "0",
    "attempts": "0",
    "claim": "''",
    "error": "''",
    "progress_done": "0",
    "changed": "0",
    "is_cancelled": "false",
    "requested_at": "now()",
    "due_at": "now()",
}
_ASK_AGAIN = """
    requested_version = r.requested_version + 1, attempts = 0, parked_at = NULL, is_cancelled = false,
    requested_at = now(), due_at = now(), error = ''
"""
# A run that was cancelled, or that has a part parked, begins anew; any other is finished first.
_BEGIN_ANEW = f"""
    started_version = CASE WHEN r.is_cancelled OR EXISTS (
        SELECT 1 FROM {_TABLE} c WHERE c.parent_id = r.id AND (c.parked_at IS NOT NULL OR c.is_cancelled)
    ) THEN r.done_version ELSE r.started_version END
"""  # noqa: S608  fixed table name, here and below
_DUE = """
    done_version < requested_version AND parked_at IS NULL AND NOT is_cancelled AND due_at <= clock_timestamp()
    AND (lease_until IS NULL OR lease_until < clock_timestamp())
"""
_CLAIM = f"""
    WITH first AS (
        SELECT id, kind FROM {_TABLE} r
        WHERE {_DUE} AND attempts < %(attempts)s
            AND (%(within)s IS NULL OR id = %(within)s OR parent_id = %(within)s
                 OR parent_id IN (SELECT id FROM {_TABLE} WHERE parent_id = %(within)s))
            AND NOT (r.started_version > r.done_version AND EXISTS (
                SELECT 1 FROM {_TABLE} c WHERE c.parent_id = r.id AND c.done_version < c.requested_version))
        ORDER BY CASE kind WHEN 'series' THEN 0 WHEN 'part' THEN 1 ELSE 2 END, due_at, id
        FOR NO KEY UPDATE SKIP LOCKED LIMIT %(limit)s
    )
    UPDATE {_TABLE} u
    SET claim = %(token)s, attempts = u.attempts + 1,
        lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
        started_at = CASE WHEN u.attempts = 0 AND u.started_version <= u.done_version
                     THEN clock_timestamp() ELSE u.started_at END
    FROM first WHERE u.id = first.id
        AND (u.id = (SELECT id FROM first LIMIT 1)
             OR u.kind = 'series' AND (SELECT kind FROM first LIMIT 1) = 'series')
    RETURNING u.*
"""  # noqa: S608


class ClaimLost(Exception):
    """Another worker holds the request now: what this one computed is not written."""


class Overtaken(Exception):
    """The results were replaced since they were read: compute them again."""


def put(cursor: Any, *, kind: RequestKind, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Make pieces of work due, new or again, and return their ids in the order of `rows`.

    Each row has a `key` and the columns that describe the work, the same in all rows. Runs in the asker's
    transaction; listeners are told when, and only if, it commits. Work that was parked or cancelled tries again.
    """
    ids: dict[object, int] = {}
    for row in sorted(rows, key=lambda row: str(row["key"])):  # one order for everybody: no deadlocks
        described = {"portion": "{}", "progress_total": 0, **row}
        names = [*described, *_FRESH]
        again = [f"{name} = EXCLUDED.{name}" for name in described if name not in ("key", "parent_id")]
        again += ["parent_id = COALESCE(EXCLUDED.parent_id, r.parent_id)"] if "parent_id" in described else []
        cursor.execute(
            f"INSERT INTO {_TABLE} AS r (kind, {', '.join(names)})"  # noqa: S608
            f" VALUES (%s, {', '.join(['%s'] * len(described))}, {', '.join(_FRESH.values())})"
            f" ON CONFLICT (kind, key) DO UPDATE SET {_ASK_AGAIN}, {_BEGIN_ANEW}, {', '.join(again)} RETURNING id",
            [kind, *described.values()],
        )
        ids[row["key"]] = cursor.fetchone()[0]
    _tell_listeners(cursor)
    return [ids[row["key"]] for row in rows]


def put_series(cursor: Any, *, series_ids: Iterable[int]) -> int:
    """Make these series due in one statement; return how many they are."""
    wanted = sorted(set(series_ids))
    cursor.execute(
        f"INSERT INTO {_TABLE} AS r (kind, key, series_id, portion, progress_total, {', '.join(_FRESH)})"  # noqa: S608
        f" SELECT 'series', s::text, s, '{{}}', 0, {', '.join(_FRESH.values())} FROM unnest(%s::bigint[]) AS s"
        f" ON CONFLICT (kind, key) DO UPDATE SET {_ASK_AGAIN}",
        [wanted],
    )
    _tell_listeners(cursor)
    return len(wanted)


def claim(*, limit: int = 1, within: int | None = None) -> list[RecomputeRequest]:
    """Return due requests, now leased to the caller: up to `limit` series, or one part or scope; empty if none is due.

    Series go first: an approval never waits for a programme. A scope that has begun waits for its parts. `within`
    takes only that scope and what belongs to it. Every claim counts as an attempt, so that work that kills its
    worker comes to an end as well.
    """
    token = uuid.uuid4().hex
    terms = {"within": within, "limit": limit, "token": token, "lease": LEASE_SECONDS, "attempts": ATTEMPTS}
    with remaking():
        return sorted(RecomputeRequest.objects.raw(_CLAIM, terms), key=lambda request: request.pk)


@contextmanager
def remaking() -> Iterator[Any]:
    """Yield a cursor of a transaction of what can be made again: its commit does not wait for the disk.

    A crash of the server may take it back, the results and the note that they are done together, and the request is
    due once more. What others commit later takes it to the disk with it. Inside another transaction that one decides.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET LOCAL synchronous_commit = off")
        yield cursor


def hold(cursor: Any, *, requests: Sequence[RecomputeRequest]) -> None:
    """Keep the claims until the end of the transaction; raise ClaimLost if one of them is not the caller's any more.

    This is the fence: a worker that slept through its lease while another took over stops here.
    """
    cursor.execute(
        f"SELECT id FROM {_TABLE} WHERE id = ANY(%s) AND claim = %s ORDER BY id FOR NO KEY UPDATE",  # noqa: S608
        [[request.pk for request in requests], requests[0].claim],
    )
    if len(cursor.fetchall()) != len(requests):
        raise ClaimLost


def finish(cursor: Any, *, requests: Sequence[RecomputeRequest], changed: int = 0) -> None:
    """Mark the versions that were claimed as done; the caller holds the claims. More may be due by now."""
    versions = [request.started_version or request.requested_version for request in requests]
    cursor.execute(
        f"""
        UPDATE {_TABLE} r SET done_version = GREATEST(r.done_version, d.version), changed = %s, attempts = 0,
            progress_done = r.progress_total, claim = '', lease_until = NULL, error = '', done_at = clock_timestamp()
        FROM unnest(%s::bigint[], %s::bigint[]) AS d(id, version) WHERE r.id = d.id AND r.claim = %s
        """,  # noqa: S608
        [changed, [request.pk for request in requests], versions, requests[0].claim],
    )


def release(*, requests: Sequence[RecomputeRequest], began: bool = False) -> None:
    """Give the claims back without counting the attempt; `began` says that a scope has now been parted."""
    RecomputeRequest.objects.filter(pk__in=[request.pk for request in requests], claim=requests[0].claim).update(
        claim="",
        lease_until=None,
        attempts=0 if began else F("attempts") - 1,
        **({"started_version": requests[0].requested_version} if began else {}),
    )


def begin_anew(*, request: RecomputeRequest) -> None:
    """Give a scope back as if it had not been parted yet."""
    RecomputeRequest.objects.filter(pk=request.pk, claim=request.claim).update(
        claim="", lease_until=None, attempts=0, started_version=F("done_version")
    )


def extend(*, request: RecomputeRequest, seconds: float) -> None:
    """Lengthen the lease before a long step; raise ClaimLost if it is not the caller's any more."""
    lease = Now() + timedelta(seconds=seconds)
    if not RecomputeRequest.objects.filter(pk=request.pk, claim=request.claim).update(lease_until=lease):
        raise ClaimLost


def fail(*, request: RecomputeRequest, error: BaseException) -> None:
    """Give the claim back, saying what went wrong: tried again after a pause that doubles, parked in the end."""
    pause = timedelta(seconds=BACKOFF_SECONDS * 2 ** (request.attempts - 1))
    with transaction.atomic():
        RecomputeRequest.objects.filter(pk=request.pk, claim=request.claim).update(
            claim="", lease_until=None, error=f"{type(error).__name__}: {error}"[:2000], due_at=Now() + pause
        )
    logger.warning("Recompute %s %s failed.", request.kind, request.key, exc_info=error)
    park_exhausted()


def count_due(*, most: int) -> int:
    """Return for how many workers there is something to do, at most `most`: series are done in one go."""
    due = RecomputeRequest.objects.waiting().filter(due_at__lte=Now())
    kinds = list(due.order_by("kind").values_list("kind", flat=True)[: SERIES_AT_ONCE + most])
    others = len(kinds) - kinds.count(RequestKind.SERIES)
    return min(most, others + (RequestKind.SERIES in kinds))


def park_exhausted() -> int:
    """Park what has used up its attempts, say so in the journal and in the trail, and return how many that were."""
    if not _is_any_exhausted():
        return 0
    spent = RecomputeRequest.objects.filter(
        Q(lease_until__isnull=True) | Q(lease_until__lt=Now()),
        done_version__lt=F("requested_version"),
        attempts__gte=ATTEMPTS,
        parked_at__isnull=True,
    )
    with transaction.atomic():
        parked = list(spent.select_for_update(no_key=True, skip_locked=True).order_by("pk"))
        for request in parked:
            error = request.error or "The worker ended without a word each time."
            RecomputeRequest.objects.filter(pk=request.pk).update(
                parked_at=Now(), claim="", lease_until=None, error=error
            )
            logger.error("Recompute %s %s is parked after %s attempts.", request.kind, request.key, ATTEMPTS)
            details = {"kind": request.kind, "key": request.key, "error": error}
            audit.record(audit.Act(event="recompute_parked", subject=request, details=details))
    return len(parked)


def _is_any_exhausted() -> bool:
    """Ask in plain SQL: every round of every worker does."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {_TABLE} WHERE done_version < requested_version AND parked_at IS NULL"  # noqa: S608
            " AND NOT is_cancelled AND attempts >= %s LIMIT 1",
            [ATTEMPTS],
        )
        return cursor.fetchone() is not None


def _tell_listeners(cursor: Any) -> None:
    """Say that something is due, to whoever listens, at the moment of the commit. The broker knows nothing of it."""
    cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
