"""What lets a workbook be large: a few bytes a result beside the sheet, and entries that may pass 2 GB. No database."""

import io
import math
import zipfile
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook

from indicators.engine.rollup import Outcome
from indicators.engine.target import Gap, Rating
from reports.exports import charts, package, tally
from reports.exports.layout import COUNTERS
from reports.exports.lists import list_unreported, write_cells
from reports.exports.package import Package
from reports.exports.pages import Cell
from reports.exports.rollups import EVERYTHING, Line, RollUpPlan, sum_lines
from reports.exports.sheet_xml import row, text_cell
from reports.exports.styles import Styles
from reports.exports.tally import LISTED, Tally

AT = datetime(2018, 10, 18, tzinfo=UTC)


def result(rating=Rating.GREEN, gap=Gap.NONE, ratio=1.0, **fields):
    given = {"weight": 1.0, "is_veto": False, "region_id": 7, "department_id": 8, "domain": "product"}
    return SimpleNamespace(rating=rating, gap=gap, ratio=ratio, **(given | fields))


def fill(*results):
    found = Tally()
    for number, one in enumerate(results, start=1):
        found.add(one, {"number": number, "name": f"n{number}", "helper": 1})
    return found


RED, NONE = {"rating": Rating.RED, "ratio": 0.5}, {"rating": Rating.GREY, "gap": Gap.NOT_REPORTED, "ratio": None}


@pytest.mark.parametrize(
    ("results", "counts", "listed"),
    [
        pytest.param([], (0, 0), (0, 0), id="nothing"),
        pytest.param([{}] * 3, (0, 0), (0, 0), id="all met: nothing is listed"),
        pytest.param([RED, {}, NONE, RED], (2, 1), (2, 1), id="red and not reported, each in its list"),
        pytest.param([RED] * 21, (21, 0), (20, 0), id="the summary shows a few of the reds, all are counted"),
        pytest.param([NONE] * 500, (0, 500), (0, 500), id="whoever did not report is listed, however many"),
        pytest.param([{"rating": Rating.GREY, "gap": Gap.NOT_DUE, "ratio": None}], (0, 0), (0, 0), id="not due"),
    ],
)
def test_rows_are_counted_and_kept_where_a_list_shows_them(results, counts, listed):
    found = fill(*(result(**fields) for fields in results))
    assert len(found) == len(results)
    assert tuple(found.counts[key] for key in ("red_count", "unreported_count")) == counts
    assert tuple(len(found.listed[key]) for key in ("red_count", "unreported_count")) == listed
    assert set(found.counts) == set(COUNTERS)


def test_a_kept_row_holds_what_the_lists_take_over_and_no_more():
    kept = fill(result(), result(**RED)).listed["red_count"]
    assert [(one["number"], one["name"]) for one in kept] == [(2, "n2")]
    assert set(kept[0]) == set(LISTED)


def test_columns_are_what_the_engine_adds_up():
    columns = fill(result(ratio=0.75, weight=2.0), result(**RED, is_veto=True), result(**NONE, weight=0.0)).columns
    assert columns["rating"].tolist() == [Rating.GREEN, Rating.RED, Rating.GREY]
    assert columns["gap"].tolist() == [Gap.NONE, Gap.NONE, Gap.NOT_REPORTED]
    assert columns["ratio"][:2].tolist() == [0.75, 0.5]
    assert math.isnan(columns["ratio"][2])
    assert columns["weight"].tolist() == [2.0, 1.0, 0.0]
    assert columns["veto"].tolist() == [False, True, False]
    assert {name: column.dtype for name, column in columns.items()} == {
        "rating": np.int8, "gap": np.int8, "ratio": np.float64, "weight": np.float64, "veto": np.bool_,
    }  # fmt: skip


def test_a_result_takes_a_few_bytes():
    found = fill(*(result(region_id=n) for n in range(1000)))
    arrays = [value for value in vars(found).values() if hasattr(value, "itemsize")]
    assert sum(each.itemsize for each in arrays) <= 40
    assert all(len(each) == 1000 for each in arrays)


LINES = (
    Line(name="市", criterion=EVERYTHING, members=frozenset({1, 2, 3}), is_total=True),
    Line(name="县1", criterion="1*", members=frozenset({1})),
    Line(name="县2", criterion="2*", members=frozenset({2})),
    Line(name="县4", criterion="4*", members=frozenset({4})),
)


def test_a_line_is_the_sum_of_its_members_and_nothing_of_others():
    found = fill(result(region_id=1), result(**RED, region_id=1), result(**NONE, region_id=2), result(region_id=3))
    plan = RollUpPlan(sheet="x", heading="地区", key="region_key", lines=LINES)
    sums = sum_lines(plan, found.regions, found.columns)
    names = (Outcome.GREEN, Outcome.RED, Outcome.NOT_REPORTED)
    assert [[int(line[name]) for name in names] for line in sums.counts] == [[2, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]


def test_the_list_of_who_did_not_report_is_written_row_by_row():
    found = fill(*(result(**NONE) for _each in range(3)))
    rows = list_unreported(found.listed["unreported_count"], Styles(Workbook()), rows=3)
    assert iter(rows) is rows  # a generator: no second copy of the list
    assert [line[0].value for line in rows] == [1, 2, 3]


def test_cells_are_written_from_a_stream():
    written = list(write_cells(([Cell(0, f"t{n}")] for n in range(2)), [10.0]))
    assert [">t0<" in written[0], ">t1<" in written[1]] == [True, True]


@pytest.mark.parametrize("draw", [charts.chart_ratings, charts.chart_scores])
def test_every_bar_of_a_chart_has_its_name(draw):
    book = Workbook()
    book.active.title = "分地区"
    plan = RollUpPlan(sheet="分地区", heading="地区", key="region_key", lines=LINES)
    axis = draw(book.active, plan, title="得分").x_axis
    assert axis.tickLblSkip == 1
    assert axis.txPr.p[0].pPr.defRPr.sz == 800


# ----------------------------------------------------------------------------- entries beyond 2 GB


def write(rows, *, count):
    file, book = io.BytesIO(), Workbook()
    made = Package(book, file, at=AT)
    lines = (row(n, [text_cell(f"A{n}", 0, f"行{n}")]) for n in range(1, rows + 1))
    made.write_sheet("Sheet", lines, count=count, span=f"A1:A{rows}")
    made.close()
    return file


@pytest.fixture
def small_limit(monkeypatch):
    """Let an entry be huge from 20 kB on, instead of from 2 GB."""
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 20_000)


@pytest.mark.usefixtures("small_limit")
def test_a_sheet_of_many_rows_may_pass_what_plain_entries_hold():
    file = write(500, count=package._HUGE)
    assert load_workbook(file)["Sheet"]["A500"].value == "行500"


@pytest.mark.usefixtures("small_limit")
def test_control_a_plain_entry_cannot():
    with pytest.raises(RuntimeError, match="too large"):
        write(500, count=500)


def test_a_sheet_of_the_usual_size_stays_a_plain_entry():
    plain, huge = write(5, count=5).getvalue(), write(5, count=package._HUGE).getvalue()
    assert len(plain) < len(huge)
    assert write(5, count=package._HUGE - 1).getvalue() == plain


def test_more_is_kept_than_the_summary_lists():
    from reports.exports.summary import MOST_LISTED, SPARE

    assert tally.MOST_KEPT["red_count"] >= MOST_LISTED + SPARE
