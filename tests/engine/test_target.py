"""Targets in columns: codes that never change, defaults that are stated, rows that keep their schedule."""

import numpy as np
import pytest

from indicators.engine import target as codes
from indicators.engine.target import Comparator, Path, TargetColumns, rows_of

NEEDED = {"level": 93.0, "first_quarter": 8072, "due_quarter": 8075}


@pytest.mark.parametrize(
    ("code", "members"),
    [
        ("Comparator", "AT_LEAST ABOVE AT_MOST BELOW EQUAL BETWEEN"),
        ("Basis", "LEVEL GROWTH AVERAGE_GROWTH REDUCTION POINTS OVER_BENCHMARK RANK GROWTH_ON_BASELINE"),
        ("Window", "QUARTER YEAR_TO_DATE ROLLING_YEAR SINCE_START"),
        ("Accumulation", "LAST SUM RATIO MEAN MAX MIN"),
        ("Path", "HOLD LINEAR ANNUAL SCHEDULED COMPOUND AT_DUE SEASONAL"),
        ("Scale", "CONTINUOUS RATE ORDINAL MILESTONE YES_NO"),
        ("CompareOn", "FULL ROUNDED"),
        ("RatioRule", "PLAIN INVERSE FROM_BASELINE"),
    ],
)
def test_codes_count_from_one_in_the_order_they_were_given(code, members):
    assert [(member.name, member.value) for member in getattr(codes, code)] == [
        (name, number) for number, name in enumerate(members.split(), start=1)
    ]


@pytest.mark.parametrize(
    ("code", "members"),
    [
        ("MarginKind", "NONE RELATIVE ABSOLUTE"),
        ("Aggregation", "NONE SUM RATIO_OF_SUMS WEIGHTED_MEAN WORST"),
        ("Gap", "NONE NOT_DUE AWAITING NOT_REPORTED NOT_APPLICABLE NOT_COMPUTABLE"),
        ("Rating", "GREY GREEN AMBER RED"),
        (
            "Input",
            "NONE LEVEL LEVEL_HI BASELINE BENCHMARK PLACE SEASON FIGURE NUMERATOR DENOMINATOR PRIOR_FIGURE RESULT",
        ),
    ],
)
def test_codes_with_an_absence_count_from_zero(code, members):
    assert [(member.name, member.value) for member in getattr(codes, code)] == [
        (name, number) for number, name in enumerate(members.split())
    ]


def test_one_value_stands_for_every_row():
    targets = TargetColumns.of(3, **NEEDED, comparator=[1, 2, 3])
    assert len(targets) == 3
    assert targets.level.tolist() == [93.0] * 3
    assert targets.comparator.tolist() == [1, 2, 3]
    assert targets.path.tolist() == [Path.HOLD] * 3
    assert np.isnan(targets.margin).all()
    assert targets.season.shape == (3, 4)
    assert targets.schedule.shape == (0, 3)


def test_columns_have_their_types():
    targets = TargetColumns.of(1, **NEEDED)
    kinds = {name: getattr(targets, name).dtype.name for name in TargetColumns.__slots__}
    assert {name for name, kind in kinds.items() if kind == "int32"} == {
        *("first_quarter", "due_quarter", "baseline_quarter"),
    }
    assert {name for name, kind in kinds.items() if kind == "bool"} == {"veto", "awaiting_level"}
    assert kinds["comparator"] == kinds["decimals"] == "int8"
    assert kinds["schedule"] == kinds["level"] == "float64"


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"level": 1.0, "first_quarter": 1}, "due_quarter"),
        ({**NEEDED, "levle": 2.0}, "levle"),
    ],
)
def test_missing_and_unknown_columns_are_refused(columns, message):
    with pytest.raises(TypeError, match=message):
        TargetColumns.of(1, **columns)


def test_a_column_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="broadcast"):
        TargetColumns.of(3, **NEEDED, comparator=[1, 2])


def test_take_renumbers_the_schedule():
    schedule = [(0, 8073, 1.0), (2, 8073, 5.0), (2, 8074, 6.0)]
    targets = TargetColumns.of(3, **NEEDED, schedule=schedule, weight=[1.0, 2.0, 3.0])
    taken = targets.take(np.array([1, 2]))
    assert taken.schedule.tolist() == [[1, 8073, 5.0], [1, 8074, 6.0]]
    assert taken.weight.tolist() == [2.0, 3.0]
    assert targets.schedule[1, 0] == 2, "the original stays"


def test_rows_of():
    column = np.array([1, 3, 1], dtype=np.int8)
    assert rows_of(column, Comparator.AT_LEAST).tolist() == [0, 2]
    assert rows_of(column, Comparator.BELOW).tolist() == []
    assert rows_of(column[:1], Comparator.AT_LEAST) == slice(None)
