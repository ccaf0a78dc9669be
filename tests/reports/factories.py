"""Results, targets and cells for tests of wording: plain objects, no database."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Comparator, Gap, Path, Rating, Scale, Window
from indicators.models import Allocation, Clause, Indicator, Target
from indicators.models.attainment import Attainment
from reports.cells import Cell

Q3 = Quarter.of(2018, 3)


def target_of(**fields: Any) -> Target:
    """Return an unsaved target: days with good air, more than 280 a year, in equal steps."""
    indicator = Indicator(
        **{
            "name_zh": "空气质量好于二级标准天数",
            "name_en": "Days with good air",
            "unit_zh": "天",
            "unit_en": "days",
            "scale": Scale.CONTINUOUS.value,
            "decimals": 0,
            "direction": "higher",
            "domain": "environment",
            "numerator_zh": "合格批次",
            "numerator_en": "batches passed",
            "denominator_zh": "抽查批次",
            "denominator_en": "batches tested",
        }
        | fields.pop("indicator", {})
    )
    return Target(
        indicator=indicator,
        clause=Clause(number="二(四)"),
        **{
            "comparator": Comparator.ABOVE.value,
            "level": Decimal(280),
            "first_quarter": Quarter.of(2015, 1),
            "due_quarter": Quarter.of(2020, 4),
            "path": Path.ANNUAL.value,
            "window": Window.YEAR_TO_DATE.value,
            "accumulation": Accumulation.SUM.value,
            "basis": 1,
            "quote": "超过280天",
        }
        | fields,
    )


def rate_target(**fields: Any) -> Target:
    """Return an unsaved target: a pass rate of at least 93 %, held in every quarter."""
    rate = {"unit_zh": "%", "unit_en": "%", "scale": Scale.RATE.value, "decimals": 1}
    return target_of(
        indicator=rate,
        **(
            {
                "comparator": Comparator.AT_LEAST.value,
                "level": Decimal(93),
                "path": Path.HOLD.value,
                "accumulation": Accumulation.RATIO.value,
                "quote": "93%以上",
            }
            | fields
        ),
    )


def result_of(target: Target | None = None, **fields: Any) -> Attainment:
    """Return an unsaved result: 187 days of 210 expected, red."""
    target = target or target_of()
    values = {
        "quarter": Q3,
        "window_start": Quarter.of(2018, 1),
        "measured": 187.0,
        "accumulated": 187.0,
        "expected": 210.0,
        "level": 280.0,
        "miss": 23.0,
        "margin": 21.0,
        "ratio": 187 / 210,
        "completion": 187 / 280,
        "rating": Rating.RED.value,
        "gap": Gap.NONE.value,
        "gap_input": 0,
        "flags": 0,
        "elapsed": 15,
        "total": 24,
        "comparator": target.comparator,
        "domain": Domain.ENVIRONMENT,
        "rule_version": 1,
        "computed_at": datetime(2018, 10, 18, 8, 20, tzinfo=UTC),
        "region": Region(code="1404", name_zh="长治市", name_en="Changzhi"),
        "department": Department(name_zh="长治市环境保护局", short_zh="市环保局", short_en="Environment"),
    } | fields
    return Attainment(target=target, allocation=Allocation(target=target), **values)


def gap_of(gap: Gap, target: Target | None = None, **fields: Any) -> Attainment:
    """Return an unsaved result without a rating."""
    nothing = {"measured": None, "ratio": None, "completion": None, "miss": None, "margin": None, "expected": None}
    return result_of(target, **(nothing | {"gap": gap.value, "rating": Rating.GREY.value} | fields))


def cell_of(green: int = 0, amber: int = 0, red: int = 0, **fields: Any) -> Cell:
    """Return a cell, rated by the score that is given or green from its greens."""
    fields.setdefault("score", None if not (green + amber + red) else 95.0)
    fields.setdefault("rating", Rating.GREEN.value if green + amber + red else Rating.GREY.value)
    return Cell(green=green, amber=amber, red=red, **fields)
