"""The queue of exports: who works on what, how far it is, and what becomes of failures. Source: trust rules 11 to 15.

A worker claims the oldest job with a lease, and renews it with every progress it tells; whoever finds its claim gone
stops. A job whose worker was killed is taken again when its lease has run out.
"""

from datetime import timedelta
from uuid import uuid4

from django.db.models import F, Q

from departments.actions.acts import act
from departments.selectors.clock import read_database_time
from reports.models import ExportJob
from reports.models.export_job import MOST_ATTEMPTS

LEASE = timedelta(seconds=90)
KEPT = timedelta(days=30)


class ClaimGone(Exception):
    """The job was cancelled, or another worker has taken it over."""


@act
def claim_job() -> ExportJob | None:
    """Return the oldest job that nobody works on, claimed; None where there is none."""
    now = read_database_time()
    free = Q(claim="") | Q(lease_until__lt=now)
    jobs = ExportJob.objects.unfinished().filter(free).select_for_update(no_key=True, skip_locked=True, of=("self",))
    job = (
        jobs.select_related("programme__region", "programme__office", "publication").order_by("asked_at", "pk").first()
    )
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:  # its worker died again and again
        ExportJob.objects.filter(pk=job.pk).update(failed_at=now, claim="", lease_until=None)
        return claim_job()
    job.claim, job.attempts, job.lease_until = uuid4().hex, job.attempts + 1, now + LEASE
    job.save(update_fields=["claim", "attempts", "lease_until"])
    return job


def tell_progress(job: ExportJob, *, done: int, total: int) -> None:
    """Show how far the job is, and renew its lease. Raises ClaimGone where it is not ours any more."""
    _update(job, progress_done=min(done, total), progress_total=total, lease_until=read_database_time() + LEASE)


def finish_job(job: ExportJob, *, size: int, sha256: str) -> None:
    """Mark the job as done, with its file's size and hash. Raises ClaimGone where it is not ours any more."""
    now = read_database_time()
    _update(
        job,
        done_at=now,
        expires_at=now + KEPT,
        size=size,
        sha256=sha256,
        error="",
        claim="",
        lease_until=None,
        progress_done=F("progress_total"),
    )


def give_back(job: ExportJob, *, error: str) -> None:
    """Give a job back with the reason of its failure; after the third one it waits for somebody to ask again."""
    is_last = job.attempts >= MOST_ATTEMPTS
    failed_at = read_database_time() if is_last else None
    _mine(job).update(error=error[:2000], failed_at=failed_at, claim="", lease_until=None)


def _update(job: ExportJob, **fields: object) -> None:
    if _mine(job).update(**fields) != 1:
        raise ClaimGone


def _mine(job: ExportJob):  # type: ignore[no-untyped-def]
    return ExportJob.objects.unfinished().filter(pk=job.pk, claim=job.claim)
