"""The network's medians, against numpy's, and the network itself, against every order of 0 and 1."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from indicators.engine.median_network import comparators, median_of_columns

NAN = float("nan")
numbers = st.integers(-9, 9).map(float) | st.just(NAN)


@given(rows=hnp.arrays(np.float64, st.tuples(st.integers(1, 28), st.integers(0, 5)), elements=numbers))
def test_medians_equal_the_medians_of_the_numbers_there_are(rows):
    present = [column[~np.isnan(column)] for column in rows.T]
    expected = [np.median(column) if len(column) else NAN for column in present]
    np.testing.assert_array_equal(median_of_columns(rows), expected)


@pytest.mark.parametrize("k", range(1, 15))
def test_every_sequence_of_noughts_and_ones_is_sorted(k):
    """Knuth's 0-1 principle: a network that is right for these is right for all numbers."""
    places = list(np.array(list(product((0, 1), repeat=k))).T.copy())
    ordered = np.sort(np.array(places), axis=0)
    for low, high in comparators(k):
        places[low], places[high] = np.minimum(places[low], places[high]), np.maximum(places[low], places[high])
    np.testing.assert_array_equal(places, ordered)


def test_the_28_slopes_of_a_window_in_thousands_of_orders():
    rows = np.random.default_rng(5).permuted(np.tile(np.arange(28.0), (2_000, 1)), axis=1).T.copy()
    np.testing.assert_array_equal(median_of_columns(rows), np.full(2_000, 13.5))


@pytest.mark.parametrize(("k", "number"), [(2, 1), (4, 5), (8, 19), (16, 63), (28, 161)])
def test_the_network_is_no_longer_than_batcher_s(k, number):
    assert len(comparators(k)) == number
