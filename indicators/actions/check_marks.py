"""Keeps which figures of a form a reviewer has looked at. Approval stays an act on the whole form. Source: ADR 15."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import Invalid, Stale
from departments.models import User
from departments.selectors.clock import read_database_time
from indicators.actions.locks import lock_again
from indicators.actions.refusals import refuse_in_words
from indicators.engine.submission_states import Act
from indicators.engine.workflow import check_act
from indicators.models import CheckMark, Submission
from indicators.permissions import check_user_can_review
from indicators.selectors.entry import load_grid
from indicators.selectors.grid_rows import Grid
from indicators.selectors.submissions import describe_circumstances


@act
def check_figures(
    *, submission: Submission, version_seen: int, seen: Mapping[int, int], by: User, are_settled: bool = False
) -> Submission:
    """Mark the figures as looked at, and return the form; marking twice changes nothing.

    `seen` names the version of each figure that was read, by series id; 0 where nothing was entered. `are_settled`:
    they were marked together as unchanged with nothing unusual, and each must still be so. Errors: NotAllowed;
    the rules of an approval in words; Invalid for a series that is not the form's; Stale where anything moved on.
    """
    check_user_can_review(by, submission)
    submission = lock_again(submission)
    with refuse_in_words():
        check_act(submission.status, Act.APPROVE, given=describe_circumstances(submission, actor=by))
    grid = load_grid(submission)
    if seen.keys() - grid.by_series.keys():
        raise Invalid(_("Some of these figures do not belong to this form; reload the page. Nothing was saved."))
    if submission.version != version_seen or not _stand(grid, seen, are_settled=are_settled):
        raise Stale(_("The form changed while you were reading it; reload the page and look at it again."))
    fresh = {pk: version for pk, version in seen.items() if not grid.by_series[pk].is_checked}
    now = read_database_time()
    CheckMark.objects.bulk_create(
        (
            CheckMark(submission=submission, series_id=pk, figure_version=version, by=by, at=now)
            for pk, version in fresh.items()
        ),
        ignore_conflicts=True,
    )
    if fresh:
        audit.record(
            audit.Act(
                event="figures_checked",
                by=by,
                department_id=submission.department_id,
                subject=submission,
                details={
                    "quarter": str(submission.quarter),
                    "versions": {str(pk): version for pk, version in fresh.items()},
                    "together": are_settled,
                },
            )
        )
    return submission


def _stand(grid: Grid, seen: Mapping[int, int], *, are_settled: bool) -> bool:
    """Return whether every figure is the one that was read, and nothing unusual if that was said."""
    rows = [(grid.by_series[pk], version) for pk, version in seen.items()]
    same = all((row.figure.version if row.figure else 0) == version for row, version in rows)
    return same and (not are_settled or all(row.is_settled for row, _version in rows))
