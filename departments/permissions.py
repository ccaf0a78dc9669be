"""Who may do what, where: read from the database on each request, decided by the table in `roles`."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from departments.errors import NotAllowed
from departments.models import Membership, Region, User
from departments.roles import PERMISSIONS_BY_ROLE, SYSTEM_ROLES, Permission, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One membership: a role, and the department or region where it is held (neither for the system's roles)."""

    role: Role
    department_id: int | None = None
    region_code: str = ""

    def covers(self, *, department_id: int | None, region_code: str) -> bool:
        """Return whether the place lies within the post; a region covers every region below it."""
        if self.role in SYSTEM_ROLES:
            return True
        if self.department_id is not None:
            return self.department_id == department_id
        return bool(region_code) and region_code.startswith(self.region_code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everything that a person is, and with it what the person may see and do."""

    posts: tuple[Post, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held anywhere."""
        return frozenset(post.role for post in self.posts)

    def roles_at(self, *, department_id: int | None = None, region_code: str = "") -> frozenset[Role]:
        """Return the roles held for a department of a region; both name the place, as either may cover it."""
        return frozenset(
            post.role for post in self.posts if post.covers(department_id=department_id, region_code=region_code)
        )

    def allows(self, permission: Permission, *, department_id: int | None = None, region_code: str = "") -> bool:
        """Return whether `permission` holds for the place."""
        roles = self.roles_at(department_id=department_id, region_code=region_code)
        return any(permission in PERMISSIONS_BY_ROLE[role] for role in roles)

    def allows_anywhere(self, permission: Permission) -> bool:
        """Return whether `permission` holds in any place."""
        return any(permission in PERMISSIONS_BY_ROLE[post.role] for post in self.posts)

    def departments_for(self, permission: Permission) -> frozenset[int]:
        """Return the ids of the departments in which `permission` is held directly."""
        posts = [post for post in self.posts if permission in PERMISSIONS_BY_ROLE[post.role]]
        return frozenset(post.department_id for post in posts if post.department_id is not None)

    def regions_for(self, permission: Permission) -> frozenset[str]:
        """Return the codes of the regions over which `permission` is held; "" stands for all of them."""
        posts = [post for post in self.posts if permission in PERMISSIONS_BY_ROLE[post.role]]
        return frozenset(post.region_code for post in posts if post.department_id is None)


def scope_of(user: User | AnonymousUser) -> Scope:
    """Return what `user` is, from one query a request; nobody and disabled accounts are nothing.

    The answer is kept on the object that the request made for the user, never longer. Source: trust rule 24.
    """
    known: Scope | None = getattr(user, "_scope", None)
    if known is None:
        known = _load_scope(user)
        user._scope = known  # type: ignore[union-attr]
    return known


def _load_scope(user: User | AnonymousUser) -> Scope:
    if not user.is_authenticated or not user.is_active:
        return Scope()
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, [user.pk])
        rows = cursor.fetchall()
    return Scope(
        posts=tuple(
            Post(role=Role(role), department_id=department_id, region_code=region_code or "")
            for role, department_id, region_code in rows
        )
    )


# Asked by every request, and by the shortest answers nothing else: put together anew it took a tenth of their time.
_POSTS = (
    f"SELECT m.role, m.department_id, r.code FROM {Membership._meta.db_table} m"  # noqa: S608  fixed names
    f" LEFT JOIN {Region._meta.db_table} r ON r.id = m.region_id WHERE m.user_id = %s ORDER BY m.id"
)


def has_permission(
    user: User, permission: Permission, *, department_id: int | None = None, region_code: str = ""
) -> bool:
    """Return whether `user` holds `permission` for the department or region."""
    return scope_of(user).allows(permission, department_id=department_id, region_code=region_code)


def has_role(user: User, role: Role) -> bool:
    """Return whether `user` has `role` anywhere."""
    return role in scope_of(user).roles


def _answer(check: Callable[..., None], *args: object, **kwargs: object) -> bool:
    try:
        check(*args, **kwargs)
    except NotAllowed:
        return False
    return True


def allows(check: Callable[..., None]) -> Callable[..., bool]:
    """Return the yes/no form of a `check_user_can_…` function."""
    return partial(_answer, check)
