"""A broker that accepts and never answers, two clocks at once, and what a recompute must never touch. F9, F13, R7."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection

from departments.models import AuditEntry
from indicators.actions.recompute import forget_results, process_due_requests, recompute_now
from reports.actions.freezing import describe
from reports.actions.publications import verify_publication
from tests.faults.proxy import Proxy
from tests.faults.test_workers import (  # noqa: F401  the world and the broker are fixtures
    ask,
    broker,
    empty_broker,
    list_wrong,
    nothing_is_open,
    running_worker,
    wait_until,
    with_the_sweep,
    world,
)
from tests.reports.publication_world import make_publishing_world

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

APPROVALS = 40


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy(str(settings.STATE.broker_socket)).running() as running:
        yield running


def time_approvals(world) -> float:  # noqa: F811
    """Return what the slowest but two of the approvals took, in seconds."""
    times = []
    for _approval in range(APPROVALS):
        began = time.monotonic()
        ask(world, count=1)
        times.append(time.monotonic() - began)
    return sorted(times)[-3]


@pytest.mark.slow
def test_f9_approvals_are_as_quick_and_the_recompute_catches_up(world, proxy, monkeypatch):  # noqa: F811
    usual = time_approvals(world)
    monkeypatch.setenv("REDIS_URL", f"redis://127.0.0.1:{proxy.port}/0")
    proxy.switch(hole=True)
    with running_worker():
        wait_until(lambda: proxy.accepted > 0, seconds=30)
        assert time_approvals(world) <= usual + 0.25
        assert not nothing_is_open(), "negative control: through the hole nothing is computed"
        proxy.switch(hole=False)
        wait_until(nothing_is_open)
    assert list_wrong(world) == []


def test_control_who_sends_through_the_hole_himself_waits(proxy):
    """What a handler would do that sends its own message: it hangs for as long as the broker is silent."""
    proxy.switch(hole=True)
    app = Celery("hole", broker=f"redis://127.0.0.1:{proxy.port}/0", set_as_current=False)

    def send() -> None:
        with suppress(Exception):  # when the hole is closed, at the end
            app.send_task("indicators.tasks.recompute_due", retry=False)

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    sender.join(1.5)
    assert sender.is_alive()


@pytest.mark.slow
def test_f13_two_beats_and_then_none_come_to_the_same(world):  # noqa: F811
    """Twice the messages, no more effects; when nobody sends any, the first one that comes finds everything."""
    with running_worker():
        twice = with_the_sweep(with_the_sweep(nothing_is_open))
        for _burst in range(3):
            ask(world, count=4)
            wait_until(twice)
    ask(world, count=4)
    assert not nothing_is_open()
    process_due_requests()
    assert nothing_is_open()
    assert list_wrong(world) == []


def test_a_recompute_never_touches_a_publication():
    city = make_publishing_world()
    publication = city.publish()

    def describe_now():
        with connection.cursor() as cursor:
            return describe(cursor, publication=publication)

    before, entries = describe_now(), AuditEntry.objects.count()
    with connection.cursor() as cursor:  # partitions that the builders have named, with results that nobody computed
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent IN ('indicators_attainment'::regclass, 'indicators_rollup'::regclass)"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {name}")
    forget_results(programme=city.programme)
    recompute_now(programme=city.programme)
    assert describe_now() == before == publication.manifest
    assert verify_publication(publication=publication) == []
    assert AuditEntry.objects.count() == entries
    live = city.programme.attainments.values_list("computed_at", flat=True)
    assert all(at > publication.published_at for at in live), "negative control: the live results were written anew"
