"""Invents the figures of one series from a fixed seed: plausible, mostly on target, with misses and gaps.

Nothing here pretends to be real: every figure made is stored as demonstration data and shown as such.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from indicators.engine.period import number_of
from indicators.engine.target import Accumulation, Basis, Comparator, Path, Scale

Floats = NDArray[np.float64]
Counts = tuple[Floats, Floats]

MISSING_SHARE = 0.02  # of the quarters, at random
WEAK_SHARE = 0.2  # of the series, that stay behind their target
# Cold months are worst for the air: the same places look better from spring to autumn.
_AIR_SEASON = np.array([1.30, 0.85, 0.65, 1.20])
_DAYS = np.array([90.0, 91.0, 92.0, 92.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the figures of one series should look like. Levels in the indicator's unit; `quarters` are ordinals.

    `size` is the region's share of a large city, 1 = the whole; it scales counts. `level` absent: no target level
    is known, and the figures move around `anchor`.
    """

    quarters: NDArray[np.int32]
    first_quarter: int
    due_quarter: int
    comparator: Comparator
    basis: Basis
    path: Path
    accumulation: Accumulation
    scale: Scale
    level: float
    decimals: int
    multiplier: float
    size: float
    is_bounded_by_days: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """Figures of one series, one row a quarter; all None where the quarter stays without a figure."""

    quarter: int
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


def invent_series(plan: Plan, *, rng: np.random.Generator) -> list[Invented]:
    """Return the figures of the series in the order of its quarters; quarters that stay empty are left out."""
    weakness = rng.uniform(0.0, 0.35) if rng.random() < WEAK_SHARE else 0.0
    kept = rng.random(len(plan.quarters)) >= MISSING_SHARE
    if plan.accumulation is Accumulation.RATIO:
        numerators, denominators = _invent_counts(plan, rng=rng, weakness=weakness)
        rows = [
            Invented(quarter=int(q), numerator=_decimal(n, 0), denominator=_decimal(d, 0))
            for q, n, d in zip(plan.quarters, numerators, denominators, strict=True)
        ]
    else:
        values = _choose(plan)(plan, rng, weakness)
        rows = [
            Invented(quarter=int(q), value=_decimal(v, plan.decimals))
            for q, v in zip(plan.quarters, values, strict=True)
        ]
    return [row for row, is_kept in zip(rows, kept, strict=True) if is_kept]


def _decimal(value: float, decimals: int) -> Decimal:
    return round(Decimal(repr(float(value))), decimals)


def _progress(plan: Plan) -> Floats:
    """Return how far each quarter is on the way to the due quarter, 0 to 1."""
    total = max(plan.due_quarter - plan.first_quarter + 1, 1)
    return np.clip((plan.quarters - plan.first_quarter + 1) / total, 0.0, 1.0)


def _invent_counts(plan: Plan, *, rng: np.random.Generator, weakness: float) -> Counts:
    """Numerators and denominators of a rate that starts below its level and reaches it in time, unless it is weak."""
    whole = plan.multiplier
    usual = 900.0 if whole <= 100.0 else 400_000.0  # a share per mille is of visitors, not of samples
    cases = max(rng.lognormal(np.log(usual * plan.size), 0.5), 24.0)
    denominators = np.round(cases * rng.uniform(0.85, 1.2, len(plan.quarters)))
    rates = _rates(plan, rng=rng, weakness=weakness) / whole
    numerators = rng.binomial(denominators.astype(np.int64), np.clip(rates, 0.0, 1.0)).astype(np.float64)
    is_full = plan.level >= whole and not weakness
    return (denominators if is_full else numerators), denominators


def _rates(plan: Plan, *, rng: np.random.Generator, weakness: float) -> Floats:
    whole, level = plan.multiplier, plan.level
    if plan.basis in (Basis.OVER_BENCHMARK, Basis.RANK, Basis.POINTS, Basis.GROWTH, Basis.REDUCTION):
        return np.full(len(plan.quarters), 0.94 * whole) + rng.normal(0.0, 0.004 * whole, len(plan.quarters))
    if plan.comparator in (Comparator.AT_MOST, Comparator.BELOW):
        return level * (0.75 + weakness) * rng.uniform(0.9, 1.1, len(plan.quarters))
    room = whole - level
    goal = level + room * 0.45 - weakness * 0.25 * level
    start = goal - min(0.12 * whole, 0.5 * level) * (0.15 if plan.path is Path.HOLD else 1.0)
    noise = rng.normal(0.0, 0.006 * whole, len(plan.quarters))
    return np.minimum(start + (goal - start) * np.sqrt(_progress(plan)) + noise, whole)


def _choose(plan: Plan) -> Callable[[Plan, np.random.Generator, float], Floats]:
    if plan.level == 0.0 and plan.basis is Basis.LEVEL:
        return _invent_incidents
    if plan.basis in (Basis.REDUCTION, Basis.GROWTH, Basis.AVERAGE_GROWTH):
        return _invent_trend
    if plan.basis in (Basis.OVER_BENCHMARK, Basis.RANK):
        return _invent_level_figures
    if plan.scale in (Scale.MILESTONE, Scale.YES_NO):
        return _invent_milestone
    if plan.accumulation is Accumulation.SUM:
        return _invent_days if plan.is_bounded_by_days else _invent_parts
    if plan.accumulation is Accumulation.MEAN:
        return _invent_concentration
    return _invent_stock


def _invent_incidents(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    return rng.poisson(0.25 if weakness > 0.25 else 0.0, len(plan.quarters)).astype(np.float64)


def _invent_trend(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    """A quantity that grows (or falls) about as fast as the target asks, year on year."""
    years = (plan.quarters - plan.quarters[0]) / 4.0
    asked = plan.level / 100.0
    span = max((plan.due_quarter - plan.first_quarter + 1) / 4.0, 1.0)
    yearly = asked if plan.basis is not Basis.REDUCTION else -asked / span
    yearly *= 1.15 - 1.5 * weakness
    base = 10.0 ** rng.uniform(2.0, 3.5) * plan.size
    values: Floats = base * (1.0 + yearly) ** years * rng.normal(1.0, 0.012, len(plan.quarters))
    return values


def _invent_level_figures(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    if plan.multiplier > 1:
        return 94.0 - 6.0 * weakness + rng.normal(0.0, 0.8, len(plan.quarters))
    return rng.poisson(0.4 + 2.0 * weakness, len(plan.quarters)).astype(np.float64)


def _invent_milestone(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    if plan.scale is Scale.YES_NO:
        return (_progress(plan) > 0.3 + weakness).astype(np.float64)
    speed = rng.uniform(1.0, 1.8) * (1.0 - weakness)
    return np.minimum(np.round(_progress(plan) * speed * 20.0) * 5.0, 100.0)


def _invent_parts(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    """What each quarter adds to a sum that is to reach the level by its date, or every year."""
    per_year = plan.path in (Path.ANNUAL, Path.SEASONAL, Path.HOLD)
    quarters = 4.0 if per_year else max(plan.due_quarter - plan.first_quarter + 1, 1)
    mean = plan.level / quarters * rng.uniform(1.0, 1.3) * (1.0 - weakness)
    if mean < 200.0 and plan.decimals == 0:
        return rng.poisson(mean, len(plan.quarters)).astype(np.float64)
    return mean * rng.uniform(0.8, 1.2, len(plan.quarters))


def _invent_days(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    number = number_of(plan.quarters) - 1
    share = plan.level / 365.0 * (1.06 - weakness * 0.6) * (1.5 - _AIR_SEASON[number] * 0.5)
    days: Floats = np.minimum(np.round(_DAYS[number] * share + rng.normal(0.0, 2.5, len(number))), _DAYS[number])
    return days


def _invent_concentration(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    number = number_of(plan.quarters) - 1
    values: Floats = plan.level * (0.93 + weakness) * _AIR_SEASON[number] * rng.uniform(0.92, 1.06, len(number))
    return values


def _invent_stock(plan: Plan, rng: np.random.Generator, weakness: float) -> Floats:
    """A stock or a reported rate that climbs to its level, or stays on the right side of it."""
    if plan.comparator in (Comparator.AT_MOST, Comparator.BELOW):
        return plan.level * (0.85 + weakness) * rng.uniform(0.9, 1.1, len(plan.quarters))
    goal = plan.level * (rng.uniform(1.0, 1.15) - weakness)
    if plan.scale is Scale.RATE:
        goal = min(goal, plan.multiplier)
    start = 1.0 if plan.path is Path.HOLD else rng.uniform(0.35, 0.6)
    values = goal * (start + (1.0 - start) * _progress(plan))
    jitter = rng.uniform(0.99, 1.01, len(plan.quarters)) if plan.scale is Scale.RATE else 1.0
    return np.minimum(values * jitter, plan.multiplier if plan.scale is Scale.RATE else np.inf)
