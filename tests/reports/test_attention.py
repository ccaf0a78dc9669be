"""What needs attention first: by severity, then by the time left, then by the ratio."""

import pytest

from indicators.engine.target import Flag, Gap, Rating
from reports.scopes import get_context_or_404
from reports.selectors import flag_bits, list_needing_attention, list_results
from tests.builders import make_allocation, make_result, make_target, make_world, roll_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world(counties=0)


def page_of(world, rf):
    roll_up(world.programme)
    request = rf.get("/?quarter=2018Q3")
    request.user = world.leader
    return get_context_or_404(request)


def give(world, name, *, veto=False, **fields):
    target = make_target(world.programme, lead=world.departments[0], veto=veto)
    target.indicator.name_en = name
    target.indicator.save()
    return make_result(make_allocation(target, department=world.departments[0]), **fields)


def names(world, rf, count=None):
    results = list_results(page_of(world, rf))
    return [result.target.indicator.name_en for result in list_needing_attention(results, count)]


def test_the_worst_comes_first(world, rf):
    give(world, "green", rating=Rating.GREEN)
    give(world, "amber", rating=Rating.AMBER)
    give(world, "gap", rating=Rating.GREY, gap=Gap.NOT_REPORTED)
    give(world, "unusable", rating=Rating.GREY, gap=Gap.NOT_COMPUTABLE)
    give(world, "not due", rating=Rating.GREY, gap=Gap.NOT_DUE)
    give(world, "risky", rating=Rating.GREEN, flags=Flag.AT_RISK)
    give(world, "mild red", rating=Rating.RED, ratio=0.9)
    give(world, "deep red", rating=Rating.RED, ratio=0.5)
    give(world, "lost", rating=Rating.RED, flags=Flag.OUT_OF_REACH | Flag.WORSENING)
    give(world, "veto", rating=Rating.RED, veto=True)
    assert names(world, rf) == ["veto", "lost", "deep red", "mild red", "risky", "gap", "unusable"]
    assert names(world, rf, 2) == ["veto", "lost"]


def test_of_equal_results_the_one_due_sooner_comes_first(world, rf):
    give(world, "later", rating=Rating.RED, ratio=0.5, elapsed=1)
    give(world, "sooner", rating=Rating.RED, ratio=0.5, elapsed=20)
    assert names(world, rf) == ["sooner", "later"]


@pytest.mark.parametrize("flag", [flag for flag in Flag if flag])
def test_every_flag_is_found_among_others(world, rf, flag):
    give(world, "marked", flags=flag | Flag.INCOMPLETE | Flag.IMPROVING)
    give(world, "plain", flags=Flag.NONE)
    found = list_results(page_of(world, rf)).alias(marked=flag_bits(flag)).filter(marked__gt=0)
    assert [result.target.indicator.name_en for result in found] == ["marked"]
