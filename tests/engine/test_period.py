"""Quarters: half-open, counted by one ordinal, over the turn of the year too."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.period import Quarter, days_in, number_of, start_of_year, year_of

ordinals = st.integers(1900 * 4, 2100 * 4)
days = st.dates(date(1900, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("day", "text"),
    [
        pytest.param(date(2018, 1, 1), "2018Q1", id="first day of a year"),
        pytest.param(date(2018, 3, 31), "2018Q1", id="last day of a quarter"),
        pytest.param(date(2018, 4, 1), "2018Q2", id="first day of the next"),
        pytest.param(date(2020, 2, 29), "2020Q1", id="leap day"),
        pytest.param(date(2018, 12, 31), "2018Q4", id="last day of a year"),
    ],
)
def test_containing(day, text):
    assert str(Quarter.containing(day)) == text


@given(days)
def test_a_day_lies_in_exactly_the_quarter_that_contains_it(day):
    quarter = Quarter.containing(day)
    assert quarter.starts_on <= day < quarter.ends_before
    assert quarter.ends_before == (quarter + 1).starts_on
    assert Quarter.containing(quarter.ends_before - timedelta(days=1)) == quarter


@given(ordinals)
def test_text_and_parts_lead_back(ordinal):
    quarter = Quarter(ordinal)
    assert Quarter.parse(str(quarter)) == quarter == Quarter.of(quarter.year, quarter.number)
    assert (quarter + 5) - 5 == quarter
    assert quarter < quarter + 1
    assert (quarter + 4).year == quarter.year + 1


@given(st.lists(ordinals, min_size=1))
def test_columns_equal_the_single_quarters(several):
    column = np.array(several, dtype=np.int32)
    assert year_of(column).tolist() == [Quarter(ordinal).year for ordinal in several]
    assert number_of(column).tolist() == [Quarter(ordinal).number for ordinal in several]
    assert start_of_year(column).tolist() == [Quarter.of(Quarter(ordinal).year, 1).ordinal for ordinal in several]


@pytest.mark.parametrize(
    "text", ["2018Q5", "2018Q0", "2018q1", "18Q1", "2018-Q1", " 2018Q1", "2018Q1\n", "", "2018年1季度"]
)
def test_parse_refuses_what_is_not_a_quarter(text):
    with pytest.raises(ValueError, match="write it like 2018Q3"):
        Quarter.parse(text)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_of_refuses_a_number_outside(number):
    with pytest.raises(ValueError, match="use 1 to 4"):
        Quarter.of(2018, number)


@pytest.mark.parametrize(
    ("quarter", "days"),
    [("2018Q1", 90), ("2016Q1", 91), ("2018Q2", 91), ("2018Q3", 92), ("2018Q4", 92), ("2000Q1", 91)],
)
def test_a_quarter_has_its_days(quarter, days):
    assert days_in(Quarter.parse(quarter).ordinal) == days
