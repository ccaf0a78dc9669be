"""Reads what can be searched for, within the page's scope."""

from indicators.models import Allocation, Clause, Target
from indicators.selectors.programmes import filter_allocations
from reports.scopes import PageContext


def list_targets(page: PageContext) -> list[tuple[Target, int]]:
    """Return the targets in the order of the document, each with the allocation of its highest region.

    Two queries: the allocations of a province are many, and carry no words.
    """
    allocations = Allocation.objects.filter(target__programme=page.programme)
    allocations = filter_allocations(allocations, user=page.user)
    if page.department_ids is not None:
        allocations = allocations.filter(series__department__in=page.department_ids)
    first = allocations.order_by("target_id", "series__region__code", "pk").distinct("target_id")
    places = dict(first.values_list("target_id", "pk"))
    targets = Target.objects.filter(pk__in=places).select_related("indicator", "clause").order_by("position", "pk")
    return [(target, places[target.pk]) for target in targets]


def list_clauses(page: PageContext) -> list[Clause]:
    """Return the clauses in the order of the document, for a person of some departments those they serve; one query."""
    clauses = Clause.objects.filter(programme=page.programme)
    if page.department_ids is not None:
        mine = Allocation.objects.filter(series__department__in=page.department_ids)
        clauses = clauses.filter(targets__in=mine.values("target")).distinct()
    return list(clauses.order_by("position"))
