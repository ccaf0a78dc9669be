"""A second, plain computation of results and roll-ups, to hold the stored ones against.

Written from the rules alone: rows through the ORM, exact fractions, one loop for each result, no numpy and nothing of
the engine but its codes. It knows the kinds of target that `tests.recompute_world` makes.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.target import (
    Accumulation,
    Basis,
    Comparator,
    Flag,
    Gap,
    Path,
    Rating,
    Scale,
    Window,
)
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Attainment,
    BenchmarkFigure,
    Programme,
    ReportingQuarter,
    RollUp,
    Threshold,
)

UNITS = 10**9
TODAY = "2097-12-31"
_FLOORS = (Comparator.AT_LEAST, Comparator.ABOVE)
_FACTORS = {"%": 100, "‰": 1000}


@dataclass
class Result:
    """One result, exact. None is absent."""

    gap: Gap = Gap.NONE
    rating: Rating = Rating.GREY
    accumulated: Fraction | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    measured: Fraction | None = None
    expected: Fraction | None = None
    ratio: Fraction | None = None
    missing: int = 0
    window_start: int = 0
    elapsed: int = 0
    total: int = 0
    inputs_revision: int = 0
    is_demonstration: bool = False
    weight: Fraction = field(default_factory=lambda: Fraction(1))
    is_veto: bool = False


class Oracle:
    """Everything about one programme, read once, as dictionaries."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        opened = ReportingQuarter.objects.filter(programme=programme, opens_on__lte=TODAY)
        self.quarters = range(programme.first_quarter.ordinal, max((w.quarter.ordinal for w in opened), default=-1) + 1)
        self.figures = {(f.series_id, f.quarter.ordinal): f for f in ApprovedFigure.objects.filter(is_current=True)}
        self.benchmarks = {
            (b.target_id, b.quarter.ordinal): b for b in BenchmarkFigure.objects.filter(target__programme=programme)
        }
        self.thresholds = list(Threshold.objects.filter(kind="margin_rate_points").order_by("valid_from"))
        self.allocations = list(
            Allocation.objects.filter(target__programme=programme).select_related("target__indicator", "series__region")
        )
        self.earliest = min(
            [programme.first_quarter.ordinal, *(a.target.first_quarter.ordinal for a in self.allocations)]
        )

    def results(self) -> dict[tuple[int, int], Result]:
        """Return the result of every (allocation id, quarter ordinal)."""
        return {
            (allocation.pk, quarter): self.result(allocation, quarter)
            for allocation in self.allocations
            for quarter in self.quarters
        }

    def result(self, allocation: Allocation, quarter: int) -> Result:
        """Return one result."""
        target = allocation.target
        window = self.window(target, quarter)
        out = Result(
            window_start=min(window[0] if window else quarter, quarter),
            elapsed=quarter - target.first_quarter.ordinal + 1,
            total=target.due_quarter.ordinal - target.first_quarter.ordinal + 1,
            weight=_exact(allocation.weight or target.weight),
            is_veto=target.veto,
        )
        looked_at = range(self.earliest - 4, quarter + 1)
        out.inputs_revision = max(
            (f.pk for q in looked_at if (f := self.figures.get((allocation.series_id, q)))), default=0
        )
        back = 4 if target.basis == Basis.GROWTH else 0
        taken = range(out.window_start - back, quarter + 1)
        out.is_demonstration = allocation.is_demonstration or any(
            self.figures[allocation.series_id, q].origin == "demonstration"
            for q in taken
            if (allocation.series_id, q) in self.figures and q >= self.earliest - 4
        )
        if target.basis == Basis.OVER_BENCHMARK:
            given = self.benchmarks.get((target.pk, quarter))
            out.is_demonstration |= any(
                self.benchmarks[target.pk, q].is_demonstration for q in taken if (target.pk, q) in self.benchmarks
            )
        else:
            given = None
        self._judge(out, allocation, quarter, window=window, benchmark=given)
        return out

    def window(self, target: Any, quarter: int) -> list[int]:
        """Return the quarters taken together."""
        start = {
            Window.QUARTER: quarter,
            Window.YEAR_TO_DATE: quarter - quarter % 4,
            Window.ROLLING_YEAR: quarter - 3,
            Window.SINCE_START: target.first_quarter.ordinal,
        }[target.window]
        return list(range(start, quarter + 1))

    def figure(self, series: int, quarter: int) -> ApprovedFigure | None:
        """Return the figure, None where none was approved or where it was taken back."""
        found = self.figures.get((series, quarter))
        has_something = found is not None and (
            found.nothing_occurred or found.value is not None or found.denominator is not None
        )
        return found if has_something and quarter >= self.earliest - 4 else None

    def accumulate(self, allocation: Allocation, window: list[int]) -> tuple[str, Fraction | None, list[Fraction]]:
        """Return ("", value, sums) or why there is none: "unreported", "idle", "zero"."""
        target, series = allocation.target, allocation.series_id
        if not window or self.figure(series, window[-1]) is None:
            return "unreported", None, []
        present = [f for q in window if (f := self.figure(series, q)) is not None]
        counted = [f for f in present if not f.nothing_occurred]
        if target.accumulation == Accumulation.RATIO:
            top = sum((_exact(f.numerator) for f in counted), Fraction(0))
            bottom = sum((_exact(f.denominator) for f in counted), Fraction(0))
            if not counted:
                return "idle", None, [top, bottom]
            if bottom == 0:
                return "zero", None, [top, bottom]
            return "", top / bottom * _FACTORS.get(target.indicator.unit_zh, 1), [top, bottom]
        values = [_exact(f.value) for f in counted]
        if target.accumulation == Accumulation.SUM:
            return "", sum(values, Fraction(0)), []
        if not values:
            return "idle", None, []
        fold = {Accumulation.LAST: lambda v: v[-1], Accumulation.MAX: max, Accumulation.MIN: min}
        fold[Accumulation.MEAN] = lambda v: sum(v) / len(v)
        return "", Fraction(fold[target.accumulation](values)), []

    def _judge(self, out: Result, allocation: Allocation, quarter: int, *, window: list[int], benchmark: Any) -> None:
        target = allocation.target
        state, value, sums = self.accumulate(allocation, window)
        out.missing = self._missing(allocation, quarter, window)
        if sums:
            out.numerator, out.denominator = sums
        out.accumulated = value
        level = _exact(allocation.level if allocation.level is not None else target.level)
        baseline = _exact(allocation.baseline if allocation.baseline is not None else target.baseline)
        awaited, fault, measured = self._measure(allocation, quarter, value, baseline, benchmark)
        expected, lacks = self._expect(target, quarter, level=level, baseline=baseline, out=out)
        if out.elapsed < 1 or state == "idle":
            out.gap = Gap.NOT_APPLICABLE
        elif target.path == Path.AT_DUE and quarter < target.due_quarter.ordinal:
            out.gap = Gap.NOT_DUE
        elif awaited or lacks:
            out.gap = Gap.AWAITING
        elif state == "unreported":
            out.gap = Gap.NOT_REPORTED
        elif state == "zero" or fault:
            out.gap = Gap.NOT_COMPUTABLE
        out.measured = measured if out.elapsed >= 1 else None
        out.expected = expected if out.elapsed >= 1 else None
        if out.gap == Gap.NONE:
            high = _exact(target.level_hi)
            out.rating, out.ratio = self._rate(target, quarter, measured, expected, high)

    def _measure(
        self, allocation: Allocation, quarter: int, value: Fraction | None, baseline: Fraction | None, benchmark: Any
    ) -> tuple[bool, bool, Fraction | None]:
        """Return whether something is awaited, whether it cannot be computed, and m."""
        basis = allocation.target.basis
        if basis == Basis.LEVEL:
            return False, False, value
        if basis == Basis.OVER_BENCHMARK:
            if benchmark is None:
                return True, False, None
            return False, False, None if value is None else value - _exact(benchmark.value)
        if basis == Basis.GROWTH:
            target = allocation.target
            earlier = [q - 4 for q in self.window(target, quarter)]
            if not self._is_inside(earlier):
                return False, True, None
            _, prior, _ = self.accumulate(allocation, earlier)
            if prior is None or prior <= 0:
                return False, True, None
            return False, False, None if value is None else (value - prior) / prior * 100
        if baseline is None:
            return True, False, None
        if value is None:
            return False, False, None
        if basis == Basis.POINTS:
            return False, False, value - baseline
        return (False, True, None) if baseline <= 0 else (False, False, (baseline - value) / baseline * 100)

    def _is_inside(self, window: list[int]) -> bool:
        return bool(window) and window[-1] >= self.earliest - 4

    def _expect(
        self, target: Any, quarter: int, *, level: Fraction | None, baseline: Fraction | None, out: Result
    ) -> tuple[Fraction | None, bool]:
        """Return E (the lower bound of `between`) and whether something it needs is awaited."""
        if level is None:
            return None, True
        elapsed = min(out.elapsed, out.total)
        is_sum, is_year = target.accumulation == Accumulation.SUM, target.window == Window.YEAR_TO_DATE
        if target.path == Path.AT_DUE:
            return (level if elapsed >= out.total else None), False
        if target.path == Path.ANNUAL:
            return (level * (quarter % 4 + 1) / 4 if is_sum and is_year else level), False
        if target.path == Path.LINEAR and elapsed < out.total:
            one_year = target.first_quarter.year == target.due_quarter.year
            counted = is_sum and (target.window == Window.SINCE_START or (is_year and one_year))
            counted = counted and target.basis == Basis.LEVEL
            start = Fraction(0) if counted or target.basis in (Basis.REDUCTION, Basis.POINTS) else baseline
            if start is None:
                return None, True
            return (start * (out.total - elapsed) + level * elapsed) / out.total, False
        return level, False

    def _rate(self, target: Any, quarter: int, m: Any, low: Any, high: Any) -> tuple[Rating, Fraction]:
        comparator = target.comparator
        met = {
            Comparator.AT_LEAST: m >= low,
            Comparator.ABOVE: m > low,
            Comparator.AT_MOST: m <= low,
            Comparator.BELOW: m < low,
            Comparator.EQUAL: m == low,
            Comparator.BETWEEN: high is not None and low <= m <= high,
        }[comparator]
        ratio = max(self._ratio(comparator, m, low, high), Fraction(1)) if met else Fraction(0)
        if not met:
            ratio = min(max(self._ratio(comparator, m, low, high), Fraction(0)), Fraction(1))
        if low == 0 and comparator != Comparator.BETWEEN:
            ratio = Fraction(int(met))
        if met:
            return Rating.GREEN, ratio
        bound = high if comparator == Comparator.BETWEEN and m > high else low
        margin = self._margin(target, quarter, bound)
        within = margin is not None and abs(m - bound) <= margin
        return (Rating.AMBER if within else Rating.RED), ratio

    def _ratio(self, comparator: int, m: Any, low: Any, high: Any) -> Fraction:
        def floor(level: Fraction) -> Fraction:
            return Fraction(0) if level == 0 else (2 - m / level if level < 0 else m / level)

        def ceiling(level: Fraction) -> Fraction:
            return Fraction(0) if level == 0 else (m / level if level < 0 else 2 - m / level)

        if comparator in _FLOORS:
            return floor(low)
        if comparator in (Comparator.AT_MOST, Comparator.BELOW):
            return ceiling(low)
        if comparator == Comparator.EQUAL:
            return Fraction(0) if low == 0 else 1 - abs(m - low) / abs(low)
        return Fraction(1) if low <= m <= high else (floor(low) if m < low else ceiling(high))

    def _margin(self, target: Any, quarter: int, bound: Fraction) -> Fraction | None:
        """Return the largest miss that is amber, None where none is."""
        if target.margin is not None:
            return _exact(target.margin)
        if target.comparator not in _FLOORS and bound == 0:
            return None
        if target.indicator.scale == Scale.CONTINUOUS:
            return abs(bound) / 10
        mine = [t for t in self.thresholds if t.programme_id == self.programme.pk and t.valid_from.ordinal <= quarter]
        all_of = [t for t in self.thresholds if t.programme_id is None and t.valid_from.ordinal <= quarter]
        return _exact((mine or all_of)[-1].value) if mine or all_of else Fraction(2)

    def _missing(self, allocation: Allocation, quarter: int, window: list[int]) -> int:
        target = allocation.target
        only = [quarter] if target.accumulation == Accumulation.LAST and window else window
        bits = sum(1 << (quarter - q) for q in only if self.figure(allocation.series_id, q) is None)
        if target.basis == Basis.GROWTH:
            bits |= sum(1 << (quarter - q + 4) for q in only if self.figure(allocation.series_id, q - 4) is None)
        return bits


def count_rollups(programme: Programme) -> dict[tuple[int, int, int, int], Counter[str]]:
    """Return the sums of every cell (quarter, region, domain code or 0, department or 0), counted from the results."""
    regions = {region.pk: region for region in Region.objects.all()}
    seats = {d.pk: regions[d.region_id].code for d in Department.objects.all()}
    codes = {domain: code for code, domain in enumerate(Domain, start=1)}
    cells: dict[tuple[int, int, int, int], Counter[str]] = {}
    for row in Attainment.objects.filter(programme=programme):
        region = regions[row.region_id]
        while region is not None and region.code.startswith(programme.region.code):
            for domain in (0, codes[row.domain]):
                for department in (0, row.department_id):
                    if not department or region.code.startswith(seats[department]):
                        key = (row.quarter.ordinal, region.pk, domain, department)
                        cells.setdefault(key, Counter()).update(_count(row))
            region = regions.get(region.parent_id)
    return cells


def _count(row: Attainment) -> dict[str, int]:
    name = Rating(row.rating).name.lower() if row.gap == Gap.NONE else Gap(row.gap).name.lower()
    units = round(row.weight * UNITS)
    rated = row.gap == Gap.NONE
    return {
        name: 1,
        "attained": round(row.weight * min(row.ratio, 1.0) * UNITS) if rated else 0,
        "weight_rated": units if rated else 0,
        "weight_due": units if rated or row.gap == Gap.NOT_REPORTED else 0,
        "vetoes": int(row.is_veto and row.rating == Rating.RED),
        "at_risk": int(bool(row.flags & Flag.AT_RISK)),
        "incomplete": int(bool(row.flags & Flag.INCOMPLETE)),
        "demonstration": int(row.is_demonstration),
    }


def list_wrong_results(programme: Programme) -> list[str]:
    """Return a sentence for every stored result that is not what the rules say."""
    expected = Oracle(programme).results()
    stored = {(row.allocation_id, row.quarter.ordinal): row for row in Attainment.objects.filter(programme=programme)}
    wrong = [f"{key} is stored on one side only" for key in expected.keys() ^ stored.keys()]
    for key in expected.keys() & stored.keys():
        for name in Result.__dataclass_fields__:
            want, have = getattr(expected[key], name), getattr(stored[key], name)
            have = have.ordinal if name == "window_start" else have
            if not _agree(want, have):
                wrong.append(f"{key}: {name} is {have}, should be {want if want is None else float(want)}")
    return sorted(wrong)


def list_wrong_rollups(programme: Programme) -> list[str]:
    """Return a sentence for every stored cell that is not what its results add up to."""
    names = [
        f.name for f in RollUp._meta.concrete_fields if f.get_internal_type() in ("IntegerField", "BigIntegerField")
    ]
    codes = {None: 0} | {domain: code for code, domain in enumerate(Domain, start=1)}
    stored = {
        (row.quarter.ordinal, row.region_id, codes[row.domain], row.department_id): row
        for row in RollUp.objects.filter(programme=programme)
    }
    counted = count_rollups(programme)
    wrong = [f"{key} is stored on one side only" for key in counted.keys() ^ stored.keys()]
    for key in counted.keys() & stored.keys():
        wrong += [
            f"{key}: {name} is {getattr(stored[key], name)}, should be {counted[key][name]}"
            for name in names
            if getattr(stored[key], name) != counted[key][name]
        ]
    return sorted(wrong)


def _agree(want: Any, have: Any) -> bool:
    if want is None or have is None:
        return want is have
    if isinstance(want, Fraction):
        return abs(float(want) - have) <= 1e-9 * max(1.0, abs(have))
    return bool(want == have)


def _exact(number: Decimal | None) -> Any:
    return None if number is None else Fraction(number)
