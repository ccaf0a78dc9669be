"""The columns of a result fit together, down to the last bit (rules sections 3 to 5)."""

import numpy as np
import pytest

from indicators.engine.attainment import RULE_VERSION, attain
from indicators.engine.figures import scatter
from indicators.engine.target import Comparator, Flag, Gap, Rating, TargetColumns
from tests.engine.columns import BEGIN, random_panel, random_targets


def one_result(value, **columns):
    targets = TargetColumns.of(1, **{"first_quarter": BEGIN, "due_quarter": BEGIN} | columns)
    panel = scatter(
        shape=(1, 1),
        first_quarter=BEGIN,
        rows=np.array([0]),
        quarters=np.array([BEGIN]),
        values=np.array([value], dtype=float),
    )
    return attain(targets, panel)


@pytest.mark.parametrize("comparator", [Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.EQUAL])
@pytest.mark.parametrize(("value", "level"), [(0.3, 0.1 + 0.2), (0.1 + 0.2, 0.3)])
def test_equal_in_decimal_is_met_by_exactly_one(comparator, value, level):
    result = one_result(value, comparator=comparator, level=level)
    assert result.rating[0, 0] == Rating.GREEN
    assert result.ratio[0, 0] >= 1.0
    assert result.miss[0, 0] == 0.0


@pytest.mark.parametrize("comparator", [Comparator.ABOVE, Comparator.BELOW])
@pytest.mark.parametrize(("value", "level"), [(0.3, 0.1 + 0.2), (0.1 + 0.2, 0.3)])
def test_equal_in_decimal_is_never_above_or_below(comparator, value, level):
    result = one_result(value, comparator=comparator, level=level)
    assert result.rating[0, 0] == Rating.AMBER
    assert result.ratio[0, 0] <= 1.0
    assert result.miss[0, 0] == 0.0


def test_columns_have_one_shape_and_the_types_that_are_stored():
    rng = np.random.default_rng(5)
    results = attain(random_targets(rng, 30), random_panel(rng, (30, 7)))
    kinds = {name: getattr(results, name) for name in results.__slots__ if name != "first_quarter"}
    assert {array.shape for array in kinds.values()} == {(30, 7)}
    assert {name: array.dtype.name for name, array in kinds.items() if array.dtype != np.float64} == {
        "elapsed": "int32",
        "total": "int32",
        "gap": "int8",
        "gap_input": "int8",
        "rating": "int8",
        "flags": "int16",
        "missing": "int64",
        "count": "int16",
        "window_start": "int32",
    }


def test_what_came_in_is_not_changed():
    rng = np.random.default_rng(6)
    targets, panel = random_targets(rng, 50), random_panel(rng, (50, 9))
    before = [getattr(part, name) for part in (targets, panel) for name in part.__slots__ if name != "first_quarter"]
    copies = [array.copy() for array in before]
    attain(targets, panel)
    assert all(array.tobytes() == copy.tobytes() for array, copy in zip(before, copies, strict=True))


def test_no_row_and_no_quarter_are_no_results():
    rng = np.random.default_rng(7)
    assert attain(random_targets(rng, 0), random_panel(rng, (0, 5))).rating.shape == (0, 5)
    assert attain(random_targets(rng, 4), random_panel(rng, (4, 0))).rating.shape == (4, 0)


def test_a_quarter_longer_ago_than_sixty_two_is_counted_but_not_named():
    targets = TargetColumns.of(
        1, level=1.0, window=4, accumulation=2, first_quarter=BEGIN, due_quarter=BEGIN + 80, path=1
    )
    quarters = BEGIN + np.arange(1, 71)
    panel = scatter(
        shape=(1, 71),
        first_quarter=BEGIN,
        rows=np.zeros(70, dtype=int),
        quarters=quarters,
        values=np.ones(70),
    )
    results = attain(targets, panel)
    assert results.accumulated[0, -1] == 70.0
    assert results.missing[0, -1] == 0
    assert results.missing[0, 61] == 1 << 61
    assert results.flags[0, 61] & Flag.INCOMPLETE


def test_a_result_without_a_level_still_shows_what_was_measured():
    result = one_result(5.0, level=np.nan)
    assert result.gap[0, 0] == Gap.AWAITING
    assert result.measured[0, 0] == 5.0


def test_the_rule_has_a_version():
    assert RULE_VERSION == 1
