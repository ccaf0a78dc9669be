"""Earlier versions of a bulletin to be read, and the act by which a draft is discarded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from departments.errors import DomainError
from reports.actions.bulletins import discard_bulletin
from reports.bulletin_page import get_bulletin_or_404
from reports.bulletin_versions import DiscardForm, make_version_page
from reports.bulletin_views import do_once_for, refuse
from reports.scopes import get_context_or_404
from reports.views import reads


@reads
def show_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version of a draft as it was saved."""
    page = get_context_or_404(request)
    bulletin = get_bulletin_or_404(page, pk)
    shown = make_version_page(page, bulletin, number)
    return render(request, "reports/bulletin_version.html", {"page": page, "bulletin": bulletin, "shown": shown})


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard a draft; it and its versions stay to be read."""
    page, form = get_context_or_404(request), DiscardForm(request.POST)

    def act() -> dict[str, object]:
        given = form.cleaned_data
        discard_bulletin(bulletin=bulletin, version=given["version"], reason=given["reason"], by=page.user)
        return {"done": True}

    try:
        bulletin = get_bulletin_or_404(page, pk)
        do_once_for(request, form, act=act)
    except DomainError as error:
        return refuse(request, page, error, name="bulletin_discard")
    messages.success(request, _("Discarded. The draft and its versions stay to be read."))
    return redirect(page.link("reports:bulletin-list"))
