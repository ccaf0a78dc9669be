"""What the tests of the provincial workbook export: the five programmes with invented figures, and one of every rule.

Everything is made inside the caller's transaction.
"""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from django.core.management import call_command

from departments.models import Department
from indicators.actions.recompute import recompute_now
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
    Window,
)
from indicators.models import (
    Allocation,
    ApprovedFigure,
    BenchmarkFigure,
    Origin,
    Programme,
    ReportingQuarter,
    Target,
)
from reports.exports.files import write_file
from reports.exports.source import MULTIPLIERS, find_edition
from tests import builders

Q3 = builders.Q3
APPROVED_AT = datetime(2018, 10, 18, 16, 20, tzinfo=UTC)
COUNTIES_KEPT = 8  # of the province's ninety: enough for every rule, and for a fast test


def load_programmes() -> list[Programme]:
    """Load the five catalogues with invented figures of every quarter, and compute them."""
    call_command("load_programmes", stdout=io.StringIO())
    programmes = list(Programme.objects.select_related("region", "office"))
    for programme in programmes:
        _keep_few_counties(programme)
        _invent_figures(programme)
        _correct_one(programme)
        recompute_now(programme=programme)
    return programmes


def export(programme: Programme, quarter: Quarter) -> bytes:
    """Return the workbook's bytes."""
    file = io.BytesIO()
    write_file(find_edition(programme=programme, quarter=quarter), file)
    return file.getvalue()


def _keep_few_counties(programme: Programme) -> None:
    allocations = Allocation.objects.filter(target__programme=programme)
    codes = allocations.order_by("series__region__code").values_list("series__region__code", flat=True)
    kept = list(dict.fromkeys(codes))[: COUNTIES_KEPT + 1]
    allocations.exclude(series__region__code__in=kept).delete()


def _invent_figures(programme: Programme) -> None:
    """Give every series figures round its level, a year before the start too; every ninth newest one is missing."""
    rng = np.random.default_rng(programme.position)
    rows = Allocation.objects.filter(target__programme=programme).select_related("target__indicator")
    series = {row.series_id: row for row in rows.order_by("-target__position", "-pk")}
    published = set(ApprovedFigure.objects.filter(series__in=series).values_list("series_id", "quarter").distinct())
    span = range(programme.first_quarter.ordinal - 4, programme.last_quarter.ordinal + 1)
    ApprovedFigure.objects.bulk_create(
        ApprovedFigure(
            series_id=key,
            quarter=Quarter(ordinal),
            origin=Origin.DEMONSTRATION,
            explanation="受季节影响，四季度补齐。" if place % 7 == 0 else "",
            approved_at=APPROVED_AT,
            **_invent_figure(allocation, weight=rng.uniform(0.82, 1.12), step=ordinal - span[0]),
        )
        for place, (key, allocation) in enumerate(series.items())
        for ordinal in span
        if (key, Quarter(ordinal)) not in published and not (place % 9 == 0 and ordinal == span[-1])
    )


def _invent_figure(allocation: Allocation, *, weight: float, step: int) -> dict[str, Decimal]:
    target = allocation.target
    level = float(target.level if target.level is not None else 50)
    if target.accumulation == Accumulation.RATIO:
        share = min(level / MULTIPLIERS.get(target.indicator.unit_zh, 1.0) * weight, 1.0)
        return {"numerator": Decimal(round(share * (400 + step))), "denominator": Decimal(400 + step)}
    if target.basis in (Basis.GROWTH, Basis.AVERAGE_GROWTH, Basis.REDUCTION):
        return {"value": Decimal(round(100 * weight + step, 2))}
    quarters = max(target.due_quarter.ordinal - target.first_quarter.ordinal + 1, 1)
    parts = quarters if target.window == Window.SINCE_START else 4
    size = level / parts if target.accumulation == Accumulation.SUM else level
    return {"value": Decimal(round(size * weight, target.indicator.decimals))}


def _correct_one(programme: Programme) -> None:
    figures = ApprovedFigure.objects.filter(series__allocations__target__programme=programme, denominator__gt=0)
    figure = figures.filter(quarter__lte=programme.last_quarter).order_by("-quarter", "pk").first()
    if figure is None:
        return
    ApprovedFigure.objects.filter(pk=figure.pk).update(is_current=False)
    ApprovedFigure.objects.create(
        series_id=figure.series_id,
        quarter=figure.quarter,
        revision=figure.revision + 1,
        origin=Origin.DEMONSTRATION,
        numerator=max(figure.numerator - 1, 0),
        denominator=figure.denominator,
        explanation="复核后更正。",
        approved_at=figure.approved_at,
    )


COUNT = {"is_counted": False, "scale": Scale.CONTINUOUS.value}
VALUE = {"is_counted": False, "decimals": 2}
GRADE = {"is_counted": False, "scale": Scale.ORDINAL.value, "unit_zh": "类", "direction": "lower"}
YES_NO = {"is_counted": False, "scale": Scale.YES_NO.value, "unit_zh": "是（1）否（0）"}
MILESTONE = {"is_counted": False, "scale": Scale.MILESTONE.value, "unit_zh": "%"}
PER_MILLE = {"unit_zh": "‰", "direction": "lower", "decimals": 3}
LAST = {"accumulation": Accumulation.LAST.value, "window": Window.QUARTER.value}
SUM = {"accumulation": Accumulation.SUM.value}
ON_BASELINE = Basis.GROWTH_ON_BASELINE.value
AT_DUE = {"path": Path.AT_DUE.value}
LINEAR = {"path": Path.LINEAR.value, "window": Window.SINCE_START.value}
LOW, BELOW = {"comparator": Comparator.AT_MOST.value}, {"comparator": Comparator.BELOW.value}
ABOVE, EQUAL = {"comparator": Comparator.ABOVE.value}, {"comparator": Comparator.EQUAL.value}
BAND = {"comparator": Comparator.BETWEEN.value, "level": Decimal(1), "level_hi": Decimal(3)}
NOTHING: tuple[Any, ...] = ()

# name, indicator, target, figures of the quarters up to Q3 (oldest first): a number, a pair of counts, or None
KINDS: tuple[tuple[str, dict[str, Any], dict[str, Any], tuple[Any, ...]], ...] = (
    ("rate met", {}, {"level": 93}, ((480, 500), (455, 500))),
    ("rate exactly met", {}, {"level": 93}, ((465, 500),)),
    ("rate exactly met in thirds", {}, {"level": "66.666667"}, ((2, 3),)),
    ("rate at an excluded bound", {}, ABOVE | {"level": 93}, ((465, 500),)),
    ("rate within two points", {}, {"level": 93}, ((455, 500),)),
    ("rate at the margin exactly", {}, {"level": 93}, ((910, 1000),)),
    ("rate beyond", {}, {"level": 93}, ((450, 500),)),
    ("rate not reported", {}, {"level": 93}, ((480, 500), None)),
    ("rate over nothing", {}, {"level": 93}, ((0, 0),)),
    ("rate awaited", {}, {"level": None, "doubt_zh": "由省下达。", "doubt_en": "Given by the province."}, ((1, 2),)),
    ("rate awaited and not reported", {}, {"level": None, "doubt_zh": "由省下达。", "doubt_en": "x"}, (None,)),
    ("rate not due", {}, AT_DUE | {"level": 95}, ((480, 500),)),
    ("rate not due, not reported", {}, AT_DUE | {"level": 95}, (None,)),
    ("rate before its time", {}, {"level": 95, "first_quarter": Quarter.of(2019, 1)}, ((480, 500),)),
    ("complaints at an excluded bound", PER_MILLE, BELOW | {"level": "0.1"}, ((1, 10000),)),
    ("complaints beyond", PER_MILLE, BELOW | {"level": "0.1"}, ((2, 10000),)),
    ("concentration", VALUE, LOW | LAST | {"level": 29}, (31, 26)),
    ("concentration over", VALUE, LOW | LAST | {"level": 29}, (31,)),
    ("concentration far over", VALUE, LOW | LAST | {"level": 29}, (70,)),
    ("concentration, inverse", VALUE, LOW | LAST | {"level": 29, "ratio_rule": RatioRule.INVERSE.value}, (35,)),
    ("concentration, from the start", VALUE, LOW | LAST | {"level": 20, "baseline": 40, "ratio_rule": 3}, (25,)),
    ("value rounded to met", VALUE, LAST | {"level": "92.68", "compare_on": CompareOn.ROUNDED.value}, ("92.675",)),
    ("value rounded to even", VALUE, LAST | {"level": "92.67", "compare_on": CompareOn.ROUNDED.value}, ("92.665",)),
    ("tenths add up", VALUE, SUM | {"level": "0.3"}, ("0.1", "0.2")),
    ("count behind", COUNT, SUM | LINEAR | {"level": 30}, (1, 1, 1)),
    ("count ahead", COUNT, SUM | LINEAR | {"level": 30}, (20, 15, 12)),
    ("count close", COUNT, SUM | {"path": Path.ANNUAL.value, "level": 280}, (70, 70, 60)),
    ("no incident", COUNT, EQUAL | SUM | {"level": 0, "veto": True}, (0, 0)),
    ("an incident", COUNT, EQUAL | SUM | {"level": 0, "veto": True}, (0, 1)),
    ("no more than none", COUNT, LOW | SUM | {"level": 0}, (0, 1)),
    ("at least none", COUNT, SUM | {"level": 0}, (0, 0)),
    ("equal, close", COUNT, EQUAL | LAST | {"level": 100}, (95,)),
    ("equal, far", COUNT, EQUAL | LAST | {"level": 100}, (180,)),
    ("inside the band", COUNT, BAND | LAST, (2,)),
    ("at the band's end", COUNT, BAND | LAST, (3,)),
    ("above the band", COUNT, BAND | LAST, (4,)),
    ("far above the band", COUNT, BAND | LAST, (9,)),
    ("below the band", COUNT, BAND | LAST, ("0.5",)),
    ("below a band from nothing", COUNT, BAND | LAST | {"level": 0}, (-1,)),
    ("grade met", GRADE, LOW | LAST | {"level": 3}, (3,)),
    ("grade close", GRADE, LOW | LAST | {"level": 3}, (4,)),
    ("grade missed", GRADE, LOW | LAST | {"level": 3}, (5,)),
    ("done", YES_NO, LAST | {"level": 1}, (1,)),
    ("not done", YES_NO, LAST | {"level": 1}, (0,)),
    ("half built", MILESTONE, LAST | {"level": 100}, (50,)),
    ("nearly built", MILESTONE, LAST | {"level": 100}, (92,)),
    ("own margin", {}, {"level": 93, "margin_kind": MarginKind.ABSOLUTE.value, "margin": 5}, ((890, 1000),)),
    ("own share", {}, {"level": 93, "margin_kind": MarginKind.RELATIVE.value, "margin": "0.2"}, ((750, 1000),)),
    ("no margin", {}, {"level": 93, "margin_kind": MarginKind.NONE.value}, ((929, 1000),)),
    ("growth", COUNT, SUM | {"level": 18, "basis": Basis.GROWTH.value}, (50, 50, 50, 50, 59, 59)),
    ("growth behind", COUNT, SUM | {"level": 18, "basis": Basis.GROWTH.value}, (50, 50, 50, 50, 51, 50)),
    ("growth without a year before", COUNT, SUM | {"level": 18, "basis": Basis.GROWTH.value}, (50,)),
    ("growth from nothing", COUNT, SUM | {"level": 18, "basis": Basis.GROWTH.value}, (0, 0, 0, 0, 0, 5)),
    ("reduction", VALUE, LAST | {"level": "11.3", "basis": Basis.REDUCTION.value, "baseline": 100}, ("88.7",)),
    ("reduction awaited", VALUE, LAST | {"level": "11.3", "basis": Basis.REDUCTION.value}, ("88.7",)),
    ("average growth", VALUE, LAST | {"level": 5, "basis": Basis.AVERAGE_GROWTH.value, "baseline": 100}, (120,)),
    ("growth on a baseline", VALUE, LAST | {"level": 50, "basis": ON_BASELINE, "baseline": 80}, (120,)),
    ("growth on a baseline awaited", VALUE, LAST | {"level": 50, "basis": ON_BASELINE}, (120,)),
    ("points", {}, {"level": 5, "basis": Basis.POINTS.value, "baseline": 88}, ((930, 1000),)),
    ("points behind", {}, {"level": 5, "basis": Basis.POINTS.value, "baseline": 88}, ((900, 1000),)),
    ("over the benchmark", {}, ABOVE | {"level": 0, "basis": Basis.OVER_BENCHMARK.value}, ((940, 1000),)),
    ("at the benchmark", {}, ABOVE | {"level": 0, "basis": Basis.OVER_BENCHMARK.value}, ((932, 1000),)),
    ("benchmark awaited", {}, {"level": 1, "basis": Basis.OVER_BENCHMARK.value}, ((932, 1000),)),
    ("rank", COUNT, LOW | LAST | {"level": 3, "basis": Basis.RANK.value}, (70,)),
    ("level below nothing", VALUE, LAST | {"level": -5}, (-7,)),
    ("ceiling below nothing", VALUE, LOW | LAST | {"level": -5}, (-4,)),
)  # fmt: skip


def make_kinds() -> tuple[Programme, dict[str, Target]]:
    """Return a programme with one target of every kind, computed, and its targets by name."""
    programme = builders.make_programme(
        first_quarter=Quarter.of(2017, 1), last_quarter=Quarter.of(2019, 4), name_zh="各类目标测试方案"
    )
    department = builders.make_department(programme.region, name_zh="测试局")
    ReportingQuarter.objects.bulk_create(_windows(programme))
    targets: dict[str, Target] = {}
    for name, indicator_fields, target_fields, figures in KINDS:
        indicator = builders.make_indicator(**{"name_zh": name, **indicator_fields})
        fields = {key: _decimal(key, value) for key, value in target_fields.items()}
        target = builders.make_target(programme, lead=department, indicator=indicator, **fields)
        allocation = builders.make_allocation(target, department=department)
        _report(allocation, department, figures)
        targets[name] = target
    _compare(targets)
    recompute_now(programme=programme)
    return programme, targets


def vary(programme: Programme, seed: int) -> None:
    """Correct every figure by a new revision with another number, and compute anew; ratings fall as they may."""
    rng = np.random.default_rng(seed)
    figures = list(ApprovedFigure.objects.filter(series__allocations__target__programme=programme, is_current=True))
    ApprovedFigure.objects.filter(pk__in=[figure.pk for figure in figures]).update(is_current=False)
    ApprovedFigure.objects.bulk_create(
        ApprovedFigure(
            series_id=figure.series_id,
            quarter=figure.quarter,
            revision=figure.revision + 1,
            origin=Origin.DEMONSTRATION,
            approved_at=APPROVED_AT,
            **_vary_numbers(figure, rng),
        )
        for figure in figures
        if rng.random() > 0.08  # some are taken back and not reported again
    )
    recompute_now(programme=programme)


def _vary_numbers(figure: ApprovedFigure, rng: np.random.Generator) -> dict[str, Decimal]:
    """Return other numbers of the figure's kind: counts within their whole, values round what they were."""
    if figure.denominator is not None:
        whole = int(rng.choice([0, 3, 7, 500, 999, 10**6]))
        return {"numerator": Decimal(int(rng.integers(whole * 4 // 5, whole + 1))), "denominator": Decimal(whole)}
    value = float(figure.value or 0) * rng.uniform(0.6, 1.4) + float(rng.choice([0, 0, 0.5, 1]))
    return {"value": Decimal(f"{value:.{int(rng.integers(0, 5))}f}")}


def _windows(programme: Programme) -> Iterable[ReportingQuarter]:
    for ordinal in range(programme.first_quarter.ordinal, programme.last_quarter.ordinal + 1):
        day = Quarter(ordinal).ends_before
        yield ReportingQuarter(programme=programme, quarter=Quarter(ordinal), opens_on=day, due_on=day, closes_on=day)


def _report(allocation: Allocation, department: Department, figures: tuple[Any, ...]) -> None:
    first = Q3.ordinal - len(figures) + 1
    for ordinal, figure in enumerate(figures, start=first):
        if figure is None:
            continue
        if isinstance(figure, tuple):
            numbers = {"numerator": Decimal(figure[0]), "denominator": Decimal(figure[1])}
        else:
            numbers = {"value": Decimal(figure)}
        builders.make_figure(allocation.series, Quarter(ordinal), **numbers)


def _compare(targets: dict[str, Target]) -> None:
    for name, value in (("over the benchmark", "93.2"), ("at the benchmark", "93.2")):
        BenchmarkFigure.objects.create(target=targets[name], quarter=Q3, value=Decimal(value))
    BenchmarkFigure.objects.create(target=targets["rank"], quarter=Q3, place=2)


def _decimal(key: str, value: Any) -> Any:
    is_number = key in {"level", "level_hi", "baseline", "margin"} and value is not None
    return Decimal(value) if is_number else value
