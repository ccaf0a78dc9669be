"""Which programmes a person sees. What one may not see does not exist."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.http import Http404

from departments.models import User
from departments.permissions import Scope, scope_of
from departments.roles import Permission
from indicators.models import Allocation, Programme


def list_programmes(user: User, permission: Permission = Permission.VIEW_RESULTS) -> QuerySet[Programme]:
    """Return the programmes of the person's regions and departments, in the order of their documents."""
    scope = scope_of(user)
    condition = _within(scope.regions_for(permission), "region__code")
    departments = scope.departments_for(permission)
    if departments:
        condition |= Q(targets__allocations__series__department__in=departments)
    return (
        Programme.objects.filter(condition).select_related("region", "office").distinct().order_by("position", "code")
    )


def get_programme_or_404(user: User, code: str, permission: Permission = Permission.VIEW_RESULTS) -> Programme:
    """Return the programme, or Http404 whether it is missing or out of scope."""
    programme = list_programmes(user, permission).filter(code=code).first()
    if programme is None:
        raise Http404
    return programme


def filter_allocations(
    allocations: QuerySet[Allocation], *, user: User, permission: Permission = Permission.VIEW_RESULTS
) -> QuerySet[Allocation]:
    """Return those of `allocations` that lie in the person's regions or departments."""
    scope = scope_of(user)
    condition = _within(scope.regions_for(permission), "target__programme__region__code")
    condition |= Q(series__department__in=scope.departments_for(permission))
    return allocations.filter(condition)


def is_whole_programme_visible(scope: Scope, programme: Programme) -> bool:
    """Return whether the person sees every department of the programme, not only their own."""
    return scope.allows(Permission.VIEW_RESULTS, region_code=programme.region.code)


def _within(codes: Iterable[str], field: str) -> Q:
    """Return a condition for codes below any of `codes`; "" stands for every region."""
    condition = Q(pk__in=[])
    for code in codes:
        condition |= Q(**{f"{field}__startswith": code})
    return condition
