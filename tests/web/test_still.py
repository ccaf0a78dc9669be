"""A chart as a still picture: scales, gaps, steps, stems, and when there is nothing to draw."""

import pytest

from qscounty.web.still import HEIGHT, WIDTH, draw_still

NAMES = {"actual": "Actual", "expected": "Expected", "projection": "Trend", "level": "Level", "season": "Season"}


def chart(actual, **fields):
    count = fields.pop("count", len(actual))
    plain = {
        "kind": "line",
        "quarters": [f"Q{n}" for n in range(count)],
        "actual": actual,
        "letters": ["G"] * len(actual),
    }
    return {**plain, "expected": [], "expectedHi": [], "projection": None, "names": NAMES} | fields


def kinds(still):
    return [run.kind for run in still.runs]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(chart([]), id="no quarter"),
        pytest.param(chart([5.0]), id="one quarter"),
        pytest.param(chart([None, None]), id="nothing measured, nothing expected"),
        pytest.param(chart([None, 5.0]), id="one number"),
        pytest.param(chart([float("nan"), float("inf")]), id="no finite number"),
    ],
)
def test_without_two_numbers_there_is_no_picture(given):
    assert draw_still(given) is None


def test_a_gap_parts_the_line_and_has_no_dot():
    still = draw_still(chart([1.0, 2.0, None, 3.0, 4.0]))
    assert kinds(still) == ["actual", "actual"]
    assert len(still.dots) == 4


def test_everything_lies_within_the_picture_and_higher_is_above():
    still = draw_still(chart([1.0, 9.0, 5.0], expected=[4.0, 12.0, -3.0]))
    points = [tuple(map(float, point.split(","))) for run in still.runs for point in run.points.split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    low, high, middle = (float(dot.y) for dot in still.dots)
    assert high < middle < low


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        pytest.param([0.0, 280.0], ["0", "100", "200", "300"], id="days"),
        pytest.param([92.1, 93.4], ["92", "92.5", "93", "93.5"], id="rates"),
        pytest.param([5.0, 5.0], ["4", "6"], id="all the same"),
        pytest.param([0.0, 0.0], ["0", "0.25"], id="all zero"),
        pytest.param([-3.0, 3.0], ["\u22124", "\u22122", "0", "2", "4"], id="both signs"),
    ],
)
def test_the_axis_has_round_numbers_from_below_to_above(values, ticks):
    assert [label.text for label in draw_still(chart(values)).heights] == ticks


def test_a_level_moves_in_steps():
    (run,) = [run for run in draw_still(chart([1.0, 1.0], level=[2.0, 4.0])).runs if run.kind == "level"]
    first, corner, last = (point.split(",") for point in run.points.split())
    assert (corner[0], corner[1]) == (last[0], first[1])


def test_the_projection_leads_from_the_last_value_to_the_end():
    still = draw_still(chart([1.0, 2.0, None], count=5, expected=[3.0] * 5, projection=8.0))
    (run,) = [run for run in still.runs if run.kind == "projection"]
    start, end = run.points.split()
    assert start == f"{still.dots[-1].x},{still.dots[-1].y}"
    assert float(end.split(",")[0]) == pytest.approx(628)


def test_what_starts_again_every_year_has_stems_from_zero_and_bars_instead_of_a_path():
    still = draw_still(chart([63.0, 145.0], kind="bars", expected=[70.0, 140.0]))
    assert kinds(still) == ["actual", "actual", "expected", "expected"]
    assert still.heights[0].text == "0"
    foot = {run.points.split()[0].split(",")[1] for run in still.runs if run.kind == "actual"}
    assert foot == {still.heights[0].at}


def test_the_legend_names_what_is_drawn_alone():
    still = draw_still(chart([1.0, 2.0], expected=[None, None], season=[1.0, 2.0]))
    assert still.legend == [("actual", "Actual"), ("season", "Season")]


def test_of_many_quarters_a_few_are_named():
    assert len(draw_still(chart([float(n) for n in range(40)])).places) <= 6


def test_marks_have_their_shapes():
    still = draw_still(chart([1.0, 2.0], letters=["A", "R"]))
    assert still.dots[0].triangle.count(",") == 3
    assert still.dots[1].square == (f"{float(still.dots[1].x) - 4.5:.1f}", f"{float(still.dots[1].y) - 4.5:.1f}")


def heights(given):
    """Return the words on the left axis from the lowest line to the highest."""
    lines = draw_still(given).heights
    return [label.text for label in sorted(lines, key=lambda label: -float(label.at))]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        pytest.param(chart([0.0, 1.0], answers=["No", "Yes"]), ["No", "Yes"], id="a question has two answers"),
        pytest.param(chart([1.0, 1.0], answers=["No", "Yes"]), ["No", "Yes"], id="also where one was given only"),
        pytest.param(chart([3.0, 1.0, 2.0], isRank=True), ["3", "2", "1"], id="the first place is on top"),
        pytest.param(chart([1.0, 1.0], isRank=True), ["2", "1"], id="always the first"),
        pytest.param(chart([1.0, 90.0], isRank=True), ["93", "70", "47", "24", "1"], id="whole places only"),
    ],
)
def test_places_and_answers_have_lines_of_their_own(given, words):
    assert heights(given) == words
