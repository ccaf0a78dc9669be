"""What the grid sends, read field by field: exact values, or a sentence that names field and remedy."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from departments.errors import Invalid
from indicators.forms import read_entries
from tests.integration.entry_world import World, make_world

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def read(world: World, language: str = "en", **typed: str):  # type: ignore[no-untyped-def]
    sent = {f"{world.rate.pk}-{name}": text for name, text in ({"version": "0"} | typed).items()}
    with override(language):
        return read_entries(sent, series=[world.rate, world.small_rate, world.count])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("1862", D(1862), id="plain"),
        pytest.param("１８６２", D(1862), id="full-width digits"),
        pytest.param("1,862", D(1862), id="groups"),
        pytest.param("1\u202f862", D(1862), id="the page's own thin spaces"),
        pytest.param("1.5万", D(15000), id="万 of a count"),
        pytest.param("  ", None, id="empty"),
    ],
)
def test_t41_numbers_are_read_exactly(world: World, text: str, value: Decimal | None) -> None:
    found = read(world, numerator=text, denominator="2000")
    assert found.problems == {}
    assert found.entries[world.rate.pk].numerator == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("12,3", "batches passed: the comma does not part groups of three", id="comma"),
        pytest.param("95%", "“%” does not fit here, since this is no share", id="per cent of a count"),
        pytest.param("12件", "“件” follows the number", id="unit behind"),
        pytest.param("一百", "is a written numeral", id="numeral"),
        pytest.param("½", "is a fraction", id="fraction"),
        pytest.param("1e3", "is a power of ten", id="exponent"),
        pytest.param("=SUM(A1)", "is a formula", id="formula"),
        pytest.param("#DIV/0!", "is a spreadsheet error", id="error value"),
        pytest.param("无", "leave the cell empty, or mark it “none this quarter”", id="placeholder"),
        pytest.param("9" * 15, "more than 14 digits", id="too large"),
        pytest.param("0.1234567", "more than six decimals", id="too many decimals"),
        pytest.param("NaN", "not a finite number", id="NaN"),
    ],
)
def test_t41_what_is_no_number_gets_a_sentence_with_field_and_remedy(world: World, text: str, words: str) -> None:
    found = read(world, numerator=text, denominator="2000")
    sentence = found.problems[world.rate.pk]["numerator"]
    assert sentence.startswith("batches passed: ")
    assert words in sentence
    assert found.entries == {}
    assert found.typed[world.rate.pk]["numerator"] == text


def test_a_negative_count_is_a_problem_of_its_row(world: World) -> None:
    found = read(world, numerator="-5", denominator="9")
    assert "the numerator is negative" in found.problems[world.rate.pk]["row"]
    assert found.entries == {}


def test_both_fields_are_named_at_once(world: World) -> None:
    assert set(read(world, numerator="x", denominator="y").problems[world.rate.pk]) == {"numerator", "denominator"}


def test_none_this_quarter_sets_the_numbers_aside(world: World) -> None:
    entry = read(world, numerator="x", denominator="5", nothing="1").entries[world.rate.pk]
    assert (entry.nothing_occurred, entry.numerator, entry.denominator) == (True, None, None)


def test_an_explanation_that_was_not_sent_is_absent(world: World) -> None:
    assert read(world, numerator="1").entries[world.rate.pk].explanation is None
    assert read(world, numerator="1", explanation=" a\r\nb ").entries[world.rate.pk].explanation == "a\nb"
    assert "explanation" in read(world, explanation="x" * 2001).problems[world.rate.pk]


@pytest.mark.parametrize("version", ["", "-1", "x", "1e3", "9" * 12])
def test_a_row_says_which_version_it_saw(world: World, version: str) -> None:
    assert "version" in read(world, numerator="1", version=version).problems[world.rate.pk]


@pytest.mark.parametrize("name", ["department_id", "status", "0-value", "1-status", "x-value", "999999-numerator"])
def test_t2_t4_unknown_names_are_refused(world: World, name: str) -> None:
    with pytest.raises(Invalid):
        read_entries({name: "1"}, series=[world.rate])


def test_a_value_is_read_in_the_unit_of_its_indicator(world: World) -> None:
    sent = {f"{world.count.pk}-value": "1.2万", f"{world.count.pk}-version": "3"}
    entry = read_entries(sent, series=[world.count]).entries[world.count.pk]
    assert (entry.value, entry.version_seen) == (D(12000), 3)
