"""Tags of the frame: side navigation, the header's selectors, the line that heads a printed page."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from departments.permissions import scope_of
from departments.roles import Permission, Role
from qscounty.web.formats import format_quarter
from qscounty.web.templatetags.web import read_state
from reports.navigation import count_open_work, list_navigation
from reports.pickers import list_basis_choices, list_programme_choices, list_quarter_years, name_basis
from reports.scopes import PageContext
from reports.stamps import read_moment

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> SafeString:
    """Show where the person can go; drawn once, though the phone's menu shows it again."""
    request = context.get("request")
    known: SafeString | None = getattr(request, "_navigation", None)
    if known is None:
        known = _draw_places(context, request)
        if request is not None:
            request._navigation = known
    return known


def _draw_places(context: Context, request: Any) -> SafeString:
    if request is None or not request.user.is_authenticated:
        return render_to_string("_components/navigation.html", {"groups": [], "office": ""})
    match, page = request.resolver_match, _find_page(context)
    return _draw_navigation(
        get_language(),
        scope_of(request.user).roles,
        match.view_name if match else "",
        urlencode(read_state(context)),
        tuple(sorted(count_open_work(request.user).items())),
        "" if page is None else page.programme.office.name,
    )


@lru_cache(maxsize=500)
def _draw_navigation(
    _language: str | None,
    roles: frozenset[Role],
    current: str,
    query: str,
    badges: tuple[tuple[str, int], ...],
    office: str,
) -> SafeString:
    """Return the navigation of whoever holds the roles: everything that it says is told here, and drawn once."""
    groups = list_navigation(roles, current=current, query=query, badges=dict(badges))
    return render_to_string("_components/navigation.html", {"groups": groups, "office": office, "home": "/"})


@register.inclusion_tag("_components/pickers.html", takes_context=True)
def pickers(context: Context) -> dict[str, Any]:
    """Show the selectors of programme, quarter and basis; nothing on pages that are about none."""
    page = _find_page(context)
    if page is None:
        return {}
    request = context["request"]
    return {
        "page": page,
        "programmes": list_programme_choices(page),
        "years": list_quarter_years(page, request),
        "bases": list_basis_choices(page, request),
        "basis": name_basis(page),
    }


@register.inclusion_tag("_components/search.html", takes_context=True)
def search_field(context: Context) -> dict[str, Any]:
    """Show the search, to whoever sees results anywhere."""
    request = context.get("request")
    if request is None or not scope_of(request.user).allows_anywhere(Permission.VIEW_RESULTS):
        return {"is_shown": False}
    hidden = list(read_state(context).items())
    url = reverse("reports:search")
    question = request.GET.get("q", "") if request.path == url else ""
    return {"is_shown": True, "url": url, "hidden": hidden, "question": question}


@register.simple_tag(takes_context=True)
def print_head(context: Context, *parts: str) -> str:
    """Return what the page is about and the time of printing, for the head of a printed page.

    That is programme, quarter and basis of a page of results, and else what the page names by `parts`.
    """
    page = _find_page(context)
    if parts:
        printed = timezone.localtime(read_moment().at)
        about = {"place": " · ".join(str(part) for part in parts), "time": f"{printed:%Y-%m-%d %H:%M}"}
        return _("%(place)s · printed %(time)s") % about
    if page is None:
        return _("Quality-strong county targets")
    now = timezone.localtime((page.moment or read_moment()).at)
    return _("%(programme)s · %(quarter)s · %(basis)s · printed %(time)s") % {
        "programme": page.programme.name,
        "quarter": format_quarter(page.quarter.year, page.quarter.number),
        "basis": name_basis(page),
        "time": f"{now:%Y-%m-%d %H:%M}",
    }


def _find_page(context: Context) -> PageContext | None:
    """Return what the page is about, None on pages that are about no programme."""
    page = context.get("page")
    return page if isinstance(page, PageContext) else None
