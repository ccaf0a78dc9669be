"""Reads what can be searched for in several programmes at once, within the scope of the page of each."""

from collections.abc import Sequence

from django.db.models import Q

from departments.models import Department, Region
from indicators.models import Allocation, Clause, Target
from indicators.selectors.programmes import filter_allocations
from reports.scopes import PageContext
from reports.search_scopes import OWNER, join_owned
from reports.selectors import find_departments, find_result_regions
from reports.sources import name_department, name_region


def list_targets(pages: Sequence[PageContext]) -> dict[int, list[tuple[Target, int]]]:
    """Return by programme the targets in the order of the document, each with the allocation of its highest region.

    Two queries: the allocations of a province are many, and carry no words.
    """
    allocations = Allocation.objects.filter(target__programme__in=[page.programme.pk for page in pages])
    # The same rule as a page's own: all of the programme, or what the person's departments report.
    allocations = filter_allocations(allocations, user=pages[0].user)
    first = allocations.order_by("target_id", "series__region__code", "pk").distinct("target_id")
    places = dict(first.values_list("target_id", "pk"))
    targets = Target.objects.filter(pk__in=places).select_related("indicator", "clause").order_by("position", "pk")
    found: dict[int, list[tuple[Target, int]]] = {}
    for target in targets:
        found.setdefault(target.programme_id, []).append((target, places[target.pk]))
    return found


def list_clauses(pages: Sequence[PageContext]) -> dict[int, list[Clause]]:
    """Return by programme the clauses in the order of the document, of some departments those they serve; one query."""
    condition = Q(programme__in=[page.programme.pk for page in pages if page.department_ids is None])
    for page in pages:
        if page.department_ids is not None:
            mine = Allocation.objects.filter(series__department__in=page.department_ids)
            condition |= Q(programme=page.programme.pk, pk__in=mine.values("target__clause"))
    found: dict[int, list[Clause]] = {}
    for clause in Clause.objects.filter(condition).order_by("position", "pk"):
        found.setdefault(clause.programme_id, []).append(clause)
    return found


def list_regions(pages: Sequence[PageContext]) -> dict[int, list[Region]]:
    """Return by programme the regions with results in its page's quarter, in customary order; one query."""
    owners = {page.programme.pk: page for page in pages}
    rows = join_owned({owner: find_result_regions(page) for owner, page in owners.items()})
    found: dict[int, list[Region]] = {}
    for region in sorted(rows, key=lambda region: (region.position, region.code)):
        owner = getattr(region, OWNER)
        found.setdefault(owner, []).append(name_region(owners[owner], region))
    return found


def list_offices(pages: Sequence[PageContext]) -> dict[int, list[Department]]:
    """Return by programme the departments with results in its page's quarter, in customary order; two queries."""
    owners = {page.programme.pk: page for page in pages}
    rows = list(join_owned({owner: find_departments(page) for owner, page in owners.items()}))
    places = Region.objects.in_bulk({department.region_id for department in rows})
    for department in rows:
        department.region = places[department.region_id]
    found: dict[int, list[Department]] = {}
    for department in sorted(rows, key=lambda one: (one.region.code, one.position, one.code)):
        owner = getattr(department, OWNER)
        found.setdefault(owner, []).append(name_department(owners[owner], department))
    return found
