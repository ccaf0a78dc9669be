"""The pages for a closer look: search, wide matrix, league, comparison, cascade."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.scopes import get_context_or_404
from reports.search import make_search_page
from reports.views import reads


@reads
def search(request: HttpRequest) -> HttpResponse:
    """What fits a question."""
    page = get_context_or_404(request)
    found = make_search_page(page, request.GET.get("q", ""))
    return render(request, "reports/search.html", {"page": page, "found": found})
