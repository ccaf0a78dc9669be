"""Two approvals at once: whoever has read a figure's number never meets a lower one that was not there.

Readers by pages, results and editions name what they read by the newest number; see ADR 5. Real transactions; the
control takes the database's guard away, and the same reader gets one figure twice.
"""

import threading
from decimal import Decimal

import pgtrigger
import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from indicators.actions.approvals import add_revisions
from indicators.models import ApprovedFigure, Origin
from reports.editions import find_newest_figure
from reports.sources import current_figures_upto
from tests.builders import Q3, fill, make_figure, make_window, make_world, roll_up
from tests.reports.api.reader import Reader

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
GUARD = "indicators.ApprovedFigure:ids_in_order_of_commit"
SECONDS = 20


@pytest.fixture
def world(transactional_db):
    world = make_world(counties=1)
    for allocation in world.allocations:
        make_figure(allocation.series)
    make_window(world.programme)
    fill(world)
    roll_up(world.programme)
    return world


@pytest.fixture
def reader(world, client):
    return Reader(client, world.office)


def revise(figure, numerator):
    given = {"series_id": figure.series_id, "quarter": figure.quarter, "revision": figure.revision + 1}
    numbers = {"numerator": Decimal(numerator), "denominator": Decimal(500), "approved_at": timezone.now()}
    add_revisions([ApprovedFigure(**given, **numbers, origin=Origin.DEMONSTRATION)])


class Approval(threading.Thread):
    """One approval in a connection of its own: it writes when it is started, and commits when it is told to."""

    def __init__(self, figure, numerator, *, guarded=True):
        super().__init__(daemon=True)
        self.figure, self.numerator, self.guarded = figure, numerator, guarded
        self.has_written, self.may_commit, self.error = threading.Event(), threading.Event(), None

    def run(self):
        try:
            if self.guarded:
                self.work()
            else:
                with pgtrigger.ignore(GUARD):
                    self.work()
        except (AssertionError, DatabaseError) as error:  # told by `finish`
            self.error = error
        finally:
            connections.close_all()

    def work(self):
        with transaction.atomic():
            with connection.cursor() as cursor:  # a slow machine is no fault here
                cursor.execute(f"SET LOCAL lock_timeout = '{SECONDS}s'")
            revise(self.figure, self.numerator)
            self.has_written.set()
            assert self.may_commit.wait(SECONDS)

    def finish(self):
        self.may_commit.set()
        self.join(SECONDS)
        assert not self.is_alive()
        assert self.error is None, self.error


def count_waiting():
    """Return how many sessions wait for somebody else's lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")
        return cursor.fetchone()[0]


def wait_until(condition):
    for _time in range(SECONDS * 50):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("It did not come to that.")


def read_first(reader):
    return reader.page("figures", quarter=str(Q3), limit="2")


def places(rows):
    return [(row["region"], row["indicator"]) for row in rows]


def test_who_reads_by_pages_meets_nothing_that_was_not_there_when_he_began(world, reader):
    figures = list(ApprovedFigure.objects.order_by("pk"))
    slow, quick = Approval(figures[0], 1), Approval(figures[-1], 2)
    slow.start()
    assert slow.has_written.wait(SECONDS), slow.error
    quick.start()
    wait_until(lambda: count_waiting() == 1)  # it has no number yet
    assert not quick.has_written.is_set()
    before, first = reader.rows("figures", quarter=str(Q3)), read_first(reader)
    slow.finish()
    assert quick.has_written.wait(SECONDS), quick.error
    quick.finish()
    assert reader.follow(first) == before
    assert len(set(places(before))) == len(before) == len(figures)
    one, other = ApprovedFigure.objects.order_by("-pk")[:2]
    assert (other.numerator, one.numerator) == (Decimal(1), Decimal(2))  # numbered as they were committed


def test_without_the_guard_one_figure_comes_twice(world, reader):
    """The control: the slow approval has the lower number, and becomes visible after a higher one was read."""
    figures = list(ApprovedFigure.objects.order_by("pk"))
    slow, quick = Approval(figures[0], 1, guarded=False), Approval(figures[-1], 2, guarded=False)
    slow.start()
    assert slow.has_written.wait(SECONDS), slow.error
    quick.start()
    assert quick.has_written.wait(SECONDS), quick.error
    quick.finish()
    before, first = reader.rows("figures", quarter=str(Q3)), read_first(reader)
    slow.finish()
    after = reader.follow(first)
    assert after != before
    assert len(set(places(after))) < len(after)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_an_edition_names_what_was_there_and_nothing_that_came_later(world, guarded):
    """What `inputs_revision` names stays the same figures for ever, though an approval was under way."""
    figures = list(ApprovedFigure.objects.order_by("pk"))
    slow, quick = Approval(figures[0], 1, guarded=guarded), Approval(figures[-1], 2, guarded=guarded)
    slow.start()
    assert slow.has_written.wait(SECONDS)
    quick.start()
    if not guarded:  # it overtakes, and the edition is made with its number
        assert quick.has_written.wait(SECONDS)
        quick.finish()
    newest, _at = find_newest_figure(programme=world.programme, quarter=Q3)
    before = set(current_figures_upto(newest).values_list("pk", flat=True))
    slow.finish()
    if guarded:
        quick.finish()
    after = set(current_figures_upto(newest).values_list("pk", flat=True))
    assert (after == before) == guarded


def test_an_approval_that_is_undone_holds_nobody_up(world):
    figures = list(ApprovedFigure.objects.order_by("pk"))
    with transaction.atomic():
        revise(figures[0], 1)
        transaction.set_rollback(True)
    other = Approval(figures[1], 2)
    other.start()
    assert other.has_written.wait(SECONDS), other.error
    other.finish()
    assert ApprovedFigure.objects.order_by("-pk").first().numerator == Decimal(2)
