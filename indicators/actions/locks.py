"""The locks of an act, always in the same order: quarter, submission, figures, head of the trail's chain.

Source: trust rules 6 and 7.
"""

from typing import Any

from django.utils.translation import gettext as _

from departments.errors import Invalid
from departments.models import Department
from indicators.engine.period import Quarter
from indicators.models import Programme, ReportingQuarter, Submission


def lock_window(programme: Programme, quarter: Quarter) -> ReportingQuarter:
    """Return the quarter's row, held so that it cannot be closed before the act ends; Invalid if never opened."""
    rows = ReportingQuarter.objects.raw(
        "SELECT * FROM indicators_reportingquarter WHERE programme_id = %s AND quarter = %s FOR SHARE",
        [programme.pk, quarter.ordinal],
    )
    for row in rows:
        return row
    raise Invalid(_("Quarter %(quarter)s has not been opened for this programme.") % {"quarter": quarter})


def lock_submission(*, programme: Programme, department: Department, quarter: Quarter) -> Submission:
    """Return the submission, made as a draft if there is none yet, locked until the act ends."""
    lock_window(programme, quarter)
    key: dict[str, Any] = {"programme": programme, "department": department, "quarter": quarter}
    Submission.objects.get_or_create(**key)
    return (
        Submission.objects.select_for_update(no_key=True, of=("self",))
        .select_related("programme__region", "department__region")
        .get(**key)
    )


def lock_again(submission: Submission) -> Submission:
    """Return a fresh, locked copy of a submission that was read before."""
    return lock_submission(programme=submission.programme, department=submission.department, quarter=submission.quarter)
