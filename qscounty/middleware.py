"""What every request gets: a number to find it by, no copies in caches, and a plain page when a service is away."""

import logging
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from qscounty.web.request_number import request_number

logger = logging.getLogger(__name__)


class RequestMiddleware:
    """Number the request, answer 503 when the database is away, and forbid keeping personal pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the response with its number in `X-Request-Id`."""
        # Never taken from the request: a forged number could hide an act in the journal.
        number = uuid.uuid4().hex[:12]
        request.number = number  # type: ignore[attr-defined]  # for error pages and the audit trail
        token = request_number.set(number)
        try:
            response = self.get_response(request)
        finally:
            request_number.reset(token)
        response.headers["X-Request-Id"] = number
        # Shared office computers: "back" after log-out must not show the last person's page.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn an unreachable or overloaded database into the 503 page; other errors take their way."""
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        from qscounty.errors import show_unavailable

        logger.error("The database does not answer: %s", error, exc_info=error)
        return show_unavailable(request)


class RequestFilter(logging.Filter):
    """Give each journal line the number of the request it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id`; let every line pass."""
        record.request_id = request_number.get()
        return True


def get_client_address(request: HttpRequest) -> str:
    """Return the address the request came from, as told by trusted proxies alone.

    With n trusted proxies the n-th entry from the right of X-Forwarded-For was written by the outermost
    of them; everything left of it is the client's own claim.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not settings.TRUSTED_PROXIES:
        return direct
    hops = [part.strip() for part in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if part.strip()]
    return hops[-settings.TRUSTED_PROXIES] if len(hops) >= settings.TRUSTED_PROXIES else direct
