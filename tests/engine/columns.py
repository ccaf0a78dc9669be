"""Random targets and figures in columns, for tests of the whole engine."""

import numpy as np

from indicators.engine.figures import FigurePanel
from indicators.engine.period import Quarter
from indicators.engine.target import (
    Accumulation,
    Basis,
    Comparator,
    CompareOn,
    MarginKind,
    Path,
    RatioRule,
    Scale,
    TargetColumns,
    Window,
)

BEGIN = Quarter.of(2016, 1).ordinal


def random_targets(rng, n, **fixed):
    """Return n targets of every kind, some of their inputs absent."""

    def some(numbers, share=0.1):
        return np.where(rng.random(n) < share, np.nan, numbers)

    first = BEGIN + rng.integers(-2, 8, n)
    level = np.round(rng.normal(50, 30, n), 2) * (rng.random(n) > 0.1)
    columns = {
        "comparator": rng.choice(list(Comparator), n),
        "basis": rng.choice([Basis.LEVEL] * 6 + list(Basis), n),
        "window": rng.choice(list(Window), n),
        "accumulation": rng.choice(list(Accumulation), n),
        "path": rng.choice(list(Path), n),
        "scale": rng.choice(list(Scale), n),
        "compare_on": rng.choice(list(CompareOn), n),
        "ratio_rule": rng.choice(list(RatioRule), n),
        "margin_kind": rng.choice(list(MarginKind), n),
        "margin": some(np.round(rng.random(n), 2), 0.5),
        "level": some(level),
        "level_hi": some(level + np.round(rng.random(n) * 20, 2)),
        "baseline": some(np.round(rng.normal(40, 40, n), 2)),
        "baseline_quarter": np.where(rng.random(n) < 0.5, 0, first - rng.integers(1, 9, n)),
        "multiplier": rng.choice([1.0, 100.0, 1000.0], n),
        "decimals": rng.integers(0, 4, n),
        "first_quarter": first,
        "due_quarter": first + rng.integers(0, 12, n),
        "weight": some(np.round(rng.random(n) * 10, 1)),
        "veto": rng.random(n) < 0.1,
        "awaiting_level": rng.random(n) < 0.05,
        "season": np.where(rng.random((n, 1)) < 0.1, np.nan, np.sort(rng.random((n, 4)), axis=1)),
        "schedule": [(row, first[row] + lag, 10.0 * lag) for row in range(0, n, 3) for lag in (2, 5)],
    }
    return TargetColumns.of(n, **columns | fixed)


def random_panel(rng, shape, first_quarter=BEGIN - 4):
    """Return figures of every kind, unusable ones among them."""

    def numbers(scale):
        drawn = np.round(rng.normal(scale, scale, shape), rng.integers(0, 3))
        drawn[rng.random(shape) < 0.05] = 0.0
        drawn[rng.random(shape) < 0.02] = np.nan
        drawn[rng.random(shape) < 0.01] = np.inf
        drawn[rng.random(shape) < 0.01] = 1e308
        return drawn

    reported = rng.random(shape) < 0.9
    return FigurePanel(
        first_quarter=first_quarter,
        value=numbers(50),
        numerator=np.abs(numbers(400)),
        denominator=numbers(800),
        reported=reported,
        nothing=reported & (rng.random(shape) < 0.05),
        benchmark=numbers(50),
        place=numbers(3),
    )
