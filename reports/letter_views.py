"""The page of responsibility letters and its acts: ask for one, or all that are due, to be issued; download one."""

import io
from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from departments.errors import DomainError, Invalid
from indicators.actions.idempotency import do_once
from reports.actions.letters import ask_to_issue, record_letter_download, record_refused_letter
from reports.documents.writer import CONTENT_TYPE
from reports.letter_page import IssueForm, find_standing_or_404, get_letter_or_404, make_letter_page
from reports.letters.document import name_file
from reports.letters.terms import Recipient
from reports.scopes import PageContext, get_context_or_404
from reports.views import reads


@reads
def list_letters(request: HttpRequest) -> HttpResponse:
    """The recipients of the programme's letters; to a recipient, its own."""
    page = get_context_or_404(request)
    return render(request, "reports/letters.html", {"page": page, "list": make_letter_page(page)})


@require_POST
def issue(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Let the letter of one recipient, or its addendum, be issued."""
    page, form = get_context_or_404(request), IssueForm(request.POST)
    return _do(request, page, form, name="letter_issue", act=partial(_issue_one, page, form, kind, pk))


@require_POST
def issue_all(request: HttpRequest) -> HttpResponse:
    """Let every letter and addendum that is due be issued."""
    page, form = get_context_or_404(request), IssueForm(request.POST)
    return _do(request, page, form, name="letter_issue_all", act=partial(_issue_all, page, form))


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand one letter out as it was issued; the trail knows who got it before it goes."""
    page = get_context_or_404(request)
    try:
        letter = get_letter_or_404(page, pk)
        file = record_letter_download(letter=letter, by=page.user)
    except DomainError as error:
        record_refused_letter(programme=page.programme, act="letter_download", error=error, by=page.user)
        return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
    return FileResponse(io.BytesIO(file), as_attachment=True, filename=name_file(letter), content_type=CONTENT_TYPE)


def _issue_one(page: PageContext, form: IssueForm, kind: str, pk: int) -> Mapping[str, object]:
    standing = find_standing_or_404(page, kind, pk)
    return _ask(page, form, recipient=standing.recipient)


def _issue_all(page: PageContext, form: IssueForm) -> Mapping[str, object]:
    return _ask(page, form)


def _ask(page: PageContext, form: IssueForm, *, recipient: Recipient | None = None) -> Mapping[str, object]:
    seen = form.cleaned_data["seen"]
    job = ask_to_issue(programme=page.programme, quarter=page.quarter, seen=seen, recipient=recipient, by=page.user)
    return {"job": job.pk}


def _do(
    request: HttpRequest, page: PageContext, form: IssueForm, *, act: Callable[[], Mapping[str, object]], name: str
) -> HttpResponse:
    """Do the act once for its key; a refusal is a sentence on a page, and stands in the trail."""
    try:
        if not form.is_valid():
            raise Invalid(_("The page did not say what it shows; reload it."))
        body = {"address": request.get_full_path(), "seen": form.cleaned_data["seen"]}
        do_once(key=form.cleaned_data["key"], by=page.user, body=body, act=act)
    except DomainError as error:
        record_refused_letter(programme=page.programme, act=name, error=error, by=page.user)
        return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
    messages.success(request, _("Asked. The letters are being written; you can leave this page."))
    return redirect(page.link("reports:letter-list"))
