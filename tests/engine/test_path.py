"""Expected levels in columns: many rows at once equal each alone, and every path ends in V (rules section 2)."""

import numpy as np
import pytest

from indicators.engine.path import expect, path_start
from indicators.engine.target import Accumulation, Basis, Input, Path, TargetColumns, Window
from tests.engine.columns import BEGIN, random_targets

QUARTERS = np.arange(BEGIN - 4, BEGIN + 24, dtype=np.int32)


def of(n=1, **columns):
    return TargetColumns.of(n, **{"level": 90.0, "first_quarter": BEGIN, "due_quarter": BEGIN + 15} | columns)


@pytest.mark.parametrize("path", [path for path in Path if path not in (Path.ANNUAL, Path.SEASONAL)])
def test_every_path_is_at_v_when_due_and_afterwards(path):
    targets = random_targets(np.random.default_rng(int(path)), 500, path=path, awaiting_level=False)
    found = expect(targets, QUARTERS)
    due = (targets.due_quarter[:, None] <= QUARTERS) & (targets.first_quarter[:, None] <= QUARTERS)
    level = np.broadcast_to(targets.level[:, None], due.shape)
    assert due.sum() > 1_000
    assert np.array_equal(found.expected[due], level[due], equal_nan=True)


@pytest.mark.parametrize("path", [Path.LINEAR, Path.SCHEDULED, Path.COMPOUND])
def test_a_path_stays_between_its_start_and_v(path):
    targets = of(200, path=path, baseline=np.linspace(1, 200, 200))
    found = expect(targets, QUARTERS).expected[:, 4:20]
    low, high = np.minimum(targets.baseline, 90.0), np.maximum(targets.baseline, 90.0)
    assert (found >= low[:, None] * (1 - 1e-12)).all()
    assert (found <= high[:, None] * (1 + 1e-12)).all()
    rises = np.diff(found, axis=1) * np.sign(90.0 - targets.baseline)[:, None]
    assert (rises >= -1e-9).all()


def test_schedules_of_many_rows_are_interpolated_each_for_itself():
    rng = np.random.default_rng(3)
    n = 300
    first = BEGIN + rng.integers(-3, 4, n)
    due = first + rng.integers(4, 14, n)
    steps = {
        row: {int(first[row]) + lag: round(float(rng.normal(50, 20)), 2) for lag in (1, 3)} for row in range(0, n, 2)
    }
    rows = [(row, quarter, level) for row, levels in steps.items() for quarter, level in levels.items()]
    shuffled = [rows[index] for index in rng.permutation(len(rows))]
    baseline = np.where(rng.random(n) < 0.5, np.nan, 10.0)
    targets = of(n, path=Path.SCHEDULED, first_quarter=first, due_quarter=due, schedule=shuffled, baseline=baseline)
    found = expect(targets, QUARTERS)
    for row in range(n):
        knots = dict(steps.get(row, {})) | {int(due[row]): 90.0}
        if not np.isnan(baseline[row]):
            knots |= {int(first[row]) - 1: 10.0}
        at = sorted(knots)
        for column, quarter in enumerate(QUARTERS):
            value = found.expected[row, column]
            if quarter < max(at[0], first[row]):
                assert np.isnan(value)
                assert found.not_due[row, column] or quarter < first[row]
            else:
                assert value == pytest.approx(np.interp(quarter, at, [knots[knot] for knot in at]), rel=1e-13)


@pytest.mark.parametrize(
    ("columns", "start"),
    [
        pytest.param({"baseline": 40.0}, 40.0, id="§2 the baseline"),
        pytest.param({}, np.nan, id="§2 awaited"),
        pytest.param({"baseline": np.inf}, np.nan, id="§2 not a number"),
        pytest.param(
            {"baseline": 40.0, "window": Window.SINCE_START, "accumulation": Accumulation.SUM}, 0.0, id="§2 a count"
        ),
        pytest.param(
            {"baseline": 40.0, "window": Window.SINCE_START, "accumulation": Accumulation.LAST}, 40.0, id="§2 a stock"
        ),
        pytest.param(
            {"window": Window.YEAR_TO_DATE, "accumulation": Accumulation.SUM, "due_quarter": BEGIN + 3},
            *(0.0,),
            id="§2 a count of the only year",
        ),
        pytest.param(
            {"window": Window.YEAR_TO_DATE, "accumulation": Accumulation.SUM}, np.nan, id="§2 a count of several years"
        ),
        pytest.param({"baseline": 40.0, "basis": Basis.REDUCTION}, 0.0, id="§2 reduction"),
        pytest.param({"baseline": 40.0, "basis": Basis.POINTS}, 0.0, id="§2 points"),
        pytest.param({"baseline": 40.0, "basis": Basis.AVERAGE_GROWTH}, 0.0, id="§2 average growth"),
        pytest.param({"baseline": 40.0, "basis": Basis.GROWTH}, 40.0, id="§2 growth"),
    ],
)
def test_path_start(columns, start):
    assert path_start(of(**columns))[0] == pytest.approx(start, nan_ok=True)


def test_elapsed_and_total():
    found = expect(of(), QUARTERS)
    assert found.total[0] == 16
    assert found.elapsed[0].tolist() == list(range(-3, 25))
    assert found.not_applicable[0].tolist() == [True] * 4 + [False] * 24


def test_a_due_quarter_before_the_first_is_the_first():
    found = expect(of(due_quarter=BEGIN - 3, path=Path.LINEAR, baseline=1.0), QUARTERS)
    assert found.total[0] == 1
    assert found.expected[0, 4] == 90.0


def test_an_awaited_level_hides_the_provisional_one():
    found = expect(of(awaiting_level=True), QUARTERS)
    assert np.isnan(found.expected).all()
    assert np.isnan(found.level).all()
    assert (found.awaited == Input.LEVEL).all()
