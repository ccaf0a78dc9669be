"""The one way into a form whose figures are about to change. Source: trust rules 6 and 7."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from departments.errors import Invalid
from departments.models import User
from indicators.actions.locks import lock_again
from indicators.actions.refusals import refuse_in_words
from indicators.engine.workflow import check_edit
from indicators.models import Series, Submission
from indicators.selectors.series import list_series
from indicators.selectors.submissions import describe_circumstances


def lock_to_edit(
    submission: Submission, *, series: Collection[int], actor: User, from_workbook: bool = False
) -> tuple[Submission, dict[int, Series]]:
    """Return a fresh, locked copy of the form and the named series by id; the caller has checked the permission.

    Errors: Locked for a closed quarter or a submission on its way; Invalid for a series that is not the form's.
    """
    submission = lock_again(submission)
    with refuse_in_words():
        given = describe_circumstances(submission, actor=actor)
        check_edit(submission.status, given=given, from_workbook=from_workbook)
    found = {one.pk: one for one in list_series(submission, only=list(series))}
    if set(series) - found.keys():
        raise Invalid(_("Some of these figures do not belong to this form; reload the page. Nothing was saved."))
    return submission, found
