"""Values as JSON and CSV, field by field; no database."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from http import HTTPStatus

import pytest
from django.test import RequestFactory

from indicators.engine.period import Quarter
from qscounty.web.formats import write_plain
from qscounty.web.sheet_text import TRIGGERS, is_formula_like, write_csv_text
from reports.api.answers import send_problem, wants_csv
from reports.api.paged import read_cursor
from reports.api.queries import InvalidParameter, RollUpQuery, check_names
from reports.api.writing import write_csv_lines, write_csv_value, write_json_rows, write_json_value

SIGNS = {"=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"}
PAYLOADS = [
    "=1+1",
    "+1",
    "-1+cmd|' /C calc'!A0",
    '@SUM(1)"',
    "\t=1",
    "\r=1",
    "＝HYPERLINK(1)",
    "＋1",
    "－1",
    "＠A1",
    "\x00=1",
]
HARMLESS = ["", "93%以上", "1-2", "a=b", " 文", "'=1", "一、=", '他说"好"', "a,b;c", "行一\n行二"]


def parse(line):
    return next(csv.reader(io.StringIO(line, newline="")))


def test_the_signs_are_those_of_the_rule():
    assert set(TRIGGERS) == SIGNS


@pytest.mark.parametrize("text", PAYLOADS)
def test_what_would_be_computed_has_an_apostrophe(text):
    (field,) = parse(write_csv_text(text))
    assert field == "'" + text.replace("\x00", "")
    assert not is_formula_like(field)
    assert write_csv_value(text) == write_csv_text(text)
    assert write_csv_value([text, "b"]).startswith("\"'")


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    line = write_csv_text(text)
    assert parse(line) == [text]
    assert (line[0], line[-1]) == ('"', '"')
    assert not is_formula_like(text)


@pytest.mark.parametrize(
    ("value", "in_json", "in_csv"),
    [
        (None, "null", ""),
        (True, "true", "true"),
        (False, "false", "false"),
        (0, "0", "0"),
        (-7, "-7", "-7"),
        (0.1, "0.1", "0.1"),
        (-1.5, "-1.5", "-1.5"),
        (1 / 3, repr(1 / 3), repr(1 / 3)),
        (Decimal("93.000000"), "93", "93"),
        (Decimal(100), "100", "100"),
        (Decimal("-0.500000"), "-0.5", "-0.5"),
        (Decimal("99999999999999.999999"), "99999999999999.999999", "99999999999999.999999"),
        (Quarter.of(2018, 3), '"2018Q3"', '"2018Q3"'),
        (date(2018, 7, 1), '"2018-07-01"', '"2018-07-01"'),
        (datetime(2018, 7, 1, 0, 0, tzinfo=UTC), '"2018-07-01T08:00:00+08:00"', '"2018-07-01T08:00:00+08:00"'),
        ("合格率", '"合格率"', '"合格率"'),
        ('a"b', '"a\\"b"', '"a""b"'),
        ("", '""', '""'),
        ([], "[]", '""'),
        (["achieved", "at_risk"], '["achieved","at_risk"]', '"achieved|at_risk"'),
    ],
)
def test_values_in_both_forms(value, in_json, in_csv):
    assert write_json_value(value) == in_json
    assert write_csv_value(value) == in_csv
    json.loads(in_json)


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0"), ("0.000000", "0"), ("-0.000000", "0"), ("1E+3", "1000"), ("1E-6", "0.000001"), ("10.10", "10.1")],
)
def test_decimals_are_plain_digits(value, text):
    assert write_plain(Decimal(value)) == text


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_json_cannot_say_is_never_written(value):
    with pytest.raises(ValueError, match="JSON"):
        write_json_value(value)


def test_rows_are_objects_and_lines():
    rows = [[1, None], [2, "=x"]]
    assert json.loads(write_json_rows(["a", "b"], rows)) == [{"a": 1, "b": None}, {"a": 2, "b": "=x"}]
    assert list(write_csv_lines(["a", "b"], rows)) == ["\ufeffa,b\r\n", "1,\r\n", '2,"\'=x"\r\n']
    assert write_json_rows(["a"], []) == "[]"
    assert list(write_csv_lines(["a"], [])) == ["\ufeffa\r\n"]
    with pytest.raises(ValueError, match="zip"):
        write_json_rows(["a", "b"], [[1]])


@pytest.mark.parametrize(
    ("chosen", "accept", "is_csv"),
    [
        ("", "", False),
        ("", "*/*", False),
        ("", "application/json", False),
        ("", "text/csv", True),
        ("", " Text/CSV; charset=utf-8", True),
        ("json", "text/csv", False),
        ("csv", "application/json", True),
        ("xml", "text/csv", False),
    ],
)
def test_the_form_is_the_address_s_then_the_header_s(chosen, accept, is_csv):
    request = RequestFactory().get("/", {"format": chosen} if chosen else {}, headers={"accept": accept})
    assert wants_csv(request) is is_csv


@pytest.mark.parametrize(
    ("status", "more", "header"),
    [
        (401, {}, ("WWW-Authenticate", 'Bearer realm="qscounty"')),
        (403, {}, None),
        (404, {}, None),
        (422, {"parameter": "region"}, None),
        (429, {"seconds": 7}, ("Retry-After", "7")),
        (503, {"seconds": 10}, ("Retry-After", "10")),
    ],
)
def test_a_refusal_is_a_problem(status, more, header):
    answer = send_problem(status, "一句话。", **more)
    body = json.loads(answer.content)
    assert answer.status_code == body["status"] == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (body["title"], body["detail"], body["type"]) == (HTTPStatus(status).phrase, "一句话。", "about:blank")
    assert body.get("parameter") == more.get("parameter")
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert ("Retry-After" in answer.headers) == ("seconds" in more)
    assert header is None or answer.headers[header[0]] == header[1]


@pytest.mark.parametrize(
    ("query", "refused"), [("region=1", ""), ("regions=1", "regions"), ("region=1&region=2", "region")]
)
def test_names_are_known_and_said_once(query, refused):
    request = RequestFactory().get(f"/?{query}")
    if not refused:
        check_names(request, RollUpQuery())
        return
    with pytest.raises(InvalidParameter) as error:
        check_names(request, RollUpQuery())
    assert error.value.parameter == refused
    assert refused in str(error.value)


def test_a_cursor_gives_back_what_it_carries():
    assert read_cursor("WzcsIDEsIDJd", 2) == (7, [1, 2])
    with pytest.raises(InvalidParameter):
        read_cursor("WzcsIDEsIDJd", 3)
