"""What the pages of entry and review open with, and how they sort the figures: tables of 0, 1, many and all."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from indicators.engine.target import Gap, Rating
from indicators.presenters.checklist import present_checklist
from indicators.presenters.forms import present_forms
from indicators.presenters.grid import present_form, present_groups, present_summary, write_lede
from indicators.presenters.review import present_review
from indicators.presenters.review_list import present_review_list
from indicators.presenters.trail import present_trail
from indicators.presenters.trail import write_lede as write_trail_lede
from indicators.selectors.grid_rows import Grid, GridRow
from indicators.selectors.trail import TrailLine
from tests.unit.entry_rows import (
    CLERK,
    COUNTY,
    FILLED,
    REVIEWER,
    TODAY,
    UNUSUAL,
    WRONG,
    make_count,
    make_grid,
    make_indicator,
    make_row,
    make_window,
)

D = Decimal
EXPLAINED = FILLED | {"explanation": "flood"}
NOON = datetime(2018, 10, 8, 4, 0, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with override("en"):
        yield


def good(pk: int = 1) -> GridRow:
    return make_row(pk, figure=FILLED)


def missing(pk: int = 1) -> GridRow:
    return make_row(pk, gap=Gap.NOT_REPORTED, rating=Rating.GREY)


def unusual(pk: int = 1) -> GridRow:
    return make_row(pk, figure=FILLED, noticed=UNUSUAL)


def wrong(pk: int = 1) -> GridRow:
    return make_row(pk, figure=FILLED, noticed=WRONG)


def disputed(pk: int = 1) -> GridRow:
    return make_row(pk, figure=FILLED | {"version": 2}, typed={"numerator": "9"}, seen=1)


# Entry


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([], "This department reports no figure in this quarter.", id="no figure"),
        pytest.param([good()], "Complete: check and submit. Due October 15, 7 days left.", id="all"),
        pytest.param([missing(), good(2)], "1 figure is missing. Due", id="one missing"),
        pytest.param([missing(), missing(2)], "2 figures are missing. Due", id="none reported"),
        pytest.param([unusual()], "1 needs a word. Due", id="one word"),
        pytest.param([unusual(), unusual(2)], "2 need a word. Due", id="two words"),
        pytest.param([wrong()], "[[1 figure cannot be right]]. Due", id="one wrong"),
        pytest.param([wrong(), wrong(2)], "[[2 figures cannot be right]]. Due", id="two wrong"),
        pytest.param([disputed()], "[[1 figure has two values]]. Due", id="one in dispute is not wrong"),
        pytest.param([disputed(), disputed(2)], "[[2 figures have two values]]. Due", id="two in dispute"),
        pytest.param(
            [wrong(), disputed(2), missing(3), unusual(4)],
            "[[1 figure cannot be right]], [[1 figure has two values]], 1 figure is missing and 1 needs a word. Due",
            id="everything at once",
        ),
        pytest.param([make_row(figure=EXPLAINED, noticed=UNUSUAL)], "Complete", id="explained is done"),
    ],
)
def test_the_form_opens_with_what_is_open_in_it(rows: list[GridRow], said: str) -> None:
    assert write_lede(make_grid(*rows), window=make_window(), today=TODAY).startswith(said)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        pytest.param({"left": 2}, "Due October 10, 2 days left.", id="two days"),
        pytest.param({"left": 1}, "Due October 9, 1 day left.", id="one day"),
        pytest.param({"left": 0}, "Due today.", id="today"),
        pytest.param({"left": -1}, "Due October 7, 1 day ago.", id="late by one day"),
        pytest.param({"left": -3}, "Due October 5, 3 days ago.", id="late"),
        pytest.param({"left": -9, "open_for": -1}, "The quarter is closed.", id="past its last day"),
        pytest.param({"closed_at": NOON}, "The quarter is closed.", id="closed by hand"),
    ],
)
def test_the_form_says_how_long_there_is(window: dict[str, Any], said: str) -> None:
    assert write_lede(make_grid(good()), window=make_window(**window), today=TODAY).endswith(said)


@pytest.mark.parametrize(
    ("status", "said"),
    [("submitted", "Submitted, awaiting review."), ("approved", "Approved: these figures count.")],
)
def test_a_form_on_its_way_says_where_it_is(status: str, said: str) -> None:
    assert write_lede(make_grid(missing(), status=status), window=make_window(), today=TODAY) == said


@pytest.mark.parametrize(
    ("rows", "filled", "share"),
    [([], "0 of 0 filled", 0), ([good(), missing(2)], "1 of 2 filled", 50), ([good()], "1 of 1 filled", 100)],
)
def test_the_foot_counts_what_is_filled(rows: list[GridRow], filled: str, share: int) -> None:
    summary = present_summary(make_grid(*rows), window=make_window(), today=TODAY)
    assert (summary.filled, summary.share) == (filled, share)


def test_rows_stand_under_their_domain_and_region() -> None:
    service = make_indicator(domain="service")
    rows = [good(), good(2), make_row(3, region=COUNTY), make_row(4, indicator=service)]
    groups = present_groups(make_grid(*rows), is_open=True)
    assert [len(group.rows) for group in groups] == [2, 1, 1]
    assert groups[1].title == f"{groups[0].title} · Changzhi County"


@pytest.mark.parametrize(
    ("fields", "window", "notices"),
    [
        pytest.param({}, {}, [], id="an ordinary draft"),
        pytest.param(
            {"status": "returned", "decided_by": REVIEWER, "reason": "Doubtful"},
            {},
            ["Returned by Wang Qiang: Doubtful"],
            id="returned",
        ),
        pytest.param(
            {"status": "reopened", "reason": "Typing error."},
            {},
            ["Reopened: Typing error. The figures approved before count until new ones are approved."],
            id="reopened",
        ),
        pytest.param(
            {},
            {"closed_at": NOON},
            ["The quarter is closed; figures can be read but not changed. For a correction ask the leadership office."],
            id="closed",
        ),
        pytest.param({"is_correction": True}, {"closed_at": NOON}, [], id="a correction in a closed quarter"),
        pytest.param({"status": "approved"}, {"closed_at": NOON}, [], id="approved and closed"),
    ],
)
def test_the_form_says_first_what_one_has_to_know(
    fields: dict[str, Any], window: dict[str, Any], notices: list[str]
) -> None:
    view = present_form(make_grid(good(), **fields), window=make_window(**window), today=TODAY, is_open=True)
    assert view.notices == notices


@pytest.mark.parametrize(
    ("status", "reviewers", "said"),
    [
        ("draft", [REVIEWER], "Reviewed by Wang Qiang after submission"),
        ("draft", [REVIEWER, CLERK], "Reviewed by Wang Qiang and Li Min after"),
        ("draft", [], "Nobody reviews this department's figures yet"),
        ("approved", [REVIEWER], ""),
    ],
)
def test_the_foot_names_who_reviews(status: str, reviewers: list[Any], said: str) -> None:
    grid = make_grid(good(), status=status)
    view = present_form(grid, window=make_window(), today=TODAY, is_open=True, reviewers=reviewers)
    assert view.reviewers.startswith(said) if said else view.reviewers == ""


# The check list


@pytest.mark.parametrize(
    ("rows", "lede", "can_submit"),
    [
        pytest.param([good()], "1 figure is ready to be submitted.", True, id="one"),
        pytest.param([good(), good(2)], "2 figures are ready to be submitted.", True, id="all"),
        pytest.param([missing()], "1 figure has to be seen to", False, id="missing"),
        pytest.param([wrong(), disputed(2), unusual(3)], "3 figures have to be seen to", False, id="each kind once"),
        pytest.param([make_row(figure=EXPLAINED, rating=Rating.RED)], "1 figure is ready", True, id="explained"),
        pytest.param([], "0 figures are ready to be submitted.", False, id="nothing to submit"),
    ],
)
def test_the_check_list_says_whether_one_can_submit(rows: list[GridRow], lede: str, can_submit: bool) -> None:
    check = present_checklist(make_grid(*rows))
    assert check.lede.startswith(lede)
    assert check.can_submit is can_submit


def test_the_check_list_names_each_figure_once_and_what_to_do() -> None:
    rows = [disputed(1), wrong(2), unusual(3), missing(4), make_row(5, figure=EXPLAINED, noticed=UNUSUAL), make_row(6)]
    items = present_checklist(make_grid(*rows)).items
    assert [(item.title, [row.pk for row in item.rows]) for item in items] == [
        ("Two values: choose one", [1]),
        ("Cannot be right: correct these first", [2]),
        ("Wants a word beside the cell", [3]),
        ("Missing: enter it, or write why", [4]),
        ("Explained; the reviewer reads it", [5]),
        ("Empty; not needed this quarter", [6]),
    ]
    assert "while Li Min typed 9 / —" in items[0].rows[0].words
    assert items[4].rows[0].words == "flood"


def test_a_done_line_is_ticked_and_a_long_one_cut() -> None:
    done = present_checklist(make_grid(good())).items
    assert [item.shape for item in done] == ["✓", "✓", "✓"]
    item = present_checklist(make_grid(*(missing(pk) for pk in range(1, 14)))).items[2]
    assert (len(item.shown), item.more) == (10, "and 3 more")
    assert present_checklist(make_grid(missing())).items[2].more == ""


# Review


def changed(pk: int = 1) -> GridRow:
    return make_row(pk, figure=FILLED, approved=FILLED | {"numerator": D(94)})


def unchanged(pk: int = 1, **fields: Any) -> GridRow:
    return make_row(pk, figure=FILLED, approved=FILLED, **fields)


def submitted(*rows: GridRow) -> Grid:
    return make_grid(*rows, status="submitted", submitted_by=CLERK, submitted_at=NOON)


@pytest.mark.parametrize(
    ("rows", "lede"),
    [
        pytest.param([good()], "1 figure, nothing unusual.", id="one, fine"),
        pytest.param([good(), good(2)], "2 figures, nothing unusual.", id="all fine"),
        pytest.param([changed(), unchanged(2)], "2 figures: 1 figure was changed.", id="one changed"),
        pytest.param([changed(), changed(2)], "2 figures: 2 figures were changed.", id="all changed"),
        pytest.param([unusual(), good(2)], "2 figures: 1 wants a look.", id="one unusual"),
        pytest.param(
            [changed(), unusual(2), missing(3)], "3 figures: 1 figure was changed and 2 want a look.", id="both"
        ),
    ],
)
def test_the_review_opens_with_what_changed_and_what_is_unusual(rows: list[GridRow], lede: str) -> None:
    assert present_review(submitted(*rows)).lede == lede


def test_differences_come_first_then_findings_then_the_rest_folded() -> None:
    view = present_review(submitted(unchanged(1), unusual(2), changed(3), missing(4)))
    assert [(section.title, [line.row.pk for line in section.rows]) for section in view.sections] == [
        ("Different from what was approved before", [3]),
        ("Unusual, missing or behind", [2, 4]),
        ("Unchanged, nothing unusual", [1]),
    ]
    assert [section.is_folded for section in view.sections] == [False, False, True]
    assert (view.has_before, view.columns) == (True, 8)
    line = view.sections[0].rows[0]
    assert (line.before, line.now, line.seen) == ("94 / 100", "95 / 100", "3:1")


def test_a_first_review_folds_nothing_and_has_no_column_of_before() -> None:
    view = present_review(submitted(good(1), missing(2)))
    assert [section.title for section in view.sections] == ["Unusual, missing or behind", "Nothing unusual"]
    assert not any(section.is_folded for section in view.sections)
    assert (view.has_before, view.columns) == (False, 7)


@pytest.mark.parametrize(
    ("rows", "progress", "settle", "settled"),
    [
        pytest.param([good(1), good(2)], "", "Check off the 2 with nothing unusual", "1:1 2:1", id="first review"),
        pytest.param([unchanged(1), changed(2)], "", "Check off the 1 unchanged", "1:1", id="one unchanged"),
        pytest.param([unchanged(1), unchanged(2)], "", "Check off all 2 unchanged", "1:1 2:1", id="all unchanged"),
        pytest.param(
            [unchanged(1, is_checked=True), unchanged(2)],
            "Checked: 1 of 2; look at the others.",
            "Check off the 1 unchanged",
            "2:1",
            id="half done",
        ),
        pytest.param(
            [unchanged(1, is_checked=True)], "Every figure is checked. Approve the form.", "", "", id="all done"
        ),
        pytest.param([unusual(1)], "", "", "", id="nothing to do at once"),
    ],
)
def test_what_can_be_checked_off_at_once(rows: list[GridRow], progress: str, settle: str, settled: str) -> None:
    view = present_review(submitted(*rows))
    assert (view.progress, view.settle, view.settled) == (progress, settle, settled)


@pytest.mark.parametrize(
    ("row", "remarks", "is_bare"),
    [
        (good(), {}, True),
        (good(), {1: "Check"}, False),
        (unusual(), {}, False),
        (make_row(figure=EXPLAINED), {}, False),
        (missing(), {}, False),
    ],
    ids=["nothing", "a remark", "a finding", "a word", "a word is wanted"],
)
def test_a_row_of_which_nothing_is_said_is_one_line_high(row: GridRow, remarks: dict[int, str], is_bare: bool) -> None:
    view = present_review(submitted(row), remarks=remarks)
    assert view.sections[0].rows[0].is_bare is is_bare


def test_the_line_beneath_says_who_handed_in_or_approved() -> None:
    assert present_review(submitted(good())).sub.endswith("submitted by Li Min on 2018-10-08 12:00")
    approved = make_grid(good(), status="approved", decided_by=REVIEWER, decided_at=NOON)
    assert present_review(approved).sub.endswith("approved by Wang Qiang on 2018-10-08 12:00")
    assert present_review(make_grid(good())).lede == "Not submitted: nothing to review yet."


# The lists, and the trail


@pytest.mark.parametrize(
    ("waiting", "said"), [(0, "Nothing waits for your review."), (1, "1 form waits"), (2, "2 forms wait")]
)
def test_the_list_of_reviews_counts_what_waits(waiting: int, said: str) -> None:
    forms = [submitted(good()).submission for _ in range(waiting)]
    assert present_review_list(forms, []).lede.startswith(said)


def test_no_form_waits_for_a_person_without_any() -> None:
    assert present_forms([]).lede == "Nothing waits for you: every open form is on its way."


def test_the_trail_opens_with_who_did_what_last() -> None:
    row = make_row(indicator=make_count(), figure={"value": D(12)})
    indicator = row.series.indicator
    lines = present_trail(
        [
            TrailLine(at=NOON, act="approve", person=REVIEWER),
            TrailLine(at=NOON, act="enter", person=CLERK, after=row.figure),
        ],
        indicator=indicator,
    )
    assert write_trail_lede(lines, indicator=indicator) == "Brands: last approved by Wang Qiang at 2018-10-08 12:00."
    assert write_trail_lede([], indicator=indicator) == "Brands: nothing has happened to this figure yet."
    assert [(line.act, line.change) for line in lines] == [("approved", ""), ("entered", "12")]
