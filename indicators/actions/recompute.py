"""Asking for a recompute, and running what was asked for: the functions that others call.

Asking writes one row in the asker's transaction and never talks to the broker (ADR 6).
"""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid
from departments.models import Region, User
from indicators.actions.recompute_finish import finish_programmes, put_in_place
from indicators.actions.recompute_queue import (
    SERIES_AT_ONCE,
    TRANSIENT,
    ClaimLost,
    Overtaken,
    claim,
    fail,
    park_exhausted,
    put,
    put_series,
    release,
)
from indicators.actions.recompute_scope import compute_part, key_of, part_programmes, part_regions
from indicators.actions.recompute_series import recompute_series
from indicators.engine.period import Quarter
from indicators.models import Programme, RecomputeRequest, ResultState
from indicators.models.recompute_request import RequestKind, RequestState
from indicators.permissions import check_user_can_recompute
from indicators.selectors.verification import list_programmes_behind

logger = logging.getLogger(__name__)

Quarters = tuple[Quarter, Quarter]

_PAUSE_SECONDS = 0.05
_TAKEN_AGAIN = 20


def request_series_recompute(*, series_ids: Iterable[int]) -> int:
    """Ask for the results of every allocation that these series serve; return how many series that are.

    Called in the transaction that changed their figures: the results follow if, and only if, it commits.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        return put_series(cursor, series_ids=series_ids)


def request_scope_recompute(
    *,
    programme: Programme | None = None,
    region: Region | None = None,
    quarters: Quarters | None = None,
    by: User | None = None,
) -> RecomputeRequest:
    """Ask for the results of a programme, of a region with everything below it, of quarters, or of everything.

    `quarters` are the first and the last one, both included. With `by` the permission is checked and the act
    recorded; without, the system asks (a command, a changed threshold). Raises NotAllowed, or Invalid where the
    quarters run backwards.
    """
    if by is not None:
        for wanted in [programme] if programme else Programme.objects.select_related("region"):
            check_user_can_recompute(by, wanted)
    first, last = quarters or (None, None)
    if first is not None and last is not None and last < first:
        raise Invalid(_("The last quarter lies before the first one; exchange them."))
    row = {
        "key": key_of(
            programme_id=programme.pk if programme else None,
            region_id=region.pk if region else None,
            quarters=(first, last),
        ),
        "programme_id": programme and programme.pk,
        "region_id": region and region.pk,
        "first_quarter": first and first.ordinal,
        "last_quarter": last and last.ordinal,
        "requested_by_id": by and by.pk,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        (request_id,) = put(cursor, kind=RequestKind.SCOPE, rows=[row])
        request = RecomputeRequest.objects.get(pk=request_id)
        if by is not None:
            _record("recompute_requested", request=request, by=by)
    return request


def request_opened_quarters() -> int:
    """Ask for every programme that has an opened quarter without results; return how many those are.

    A quarter opens by the calendar: nobody acts, so nobody else would ask.
    """
    behind = list_programmes_behind()
    for programme in behind:
        request_scope_recompute(programme=programme)
    return len(behind)


def forget_results(*, programme: Programme | None = None) -> None:
    """Let the next recompute write every result anew, whether it has changed or not."""
    chosen = {"programme": programme} if programme else {}
    ResultState.objects.filter(**chosen).delete()


@act
def cancel_recompute(*, request: RecomputeRequest, by: User) -> None:
    """Stop a running scope after the parts at hand; what is done stays, and `resume_recompute` goes on from there.

    Raises NotAllowed, or Invalid where there is nothing to stop.
    """
    _check_allowed(by, request)
    if request.state is RequestState.DONE:
        raise Invalid(_("This recompute is already done."))
    _list_family(request).update(is_cancelled=True)
    _record("recompute_cancelled", request=request, by=by)


@act
def resume_recompute(*, request: RecomputeRequest, by: User) -> None:
    """Go on with a cancelled scope, or try parked work again. Raises NotAllowed."""
    _check_allowed(by, request)
    _list_family(request).update(is_cancelled=False, parked_at=None, attempts=0, error="")
    _record("recompute_resumed", request=request, by=by)


def process_due_requests(*, limit: int | None = None, seconds: float | None = None, within: int | None = None) -> int:
    """Work through what is due in this process until nothing is left; return how many requests were done.

    Stops earlier after `limit` requests, or when `seconds` are over. `within` takes one scope and its parts only.
    Failed work is left to a later call.
    """
    done, started = 0, time.monotonic()
    while (limit is None or done < limit) and (seconds is None or time.monotonic() - started < seconds):
        most = SERIES_AT_ONCE if limit is None else min(limit - done, SERIES_AT_ONCE)
        requests = claim(limit=most, within=within)
        if not requests:
            park_exhausted()
            break
        done += run(requests=requests)
    return done


def recompute_now(
    *,
    programme: Programme | None = None,
    region: Region | None = None,
    quarters: Quarters | None = None,
    workers: int = 1,
    on_progress: Callable[[RecomputeRequest], None] | None = None,
) -> RecomputeRequest:
    """Recompute a scope in this process and return its request, done or parked.

    `workers` threads share its parts, and so does any other worker that is there. `on_progress` is called with the
    request again and again. In a transaction the work stays in its connection, so there is only one worker.
    """
    request = request_scope_recompute(programme=programme, region=region, quarters=quarters)
    helpers = 0 if connection.in_atomic_block else workers - 1
    with ThreadPoolExecutor(max_workers=max(helpers, 1)) as pool:
        helping = [pool.submit(_help, request.pk) for _each in range(helpers)]
        while not _is_over(request):
            if not process_due_requests(within=request.pk, limit=1):
                time.sleep(_PAUSE_SECONDS)
            request.refresh_from_db()
            if on_progress is not None:
                on_progress(request)
        for help_given in helping:
            help_given.result()
    return request


def run(*, requests: Sequence[RecomputeRequest]) -> int:
    """Do claimed work and return how many requests were done; what fails is given back with its reason.

    Series that fail together are tried one by one, so that a sick one does not hold up the others.
    """
    for _each in range(_TAKEN_AGAIN):
        try:
            _work(requests)
        except Overtaken:
            continue
        except ClaimLost:
            return 0
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) not in TRANSIENT:
                return _give_back(requests, error)
            time.sleep(_PAUSE_SECONDS)
        except Exception as error:  # noqa: BLE001  whatever it is, it is counted and shown
            return _give_back(requests, error)
        else:
            return len(requests)
    release(requests=requests)
    return 0


def _work(requests: Sequence[RecomputeRequest]) -> None:
    """Do what the kind of the requests asks for."""
    first = requests[0]
    has_begun = first.started_version > first.done_version
    if first.kind == RequestKind.SERIES:
        recompute_series(requests=requests)
    elif first.kind == RequestKind.PART:
        compute_part(request=first)
    elif first.programme_id is None:
        finish_programmes(request=first) if has_begun else part_programmes(request=first)
    elif has_begun:
        put_in_place(request=first)
    else:
        part_regions(request=first)


def _give_back(requests: Sequence[RecomputeRequest], error: BaseException) -> int:
    if len(requests) > 1:
        return sum(run(requests=[request]) for request in requests)
    fail(request=requests[0], error=error)
    return 0


def _help(request_id: int) -> None:
    """Take parts of a scope in a thread of its own until there are none left."""
    try:
        request = RecomputeRequest.objects.get(pk=request_id)
        while not _is_over(request):
            if not process_due_requests(within=request_id, limit=1):
                time.sleep(_PAUSE_SECONDS)
            request.refresh_from_db()
    finally:
        connection.close()


def _is_over(request: RecomputeRequest) -> bool:
    """Say whether nothing more will come of the scope by itself."""
    if request.state in (RequestState.DONE, RequestState.PARKED, RequestState.CANCELLED):
        return True
    has_begun = request.started_version > request.done_version  # else parts that are parked belong to an earlier run
    return has_begun and _list_family(request).filter(parked_at__isnull=False).exists()


def _list_family(request: RecomputeRequest) -> models.QuerySet[RecomputeRequest]:
    """Return the request and everything that belongs to it."""
    return RecomputeRequest.objects.filter(
        models.Q(pk=request.pk) | models.Q(parent=request) | models.Q(parent__parent=request)
    )


def _check_allowed(by: User, request: RecomputeRequest) -> None:
    for programme in [request.programme] if request.programme else Programme.objects.select_related("region"):
        check_user_can_recompute(by, programme)


def _record(event: str, *, request: RecomputeRequest, by: User) -> None:
    audit.record(audit.Act(event=event, by=by, subject=request, details={"kind": request.kind, "key": request.key}))
