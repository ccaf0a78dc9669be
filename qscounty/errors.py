"""Pages for what went wrong. Each bears the request's number, by which the journal is searched."""

from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader


def show_forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403: the person may not do this. A sentence in the exception is shown."""
    return _show(request, 403, reason=str(exception or ""))


def show_missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer 404 with the same page whether a thing is missing or out of the person's scope."""
    return _show(request, 404)


def show_failure(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching database or session, either of which may be what failed."""
    return _show(request, 500)


def show_unavailable(request: HttpRequest) -> HttpResponse:
    """Answer 503: the database is away or overloaded; asking again soon helps."""
    response = _show(request, 503)
    response.headers["Retry-After"] = "10"
    return response


def show_forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer 403 to a form whose protection token does not fit, which happens after a new log-in in another tab."""
    return _show(request, 403, is_forged=True)


def _show(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """Render `<status>.html`, or a plain line when even the template fails."""
    number = getattr(request, "number", "-")
    try:
        template = loader.get_template(f"{status}.html")
        # No request context: its processors read session and database.
        body = template.render({"request_number": number, "status": status, **context})
    except TemplateDoesNotExist:
        return HttpResponse(f"{status} ({number})\n", status=status, content_type="text/plain")
    return HttpResponse(body, status=status)
