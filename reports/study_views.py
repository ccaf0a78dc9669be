"""The pages for a closer look: search, wide matrix, league, comparison, cascade."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control

from indicators.domains import Domain
from reports.cascade import make_cascade
from reports.funnel import list_share_targets, make_funnel
from reports.league import make_league
from reports.remembered import show
from reports.scopes import PageContext, get_context_or_404
from reports.search import make_search_page
from reports.views import reads
from reports.wide_cells import find_tag, load_json, make_tag
from reports.wide_matrix import make_wide_matrix


@reads
def search(request: HttpRequest) -> HttpResponse:
    """What fits a question, in every programme or in one."""
    page = get_context_or_404(request)
    found = make_search_page(page, request.GET.get("q", ""), within=request.GET.get("within", ""))
    return render(request, "reports/search.html", {"page": page, "found": found})


@reads
def show_matrix(request: HttpRequest) -> HttpResponse:
    """Every region against every target: on a canvas, or as a plain table without script and on paper."""
    page = get_context_or_404(request)
    is_plain = bool(request.GET.get("plain"))
    template = "reports/matrix_plain.html" if is_plain else "reports/matrix.html"
    return show(request, page, template, lambda: {"matrix": make_wide_matrix(page, is_plain=is_plain)})


@reads
def send_cells(request: HttpRequest) -> HttpResponse:
    """The packed cells of the matrix, compressed; nothing but 304 while no result has changed."""
    # Whoever brings no tag has nothing to compare with, and would ask twice.
    asked = "If-None-Match" in request.headers
    tag = find_tag(request.user, request.GET) if asked else None  # type: ignore[arg-type]  # nobody without log-in
    answer = get_conditional_response(request, etag=f'"{tag}"') if tag else None
    if answer is None:
        page = get_context_or_404(request)
        tag = make_tag(page)
        answer = get_conditional_response(request, etag=f'"{tag}"') or _send(page, tag)
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def _send(page: PageContext, tag: str) -> HttpResponse:
    answer = HttpResponse(load_json(page, tag), content_type="application/json")
    answer["Content-Encoding"] = "gzip"  # which every browser with a canvas reads
    answer["ETag"] = f'"{tag}"'
    return answer


@reads
def show_league(request: HttpRequest) -> HttpResponse:
    """The regions in the order of their scores."""
    page = get_context_or_404(request)
    wanted = request.GET.get("domain", "")
    domain = Domain(wanted) if wanted in {known.value for known in Domain} else None

    def make() -> dict[str, object]:
        league = make_league(page, level=request.GET.get("level", ""), domain=domain)
        return {"league": league, "shares": list_share_targets(page)}

    return show(request, page, "reports/league.html", make)


@reads
def show_funnel(request: HttpRequest, target: int) -> HttpResponse:
    """The regions in the order of one share, with what chance explains."""
    page = get_context_or_404(request)
    funnel = make_funnel(page, target)
    if funnel is None:
        raise Http404
    return render(request, "reports/funnel.html", {"page": page, "funnel": funnel})


@reads
def show_cascade(request: HttpRequest) -> HttpResponse:
    """The targets of province, city and county on the same indicators, side by side."""
    page = get_context_or_404(request)
    only_shared = not request.GET.get("all")

    def make() -> dict[str, object]:
        return {"cascade": make_cascade(page, only_shared=only_shared), "only_shared": only_shared}

    return show(request, page, "reports/cascade.html", make)
