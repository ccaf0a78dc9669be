"""The pages of publications: the list of a quarter, one edition, and the two acts."""

from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from departments.errors import DomainError, Invalid
from indicators.views.answers import do_form_once
from qscounty.web.digits import read_digits
from reports.actions.publications import ask_to_publish, publish, record_refused_publication
from reports.editions import find_publication, find_state, get_publication_or_404
from reports.models import Publication
from reports.publication_forms import AskForm, PublishForm
from reports.publication_page import (
    NOW,
    make_publication_detail,
    make_publication_list,
)
from reports.scopes import PageContext, get_context_or_404
from reports.views import reads

LONGEST_EDITION = 4  # digits


@reads
def list_publications(request: HttpRequest) -> HttpResponse:
    """The state of the quarter and its editions."""
    page = get_context_or_404(request)
    return render(request, "reports/publications.html", {"page": page, "list": make_publication_list(page)})


@reads
def show_publication(request: HttpRequest, edition: int) -> HttpResponse:
    """One edition, with its manifest and what differs from another one, by itself from the one before."""
    page = get_context_or_404(request)
    publication = get_publication_or_404(programme=page.programme, quarter=page.quarter, edition=edition)
    detail = make_publication_detail(page, publication, _choose_other(page, publication, request.GET.get("with", "")))
    return render(request, "reports/publication.html", {"page": page, "detail": detail})


def _choose_other(page: PageContext, publication: Publication, word: str) -> Publication | str:
    """Return what the edition is compared with: what the address names, or the edition before, or nothing (empty).

    Errors: Invalid for a word that names neither an edition of the quarter nor what stands now.
    """
    if word == NOW:
        return NOW
    number = word or str(publication.edition - 1)
    found = None
    edition = read_digits(number, at_most=LONGEST_EDITION)
    if edition is not None and edition != publication.edition:
        found = find_publication(programme=page.programme, quarter=page.quarter, edition=edition)
    if word and found is None:
        raise Invalid(_("Compare with: “%(word)s” is no other edition of this quarter; choose one.") % {"word": word})
    return found or ""


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an edition of the page's quarter."""
    page, form = get_context_or_404(request), AskForm(request.POST)
    act = partial(_ask, page, form)
    return _do(request, page, form, act=act, name="publication_ask", done=_("Asked. Another person publishes it."))


@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Publish what somebody else asked for."""
    page, form = get_context_or_404(request), PublishForm(request.POST)
    asked = find_state(programme=page.programme, quarter=page.quarter).asked
    if asked is None:
        raise Http404
    act = partial(_publish, page, form, asked)
    return _do(request, page, form, act=act, name="publish", done=_("Published."))


def _ask(page: PageContext, form: PublishForm) -> Mapping[str, object]:
    asked = ask_to_publish(
        programme=page.programme,
        quarter=page.quarter,
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["seen"],
        by=page.user,
    )
    return {"publication": asked.pk}


def _publish(page: PageContext, form: PublishForm, asked: Publication) -> Mapping[str, object]:
    return {"publication": publish(publication=asked, seen=form.cleaned_data["seen"], by=page.user).pk}


def _do(
    request: HttpRequest,
    page: PageContext,
    form: PublishForm,
    *,
    act: Callable[[], Mapping[str, object]],
    name: str,
    done: str,
) -> HttpResponse:
    """Do the act once for its key; a refusal stands above the page, and in the trail."""
    try:
        if not form.is_valid():
            raise Invalid(_("The page did not say what it shows; reload it."))
        do_form_once(request, key=form.cleaned_data["key"], act=act)
    except DomainError as error:
        record_refused_publication(programme=page.programme, quarter=page.quarter, act=name, error=error, by=page.user)
        typed = form.cleaned_data.get("reason", "") if isinstance(form, AskForm) and form.is_valid() else ""
        context = {"page": page, "list": make_publication_list(page, typed=typed), "refusal": str(error)}
        return render(request, "reports/publications.html", context, status=error.status)
    messages.success(request, done)
    return redirect(page.link("reports:publication-list"))
