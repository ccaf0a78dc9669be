"""Works through the queue of exports: each job becomes a file that appears whole, or not at all.

Source: trust rule 15, case F23.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from reports.actions.export_jobs import path_of
from reports.actions.export_queue import ClaimGone, claim_job, finish_job, give_back, tell_progress
from reports.exports.files import stage_file, write_file
from reports.exports.frozen_source import find_published_edition
from reports.exports.source import Edition, find_edition
from reports.models import ExportJob

logger = logging.getLogger(__name__)

STEP = 200  # results between two reports of progress


class _Watched:
    """Results that tell how many of them have been read; everything else is as with a queryset."""

    def __init__(self, rows: Any, tell: Callable[[int], None]) -> None:
        self._rows, self._tell = rows, tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    def values_list(self, *names: str) -> "_Watched":
        return _Watched(self._rows.values_list(*names), self._tell)

    def iterator(self, chunk_size: int) -> Iterator[Any]:
        for place, row in enumerate(self._rows.iterator(chunk_size=chunk_size), start=1):
            if place % STEP == 0:
                self._tell(place)
            yield row


def process_due_exports(*, limit: int = 20) -> int:
    """Work through what is due and return the number of jobs that came to a file."""
    done = 0
    for _each in range(limit):
        job = claim_job()
        if job is None:
            break
        done += run_job(job)
    return done


def run_job(job: ExportJob) -> bool:
    """Make the file of a claimed job; return whether it was made. Failures are counted and shown, never raised."""
    try:
        _make_file(job, path_of(job))
    except ClaimGone:
        return False
    except Exception as error:
        logger.exception("Export %s failed.", job.pk)
        give_back(job, error=str(error) or type(error).__name__)
        return False
    return True


def _make_file(job: ExportJob, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for forgotten in path.parent.glob(f".{path.name}.*.part"):  # of a worker that was killed
        forgotten.unlink(missing_ok=True)
    edition = _find_edition(job)
    tell_progress(job, done=0, total=edition.rows)

    def tell(done: int) -> None:
        tell_progress(job, done=done, total=edition.rows)

    watched: Any = _Watched(edition.results, tell)
    with stage_file(path) as file:
        receipt = write_file(replace(edition, results=watched), file)
        tell(edition.rows)  # whoever has lost the job leaves no file
    finish_job(job, size=receipt.size, sha256=receipt.sha256)


def _find_edition(job: ExportJob) -> Edition:
    if job.publication is not None:
        return find_published_edition(job.publication)
    return find_edition(programme=job.programme, quarter=job.quarter)
