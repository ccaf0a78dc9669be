"""The leader's page of a quarter, made for paper."""

from django.http import HttpRequest, HttpResponse

from reports.leader_page import make_leader_page
from reports.remembered import show
from reports.scopes import get_context_or_404
from reports.views import reads


@reads
def show_leader(request: HttpRequest) -> HttpResponse:
    """One sheet about the page's programme, quarter and basis."""
    page = get_context_or_404(request)
    return show(request, page, "reports/leader.html", lambda: {"leader": make_leader_page(page)})
