"""Exports as jobs: ask, cancel, retry, download, expire. Each is checked, and leaves an entry in the trail."""

from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import DomainError, Invalid, NotAllowed
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.engine.period import Quarter
from indicators.models import Programme
from indicators.permissions import check_user_can_export
from reports.actions.exports import Busy
from reports.models import ExportJob, ExportKind, ExportState, OwnLayout, Publication
from reports.own_layouts import find_used_layout
from reports.permissions import can_publish, check_user_can_issue, check_user_can_write_bulletin

MOST_UNFINISHED = 3
_ASKED_FOR = frozenset(ExportKind) - {ExportKind.ISSUE}  # letters are issued by an act of their own
_CHECKS = {
    ExportKind.LETTERS: check_user_can_issue,
    ExportKind.ISSUE: check_user_can_issue,
    ExportKind.BULLETIN: check_user_can_write_bulletin,
}
_LOCKS = 0x51_59  # the class of these advisory locks; the person's key is the other half


class Gone(DomainError):
    """The file is no longer kept."""

    status = HTTPStatus.GONE


@act
def ask_for_export(
    *,
    programme: Programme,
    quarter: Quarter,
    by: User,
    publication: Publication | None = None,
    kind: str = ExportKind.WORKBOOK,
    layout: OwnLayout | None = None,
) -> ExportJob:
    """Put a file on the queue. `layout` is the version for the kind OWN; absent: the one in use.

    Errors: NotAllowed; Invalid for a kind that is not known, and where no layout is in use; Busy (429) while
    three of the person are unfinished.
    """
    if kind not in _ASKED_FOR:
        raise Invalid(_("The page did not say what it shows; reload it."))
    _check_kind(by, programme, kind)
    check_limit(by)
    layout = _choose_layout(programme, layout) if kind == ExportKind.OWN else None
    return put_job(programme=programme, quarter=quarter, publication=publication, by=by, kind=kind, layout=layout)


def schedule_export(*, publication: Publication, by: User) -> ExportJob:
    """Put the workbook of an edition that was just published on the queue, in the publishing transaction."""
    programme, quarter = publication.programme, publication.quarter
    return put_job(programme=programme, quarter=quarter, publication=publication, by=by)


@act
def cancel_export(*, job: ExportJob, by: User) -> None:
    """Stop a job that waits or runs; its worker notices at its next step. Errors: NotAllowed, Invalid."""
    _check_own(job, by)
    unfinished = ExportJob.objects.unfinished().filter(pk=job.pk)
    if not unfinished.update(cancelled_at=read_database_time(), claim="", lease_until=None):
        raise Invalid(_("This export is no longer under way; reload the page."))
    _record("export_cancelled", job, by=by)


@act
def retry_export(*, job: ExportJob, by: User) -> None:
    """Put a failed or cancelled job on the queue again. Errors: NotAllowed, Busy, Invalid."""
    _check_own(job, by)
    check_limit(by)
    stopped = ExportJob.objects.filter(pk=job.pk, done_at__isnull=True).exclude(
        cancelled_at__isnull=True, failed_at__isnull=True
    )
    if not stopped.update(cancelled_at=None, failed_at=None, attempts=0, error="", progress_done=0):
        raise Invalid(_("Only a failed or cancelled export is tried again; ask for a new one."))
    _record("export_retried", job, by=by)


@act
def record_download(*, job: ExportJob, by: User) -> Path:
    """Return the file's path for handing it out; the entry is written first. Source: trust rule 29.

    Errors: NotAllowed; Invalid while it is not done; Gone where it has expired or is no longer there.
    """
    _check_kind(by, job.programme, job.kind)
    if job.state is ExportState.EXPIRED:
        raise Gone(_("This file has expired; ask for it again. An edition gives the same bytes."))
    if job.state is not ExportState.DONE:
        raise Invalid(_("This export is not done yet; wait until it is."))
    path = path_of(job)
    if not path.is_file() or path.stat().st_size != job.size:
        raise Gone(_("This file is no longer there; ask for it again. An edition gives the same bytes."))
    _record("export_downloaded", job, by=by, details={"sha256": job.sha256, "size": job.size})
    return path


def expire_exports() -> int:
    """Remove the files that have been kept long enough, and return how many those are."""
    now = read_database_time()
    old = ExportJob.objects.filter(expires_at__lt=now, expired_at__isnull=True).select_related("programme")
    for job in old:
        _expire(job, at=now)
        path_of(job).unlink(missing_ok=True)
    return len(old)


@act
def _expire(job: ExportJob, *, at: datetime) -> None:
    if ExportJob.objects.filter(pk=job.pk, expired_at__isnull=True).update(expired_at=at):
        _record("export_expired", job, by=None, details={"sha256": job.sha256})


def path_of(job: ExportJob) -> Path:
    """Return where the job's file is, or will be."""
    return Path(settings.MEDIA_ROOT) / "exports" / f"{job.pk}.{job.ending}"


@act
def put_job(
    *,
    programme: Programme,
    quarter: Quarter,
    by: User,
    publication: Publication | None = None,
    kind: str = ExportKind.WORKBOOK,
    layout: OwnLayout | None = None,
    seen: str = "",
    recipient: str = "",
) -> ExportJob:
    """Put a job on the queue, as a part of the act that has checked that it may be asked for."""
    job = ExportJob.objects.create(
        programme=programme,
        quarter=quarter,
        publication=publication,
        kind=kind,
        layout=layout,
        seen=seen,
        recipient=recipient,
        asked_by=by,
        asked_at=read_database_time(),
    )
    _record("export_asked", job, by=by)
    return job


def _choose_layout(programme: Programme, layout: OwnLayout | None) -> OwnLayout:
    """Return the layout itself, or the one in use."""
    chosen = layout or find_used_layout(programme)
    if chosen is None or chosen.programme_id != programme.pk:
        raise Invalid(_("No layout of the province is in use; upload one and use it, or make the workbook."))
    return chosen


def _check_kind(by: User, programme: Programme, kind: str) -> None:
    """Refuse whoever may not have files of the kind: letters and drafts are handed out by whoever issues them."""
    _CHECKS.get(ExportKind(kind), check_user_can_export)(by, programme)


def check_limit(by: User) -> None:
    """Refuse while the person has enough under way; two requests at once count one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCKS, by.pk])
    count = ExportJob.objects.unfinished().filter(asked_by=by).count()
    if count >= MOST_UNFINISHED:
        words = ngettext(
            "You have %(count)d export under way; wait until it is done, or cancel it.",
            "You have %(count)d exports under way; wait until one is done, or cancel one.",
            count,
        )
        raise Busy(words % {"count": count})


def _check_own(job: ExportJob, by: User) -> None:
    _check_kind(by, job.programme, job.kind)
    if job.asked_by_id != by.pk and not can_publish(by, job.programme):
        raise NotAllowed(_("Only whoever asked for an export, or the leadership office, stops or retries it."))


def _record(event: str, job: ExportJob, *, by: User | None, details: dict[str, Any] | None = None) -> None:
    edition = job.publication.edition if job.publication else None
    told = {"kind": job.kind, "quarter": str(job.quarter), "edition": edition, **(details or {})}
    audit.record(audit.Act(event=event, by=by, department_id=job.programme.office_id, subject=job, details=told))
