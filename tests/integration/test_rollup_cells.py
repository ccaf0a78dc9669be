"""Cells of the roll-ups: where a result counts, and sums that agree in whatever parts they are made."""

import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from indicators.actions.recompute import recompute_now
from indicators.actions.replacing import move_rollups
from indicators.actions.result_tables import ensure_partitions
from indicators.binary_rows import count, take
from indicators.engine.cell import rate_cells
from indicators.models import Attainment, RollUp
from indicators.models.rollup import COUNTS
from indicators.selectors.copying import snapshot
from indicators.selectors.result_rows import fingerprint, hash_rows, load_rows
from indicators.selectors.rollup_cells import (
    KEYS,
    SUMS,
    columns_of,
    contributions_of,
    list_pairs,
    load_tree,
    merge,
    subtract,
    sum_cells,
)
from tests.recompute_world import make_random_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    found = make_random_world(61, targets=6, quarters=4)
    recompute_now()
    return found


@pytest.fixture
def rows(world):
    with snapshot() as cursor:
        ids = [allocation.pk for allocation in world.allocations]
        return load_rows(cursor, programme_id=world.programme.pk, allocation_ids=ids)


@pytest.fixture
def tree(world, rows):
    with snapshot() as cursor:
        return load_tree(cursor, programme_id=world.programme.pk, pairs=list_pairs(rows))


def assert_same(left, right):
    for name in (*KEYS, *SUMS):
        assert left[name].tolist() == right[name].tolist(), name


def test_a_region_counts_in_itself_and_above_up_to_the_programme_s_region(world, tree):
    city, county, township = world.regions[0], world.regions[1], world.regions[-1]
    of_city, of_county = world.departments[0], world.departments[2]
    with snapshot() as cursor:
        places = load_tree(
            cursor, programme_id=world.programme.pk, pairs=[(township.pk, of_city.pk), (township.pk, of_county.pk)]
        ).places
    everywhere = {(region.pk, 0) for region in (township, county, city)}
    assert set(places[township.pk, of_city.pk]) == everywhere | {
        (region.pk, of_city.pk) for region in (township, county, city)
    }
    assert set(places[township.pk, of_county.pk]) == everywhere | {
        (region.pk, of_county.pk) for region in (township, county)
    }


def test_sums_are_the_same_in_any_order_and_any_parts(rows, tree):
    whole = sum_cells(rows, tree=tree)
    shuffled = np.random.default_rng(1).permutation(count(rows))
    assert_same(sum_cells(take(rows, shuffled), tree=tree), whole)
    half = count(rows) // 3
    parts = [sum_cells(take(rows, slice(*ends)), tree=tree) for ends in ((0, half), (half, None))]
    assert_same(merge(*parts), whole)


def test_moving_by_the_difference_is_counting_again(rows, tree):
    some = np.arange(count(rows)) % 3 == 0
    whole, rest = sum_cells(rows, tree=tree), sum_cells(take(rows, ~some), tree=tree)
    moved = subtract(whole, sum_cells(take(rows, some), tree=tree))
    kept = np.logical_or.reduce([rest[name] != 0 for name in SUMS])
    assert_same(moved, take(rest, kept))
    assert count(subtract(whole, whole)) == 0


def test_no_results_make_no_cells(rows, tree):
    none = take(rows, slice(0, 0))
    assert count(sum_cells(none, tree=tree)) == 0
    assert count(subtract(sum_cells(none, tree=tree), sum_cells(none, tree=tree))) == 0


def test_empty_cells_go_and_new_ones_come(world, rows, tree):
    cells = sum_cells(rows, tree=tree)
    nothing = take(cells, slice(0, 0))
    with transaction.atomic(), connection.cursor() as cursor:
        ensure_partitions(cursor, programme_id=world.programme.pk)
        move_rollups(cursor, cells=subtract(nothing, cells))
        assert not RollUp.objects.filter(programme=world.programme).exists()
        move_rollups(cursor, cells=cells)
    assert RollUp.objects.filter(programme=world.programme).count() == count(cells)


def test_the_database_refuses_a_count_below_zero(world):
    for name in COUNTS:
        with pytest.raises(IntegrityError, match="rollup_counts_not_negative"), transaction.atomic():
            RollUp.objects.overall().filter(programme=world.programme).update(**{name: -1})


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"gap": 3}, "attainment_grey_with_gap"),
        ({"rating": 0}, "attainment_grey_with_gap"),
        ({"ratio": None}, "attainment_ratio_or_gap"),
        ({"ratio": float("nan")}, "attainment_ratio_or_gap"),
        ({"ratio": float("inf")}, "attainment_ratio_or_gap"),
        ({"ratio": -0.5}, "attainment_ratio_or_gap"),
        ({"measured": float("nan")}, "attainment_measured_finite"),
        ({"measured": None}, "attainment_measured_finite"),
        ({"window_start": 9000}, "attainment_window_in_order"),
    ],
)
def test_the_database_refuses_a_result_that_contradicts_itself(world, change, constraint):
    rated = Attainment.objects.filter(programme=world.programme, gap=0).first()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Attainment.objects.filter(pk=rated.pk).update(**change)


def test_stored_rows_are_rated_like_their_results(world, rows, tree):
    cells = sum_cells(rows, tree=tree)
    stored = list(RollUp.objects.filter(programme=world.programme).order_by(*KEYS))
    verdicts = rate_cells(contributions_of(columns_of(stored)))
    again = rate_cells(contributions_of(cells))
    np.testing.assert_array_equal(verdicts.rating, again.rating)
    np.testing.assert_array_equal(verdicts.score, again.score)
    for row in stored:
        assert row.due == row.reported + row.not_reported
        assert row.total == row.due + row.not_due + row.awaiting + row.not_applicable


def test_axes_are_told_apart(world):
    mine = RollUp.objects.filter(programme=world.programme)
    axes = [mine.overall(), mine.by_domain(), mine.by_department(), mine.by_domain_and_department()]
    assert sum(axis.count() for axis in axes) == mine.count()
    assert all(row.domain is None and row.department_id == 0 for row in axes[0])
    assert all(row.domain is not None for row in axes[1])


def test_a_fingerprint_knows_every_column_but_the_time(rows):
    ids = np.unique(rows["allocation_id"])
    before = fingerprint(rows, allocation_ids=ids)
    assert (fingerprint(take(rows, slice(None, None, -1)), allocation_ids=ids[::-1]) == before[::-1]).all()
    bits = hash_rows(rows)
    for name in rows:
        other = dict(rows)
        column = rows[name].copy()
        column[0] = 1 if name == "ratio" and np.isnan(column[0]) else column[0] + 1
        if column.dtype.kind == "f" and np.isnan(column[0]):
            column[0] = 1.0
        other[name] = column
        changed = hash_rows(other) != bits
        assert changed[0] == (name != "computed_at"), name
        assert not changed[1:].any()


@pytest.mark.parametrize("name", ["allocation_id", "target_id", "region_id", "department_id"])
def test_every_bit_of_a_key_counts_in_the_hash(rows, name):
    other = dict(rows)
    other[name] = rows[name].copy()
    other[name][0] += 1 << 20

    assert hash_rows(other)[0] != hash_rows(rows)[0]


def test_pairs_are_whole_whatever_the_width_of_their_keys(rows):
    wanted = set(zip(rows["region_id"].tolist(), rows["department_id"].tolist(), strict=True))

    assert set(list_pairs(rows)) == wanted


def test_stored_results_are_found_beside_others_and_without_them(world, rows):
    ids = [allocation.pk for allocation in world.allocations]
    some = take(rows, rows["allocation_id"] == ids[0])
    with snapshot() as cursor:
        through_key = load_rows(cursor, programme_id=world.programme.pk, allocation_ids=ids, beside=rows)
        looked_for = load_rows(cursor, programme_id=world.programme.pk, allocation_ids=ids, beside=some)

    assert count(through_key) == count(looked_for) == count(rows) > 0


@pytest.mark.parametrize("field", ["region", "indicator"])
def test_a_series_keeps_its_region_and_its_indicator(world, field):
    series, others = world.allocations[0].series, [allocation.series for allocation in world.allocations]
    other = next(each for each in others if getattr(each, f"{field}_id") != getattr(series, f"{field}_id"))

    with pytest.raises(DatabaseError, match="Cannot update rows"), transaction.atomic():
        type(series).objects.filter(pk=series.pk).update(**{field: getattr(other, f"{field}_id")})
