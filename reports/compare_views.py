"""The page that compares two sides, and how it finds the other side."""

from copy import copy
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from indicators.engine.period import Quarter
from indicators.models import Programme
from indicators.selectors.programmes import list_programmes
from reports.compare_fields import is_form, list_fields, settle, swap
from reports.comparison_page import make_comparison
from reports.comparison_sides import WHOLE, get_side_or_404
from reports.editions import is_provisional
from reports.pickers import encode_address
from reports.remembered import show
from reports.scopes import APPROVED, PageContext, get_context_or_404
from reports.views import reads

_TEMPLATE = "reports/compare.html"


@reads
def show_comparison(request: HttpRequest) -> HttpResponse:
    """Two sides, each any programme, quarter, basis and region; without a choice the quarter before, as a whole."""
    if is_form(request.GET):  # before anything is looked up: its choices need not fit each other
        programmes = list_programmes(request.user)  # type: ignore[arg-type]  # nobody is let in without log-in
        return redirect(f"{request.path}?{encode_address({**settle(request.GET, programmes)})}")
    page = get_context_or_404(request)
    other = get_other_or_404(request, page)
    unsettled = _find_unsettled(page, other)

    def make() -> dict[str, object]:
        code, other_code = _read_regions(request, page, other)
        after = get_side_or_404(page, code, is_provisional=_is_in(page, unsettled))
        before = get_side_or_404(other, other_code, is_provisional=_is_in(other, unsettled))
        return {
            "comparison": make_comparison(request, before, after),
            "sides": list_fields(before, after),
            "swapped": swap(request.path, before, after),
        }

    if unsettled:  # that the last result has come is no change of results, and would not be noticed
        return render(request, _TEMPLATE, {"page": page, "frame": "base.html"} | make())
    return show(request, page, _TEMPLATE, make, beside=[other])


def _find_unsettled(*pages: PageContext) -> set[int]:
    """Return the programmes of which a side shows results as they stand while others are still to be computed."""
    live = {page.programme.pk: page.programme for page in pages if page.publication is None}
    return {pk for pk, programme in live.items() if is_provisional(programme)}


def _is_in(page: PageContext, unsettled: set[int]) -> bool:
    return page.publication is None and page.programme.pk in unsettled


def _read_regions(request: HttpRequest, page: PageContext, other: PageContext) -> tuple[str, str]:
    """Return the codes of both regions; the base's is the other side's own where the address leaves it open."""
    code = request.GET.get("region", WHOLE)
    same = code if other.programme.pk == page.programme.pk else WHOLE
    return code, request.GET.get("with_region", same)


def get_other_or_404(request: HttpRequest, page: PageContext) -> PageContext:
    """Return the base's context, found with the same rights as the page's own.

    A quarter outside its programme falls back to that programme's newest: the choice of a programme alone cannot name
    one.
    """
    code = request.GET.get("with_programme", "") or page.programme.code
    programme = next((known for known in page.programmes if known.code == code), page.programme)
    wanted = request.GET.get("with_quarter", "")
    if not wanted and code == page.programme.code:
        wanted = str(max(page.quarter_before, programme.first_quarter))
    known = {"programme": code, "quarter": wanted, "basis": request.GET.get("with_basis", "")}
    if not _may_be_of(programme, wanted):
        known |= {"quarter": "", "basis": APPROVED}
    asked = copy(request)
    asked.GET = QueryDict(urlencode(known))
    return get_context_or_404(asked, moment=page.moment)


def _may_be_of(programme: Programme, text: str) -> bool:
    """Return whether the quarter is one of the programme's; what is no quarter is left to be refused by name."""
    try:
        return bool(programme.first_quarter <= Quarter.parse(text) <= programme.last_quarter)
    except ValueError:
        return True
