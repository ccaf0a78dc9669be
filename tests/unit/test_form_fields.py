"""What a browser may send from the pages of entry: names, versions, marks, words. No database."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils.translation import override

from departments.errors import Invalid
from indicators.actions.figures import Entry
from indicators.actions.typed_texts import LONGEST_FIGURE, _cut, _read_version
from indicators.forms import ActForm, CheckForm, clean_text, list_problems, read_entries, read_remarks
from indicators.models import Series
from tests.unit.entry_rows import CITY, make_count, make_indicator

D = Decimal
RATE = Series(pk=1, indicator=make_indicator(), region=CITY)
COUNT = Series(pk=2, indicator=make_count(), region=CITY)


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with override("en"):
        yield


def read(**sent: str):  # type: ignore[no-untyped-def]
    """Read what is sent of the count: `value="7"` is the field `2-value`."""
    return read_entries({f"2-{name}": text for name, text in sent.items()}, series=[RATE, COUNT])


@pytest.mark.parametrize(
    "name",
    [
        *("3-value", "2-other", "2-", "-value", "2value", "02-value", "2-value ", "x-value", "２-value", "2-Value"),
        *("9" * 19 + "-value", "value", "department_id", "2-value-3", "0-value", "-2-value", "2 -value", "2-id", ""),
    ],
)
def test_t2_a_name_that_no_field_has_is_refused_whole(name: str) -> None:
    with pytest.raises(Invalid, match="does not have"):
        read_entries({"2-version": "0", "2-value": "7", name: "1"}, series=[RATE, COUNT])


def test_the_token_of_the_page_is_no_field() -> None:
    assert read_entries({"csrfmiddlewaretoken": "x"}, series=[COUNT]).entries == {}


@pytest.mark.parametrize(
    ("sent", "entry"),
    [
        pytest.param({"value": "7"}, Entry(value=D(7)), id="a number"),
        pytest.param({"value": "0"}, Entry(value=D(0)), id="zero"),
        pytest.param({"value": ""}, Entry(), id="emptied"),
        pytest.param({"value": " "}, Entry(), id="blanks"),
        pytest.param({"value": "7", "nothing": "1"}, Entry(nothing_occurred=True), id="none sets the number aside"),
        pytest.param({"value": "x", "nothing": "1"}, Entry(nothing_occurred=True), id="none sets rubbish aside"),
        pytest.param({"value": "7", "nothing": ""}, Entry(value=D(7)), id="a mark not set"),
        pytest.param({"value": "7", "explanation": " a\r\nb\x00 "}, Entry(value=D(7), explanation="a\nb"), id="words"),
        pytest.param({"value": "7", "explanation": ""}, Entry(value=D(7), explanation=""), id="words taken away"),
        pytest.param({"value": "7", "typed": "12"}, Entry(value=D(7), typed_seen=12), id="a text seen"),
        pytest.param({"value": "7", "typed": "x"}, Entry(value=D(7)), id="no text that could be named so"),
        pytest.param({"value": "7", "typed": "1" * 19}, Entry(value=D(7)), id="no number that long"),
    ],
)
def test_a_row_is_read_into_one_entry(sent: dict[str, str], entry: Entry) -> None:
    found = read(version="0", **sent)
    assert found.problems == {}
    assert found.entries == {2: entry}


@pytest.mark.parametrize("version", ["", "x", "-1", "1.0", "１", "1" * 10, " 1", "1e3"])
def test_a_row_that_does_not_say_what_it_saw_is_a_problem(version: str) -> None:
    found = read(version=version, value="7")
    assert found.entries == {}
    assert found.problems[2]["version"].startswith("The page did not say which version")


def test_a_row_without_any_version_is_a_problem_too() -> None:
    assert "version" in read(value="7").problems[2]


@pytest.mark.parametrize(("length", "is_problem"), [(2000, False), (2001, True)])
def test_words_have_an_end(length: int, is_problem: bool) -> None:
    found = read(version="0", value="7", explanation="x" * length)
    assert ("explanation" in found.problems.get(2, {})) is is_problem


def test_a_good_row_is_read_beside_a_bad_one() -> None:
    sent = {"1-numerator": "x", "1-denominator": "100", "1-version": "0", "2-value": "7", "2-version": "3"}
    found = read_entries(sent, series=[RATE, COUNT])
    assert found.entries == {2: Entry(value=D(7), version_seen=3)}
    assert list(found.problems) == [1]
    assert found.typed[1] == {"numerator": "x", "denominator": "100", "version": "0"}


@pytest.mark.parametrize(
    ("texts", "fields"),
    [
        ({"value": "7"}, set()),
        ({"value": "7x"}, {"value"}),
        ({"value": ""}, set()),
        ({"value": "7x", "nothing": "1"}, set()),
        ({}, set()),
    ],
)
def test_kept_texts_are_problems_as_long_as_they_cannot_be_read(texts: dict[str, str], fields: set[str]) -> None:
    assert set(list_problems(texts, COUNT)) == fields


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ({"value": "7", "version": "1", "typed": "3"}, {"value": "7"}),
        ({"numerator": "", "denominator": "5"}, {"numerator": "", "denominator": "5"}),
        ({"value": "a\x00b"}, {"value": "ab"}),
        ({"value": "9" * 300}, {"value": "9" * LONGEST_FIGURE}),
        ({"owner": "x"}, {}),
    ],
)
def test_what_is_kept_of_what_was_typed(texts: dict[str, str], kept: dict[str, str]) -> None:
    assert _cut(texts) == kept


@pytest.mark.parametrize(
    ("version", "seen"),
    [("3", 3), ("0", 0), ("", 0), ("x", 0), ("３", 0), ("-1", 0), ("9" * 9, 10**9 - 1), ("9" * 10, 0)],
)
def test_the_version_of_a_kept_text_is_a_number_or_none(version: str, seen: int) -> None:
    assert _read_version({"version": version}) == seen


# Acts


@pytest.mark.parametrize(
    ("seen", "read"),
    [
        ("12:3", {12: 3}),
        ("12:3 13:0", {12: 3, 13: 0}),
        ("12:0", {12: 0}),
        ("12", None),
        ("12:", None),
        ("0:1", None),
        ("12:3  13:0", None),
        ("12:3,13:0", None),
        ("12:-1", None),
        ("", None),
        ("１２:3", None),
    ],
)
def test_what_a_reviewer_looked_at_is_read_or_refused(seen: str, read: dict[int, int] | None) -> None:
    form = CheckForm({"version": "1", "key": str(uuid4()), "seen": seen})
    if read is None:
        with pytest.raises(Invalid, match="which figures"):
            form.read_seen()
    else:
        assert form.read_seen() == read


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"version": "1"},
        {"version": "0", "key": str(uuid4())},
        {"version": "x", "key": str(uuid4())},
        {"version": "1", "key": "x"},
        {"version": str(2**31), "key": str(uuid4())},
    ],
)
def test_an_act_names_its_version_and_key(sent: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="which version of the form"):
        ActForm(sent).read()


def test_remarks_are_read_by_series_and_empty_ones_left_out() -> None:
    sent = {"remark-1": " Check ", "remark-2": " ", "remark-0": "x", "remark-x": "x", "reason": "y", "remark-": "z"}
    assert read_remarks(sent) == {1: "Check"}


@pytest.mark.parametrize(
    ("text", "clean"), [(" a ", "a"), ("a\r\nb", "a\nb"), ("\x00", ""), ("a\x00b", "ab"), ("　a", "a"), ("", "")]
)
def test_words_are_kept_without_what_no_database_takes(text: str, clean: str) -> None:
    assert clean_text(text) == clean
