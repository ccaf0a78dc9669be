"""Plain mappings in, plain mappings out; and what is refused, by name."""

from decimal import Decimal

import pytest

from indicators.engine import assess as module
from indicators.engine.assess import assess

TARGET = {
    "id": "pass rate",
    "level": 93,
    "window": "year_to_date",
    "accumulation": "ratio",
    "scale": "rate",
    "multiplier": 100,
    "first_quarter": "2018Q1",
    "due_quarter": "2020Q4",
}
FIGURE = {"target": "pass rate", "quarter": "2018Q1", "numerator": 465, "denominator": 500}


def test_the_example_of_the_docstring():
    assert assess([TARGET], [FIGURE], "2018Q1")["pass rate"]["rating"] == "green"
    assert '"rating"]  # "green"' in module.__doc__


def test_a_result_is_made_of_plain_values():
    result = assess([TARGET], [FIGURE], "2018Q1")["pass rate"]
    assert result == {
        "quarter": "2018Q1",
        "rating": "green",
        "gap": "none",
        "gap_input": "none",
        "flags": [],
        "measured": 93.0,
        "accumulated": 93.0,
        "numerator": 465.0,
        "denominator": 500.0,
        "reference": None,
        "expected": 93.0,
        "expected_hi": None,
        "level": 93.0,
        "level_hi": None,
        "miss": 0.0,
        "margin": 2.0,
        "ratio": 1.0,
        "completion": 1.0,
        "elapsed": 1,
        "total": 12,
        "window_start": "2018Q1",
        "missing_quarters": [],
        "rule_version": 1,
    }
    assert all(type(value) in (str, float, int, list, type(None)) for value in result.values())


def test_every_target_has_a_result_in_the_order_given():
    ids = ["b", "a", 3, ("c", 1)]
    results = assess([TARGET | {"id": name} for name in ids], [], "2018Q3")
    assert list(results) == ids
    assert {result["gap"] for result in results.values()} == {"not_reported"}


def test_no_targets_no_results():
    assert assess([], [], "2018Q1") == {}


def test_later_figures_are_left_out():
    later = FIGURE | {"quarter": "2018Q2", "numerator": 0}
    assert assess([TARGET], [FIGURE, later], "2018Q1") == assess([TARGET], [FIGURE], "2018Q1")


def test_decimals_are_numbers():
    figure = FIGURE | {"numerator": Decimal(465), "denominator": Decimal("500.000000")}
    assert assess([TARGET], [figure], "2018Q1") == assess([TARGET], [FIGURE], "2018Q1")


def test_none_is_absent():
    target = TARGET | {"level": None, "baseline": None, "season": None, "schedule": None}
    figure = FIGURE | {"value": None}
    assert assess([target], [figure], "2018Q1")["pass rate"]["gap"] == "awaiting"


def test_benchmark_in_a_record_of_its_own():
    target = {"id": 1, "basis": "over_benchmark", "level": 0, "first_quarter": "2018Q1", "due_quarter": "2018Q4"}
    figures = [{"target": 1, "quarter": "2018Q1", "value": 5}, {"target": 1, "quarter": "2018Q2", "benchmark": 4}]
    result = assess([target], figures, "2018Q2")[1]
    assert (result["gap"], result["reference"]) == ("not_reported", 4.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            {"comparator": "≥"}, r"Target 'pass rate': “comparator” is '≥'; use one of >=, >", id="comparator"
        ),
        pytest.param({"basis": "LEVEL"}, "“basis” is 'LEVEL'; use one of level, growth", id="a code in capitals"),
        pytest.param({"path": 1}, "“path” is 1", id="a code as a number"),
        pytest.param({"level": "93"}, "“level” is '93'; give a finite number", id="text for a number"),
        pytest.param({"level": float("nan")}, "“level” is nan", id="not a number"),
        pytest.param({"level": float("inf")}, "“level” is inf", id="infinite"),
        pytest.param({"level": True}, "“level” is True", id="yes for a number"),
        pytest.param({"levle": 93}, "unknown field “levle”", id="unknown field"),
        pytest.param({"first_quarter": None}, "“first_quarter” is missing", id="missing field"),
        pytest.param({"first_quarter": "2018"}, "“first_quarter”: “2018” is not a quarter", id="not a quarter"),
        pytest.param(
            {"due_quarter": "2017Q4"}, "“due_quarter” lies before “first_quarter”", id="quarters out of order"
        ),
        pytest.param({"veto": "yes"}, "“veto” is 'yes'; give True or False", id="text for yes or no"),
        pytest.param({"decimals": 1.5}, "“decimals” is 1.5; give a whole number", id="broken decimals"),
        pytest.param({"decimals": -1}, "“decimals” is -1", id="negative decimals"),
        pytest.param({"season": [0.5, 1]}, "“season” holds 2 numbers", id="two seasons"),
        pytest.param({"schedule": {"2018": 5}}, "“schedule”: “2018” is not a quarter", id="schedule without quarter"),
        pytest.param({"schedule": {"2018Q1": "5"}}, "“schedule” is '5'", id="schedule with text"),
        pytest.param({"id": None}, "has no usable “id”", id="no id"),
        pytest.param({"id": []}, "has no usable “id”", id="an id that cannot be one"),
    ],
)
def test_targets_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        assess([TARGET | change], [FIGURE], "2018Q1")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"target": "pas rate"}, r"Figure of 'pas rate' for 2018Q1: there is no target", id="no target"),
        pytest.param({"quarter": None}, "“quarter” is missing", id="no quarter"),
        pytest.param({"quarter": "2018Q5"}, "“quarter”: “2018Q5” is not a quarter", id="not a quarter"),
        pytest.param({"numerator": "465"}, "“numerator” is '465'", id="text for a number"),
        pytest.param({"denominator": float("-inf")}, "“denominator” is -inf", id="infinite"),
        pytest.param({"nothing": 1}, "“nothing” is 1; give True or False", id="number for yes or no"),
        pytest.param({"values": 3}, "unknown field “values”", id="unknown field"),
    ],
)
def test_figures_are_refused_by_name(change, message):
    with pytest.raises(ValueError, match=message):
        assess([TARGET], [FIGURE | change], "2018Q1")


def test_one_id_for_two_targets_is_refused():
    with pytest.raises(ValueError, match="same id"):
        assess([TARGET, TARGET], [], "2018Q1")


def test_two_figures_for_one_quarter_are_refused():
    with pytest.raises(ValueError, match="more than one figure"):
        assess([TARGET], [FIGURE, FIGURE], "2018Q1")


def test_a_quarter_that_is_none_is_refused():
    with pytest.raises(ValueError, match="write it like 2018Q3"):
        assess([TARGET], [], "2018")
