"""The geometry of the pictures that the server draws."""

import itertools

import pytest

from qscounty.web.svg import BAR_WIDTH, draw_bar, draw_line


@pytest.mark.parametrize(
    "counts",
    [
        {"green": 41, "amber": 7, "red": 5, "grey": 2},
        {"green": 1, "grey": 9999},
        {"red": 1},
        {"green": 3, "amber": 3, "red": 3},
    ],
)
def test_a_bar_fills_its_width_without_overlap(counts):
    segments = draw_bar(counts)
    assert segments[0].x == 0
    assert segments[-1].x + segments[-1].width == BAR_WIDTH
    assert all(left.x + left.width < right.x for left, right in itertools.pairwise(segments))
    assert len(segments) == sum(count > 0 for count in counts.values())


def test_a_bar_of_nothing_is_empty():
    assert draw_bar({}) == []
    assert draw_bar({"green": 0, "red": 0}) == []


def test_the_smallest_share_stays_visible_and_keeps_its_colour():
    segments = draw_bar({"green": 1, "grey": 9999})
    assert [segment.fill for segment in segments] == ["g", "n"]
    assert segments[0].width == 8


def test_a_line_is_parted_where_a_value_is_absent():
    line = draw_line([1.0, None, 2.0, 3.0])
    assert [len(run.split()) for run in line.runs] == [1, 2]
    assert line.last == ("93.0", "3.0")


def test_a_line_of_equal_values_is_level_and_of_none_empty():
    assert {point.split(",")[1] for point in draw_line([5.0, 5.0]).runs[0].split()} == {"12.0"}
    assert draw_line([]).runs == draw_line([None, float("nan")]).runs == []
    assert draw_line([None]).last is None
