"""Stored results and roll-ups over random worlds, held against a second, plain computation."""

import pytest

from indicators.actions.recompute import process_due_requests, recompute_now, request_series_recompute
from indicators.models import Attainment, RollUp
from tests.oracle import list_wrong_results, list_wrong_rollups
from tests.recompute_world import add_figures, make_random_world, read_results

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_full_recompute_stores_what_the_rules_say(seed):
    world = make_random_world(seed)
    recompute_now()
    for programme in (world.programme, world.county_programme):
        assert list_wrong_results(programme) == []
        assert list_wrong_rollups(programme) == []


def test_approvals_one_by_one_end_where_a_full_recompute_ends():
    world = make_random_world(4)
    recompute_now()
    for _round in range(6):
        chosen = world.rng.sample(world.series(), 3)
        ids = add_figures(world, [(series, world.rng.choice(world.quarters)) for series in chosen])
        request_series_recompute(series_ids=ids)
        process_due_requests()
    for programme in (world.programme, world.county_programme):
        assert list_wrong_results(programme) == []
        assert list_wrong_rollups(programme) == []


def test_the_oracle_notices_one_wrong_value():
    """The negative control: an oracle that agrees with everything proves nothing."""
    world = make_random_world(5, targets=4, quarters=4)
    recompute_now()
    rated = Attainment.objects.filter(programme=world.programme, gap=0).first()
    Attainment.objects.filter(pk=rated.pk).update(ratio=rated.ratio + 1e-6)
    RollUp.objects.filter(programme=world.programme, pk=RollUp.objects.first().pk).update(attained=7)
    assert len(list_wrong_results(world.programme)) == 1
    assert list_wrong_rollups(world.programme)


def test_the_same_figures_give_the_same_bytes():
    make_random_world(6, targets=6)
    recompute_now()
    first = read_results()
    Attainment.objects.all().delete()
    RollUp.objects.all().delete()
    from indicators.actions.recompute import forget_results

    forget_results()
    recompute_now()
    assert read_results() == first
