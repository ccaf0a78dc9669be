"""Numbers, quarters and absence as shown: exact values, half up, in both languages."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from indicators import catalogue as programmes
from qscounty.web import formats
from qscounty.web.formats import (
    ABSENT,
    add_unit,
    compare,
    format_growth,
    format_number,
    format_points,
    format_quantity,
    format_quarter,
    format_quarter_number,
    format_quarter_range,
    format_ratio,
    format_share,
    format_trimmed,
    round_half_up,
    write_plain,
)


@pytest.fixture(autouse=True, params=["zh-hans"])
def _language(request):
    with translation.override(request.param):
        yield


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        pytest.param(0, 0, "0", id="zero is printed"),
        pytest.param(None, 1, ABSENT, id="absent is a dash"),
        pytest.param(float("nan"), 1, ABSENT, id="not a number is absent"),
        pytest.param(float("inf"), 1, ABSENT, id="infinity is absent"),
        pytest.param(92.95, 1, "93.0", id="half up although the float lies below"),
        pytest.param(2.675, 2, "2.68", id="half up on the shortest decimal"),
        pytest.param(0.5, 0, "1", id="half up, not half to even"),
        pytest.param(1.5, 0, "2", id="half up above one"),
        pytest.param(2.5, 0, "3", id="half up, where half to even gives 2"),
        pytest.param(-2.5, 0, "−3", id="away from zero below it"),
        pytest.param(-0.04, 1, "0.0", id="no minus before a zero"),
        pytest.param(1862, 0, "1\u202f862", id="thousands"),
        pytest.param(1234567.891, 1, "1\u202f234\u202f567.9", id="millions"),
        pytest.param(Decimal("98.500000"), None, "98.5", id="digits as given"),
        pytest.param(Decimal(100), None, "100", id="no exponent for round numbers"),
        pytest.param(0.1 + 0.2, None, "0.3", id="six digits at most"),
        pytest.param(
            Decimal("99999999999999.999999"),
            6,
            "99\u202f999\u202f999\u202f999\u202f999.999999",
            id="the largest figure",
        ),
    ],
)
def test_format_number(value, decimals, expected):
    assert format_number(value, decimals) == expected


@pytest.mark.parametrize(
    ("value", "at_most", "expected"),
    [(195.0, 1, "195"), (6.25, 1, "6.3"), (0.0, 2, "0"), (100, 0, "100"), (None, 2, ABSENT)],
)
def test_format_trimmed(value, at_most, expected):
    assert format_trimmed(value, at_most) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (93.1, "%", "93.1%"),
        (93.1, "‰", "93.1‰"),
        (93.1, "天", "93.1\u00a0天"),
        (93.1, "", "93.1"),
        (None, "天", ABSENT),
    ],
)
def test_format_quantity(value, unit, expected):
    assert format_quantity(value, unit=unit, decimals=1) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [(0.8904, "89.0%"), (1.0, "100.0%"), (0, "0.0%"), (None, ABSENT), (1.00053, "100.1%"), (Decimal("0.1"), "10.0%")],
)
def test_format_ratio(ratio, expected):
    assert format_ratio(ratio) == expected


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        pytest.param(53, 55, "96%", id="half up"),
        pytest.param(0, 0, ABSENT, id="of nothing"),
        pytest.param(0, 9, "0%", id="none"),
        pytest.param(9, 9, "100%", id="all"),
        pytest.param(999, 1000, "99%", id="never all while one is missing"),
        pytest.param(1, 1000, "1%", id="never none while one is there"),
    ],
)
def test_format_share(part, whole, expected):
    assert format_share(part, whole) == expected


@pytest.mark.parametrize(
    ("now", "before", "direction", "size"),
    [
        (96.2, 94.8, "up", "1.4"),
        (87.5, 89.6, "down", "2.1"),
        (90.04, 90.0, "same", "0.0"),
        (90.05, 90.0, "up", "0.1"),
    ],
)
def test_compare(now, before, direction, size):
    change = compare(now, before)
    assert change is not None
    assert (change.direction, change.size) == (direction, size)


@pytest.mark.parametrize(("now", "before"), [(None, 1.0), (1.0, None), (float("nan"), 1.0)])
def test_compare_says_nothing_without_both(now, before):
    assert compare(now, before) is None


def test_marks_of_changes():
    up, down, same = (formats.Change(direction, "1.0") for direction in ("up", "down", "same"))
    assert [change.mark for change in (up, down, same)] == ["▲", "▼", ""]
    assert [change.signed for change in (up, down, same)] == ["+1.0", "−1.0", "1.0"]


def test_rates_change_in_points_and_quantities_in_per_cent():
    assert format_points(74.1, 76.4) == "−2.3 个百分点"
    assert format_points(None, 1) == ABSENT
    assert format_growth(110, 100) == "+10.0%"
    assert format_growth(110, 0) == ABSENT
    assert format_growth(-50, -100) == "+50.0%"
    with translation.override("en"):
        assert format_points(76.4, 74.1) == "+2.3 percentage points"


@pytest.mark.parametrize(
    ("language", "quarter", "number", "year_range", "over_years"),
    [
        ("zh-hans", "2018年三季度", "三季度", "2018年1—3季度", "2017年四季度至2018年一季度"),
        ("en", "Q3 2018", "Q3", "Q1–Q3 2018", "Q4 2017 to Q1 2018"),
    ],
)
def test_quarters(language, quarter, number, year_range, over_years):
    with translation.override(language):
        assert format_quarter(2018, 3) == quarter
        assert format_quarter_number(3) == number
        assert format_quarter_range((2018, 1), (2018, 3)) == year_range
        assert format_quarter_range((2018, 3), (2018, 3)) == quarter
        assert format_quarter_range((2017, 4), (2018, 1)) == over_years


def test_rounding_is_the_one_of_paper():
    assert [str(round_half_up(value, 0)) for value in (0.5, 1.5, 2.5, 3.5)] == ["1", "2", "3", "4"]
    assert str(round_half_up(Decimal("-0.0001"), 2)) == "0.00"


@pytest.mark.parametrize(
    ("number", "unit", "written"),
    [
        ("1", "counties", "1\u00a0county"),
        ("−1", "water bodies", "−1\u00a0water body"),
        ("0", "counties", "0\u00a0counties"),
        ("2", "days", "2\u00a0days"),
        ("1.0", "tonnes", "1.0\u00a0tonnes"),
        ("11", "firms", "11\u00a0firms"),
        ("1", "10 000 patents", "1\u00a010 000 patents"),
        ("1", "%", "1%"),
        ("1", "个", "1\u00a0个"),
        (ABSENT, "days", ABSENT),
    ],
)
def test_one_of_a_unit_stands_in_the_singular(number, unit, written):
    assert add_unit(number, unit) == written


def test_every_plural_unit_of_the_catalogues_has_its_singular():
    folder = Path(programmes.__file__).parent
    units = set(
        re.findall(
            r'^unit_en = "([a-z ]+s|[a-z]+ of [a-z]+)"$',
            "\n".join(file.read_text(encoding="utf-8") for file in folder.glob("*.toml")),
            re.MULTILINE,
        )
    )
    assert len(units) > 25
    assert units - set(formats._SINGULARS) == set()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param("93.000000", "93", id="zeros after the point"),
        pytest.param("100", "100", id="zeros before the point stay"),
        pytest.param("1200.500000", "1200.5", id="no groups"),
        pytest.param("0.000001", "0.000001", id="no power of ten for the small"),
        pytest.param("1E+3", "1000", id="no power of ten for the large"),
        pytest.param("0.000000", "0", id="zero"),
        pytest.param("-0.00", "0", id="no minus before a zero"),
        pytest.param("-2.50", "-2.5", id="a plain minus, as one types it"),
    ],
)
def test_a_plain_number(value, text):
    assert write_plain(None if value is None else Decimal(value)) == text
