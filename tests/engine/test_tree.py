"""Values up the region tree: only as the indicator says, and never an averaged share (rules section 6)."""

import numpy as np
import pytest

from indicators.engine.target import Aggregation
from indicators.engine.tree import raise_values

NAN = np.nan
# province 0; cities 1 and 2; counties 3 and 4 in city 1, 5 in city 2
PARENT = np.array([-1, 0, 0, 1, 1, 2])
COUNTIES = [NAN, NAN, NAN, 3.0, 4.0, 5.0]


def column(numbers):
    return np.array(numbers, dtype=float)[:, None]


def raised(aggregation, values=COUNTIES, **columns):
    return raise_values(PARENT, aggregation=aggregation, value=column(values), **columns)


@pytest.mark.parametrize(
    ("aggregation", "columns", "province", "cities"),
    [
        pytest.param(Aggregation.SUM, {}, 12, [7, 5], id="§6 sum"),
        pytest.param(Aggregation.WORST, {}, 3, [3, 5], id="§6 worst where higher is better"),
        pytest.param(Aggregation.WORST, {"higher_is_better": False}, 5, [4, 5], id="§6 worst where lower is better"),
        pytest.param(Aggregation.NONE, {}, NAN, [NAN, NAN], id="§6 none"),
        pytest.param(
            Aggregation.WEIGHTED_MEAN,
            {"weight": column([NAN, NAN, NAN, 1, 3, 4])},
            *(35 / 8, [15 / 4, 5]),
            id="§6 weighted mean, weights going up with the values",
        ),
        pytest.param(
            Aggregation.RATIO_OF_SUMS,
            {
                "numerator": column([NAN, NAN, NAN, 1, 90, 80]),
                "denominator": column([NAN, NAN, NAN, 1, 99, 100]),
                "multiplier": 100.0,
            },
            *(100 * 171 / 200, [91, 80]),
            id="§6 ratio of sums is not the mean of ratios",
        ),
    ],
)
def test_values_go_up(aggregation, columns, province, cities):
    result = raised(aggregation, **columns)
    assert result.value[0, 0] == pytest.approx(province, nan_ok=True)
    assert result.value[1:3, 0].tolist() == pytest.approx(cities, nan_ok=True)


def test_leaves_keep_their_own_values():
    assert raised(Aggregation.SUM).value[3:, 0].tolist() == [3.0, 4.0, 5.0]


def test_what_is_missing_is_left_out_and_counted():
    result = raised(Aggregation.SUM, [NAN, NAN, NAN, 3.0, NAN, 5.0])
    assert result.value[:3, 0].tolist() == [8.0, 3.0, 5.0]
    assert result.known[:, 0].tolist() == [2, 1, 1, 1, 0, 1]
    assert result.expected[:, 0].tolist() == [3, 2, 1, 1, 1, 1]


@pytest.mark.parametrize("aggregation", [Aggregation.SUM, Aggregation.WORST])
def test_nothing_known_below_is_no_value(aggregation):
    result = raised(aggregation, [NAN, NAN, NAN, NAN, NAN, 5.0])
    assert np.isnan(result.value[1, 0])
    assert result.value[0, 0] == 5.0


def test_zero_is_a_value():
    assert raised(Aggregation.SUM, [NAN, NAN, NAN, 0.0, NAN, NAN]).value[0, 0] == 0.0


def test_an_own_figure_goes_before_what_the_parts_make():
    result = raised(Aggregation.SUM, [NAN, 100.0, NAN, 3.0, 4.0, 5.0])
    assert result.value[:3, 0].tolist() == [105.0, 100.0, 5.0]
    assert result.known[0, 0] == 2


def test_every_quarter_for_itself():
    values = np.array([[NAN, NAN], [NAN, 9.0], [NAN, NAN], [1.0, 2.0], [3.0, NAN], [5.0, 6.0]])
    result = raise_values(PARENT, aggregation=Aggregation.SUM, value=values)
    assert result.value[:2].tolist() == [[9.0, 15.0], [4.0, 9.0]]


def test_the_order_of_the_nodes_does_not_matter():
    order = np.array([5, 0, 3, 1, 4, 2])
    inverse = np.argsort(order)
    parent = np.array([-1 if PARENT[node] < 0 else inverse[PARENT[node]] for node in order])
    shuffled = raise_values(parent, aggregation=Aggregation.SUM, value=column(COUNTIES)[order])
    assert shuffled.value[inverse].tolist() == raised(Aggregation.SUM).value.tolist()


def test_the_figures_that_came_in_stay_as_they_are():
    values = column(COUNTIES)
    raise_values(PARENT, aggregation=Aggregation.SUM, value=values)
    assert np.isnan(values[:3]).all()


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        raise_values(np.array([1, 0]), aggregation=Aggregation.SUM, value=column([1.0, 2.0]))


@pytest.mark.parametrize(
    ("aggregation", "name"), [(Aggregation.WEIGHTED_MEAN, "weight"), (Aggregation.RATIO_OF_SUMS, "numerator")]
)
def test_a_needed_column_is_asked_for(aggregation, name):
    with pytest.raises(ValueError, match=name):
        raised(aggregation)
