"""The description is true: document, page, reference and routes name the same; the examples of the reference run."""

import io
import json
import re
import urllib.request
from pathlib import Path
from types import SimpleNamespace
from typing import get_args

import pytest
from django.urls import reverse

from indicators.engine.target import Flag, Gap, Rating
from reports.api import queries, schemas
from reports.api.description import PREFIX, make_document
from reports.api.operations import api
from reports.api.urls import urlpatterns
from tests.reports.api.reader import read_csv

REFERENCE = (Path(__file__).resolve().parents[3] / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
DOCUMENT = make_document()
OPERATIONS = {path: methods["get"] for path, methods in DOCUMENT["paths"].items()}
BLOCKS = dict.fromkeys(re.findall(r"```(\w+)\n(.*?)```", REFERENCE, re.DOTALL))
CURLS = [line for form, block in BLOCKS if form == "sh" for line in block.splitlines() if line.startswith("curl")]
SCRIPTS = [block for form, block in BLOCKS if form == "python"]
PARAMETERS = sorted({(path, one["name"]) for path, get in OPERATIONS.items() for one in get["parameters"]})
ROWS = [value for name, value in vars(schemas).items() if name.endswith("Row") and name != "Row"]


def test_the_document_names_every_route_and_only_reading():
    routes = {pattern.name for pattern in urlpatterns} - {"openapi"}
    assert {get["operationId"] for get in OPERATIONS.values()} == routes
    assert all(set(methods) == {"get"} for methods in DOCUMENT["paths"].values())
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert schemes["BearerToken"]["scheme"] == "bearer"
    assert all(get["security"] == [{"BearerToken": []}] for get in OPERATIONS.values())


@pytest.mark.parametrize("path", OPERATIONS)
def test_a_path_of_the_document_is_its_route_s_address(path):
    arguments = {"edition": 1} if "{edition}" in path else {}
    name = OPERATIONS[path]["operationId"]
    assert reverse(f"api:{name}", kwargs=arguments) == path.replace("{edition}", "1")
    assert path.startswith(f"/{PREFIX}/")


@pytest.mark.parametrize(("path", "name"), PARAMETERS)
def test_every_parameter_is_documented(path, name):
    parameter = next(one for one in OPERATIONS[path]["parameters"] if one["name"] == name)
    assert "schema" in parameter
    assert parameter["in"] == ("path" if name == "edition" else "query")
    if parameter["in"] == "query":
        assert parameter.get("description") or parameter["schema"].get("description"), f"{path}: {name}"
        assert f"`{name}" in REFERENCE or f"{name}=" in REFERENCE
        assert not parameter["required"]


@pytest.mark.parametrize("path", OPERATIONS)
def test_every_refusal_and_both_forms_are_documented(path):
    responses = {int(status): told for status, told in OPERATIONS[path]["responses"].items()}
    assert set(responses) == {200, 401, 403, 404, 422, 429}
    assert {"application/json", "text/csv"} <= set(responses[200]["content"])
    assert OPERATIONS[path]["summary"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_every_column_is_in_the_document(row):
    told = DOCUMENT["components"]["schemas"][row.__name__]
    assert list(told["properties"]) == list(row.model_fields)
    assert row.__doc__
    assert all(name == name.lower() for name in told["properties"])


def test_the_words_of_the_parameters_are_the_engine_s():
    gaps = {one.name.lower() for one in Gap if one != Gap.NONE}
    colours = {one.name.lower() for one in Rating if one != Rating.GREY}
    assert set(get_args(queries.RatingName)) == gaps | colours
    assert set(get_args(queries.FlagName)) == {one.name.lower() for one in Flag}


def test_the_reference_names_every_address_and_no_other():
    told = set(re.findall(r"`(/[a-z/\d]+)`", REFERENCE.split("Parameters, as")[0]))
    real = {path.removeprefix(f"/{PREFIX}").replace("{edition}", "1") for path in OPERATIONS}
    assert told - {"/api/v1/", "/api/v1/openapi.json", "/api/"} == real


def test_the_reference_s_numbers_are_the_code_s():
    from departments.actions.access_tokens import REQUESTS_A_MINUTE
    from reports.api.access import CSV_COST

    assert f"{REQUESTS_A_MINUTE} requests a minute" in REFERENCE
    assert ("a CSV counts as ten" in REFERENCE) == (CSV_COST == 10)
    assert f"`limit` ({queries.LIMIT}, at most {queries.MOST})" in REFERENCE


@pytest.mark.django_db
def test_the_page_lists_every_operation(client, office):
    client.force_login(office.user)
    page = client.get("/api/").content.decode()
    assert all(f"<code>{path}</code>" in page for path in OPERATIONS)
    assert reverse("api:openapi") in page
    assert reverse("departments:token-list") in page
    assert "<script" not in page.split("<main")[1].split("</main>")[0]
    assert not re.search(r"(src|srcset|action)=.?(https?:)?//", page), "nothing of another origin"


@pytest.mark.django_db
def test_the_package_s_own_pages_are_closed(client, office):
    for path in ("", "docs", "openapi"):
        assert office.get(path).status_code == 404
    assert (api.docs_url, api.openapi_url) == (None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("line", CURLS)
def test_the_curl_lines_work(office, line):
    address = re.search(r'"https://qscounty\.example/api/v1/([^"]+)"', line)[1]
    assert 'Authorization: Bearer $TOKEN"' in line
    path, _sign, query = address.partition("?")
    answer = office.get(path, **dict(pair.split("=") for pair in query.split("&")))
    assert answer.status_code == 200
    if "csv" in line:
        assert read_csv(answer)
    else:
        assert {row["rating"] for row in answer.json()["rows"]} == {"red"}


@pytest.mark.django_db
@pytest.mark.parametrize("script", SCRIPTS)
def test_the_python_lines_read_every_page(office, script, monkeypatch):
    asked = []

    def urlopen(request):
        asked.append(request.full_url)
        path = request.full_url.split("/api/v1/")[1]
        answer = office.client.get(f"/api/v1/{path}", headers={name.lower(): v for name, v in request.header_items()})
        assert answer.status_code == 200, answer.content
        return io.BytesIO(answer.content)

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    names = {}
    exec(script, names)  # noqa: S102  the reference's own lines
    rows = list(names["read"]("https://qscounty.example/api/v1/results?limit=4", office.secret))
    assert rows == office.rows("results")
    assert len(asked) == 4


def test_the_reference_has_examples():
    assert len(CURLS) == 2
    assert len(SCRIPTS) == 1


@pytest.mark.django_db
def test_the_lines_for_excel_ask_what_exists(office):
    block = next(block for form, block in BLOCKS if form == "text")
    path = re.search(r'RelativePath = "api/v1/(\w+)"', block)[1]
    query = re.search(r"Query = \[(\w+) = \"(\w+)\"\]", block)
    assert read_csv(office.get(path, **{query[1]: query[2]}))
    assert "Encoding = 65001" in block


@pytest.mark.django_db
def test_a_query_is_bounded_by_what_the_document_says(office):
    for path, get in OPERATIONS.items():
        for one in get["parameters"]:
            limits = SimpleNamespace(**{"maxLength": 0, "maximum": 0} | one["schema"])
            too_much = "x" * (limits.maxLength + 1) if limits.maxLength else str(limits.maximum + 1)
            if one["in"] == "query" and (limits.maxLength or limits.maximum):
                answer = office.get(
                    path.removeprefix(f"/{PREFIX}/").replace("{edition}", "1"), **{one["name"]: too_much}
                )
                assert answer.status_code == 422, (path, one["name"])
                assert json.loads(answer.content)["parameter"] == one["name"]
