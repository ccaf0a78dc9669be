"""Rights follow from memberships alone, and reach as far as the place they are held in."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from departments.models import Membership, User
from departments.permissions import Scope, allows, has_permission, has_role, scope_of
from departments.roles import DEPARTMENT_ROLES, PERMISSIONS_BY_ROLE, REGION_ROLES, SYSTEM_ROLES, Permission, Role
from tests.builders import make_department, make_region, make_user

WRITING = frozenset(Permission) - {
    Permission.VIEW_RESULTS,
    Permission.VIEW_ENTRY,
    Permission.VIEW_PROGRESS,
    Permission.VIEW_TRAIL,
    Permission.EXPORT,
}


def test_every_role_stands_in_the_table_and_has_one_kind_of_place():
    assert set(PERMISSIONS_BY_ROLE) == set(Role)
    kinds = [DEPARTMENT_ROLES, REGION_ROLES, SYSTEM_ROLES]
    assert frozenset().union(*kinds) == frozenset(Role)
    assert sum(len(kind) for kind in kinds) == len(Role)


def test_the_three_administrators_share_no_writing_right():
    """Source: trust rule 25."""
    writing = [PERMISSIONS_BY_ROLE[role] & WRITING for role in sorted(SYSTEM_ROLES)]
    assert sum(len(rights) for rights in writing) == len(frozenset().union(*writing))
    assert PERMISSIONS_BY_ROLE[Role.AUDITOR] & WRITING == frozenset()


@pytest.mark.parametrize("role", sorted(SYSTEM_ROLES))
def test_no_administrator_touches_figures(role):
    touching = {Permission.ENTER_FIGURES, Permission.SUBMIT, Permission.REVIEW, Permission.REOPEN}
    assert not PERMISSIONS_BY_ROLE[role] & touching


@pytest.mark.parametrize(
    ("role", "permission", "is_allowed"),
    [
        (Role.CLERK, Permission.ENTER_FIGURES, True),
        (Role.CLERK, Permission.REVIEW, False),
        (Role.REVIEWER, Permission.REVIEW, True),
        (Role.REVIEWER, Permission.ENTER_FIGURES, False),
        (Role.CLERK, Permission.VIEW_PROGRESS, False),
    ],
)
@pytest.mark.django_db
def test_department_roles_reach_their_own_department_only(role, permission, is_allowed):
    own, other = make_department(), make_department()
    user = make_user(role, at=own)
    assert has_permission(user, permission, department_id=own.pk, region_code="1404") is is_allowed
    assert not has_permission(user, permission, department_id=other.pk, region_code="1404")


@pytest.mark.parametrize(
    ("held", "asked", "is_allowed"),
    [
        pytest.param("1404", "1404", True, id="the region itself"),
        pytest.param("1404", "140421", True, id="a county below"),
        pytest.param("1404", "14", False, id="the province above"),
        pytest.param("1404", "1405", False, id="a neighbour"),
        pytest.param("1404", "", False, id="no region"),
    ],
)
@pytest.mark.django_db
def test_region_roles_reach_down_the_tree(held, asked, is_allowed):
    office = make_user(Role.OFFICE, at=make_region(held))
    assert has_permission(office, Permission.EXPORT, region_code=asked) is is_allowed


@pytest.mark.django_db
def test_an_auditor_sees_every_region_and_writes_nowhere():
    scope = scope_of(make_user(Role.AUDITOR))
    assert scope.allows(Permission.VIEW_TRAIL)
    assert scope.allows(Permission.VIEW_RESULTS, region_code="33")
    assert scope.regions_for(Permission.VIEW_RESULTS) == {""}
    assert not any(scope.allows_anywhere(permission) for permission in WRITING)


@pytest.mark.django_db
def test_places_for_a_permission_are_listed():
    department, region = make_department(), make_region("3301")
    user = make_user(Role.CLERK, at=department)
    Membership.objects.create(user=user, role=Role.LEADER, region=region)
    scope = scope_of(user)
    assert scope.departments_for(Permission.ENTER_FIGURES) == {department.pk}
    assert scope.regions_for(Permission.VIEW_RESULTS) == {"3301"}
    assert has_role(user, Role.LEADER)
    assert not has_role(user, Role.OFFICE)


@pytest.mark.django_db
def test_nobody_and_disabled_accounts_may_do_nothing():
    disabled = make_user(Role.OFFICE, at=make_region(), is_active=False)
    assert scope_of(AnonymousUser()) == scope_of(disabled) == Scope()


@pytest.mark.django_db
def test_rights_are_read_again_for_the_next_request():
    user = make_user(Role.OFFICE, at=make_region())
    assert has_permission(user, Permission.EXPORT, region_code="1404")
    user.memberships.all().delete()
    assert has_permission(user, Permission.EXPORT, region_code="1404"), "one request, one answer"
    assert not has_permission(User.objects.get(pk=user.pk), Permission.EXPORT, region_code="1404")


@pytest.mark.django_db
def test_scope_costs_one_query(django_assert_num_queries):
    user = make_user(Role.CLERK, at=make_department())
    with django_assert_num_queries(1):
        for _ in range(5):
            has_permission(user, Permission.SUBMIT, department_id=1)


def test_allows_turns_a_check_into_yes_or_no():
    from departments.errors import Invalid, NotAllowed

    def check(answer):
        if answer:
            raise answer

    can = allows(check)
    assert can(None) is True
    assert can(NotAllowed("no")) is False
    with pytest.raises(Invalid):
        can(Invalid("something else than a right"))


@pytest.mark.parametrize(
    ("role", "place"),
    [
        pytest.param(Role.CLERK, "region", id="a clerk belongs to a department"),
        pytest.param(Role.OFFICE, "department", id="the office belongs to a region"),
        pytest.param(Role.AUDITOR, "region", id="an auditor belongs to neither"),
        pytest.param(Role.REVIEWER, "", id="a reviewer without a place"),
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_a_role_in_the_wrong_place(role, place):
    user = make_user(Role.AUDITOR)
    places = {"region": make_region(), "department": make_department()}
    with pytest.raises(IntegrityError, match="membership_place_fits_role"), transaction.atomic():
        Membership.objects.create(user=user, role=role, **({place: places[place]} if place else {}))


@pytest.mark.django_db
def test_the_database_refuses_clerk_and_reviewer_in_one_person():
    department = make_department()
    user = make_user(Role.CLERK, at=department)
    with pytest.raises(IntegrityError, match="membership_clerk_or_reviewer"), transaction.atomic():
        Membership.objects.create(user=user, role=Role.REVIEWER, department=department)


@pytest.mark.parametrize("flag", ["is_superuser", "is_staff"])
@pytest.mark.django_db
def test_the_database_refuses_accounts_that_pass_by_roles(flag):
    with pytest.raises(IntegrityError, match="user_no_superuser"), transaction.atomic():
        User.objects.create(username="root", full_name="某", **{flag: True})
