"""A whole number in a request: only plain digits, only so many."""

import pytest

from qscounty.web.digits import LONGEST_ID, read_digits


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("0", 0, id="zero"),
        pytest.param("007", 7, id="zeros before it"),
        pytest.param("9" * LONGEST_ID, 10**LONGEST_ID - 1, id="as long as a key"),
        pytest.param("9" * (LONGEST_ID + 1), None, id="longer than a key"),
        pytest.param("", None, id="nothing"),
        pytest.param("-1", None, id="a sign"),
        pytest.param("+1", None, id="a plus"),
        pytest.param(" 1", None, id="a blank"),
        pytest.param("1\n", None, id="a line feed behind it"),
        pytest.param("1_0", None, id="an underscore, which int takes"),
        pytest.param("１２", None, id="wide digits, which int takes"),
        pytest.param("²", None, id="a raised digit, which isdigit takes"),
        pytest.param("1.0", None, id="a point"),
    ],
)
def test_only_plain_digits_are_a_number(text, number):
    assert read_digits(text) == number


@pytest.mark.parametrize(("at_most", "number"), [(3, None), (4, 1234), (5, 1234)])
def test_no_more_digits_than_the_place_holds(at_most, number):
    assert read_digits("1234", at_most=at_most) == number
