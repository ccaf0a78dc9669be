"""The pages of bulletins and their acts: start a draft, save it, issue it, download what was issued."""

import io
from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from departments.errors import DomainError, Invalid, Stale
from indicators.views.answers import do_form_once
from reports.actions.bulletins import (
    edit_bulletin,
    issue_bulletin,
    record_bulletin_download,
    record_refused_bulletin,
    start_bulletin,
)
from reports.bulletin_page import (
    BulletinForm,
    SeenForm,
    get_bulletin_or_404,
    make_bulletin_list,
    make_bulletin_page,
)
from reports.bulletins import words
from reports.bulletins.document import name_file
from reports.bulletins.drafting import draft
from reports.documents.writer import CONTENT_TYPE
from reports.export_page import KeyForm
from reports.exports.job_context import make_context
from reports.models import Bulletin, ExportJob
from reports.permissions import check_user_can_write_bulletin
from reports.scopes import PageContext, get_context_or_404
from reports.views import reads


@reads
def list_bulletins(request: HttpRequest) -> HttpResponse:
    """The bulletins of the programme."""
    page = get_context_or_404(request)
    return render(request, "reports/bulletins.html", {"page": page, "list": make_bulletin_list(page)})


@reads
def show_bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """One bulletin: the draft to edit, or what was issued."""
    page = get_context_or_404(request)
    shown = make_bulletin_page(page, get_bulletin_or_404(page, pk))
    return render(request, "reports/bulletin.html", {"page": page, "shown": shown})


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Write a draft about the page's quarter from its results."""
    page, form = get_context_or_404(request), KeyForm(request.POST)
    try:
        done = do_once_for(request, form, act=partial(_start, page))
    except DomainError as error:
        return refuse(request, page, error, name="bulletin_start")
    messages.success(request, _("The draft is written from the results; read and edit it."))
    return redirect(page.link("reports:bulletin", done["bulletin"]))


@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the draft's texts; with `renew` one section is written anew from the results."""
    page, form = get_context_or_404(request), BulletinForm(request.POST)
    try:
        bulletin = get_bulletin_or_404(page, pk)
    except DomainError as error:
        return refuse(request, page, error, name="bulletin_save")
    try:
        do_once_for(request, form, act=partial(_save, page, form, bulletin))
    except DomainError as error:
        _record(page, error, name="bulletin_save")
        return _show_again(request, page, bulletin, error)
    messages.success(request, _("Written anew from the results.") if form.cleaned_data["renew"] else _("Saved."))
    return redirect(page.link("reports:bulletin", bulletin.pk))


@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the draft."""
    page, form = get_context_or_404(request), SeenForm(request.POST)
    try:
        bulletin = get_bulletin_or_404(page, pk)
        do_once_for(request, form, act=partial(_issue, page, form, bulletin))
    except DomainError as error:
        return refuse(request, page, error, name="bulletin_issue")
    messages.success(request, _("Issued. The text and the file stay as they are."))
    return redirect(page.link("reports:bulletin", bulletin.pk))


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the file out as it was issued; the trail knows who got it before it goes."""
    page = get_context_or_404(request)
    try:
        bulletin = get_bulletin_or_404(page, pk)
        file = record_bulletin_download(bulletin=bulletin, by=page.user)
    except DomainError as error:
        return refuse(request, page, error, name="bulletin_download")
    return FileResponse(io.BytesIO(file), as_attachment=True, filename=name_file(bulletin), content_type=CONTENT_TYPE)


def _start(page: PageContext) -> Mapping[str, object]:
    check_user_can_write_bulletin(page.user, page.programme)
    title, sections = draft(page)
    bulletin = start_bulletin(
        programme=page.programme,
        quarter=page.quarter,
        publication=page.publication,
        title=title,
        sections=sections,
        by=page.user,
    )
    return {"bulletin": bulletin.pk}


def _save(page: PageContext, form: BulletinForm, bulletin: Bulletin) -> Mapping[str, object]:
    given = form.cleaned_data
    saved = edit_bulletin(
        bulletin=bulletin,
        version=given["version"],
        title=given["title"],
        texts=form.texts,
        renewed=_renew(page, bulletin, given["renew"]),
        by=page.user,
    )
    return {"version": saved.version}


def _renew(page: PageContext, bulletin: Bulletin, key: str) -> list[Mapping[str, object]]:
    """Return the section written anew from the results of the bulletin's own quarter and basis; none for no key."""
    if not key:
        return []
    if key not in words.HEADINGS:
        raise Invalid(_("The page did not say what it shows; reload it."))
    asked = ExportJob(
        programme=bulletin.programme, quarter=bulletin.quarter, publication=bulletin.publication, asked_by=page.user
    )
    _title, sections = draft(make_context(asked), [key])
    return list(sections)


def _issue(page: PageContext, form: SeenForm, bulletin: Bulletin) -> Mapping[str, object]:
    issued = issue_bulletin(bulletin=bulletin, version=form.cleaned_data["version"], by=page.user)
    return {"serial": issued.serial}


def do_once_for(request: HttpRequest, form: KeyForm, *, act: Callable[[], Mapping[str, object]]) -> dict[str, object]:
    """Do the act once for the form's key. Errors: Invalid for a form that is not whole, and the act's own."""
    if not form.is_valid():
        raise Invalid(_("The page did not say what it shows; reload it."))
    return do_form_once(request, key=form.cleaned_data["key"], act=act)


def _show_again(request: HttpRequest, page: PageContext, bulletin: Bulletin, error: DomainError) -> HttpResponse:
    """Show what was typed beside what is kept; whoever saves now has seen the newest version."""
    now = get_bulletin_or_404(page, bulletin.pk)
    seen = request.POST.get("version", "")
    version = now.version if isinstance(error, Stale) or not seen.isdecimal() else int(seen)
    shown = make_bulletin_page(page, now, typed=request.POST.dict(), version=version)
    context = {"page": page, "shown": shown, "refusal": str(error)}
    return render(request, "reports/bulletin.html", context, status=error.status)


def refuse(request: HttpRequest, page: PageContext, error: DomainError, *, name: str) -> HttpResponse:
    """Answer a refusal with its sentence, and leave it in the trail."""
    _record(page, error, name=name)
    return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)


def _record(page: PageContext, error: DomainError, *, name: str) -> None:
    record_refused_bulletin(programme=page.programme, quarter=page.quarter, act=name, error=error, by=page.user)
