"""The page of exports and its acts: ask, cancel, retry, download."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from departments.errors import DomainError, Invalid
from indicators.actions.idempotency import do_once
from reports.actions.export_jobs import ask_for_export, cancel_export, record_download, retry_export
from reports.actions.exports import record_refused_export
from reports.documents.writer import CONTENT_TYPE as DOCUMENT
from reports.export_page import KeyForm, get_job_or_404, make_export_page
from reports.models import ExportKind
from reports.scopes import PageContext, get_context_or_404
from reports.views import explains, reads

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CONTENT_TYPES = {"xlsx": WORKBOOK, "docx": DOCUMENT, "zip": "application/zip"}


@reads
def list_exports(request: HttpRequest) -> HttpResponse:
    """The exports of the programme."""
    page = get_context_or_404(request)
    return render(request, "reports/exports.html", {"page": page, "list": make_export_page(page)})


@reads
def show_table(request: HttpRequest) -> HttpResponse:
    """The table alone, for a page that looks again while something is under way."""
    page = get_context_or_404(request)
    return render(request, "reports/_exports.html", {"page": page, "list": make_export_page(page)})


@require_POST
@explains
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a file of the page's quarter and basis: the workbook unless the form names another kind."""
    page = get_context_or_404(request)
    act = partial(
        ask_for_export,
        programme=page.programme,
        quarter=page.quarter,
        publication=page.publication,
        kind=request.POST.get("kind", ExportKind.WORKBOOK),
        by=page.user,
    )
    return _do(request, page, act=act, done=_("Asked. The file is being made; you can leave this page."))


@require_POST
@explains
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop an export."""
    page = get_context_or_404(request)
    act = partial(cancel_export, job=get_job_or_404(page, pk), by=page.user)
    return _do(request, page, act=act, done=_("Cancelled."))


@require_POST
@explains
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Try a failed or cancelled export again."""
    page = get_context_or_404(request)
    act = partial(retry_export, job=get_job_or_404(page, pk), by=page.user)
    return _do(request, page, act=act, done=_("Asked again. The file is being made."))


@require_GET
@explains
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand a finished file out; the trail knows who got it before it goes."""
    try:
        page = get_context_or_404(request)
        job = get_job_or_404(page, pk)
        file = record_download(job=job, by=page.user).open("rb")
    except DomainError as error:
        return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
    return FileResponse(file, as_attachment=True, filename=job.file_name, content_type=CONTENT_TYPES[job.ending])


def _do(request: HttpRequest, page: PageContext, *, act: Callable[[], object], done: str) -> HttpResponse:
    """Do the act once for its key; a refusal stands above the page, and in the trail."""
    form = KeyForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(_("The page did not say what it shows; reload it."))
        body = {"address": request.get_full_path(), "kind": request.POST.get("kind", "")}
        do_once(key=form.cleaned_data["key"], by=page.user, body=body, act=partial(_run, act))
    except DomainError as error:
        record_refused_export(programme=page.programme, quarter=page.quarter, error=error, by=page.user)
        return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
    messages.success(request, done)
    return redirect(page.link("reports:export-list"))


def _run(act: Callable[[], object]) -> dict[str, object]:
    act()
    return {"done": True}
