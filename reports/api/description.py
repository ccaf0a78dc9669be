"""The interface described: the OpenAPI document, and the page that lists the operations."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from departments.errors import DomainError
from reports.api.access import BearerToken
from reports.api.answers import send_problem
from reports.api.operations import api

PREFIX = "api/v1"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation as the page lists it."""

    path: str
    summary: str
    parameters: str


def make_document() -> dict[str, Any]:
    """Return the OpenAPI document. HEAD is left out: it is what GET is, and an operation has one name."""
    document: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=f"{PREFIX}/"))
    for methods in document["paths"].values():
        methods.pop("head", None)
    return document


@login_not_required
@require_safe
def send_openapi(request: HttpRequest) -> HttpResponse:
    """The document, for a token or for whoever is signed in."""
    try:
        known = request.user.is_authenticated or BearerToken()(request) is not None
    except DomainError as error:
        return send_problem(error.status, str(error), seconds=getattr(error, "seconds", 0))
    if not known:
        return send_problem(HTTPStatus.UNAUTHORIZED, _("Sign in, or send a token; then this document is shown."))
    return JsonResponse(make_document(), json_dumps_params={"ensure_ascii": False})


@require_safe
def show_interface(request: HttpRequest) -> HttpResponse:
    """The page that lists the operations, made here: nothing of another origin, no script."""
    operations = [
        Operation(path, _(methods["get"]["summary"]), ", ".join(one["name"] for one in methods["get"]["parameters"]))
        for path, methods in make_document()["paths"].items()
    ]
    address = request.build_absolute_uri(f"/{PREFIX}/programmes")
    return render(request, "reports/interface.html", {"operations": operations, "address": address})
