"""Each of the five catalogues with a few figures: what the interface gives is what is stored, digit by digit."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from departments.actions.regions import load_regions
from departments.roles import Role
from indicators.actions.calendar import plan_quarters
from indicators.actions.programmes import load_catalogues
from indicators.actions.recompute import recompute_now
from indicators.actions.thresholds import load_default_thresholds
from indicators.catalogue.reader import list_catalogue_paths, read_catalogue
from indicators.engine.period import Quarter
from indicators.engine.reasons import missing_quarters
from indicators.engine.target import Accumulation, Flag, Gap, Input, Rating
from indicators.models import Allocation, ApprovedFigure, Attainment, Origin, Programme, Target
from indicators.models.rollup import OUTCOMES, RollUp
from tests.builders import make_user
from tests.reports.api.reader import Reader, read_csv

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

COUNTIES_KEPT = 3
NUMBERS = ("measured", "expected", "expected_hi", "level", "level_hi", "reference", "numerator", "denominator")
NUMBERS += ("accumulated", "ratio", "completion", "miss", "margin", "weight")
PLAIN = ("elapsed", "total", "is_veto", "is_demonstration", "rule_version", "inputs_revision")


def load(path):
    """Load one catalogue with figures of two years, every seventh missing, and compute it."""
    load_regions()
    load_default_thresholds()
    load_catalogues(catalogues={path.name: read_catalogue(path)})
    programme = Programme.objects.get()
    plan_quarters(programme=programme)
    mine = Allocation.objects.filter(target__programme=programme)
    codes = sorted(set(mine.values_list("series__region__code", flat=True)))[: COUNTIES_KEPT + 1]
    mine.exclude(series__region__code__in=codes).delete()
    series = {one.series_id: one.target for one in mine.select_related("target__indicator").order_by("pk")}
    first = programme.first_quarter
    ApprovedFigure.objects.bulk_create(
        ApprovedFigure(
            series_id=key,
            quarter=first + step,
            origin=Origin.DEMONSTRATION,
            explanation="试填。",
            approved_at=datetime(2019, 1, 2, 3, 4, tzinfo=UTC),
            **invent(target, step=step + place),
        )
        for place, (key, target) in enumerate(series.items())
        for step in range(8)
        if (place + step) % 7
    )
    recompute_now(programme=programme)
    return programme, Quarter(min(first.ordinal + 7, programme.last_quarter.ordinal))


def invent(target, *, step):
    if target.accumulation == Accumulation.RATIO:
        return {"numerator": Decimal(900 + step), "denominator": Decimal("1000.000001")}
    return {"value": (target.level or Decimal(10)) * (90 + step % 20) / 100}


@pytest.mark.parametrize("path", list_catalogue_paths(), ids=lambda path: path.stem)
def test_rows_are_the_stored_ones(client, path):
    programme, quarter = load(path)
    office = Reader(client, make_user(Role.OFFICE, at=programme.region))
    query = {"programme": programme.code, "quarter": str(quarter)}
    hold_results(office, programme, quarter, query)
    hold_figures(office, quarter, query)
    hold_rollups(office, programme, quarter, query)
    hold_targets(office, programme, query)


def hold_results(office, programme, quarter, query):
    rows = office.follow(office.page("results", limit="40", **query))
    stored = {one.allocation_id: one for one in Attainment.objects.filter(programme=programme, quarter=quarter)}
    assert len(rows) == len(stored) > 20
    assert {row["result"] for row in rows} == set(stored)
    assert len({row["rating"] for row in rows}) > 1
    for row in rows:
        one = stored[row["result"]]
        assert {name: row[name] for name in NUMBERS + PLAIN} == {name: getattr(one, name) for name in NUMBERS + PLAIN}
        assert row["rating"] == Rating(one.rating).name.lower()
        assert row["gap"] == (Gap(one.gap).name.lower() if one.gap else None)
        assert row["gap_input"] == (Input(one.gap_input).name.lower() if one.gap else None)
        assert sum(Flag[name.upper()] for name in row["flags"]) == one.flags
        assert row["missing_quarters"] == [
            str(Quarter(each)) for each in missing_quarters(one.missing, quarter=quarter.ordinal)
        ]
        assert (row["target"], row["region"]) == (one.target.code, one.region.code)
        assert (row["unit_zh"], row["unit_en"]) == (one.target.unit_of_level_zh, one.target.unit_of_level_en)
        assert datetime.fromisoformat(row["computed_at"]) == one.computed_at
    lines = {line["result"]: line for line in read_csv(office.get("results", format="csv", **query))}
    assert len(lines) == len(rows)
    for row in rows:
        for name in NUMBERS:
            text = lines[str(row["result"])][name]
            assert (float(text) if text else None) == row[name]


def hold_figures(office, quarter, query):
    answer = office.get("figures", limit="2000", **query)
    rows = json.loads(answer.content, parse_float=Decimal, parse_int=Decimal)["rows"]
    stored = ApprovedFigure.objects.filter(quarter=quarter, is_current=True).in_bulk()
    assert {int(row["figure"]) for row in rows} == set(stored)
    for row in rows:
        one = stored[int(row["figure"])]
        names = ("value", "numerator", "denominator", "nothing_occurred", "revision", "explanation")
        assert {name: row[name] for name in names} == {name: getattr(one, name) for name in names}


def hold_rollups(office, programme, quarter, query):
    rows = office.follow(office.page("rollups", limit="50", **query))
    cells = RollUp.objects.filter(programme=programme, quarter=quarter).select_related("region")
    stored = {(one.region.code, str(one.domain) if one.domain else None): one for one in cells.filter(department=0)}
    assert {(row["region"], row["domain"]) for row in rows} == set(stored)
    for row in rows:
        one = stored[row["region"], row["domain"]]
        assert {name: row[name] for name in OUTCOMES} == {name: getattr(one, name) for name in OUTCOMES}
        assert row["total"] == sum(row[name] for name in OUTCOMES)
        assert row["due"] - row["reported"] == row["not_reported"]
        assert (row["coverage"] is None) == (row["due"] == 0)


def hold_targets(office, programme, query):
    rows = office.rows("targets", **query)
    targets = list(Target.objects.filter(programme=programme).select_related("clause").order_by("position"))
    assert [(row["target"], row["version"], row["clause"]) for row in rows] == [
        (one.code, one.version, one.clause.number) for one in targets
    ]
    assert [Decimal(str(row["level"])) if row["level"] is not None else None for row in rows] == [
        one.level for one in targets
    ]
    assert all(row["unit_en"] for row in rows)
    assert all(row["level"] is not None or row["doubt_zh"] for row in rows)
