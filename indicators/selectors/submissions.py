"""Submissions as a person may see them, and what the workflow needs to know about one."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from departments.models import User
from departments.permissions import scope_of
from departments.roles import Permission
from indicators.engine.workflow import Circumstances, WorkflowError, check_edit
from indicators.models import ApprovedFigure, Figure, Submission
from indicators.selectors.calendar import get_window, is_closed
from indicators.selectors.findings import count_open_findings


def get_submission_or_404(user: User, pk: int) -> Submission:
    """Return the submission if the person sees its department's entry; Http404 otherwise."""
    submission = Submission.objects.select_related("programme__region", "department__region").filter(pk=pk).first()
    if submission is None or not scope_of(user).allows(
        Permission.VIEW_ENTRY,
        department_id=submission.department_id,
        region_code=submission.programme.region.code,
    ):
        raise Http404
    return submission


def list_editors(submission: Submission) -> frozenset[int]:
    """Return the ids of everybody who entered any version of a figure since the submission's last approval.

    Versions are compared, not times: two acts may begin in one order and take effect in the other. A trigger
    asks the same. Source: trust case T6.
    """
    revisions = ApprovedFigure.objects.filter(submission=submission, series=OuterRef("series_id"))
    newest = revisions.order_by("-figure_version").values("figure_version")[:1]
    history: Any = Figure.pgh_event_model  # type: ignore[attr-defined]  # made by the decorator
    events = history.objects.filter(submission=submission)
    events = events.filter(version__gt=Coalesce(Subquery(newest), 0))
    return frozenset(events.values_list("entered_by_id", flat=True)) - {None}


def describe_circumstances(
    submission: Submission, *, actor: User, reason: str = "", with_findings: bool = False
) -> Circumstances:
    """Return how things stand for an act of `actor`, as read now; the caller holds the locks.

    Findings are counted only for acts that ask for a complete form: they take the engine over every figure.
    """
    window = get_window(submission)
    blocking, unexplained = count_open_findings(submission) if with_findings else (0, 0)
    return Circumstances(
        actor=actor.pk,
        roles=frozenset(
            scope_of(actor).roles_at(
                department_id=submission.department_id, region_code=submission.programme.region.code
            )
        ),
        quarter_closed=is_closed(window),
        correcting=submission.is_correction,
        editors=list_editors(submission),
        asked_by=submission.reopening_asked_by_id,
        reason=reason,
        blocking=blocking,
        unexplained=unexplained,
    )


def can_edit(user: User, submission: Submission, *, from_workbook: bool = False) -> bool:
    """Return whether the person may enter figures now: function, state of the form and quarter allow it.

    `from_workbook` as in `check_edit`.
    """
    given = describe_circumstances(submission, actor=user)
    try:
        check_edit(submission.status, given=given, from_workbook=from_workbook)
    except WorkflowError:
        return False
    return True
