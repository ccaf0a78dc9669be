"""Roles and permissions: one table says what each role may do. Source: product.md "The people", trust rule 25."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is, in one department or one region."""

    CLERK = "clerk", _("Clerk")
    REVIEWER = "reviewer", _("Reviewer")
    OFFICE = "office", _("Leadership office")
    LEADER = "leader", _("Leader")
    SYSTEM_ADMINISTRATOR = "system_administrator", _("System administrator")
    SECURITY_ADMINISTRATOR = "security_administrator", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


class Permission(StrEnum):
    """What can be done; each is checked by one `check_user_can_…` function."""

    VIEW_RESULTS = "view_results"
    VIEW_ENTRY = "view_entry"
    ENTER_FIGURES = "enter_figures"
    SUBMIT = "submit"
    REVIEW = "review"
    VIEW_PROGRESS = "view_progress"
    REOPEN = "reopen"
    MANAGE_QUARTERS = "manage_quarters"
    RECOMPUTE = "recompute"
    EXPORT = "export"
    PUBLISH = "publish"
    MANAGE_DEPARTMENTS = "manage_departments"
    MANAGE_PEOPLE = "manage_people"
    VIEW_TRAIL = "view_trail"


DEPARTMENT_ROLES = frozenset({Role.CLERK, Role.REVIEWER})
REGION_ROLES = frozenset({Role.OFFICE, Role.LEADER})
SYSTEM_ROLES = frozenset({Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR})

# The three administrator posts share no right that writes: a test holds it.
PERMISSIONS_BY_ROLE: dict[str, frozenset[Permission]] = {
    Role.CLERK: frozenset(
        {
            Permission.VIEW_RESULTS,
            Permission.VIEW_ENTRY,
            Permission.ENTER_FIGURES,
            Permission.SUBMIT,
            Permission.EXPORT,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Permission.VIEW_RESULTS,
            Permission.VIEW_ENTRY,
            Permission.REVIEW,
            Permission.REOPEN,
            Permission.EXPORT,
        }
    ),
    Role.OFFICE: frozenset(
        {
            Permission.VIEW_RESULTS,
            Permission.VIEW_ENTRY,
            Permission.VIEW_PROGRESS,
            Permission.REOPEN,
            Permission.MANAGE_QUARTERS,
            Permission.RECOMPUTE,
            Permission.EXPORT,
            Permission.PUBLISH,
        }
    ),
    Role.LEADER: frozenset({Permission.VIEW_RESULTS, Permission.VIEW_PROGRESS, Permission.EXPORT}),
    Role.SYSTEM_ADMINISTRATOR: frozenset({Permission.MANAGE_DEPARTMENTS}),
    Role.SECURITY_ADMINISTRATOR: frozenset({Permission.MANAGE_PEOPLE}),
    Role.AUDITOR: frozenset({Permission.VIEW_RESULTS, Permission.VIEW_PROGRESS, Permission.VIEW_TRAIL}),
}
