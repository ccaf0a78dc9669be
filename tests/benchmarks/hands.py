"""Worker processes for measurements: each works through the queue as a Celery worker's child does, without a broker."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from indicators.actions.recompute import request_scope_recompute
from indicators.models import Programme
from indicators.models.recompute_request import RequestState
from tests.benchmarks.measure import BASE

_LOOP = """
import time
import django
django.setup()
from indicators.actions.recompute import process_due_requests
print("ready", flush=True)
while True:
    if not process_due_requests():
        time.sleep(0.005)
"""


@contextmanager
def hands(number: int) -> Iterator[list[int]]:
    """Keep so many worker processes while the block runs; yield their numbers when they are ready."""
    workers = [
        subprocess.Popen([sys.executable, "-c", _LOOP], cwd=BASE, stdout=subprocess.PIPE) for _each in range(number)
    ]
    try:
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()
        yield [worker.pid for worker in workers]
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def recompute_by_hands(programme: Programme | None = None) -> None:
    """Ask for the programme, or for all of them, and wait until the workers have done it."""
    request = request_scope_recompute(programme=programme)
    while request.state is not RequestState.DONE:
        time.sleep(0.01)
        request.refresh_from_db()
