"""The builders themselves: a world that the database accepts and whose roll-ups add up."""

import pytest

from indicators.engine.target import Rating
from indicators.models.rollup import RollUp
from tests.builders import Q3, fill, make_figure, make_window, make_world, roll_up


@pytest.mark.django_db
def test_a_world_adds_up():
    world = make_world(counties=2)
    make_window(world.programme)
    make_figure(world.allocations[0].series)
    fill(world, ratings=[Rating.GREEN, Rating.RED, Rating.GREY])
    roll_up(world.programme)
    # Ordering by department would join its table and lose the rows of all departments.
    rows = RollUp.objects.filter(programme=world.programme, quarter=Q3).order_by()
    whole = rows.overall().get(region=world.city)
    assert (whole.green, whole.red, whole.not_reported) == (5, 5, 5)
    assert sum(row.total for row in rows.by_domain().filter(region=world.city)) == whole.total == 15
    assert sum(row.total for row in rows.by_department().filter(region=world.city)) == whole.total
