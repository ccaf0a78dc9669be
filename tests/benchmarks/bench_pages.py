"""Measures the pages that read, at the size of a province, beside a page that holds nothing but the frame.

Everything is asked of the WSGI application in one process: middleware, session, scope, queries, template; no socket.
Each page twice: made anew, with nothing remembered, and again. The matrix stands beside the usual ways of drawing such
a table: every cell by a template, and by django-tables2.
"""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from wsgiref.util import setup_testing_defaults

import django_tables2
from django.conf import settings
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from departments.models import Membership, User
from departments.roles import Role
from indicators.engine.period import Quarter
from indicators.models import Allocation, Attainment, Programme
from indicators.models.rollup import RollUp
from qscounty.settling import settle
from reports import stamps
from reports.wide_cells import LETTERS
from reports.wide_matrix import list_signs
from tests.benchmarks.measure import processor_seconds, quantile, seconds

FRAME = "frame alone: a search without a question"
UNCHANGED = "all cells, unchanged (ETag)"
SMALL_MATRIX, LARGE_MATRIX = "overview with regions × domains", "all cells: the page"
RIVAL = "the same cells"
ROUNDS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Seconds by the clock, `median` and `p95`; `cpu`: processor seconds of the page and its database together."""

    median: float
    p95: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTime:
    """One page: made `anew`, and `again` (None where nothing is remembered). `size`: bytes of the answer."""

    anew: Spent
    again: Spent | None = None
    queries: int | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Browser:
    """Asks the application as a server would, with the cookie of a person who is signed in."""

    application: WSGIHandler
    cookie: str

    @classmethod
    def of(cls, user: User) -> "Browser":
        """Return a browser in which the person is signed in."""
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        return cls(
            WSGIHandler(), f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        )

    def open(
        self, address: str, *, headers: dict[str, str] | None = None, status: HTTPStatus = HTTPStatus.OK
    ) -> Answer:
        """Return the whole answer; RuntimeError for another status."""
        path, _mark, query = address.partition("?")
        environ: dict[str, Any] = {"HTTP_COOKIE": self.cookie, "HTTP_ACCEPT_LANGUAGE": "zh-hans"} | (headers or {})
        environ |= {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
        setup_testing_defaults(environ)
        came: list[Any] = []

        def start(*head: Any) -> Any:
            came.extend(head)

        answer = self.application(environ, start)
        body = b"".join(answer)
        answer.close()
        if not came[0].startswith(str(int(status))):
            raise RuntimeError(f"{address} answered {came[0]}.")
        return Answer(dict(came[1]), body)


def measure_pages(programme: Programme, *, rounds: int = ROUNDS) -> dict[str, PageTime]:
    """Return what every page costs, by name; results of the programme's newest quarter."""
    user, _made = User.objects.get_or_create(username="bench-leader", defaults={"full_name": "bench"})
    Membership.objects.get_or_create(user=user, role=Role.LEADER, region=programme.region)
    browser = Browser.of(user)
    quarter = _find_newest(programme)
    settle()  # as every process that serves does
    _tidy()
    cells = f"/matrix/cells.json?programme={programme.code}&quarter={quarter}&basis=approved"
    found = {
        name: _measure_page(browser, address, rounds=rounds) for name, address in _list_addresses(programme, quarter)
    }
    found["all cells: the data, packed"] = _measure_page(browser, cells, rounds=rounds)
    headers = {"HTTP_IF_NONE_MATCH": browser.open(cells).headers["ETag"]}
    unchanged = partial(browser.open, cells, headers=headers, status=HTTPStatus.NOT_MODIFIED)
    found[UNCHANGED] = PageTime(anew=_time(unchanged, rounds=rounds * 4), queries=_count(unchanged))
    return found | measure_rivals(programme)


def _tidy() -> None:
    """Do what autovacuum does within a minute of the recompute, so that it does not do it between two measurements."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _find_newest(programme: Programme) -> Quarter:
    newest: Quarter = (
        RollUp.objects.filter(programme=programme).order_by("-quarter").values_list("quarter", flat=True)[0]
    )
    return newest


def _list_addresses(programme: Programme, quarter: Quarter) -> Iterable[tuple[str, str]]:
    one = Allocation.objects.filter(target__programme=programme).select_related("series__region", "series__department")
    allocation = one.order_by("pk")[0]
    region, seat = allocation.series.region, allocation.series.department
    pages = {
        FRAME: "/search/",
        SMALL_MATRIX: "/",
        "regions": "/regions/",
        "one region": f"/regions/{region.code}/",
        "domains": "/domains/",
        "one domain": "/domains/product/",
        "departments": "/departments/",
        "one department": f"/departments/{region.code}/{seat.code}/",
        "targets": "/targets/",
        "one target": f"/targets/{allocation.pk}/",
        "programme": "/programme/",
        LARGE_MATRIX: "/matrix/",
        "league": "/league/",
        "comparison": f"/compare/?with_quarter={quarter - 1}",
        "cascade": "/cascade/",
        "search": "/search/?q=1",
    }
    for name, address in pages.items():
        mark = "&" if "?" in address else "?"
        yield name, f"{address}{mark}programme={programme.code}"


def _measure_page(browser: Browser, address: str, *, rounds: int) -> PageTime:
    ask = partial(browser.open, address)

    def ask_anew() -> Answer:
        cache.clear()
        stamps._known.clear()
        return ask()

    size = len(ask_anew().body)
    queries = _count(ask_anew)
    anew, again = _time(ask_anew, rounds=rounds), _time(ask, rounds=rounds)
    return PageTime(anew=anew, again=again, queries=queries, size=size)


def _count(ask: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


def _time(ask: Callable[[], object], *, rounds: int) -> Spent:
    before = processor_seconds()
    times = [seconds(ask) for _round in range(rounds)]
    cpu = (processor_seconds() - before) / rounds
    return Spent(median=statistics.median(times), p95=quantile(times, 0.95), cpu=cpu)


TABLE_CELL = "<a class='{{ value.style }}' href='{{ value.url }}'>{{ value.shape }}</a>"
PLAIN = """<table><thead><tr><th></th>{% for name in columns %}<th>{{ name }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr><th>{{ row.region }}</th>{% for cell in row.cells %}
<td class="{{ cell.style }}" title="{{ cell.word }}"><a href="{{ cell.url }}">{{ cell.shape }}</a></td>{% endfor %}</tr>
{% endfor %}</tbody></table>"""


def measure_rivals(programme: Programme, *, rounds: int = 3) -> dict[str, PageTime]:
    """Return what it costs to load and draw every cell of the newest quarter in the usual ways."""
    template = engines["django"].from_string(PLAIN)
    request = RequestFactory().get("/")

    def draw_by_template() -> None:
        columns, rows = _load_rows(programme)
        context = {"columns": columns, "rows": [{"region": name, "cells": cells} for name, cells in rows.items()]}
        template.render(context)

    def draw_by_table() -> None:
        columns, rows = _load_rows(programme)
        column = django_tables2.TemplateColumn(TABLE_CELL)
        listed = {f"c{place}": column for place in range(len(columns))}
        table_class = type("Plain", (django_tables2.Table,), {"region": django_tables2.Column()} | listed)
        table = table_class([{"region": name} | dict(zip(listed, cells, strict=False)) for name, cells in rows.items()])
        table.as_html(request)

    with translation.override("zh-hans"):
        return {
            f"{RIVAL} by a Django template": PageTime(anew=_time(draw_by_template, rounds=rounds)),
            f"{RIVAL} by django-tables2": PageTime(anew=_time(draw_by_table, rounds=1)),
        }


def _load_rows(programme: Programme) -> tuple[list[str], dict[str, list[dict[str, object]]]]:
    """Return the names of the columns, and the cells of each region as dictionaries."""
    signs = {sign.letter: sign for sign in list_signs()}
    results = Attainment.objects.filter(programme=programme, quarter=_find_newest(programme))
    results = results.order_by("region__code", "target__position")
    columns: dict[str, None] = {}
    rows: dict[str, list[dict[str, object]]] = {}
    names = ("region__name_zh", "region__code", "target__indicator__name_zh", "allocation_id", "rating", "gap")
    for region, code, target, allocation, rating, gap in results.values_list(*names):
        sign = signs[LETTERS["rating", rating] if rating else LETTERS["gap", gap]]
        cell: dict[str, object] = {
            "style": sign.style,
            "word": str(sign.word),
            "shape": sign.shape,
            "url": f"/targets/{allocation}/",
        }
        rows.setdefault(f"{region}{code}", []).append(cell)
        columns[target] = None
    return list(columns), rows


def write_pages(pages: dict[str, PageTime]) -> list[str]:
    """Return the section of the document: what each page costs, and against the frame alone."""
    frame = pages[FRAME].anew.cpu
    lines = [
        "## Pages",
        "",
        "Asked of the WSGI application in one process: middleware, session, scope, queries, template; no socket.",
        "Anew: with nothing remembered. Again: while no result and nothing in the catalogue has changed.",
        "",
        "| page | anew: ms | p95 | processor ms, with the database | × the frame | again: ms | p95 | queries | kB |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, page in pages.items():
        anew, again = page.anew, page.again
        times = f"{anew.median * 1000:.1f} | {anew.p95 * 1000:.1f} | {anew.cpu * 1000:.1f} | {anew.cpu / frame:.2f}"
        kept = f"{again.median * 1000:.1f} | {again.p95 * 1000:.1f}" if again else "– | –"
        rest = f"{'–' if page.queries is None else page.queries} | {f'{page.size / 1000:.0f}' if page.size else '–'}"
        lines.append(f"| {name} | {times} | {kept} | {rest} |")
    return [*lines, ""]


def list_page_goals(pages: dict[str, PageTime]) -> list[tuple[str, str, str, bool]]:
    """Return what was measured against its goal: (what, measured, goal, whether it was reached)."""
    small, large = pages[SMALL_MATRIX], pages[LARGE_MATRIX]
    slowest = max(page.anew.p95 for name, page in pages.items() if not name.startswith(RIVAL))
    goals = [
        ("page with regions × domains, unchanged results", (small.again or small.anew).median, 0.010),
        ("the same made anew", small.anew.median, 0.100),
        ("page of 90 × 200 cells, unchanged results", (large.again or large.anew).median, 0.025),
        ("the same made anew", large.anew.median, 0.025),
        ("unchanged cells by ETag", pages[UNCHANGED].anew.median, 0.002),
        ("slowest reading page made anew, p95", slowest, 0.100),
    ]
    return [(what, f"{taken * 1000:.1f} ms", f"≤ {goal * 1000:.0f} ms", taken <= goal) for what, taken, goal in goals]


def write_alone(pages: dict[str, PageTime]) -> str:
    """Return the section with its goals, for a terminal."""
    goals = [f"{what}: {have} ({want}){'' if ok else ' missed'}" for what, have, want, ok in list_page_goals(pages)]
    return "\n".join([*write_pages(pages), *goals])
