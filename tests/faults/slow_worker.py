"""A worker whose tasks outlast the broker's patience: `python -m tests.faults.slow_worker DATABASE GUARDS`.

Counts in the broker: the hash STARTS has how often each message was begun, the list DONE the key of each request once
for every time that it was computed and written. GUARDS is `kept`, or `removed` for the negative control.
"""

import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

from tests.faults import worker

STARTS, DONE = "slow-worker-starts", "slow-worker-done"
PATIENCE_SECONDS, WORK_SECONDS = 1, 4.0
LEASE_SECONDS = 60.0
_LEASE = "AND (lease_until IS NULL OR lease_until < clock_timestamp())"


def main() -> None:
    """Run one worker of two processes until it is stopped."""
    database, guards = sys.argv[1:]
    from celery.signals import task_prerun

    from qscounty.celery import app

    app.conf.broker_transport_options = {
        **app.conf.broker_transport_options,
        "visibility_timeout": PATIENCE_SECONDS,
        "unacked_restore_interval": 0.2,
        "unacked_restore_throttle": 1,
    }
    app.loader.import_default_modules()
    make_slow()
    if guards == "removed":
        remove_guards()
    task_prerun.connect(count_start, weak=False)
    sys.argv[1:] = [database, str(LEASE_SECONDS), "prefork"]
    worker.main()


def connect() -> Any:
    """Return a connection to the session's broker."""
    import redis
    from django.conf import settings

    return redis.Redis(unix_socket_path=str(settings.STATE.broker_socket))


def count_start(task_id: str, **_other: object) -> None:
    """Note that a message was begun."""
    connect().hincrby(STARTS, task_id, 1)


def make_slow() -> None:
    """Put a pause between the claim and the work, and note what was done."""
    from indicators.actions import recompute

    real: Callable[..., int] = recompute.run

    def run_slowly(*, requests: Sequence[Any]) -> int:
        time.sleep(WORK_SECONDS)
        done = real(requests=requests)
        if done:
            connect().rpush(DONE, *(request.key for request in requests))
        return done

    recompute.run = run_slowly


def remove_guards() -> None:
    """Let a claim take what another one has leased, and write without asking whose the claim is."""
    from indicators.actions import recompute_queue, recompute_series

    without = recompute_queue._CLAIM.replace(_LEASE, "")
    if without == recompute_queue._CLAIM:
        raise AssertionError("The claim asks for the lease in other words now.")
    recompute_queue._CLAIM = without
    recompute_series.hold = lambda *_cursor, **_requests: None


if __name__ == "__main__":
    main()
