"""The listener passes on what a committed transaction told, and nothing else."""

import threading
import time

import pytest
from django.db import connection, transaction

from indicators import listening, tasks
from indicators.actions.recompute import process_due_requests, request_series_recompute
from tests.recompute_world import make_random_world

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def hints(monkeypatch):
    """Collect the hints instead of sending them."""
    sent: list[dict[str, object]] = []
    monkeypatch.setattr(tasks.recompute_due, "apply_async", lambda **options: sent.append(options))
    return sent


@pytest.fixture
def listener(hints):
    """Listen in a thread until the test ends."""
    ending = threading.Event()
    thread = threading.Thread(target=listening.listen, args=(ending, 3))
    thread.start()
    try:
        wait_for(hints, 1)  # it sends one for what was asked for before it began
        hints.clear()
        yield thread
    finally:
        ending.set()
        thread.join()


def wait_for(hints, number, *, seconds=5.0):
    """Wait until so many hints were sent."""
    until = time.monotonic() + seconds
    while len(hints) < number and time.monotonic() < until:
        time.sleep(0.01)
    assert len(hints) >= number


def test_a_commit_is_passed_on_and_a_rollback_is_not(hints, listener):
    world = make_random_world(71, targets=2, quarters=2)
    with transaction.atomic():
        request_series_recompute(series_ids=[world.series()[0].pk])
        transaction.set_rollback(True)
    time.sleep(0.2)
    assert hints == []
    request_series_recompute(series_ids=[world.series()[0].pk])
    wait_for(hints, 1)
    assert hints[0]["retry"] is False
    assert hints[0]["expires"] > 0


def test_a_burst_of_series_is_one_hint_since_one_worker_takes_them_together(hints, listener):
    world = make_random_world(72, targets=4, quarters=2)
    with transaction.atomic():
        request_series_recompute(series_ids=[series.pk for series in world.series()])
    wait_for(hints, 1)
    time.sleep(0.1)
    assert len(hints) == 1
    process_due_requests()


def test_the_listener_outlives_its_connection(hints, listener, monkeypatch):
    monkeypatch.setattr(listening, "RETRY_SECONDS", 0.05)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%%' AND pid <> pg_backend_pid()"
        )
    wait_for(hints, 1)  # it is back, and sends one for what it may have missed
    assert listener.is_alive()
