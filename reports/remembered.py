"""Pages whose middle is remembered: what depends on results and scope alone is drawn once, until its stamp moves.

Around it the frame is drawn for each request: person, badges, messages, time. Kept in the process, compressed, by
stamp, posts, language and address, so that nobody is shown what another scope sees. Lost at any time without harm.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from uuid import uuid4

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from reports.scopes import PageContext
from reports.stamps import read_page_stamp

PARTS = ("title", "styles", "pickers", "actions", "breadcrumbs", "lede", "sub", "content", "scripts")
"""The blocks of `base.html` that a page fills, in the order of `reports/_parts.html`."""

BETWEEN = uuid4().hex
"""Parts two blocks; nobody who writes a text knows it."""

KEPT_FOR = 3600  # seconds
_FORM_MARK = "csrfmiddlewaretoken"
"""A page with a form that changes something bears a token of one session, and is never kept for another."""


def show(
    request: HttpRequest,
    page: PageContext,
    template: str,
    make: Callable[[], dict[str, object]],
    *,
    beside: Sequence[PageContext] = (),
    around: Mapping[str, object] | None = None,
    told: str = "",
) -> HttpResponse:
    """Answer with a page; `make` is called for the template's context, and only if nothing is remembered.

    The template extends `frame`. What it shows follows from results, catalogue, scope and address alone, and from
    `told`, a choice that the person keeps. `beside` names whatever else it shows, `around` is what the frame shows
    beside it, drawn for each request.
    """
    key = _name(request, [page, *beside], told)
    kept: bytes | None = cache.get(key)
    if kept is None:
        drawn = {"page": page, "frame": "reports/_parts.html", "between": BETWEEN}
        text: str = render_to_string(template, drawn | make(), request)
        if _FORM_MARK not in text:
            cache.set(key, zlib.compress(text.encode(), level=1), KEPT_FOR)
    else:
        text = zlib.decompress(kept).decode()
    # What a template has drawn, and escaped, once already.
    parts = {name: SafeString(part.strip()) for name, part in zip(PARTS, text.split(BETWEEN), strict=True)}
    return render(request, "reports/_whole.html", {"page": page, "parts": parts, **(around or {})})


def _name(request: HttpRequest, pages: Sequence[PageContext], choice: str) -> str:
    posts = sorted(f"{post.role}/{post.department_id}/{post.region_code}" for post in pages[0].scope.posts)
    stamps = [(read_page_stamp(page.programme.pk, snapshot=page.snapshot), page.state) for page in pages]
    told = [stamps, get_language(), request.get_full_path(), posts, choice]
    return f"page-{sha256(repr(told).encode()).hexdigest()}"
