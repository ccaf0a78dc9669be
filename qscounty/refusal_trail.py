"""Puts refusals into the trail that no act has put there: pages, scopes and form tokens. Source: trust rule 29.

A scanner must not fill the trail, which is never emptied. In each web process and minute at most `EACH` refusals of one
person at one address are kept, and `ALL` of all together; the others are counted, and the number stands in
that person's next entry. Who is not signed in is kept for 403 and 429 alone, and an address that no page has never is:
neither says anything about a right. The bound lies in the process on purpose: to ask the database would let a scanner
load it.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable

from django.db import Error
from django.http import HttpRequest, HttpResponse

from departments.actions.audit import has_told_refusal
from departments.actions.refusals import record_refused_request
from departments.models import User
from qscounty.middleware import get_client_address

REFUSALS = frozenset({403, 404, 409, 422, 423, 429})
REFUSALS_OF_NOBODY = frozenset({403, 429})
EACH, ALL = 5, 60
LONGEST_PATH = 200
logger = logging.getLogger(__name__)


class Allowance:
    """Counts refusals by key in the present minute, and what was left out since a key's last entry."""

    def __init__(self, *, each: int, all_together: int) -> None:
        self.each, self.all_together = each, all_together
        self._minute, self._kept, self._total = 0, Counter[Hashable](), 0
        self._left_out = Counter[Hashable]()
        self._lock = threading.Lock()

    def take(self, key: Hashable, *, minute: int) -> int | None:
        """Return how many were left out before this one, or None where this one is left out too."""
        with self._lock:
            if minute != self._minute:
                self._minute, self._total = minute, 0
                self._kept.clear()
            if self._kept[key] >= self.each or self._total >= self.all_together:
                if key in self._left_out or len(self._left_out) < 1000:  # bounded, however many addresses there are
                    self._left_out[key] += 1
                return None
            self._kept[key] += 1
            self._total += 1
            return self._left_out.pop(key, 0)


class RefusalMiddleware:
    """Looks at each answer on its way out; stands behind the middleware that knows the person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.allowance = Allowance(each=EACH, all_together=ALL)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer unchanged. A trail that cannot be written is said in the journal: nothing was done."""
        has_told_refusal.set(False)
        response = self.get_response(request)
        if response.status_code in REFUSALS and not has_told_refusal.get():
            try:
                self._keep(request, response.status_code)
            except Error:
                logger.exception("A refusal is missing in the trail: %s %s", response.status_code, request.path)
        return response

    def _keep(self, request: HttpRequest, status: int) -> None:
        person = request.user if isinstance(request.user, User) else None
        if request.resolver_match is None or (person is None and status not in REFUSALS_OF_NOBODY):
            return
        address = get_client_address(request)
        key = (person.pk if person else None, address)
        left_out = self.allowance.take(key, minute=int(time.monotonic() // 60))
        if left_out is None:
            return
        record_refused_request(
            status=status,
            page=request.resolver_match.view_name,
            path=request.path[:LONGEST_PATH],
            method=request.method or "",
            address=address,
            left_out=left_out,
            by=person,
        )
