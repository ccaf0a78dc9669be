"""Tags and filters of every page: addresses that keep the header's state, ratings, bars and formats."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse

from qscounty.web import formats, svg
from qscounty.web.addresses import find_address
from qscounty.web.sentences import Piece, drop_emphasis, split_emphasis

register = template.Library()

STATE = ("programme", "quarter", "basis")
"""What the header chooses; every link keeps it in the query string."""


def build_url(context: Context, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
    """Return the address of `name` with the header's state; keyword arguments in `q_…` go into the query."""
    path_kwargs = {key: value for key, value in kwargs.items() if not key.startswith("q_")}
    query = read_state(context) | {key[2:]: str(value) for key, value in kwargs.items() if key.startswith("q_")}
    path = reverse(name, kwargs=path_kwargs) if path_kwargs else find_address(name, args)
    return f"{path}?{urlencode(query)}" if query else path


def read_state(context: Context) -> dict[str, str]:
    """Return the header's state: that of the page, or what the request's query says."""
    page = context.get("page")
    if page is not None and hasattr(page, "state"):
        return dict(page.state)
    request = context.get("request")
    return {} if request is None else {key: request.GET[key] for key in STATE if request.GET.get(key)}


@register.simple_tag(takes_context=True)
def page_url(context: Context, name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a page, keeping programme, quarter and basis."""
    return build_url(context, name, args, kwargs)


@register.simple_tag(takes_context=True)
def same_page(context: Context, **changes: Any) -> str:
    """Return this page's address with some of its query changed; an empty value drops the key."""
    request = context["request"]
    query = request.GET.copy()
    query.update({key: value for key, value in read_state(context).items() if key not in query})
    for key, value in changes.items():
        query.pop(key, None)
        if value not in ("", None):
            query[key] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else str(request.path)


@register.simple_tag(takes_context=True)
def state_fields(context: Context) -> list[tuple[str, str]]:
    """Return the header's state as (name, value) pairs for the hidden fields of a GET form."""
    return list(read_state(context).items())


@register.inclusion_tag("_components/rating_bar.html")
def rating_bar(counts: Mapping[str, int], label: str = "", kind: str = "bar") -> dict[str, Any]:
    """Draw the shares of green, amber, red and grey as one bar."""
    return {"segments": svg.draw_bar(counts), "width": svg.BAR_WIDTH, "label": label, "kind": kind}


@register.inclusion_tag("_components/sparkline.html")
def sparkline(values: list[float | None], label: str = "") -> dict[str, Any]:
    """Draw a small line through the values; a gap where one is absent."""
    return {"line": svg.draw_line(values), "label": label}


@register.filter
def pieces(text: str) -> list[Piece]:
    """Return the runs of a sentence, those marked [[…]] standing out."""
    return split_emphasis(str(text))


@register.filter
def plain(text: str) -> str:
    """Return a sentence without marks."""
    return drop_emphasis(str(text))


@register.filter
def number(value: formats.Number, decimals: int | None = None) -> str:
    """Return a number in groups of three, rounded half up."""
    return formats.format_number(value, decimals)


@register.filter
def per_cent(value: formats.Number, decimals: int = 1) -> str:
    """Return a pure number as per cent."""
    return formats.format_ratio(value, decimals)


@register.filter
def quarter(value: Any) -> str:
    """Return a quarter in the page's language; a dash for none."""
    return formats.format_quarter(value.year, value.number) if value is not None else formats.ABSENT


@register.filter
def or_dash(value: Any) -> Any:
    """Return the value, a dash for nothing; 0 is 0."""
    return formats.ABSENT if value is None or value == "" else value
