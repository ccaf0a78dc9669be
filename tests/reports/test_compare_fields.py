"""The form that chooses both sides: what it keeps, and what a new programme or quarter makes void. No database."""

import pytest
from django.http import QueryDict

from indicators.engine.period import Quarter
from indicators.models import Programme
from reports.compare_fields import is_form, settle

PROGRAMMES = [
    Programme(code="a", first_quarter=Quarter.of(2015, 1), last_quarter=Quarter.of(2020, 4)),
    Programme(code="b", first_quarter=Quarter.of(2011, 1), last_quarter=Quarter.of(2015, 4)),
]
SAME = "for=a/2018Q3&programme=a&quarter=2018Q3&basis=publication-1&region=1404"
WITH = "with_for=a/2018Q2&with_programme=a&with_quarter=2018Q2&with_basis=approved&with_region="


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param("", {}, id="nothing new keeps everything"),
        pytest.param("quarter=2018Q1", {"quarter": "2018Q1", "basis": "approved"}, id="an edition is of its quarter"),
        pytest.param(
            "programme=b&quarter=2015Q2",
            {"programme": "b", "quarter": "2015Q2", "basis": "approved", "region": ""},
            id="a region is of its programme",
        ),
        pytest.param(
            "programme=b",
            {"programme": "b", "quarter": None, "basis": "approved", "region": ""},
            id="a quarter that the new programme does not know",
        ),
        pytest.param("programme=b&quarter=x", {"programme": "b", "quarter": "x", "basis": "approved", "region": ""},
                     id="no quarter is left to be refused by name"),
        pytest.param("with_quarter=2018Q3&with_region=1405", {"with_quarter": "2018Q3", "with_region": "1405"},
                     id="the base is settled by itself"),
    ],
)  # fmt: skip
def test_a_choice_made_for_something_else_is_dropped(changes, expected):
    query = QueryDict(f"{SAME}&{WITH}", mutable=True)
    unchanged = {key: value for key, value in query.items() if not key.endswith("for")}
    for key, value in QueryDict(changes).items():
        query[key] = value
    told = settle(query, PROGRAMMES)
    assert told == {key: value for key, value in (unchanged | expected).items() if value is not None}
    assert not is_form(told)
    assert is_form(query)


def test_page_and_kind_do_not_outlive_a_new_choice():
    assert not {"page", "kind"} & settle(QueryDict(f"{SAME}&{WITH}&page=3&kind=worse"), PROGRAMMES).keys()
