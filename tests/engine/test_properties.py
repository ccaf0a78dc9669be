"""What holds for every target and every figure: total, the same in any order, and monotonic."""

import time
from dataclasses import replace

import numpy as np
import pytest

from indicators.engine.attainment import AttainmentColumns, attain
from indicators.engine.target import (
    Accumulation,
    Basis,
    Comparator,
    CompareOn,
    Flag,
    Gap,
    Input,
    MarginKind,
    Path,
    Rating,
    RatioRule,
    Scale,
    TargetColumns,
    Window,
)
from indicators.engine.trend import project
from tests.engine.columns import BEGIN, random_panel, random_targets

N, QUARTERS = 3_000, 24
ARRAYS = [name for name in AttainmentColumns.__slots__ if name != "first_quarter"]


def attain_random(seed, n=N, **fixed):
    rng = np.random.default_rng(seed)
    targets, panel = random_targets(rng, n, **fixed), random_panel(rng, (n, QUARTERS))
    return targets, panel, attain(targets, panel, project=project)


@pytest.fixture(scope="module")
def everything():
    return attain_random(1)


def test_attainment_is_total(everything):
    _, _, results = everything
    for name in ARRAYS:
        assert not np.isinf(getattr(results, name)).any(), name


def test_a_result_is_rated_or_a_gap_and_never_both(everything):
    _, _, results = everything
    gap = results.gap != Gap.NONE
    assert np.array_equal(gap, results.rating == Rating.GREY)
    assert np.array_equal(gap, np.isnan(results.ratio))
    for name in ("measured", "expected", "miss", "level"):
        assert np.isfinite(getattr(results, name)[~gap]).all(), name
    assert np.array_equal(results.gap_input != Input.NONE, np.isin(results.gap, [2, 3, 5]))


def test_every_gap_and_rating_occurs(everything):
    _, _, results = everything
    assert set(np.unique(results.gap)) == set(Gap)
    assert set(np.unique(results.rating)) == set(Rating)
    assert set(np.unique(results.gap_input)) == set(Input)
    for flag in (Flag.ACHIEVED, Flag.INCOMPLETE, Flag.AT_RISK, Flag.IMPROVING, Flag.WORSENING):
        assert (results.flags & flag).any(), flag


def test_colour_ratio_and_miss_agree(everything):
    _, _, results = everything
    green = results.rating == Rating.GREEN
    missed = (results.rating == Rating.AMBER) | (results.rating == Rating.RED)
    assert (results.ratio[green] >= 1.0).all()
    assert (results.miss[green] == 0.0).all()
    assert (results.ratio[missed] <= 1.0).all()
    assert (results.ratio[~np.isnan(results.ratio)] >= 0.0).all()
    assert (results.miss[missed] >= 0.0).all()
    assert not np.signbit(results.miss[~np.isnan(results.miss)]).any()


def test_a_result_that_is_not_reported_has_no_value(everything):
    _, panel, results = everything
    assert np.isnan(results.measured[~panel.reported]).all()
    assert not (results.gap[~panel.reported] == Gap.NONE).any()


def test_before_its_first_quarter_nothing_applies(everything):
    targets, panel, results = everything
    before = panel.quarters < targets.first_quarter[:, None]
    assert (results.gap[before] == Gap.NOT_APPLICABLE).all()
    assert np.isnan(results.measured[before]).all()
    assert (results.window_start <= panel.quarters).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_does_not_matter(everything, seed):
    targets, panel, results = everything
    order = np.random.default_rng(seed).permutation(N)
    inverse = np.argsort(order)
    schedule = targets.schedule.copy()
    schedule[:, 0] = inverse[schedule[:, 0].astype(int)]
    columns = {name: getattr(targets, name)[order] for name in TargetColumns.__slots__ if name != "schedule"}
    shuffled = TargetColumns(schedule=schedule, **columns)
    again = attain(shuffled, panel.take(order), project=project)
    for name in ARRAYS:
        assert getattr(again, name).tobytes() == getattr(results, name)[order].tobytes(), name


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_size_of_the_batch_does_not_matter(everything, size):
    targets, panel, results = everything
    for begin in range(0, 50 * size if size < 1000 else N, size):
        rows = np.arange(begin, min(begin + size, N))
        part = attain(targets.take(rows), panel.take(rows), project=project)
        for name in ARRAYS:
            assert getattr(part, name).tobytes() == getattr(results, name)[rows].tobytes(), name


def test_later_figures_do_not_change_earlier_results(everything):
    targets, panel, results = everything
    columns = {name: getattr(panel, name)[:, :15] for name in panel.__slots__ if name != "first_quarter"}
    earlier = attain(targets, replace(panel, **columns), project=project)
    for name in ARRAYS:
        assert getattr(earlier, name).tobytes() == getattr(results, name)[:, :15].tobytes(), name


SCALED = {"basis": Basis.LEVEL, "compare_on": CompareOn.FULL, "margin_kind": MarginKind.RELATIVE}


@pytest.mark.parametrize("factor", [2.0, 1024.0, 0.125])
def test_the_unit_does_not_matter(factor):
    """A power of two changes no digit, so ratios and colours have to be the same bytes."""
    targets, panel, _ = attain_random(5, scale=Scale.CONTINUOUS, **SCALED)
    levels = {name: getattr(targets, name) * factor for name in ("level", "level_hi", "baseline", "multiplier")}
    schedule = targets.schedule * [1, 1, factor]
    tamed = {name: np.clip(getattr(panel, name), -1e6, 1e6) for name in ("value", "numerator", "denominator")}
    tame = replace(panel, **tamed)
    base = attain(targets, tame)
    again = attain(replace(targets, schedule=schedule, **levels), replace(tame, value=tame.value * factor))
    for name in ("ratio", "completion", "rating", "gap", "missing"):
        assert np.array_equal(getattr(again, name), getattr(base, name), equal_nan=name in ("ratio", "completion")), (
            name
        )


@pytest.mark.parametrize("rule", list(RatioRule))
@pytest.mark.parametrize("comparator", [Comparator.AT_LEAST, Comparator.ABOVE, Comparator.AT_MOST, Comparator.BELOW])
@pytest.mark.parametrize("scale", [Scale.CONTINUOUS, Scale.RATE, Scale.ORDINAL, Scale.MILESTONE])
def test_better_figures_never_look_worse(rule, comparator, scale):
    """One target, figures in ascending order as so many rows: ratio and colour move one way only."""
    values = np.unique(np.concatenate([np.linspace(-30, 200, 461), [93.0, 93 - 1e-9, 93 + 1e-9]]))
    for level in (93.0, 0.0, -20.0):
        targets = TargetColumns.of(
            len(values),
            comparator=comparator,
            ratio_rule=rule,
            scale=scale,
            level=level,
            baseline=60.0,
            first_quarter=BEGIN,
            due_quarter=BEGIN,
        )
        panel = random_panel(np.random.default_rng(0), (len(values), 1), first_quarter=BEGIN)
        sure = replace(panel, value=values[:, None], reported=panel.reported | True, nothing=panel.nothing & False)
        results = attain(targets, sure)
        rises = comparator in (Comparator.AT_LEAST, Comparator.ABOVE)
        ratio = results.ratio[:, 0] if rises else results.ratio[::-1, 0]
        colour = results.rating[:, 0] if rises else results.rating[::-1, 0]
        assert (np.diff(ratio) >= 0.0).all()
        assert (np.diff(colour.astype(int)) <= 0).all()


@pytest.mark.filterwarnings("ignore:overflow")  # the reference adds what no county ever counted
@pytest.mark.parametrize("accumulation", list(Accumulation))
@pytest.mark.parametrize("window", list(Window))
def test_windows_equal_a_slow_reference(window, accumulation):
    targets, panel, results = attain_random(
        int(window) * 10 + int(accumulation), 60, window=window, accumulation=accumulation, basis=Basis.LEVEL
    )
    for row in range(60):
        for column in range(QUARTERS):
            expected = slow_value(targets, panel, row=row, column=column)
            actual = results.accumulated[row, column]
            assert actual == pytest.approx(expected, rel=1e-12, abs=1e-9, nan_ok=True), (row, column)


def slow_value(targets, panel, *, row, column):
    """The accumulated value of one quarter, written out quarter by quarter."""
    quarter = panel.first_quarter + column
    begin = {
        Window.QUARTER: quarter,
        Window.YEAR_TO_DATE: quarter - quarter % 4,
        Window.ROLLING_YEAR: quarter - 3,
        Window.SINCE_START: targets.first_quarter[row],
    }[targets.window[row]]
    ratio = targets.accumulation[row] == Accumulation.RATIO
    figures = []
    for at in range(max(begin - panel.first_quarter, 0), column + 1):
        inputs = [panel.numerator[row, at], panel.denominator[row, at]] if ratio else [panel.value[row, at]]
        usable = panel.reported[row, at] and (panel.nothing[row, at] or np.isfinite(inputs).all())
        if usable and not panel.nothing[row, at]:
            figures.append(inputs)
    if not usable_now(targets, panel, row=row, column=column) or begin > quarter:
        return np.nan
    return reduce(figures, targets.accumulation[row], targets.multiplier[row])


def usable_now(targets, panel, *, row, column):
    inputs = [panel.value] if targets.accumulation[row] != Accumulation.RATIO else [panel.numerator, panel.denominator]
    finite = all(np.isfinite(numbers[row, column]) for numbers in inputs)
    return panel.reported[row, column] and (panel.nothing[row, column] or finite)


def reduce(figures, accumulation, multiplier):
    if accumulation == Accumulation.RATIO:
        top, bottom = (sum(figure[part] for figure in figures) for part in (0, 1))
        return finite(top / bottom * multiplier) if bottom > 0 and np.isfinite(bottom) else np.nan
    values = [figure[0] for figure in figures]
    if accumulation == Accumulation.SUM:
        return finite(sum(values))
    if not values:
        return np.nan
    value = {
        Accumulation.LAST: values[-1],
        Accumulation.MEAN: sum(values) / len(values),
        Accumulation.MAX: max(values),
        Accumulation.MIN: min(values),
    }[accumulation]
    return finite(value)


def finite(number):
    return number if np.isfinite(number) else np.nan


def test_completion_equals_the_ratio_once_it_is_due(everything):
    targets, panel, results = everything
    due = panel.quarters >= targets.due_quarter[:, None]
    steady = ~np.isin(targets.path, (Path.ANNUAL, Path.SEASONAL))[:, None]
    rated = (results.gap == Gap.NONE) & due & steady
    assert rated.sum() > 1_000
    assert np.array_equal(results.completion[rated], results.ratio[rated])


def test_a_province_is_computed_in_a_moment():
    """18 000 allocations over 40 quarters; the goal is 0.2 µs a result, the limit allows for a busy machine."""
    rng = np.random.default_rng(3)
    targets, panel = random_targets(rng, 18_000), random_panel(rng, (18_000, 40))
    attain(targets.take(np.arange(100)), panel.take(np.arange(100)))
    begun = time.process_time()
    attain(targets, panel)
    assert (time.process_time() - begun) / (18_000 * 40) < 2e-6
