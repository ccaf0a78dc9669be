"""The page that compares two sides, and how it finds the other side."""

from copy import copy
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict

from indicators.engine.period import Quarter
from indicators.models import Programme
from qscounty.web.formats import format_quarter
from reports.comparison import choose_side, make_comparison
from reports.remembered import show
from reports.scopes import PageContext, get_context_or_404
from reports.views import reads


@reads
def show_comparison(request: HttpRequest) -> HttpResponse:
    """Two quarters, programmes or regions side by side; without a choice the quarter before."""
    page = get_context_or_404(request)
    other = get_other_or_404(request, page)

    def make() -> dict[str, object]:
        after = choose_side(page, request.GET.get("region", ""))
        region = request.GET.get("with_region", "") or (after.region.code if after.region else "")
        quarters = sorted({*other.quarters, other.quarter}, reverse=True)
        return {
            "comparison": make_comparison(choose_side(other, region), after),
            "with_quarter": str(other.quarter),
            "quarters": [(str(quarter), format_quarter(quarter.year, quarter.number)) for quarter in quarters],
        }

    return show(request, page, "reports/compare.html", make, beside=[other])


def get_other_or_404(request: HttpRequest, page: PageContext) -> PageContext:
    """Return the other side's context, found with the same rights as the page's own.

    A quarter outside the other programme falls back to that programme's newest: the choice of a programme alone
    cannot name one.
    """
    code = request.GET.get("with_programme", "") or page.programme.code
    programme = next((known for known in page.programmes if known.code == code), page.programme)
    wanted = request.GET.get("with_quarter", "")
    if not wanted and code == page.programme.code:
        wanted = str(max(page.quarter_before, programme.first_quarter))
    query = {"programme": code, "quarter": wanted if _may_be_of(programme, wanted) else ""}
    asked = copy(request)
    asked.GET = QueryDict(urlencode(query))
    return get_context_or_404(asked)


def _may_be_of(programme: Programme, text: str) -> bool:
    """Return whether the quarter is one of the programme's; what is no quarter is left to be refused by name."""
    try:
        return bool(programme.first_quarter <= Quarter.parse(text) <= programme.last_quarter)
    except ValueError:
        return True
