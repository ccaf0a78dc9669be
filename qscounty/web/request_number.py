"""The number of the request being answered: shown on error pages, kept in the journal and in the trail."""

from contextvars import ContextVar

request_number: ContextVar[str] = ContextVar("request_number", default="-")
