"""Moves submissions: submit, withdraw, return, approve, reopen. The table of `engine.workflow` decides."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid, Locked, Stale
from departments.models import Department, User
from departments.permissions import scope_of
from departments.roles import Permission
from departments.selectors.clock import read_database_time
from indicators.actions.approvals import approve_figures
from indicators.actions.locks import lock_again, lock_submission
from indicators.actions.recompute import request_series_recompute
from indicators.actions.refusals import refuse_in_words
from indicators.engine.period import Quarter
from indicators.engine.submission_states import Act, State
from indicators.engine.workflow import check_act
from indicators.models import Programme, Remark, Submission
from indicators.permissions import check_user_can_reopen, check_user_can_review, check_user_can_submit
from indicators.selectors.series import list_series
from indicators.selectors.submissions import describe_circumstances


@act
def open_submission(*, programme: Programme, department: Department, quarter: Quarter, by: User) -> Submission:
    """Return the department's submission for the quarter, made as a draft on the first visit of a clerk."""
    scope = scope_of(by)
    if not scope.allows(Permission.ENTER_FIGURES, department_id=department.pk, region_code=programme.region.code):
        return Submission.objects.get(programme=programme, department=department, quarter=quarter)
    return lock_submission(programme=programme, department=department, quarter=quarter)


@act
def submit_submission(*, submission: Submission, version_seen: int, by: User) -> Submission:
    """Hand the figures to the reviewer; Invalid while findings block or explanations are missing."""
    check_user_can_submit(by, submission)
    moved = {"submitted_by": by, "submitted_at": read_database_time(), "decided_by": None, "decided_at": None}
    return _move(submission, Act.SUBMIT, by=by, version_seen=version_seen, fields=moved)


@act
def withdraw_submission(*, submission: Submission, version_seen: int, by: User) -> Submission:
    """Take a submitted form back before anyone decided on it."""
    check_user_can_submit(by, submission)
    return _move(submission, Act.WITHDRAW, by=by, version_seen=version_seen)


@act
def return_submission(
    *, submission: Submission, version_seen: int, reason: str, by: User, remarks: Mapping[int, str] | None = None
) -> Submission:
    """Send the figures back with a reason, and with remarks on single figures (by series id).

    Remarks alone are reason enough: they are then repeated in it. Invalid for a series that is not in the form.
    """
    check_user_can_review(by, submission)
    named = {series.pk: series for series in list_series(submission, only=list(remarks or {}))}
    remarks = {pk: text.strip() for pk, text in (remarks or {}).items() if text.strip()}
    if remarks.keys() - named.keys():
        raise Invalid(_("Some of these figures do not belong to this form; reload the page. Nothing was saved."))
    lines = [f"{named[pk].indicator.name}: {text}" for pk, text in remarks.items()]
    now = read_database_time()
    fields = {"decided_by": by, "decided_at": now}
    reason = reason.strip() or "\n".join(lines)
    submission = _move(submission, Act.RETURN, by=by, version_seen=version_seen, reason=reason, fields=fields)
    Remark.objects.bulk_create(
        Remark(
            submission=submission,
            series_id=pk,
            submission_version=submission.version,
            text=text,
            by=by,
            at=now,
        )
        for pk, text in remarks.items()
    )
    return submission


@act
def approve_submission(*, submission: Submission, version_seen: int, by: User) -> Submission:
    """Make the figures count: revisions of approved figures, and a recompute of their series, in one transaction.

    `version_seen` names what was read: Stale if the form moved on meanwhile. Source: trust rules 4 to 6 and 11.
    """
    check_user_can_review(by, submission)
    fields = {"decided_by": by, "decided_at": read_database_time(), "is_correction": False}
    submission = _move(submission, Act.APPROVE, by=by, version_seen=version_seen, fields=fields)
    changed = approve_figures(submission=submission, by=by)
    if changed:
        request_series_recompute(series_ids=changed)
    return submission


@act
def reopen_submission(*, submission: Submission, version_seen: int, reason: str, by: User) -> Submission:
    """Open approved figures for change. A closed quarter needs a second person, see `ask_to_reopen`."""
    check_user_can_reopen(by, submission)
    closed = describe_circumstances(submission, actor=by).quarter_closed
    fields = {"is_correction": closed, "reopening_asked_by": None}
    return _move(submission, Act.REOPEN, by=by, version_seen=version_seen, reason=reason, fields=fields)


@act
def ask_to_reopen(*, submission: Submission, version_seen: int, reason: str, by: User) -> Submission:
    """Ask for the reopening of a closed quarter's approved figures; another person of the office confirms it.

    Errors: NotAllowed; Invalid without a reason; Locked unless the form is approved and its quarter closed.
    """
    check_user_can_reopen(by, submission)
    submission = lock_again(submission)
    given = describe_circumstances(submission, actor=by, reason=reason)
    if submission.status != State.APPROVED or not given.quarter_closed:
        raise Locked(_("Only approved figures of a closed quarter are reopened by two people; reload the page."))
    if not reason.strip():
        raise Invalid(_("Reason: write why, so that the other side knows what to do."))
    fields = {"reopening_asked_by": by, "reason": reason, "version": F("version") + 1}
    if Submission.objects.filter(pk=submission.pk, version=version_seen).update(**fields) != 1:
        raise Stale(_("The form changed while you were reading it; reload the page and look at it again."))
    submission.refresh_from_db()
    _record("reopening_asked", submission, by=by, reason=reason, source=submission.status)
    return submission


def _move(
    submission: Submission,
    act: Act,
    *,
    by: User,
    version_seen: int,
    reason: str = "",
    fields: dict[str, Any] | None = None,
) -> Submission:
    submission = lock_again(submission)
    with refuse_in_words():
        given = describe_circumstances(
            submission, actor=by, reason=reason, with_findings=act in (Act.SUBMIT, Act.APPROVE)
        )
        line = check_act(submission.status, act, given=given)
    changed = Submission.objects.filter(pk=submission.pk, version=version_seen, status=line.source).update(
        status=line.target, reason=reason, version=F("version") + 1, **(fields or {})
    )
    if changed != 1:
        raise Stale(_("The form changed while you were reading it; reload the page and look at it again."))
    source = submission.status
    submission.refresh_from_db()
    _record(f"submission_{act}", submission, by=by, reason=reason, source=source)
    return submission


def _record(event: str, submission: Submission, *, by: User, reason: str = "", source: str = "") -> None:
    audit.record(
        audit.Act(
            event=event,
            by=by,
            department_id=submission.department_id,
            subject=submission,
            reason=reason,
            details={
                "quarter": str(submission.quarter),
                "from": source,
                "to": submission.status,
                "version": submission.version,
            },
        )
    )
