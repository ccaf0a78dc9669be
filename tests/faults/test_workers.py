"""Workers that are killed, stopped and started again; brokers that forget, vanish or repeat themselves.

Each ends with the same question: is every result what a recompute from scratch, written separately, says?
Faults F5 to F14, goals R5 to R9.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import redis
from django.conf import settings
from django.db import connection, transaction

from indicators.actions import recompute, recompute_queue
from indicators.actions.recompute import process_due_requests, recompute_now, request_series_recompute
from indicators.models import RecomputeRequest
from indicators.tasks import recompute_due
from qscounty.celery import SWEEP_SECONDS, app
from tests.oracle import list_wrong_results, list_wrong_rollups
from tests.recompute_world import add_figures, list_open_requests, make_random_world, read_results

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]

KILLS = int(os.environ.get("QSCOUNTY_KILLS", "5"))
RIGHT_WITHIN_SECONDS = 60.0


@contextmanager
def running_worker(*, pool: str = "solo", lease: float = 1.0) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker in a process group of its own, ended at the end at the latest."""
    database = connection.settings_dict["NAME"]
    command = [sys.executable, "-m", "tests.faults.worker", database, str(lease), pool]
    worker = subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True)
    try:
        yield worker
    finally:
        kill(worker)


def kill(worker: subprocess.Popen[bytes]) -> None:
    """End the worker and its children as a crash would: without a word."""
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def wait_until(condition, *, seconds: float = RIGHT_WITHIN_SECONDS) -> float:
    """Return after how many seconds the condition holds; fail if it does not."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, f"not within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - began


def nothing_is_open() -> bool:
    """Say whether every request is done."""
    return not RecomputeRequest.objects.waiting().exists()


def ask(world, *, count: int = 3) -> None:
    """Approve figures and ask for their results, in one transaction, as an approval does."""
    with transaction.atomic():
        chosen = world.rng.sample(world.series(), count)
        request_series_recompute(series_ids=add_figures(world, [(s, world.rng.choice(world.quarters)) for s in chosen]))


def list_wrong(world) -> list[str]:
    """Return what the oracle finds wrong."""
    return [
        sentence
        for programme in (world.programme, world.county_programme)
        for sentence in (*list_wrong_results(programme), *list_wrong_rollups(programme))
    ]


@pytest.fixture
def world():
    found = make_random_world(31, targets=8, quarters=6)
    recompute_now()
    return found


@pytest.fixture(autouse=True)
def empty_broker(embedded_stack):
    """Begin without messages of an earlier test."""
    broker().flushall()


def broker() -> redis.Redis:
    """Return a connection to the session's broker."""
    return redis.Redis(unix_socket_path=str(settings.STATE.broker_socket))


@pytest.mark.slow
def test_a_worker_killed_at_any_moment_leaves_no_wrong_result(world):
    """F5, R5, R6: kill -9 at random moments while approvals come in; all is right within a minute."""
    moments = random.Random(5)  # noqa: S311
    for _kill in range(KILLS):
        with running_worker() as worker:
            ask(world)
            wait_until(lambda: RecomputeRequest.objects.filter(attempts__gt=0).exists() or nothing_is_open())
            for _burst in range(3):
                ask(world)
                time.sleep(moments.uniform(0.0, 0.05))
            kill(worker)
    with running_worker():
        wait_until(nothing_is_open)
    assert list_wrong(world) == []
    assert not RecomputeRequest.objects.parked().exists()


@pytest.mark.slow
def test_a_child_of_the_pool_killed_is_replaced(world):
    """F6: the child dies, the main process lives; the work is taken up again.

    The message of a killed child comes back before its lease has run out and finds nothing due: what is left then
    is found by the sweep, which beat sends.
    """
    with running_worker(pool="prefork") as worker:
        ask(world)
        wait_until(nothing_is_open)
        for _kill in range(3):
            ask(world, count=8)
            for child in list_children(worker.pid):
                with suppress(ProcessLookupError):  # it may have ended by itself
                    os.kill(child, signal.SIGKILL)
        wait_until(with_the_sweep(nothing_is_open))
    assert list_wrong(world) == []


def with_the_sweep(condition):
    """Return `condition`, asked while the sweep is sent as often as beat sends it."""
    last = time.monotonic()

    def ask_and_sweep():
        nonlocal last
        if time.monotonic() - last >= SWEEP_SECONDS:
            last = time.monotonic()
            recompute_due.apply_async(expires=SWEEP_SECONDS)
        return condition()

    return ask_and_sweep


def list_children(pid: int) -> list[int]:
    """Return the processes that `pid` has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


@pytest.mark.slow
def test_an_approval_is_computed_within_a_second_without_any_handler_sending_a_message(world):
    """The transaction notifies, the worker's listener sends the hint: no beat runs here."""
    with running_worker():
        ask(world, count=1)
        wait_until(nothing_is_open)
        times = []
        for _approval in range(5):
            ask(world, count=1)
            times.append(wait_until(nothing_is_open))
    assert sorted(times)[2] < 1.0, times
    assert list_wrong(world) == []


def test_what_was_asked_while_no_worker_lived_is_done_when_one_comes(world):
    """F10 and F13: hints lost, broker emptied, beat dead: the table still knows."""
    ask(world, count=6)
    broker().flushall()
    with running_worker():
        wait_until(nothing_is_open)
    assert list_wrong(world) == []


def test_asking_goes_on_as_fast_without_a_broker(world, monkeypatch):
    """F8, F9, R7: whatever touches the broker in the asker's process fails the test."""

    def refuse(*_args, **_kwargs):
        raise AssertionError("a request handler talked to the broker")

    for owner, name in ((app, "send_task"), (app, "connection_for_write"), (app.Task, "apply_async")):
        monkeypatch.setattr(owner, name, refuse)
    times = []
    for _approval in range(40):
        began = time.monotonic()
        ask(world, count=1)
        times.append(time.monotonic() - began)
    assert sorted(times)[37] < 0.5
    monkeypatch.undo()
    process_due_requests()
    assert list_wrong(world) == []


def test_a_handler_that_sent_messages_itself_would_be_caught(monkeypatch):
    """Negative control of the test above."""
    from indicators.tasks import recompute_due

    monkeypatch.setattr(app.Task, "apply_async", lambda *_args, **_kwargs: pytest.fail("caught"))
    with pytest.raises(pytest.fail.Exception, match="caught"):
        recompute_due.delay()


def deliver(times: int) -> None:
    """Work as a worker does that got its hint `times` times."""
    try:
        for _delivery in range(times):
            process_due_requests()
    finally:
        connection.close()


@pytest.mark.parametrize("seed", range(4))
def test_hints_doubled_shuffled_and_late_come_to_the_same_as_one(seed, monkeypatch):
    """F11, R8: each hint one to five times, two to four workers, new figures in between."""
    monkeypatch.setattr(recompute_queue, "BACKOFF_SECONDS", 0.05)
    world = make_random_world(40 + seed, targets=6, quarters=4)
    recompute_now()
    moments = random.Random(seed)  # noqa: S311
    workers = [threading.Thread(target=deliver, args=(moments.randint(1, 5),)) for _ in range(moments.randint(2, 4))]
    ask(world, count=6)
    for worker in workers:
        worker.start()
        ask(world, count=2)
    for worker in workers:
        worker.join()
    wait_until(lambda: process_due_requests() == 0 and nothing_is_open())
    assert list_wrong(world) == []
    before = read_results()
    recompute.forget_results()
    recompute_now()
    assert read_results() == before


def test_a_roll_up_that_is_moved_twice_would_be_noticed(world, monkeypatch):
    """Negative control: what duplicates would do to sums that are incremented without a version."""
    from indicators.actions import replacing

    real = replacing.move_rollups

    def move_twice(cursor, *, cells):
        real(cursor, cells=cells)
        real(
            cursor,
            cells={name: column if name in replacing._CELL_KEYS else abs(column) for name, column in cells.items()},
        )

    monkeypatch.setattr(replacing, "move_rollups", move_twice)
    ask(world, count=6)
    process_due_requests()
    assert list_wrong(world) != []


@pytest.mark.slow
def test_a_worker_stopped_beyond_its_lease_overwrites_nothing(world):
    """F7, R9: SIGSTOP in the middle of the work, another worker finishes newer figures, SIGCONT."""
    for _pause in range(2):
        with running_worker(lease=0.5) as sleeper:
            ask(world, count=1)
            wait_until(nothing_is_open)
            ask(world, count=8)
            wait_until(lambda: RecomputeRequest.objects.exclude(claim="").exists() or nothing_is_open())
            os.kill(sleeper.pid, signal.SIGSTOP)
            ask(world, count=8)
            with running_worker(lease=0.5):
                wait_until(nothing_is_open)
            newer = read_results()
            os.kill(sleeper.pid, signal.SIGCONT)
            time.sleep(0.5)
            assert read_results() == newer
    assert list_wrong(world) == []


@pytest.mark.slow
def test_a_full_recompute_survives_the_death_of_its_workers(monkeypatch):
    """Parts that are done stay done; the rest is taken up by the next worker."""
    world = make_random_world(51, targets=20, quarters=8)
    recompute.request_scope_recompute()
    for _kill in range(2):
        with running_worker() as worker:
            wait_until(lambda: RecomputeRequest.objects.filter(attempts__gt=0).exists() or nothing_is_open())
            kill(worker)
    with running_worker():
        wait_until(nothing_is_open)
    assert list_open_requests() == []
    assert list_wrong(world) == []
