"""A broker that gives a message away a second time while the first worker is still at it. Fault F12.

The settings keep a task (60 s) shorter than the broker's patience (120 s). Here the patience is 1 s and the work takes
four: the message is begun again beside it, and what comes of it is still one effect.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection

from indicators.actions.recompute import recompute_now
from tests.faults.slow_worker import DONE, STARTS, connect
from tests.faults.test_workers import ask, kill, list_wrong, nothing_is_open, wait_until
from tests.recompute_world import make_random_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.slow]


@contextmanager
def slow_worker(guards: str) -> Iterator[None]:
    """Run a worker of two processes that takes longer than the broker waits."""
    command = [sys.executable, "-m", "tests.faults.slow_worker", connection.settings_dict["NAME"], guards]
    process = subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)
    try:
        yield
    finally:
        kill(process)


@pytest.fixture
def world(embedded_stack):
    """A world with one approval that nobody has computed yet, and a broker without messages."""
    found = make_random_world(71, targets=8, quarters=6)
    recompute_now()
    connect().flushall()
    ask(found, count=3)
    return found


def most_starts() -> int:
    """Return how often the message that was begun most often was begun."""
    return max(map(int, connect().hvals(STARTS)), default=0)


def most_done() -> int:
    """Return how often the request that was done most often was done."""
    return max(Counter(connect().lrange(DONE, 0, -1)).values(), default=0)


def broker_is_empty() -> bool:
    """Say whether no message waits or is in somebody's hands."""
    return not connect().llen("celery") and not connect().hlen("unacked")


def test_a_message_begun_twice_has_one_effect(world):
    with slow_worker("kept"):
        wait_until(lambda: nothing_is_open() and broker_is_empty())
    assert most_starts() >= 2, "the broker was patient: nothing was tried"
    assert most_done() == 1
    assert list_wrong(world) == []


def test_control_without_lease_and_fence_the_work_is_done_twice(world):
    """A machine that is busy for longer than the work takes gives the message away too late: then once more."""
    with slow_worker("removed"):
        for _attempt in range(3):
            wait_until(lambda: most_done() >= 2 or (nothing_is_open() and broker_is_empty()))
            if most_done() >= 2:
                break
            connect().delete(STARTS, DONE)
            ask(world, count=3)
    assert most_done() >= 2
    assert most_starts() >= 2
