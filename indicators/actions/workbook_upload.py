"""Takes returned workbooks in: keeps what was read, and applies it on confirmation, all of it or nothing.

Figures are written by `save_figures` alone, so that locks, versions and the trail are those of every entry.
Source: product.md “Entry”; trust rules 9 and 19, cases T42 and T44.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid, NotAllowed
from departments.models import User
from departments.permissions import has_permission
from departments.roles import Permission
from departments.selectors.clock import read_database_time
from indicators.actions.figures import Entry, StaleFigures, save_figures
from indicators.models import Submission, UploadState, WorkbookUpload
from indicators.permissions import check_user_can_apply_workbook
from indicators.selectors.workbook_upload import (
    Difference,
    compare_upload,
    find_applied,
    find_submission,
    list_foreign,
)
from indicators.workbook_rows import Fault, Finding, FormRead


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file as it arrived: its name, SHA-256 and size, and what was read in it."""

    name: str
    digest: str
    size: int
    read: FormRead


def check_user_can_upload(user: User, submission: Submission) -> None:
    """Pass for the clerk who enters the figures and for the office that collects them."""
    code = submission.programme.region.code
    permissions = (Permission.ENTER_FIGURES, Permission.VIEW_PROGRESS)
    if not any(
        has_permission(user, one, department_id=submission.department_id, region_code=code) for one in permissions
    ):
        raise NotAllowed(_("Only a clerk of this department, or the leadership office, returns its workbook."))


@act
def stage_upload(*, file: ReceivedFile, batch: UUID, by: User, into: Submission | None = None) -> WorkbookUpload:
    """Keep what was read in a file, and return it; nothing of it counts yet.

    `into` is the form whose page the file was sent from, absent where many files come at once. The file says itself
    where it belongs: another form, one the person does not see, or one that asks for other figures now is a finding.
    A file that was applied before is kept as repeated. Errors: NotAllowed for who may not return this form.
    """
    submission = find_submission(by, file.read.submission_id)
    if (asked := into or submission) is not None:
        check_user_can_upload(by, asked)
    findings = (*file.read.findings, *_check_place(file.read, submission, into))
    submission = submission if into is None or submission == into else into
    state = UploadState.REFUSED if findings else UploadState.READY
    if submission is not None and not findings and find_applied(submission, file.digest):
        state = UploadState.REPEATED
    upload = WorkbookUpload.objects.create(
        batch=batch,
        submission=submission,
        file_name=file.name[:200],
        digest=file.digest,
        size=file.size,
        issued=file.read.issued[:20],
        sheet=file.read.sheet[:40],
        rows=[] if findings else [row.dump() for row in file.read.rows],
        findings=[finding.dump() for finding in findings],
        state=state,
        uploaded_by=by,
        uploaded_at=read_database_time(),
    )
    _record("workbook_uploaded", upload, by=by, findings=len(findings))
    return upload


@act
def apply_upload(*, upload: WorkbookUpload, by: User) -> WorkbookUpload:
    """Save every difference as a working figure, or nothing at all; return the upload as it stands then.

    Applied or repeated before: nothing happens, however often it is asked. Errors: NotAllowed; Locked; Invalid for a
    refused file and for figures that cannot be; StaleFigures where someone else changed a figure meanwhile.
    """
    upload = WorkbookUpload.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload.pk)
    if upload.submission is None or upload.state == UploadState.REFUSED:
        raise Invalid(_("This file was refused; correct it and send it again. Nothing was imported."))
    check_user_can_apply_workbook(by, upload.submission)
    if upload.state != UploadState.READY:
        return upload
    if find_applied(upload.submission, upload.digest) is not None:
        return _move(upload, UploadState.REPEATED, by=by)
    comparison = compare_upload(upload)
    if comparison.stale:
        raise StaleFigures([difference.stale for difference in comparison.stale if difference.stale is not None])
    if comparison.blocked:
        raise Invalid(_("Some figures cannot be right; correct them in the workbook first. Nothing was imported."))
    entries = {difference.row.series_id: _enter(difference) for difference in comparison.differences}
    saved = save_figures(submission=upload.submission, entries=entries, by=by, from_workbook=True)
    if lost := [one.grid.series.indicator.name for one in comparison.differences if one.row.series_id not in saved]:
        raise Invalid(_("%(name)s could not be saved. Nothing was imported.") % {"name": lost[0]})
    return _move(upload, UploadState.APPLIED, by=by, changed=len(entries))


@act
def record_form_given_out(*, submission: Submission, by: User) -> None:
    """Leave in the trail who took a form out. Source: trust rule 29."""
    details = {"quarter": str(submission.quarter)}
    audit.record(
        audit.Act(
            event="form_given_out",
            by=by,
            department_id=submission.department_id,
            subject=submission,
            details=details,
        )
    )


def _check_place(read: FormRead, submission: Submission | None, into: Submission | None) -> list[Finding]:
    """Return why a readable form does not belong where it was sent."""
    if not read.submission_id:
        return []
    if submission is None:
        return [Finding(fault=Fault.UNKNOWN_FORM, sheet=read.sheet)]
    if into is not None and submission != into:
        named = f"{submission.programme.short_name} · {submission.department.short_name} · {submission.quarter}"
        return [Finding(fault=Fault.OTHER_FORM, sheet=read.sheet, piece=named)]
    foreign = Finding(fault=Fault.CHANGED_FORM, sheet=read.sheet)
    return [replace(foreign, cell=f"B{row.row}") for row in list_foreign(submission, read.rows)]


def _enter(difference: Difference) -> Entry:
    row = difference.row
    return Entry(
        value=row.value,
        numerator=row.numerator,
        denominator=row.denominator,
        nothing_occurred=row.nothing_occurred,
        explanation=row.explanation,
        version_seen=row.version,
    )


def _move(upload: WorkbookUpload, state: UploadState, *, by: User, changed: int = 0) -> WorkbookUpload:
    """Set the state, from ready alone."""
    fields: dict[str, object] = {"state": state, "changed": changed}
    if state == UploadState.APPLIED:
        fields |= {"applied_by": by, "applied_at": read_database_time()}
    WorkbookUpload.objects.filter(pk=upload.pk, state=UploadState.READY).update(**fields)
    upload.refresh_from_db()
    _record(f"workbook_{state}", upload, by=by, changed=changed)
    return upload


def _record(event: str, upload: WorkbookUpload, *, by: User, **details: object) -> None:
    audit.record(
        audit.Act(
            event=event,
            by=by,
            department_id=upload.submission.department_id if upload.submission else None,
            subject=upload,
            details={"file": upload.file_name, "sha256": upload.digest, "state": str(upload.state), **details},
        )
    )
