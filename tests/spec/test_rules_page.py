"""The page of the rules is the one that the tables and the engine make."""

from tests.spec.rules import PAGE, _number, page


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.spec.rules"


def test_numbers_are_short_and_plain():
    assert [_number(value) for value in (93.0, 1 / 3, 45_000, 0.1, None, 1e300, 2.675, 0)] == [
        *("93", "0.3333333", "45000", "0.1", "?", "1e+300", "2.675", "0"),
    ]
