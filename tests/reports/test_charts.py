"""What the charts draw is what the table beneath says; absence is null, never 0."""

import pytest
from django.utils import translation

from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Gap, Path, Rating, Scale, TargetColumns
from reports.charts import draw_trajectory, draw_trend, falls_back, find_projection
from reports.presenters import TrendRow
from tests.reports.factories import cell_of, gap_of, rate_target, result_of, target_of


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def columns_of(target, **columns):
    return TargetColumns.of(
        1,
        **{
            "first_quarter": target.first_quarter.ordinal,
            "due_quarter": target.due_quarter.ordinal,
            "level": float(target.level),
            "path": target.path,
            "window": target.window,
            "accumulation": target.accumulation,
            "comparator": target.comparator,
        }
        | columns,
    )


Q1_2017 = Quarter.of(2017, 1)


def rates(*values, first=Q1_2017):
    target = rate_target()
    return [
        gap_of(Gap.NOT_REPORTED, target, quarter=first + place)
        if value is None
        else result_of(target, quarter=first + place, measured=value, expected=93.0, rating=Rating.GREEN.value)
        for place, value in enumerate(values)
    ]


def test_absent_values_are_null_and_colours_have_words():
    results = rates(93.0, None, 94.12345678)
    drawn = draw_trajectory(results[0].target, results, columns=columns_of(results[0].target), projection=None)
    assert drawn["actual"] == [93.0, None, 94.1235]
    assert (drawn["letters"], drawn["words"]) == (["G", "N", "G"], ["On target", "Not reported", "On target"])
    assert drawn["kind"] == "line"


def test_of_a_question_the_answers_are_named_and_no_unit():
    asked = {"scale": Scale.YES_NO.value, "unit_zh": "是（1）否（0）"}
    target = target_of(indicator=asked, path=Path.AT_DUE.value, accumulation=Accumulation.LAST.value)
    drawn = draw_trajectory(target, [result_of(target, measured=1.0)], columns=columns_of(target), projection=None)
    assert (drawn["answers"], drawn["unit"], drawn["actual"]) == (["No", "Yes"], "", [1.0])
    assert draw_trajectory(target_of(), [], columns=columns_of(target_of()), projection=None)["answers"] == []


def test_only_a_rank_is_drawn_with_the_first_on_top():
    for basis, is_rank in ((Basis.RANK, True), (Basis.LEVEL, False)):
        target = rate_target(basis=basis.value)
        assert draw_trajectory(target, [], columns=columns_of(target), projection=None)["isRank"] is is_rank


def test_the_expected_path_goes_on_to_the_due_quarter():
    results = rates(93.0, 93.0)
    drawn = draw_trajectory(results[0].target, results, columns=columns_of(results[0].target), projection=None)
    assert drawn["quarters"][0] == "Q1 2017"
    assert drawn["quarters"][-1] == "Q4 2020"
    assert drawn["expected"] == [93.0] * 16
    assert drawn["expectedHi"] == [None] * 16


def test_a_sum_of_the_year_is_drawn_as_bars_with_quarterly_marks():
    target = target_of()
    results = [result_of(target, quarter=Quarter.of(2020, n), expected=70.0 * n) for n in (1, 2, 3, 4)]
    drawn = draw_trajectory(target, results, columns=columns_of(target), projection=None)
    assert drawn["kind"] == "bars"
    assert drawn["expected"] == [70.0, 140.0, 210.0, 280.0]


def test_what_was_expected_is_what_the_results_say_and_the_path_goes_on_from_there():
    """A learned season, an edition's level: what the rating went by, whatever the plan says today."""
    target = target_of()
    results = [result_of(target, quarter=Quarter.of(2020, n), expected=28.0 * n) for n in (1, 2)]
    drawn = draw_trajectory(target, results, columns=columns_of(target), projection=None)
    assert drawn["expected"] == [28.0, 56.0, 210.0, 280.0]


def test_a_projection_needs_four_quarters_and_a_due_date_ahead():
    results = rates(90.0, 91.0, 92.0, 93.0)
    projection = find_projection(results[0].target, results)
    assert projection is not None
    assert projection.quarter == Quarter.of(2020, 4)
    assert projection.value == pytest.approx(105.0)
    assert projection.text == "105.0%"
    assert find_projection(results[0].target, results[:3]) is None
    assert find_projection(results[0].target, []) is None
    late = rates(90.0, 91.0, 92.0, 93.0, first=Quarter.of(2020, 1))
    assert find_projection(late[0].target, late) is None


def test_a_sum_that_starts_again_has_no_trend():
    target = target_of()
    assert falls_back(target)
    assert find_projection(target, [result_of(target)] * 5) is None
    assert not falls_back(rate_target(path=Path.LINEAR.value))


def test_nothing_yet_draws_nothing():
    target = rate_target()
    drawn = draw_trajectory(target, [], columns=columns_of(target), projection=None)
    assert drawn["quarters"] == drawn["actual"] == []


def test_the_trend_of_scores_leaves_out_what_is_not_rated():
    rows = [
        TrendRow("Q1", cell_of(1, score=90.0), "90.0", "100%", False, "2018Q1"),
        TrendRow("Q2", cell_of(not_reported=1), "—", "0%", True, "2018Q2"),
    ]
    drawn = draw_trend(rows)
    assert (drawn["actual"], drawn["letters"]) == ([90.0, None], ["G", "N"])
