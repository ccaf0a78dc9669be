"""Medians by row and by group, against numpy's own."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from indicators.engine.robust import count_by_group, median, median_by_group, modified_z

NAN = float("nan")
numbers = st.integers(-50, 50).map(float) | st.just(NAN)


@given(rows=hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=numbers))
def test_median_equals_the_median_of_the_numbers_of_a_row(rows):
    expected = [np.median(row[~np.isnan(row)]) if (~np.isnan(row)).any() else NAN for row in rows]
    np.testing.assert_array_equal(median(rows), expected)


def test_median_of_no_column_is_absent():
    assert np.isnan(median(np.empty((3, 0)))).all()
    assert median(np.empty((0, 4))).shape == (0,)


@given(data=st.data(), n=st.integers(0, 30))
def test_medians_by_group_equal_medians_of_the_groups(data, n):
    values = data.draw(hnp.arrays(np.float64, n, elements=numbers))
    group = data.draw(hnp.arrays(np.int64, n, elements=st.integers(-1, 4)))
    medians, counts = median_by_group(values, group), count_by_group(values, group)
    for row in range(n):
        members = values[(group == group[row]) & ~np.isnan(values)]
        assert counts[row] == len(members)
        np.testing.assert_array_equal(medians[row], np.median(members) if len(members) else NAN)


def test_modified_z_has_a_floor_and_a_sign():
    z = modified_z(
        np.array([5.0, 1.0, 3.0, 4.0, NAN, 3.0]),
        centre=np.full(6, 3.0),
        spread=np.array([1.0, 1.0, 0.0, 0.0, 1.0, 0.0]),
        spread_at_least=np.array([0.1, 0.1, 0.0, 0.5, 0.1, 0.1]),
    )
    np.testing.assert_allclose(z, [2 / 1.4826, -2 / 1.4826, 0.0, 2.0, NAN, 0.0])
