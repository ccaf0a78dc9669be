"""Who asks: the owner of the bearer token, as he is at this request. No session, no cookie, no form token."""

from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.security import HttpBearer

from departments.actions.access_tokens import TooMany, use_token
from departments.errors import DomainError
from departments.models import User
from reports.api.answers import send_problem, wants_csv

CSV_COST = 10
"""Requests that a file counts for: it is made from every row."""


class BearerToken(HttpBearer):
    """The Authorization header, and nothing else."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """Return the token's owner, who becomes the request's person; None lets nobody in."""
        found = use_token(secret=token, cost=CSV_COST if wants_csv(request) else 1)
        if found is None:
            return None
        request.user = found.user
        return found.user


def add_refusals(api: NinjaAPI) -> None:
    """Let every refusal be a problem with a sentence."""
    api.add_exception_handler(AuthenticationError, _refuse_nobody)
    api.add_exception_handler(Http404, _refuse_missing)
    api.add_exception_handler(DomainError, _refuse)
    api.add_exception_handler(ValidationError, _refuse_parameter)
    api.add_exception_handler(OperationalError, _refuse_for_now)
    api.add_exception_handler(InterfaceError, _refuse_for_now)


def _refuse_nobody(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ARG001
    sentence = _("No valid token: send “Authorization: Bearer” with a token that is issued, unexpired and not revoked.")
    return send_problem(HTTPStatus.UNAUTHORIZED, sentence)


def _refuse_missing(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ARG001
    sentence = _("There is no such thing here, or you do not see it; check the address.")
    return send_problem(HTTPStatus.NOT_FOUND, sentence)


def _refuse(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ARG001
    seconds = error.seconds if isinstance(error, TooMany) else 0
    if error.status == HTTPStatus.TOO_MANY_REQUESTS and not seconds:
        seconds = 10
    return send_problem(error.status, str(error), parameter=getattr(error, "parameter", ""), seconds=seconds)


def _refuse_parameter(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ARG001
    first = error.errors[0]
    name = str(first["loc"][-1])
    expected = first.get("ctx", {}).get("expected", first["msg"])
    sentence = _("Parameter “%(name)s” cannot be taken: %(expected)s.") % {"name": name, "expected": expected}
    return send_problem(HTTPStatus.UNPROCESSABLE_ENTITY, sentence, parameter=name)


def _refuse_for_now(request: HttpRequest, error: Any) -> HttpResponse:  # noqa: ARG001
    sentence = _("The database does not answer just now; ask again in ten seconds.")
    return send_problem(HTTPStatus.SERVICE_UNAVAILABLE, sentence, seconds=10)
