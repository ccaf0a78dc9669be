"""The list of targets as its address says it: columns, order, pages, and the file with exactly the same rows."""

import io
from http import HTTPStatus

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.translation import override
from openpyxl import load_workbook

from departments.errors import NotAllowed
from departments.models import AuditEntry
from departments.roles import Role
from indicators.engine.target import Rating
from qscounty.web.tables import ForgivingPaginator, read_order
from reports.actions.table_exports import export_table
from reports.exports.list_sheet import FIRST_ROW, HEADER_ROW
from reports.exports.result_table import _show_unit
from reports.pickers import encode_address, list_kept
from reports.target_list import CHOOSABLE, choose_columns
from tests.builders import Q3, fill, make_user, make_world, roll_up

STATE = "programme=changzhi-test&quarter=2018Q3"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("", CHOOSABLE, id="all without a word"),
        pytest.param("columns=ratio&columns=region", ("region", "ratio"), id="in their own order"),
        pytest.param("columns=nothing", CHOOSABLE, id="an unknown one hides nothing"),
        pytest.param("columns=rating&columns=nothing", ("rating",), id="beside an unknown one"),
    ],
)
def test_the_address_names_the_columns(query, shown):
    assert choose_columns(QueryDict(query), "") == shown
    assert choose_columns(QueryDict(query), "measured") == (shown if query else ("measured",)), "the address wins"


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", []),
        ("sort=-ratio", ["-ratio"]),
        ("sort=ratio,name", ["ratio", "name"]),
        ("sort=pk", []),
        ("sort=-department", []),
    ],
)
def test_only_what_is_shown_orders(query, order):
    assert read_order(QueryDict(query), ("name", "ratio")) == order


@pytest.mark.parametrize(("asked", "page"), [("2", 2), ("x", 1), ("0", 1), ("-3", 1), ("99", 3), (3, 3)])
def test_an_old_page_number_is_the_nearest_page(asked, page):
    assert ForgivingPaginator(range(25), 10).validate_number(asked) == page


@pytest.mark.parametrize(
    ("unit", "decimals", "shown"),
    [
        ("%", 1, '#,##0.0"%"'),
        ("counties", 0, '#,##0"\u00a0counties"'),
        ("", 2, "#,##0.00"),
        ('a"b', 0, '#,##0"\u00a0ab"'),
        ("‰", 9, '#,##0.000000"‰"'),
    ],
)
def test_a_number_bears_its_whole_unit(unit, decimals, shown):
    assert _show_unit(unit, decimals) == shown


@pytest.fixture
def world(db):
    world = make_world(counties=2)
    fill(world, ratings=[Rating.GREEN, Rating.RED])
    roll_up(world.programme)
    return world


def ask(client, user, query="", *, path="/targets/file.xlsx"):
    client.force_login(user)
    return client.get(f"{path}?{STATE}&{query}", headers={"accept-language": "en"})


def read_rows(answer):
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    rows = list(sheet.iter_rows(min_row=HEADER_ROW))
    return sheet, [cell.value for cell in rows[0]], rows[1:]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "sort=-region",
        "sort=-ratio&columns=region&columns=ratio&columns=measured",
        "rating=red&sort=department",
        "region=140401&columns=rating",
        "q=no such words",
    ],
)
def test_the_file_holds_the_rows_of_the_page_in_its_order_and_columns(client, world, query):
    page = ask(client, world.leader, query, path="/targets/")
    table = page.context["table"]
    sheet, heads, rows = read_rows(ask(client, world.leader, query))
    shown = [str(column.header) for column in table.columns]
    assert [head for head in heads if head not in ("Clause", "Level")] == shown
    assert [row[0].value for row in rows] == [row.record.target.indicator.name for row in table.rows]
    if "Region" in heads:
        place = heads.index("Region")
        assert [row[place].value for row in rows] == [row.record.region.name for row in table.rows]
    assert sheet.freeze_panes == f"B{FIRST_ROW}"
    assert str(sheet["A1"].value) == page.context["list"].lede.replace("[[", "").replace("]]", "")


def test_numbers_are_numbers_and_text_is_never_a_formula(client, world):
    indicator = world.allocations[0].target.indicator
    indicator.name_en = "=1+1"
    indicator.save()
    _sheet, heads, rows = read_rows(ask(client, world.leader))
    evil = [row for row in rows if row[0].value == "=1+1"]
    assert evil
    assert {row[0].data_type for row in evil} <= {"s", "inlineStr"}
    ratios = [row[heads.index("Attainment")] for row in rows]
    assert {cell.data_type for cell in ratios} == {"n"}
    assert {cell.number_format for cell in ratios} == {"0.0%"}


def test_the_file_is_recorded_with_its_rows_and_choice(client, world):
    answer = ask(client, world.leader, "rating=red")
    _sheet, _heads, rows = read_rows(answer)
    entry = AuditEntry.objects.get(event="table_exported")
    assert (entry.by, entry.details["rows"]) == (world.leader, len(rows))
    assert entry.details["query"].startswith("/targets/file.xlsx?")
    assert "rating=red" in entry.details["query"]


def test_a_clerk_gets_the_rows_of_the_page_and_no_others(client, world):
    page = ask(client, world.clerk, path="/targets/")
    _sheet, _heads, rows = read_rows(ask(client, world.clerk))
    assert 0 < len(rows) == len(page.context["table"].rows) < len(world.allocations)
    assert ask(client, world.stranger).status_code == HTTPStatus.NOT_FOUND


def test_an_unknown_choice_is_refused_not_exported_as_everything(client, world):
    answer = ask(client, world.leader, "rating=purple")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not AuditEntry.objects.filter(event="table_exported").exists()


def test_the_act_itself_refuses_whoever_does_not_see_the_programme(world):
    told = []
    known = {"programme": world.programme, "quarter": Q3, "rows": 0, "query": ""}
    with override("en"), pytest.raises(NotAllowed, match="do not see this programme"):
        export_table(**known, write=lambda: told.append(1), by=make_user(Role.SYSTEM_ADMINISTRATOR))
    assert told == []
    export_table(**known, write=lambda: told.append(1), by=world.leader)
    assert told == [1]


def test_the_columns_stay_when_another_quarter_is_chosen(client, world):
    page = ask(client, world.leader, "columns=ratio&columns=region&page=2", path="/targets/").context["page"]
    kept = list_kept(page, RequestFactory().get("/targets/?columns=ratio&columns=region&page=2"))
    assert encode_address(kept).startswith("columns=ratio&columns=region&programme=")
    assert "page" not in kept


def test_the_form_keeps_order_and_columns(client, world):
    text = ask(client, world.leader, "sort=-ratio&columns=ratio", path="/targets/").content.decode()
    assert '<input type="hidden" name="sort" value="-ratio">' in text
    assert 'value="ratio" checked' in text
    assert 'value="region" checked' not in text
    assert f"/targets/file.xlsx?{STATE}&sort=-ratio&columns=ratio&basis=approved".replace("&", "&amp;") in text


@pytest.mark.parametrize(("query", "said"), [("sort=ratio", "ascending"), ("sort=-ratio", "descending")])
def test_the_heading_says_which_way_it_is_sorted(client, world, query, said):
    text = ask(client, world.leader, query, path="/targets/").content.decode()
    assert f'aria-sort="{said}"' in text
    assert text.count("aria-sort=") == 1


def keep(client, user, **posted):
    client.force_login(user)
    return client.post("/targets/columns/", {"address": f"{STATE}&columns=ratio&page=3&rating=red"} | posted)


def list_shown(client, user, query=""):
    return [column.name for column in ask(client, user, query, path="/targets/").context["table"].columns]


def test_kept_columns_are_shown_to_their_person_alone_until_the_address_says_others(client, world):
    """Also where the page is remembered: another person with the same posts sees all columns."""
    other = make_user(Role.LEADER, at=world.city)
    everything = ["name", *CHOOSABLE]
    assert list_shown(client, world.leader) == everything
    answer = keep(client, world.leader, columns=["rating", "ratio", "nonsense"])
    assert answer.url == f"/targets/?{STATE}&rating=red", "of the address only what is no choice of columns or page"
    text = ask(client, world.leader, path="/targets/").content.decode()
    assert "All columns again" in text
    assert "Keep these columns" not in text
    assert "columns=ratio&amp;columns=rating" in text, "the file has the columns of the page"
    assert [user.target_columns for user in (reread(world.leader), reread(other))] == ["ratio rating", ""]
    sheet = read_rows(ask(client, world.leader))
    assert sheet[1] == ["Target", "Clause", "Level", "Attainment", "Rating"]
    assert "Keep these columns" in ask(client, world.leader, "columns=region", path="/targets/").content.decode()
    assert "columns again" not in ask(client, other, path="/targets/").content.decode()
    keep(client, world.leader, reset="1", columns="region")
    assert reread(world.leader).target_columns == ""
    assert AuditEntry.objects.filter(event="columns_kept", by=world.leader).count() == 2


def reread(user):
    return type(user).objects.get(pk=user.pk)


@pytest.mark.parametrize("posted", [{}, {"columns": "nonsense"}, {"columns": list(CHOOSABLE)}])
def test_all_columns_are_kept_as_none(client, world, posted):
    keep(client, world.leader, columns="ratio")
    keep(client, world.leader, **posted)
    assert reread(world.leader).target_columns == ""


def test_going_back_leads_nowhere_else(client, world):
    answer = keep(client, world.leader, address="//evil.example/?next=https://evil.example")
    assert answer.url.startswith("/targets/?")
    assert client.get("/targets/columns/").status_code == HTTPStatus.METHOD_NOT_ALLOWED
