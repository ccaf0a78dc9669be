"""Turns a resource into the answer: JSON by pages, or a CSV file; unchanged answers are 304, refusals problems."""

import hashlib
import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Schema

from departments.models import User
from reports.actions.downloads import Written, download_table
from reports.api.paged import Paged
from reports.api.queries import InvalidParameter, check_names
from reports.api.writing import write_csv_lines, write_json_rows
from reports.scopes import PageContext

Answer = TypeVar("Answer", bound=HttpResponseBase)
CSV, JSON, PROBLEM = "text/csv; charset=utf-8", "application/json", "application/problem+json"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A resource with its rows: all of them at hand, or paged. `page` absent: about no single programme."""

    name: str
    row: type[Schema]
    rows: Callable[[], Iterable[list[Any]]] | None = None
    paged: Paged | None = None
    page: PageContext | None = None

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self.row.model_fields)

    def read_all(self) -> Iterable[list[Any]]:
        """Return every row."""
        return self.paged.read_all() if self.paged else self.rows() if self.rows else ()


def wants_csv(request: HttpRequest) -> bool:
    """Return whether the answer is a CSV file: as `format` says, else as the Accept header."""
    chosen = request.GET.get("format")
    return chosen == "csv" if chosen else request.headers.get("Accept", "").strip().lower().startswith("text/csv")


def answer(request: HttpRequest, query: Any, make: Callable[[], Table]) -> HttpResponseBase:
    """Return the resource as it is asked for; `make` is called once the parameters are known to be known."""
    check_names(request, query)
    table = make()
    return _send_csv(request, table) if wants_csv(request) else _send_json(request, table, query)


def send_problem(status: int, sentence: str, *, parameter: str = "", seconds: int = 0) -> HttpResponse:
    """Return a refusal (RFC 9457) with its sentence; `seconds` until it is worth asking again."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": sentence}
    if parameter:
        body["parameter"] = parameter
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="qscounty"'
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


def _send_json(request: HttpRequest, table: Table, query: Any) -> HttpResponse:
    rows, cursor = _read(table, query)
    page = table.page
    about = {
        "programme": page.programme.code if page else None,
        "quarter": str(page.quarter) if page else None,
        "basis": page.basis if page else None,
    }
    head = json.dumps(about)[:-1]
    tail = json.dumps(_write_next(request, cursor))
    body = f'{head}, "rows": {write_json_rows(table.columns, rows)}, "next": {tail}}}\n'
    digest = hashlib.sha256(body.encode()).hexdigest()
    if _is_known(request, digest):
        return _mark(HttpResponse(status=HTTPStatus.NOT_MODIFIED), digest)
    return _mark(HttpResponse(body, content_type=JSON), digest)


def _read(table: Table, query: Any) -> tuple[Iterable[list[Any]], str]:
    if table.paged:
        return table.paged.read_page(query.cursor, query.limit)
    return table.read_all(), ""


def _write_next(request: HttpRequest, cursor: str) -> str | None:
    if not cursor:
        return None
    pairs = request.GET.copy()
    pairs["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{pairs.urlencode()}")


def _send_csv(request: HttpRequest, table: Table) -> HttpResponseBase:
    """Make the whole file first: it is one state of the database, its hash is in the trail before it goes."""
    if request.GET.get("cursor"):
        raise InvalidParameter("cursor", _("Parameter “cursor”: a CSV file holds every row; leave it out."))
    if not isinstance(request.user, User):
        raise TypeError("Only a token's owner gets here.")
    page, file = table.page, tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        written = download_table(
            programme=page.programme if page else None,
            departments=page.department_ids if page else None,
            table=table.name,
            query={key: str(value) for key, value in request.GET.items()},
            write=lambda: _write_file(table, file),
            known=_known(request),
            by=request.user,
        )
    except BaseException:
        file.close()
        raise
    if _is_known(request, written.sha256):
        file.close()
        return _mark(HttpResponse(status=HTTPStatus.NOT_MODIFIED), written.sha256)
    names = [page.programme.code, str(page.quarter), page.basis] if page else []
    name = f"{'_'.join([*names, table.name])}.csv"
    return _mark(FileResponse(file, as_attachment=True, filename=name, content_type=CSV), written.sha256)


def _write_file(table: Table, file: Any) -> Written:
    digest, rows = hashlib.sha256(), -1
    for line in write_csv_lines(table.columns, table.read_all()):
        block = line.encode()
        digest.update(block)
        file.write(block)
        rows += 1
    size = file.tell()
    file.seek(0)
    return Written(rows=rows, size=size, sha256=digest.hexdigest())


def _known(request: HttpRequest) -> str:
    return request.headers.get("If-None-Match", "").strip().removeprefix("W/").strip('"')


def _is_known(request: HttpRequest, digest: str) -> bool:
    return _known(request) == digest


def _mark(response: Answer, digest: str) -> Answer:
    """Let the reader keep the answer for himself, and ask each time whether it still holds."""
    response.headers["ETag"] = f'"{digest}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept"
    return response
