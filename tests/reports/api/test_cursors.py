"""Cursors, keys and parameters of the read interface by tables; no database."""

import base64
import json

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from indicators.engine.period import Quarter
from indicators.engine.target import Comparator, Flag, Gap, Rating
from indicators.models.attainment import ALL, DOMAIN_CODES
from reports.api.paged import _code_of, read_cursor
from reports.api.queries import (
    BasisQuery,
    FormatQuery,
    FrozenResultQuery,
    InvalidParameter,
    PagedQuery,
    ProgrammeQuery,
    QuarterQuery,
    ResultQuery,
    RollUpQuery,
    check_names,
)
from reports.api.rows import word_of


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def cursor(found):
    text = found if isinstance(found, str) else json.dumps(found)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("found", "size", "expected"),
    [
        ([0, 1], 1, (0, [1])),
        ([12, 7], 1, (12, [7])),
        ([0, 1, 2, 3], 3, (0, [1, 2, 3])),
        ([2**63 - 1, 0], 1, (2**63 - 1, [0])),
    ],
)
def test_a_cursor_of_ours_is_read(found, size, expected):
    assert read_cursor(cursor(found), size) == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "====", "%%%", "长", cursor("no json"), cursor(""), cursor("null"), cursor("1"), cursor({"a": 1}),
        cursor([]), cursor([1]), cursor([1, 2, 3]), cursor([1, "2"]), cursor([1, 2.0]), cursor([1, True]),
        cursor([1, None]),
        cursor([-1, 1]), cursor([1, -1]), cursor([1, 2**63]), cursor([[1], 2]), cursor("[1,2"), cursor("[1e400,1]"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(text):
    with pytest.raises(InvalidParameter, match="take the address in “next” as it is") as refused:
        read_cursor(text, 1)
    assert refused.value.parameter == "cursor"


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Quarter.of(2018, 3), Quarter.of(2018, 3).ordinal), (None, ALL), (7, 7), *DOMAIN_CODES.items()],
)
def test_a_key_is_written_as_the_database_holds_it(value, expected):
    assert _code_of(value) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [(Rating.GREEN, "green"), (Gap.NOT_REPORTED, "not_reported"), (Comparator.AT_LEAST, "at_least"),
     (Flag.AT_RISK, "at_risk")],
)  # fmt: skip
def test_codes_are_small_words(code, expected):
    assert word_of(code) == expected


KNOWN = {
    FormatQuery: {"format"},
    ProgrammeQuery: {"format", "programme"},
    QuarterQuery: {"format", "programme", "quarter"},
    BasisQuery: {"format", "programme", "quarter", "basis"},
}


@pytest.mark.parametrize(("query", "names"), KNOWN.items())
def test_a_resource_knows_its_parameters(query, names):
    assert set(query.model_fields) == names


@pytest.mark.parametrize("query", [*KNOWN, PagedQuery, RollUpQuery, ResultQuery, FrozenResultQuery])
def test_every_parameter_of_a_resource_may_be_named_once(query):
    for name in query.model_fields:
        check_names(RequestFactory().get("/", {name: "x"}), query())
        with pytest.raises(InvalidParameter, match="stands there twice") as refused:
            check_names(RequestFactory().get(f"/?{name}=x&{name}=y"), query())
        assert refused.value.parameter == name


@pytest.mark.parametrize("name", ["progamme", "Quarter", "limit[]", "__class__", "department__code", "a" * 200, ""])
def test_a_misspelt_parameter_reads_nothing(name):
    with pytest.raises(InvalidParameter, match="is not known here; use") as refused:
        check_names(RequestFactory().get("/", {name: "x"}), ResultQuery())
    assert refused.value.parameter == name[:40]
    assert "programme" in str(refused.value)
