"""The progress board and the notices in words: 0, 1, many and all; late, handed in late, and gone. No database."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils.translation import override

from departments.models import Department
from indicators.engine.period import Quarter
from indicators.models import Notice, NoticeKind
from indicators.notice_words import write_notice, write_title
from indicators.presenters.progress import present_board
from indicators.selectors.progress import Board, BoardCell
from tests.unit.entry_rows import CITY, PROGRAMME, QUARTER, make_submission, make_window

NOON = datetime(2018, 10, 8, 4, 0, tzinfo=UTC)
NAMES = {pk: f"Department {pk}" for pk in range(1, 8)}


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with override("en"):
        yield


def department(pk: int) -> Department:
    words = {"name_zh": f"部门{pk}", "short_zh": f"部门{pk}", "name_en": NAMES[pk], "short_en": f"D{pk}"}
    return Department(pk=pk, region=CITY, **words)


def stand(status: str | None, **fields: Any) -> BoardCell:
    """Return a cell of the board; no status: not begun."""
    given = {"is_late": False, "was_late": False, "filled": 3, "asked": 5} | fields
    return BoardCell(submission=None if status is None else make_submission(status), **given)


def board(*cells: BoardCell | None, windows: int = 1) -> Board:
    """Return the board of one quarter, a department for each cell; None: nothing is asked of it."""
    quarters = [make_window() for _ in range(windows)]
    return Board(
        programme=PROGRAMME,
        windows=quarters,
        departments=[department(pk) for pk in range(1, len(cells) + 1)],
        cells={(pk, QUARTER): cell for pk, cell in enumerate(cells, start=1) if cell is not None and windows},
    )


def show(given: Board, *, links: bool = True, can_close: bool = True) -> Any:
    return present_board(given, programmes=[PROGRAMME], links=links, can_close=can_close)


DONE, OPEN = stand("approved"), stand("draft")
LATE = stand("draft", is_late=True)


@pytest.mark.parametrize(
    ("cells", "lede", "missing"),
    [
        pytest.param([], "Q3 2018: no department is asked for figures.", 0, id="nobody is asked"),
        pytest.param([None], "Q3 2018: no department is asked for figures.", 0, id="nothing is asked"),
        pytest.param([DONE], "Q3 2018: the one department has reported.", 0, id="the only one has"),
        pytest.param([DONE, DONE], "Q3 2018: all 2 departments have reported.", 0, id="all have"),
        pytest.param([OPEN], "Q3 2018: [[1 of 1 department has not reported]].", 1, id="the only one has not"),
        pytest.param([DONE, OPEN], "Q3 2018: [[1 of 2 departments have not reported]].", 1, id="one has not"),
        pytest.param([stand("submitted"), stand(None)], "Q3 2018: [[1 of 2 departments have not", 1, id="not begun"),
        pytest.param([LATE, DONE], "have not reported]]. Past the date: D1.", 1, id="one is late"),
        pytest.param([LATE, LATE], "Past the date: D1 and D2.", 2, id="two are late"),
        pytest.param([LATE] * 5, "Past the date: D1, D2, D3, D4 and D5.", 5, id="five are named"),
        pytest.param([LATE] * 6, "6 are past the date.", 6, id="six are counted"),
    ],
)
def test_the_board_opens_with_who_has_not_reported(cells: list[BoardCell | None], lede: str, missing: int) -> None:
    view = show(board(*cells))
    assert lede in view.lede
    assert view.missing == missing


def test_a_board_without_quarters_says_so() -> None:
    view = show(board(DONE, windows=0))
    assert view.lede == "No quarter of this programme has opened yet."
    assert (view.closing, view.missing, view.quarters) == (None, 0, [])


@pytest.mark.parametrize(
    ("cell", "kind", "shape", "word", "late"),
    [
        pytest.param(stand(None), "none", "○", "Not begun", "", id="not begun"),
        pytest.param(stand("draft"), "draft", "…", "Draft", "", id="draft"),
        pytest.param(stand("submitted"), "submitted", "→", "Submitted", "", id="submitted"),
        pytest.param(stand("returned"), "returned", "↩", "Returned", "", id="returned"),
        pytest.param(stand("reopened"), "reopened", "↺", "Reopened", "", id="reopened"),
        pytest.param(stand("withdrawn"), "withdrawn", "↩", "Withdrawn", "", id="withdrawn"),
        pytest.param(stand("approved"), "approved", "✓", "Approved", "", id="approved"),
        pytest.param(stand("draft", is_late=True), "late", "!", "Draft", "late", id="late"),
        pytest.param(stand(None, is_late=True), "late", "!", "Not begun", "late", id="late and not begun"),
        pytest.param(stand("approved", was_late=True), "approved", "✓", "Approved", "handed in late", id="was late"),
    ],
)
def test_a_cell_has_shape_word_and_count(cell: BoardCell, kind: str, shape: str, word: str, late: str) -> None:
    shown = show(board(cell)).rows[0][1][0]
    assert (shown.kind, shown.shape, shown.word, shown.late) == (kind, shape, word, late)
    assert shown.filled == "3 / 5"


@pytest.mark.parametrize(
    ("links", "cell", "leads"), [(True, OPEN, True), (False, OPEN, False), (True, stand(None), False)]
)
def test_a_cell_leads_to_its_form_where_there_is_one_to_open(links: bool, cell: BoardCell, leads: bool) -> None:
    assert bool(show(board(cell), links=links).rows[0][1][0].url) is leads


@pytest.mark.parametrize(
    ("can_close", "closed", "closing"), [(True, None, True), (False, None, False), (True, NOON, False)]
)
def test_only_the_office_reminds_and_only_while_the_quarter_is_open(
    can_close: bool, closed: datetime | None, closing: bool
) -> None:
    given = board(OPEN)
    given.windows[0].closed_at = closed
    view = show(given, can_close=can_close)
    assert (view.closing is not None) is closing
    assert view.quarters == [("Q3 2018", "closed" if closed else "due 10-15")]


# Notices


def notice(kind: NoticeKind, *, office: bool = False, **fields: Any) -> Notice:
    given = {"programme": PROGRAMME, "quarter": Quarter.parse("2018Q3"), "due_on": date(2018, 10, 15)}
    return Notice(kind=kind, department=None if office else department(1), **given | fields)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (NoticeKind.OPENED, "Department 1 can enter its figures now; they are due on"),
        (NoticeKind.HALF_TIME, "Half of the time is over: Department 1 has not handed in yet, due on"),
        (NoticeKind.DAY_BEFORE, "The figures of Department 1 are not handed in yet and due on"),
        (NoticeKind.OVERDUE, "The figures of Department 1 were due on"),
        (NoticeKind.ASKED, "The leadership office asks Department 1 for its figures, due on"),
    ],
)
def test_a_clerks_notice_says_whose_figures_and_until_when(kind: NoticeKind, words: str) -> None:
    said = write_notice(notice(kind), names={})
    assert said.startswith(words)
    assert "15" in said
    assert write_notice(notice(kind, is_review=True), names={}).startswith("The figures of Department 1 wait for your")


def test_every_kind_has_its_sentence() -> None:
    assert {write_notice(notice(kind), names={}) for kind in NoticeKind} != {""}
    assert write_title(notice(NoticeKind.OPENED)) == "Plan, Q3 2018"


@pytest.mark.parametrize(
    ("late", "words"),
    [
        ([1], "1 department has not handed in; it was due on 15 October 2018. (Department 1)"),
        (
            [1, 2],
            "2 departments have not handed in; they were due on 15 October 2018. (Department 1 and Department 2)",
        ),
        ([1, 2, 3, 4, 5, 6], "6 departments have not handed in; they were due on 15 October 2018."),
        ([99], "1 department has not handed in; it was due on 15 October 2018."),
    ],
    ids=["one", "two", "six are counted", "one that is gone"],
)
def test_an_offices_notice_counts_and_names_the_late(late: list[int], words: str) -> None:
    assert write_notice(notice(NoticeKind.OVERDUE, office=True, late_departments=late), names=NAMES) == words
