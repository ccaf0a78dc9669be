"""Accounts and memberships: made, changed and recorded here and nowhere else."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import NotAllowed
from departments.models import Department, Membership, Region, User
from departments.permissions import has_permission
from departments.roles import Permission, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A role and where it is held: a department, a region, or neither for the system's roles."""

    role: Role
    department: Department | None = None
    region: Region | None = None


def check_user_can_manage_people(user: User, person: User | None = None) -> None:
    """Pass for a security administrator acting on somebody else. Source: trust rule 25."""
    if not has_permission(user, Permission.MANAGE_PEOPLE):
        raise NotAllowed(_("Accounts are kept by the security administrator; ask there for this change."))
    if person is not None and person.pk == user.pk:
        raise NotAllowed(_("Nobody changes their own rights; another security administrator must do it."))


@act
def create_person(
    *,
    username: str,
    full_name: str,
    encoded_password: str,
    places: list[Place],
    by: User | None,
    is_demonstration: bool = False,
) -> User:
    """Return the new account. `by` absent: made by command on the server itself.

    `encoded_password` comes from `make_password`, so that accounts made together share its slow part.
    """
    if by is not None:
        check_user_can_manage_people(by)
    user = User(username=username, full_name=full_name, password=encoded_password, is_demonstration=is_demonstration)
    user.save(force_insert=True)
    for place in places:
        Membership.objects.create(user=user, role=place.role, department=place.department, region=place.region)
    audit.record(
        audit.Act(
            event="person_created",
            by=by,
            subject=user,
            details={"username": username, "roles": [place.role for place in places]},
        )
    )
    return user
