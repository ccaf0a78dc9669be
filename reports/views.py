"""The pages that read: each translates the address to one call, and the answer to a template."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from departments.errors import DomainError, Invalid
from indicators.domains import Domain
from indicators.permissions import can_export
from qscounty.web.addresses import find_address
from qscounty.web.digits import read_digits
from qscounty.web.tables import turn_to_page
from reports.cell_tables import ROWS_A_PAGE
from reports.export_page import make_key
from reports.lists import SliceList, make_department_list, make_domain_list, make_region_list
from reports.overview import make_overview
from reports.pickers import encode_address, list_kept
from reports.programme_page import make_programme_page
from reports.remembered import show
from reports.scopes import PageContext, get_context_or_404
from reports.selectors import (
    get_department_or_404,
    get_region_or_404,
)
from reports.slices import make_department_slice, make_domain_slice, make_region_slice
from reports.target_list import COLUMNS, make_result_list, offer_columns
from reports.target_page import get_allocation_or_404, make_target_page

LONGEST_CASES = 12  # digits
View = Callable[..., HttpResponseBase]


def explains(view: View) -> View:
    """Answer a refusal with a sentence on a page, whatever the method."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DomainError as error:
            return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)

    return answer


def reads(view: View) -> View:
    """Wrap a page that reads: GET only, and a choice that cannot be is answered with its sentence."""

    answer: View = require_safe(explains(view))
    return answer


@reads
def show_overview(request: HttpRequest) -> HttpResponse:
    """The overview."""
    page = get_context_or_404(request)

    def make() -> dict[str, object]:
        return {"overview": make_overview(page)}

    export = make_key() if can_export(page.user, page.programme) else None
    return show(request, page, "reports/overview.html", make, around={"export": export})


@reads
def list_regions(request: HttpRequest) -> HttpResponse:
    """The regions and how they stand."""
    page = get_context_or_404(request)
    return _show_list(request, page, make_region_list, file="reports:region-file")


@reads
def list_domains(request: HttpRequest) -> HttpResponse:
    """The five domains and how they stand."""
    page = get_context_or_404(request)
    return _show_list(request, page, make_domain_list, file="reports:department-file")


@reads
def list_offices(request: HttpRequest) -> HttpResponse:
    """The departments and how they stand."""
    page = get_context_or_404(request)
    return _show_list(request, page, make_department_list, file="reports:department-file")


def _show_list(
    request: HttpRequest, page: PageContext, make_list: Callable[[PageContext, QueryDict], SliceList], *, file: str
) -> HttpResponse:
    """Answer with a list; `file` names the view that hands out its table."""

    def make() -> dict[str, object]:
        found = make_list(page, request.GET)
        turn_to_page(found.table, request.GET.get("page", 1), rows_a_page=ROWS_A_PAGE)
        return {"list": found, "table": found.table, "file": f"{find_address(file)}?{_keep_address(page, request)}"}

    return show(request, page, "reports/list.html", make)


def _keep_address(page: PageContext, request: HttpRequest) -> str:
    return encode_address(list_kept(page, request))


@reads
def show_region(request: HttpRequest, code: str) -> HttpResponse:
    """One region."""
    page = get_context_or_404(request)
    region = get_region_or_404(page, code)
    return show(request, page, "reports/slice.html", lambda: {"slice": make_region_slice(page, region)})


@reads
def show_domain(request: HttpRequest, domain: str) -> HttpResponse:
    """One domain."""
    page = get_context_or_404(request)
    if domain not in {known.value for known in Domain}:
        raise Http404
    return show(request, page, "reports/slice.html", lambda: {"slice": make_domain_slice(page, Domain(domain))})


@reads
def show_department(request: HttpRequest, region: str, code: str) -> HttpResponse:
    """One department."""
    page = get_context_or_404(request)
    department = get_department_or_404(page, region, code)
    return show(request, page, "reports/slice.html", lambda: {"slice": make_department_slice(page, department)})


@reads
def list_targets(request: HttpRequest) -> HttpResponse:
    """Every target with its result, filtered by the address."""
    page = get_context_or_404(request)

    def make() -> dict[str, object]:
        found = make_result_list(page, request.GET)
        turn_to_page(found.table, request.GET.get("page", 1), known=found.count)
        named = list_kept(page, request) | ({COLUMNS: list(found.shown)} if kept else {})
        file = f"{find_address('reports:target-file')}?{encode_address(named)}"
        return {"list": found, "filter": found.filter, "table": found.table, "file": file}

    kept = page.user.target_columns
    own = offer_columns(request.GET, kept)
    return show(request, page, "reports/target_list.html", make, around={"own_columns": own}, told=kept)


@reads
def show_target(request: HttpRequest, pk: int) -> HttpResponse:
    """One target in one region; the allocation decides the programme, whatever the address says."""
    allocation = get_allocation_or_404(request.user, pk)  # type: ignore[arg-type]  # nobody is let in without log-in
    page = get_context_or_404(request, programme_code=allocation.target.programme.code)
    found = make_target_page(page, allocation, cases=read_cases(request.GET.get("cases", "")))
    return render(request, "reports/target.html", {"page": page, "target": found})


def read_cases(text: str) -> int | None:
    """Return the calculator's assumption; Invalid with a sentence for anything but a whole number."""
    digits = text.strip().replace(" ", "").replace(",", "")
    if not digits:
        return None
    cases = read_digits(digits, at_most=LONGEST_CASES)
    if cases is None:
        raise Invalid(_("Further cases: “%(text)s” is not a whole number; write it like 600.") % {"text": text})
    return cases


@reads
def show_programme(request: HttpRequest) -> HttpResponse:
    """The programme document with its targets."""
    page = get_context_or_404(request)
    return show(request, page, "reports/programme.html", lambda: {"programme": make_programme_page(page)})
