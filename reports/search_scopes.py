"""The views of a person on every programme that they may see: the page's own first, then the others in their order.

Each is what the programme's own pages would show. All are read at once: whoever sees ten programmes
asks no more often than whoever sees two.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet, Value

from departments.models import Department
from departments.roles import Permission
from indicators.engine.period import Quarter
from indicators.models import Programme
from indicators.selectors.programmes import is_whole_programme_visible
from reports.scopes import APPROVED, PageContext, choose_root, find_rated_quarters

OWNER = "owner_id"
"""The column that says of which programme a row is, where those of several are read at once."""


def list_pages(page: PageContext) -> list[PageContext]:
    """Return the page and, in the order of their documents, its like in the other programmes; at most two queries.

    The quarter stays where the other programme has results of it, else it is the newest with results there (the
    first of the programme where nothing is rated at all). The basis is approved figures: an edition is one of its own
    programme.
    """
    others = [programme for programme in page.programmes if programme.pk != page.programme.pk]
    if not others:
        return [page]
    mine = _list_own_departments(page, others)
    pages = {programme.pk: _turn(page, programme, mine) for programme in others}
    rated: dict[int, list[Quarter]] = {}
    for row in join_owned({owner: _find_rated(other) for owner, other in pages.items()}):
        rated.setdefault(row[OWNER], []).append(row["quarter"])
    return [page, *(_open(other, page.quarter, sorted(rated.get(owner, []))) for owner, other in pages.items())]


def join_owned(found: Mapping[int, QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """Return the rows of all, each with its programme in the column `OWNER`, to be read by one query."""
    owned: list[QuerySet[Any, Any]] = [rows.annotate(**{OWNER: Value(owner)}) for owner, rows in found.items()]
    first, *rest = owned
    return first.union(*rest, all=True) if rest else first


def _list_own_departments(page: PageContext, others: list[Programme]) -> list[Department]:
    if all(is_whole_programme_visible(page.scope, programme) for programme in others):
        return []
    mine = page.scope.departments_for(Permission.VIEW_RESULTS)
    return page.departments or list(Department.objects.filter(pk__in=mine).select_related("region"))


def _turn(page: PageContext, programme: Programme, mine: list[Department]) -> PageContext:
    """Return the page turned to another programme, at its first quarter."""
    is_whole = is_whole_programme_visible(page.scope, programme)
    departments = [] if is_whole else mine
    return PageContext(
        user=page.user,
        scope=page.scope,
        programmes=page.programmes,
        programme=programme,
        quarters=[],
        quarter=programme.first_quarter,
        basis=APPROVED,
        root=choose_root(programme, departments),
        department_ids=None if is_whole else frozenset(department.pk for department in departments),
        departments=departments,
    )


def _find_rated(page: PageContext) -> QuerySet[Any, Any]:
    return find_rated_quarters(programme=page.programme, root=page.root, department_ids=page.department_ids)


def _open(page: PageContext, wanted: Quarter, quarters: list[Quarter]) -> PageContext:
    newest = quarters[-1] if quarters else page.quarter
    return replace(page, quarters=quarters, quarter=wanted if wanted in quarters else newest)
