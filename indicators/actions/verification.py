"""The nightly check: what differs from a recount is told and put right."""

import logging
from itertools import islice

from django.db import connection, transaction

from departments.actions import audit
from indicators.actions.recompute import forget_results, request_scope_recompute
from indicators.actions.result_tables import lock_results
from indicators.models import Programme, RecomputeRequest
from indicators.selectors.verification import find_differences

logger = logging.getLogger(__name__)

TOLD = 20


def verify_and_repair(*, programme_id: int) -> int:
    """Compare a programme with a recount and return the number of differences told, at most `TOLD`.

    A difference is an alarm: it goes to the journal and the trail, and the programme is written anew. A programme
    with work still due is left for the next night.
    """
    if RecomputeRequest.objects.waiting().exists():
        return 0
    found = list(islice(find_differences(programme_id=programme_id), TOLD))
    if not found:
        return 0
    programme = Programme.objects.get(pk=programme_id)
    for difference in found:
        logger.error("Programme %s: %s", programme.code, difference)
    with transaction.atomic(), connection.cursor() as cursor:
        lock_results(cursor, programme_id=programme_id)
        forget_results(programme=programme)
        request_scope_recompute(programme=programme)
        told = [str(difference) for difference in found]
        audit.record(audit.Act(event="results_differed", subject=programme, details={"differences": told}))
    return len(found)
