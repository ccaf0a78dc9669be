"""Cells of a workbook: value and number format are read together (trust rule 17, T41)."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.number_cells import is_percent_format, read_cell
from indicators.engine.number_refusals import Refusal
from indicators.engine.numbers import NumberUnit

COUNT, MEASURE, SHARE = NumberUnit.COUNT, NumberUnit.MEASURE, NumberUnit.SHARE
PERCENT, PER_MILLE = NumberUnit.PERCENT, NumberUnit.PER_MILLE


@pytest.mark.parametrize(
    ("value", "number_format", "unit", "expected"),
    [
        pytest.param(5, "General", COUNT, "5", id="integer"),
        pytest.param(5.0, "General", COUNT, "5", id="whole number stored as binary"),
        pytest.param(1234.5, "#,##0.00", MEASURE, "1234.5", id="grouping format shows the same number"),
        pytest.param(0.1 + 0.2, "General", MEASURE, "0.3", id="calculating noise is not typed digits"),
        pytest.param(4.35 * 100, "0.00", MEASURE, "435", id="434.99999999999994 is shown as 435"),
        pytest.param(12345678901234.56, "General", MEASURE, "12345678901234.56", id="16 digits that fit"),
        pytest.param(0.95, "0%", PERCENT, "95", id="T41: 95% in a percent column"),
        pytest.param(0.07, "0.00%", PERCENT, "7", id="7 and not 7.000000000000001"),
        pytest.param(0.29, "0%", PERCENT, "29", id="29 and not 28.999999999999996"),
        pytest.param(0.95, "General", PERCENT, "0.95", id="T41: 0.95 in a percent column is 0.95 %"),
        pytest.param(95, "0%", PERCENT, "9500", id="T41: 95 with format 0% shows 9500%"),
        pytest.param(95, "General", PERCENT, "95", id="95 in a percent column"),
        pytest.param(95, '0"%"', PERCENT, "95", id="a percent sign as text does not multiply"),
        pytest.param(95, "0\\%", PERCENT, "95", id="an escaped percent sign does not multiply"),
        pytest.param(0.95, "0%", SHARE, "0.95", id="pure share shown as per cent"),
        pytest.param(0.95, "General", SHARE, "0.95", id="pure share"),
        pytest.param(0.0001, "0.00%", PER_MILLE, "0.1", id="0.01% is 0.1 ‰"),
        pytest.param(0.1, "0.0", PER_MILLE, "0.1", id="0.1 ‰"),
        pytest.param("95%", "General", PERCENT, "95", id="text with its own percent sign"),
        pytest.param("95", "0%", PERCENT, "95", id="a format does not act on text"),
        pytest.param("１，２３４", "@", COUNT, "1234", id="text goes through the one parser"),
        pytest.param(Decimal("12.50"), "General", MEASURE, "12.5", id="decimal"),
        pytest.param(-3, "0;[Red]-0", COUNT, "-3", id="negative in a two-part format"),
    ],
)
def test_a_cell_is_read_exactly(value, number_format, unit, expected):
    read = read_cell(value, number_format=number_format, unit=unit)
    assert read.refusal is Refusal.NONE
    assert str(read.value) == expected


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
def test_a_blank_cell_is_empty_whatever_its_format(value):
    assert read_cell(value, number_format="0%", unit=PERCENT).is_empty


@pytest.mark.parametrize(
    ("value", "number_format", "unit", "refusal", "piece"),
    [
        pytest.param(True, "General", COUNT, Refusal.NOT_NUMERIC_CELL, "True", id="yes is not 1"),
        pytest.param(date(2018, 1, 2), "d-mmm", COUNT, Refusal.NOT_NUMERIC_CELL, "2018-01-02", id="1-2 made a date"),
        pytest.param(
            datetime(2018, 1, 2),  # noqa: DTZ001  # cells have no time zone
            "",
            COUNT,
            Refusal.NOT_NUMERIC_CELL,
            "2018-01-02 00:00:00",
            id="time stamp",
        ),
        pytest.param(time(12, 30), "h:mm", COUNT, Refusal.NOT_NUMERIC_CELL, "12:30:00", id="time"),
        pytest.param(timedelta(1), "", COUNT, Refusal.NOT_NUMERIC_CELL, "1 day, 0:00:00", id="duration"),
        pytest.param(float("nan"), "General", COUNT, Refusal.NOT_FINITE, "NaN", id="T45: NaN"),
        pytest.param(float("inf"), "General", COUNT, Refusal.NOT_FINITE, "Infinity", id="T45: infinity"),
        pytest.param(Decimal("sNaN"), "General", COUNT, Refusal.NOT_FINITE, "sNaN", id="T45: signalling NaN"),
        pytest.param(-0.0, "General", COUNT, Refusal.NEGATIVE_ZERO, "-0", id="T45: minus zero"),
        pytest.param(1e14, "General", COUNT, Refusal.TOO_LARGE, "100000000000000", id="numeric(20,6)"),
        pytest.param(10**5000, "General", COUNT, Refusal.TOO_LARGE, "1" + "0" * 59, id="T45: no end of digits"),
        pytest.param(1 / 3, "0.00", MEASURE, Refusal.TOO_MANY_DECIMALS, "0.3333333333333333", id="a pasted third"),
        pytest.param(5e-324, "General", MEASURE, Refusal.TOO_MANY_DECIMALS, "4.94065645841247E-324", id="T45: tiny"),
        pytest.param(0.95, "0%", COUNT, Refusal.PERCENT_ELSEWHERE, "0%", id="per cent of a count"),
        pytest.param(0.95, "0.0%", MEASURE, Refusal.PERCENT_ELSEWHERE, "0.0%", id="per cent of a measure"),
        pytest.param(12345, "0,", COUNT, Refusal.SCALED_FORMAT, "0,", id="12345 shown as 12"),
        pytest.param(12345, "#,##0.0,,", COUNT, Refusal.SCALED_FORMAT, "#,##0.0,,", id="shown in millions"),
        pytest.param("#DIV/0!", "General", COUNT, Refusal.ERROR_VALUE, "#DIV/0!", id="T41: error value"),
        pytest.param("=A1", "General", COUNT, Refusal.FORMULA, "=A1", id="T37: formula"),
    ],
)
def test_a_cell_is_refused_by_name(value, number_format, unit, refusal, piece):
    read = read_cell(value, number_format=number_format, unit=unit)
    assert read.value is None
    assert (read.refusal, read.piece) == (refusal, piece)


@pytest.mark.parametrize(
    ("number_format", "is_percent"),
    [
        ("0%", True),
        ("0.00%", True),
        ("[Red]0.0%;-0.0%", True),
        ('0" 约"%', True),
        ("General", False),
        ("", False),
        ('0"%"', False),
        ("0\\%", False),
        ("[$%-804]0", False),
    ],
)
def test_percent_formats_are_told_from_percent_signs(number_format, is_percent):
    assert is_percent_format(number_format) is is_percent


@given(hundredths=st.integers(-(10**9), 10**9))
def test_a_typed_decimal_survives_binary_storage_and_a_percent_format(hundredths):
    typed = Decimal(hundredths) / 100
    stored = float(typed)
    plain = read_cell(stored, number_format="General", unit=MEASURE)
    shown_as_percent = read_cell(float(typed / 100), number_format="0.00%", unit=PERCENT)
    assert plain.value == typed
    assert shown_as_percent.value == typed


@given(st.one_of(st.floats(), st.integers(), st.decimals(allow_nan=True), st.booleans(), st.dates(), st.text()))
def test_no_cell_raises(value):
    read = read_cell(value, number_format="0.0%", unit=PERCENT)
    assert read.value is None or read.refusal is Refusal.NONE
