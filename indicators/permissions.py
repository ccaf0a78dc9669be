"""Who may do what with a programme and a submission; each refusal is a sentence."""

from django.utils.translation import gettext as _

from departments.errors import NotAllowed
from departments.models import User
from departments.permissions import allows, has_permission
from departments.roles import Permission
from indicators.models import Programme, Submission


def check_user_can_enter(user: User, submission: Submission) -> None:
    """Pass for a clerk of the submission's department."""
    if not _may(user, Permission.ENTER_FIGURES, submission):
        raise NotAllowed(_("Only a clerk of this department enters its figures; ask the clerk to do it."))


def check_user_can_apply_workbook(user: User, submission: Submission) -> None:
    """Pass for a clerk of the department, and for the leadership office that collects its returned workbooks.

    The department's figures stay its own: whoever applies stands as who entered them, a clerk still submits, and
    nobody approves what they entered. Source: trust rules 7 and 9.
    """
    if not (_may(user, Permission.ENTER_FIGURES, submission) or _may(user, Permission.MANAGE_QUARTERS, submission)):
        raise NotAllowed(_("Only a clerk of this department, or the leadership office, imports its workbook."))


def check_user_can_submit(user: User, submission: Submission) -> None:
    """Pass for a clerk of the submission's department."""
    if not _may(user, Permission.SUBMIT, submission):
        raise NotAllowed(_("Only a clerk of this department submits its figures; ask the clerk to do it."))


def check_user_can_review(user: User, submission: Submission) -> None:
    """Pass for a reviewer of the submission's department; own work is refused by the workflow."""
    if not _may(user, Permission.REVIEW, submission):
        raise NotAllowed(_("Only a reviewer of this department approves or returns its figures."))


def check_user_can_reopen(user: User, submission: Submission) -> None:
    """Pass for a reviewer of the department and for the leadership office."""
    if not _may(user, Permission.REOPEN, submission):
        raise NotAllowed(_("Only a reviewer of this department or the leadership office reopens approved figures."))


def check_user_can_recompute(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region."""
    if not has_permission(user, Permission.RECOMPUTE, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office starts a recompute; ask it to do so."))


def check_user_can_export(user: User, programme: Programme) -> None:
    """Pass for everybody who sees the whole programme and may export."""
    if not has_permission(user, Permission.EXPORT, region_code=programme.region.code):
        raise NotAllowed(_("The provincial workbook is exported by the leadership office; ask it for the file."))


def check_user_can_manage_quarters(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region."""
    if not has_permission(user, Permission.MANAGE_QUARTERS, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office opens and closes quarters."))


def _may(user: User, permission: Permission, submission: Submission) -> bool:
    return has_permission(
        user,
        permission,
        department_id=submission.department_id,
        region_code=submission.programme.region.code,
    )


can_recompute = allows(check_user_can_recompute)
can_export = allows(check_user_can_export)
can_manage_quarters = allows(check_user_can_manage_quarters)
