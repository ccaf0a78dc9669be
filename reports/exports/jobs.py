"""Works through the queue of exports: each job becomes a file that appears whole, or not at all.

Source: trust rule 15, case F23.
"""

import hashlib
import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from departments.errors import Invalid
from reports.actions.export_jobs import path_of
from reports.actions.export_queue import ClaimGone, claim_job, finish_job, give_back, tell_progress
from reports.annual.content import load_annual
from reports.annual.document import write_annual
from reports.bulletins.document import write_bulletin
from reports.exports.files import stage_file, write_file
from reports.exports.frozen_source import find_published_edition
from reports.exports.job_context import make_context
from reports.exports.source import Edition, find_edition
from reports.layouts.content import load_content
from reports.layouts.filling import fill_layout
from reports.layouts.places import Place
from reports.letters.issuing import issue_as_job
from reports.letters.pack import list_issued, pack_letters
from reports.models import Bulletin, ExportJob, ExportKind

logger = logging.getLogger(__name__)

STEP = 200  # results between two reports of progress


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its bytes and its SHA-256."""

    size: int
    sha256: str


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
    with stage_file(path) as file:
        made = _MAKERS[ExportKind(job.kind)](job, file)
    finish_job(job, size=made.size, sha256=made.sha256)


def _make_workbook(job: ExportJob, file: IO[bytes]) -> Made:
    edition = _find_edition(job)
    tell_progress(job, done=0, total=edition.rows)

    def tell(done: int) -> None:
        tell_progress(job, done=done, total=edition.rows)

    watched: Any = _Watched(edition.results, tell)
    receipt = write_file(replace(edition, results=watched), file)
    tell(edition.rows)  # whoever has lost the job leaves no file
    return Made(size=receipt.size, sha256=receipt.sha256)


def _make_annual(job: ExportJob, file: IO[bytes]) -> Made:
    tell_progress(job, done=0, total=1)
    made = _keep(file, write_annual(load_annual(make_context(job))))
    tell_progress(job, done=1, total=1)
    return made


def _make_letters(job: ExportJob, file: IO[bytes]) -> Made:
    letters = list_issued(job.programme)
    total = letters.count()
    tell_progress(job, done=0, total=total)
    made = _keep(file, pack_letters(letters.iterator(chunk_size=50)))
    tell_progress(job, done=total, total=total)
    return made


def _make_issue(job: ExportJob, file: IO[bytes]) -> Made:
    """Issue what is due, and pack what was issued."""
    letters = issue_as_job(job, tell=lambda done, total: tell_progress(job, done=done, total=total))
    return _keep(file, pack_letters(letters))


def _make_bulletin(job: ExportJob, file: IO[bytes]) -> Made:
    """Write the newest bulletin of the job's quarter: the draft where there is one, it cannot be older."""
    tell_progress(job, done=0, total=1)
    bulletins = Bulletin.objects.filter(programme=job.programme, quarter=job.quarter, discarded_at__isnull=True)
    newest = bulletins.select_related("programme", "office").order_by("-pk").first()
    if newest is None:
        raise Invalid("本季度尚无通报。")
    made = _keep(file, write_bulletin(newest) if newest.file is None else bytes(newest.file))
    tell_progress(job, done=1, total=1)
    return made


def _make_own(job: ExportJob, file: IO[bytes]) -> Made:
    """Fill the layout that the job names, whatever is in use by now."""
    edition, layout = _find_edition(job), job.layout
    if layout is None:
        raise Invalid("未指定表样。")
    tell_progress(job, done=0, total=edition.rows)
    places = [Place.load(stored) for stored in layout.places]
    target = io.BytesIO()
    fill_layout(bytes(layout.file), places, load_content(edition), target, at=edition.as_of)
    tell_progress(job, done=edition.rows, total=edition.rows)
    return _keep(file, target.getvalue())


def _keep(file: IO[bytes], content: bytes) -> Made:
    file.write(content)
    return Made(size=len(content), sha256=hashlib.sha256(content).hexdigest())


_MAKERS: dict[ExportKind, Callable[[ExportJob, IO[bytes]], Made]] = {
    ExportKind.WORKBOOK: _make_workbook,
    ExportKind.ANNUAL: _make_annual,
    ExportKind.LETTERS: _make_letters,
    ExportKind.BULLETIN: _make_bulletin,
    ExportKind.OWN: _make_own,
    ExportKind.ISSUE: _make_issue,
}


def _find_edition(job: ExportJob) -> Edition:
    if job.publication is not None:
        return find_published_edition(job.publication)
    return find_edition(programme=job.programme, quarter=job.quarter)
