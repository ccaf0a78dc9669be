"""Regions and departments as tables: their order, their pages, and the file with exactly the same rows."""

import io
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.http import QueryDict
from openpyxl import load_workbook

from departments.models import AuditEntry
from indicators.engine.target import Rating
from qscounty.web import tables
from reports.cell_tables import list_names, make_cell_table
from reports.exports.list_sheet import FIRST_ROW, HEADER_ROW
from reports.matrices import Heading, make_matrix
from tests.builders import Q3, fill, make_world, roll_up
from tests.reports.factories import cell_of

STATE = "programme=changzhi-test&quarter=2018Q3"
SCORES = {"a": 90.0, "b": 50.0, "c": None, "d": 90.0, "e": 10.0, "f": "silent"}
"""The score of each row in the first column; None: no target there; silent: too little is reported."""


RED = Rating.RED.value


def make_rows():
    cells = {}
    for name, score in SCORES.items():
        if score is not None:
            is_silent = score == "silent"
            cells[name, "product"] = cell_of(not_reported=9) if is_silent else cell_of(1, score=score, rating=RED)
        cells[name, None] = cell_of(1)
    return make_matrix(
        corner="Region",
        rows=[(name, Heading(name.upper(), f"/{name}/", 'said "so"')) for name in SCORES],
        columns=[("product", Heading("Product")), (None, Heading("Total"))],
        cells=cells,
        url=lambda row, column: f"/{row}/{column}/",
    )


@pytest.mark.parametrize(
    ("query", "order"),
    [
        pytest.param("", "ABCDEF", id="the customary order"),
        pytest.param("sort=name", "ABCDEF", id="named alike"),
        pytest.param("sort=-name", "FEDCBA", id="turned round"),
        pytest.param("sort=product", "EBADCF", id="the lowest first, what has no score last"),
        pytest.param("sort=-product", "ADBECF", id="the highest first, what has no score last"),
        pytest.param("sort=total", "ABCDEF", id="equal scores in customary order"),
        pytest.param("sort=-works", "ABCDEF", id="a column that is not there orders nothing"),
        pytest.param("sort=-total,product", "EBADCF", id="by several"),
    ],
)
def test_rows_stand_in_the_order_of_the_address(query, order):
    table = make_cell_table(make_rows(), QueryDict(query))
    assert "".join(bound.record.row.heading.text for bound in table.rows) == order


def test_a_row_is_drawn_as_in_every_matrix():
    matrix = make_rows()
    table = make_cell_table(matrix, QueryDict("sort=product"))
    drawn = list(table.drawn_rows)
    heading = '<th scope="row"><a href="/e/" title="said &quot;so&quot;">E</a></th>'
    assert drawn[0].startswith(f'<tr>{heading}<td class="c R">')
    assert 'href="/e/product/"' in drawn[0]
    assert list_names(matrix) == ["product", "total"]
    assert [str(column.header) for column in table.columns] == ["Region", "Product", "Total"]


@pytest.fixture
def world(db):
    world = make_world(counties=3)
    fill(world, ratings=[Rating.GREEN, Rating.RED, Rating.AMBER, Rating.GREEN])
    roll_up(world.programme)
    return world


def ask(client, user, address, query="", language="en"):
    client.force_login(user)
    return client.get(f"{address}?{STATE}&{query}", headers={"accept-language": language})


@pytest.mark.parametrize("query", ["", "sort=-total", "sort=product", "sort=name&page=7"])
@pytest.mark.parametrize(
    ("address", "file"),
    [("/regions/", "/regions/"), ("/departments/", "/departments/"), ("/domains/", "/departments/")],
)
def test_the_file_holds_the_rows_of_the_page_in_its_order(client, world, address, file, query):
    page = ask(client, world.leader, address, query)
    assert f'href="{file}file.xlsx?{STATE}'.replace("&", "&amp;") in page.content.decode()
    table = page.context["table"]
    answer = ask(client, world.leader, f"{file}file.xlsx", query)
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(min_row=HEADER_ROW, values_only=True))
    heads = [str(column.header) for column in table.columns]
    assert [head for head in rows[0] if ":" not in head] == heads
    assert [row[0] for row in rows[1:]] == [bound.record.row.heading.text for bound in table.rows]
    for place, bound in enumerate(table.rows, start=1):
        cell = bound.record.row.cells[-1].cell
        told = (round(cell.score, 1), str(cell.mark.word), cell.green, cell.due)
        assert rows[place][-4:] == told
    assert sheet.freeze_panes == f"B{FIRST_ROW}"
    entry = AuditEntry.objects.filter(event="table_exported").latest("pk")
    assert entry.details["query"].startswith(f"{file}file.xlsx?")


def test_nobody_reads_in_the_file_what_the_page_does_not_show(client, world):
    answer = ask(client, world.clerk, "/departments/file.xlsx")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    names = [row[0] for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True)]
    assert names == [world.departments[0].short_name]
    for path in ("/departments/file.xlsx", "/regions/file.xlsx"):
        assert ask(client, world.stranger, path).status_code == HTTPStatus.NOT_FOUND
        assert client.head(f"{path}?{STATE}").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_cell_without_a_target_is_a_dash_and_one_with_nothing_due_says_so(client, world):
    answer = ask(client, world.leader, "/departments/file.xlsx", language="zh-hans")
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [value for row in sheet.iter_rows(min_row=FIRST_ROW, values_only=True) for value in row]
    assert "—" in cells
    assert any(str(value).endswith("：应报") for value in next(sheet.iter_rows(min_row=HEADER_ROW, values_only=True)))


@pytest.mark.parametrize("address", ["/targets/", "/compare/", "/regions/"])
def test_every_row_stands_on_one_page_to_be_printed(client, world, monkeypatch, address):
    """Of more rows than a page can hold the first, and it says so."""
    monkeypatch.setattr(tables, "ROWS_A_PAGE", 2)
    monkeypatch.setattr("reports.views.ROWS_A_PAGE", 2)
    fill(world, Q3 - 1, ratings=[Rating.RED])
    cache.clear()
    text = ask(client, world.leader, address).content.decode()
    assert "Rows 1–2 of" in text
    assert "page=all" in text
    whole = ask(client, world.leader, address, "page=all")
    text = whole.content.decode()
    assert "Rows 1–" not in text
    assert "Page by page" in text
    assert text.count("<tr>") > 4
    monkeypatch.setattr(tables, "MOST_AT_ONCE", 3)
    cache.clear()
    text = ask(client, world.leader, address, "page=all").content.decode()
    assert "Rows 1–3 of" in text
    assert "Narrow the choice above" in text
