"""The operations: each reads what its page reads, for the token's owner."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_noop
from ninja import NinjaAPI, Query

from reports.api import queries, schemas
from reports.api.access import BearerToken, add_refusals
from reports.api.answers import Table, answer
from reports.api.results import page_figures, page_results, page_rollups
from reports.api.rows import (
    list_department_rows,
    list_programme_rows,
    list_quarter_rows,
    list_region_rows,
    list_target_rows,
    publication_row,
)
from reports.editions import get_publication_or_404, list_editions
from reports.scopes import get_context_or_404

VERSION = "1.0"
api = NinjaAPI(
    title="qscounty",
    version=VERSION,
    description="Reads what the pages show, with the rights of the token's owner.",
    auth=BearerToken(),
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
add_refusals(api)
_CSV = {"content": {"text/csv": {"schema": {"type": "string"}}}}
_PROBLEMS = dict.fromkeys((401, 403, 404, 422, 429), schemas.Problem)


def reads(path: str, *, name: str, row: Any, summary: str) -> Any:
    """Return the decorator of one operation: GET and HEAD, its rows, and every refusal."""
    return api.api_operation(
        ["GET", "HEAD"],
        path,
        response={200: schemas.Rows[row], **_PROBLEMS},
        url_name=name,
        operation_id=name,
        summary=summary,
        openapi_extra={"responses": {200: _CSV}},
    )


@reads("/programmes", name="programmes", row=schemas.ProgrammeRow, summary=gettext_noop("Programmes that you see"))
def list_programmes(request: HttpRequest, query: Query[queries.FormatQuery]) -> HttpResponseBase:
    return answer(
        request,
        query,
        lambda: Table(
            name="programmes",
            row=schemas.ProgrammeRow,
            rows=lambda: list_programme_rows(request.user),  # type: ignore[arg-type]  # the token's owner
        ),
    )


@reads("/quarters", name="quarters", row=schemas.QuarterRow, summary=gettext_noop("Quarters of a programme"))
def list_quarters(request: HttpRequest, query: Query[queries.ProgrammeQuery]) -> HttpResponseBase:
    return answer(request, query, lambda: _listed(request, "quarters", schemas.QuarterRow, list_quarter_rows))


@reads("/regions", name="regions", row=schemas.RegionRow, summary=gettext_noop("Regions with results"))
def list_regions(request: HttpRequest, query: Query[queries.BasisQuery]) -> HttpResponseBase:
    return answer(request, query, lambda: _listed(request, "regions", schemas.RegionRow, list_region_rows))


@reads("/departments", name="departments", row=schemas.DepartmentRow, summary=gettext_noop("Departments with results"))
def list_departments(request: HttpRequest, query: Query[queries.BasisQuery]) -> HttpResponseBase:
    return answer(request, query, lambda: _listed(request, "departments", schemas.DepartmentRow, list_department_rows))


@reads("/targets", name="targets", row=schemas.TargetRow, summary=gettext_noop("Targets with their clauses"))
def list_targets(request: HttpRequest, query: Query[queries.BasisQuery]) -> HttpResponseBase:
    return answer(request, query, lambda: _listed(request, "targets", schemas.TargetRow, list_target_rows))


@reads("/figures", name="figures", row=schemas.FigureRow, summary=gettext_noop("Approved figures"))
def list_figures(request: HttpRequest, query: Query[queries.PagedQuery]) -> HttpResponseBase:
    return answer(request, query, lambda: _paged(request, query, "figures", schemas.FigureRow, page_figures))


@reads("/results", name="results", row=schemas.ResultRow, summary=gettext_noop("Results with what they were made from"))
def list_results(request: HttpRequest, query: Query[queries.ResultQuery]) -> HttpResponseBase:
    return answer(request, query, lambda: _paged(request, query, "results", schemas.ResultRow, page_results))


@reads("/rollups", name="rollups", row=schemas.RollUpRow, summary=gettext_noop("Counts, scores and colours by region"))
def list_rollups(request: HttpRequest, query: Query[queries.RollUpQuery]) -> HttpResponseBase:
    return answer(request, query, lambda: _paged(request, query, "rollups", schemas.RollUpRow, page_rollups))


@reads(
    "/publications",
    name="publications",
    row=schemas.PublicationRow,
    summary=gettext_noop("Published editions of a quarter"),
)
def list_publications(request: HttpRequest, query: Query[queries.QuarterQuery]) -> HttpResponseBase:
    def rows(page: Any) -> list[list[Any]]:
        found = list_editions(programme=page.programme, quarter=page.quarter)
        return [publication_row(one) for one in found if one.published_at is not None]

    return answer(request, query, lambda: _listed(request, "publications", schemas.PublicationRow, rows))


@reads(
    "/publications/{int:edition}",
    name="publication",
    row=schemas.PublicationRow,
    summary=gettext_noop("One published edition"),
)
def show_publication(request: HttpRequest, edition: int, query: Query[queries.QuarterQuery]) -> HttpResponseBase:
    def rows(page: Any) -> list[list[Any]]:
        found = get_publication_or_404(programme=page.programme, quarter=page.quarter, edition=edition)
        return [publication_row(found)]

    return answer(
        request, query, lambda: _listed(request, "publication", schemas.PublicationRow, rows, edition=edition)
    )


@reads(
    "/publications/{int:edition}/results",
    name="publication-results",
    row=schemas.ResultRow,
    summary=gettext_noop("Results of a published edition"),
)
def list_published_results(
    request: HttpRequest, edition: int, query: Query[queries.FrozenResultQuery]
) -> HttpResponseBase:
    return answer(
        request, query, lambda: _paged(request, query, "results", schemas.ResultRow, page_results, edition=edition)
    )


def _listed(request: HttpRequest, name: str, row: Any, rows: Any, *, edition: int | None = None) -> Table:
    page = get_context_or_404(request, edition=edition)
    return Table(name=name, row=row, rows=lambda: rows(page), page=page)


def _paged(request: HttpRequest, query: Any, name: str, row: Any, make: Any, *, edition: int | None = None) -> Table:
    page = get_context_or_404(request, edition=edition)
    return Table(name=name, row=row, paged=make(page, query), page=page)
