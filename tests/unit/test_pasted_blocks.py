"""The preview of a pasted block: what would change, from what to what, and what is in the way. No database."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from indicators.actions.figures import Entry
from indicators.forms import ReadEntries
from indicators.presenters.paste import PasteView, present_paste
from tests.unit.entry_rows import COUNTY, FILLED, UNUSUAL, make_count, make_grid, make_row

D = Decimal
NINETY_FIVE = Entry(numerator=D(95), denominator=D(100))


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with override("en"):
        yield


def preview(entry: Entry | None, *, overflow: int = 0, **row: object) -> PasteView:
    """Return the preview of one row of two counts; without an entry “x / 7” was pasted and cannot be read."""
    read = ReadEntries(typed={1: {"numerator": "x", "denominator": "7"}})
    if entry is None:
        read.problems[1] = {"numerator": "“x” is not a number."}
    else:
        read.entries[1] = entry
    now = make_row(**row)  # type: ignore[arg-type]
    return present_paste(make_grid(now), make_grid(make_row(noticed=UNUSUAL)), read=read, overflow=overflow)


@pytest.mark.parametrize(
    ("figure", "entry", "before", "after"),
    [
        pytest.param(None, NINETY_FIVE, "—", "95 / 100", id="into an empty row"),
        pytest.param(FILLED, Entry(numerator=D(1862), denominator=D(1960)), "95 / 100", "1\u202f862 / 1\u202f960"),
        pytest.param(FILLED, Entry(), "95 / 100", "—", id="emptied"),
        pytest.param(FILLED, Entry(nothing_occurred=True), "95 / 100", "none this quarter", id="none"),
        pytest.param({"nothing_occurred": True}, NINETY_FIVE, "none this quarter", "95 / 100", id="none before"),
        pytest.param(None, Entry(numerator=D(0), denominator=D(3)), "—", "0 / 3", id="a zero"),
        pytest.param(None, Entry(numerator=D(3)), "—", "3 / —", id="half of it"),
    ],
)
def test_a_change_is_shown_from_what_to_what(
    figure: dict[str, object] | None, entry: Entry, before: str, after: str
) -> None:
    view = preview(entry, figure=figure)
    row = view.rows[0]
    assert (row.before, row.after, row.is_change, view.can_apply) == (before, after, True, True)
    assert view.lede == "1 row would change."


@pytest.mark.parametrize("figure", [FILLED, {"nothing_occurred": True}, None], ids=["counts", "none", "empty"])
def test_what_stands_there_already_is_no_change(figure: dict[str, object] | None) -> None:
    view = preview(Entry(**figure or {}), figure=figure)  # type: ignore[arg-type]
    assert (view.rows[0].is_change, view.can_apply, view.lede) == (
        False,
        False,
        "Everything pasted stands here already.",
    )


def test_what_cannot_be_read_is_named_and_stops_the_block() -> None:
    view = preview(None, figure=FILLED)
    row = view.rows[0]
    assert (row.after, row.problems, row.notes) == ("x / 7", ["“x” is not a number."], [])
    assert not view.can_apply
    assert view.lede.startswith("1 row cannot be read; correct it in the sheet")


def test_findings_are_those_of_the_row_as_it_would_be() -> None:
    assert preview(NINETY_FIVE).rows[0].notes != []
    assert preview(NINETY_FIVE).rows[0].row.state == "empty", "the row as it would be, which this table leaves empty"


@pytest.mark.parametrize(
    ("overflow", "words"),
    [
        (0, ""),
        (1, "1 cell lies beyond the form and is left out."),
        (4, "4 cells lie beyond the form and are left out."),
    ],
)
def test_cells_beyond_the_form_are_counted(overflow: int, words: str) -> None:
    assert preview(NINETY_FIVE, overflow=overflow).overflow == words


def test_many_rows_are_counted_and_regions_named() -> None:
    rows = [make_row(1), make_row(2, region=COUNTY), make_row(3, indicator=make_count())]
    read = ReadEntries(
        entries={1: NINETY_FIVE, 2: NINETY_FIVE},
        problems={3: {"value": "No."}},
        typed={1: {}, 2: {}, 3: {"value": "12,3"}},
    )
    view = present_paste(make_grid(*rows), make_grid(*rows), read=read, overflow=0)
    assert [row.name for row in view.rows] == ["Pass rate", "Pass rate · Changzhi County", "Brands"]
    assert view.rows[2].after == "12,3"
    assert view.lede.startswith("1 row cannot be read")
    read.problems, read.entries[3] = {}, Entry(value=D(12))
    assert present_paste(make_grid(*rows), make_grid(*rows), read=read, overflow=0).lede == "3 rows would change."
