"""What the engine is given: every column from its row, with absence, defaults and overrides in their places."""

from decimal import Decimal

import numpy as np
import pytest
from django.db import connection

from indicators.domains import Domain
from indicators.engine.cell import DEFAULT_THRESHOLDS
from indicators.engine.period import Quarter
from indicators.engine.rating import DEFAULT_MARGINS
from indicators.engine.target import Accumulation, Basis, Comparator, MarginKind, Path, Scale, Window
from indicators.models import BenchmarkFigure, Origin, Threshold
from indicators.models.attainment import DOMAIN_CODES
from indicators.models.threshold import ThresholdKind
from indicators.selectors.engine_columns import LEAD, Choice, load_batch, load_span
from indicators.selectors.thresholds import load_margins, load_thresholds
from tests.builders import (
    make_allocation,
    make_department,
    make_figure,
    make_indicator,
    make_programme,
    make_region,
    make_target,
    make_window,
)

pytestmark = pytest.mark.django_db
FIRST = Quarter.of(2018, 1)


@pytest.fixture
def programme():
    found = make_programme(make_region("1404"), first_quarter=FIRST, last_quarter=FIRST + 7)
    for n in range(4):
        make_window(found, FIRST + n)
    return found


@pytest.fixture
def department(programme):
    return make_department(programme.region)


def load(programme, **choice):
    """Return the batch of the whole programme, or of what is chosen."""
    with connection.cursor() as cursor:
        return load_batch(cursor, span=load_span(cursor, programme_id=programme.pk), choice=Choice(**choice))


# ---- The span


def test_the_span_reaches_from_the_first_to_the_newest_opened_quarter(programme):
    make_window(programme, FIRST + 4, opens_on="2098-01-01", due_on="2098-02-01", closes_on="2098-03-01")
    with connection.cursor() as cursor:
        span = load_span(cursor, programme_id=programme.pk)
    assert (span.first, span.newest, span.quarters) == (FIRST.ordinal, FIRST.ordinal + 3, 4)
    assert span.panel_first == FIRST.ordinal - LEAD


def test_a_target_that_began_earlier_takes_the_panel_with_it(programme):
    make_target(programme, first_quarter=FIRST - 6)
    with connection.cursor() as cursor:
        assert load_span(cursor, programme_id=programme.pk).panel_first == FIRST.ordinal - 6 - LEAD


def test_a_programme_without_opened_quarters_has_an_empty_span():
    programme = make_programme(make_region("1404"))
    with connection.cursor() as cursor:
        assert load_span(cursor, programme_id=programme.pk).quarters == 0


# ---- Targets


def test_a_target_s_columns_come_from_its_row(programme, department):
    target = make_target(
        programme,
        indicator=make_indicator(is_counted=False, domain=Domain.SERVICE, decimals=3),
        comparator=Comparator.BETWEEN.value,
        level=Decimal("1.5"),
        level_hi=Decimal("3.25"),
        baseline=Decimal("0.125"),
        window=Window.SINCE_START.value,
        accumulation=Accumulation.MAX.value,
        basis=Basis.REDUCTION.value,
        path=Path.LINEAR.value,
        weight=Decimal("2.5"),
        veto=True,
        first_quarter=FIRST + 1,
        due_quarter=FIRST + 5,
        margin_kind=MarginKind.ABSOLUTE.value,
        margin=Decimal("0.75"),
    )
    make_allocation(target, department=department)
    batch = load(programme)
    expected = {
        "comparator": Comparator.BETWEEN, "level": 1.5, "level_hi": 3.25, "baseline": 0.125, "weight": 2.5,
        "window": Window.SINCE_START, "accumulation": Accumulation.MAX, "basis": Basis.REDUCTION, "path": Path.LINEAR,
        "veto": True, "first_quarter": FIRST.ordinal + 1, "due_quarter": FIRST.ordinal + 5, "decimals": 3,
        "margin_kind": MarginKind.ABSOLUTE, "margin": 0.75, "scale": Scale.CONTINUOUS, "multiplier": 1.0,
        "awaiting_level": False,
    }  # fmt: skip
    assert {name: getattr(batch.targets, name)[0] for name in expected} == expected
    assert batch.allocations["domain"].tolist() == [DOMAIN_CODES[Domain.SERVICE]]
    assert batch.allocations["is_veto"].tolist() == [1]


@pytest.mark.parametrize(
    ("unit", "multiplier"), [("%", 100.0), ("\uff05", 100.0), ("‰", 1000.0), ("个", 1.0), ("件/万人", 1.0)]
)
def test_a_share_is_multiplied_as_its_unit_says(programme, department, unit, multiplier):
    make_allocation(make_target(programme, indicator=make_indicator(unit_zh=unit)), department=department)
    assert load(programme).targets.multiplier.tolist() == [multiplier]


def test_an_allocation_overrides_what_it_states_and_nothing_else(programme, department):
    target = make_target(programme, level=Decimal(93), baseline=Decimal(80), weight=Decimal(2))
    make_allocation(target, department=department, level=Decimal(95), weight=Decimal(3))
    batch = load(programme)
    assert (batch.targets.level[0], batch.targets.baseline[0], batch.targets.weight[0]) == (95.0, 80.0, 3.0)
    assert batch.allocations["weight"].tolist() == [3.0]


def test_a_level_that_is_still_to_come_is_awaited(programme, department):
    target = make_target(programme, level=None, doubt_zh="待省下达")
    make_allocation(target, department=department)
    assert load(programme).targets.awaiting_level.tolist() == [True]
    target.allocations.update(level=90)
    assert load(programme).targets.awaiting_level.tolist() == [False]


def test_no_margin_of_its_own_is_the_default_and_none_is_none(programme, department):
    for kind, margin in ((None, None), (MarginKind.NONE.value, None), (MarginKind.RELATIVE.value, Decimal("0.2"))):
        make_allocation(make_target(programme, margin_kind=kind, margin=margin), department=department)
    targets = load(programme).targets
    np.testing.assert_array_equal(targets.margin, [np.nan, 0.0, 0.2])
    assert targets.margin_kind.tolist() == [MarginKind.NONE, MarginKind.NONE, MarginKind.RELATIVE]


def test_a_staged_plan_is_spread_over_its_allocations(programme, department):
    make_allocation(make_target(programme), department=department)
    staged = make_target(programme, path=Path.SCHEDULED.value, schedule={"2018Q3": "12.5", "2018Q1": "5"})
    for code in ("140401", "140402"):
        make_allocation(staged, region=make_region(code), department=department)
    rows = load(programme).targets.schedule.tolist()
    assert rows == [[row, FIRST.ordinal + at, level] for row in (1, 2) for at, level in ((0, 5.0), (2, 12.5))]


def test_a_season_stands_with_its_target_only(programme, department):
    make_allocation(make_target(programme), department=department)
    shares = ["0.1", "0.3", "0.6", "1"]
    for path in (Path.SEASONAL, Path.LINEAR):  # the second target's path does not ask for its season
        make_allocation(make_target(programme, path=path.value, season=shares), department=department)
    season = load(programme).targets.season
    assert np.isnan(season[[0, 2]]).all()
    assert season[1].tolist() == [0.1, 0.3, 0.6, 1.0]


# ---- Figures


def test_figures_lie_in_their_quarters_and_the_rest_is_absent(programme, department):
    allocation = make_allocation(make_target(programme), department=department)
    first = make_figure(allocation.series, FIRST, numerator=Decimal(465), denominator=Decimal(500))
    nothing = make_figure(allocation.series, FIRST + 2, nothing_occurred=True, origin=Origin.PUBLISHED)
    early = make_figure(allocation.series, FIRST - 4)
    make_figure(allocation.series, FIRST - 5)
    make_figure(allocation.series, FIRST + 4)  # not opened yet
    batch = load(programme)
    assert batch.panel.shape == (1, 8)
    assert batch.panel.reported[0].tolist() == [True, False, False, False, True, False, True, False]
    assert batch.panel.nothing[0].tolist() == [False] * 6 + [True, False]
    assert (batch.panel.numerator[0, 4], batch.panel.denominator[0, 4]) == (465.0, 500.0)
    assert np.isnan(batch.panel.value[0]).all()
    assert batch.revision[0].tolist() == [early.pk, 0, 0, 0, first.pk, 0, nothing.pk, 0]
    assert batch.is_demonstration[0].tolist() == [True, False, False, False, True, False, False, False]


def test_a_figure_that_was_taken_back_is_not_reported_but_was_read(programme, department):
    allocation = make_allocation(make_target(programme), department=department)
    empty = make_figure(allocation.series, FIRST, numerator=None, denominator=None)
    batch = load(programme)
    assert not batch.panel.reported.any()
    assert empty.pk in batch.revision


def test_superseded_revisions_are_not_read(programme, department):
    allocation = make_allocation(make_target(programme), department=department)
    old = make_figure(allocation.series, FIRST)
    type(old).objects.filter(pk=old.pk).update(is_current=False)
    new = make_figure(allocation.series, FIRST, revision=2, numerator=Decimal(1), denominator=Decimal(2))
    batch = load(programme)
    assert batch.panel.numerator[0, 4] == 1.0
    assert batch.revision[0, 4] == new.pk


def test_targets_on_one_series_share_its_figures(programme, department):
    indicator = make_indicator()
    first, second = (make_target(programme, indicator=indicator, level=Decimal(n)) for n in (90, 95))
    for target in (first, second):
        make_allocation(target, department=department)
    make_figure(first.allocations.get().series, FIRST)
    batch = load(programme)
    assert len(batch) == 2
    assert batch.panel.numerator[:, 4].tolist() == [480.0, 480.0]
    assert batch.targets.level.tolist() == [90.0, 95.0]


def test_an_invented_allocation_makes_invented_results(programme, department):
    make_allocation(make_target(programme), department=department, is_demonstration=True)
    assert load(programme).is_demonstration.all()


def test_benchmarks_and_places_reach_the_targets_that_are_held_against_them(programme, department):
    plain = make_target(programme)
    over = make_target(programme, basis=Basis.OVER_BENCHMARK.value)
    rank = make_target(programme, basis=Basis.RANK.value, comparator=Comparator.AT_MOST.value, level=Decimal(3))
    for target in (plain, over, rank):
        make_allocation(target, department=department)
    BenchmarkFigure.objects.create(target=plain, quarter=FIRST, value=Decimal(1))
    BenchmarkFigure.objects.create(target=over, quarter=FIRST + 1, value=Decimal("91.5"), is_demonstration=True)
    BenchmarkFigure.objects.create(target=rank, quarter=FIRST + 2, place=4)
    panel, invented = (batch := load(programme)).panel, batch.is_demonstration
    assert np.isnan(panel.benchmark[0]).all()
    assert panel.benchmark[1, 5] == 91.5
    assert np.isnan(panel.benchmark[1, 4])
    assert panel.place[2, 6] == 4.0
    assert invented[1].tolist() == [False] * 5 + [True, False, False]


# ---- Choices


def test_choices_take_regions_slices_series_or_ids(programme, department):
    counties = [make_region(f"14040{n}") for n in (1, 2, 3)]
    target = make_target(programme)
    made = [make_allocation(target, region=region, department=department) for region in counties]
    ids = [allocation.pk for allocation in made]

    def chosen(**choice):
        return sorted(load(programme, **choice).allocations["allocation_id"].tolist())

    assert chosen() == ids
    assert chosen(regions=[counties[1].pk]) == [ids[1]]
    assert chosen(series=[made[2].series_id]) == [ids[2]]
    assert chosen(allocations=[ids[0], ids[2]]) == [ids[0], ids[2]]
    everywhere = [region.pk for region in counties]
    slices = [chosen(regions=everywhere, slices=2, slice_at=at) for at in range(2)]
    assert sorted(slices[0] + slices[1]) == ids
    assert chosen(regions=[]) == []


def test_a_programme_sees_its_own_allocations_only(programme, department):
    other = make_programme(programme.region)
    make_window(other, other.first_quarter)
    make_allocation(make_target(other), department=department)
    assert len(load(programme)) == 0
    assert len(load(other)) == 1


# ---- Thresholds


def test_without_rows_the_engine_s_own_thresholds_hold(programme):
    (epoch,) = load_margins(programme_id=programme.pk)
    assert (epoch.since, dict(epoch.margins)) == (0, dict(DEFAULT_MARGINS))
    assert load_thresholds(programme_id=programme.pk, quarter=FIRST) == DEFAULT_THRESHOLDS


def test_the_newest_row_holds_and_the_programme_s_own_goes_before(programme):
    def add(kind, value, since, own=None):
        Threshold.objects.create(programme=own, kind=kind, valid_from=since, value=Decimal(value))

    add(ThresholdKind.MARGIN_RATE_POINTS, "2", FIRST)
    add(ThresholdKind.MARGIN_RATE_POINTS, "1", FIRST + 2)
    add(ThresholdKind.MARGIN_CONTINUOUS_RATIO, "0.05", FIRST + 1, own=programme)
    add(ThresholdKind.MARGIN_CONTINUOUS_RATIO, "0.2", FIRST + 3)
    add(ThresholdKind.GREEN_FROM_SCORE, "85", FIRST + 1, own=programme)
    add(ThresholdKind.GREEN_FROM_SCORE, "95", FIRST + 2)
    epochs = load_margins(programme_id=programme.pk)
    assert [epoch.since - FIRST.ordinal for epoch in epochs[1:]] == [0, 1, 2, 3]
    assert [epoch.margins[Scale.RATE][1] for epoch in epochs] == [2.0, 2.0, 2.0, 1.0, 1.0]
    assert [epoch.margins[Scale.CONTINUOUS][1] for epoch in epochs] == [0.1, 0.1, 0.05, 0.05, 0.05]
    assert epochs[-1].margins[Scale.MILESTONE] == (MarginKind.RELATIVE, 0.05)
    greens = [load_thresholds(programme_id=programme.pk, quarter=FIRST + n).green for n in range(3)]
    assert greens == [90.0, 85.0, 85.0]
    other = make_programme(programme.region)
    assert load_thresholds(programme_id=other.pk, quarter=FIRST + 2).green == 95.0
