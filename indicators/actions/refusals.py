"""Puts the workflow's coded refusals into words."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import DomainError, Invalid, Locked, NotAllowed
from departments.models import User
from indicators.engine.workflow import Breach, WorkflowError
from indicators.models import ReportingQuarter, Submission

_WORDS: dict[Breach, tuple[type[DomainError], str]] = {
    Breach.NOT_FROM_HERE: (
        Locked,
        gettext_noop(
            "This is no longer possible: the form has moved on meanwhile; reload the page to see where it is."
        ),
    ),
    Breach.QUARTER_CLOSED: (
        Locked,
        gettext_noop("The quarter is closed; ask the leadership office to reopen it for a correction."),
    ),
    Breach.WRONG_ROLE: (NotAllowed, gettext_noop("Your role does not include this act; ask whoever holds it.")),
    Breach.OWN_WORK: (NotAllowed, gettext_noop("You entered these figures; someone else must approve them.")),
    Breach.NOT_CONFIRMED: (
        NotAllowed,
        gettext_noop("A closed quarter is reopened by two people: one asks, another one confirms."),
    ),
    Breach.REASON_MISSING: (Invalid, gettext_noop("Reason: write why, so that the other side knows what to do.")),
    Breach.BLOCKING_FINDINGS: (
        Invalid,
        gettext_noop("Some figures cannot be right; correct the cells marked in red first."),
    ),
    Breach.EXPLANATION_MISSING: (
        Invalid,
        gettext_noop("Some figures need an explanation; write it beside the cells marked so."),
    ),
    Breach.NOT_EDITABLE: (
        Locked,
        gettext_noop("The form has been submitted and takes no changes; withdraw it or have it returned first."),
    ),
}


@contextmanager
def refuse_in_words() -> Iterator[None]:
    """Turn a WorkflowError raised inside into the refusal that a person reads."""
    try:
        yield
    except WorkflowError as refused:
        kind, words = _WORDS[refused.breach]
        raise kind(_(words)) from refused


@act
def record_refusal(*, submission: Submission, act: str, error: DomainError, by: User) -> None:
    """Leave a refused act in the trail of the form's department. Source: trust rule 29."""
    audit.record(
        audit.Act(
            event="refused",
            by=by,
            department_id=submission.department_id,
            subject=submission,
            reason=str(error),
            details={"act": act, "status": int(error.status), "quarter": str(submission.quarter)},
        )
    )


@act
def record_calendar_refusal(*, window: ReportingQuarter, act: str, error: DomainError, by: User) -> None:
    """Leave a refused act on the calendar in the system's trail. Source: trust rule 29."""
    audit.record(
        audit.Act(
            event="refused",
            by=by,
            subject=window,
            reason=str(error),
            details={"act": act, "status": int(error.status), "quarter": str(window.quarter)},
        )
    )
