"""Attaches files to figures, takes them off again, and records who opened them."""

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.actions.editing import lock_to_edit
from indicators.evidence_files import MOST_FILES, check_content, clean_name, digest_of, store
from indicators.models import Evidence, Series, Submission
from indicators.permissions import check_user_can_enter


@act
def attach_evidence(*, submission: Submission, series: Series, name: str, content: bytes, by: User) -> Evidence:
    """Attach a file to the figure of `series` in the form's quarter, and return it.

    The same file again returns the one that is there. The bytes are on the disk before the row is written; if the
    row cannot be, they lie unused. Errors: NotAllowed; Locked for a form that takes no changes; Invalid for a file that
    is not taken, for one too many, and for a series of another form; NoRoom. Source: trust rules 6, 7 and 15.
    """
    check_user_can_enter(by, submission)
    kind = check_content(name=name, content=content)
    digest = digest_of(content)
    submission, _series = lock_to_edit(submission, series=[series.pk], actor=by)
    present = Evidence.objects.filter(series=series, quarter=submission.quarter, removed_at__isnull=True)
    if (known := present.filter(digest=digest).first()) is not None:
        return known
    if present.count() >= MOST_FILES:
        raise Invalid(
            _("%(indicator)s: %(count)d files are attached already; remove one first.")
            % {"indicator": series.indicator.name, "count": MOST_FILES}
        )
    store(content=content, digest=digest, kind=kind)
    evidence = Evidence.objects.create(
        submission=submission,
        series=series,
        quarter=submission.quarter,
        name=clean_name(name),
        kind=kind,
        size=len(content),
        digest=digest,
        uploaded_by=by,
        uploaded_at=read_database_time(),
    )
    _record("evidence_attached", evidence, by=by)
    return evidence


@act
def remove_evidence(*, evidence: Evidence, by: User) -> None:
    """Take a file off its figure; row and bytes stay for the trail. Errors: NotAllowed; Locked."""
    check_user_can_enter(by, evidence.submission)
    lock_to_edit(evidence.submission, series=[evidence.series_id], actor=by)
    rows = Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=True)
    if rows.update(removed_at=read_database_time(), removed_by=by):
        _record("evidence_removed", evidence, by=by)


@act
def record_evidence_opened(*, evidence: Evidence, by: User) -> None:
    """Leave in the trail who was given the file. Source: trust rule 29."""
    _record("evidence_opened", evidence, by=by)


def _record(event: str, evidence: Evidence, *, by: User) -> None:
    audit.record(
        audit.Act(
            event=event,
            by=by,
            department_id=evidence.submission.department_id,
            subject=evidence,
            details={
                "series": evidence.series_id,
                "quarter": str(evidence.quarter),
                "name": evidence.name,
                "digest": evidence.digest,
                "size": evidence.size,
            },
        )
    )
