"""Working days: the decrees of the years that are known, Monday to Friday for the others."""

from datetime import date

import pytest

from indicators.actions.calendar import plan_dates
from indicators.calendar_days import (
    FIRST_KNOWN_YEAR,
    LAST_KNOWN_YEAR,
    find_working_day,
    find_working_day_before,
    is_known,
    is_working_day,
)
from indicators.engine.period import Quarter


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param("2018-10-15", True, id="an ordinary Monday"),
        pytest.param("2018-10-13", False, id="an ordinary Saturday"),
        pytest.param("2018-10-01", False, id="National Day 2018, a Monday"),
        pytest.param("2018-09-29", True, id="Saturday worked for National Day 2018"),
        pytest.param("2018-09-30", True, id="Sunday worked for National Day 2018"),
        pytest.param("2012-01-23", False, id="Spring Festival 2012"),
        pytest.param("2012-01-29", True, id="Sunday worked for Spring Festival 2012"),
        pytest.param("2015-09-03", False, id="Victory Day 2015, a holiday in that year only"),
        pytest.param("2016-09-03", False, id="the same day a year later, a Saturday"),
        pytest.param("2020-01-31", False, id="Spring Festival 2020, lengthened"),
    ],
)
def test_the_decrees_decide(day, works):
    assert is_working_day(date.fromisoformat(day)) is works


def test_a_year_without_a_decree_knows_weekends_only_and_says_so():
    new_year = date(LAST_KNOWN_YEAR + 1, 1, 1)
    assert not is_known(new_year)
    assert is_working_day(new_year) is (new_year.weekday() < 5)
    assert not is_known(date(FIRST_KNOWN_YEAR - 1, 12, 31))
    assert is_known(date(LAST_KNOWN_YEAR, 12, 31))


@pytest.mark.parametrize(
    ("day", "found"),
    [
        pytest.param("2018-10-15", "2018-10-15", id="a working day stays"),
        pytest.param("2017-07-15", "2017-07-17", id="Saturday moves to Monday"),
        pytest.param("2018-10-01", "2018-10-08", id="over the whole week of National Day"),
        pytest.param("2017-01-28", "2017-02-03", id="over Spring Festival into the next month"),
        pytest.param("2018-09-29", "2018-09-29", id="a worked Saturday stays"),
    ],
)
def test_a_date_moves_to_the_next_working_day(day, found):
    assert find_working_day(date.fromisoformat(day)) == date.fromisoformat(found)


@pytest.mark.parametrize(
    ("day", "found"),
    [
        pytest.param("2018-10-16", "2018-10-15", id="the day before"),
        pytest.param("2018-10-15", "2018-10-12", id="over a weekend"),
        pytest.param("2018-10-08", "2018-09-30", id="over National Day to the Sunday that is worked"),
    ],
)
def test_the_working_day_before(day, found):
    assert find_working_day_before(date.fromisoformat(day)) == date.fromisoformat(found)


@pytest.mark.parametrize(
    ("quarter", "opens", "due", "closes"),
    [
        pytest.param("2018Q3", "2018-10-01", "2018-10-15", "2018-10-30", id="both on working days"),
        pytest.param("2017Q2", "2017-07-01", "2017-07-17", "2017-07-31", id="Saturday and Sunday"),
        pytest.param("2016Q4", "2017-01-01", "2017-01-16", "2017-02-03", id="closing moved behind Spring Festival"),
        pytest.param(
            "2018Q4", "2019-01-01", "2019-01-15", "2019-01-30", id="the last quarter falls into the next year"
        ),
        pytest.param("2011Q4", "2012-01-01", "2012-01-16", "2012-01-30", id="Spring Festival over before the closing"),
    ],
)
def test_a_quarter_is_planned_round_holidays(quarter, opens, due, closes):
    dates = plan_dates(Quarter.parse(quarter))
    assert [str(day) for day in (dates.opens_on, dates.due_on, dates.closes_on)] == [opens, due, closes]


def test_every_planned_date_is_a_working_day_in_order():
    for ordinal in range(Quarter.of(2010, 1).ordinal, Quarter.of(2030, 1).ordinal):
        quarter = Quarter(ordinal)
        dates = plan_dates(quarter)
        assert quarter.ends_before == dates.opens_on < dates.due_on < dates.closes_on
        assert is_working_day(dates.due_on)
        assert is_working_day(dates.closes_on)
        assert dates.due_on.day >= 15
