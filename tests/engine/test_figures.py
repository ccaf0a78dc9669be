"""Flat columns of figures become a panel: each in its cell, nothing twice, nothing invented."""

import numpy as np
import pytest

from indicators.engine.figures import scatter, scatter_column

FIRST = 8072  # 2018Q1


def flat(*figures):
    """Return rows, quarters and values of (row, quarter, value)."""
    rows, quarters, values = zip(*figures, strict=True)
    return {"rows": np.array(rows), "quarters": np.array(quarters), "values": np.array(values, dtype=float)}


def test_a_figure_lands_in_its_row_and_quarter():
    panel = scatter(shape=(2, 3), first_quarter=FIRST, **flat((1, FIRST + 2, 7.0), (0, FIRST, 5.0)))
    assert panel.value[1, 2] == 7.0
    assert panel.value[0, 0] == 5.0
    assert panel.reported.tolist() == [[True, False, False], [False, False, True]]
    assert np.isnan(panel.value[~panel.reported]).all()
    assert np.isnan(panel.numerator).all()
    assert np.isnan(panel.benchmark).all()
    assert not panel.nothing.any()
    assert panel.quarters.tolist() == [FIRST, FIRST + 1, FIRST + 2]


def test_every_column_goes_with_its_figure():
    panel = scatter(
        shape=(2, 2),
        first_quarter=FIRST,
        **flat((0, FIRST + 1, np.nan), (1, FIRST, np.nan)),
        numerators=np.array([3.0, np.nan]),
        denominators=np.array([4.0, np.nan]),
        nothing=np.array([False, True]),
    )
    assert (panel.numerator[0, 1], panel.denominator[0, 1]) == (3.0, 4.0)
    assert panel.nothing.tolist() == [[False, False], [True, False]]
    assert panel.reported[1, 0]


def test_figures_outside_the_quarters_are_left_out():
    figures = flat((0, FIRST - 1, 1.0), (0, FIRST, 2.0), (0, FIRST + 2, 3.0))
    panel = scatter(shape=(1, 2), first_quarter=FIRST, **figures, numerators=np.array([1.0, 2.0, 3.0]))
    assert panel.value[0, 0] == 2.0 == panel.numerator[0, 0]
    assert panel.reported.tolist() == [[True, False]]


def test_two_figures_for_one_quarter_are_refused():
    with pytest.raises(ValueError, match="more than one figure"):
        scatter(shape=(1, 2), first_quarter=FIRST, **flat((0, FIRST, 1.0), (0, FIRST, 1.0)))


@pytest.mark.parametrize("row", [-1, 1])
def test_a_row_outside_the_batch_is_refused(row):
    with pytest.raises(IndexError, match="outside the batch"):
        scatter(shape=(1, 2), first_quarter=FIRST, **flat((row, FIRST, 1.0)))


def test_no_figures_make_an_empty_panel():
    nowhere = {name: np.array([], dtype=kind) for name, kind in (("rows", int), ("quarters", int), ("values", float))}
    panel = scatter(shape=(2, 3), first_quarter=FIRST, **nowhere)
    assert not panel.reported.any()
    assert panel.shape == (2, 3)


def test_a_benchmark_column_needs_no_figure():
    benchmark = scatter_column(shape=(2, 2), first_quarter=FIRST, **flat((1, FIRST + 1, 92.0), (1, FIRST + 9, 1.0)))
    assert benchmark[1, 1] == 92.0
    assert np.isnan(benchmark).sum() == 3


def test_take_keeps_the_order_asked_for():
    panel = scatter(shape=(3, 1), first_quarter=FIRST, **flat((0, FIRST, 1.0), (1, FIRST, 2.0), (2, FIRST, 3.0)))
    assert panel.take(np.array([2, 0])).value.ravel().tolist() == [3.0, 1.0]
    assert panel.take(slice(1, 2)).value.ravel().tolist() == [2.0]
