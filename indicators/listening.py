"""Hears from PostgreSQL that a request has been committed, and passes the hint on to the workers.

An approval is on the dashboard within a second although no request handler ever talks to the broker: the handler's
own transaction notifies, this thread of the worker's main process hears it and sends the message. Whatever it misses
(a restart, a broken connection) the sweep of `beat` finds a few seconds later. Source: ADR 6.
"""

import logging
import selectors
import threading
from typing import Any

from celery import bootsteps
from django.db import connection

logger = logging.getLogger(__name__)

GATHERING_SECONDS = 0.02  # approvals come in bursts: one hint for all of them
LOOK_SECONDS = 1.0
RETRY_SECONDS = 2.0
HINT_SECONDS = 60.0
"""A hint older than this says nothing that the sweep has not said since."""


class RequestListener(bootsteps.StartStopStep):
    """Runs the listening thread beside a Celery worker."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, parent: Any) -> None:
        """Begin to listen."""
        hands = int(parent.concurrency or 1)
        self._thread = threading.Thread(target=listen, args=(self._ending, hands), name="requests", daemon=True)
        self._thread.start()

    def stop(self, parent: Any) -> None:
        """Stop listening."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(timeout=2 * LOOK_SECONDS)


def listen(ending: threading.Event, hands: int) -> None:
    """Pass on a hint for every burst of notifications, until `ending` is set; outlives a broken connection."""
    while not ending.is_set():
        try:
            _listen_once(ending, hands)
        except Exception:
            logger.warning("The listener lost its connection and tries again.", exc_info=True)
            ending.wait(RETRY_SECONDS)
        finally:
            connection.close()


def _listen_once(ending: threading.Event, hands: int) -> None:
    from indicators.actions.recompute_queue import CHANNEL, count_due

    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    heard = connection.connection
    _send_hints(1)  # for what was asked for before this began
    with selectors.DefaultSelector() as selector:  # select() itself refuses descriptors from 1024 on
        selector.register(heard, selectors.EVENT_READ)
        while not ending.is_set():
            if selector.select(LOOK_SECONDS):
                ending.wait(GATHERING_SECONDS)
                heard.poll()
                if heard.notifies:
                    heard.notifies.clear()
                    _send_hints(count_due(most=hands))


def _send_hints(number: int) -> None:
    from indicators.tasks import recompute_due

    for _each in range(number):
        recompute_due.apply_async(expires=HINT_SECONDS, retry=False)
