"""One row of the grid, as tables: its cells and style, what is said and asked beneath. No database."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from indicators.engine.target import Gap, Rating, Scale
from indicators.presenters.disputes import describe_dispute, present_dispute, write_typed
from indicators.presenters.figures import can_be_none, list_fields, write_figure, write_own
from indicators.presenters.rows import name_row, present_row
from indicators.selectors.grid_rows import GridRow
from qscounty.web.formats import write_plain
from tests.unit.entry_rows import COUNTY, FILLED, UNUSUAL, WRONG, make_count, make_indicator, make_row

D = Decimal
YES_NO = make_count(scale=Scale.YES_NO.value, unit_zh="是/否", unit_en="yes/no")


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("row", "state"),
    [
        pytest.param(make_row(), "empty", id="nothing entered"),
        pytest.param(make_row(figure={}), "empty", id="entered and emptied again"),
        pytest.param(make_row(figure=FILLED), "filled", id="entered"),
        pytest.param(make_row(figure={"nothing_occurred": True}), "filled", id="none this quarter is something"),
        pytest.param(make_row(figure={"numerator": D(0), "denominator": D(3)}), "filled", id="a zero is something"),
        pytest.param(make_row(approved=FILLED), "filled", id="approved before, nothing entered anew"),
        pytest.param(make_row(figure=FILLED, noticed=UNUSUAL), "word", id="unusual without a word"),
        pytest.param(make_row(figure=FILLED | {"explanation": " "}, noticed=UNUSUAL), "word", id="blanks are no word"),
        pytest.param(
            make_row(figure=FILLED | {"explanation": "x"}, noticed=UNUSUAL), "filled", id="unusual, explained"
        ),
        pytest.param(make_row(figure=FILLED, rating=Rating.RED), "word", id="red without a word"),
        pytest.param(make_row(gap=Gap.NOT_REPORTED, rating=Rating.GREY), "empty", id="missing without a word"),
        pytest.param(make_row(figure=FILLED, noticed=WRONG), "bad", id="cannot be"),
        pytest.param(make_row(figure=FILLED, typed={"numerator": "9x"}), "bad", id="cannot be read"),
        pytest.param(make_row(figure=FILLED, typed={"numerator": "9"}, seen=0), "bad", id="in dispute"),
    ],
)
def test_a_row_is_styled_by_what_is_open_in_it(row: GridRow, state: str) -> None:
    assert present_row(row, is_open=True).state == state


@pytest.mark.parametrize(
    ("row", "typed", "texts"),
    [
        pytest.param(make_row(), None, ["", ""], id="empty"),
        pytest.param(make_row(figure=FILLED), None, ["95", "100"], id="as entered"),
        pytest.param(make_row(figure={"numerator": D("1862.000000"), "denominator": D(1960)}), None, ["1862", "1960"]),
        pytest.param(make_row(figure=FILLED), {"numerator": "x", "denominator": ""}, ["x", ""], id="just typed"),
        pytest.param(make_row(figure=FILLED, typed={"numerator": "x"}), None, ["x", "100"], id="one field kept"),
        pytest.param(make_row(figure=FILLED, typed={"numerator": "", "denominator": "7"}), None, ["", "7"]),
        pytest.param(make_row(figure=FILLED, typed={"numerator": "x"}), {"numerator": "y"}, ["y", "100"], id="newest"),
        pytest.param(make_row(indicator=make_count(), figure={"value": D("0.000000")}), None, ["0"], id="zero is 0"),
    ],
)
def test_the_cells_hold_what_was_typed_before_what_was_saved(
    row: GridRow, typed: dict[str, str] | None, texts: list[str]
) -> None:
    assert [cell.text for cell in present_row(row, is_open=True, typed=typed).cells] == texts


@pytest.mark.parametrize(
    ("is_open", "text"), [(True, "1234567.5"), (False, "1\u202f234\u202f567.5")], ids=["typed in", "only read"]
)
def test_digits_stand_in_groups_where_nobody_types(is_open: bool, text: str) -> None:
    row = make_row(indicator=make_count(decimals=1), figure={"value": D("1234567.5")})
    assert present_row(row, is_open=is_open).cells[0].text == text


def test_a_problem_stands_at_its_cell_and_beneath() -> None:
    view = present_row(make_row(), is_open=True, typed={"numerator": "x"}, problems={"numerator": "No number."})
    assert [cell.problem for cell in view.cells] == ["No number.", ""]
    assert view.problems == ["No number."]
    assert (view.state, view.demand, view.has_notes) == ("bad", "", True)


@pytest.mark.parametrize(
    ("row", "is_open", "demand", "shows"),
    [
        pytest.param(make_row(figure=FILLED), True, "", False, id="nothing is asked"),
        pytest.param(make_row(figure=FILLED, rating=Rating.RED), True, "Behind the expected level", True, id="red"),
        pytest.param(make_row(figure=FILLED, noticed=UNUSUAL), True, "or confirm the figure", True, id="unusual"),
        pytest.param(make_row(gap=Gap.NOT_REPORTED, rating=Rating.GREY), True, "Not reported", False, id="missing"),
        pytest.param(make_row(figure=FILLED | {"explanation": "flood"}), True, "", True, id="a word unasked"),
        pytest.param(make_row(figure=FILLED, rating=Rating.RED), False, "Behind", False, id="only read"),
        pytest.param(make_row(figure=FILLED, noticed=WRONG, rating=Rating.RED), True, "", False, id="first correct it"),
    ],
)
def test_what_is_asked_for_and_where_one_writes_it(row: GridRow, is_open: bool, demand: str, shows: bool) -> None:
    view = present_row(row, is_open=is_open)
    assert (demand in view.demand) if demand else view.demand == ""
    assert view.shows_explanation is shows
    assert view.is_quiet is (is_open and not shows)


def test_a_blocked_figure_has_no_value_and_no_rating() -> None:
    target = present_row(make_row(figure=FILLED, noticed=WRONG), is_open=True).first_target
    assert (target.measured, target.mark.word) == ("—", "Not computable")
    judged = present_row(make_row(figure=FILLED), is_open=True).first_target
    assert (judged.measured, judged.mark.word, judged.clause) == ("95.0%", "On target", "二(一)")


def test_a_figure_of_another_form_is_only_read_here() -> None:
    row = make_row(figure=FILLED)
    assert row.figure is not None
    row.figure.submission = make_other()
    view = present_row(row, is_open=True)
    assert (view.is_open, view.elsewhere, view.elsewhere_pk) == (False, "Other plan", 7)


def make_other() -> Any:
    from indicators.models import Programme, Submission

    return Submission(pk=7, programme=Programme(pk=2, name_zh="另一方案", name_en="Other plan"))


def test_a_region_is_named_where_it_is_not_the_programmes_own() -> None:
    assert present_row(make_row(region=COUNTY), is_open=True).place != ""
    assert present_row(make_row(), is_open=True).place == ""
    assert name_row(make_row(region=COUNTY)).startswith("Pass rate · ")
    assert name_row(make_row()) == "Pass rate"


@pytest.mark.parametrize(
    ("indicator", "fields", "none"),
    [
        (make_indicator(), ["numerator", "denominator"], True),
        (make_count(), ["value"], True),
        (YES_NO, ["value"], False),
        (make_count(scale=Scale.MILESTONE.value), ["value"], False),
    ],
    ids=["counts", "a number", "yes or no", "a milestone"],
)
def test_what_is_entered_and_whether_none_says_something(indicator: Any, fields: list[str], none: bool) -> None:
    assert [kind for kind, _label in list_fields(indicator)] == fields
    assert can_be_none(indicator) is none


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), (D(0), "0"), (D("0.500000"), "0.5"), (D("1E+3"), "1000"), (D("-3.10"), "-3.1")],
)
def test_a_figure_is_written_as_one_would_type_it(value: Decimal | None, text: str) -> None:
    assert write_plain(value) == text


@pytest.mark.parametrize(
    ("indicator", "value", "text"),
    [
        (make_indicator(), 93.14, "93.1%"),
        (make_indicator(), float("nan"), "—"),
        (make_count(), 1234.0, "1\u202f234"),
        (make_count(), 0.0, "0"),
        (YES_NO, 1.0, "Yes"),
        (YES_NO, 0.0, "No"),
        (YES_NO, float("nan"), "—"),
    ],
)
def test_a_quarters_own_figure_is_written_in_its_unit(indicator: Any, value: float, text: str) -> None:
    assert write_own(indicator, value) == text


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (make_row(figure={}), "—"),
        (make_row(figure={"nothing_occurred": True}), "none this quarter"),
        (make_row(figure={"numerator": D(1862), "denominator": D(1960)}), "1\u202f862 / 1\u202f960"),
        (make_row(figure={"numerator": D(3)}), "3 / —"),
        (make_row(indicator=make_count(), figure={"value": D(0)}), "0"),
    ],
)
def test_a_figure_is_written_for_a_reader(row: GridRow, text: str) -> None:
    assert row.figure is not None
    assert write_figure(row.figure, row.series.indicator) == text


# Two values


@pytest.mark.parametrize(
    ("indicator", "texts", "said"),
    [
        (make_indicator(), {"numerator": "95", "denominator": "100"}, "95 / 100"),
        (make_indicator(), {"numerator": "95"}, "95 / —"),
        (make_indicator(), {"numerator": "", "denominator": " "}, "blank"),
        (make_indicator(), {"nothing": "1", "numerator": ""}, "none this quarter"),
        (make_count(), {"value": "12件"}, "12件"),
        (make_count(), {}, "blank"),
    ],
)
def test_what_was_typed_is_written_in_one_line(indicator: Any, texts: dict[str, str], said: str) -> None:
    assert write_typed(indicator, texts) == said


@pytest.mark.parametrize(
    ("figure", "typed", "words", "keep", "take"),
    [
        pytest.param(
            {"value": D(8)},
            {"value": "9"},
            "Zhao Yan changed this figure to 8 while Li Min typed 9; choose one.",
            "Keep 8",
            "Change to 9",
            id="two numbers",
        ),
        pytest.param(
            {},
            {"value": "9"},
            "Zhao Yan changed this figure to blank while Li Min typed 9; choose one.",
            "Keep blank",
            "Change to 9",
            id="emptied meanwhile",
        ),
        pytest.param(
            {"nothing_occurred": True},
            {"value": ""},
            "Zhao Yan changed this figure to none this quarter while Li Min typed blank; choose one.",
            "Keep none this quarter",
            "Change to blank",
            id="none against nothing",
        ),
        pytest.param(
            {"value": D(8), "explanation": "flood"},
            {"value": "8", "explanation": "drought"},
            "Zhao Yan changed this figure to 8 (flood) while Li Min typed 8 (drought); choose one.",
            "Keep 8 (flood)",
            "Change to 8 (drought)",
            id="only the words differ",
        ),
    ],
)
def test_both_values_and_their_people_are_named(
    figure: dict[str, Any], typed: dict[str, str], words: str, keep: str, take: str
) -> None:
    row = make_row(indicator=make_count(), figure={"version": 4} | figure, typed=typed, seen=3)
    view = present_row(row, is_open=True)
    assert view.dispute == present_dispute(row)
    assert (view.dispute.words, view.dispute.keep, view.dispute.take) == (words, keep, take)
    assert view.dispute.stands == 4
    assert view.version == 3, "saving again is no choice"
    assert view.typed_seen == 9


@pytest.mark.parametrize("seen", [4, 3, 0])
def test_a_text_over_another_version_is_in_dispute(seen: int) -> None:
    row = make_row(indicator=make_count(), figure={"version": 4, "value": D(8)}, typed={"value": "9x"}, seen=seen)
    assert row.is_disputed is (seen != 4)
    assert (present_row(row, is_open=True).dispute is None) is (seen == 4)
    assert row.is_blocked


def test_no_text_is_no_dispute() -> None:
    row = make_row(figure=FILLED)
    assert not row.is_disputed
    assert describe_dispute(row) == ""
    assert not make_row(typed={"numerator": "x"}, seen=0).is_disputed, "nobody saved anything"


def test_findings_of_the_saved_figure_are_not_said_of_the_typed_one() -> None:
    disputed = make_row(figure=FILLED | {"version": 2}, typed={"numerator": "9"}, seen=1, noticed=UNUSUAL)
    assert present_row(disputed, is_open=True).notes == []
    assert present_row(make_row(figure=FILLED, noticed=UNUSUAL), is_open=True).notes != []
