"""The robust trend: equal to a slow reference, blind to single slips, silent on short series (rules section 5)."""

from itertools import combinations
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from indicators.engine import trend

NAN = float("nan")


def slow_projection(values, at):
    """Sen (1968), written out for one series: pairs of the last eight quarters, medians of the standard library."""
    start = max(0, len(values) - 8)
    points = [(column, value) for column, value in enumerate(values) if column >= start and not np.isnan(value)]
    if len(points) < 4:
        return NAN
    slope = median((later - earlier) / (b - a) for (a, earlier), (b, later) in combinations(points, 2))
    return median(value - slope * column for column, value in points) + slope * at


def one(values, at):
    return float(trend.project(np.array([values], dtype=float), np.array([at]))[0])


figures = st.floats(-1e6, 1e6).map(lambda value: round(value, 3)) | st.just(NAN)
panels = hnp.array_shapes(min_dims=2, max_dims=2, max_side=13).flatmap(
    lambda shape: hnp.arrays(np.float64, shape, elements=figures)
)


@given(values=panels, ahead=st.integers(0, 20))
def test_project_equals_the_slow_reference(values, ahead):
    at = values.shape[1] - 1 + ahead
    expected = [slow_projection(row, at) for row in values]
    projected = trend.project(values, np.full(len(values), at))
    np.testing.assert_allclose(projected, expected, rtol=1e-9, atol=1e-6)


@pytest.mark.parametrize(
    ("values", "at", "expected"),
    [
        pytest.param([1, 2, 3, 4], 7, 8.0, id="§5 a straight line goes on"),
        pytest.param([5, 5, 5, 5], 100, 5.0, id="§5 a level stays"),
        pytest.param([4, 3, 2, 1], 4, 0.0, id="§5 falling"),
        pytest.param([1, 2, 3, 4], 3, 4.0, id="§5 at the last quarter itself"),
        pytest.param([1, NAN, 3, NAN, 5, 6], 7, 8.0, id="§5 gaps count as time, not as zero"),
        pytest.param([1, 2, 3], 7, NAN, id="§5 at least four"),
        pytest.param([NAN, 2, 3, 4, NAN], 7, NAN, id="§5 three of five"),
        pytest.param([NAN] * 8, 9, NAN, id="§5 nothing reported"),
        pytest.param([1, 2, 3, 4] + [NAN] * 5, 9, NAN, id="§5 only the last eight quarters"),
        pytest.param([99, 1, 2, 3, 4, 5, 6, 7, 8], 9, 9.0, id="§5 the ninth quarter back is forgotten"),
        pytest.param([1, 2, 3, 4, 5, 6, 7, 800], 8, 9.0, id="§5 one slip of the pen does not move it"),
        pytest.param([1, 200, 3, 4, 5, -600, 7, 8], 8, 9.0, id="§5 nor do two"),
        pytest.param([92.1, 92.4, 92.7, 93.0], 6, 93.9, id="§5 decimals"),
    ],
)
def test_project_series(values, at, expected):
    assert one(values, at) == pytest.approx(expected, nan_ok=True)


def test_a_least_squares_line_would_have_been_moved():
    """Negative control: the slip that Theil-Sen ignores throws an ordinary regression far off."""
    values = np.array([1, 2, 3, 4, 5, 6, 7, 800], dtype=float)
    slope, intercept = np.polyfit(np.arange(8), values, 1)
    assert slope * 8 + intercept > 400


def test_fit_gives_slope_a_quarter_and_level_at_the_last_column():
    fitted = trend.fit(np.array([[10.0, 12.0, 14.0, 16.0], [NAN, NAN, NAN, 1.0]]))
    np.testing.assert_allclose(fitted.slope, [2.0, NAN])
    np.testing.assert_allclose(fitted.level, [16.0, NAN])


def test_each_row_is_projected_to_its_own_due_quarter():
    values = np.tile([1.0, 2.0, 3.0, 4.0], (3, 1))
    np.testing.assert_allclose(trend.project(values, np.array([3, 4, 11])), [4.0, 5.0, 12.0])


@pytest.mark.parametrize("shape", [(0, 0), (0, 40), (3, 0), (1, 1)])
def test_empty_batches_have_empty_answers(shape):
    values = np.full(shape, np.nan)
    at = np.zeros(shape[0])
    assert trend.project(values, at).shape == (shape[0],)
    assert np.isnan(trend.project(values, at)).all()


def test_the_figures_are_left_as_they_were():
    values = np.array([[3.0, NAN, 1.0, 2.0, 5.0]])
    before = values.copy()
    trend.project(values, np.array([9]))
    np.testing.assert_array_equal(values, before)


@settings(max_examples=30)
@given(shift=st.integers(-1000, 1000), values=hnp.arrays(np.float64, (4, 9), elements=st.integers(-500, 500)))
def test_a_shift_of_the_series_shifts_the_projection(shift, values):
    at = np.full(4, 12)
    np.testing.assert_allclose(
        trend.project(values + shift, at), trend.project(values, at) + shift, rtol=1e-9, atol=1e-9
    )
