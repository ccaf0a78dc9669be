"""The pages of the province's own layout: versions, upload, preview, use, and the example."""

import io
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
from indicators.views.receiving import get_content, receives_workbooks
from reports.actions.export_jobs import ask_for_export
from reports.actions.layouts import Unfit, record_layout_download, record_refused_layout, upload_layout, use_layout
from reports.export_job_views import WORKBOOK
from reports.export_page import KeyForm
from reports.layout_page import get_layout_or_404, make_layout_detail, make_layout_list
from reports.layouts.example import FILE_NAME, write_example
from reports.layouts.guard import read_layout
from reports.models import ExportKind
from reports.permissions import can_set_layout, check_user_can_set_layout
from reports.scopes import PageContext, get_context_or_404
from reports.views import explains, reads


@reads
def show_layouts(request: HttpRequest) -> HttpResponse:
    """The versions of the programme's layout."""
    page = get_context_or_404(request)
    return render(request, "reports/layouts.html", {"page": page, "list": make_layout_list(page)})


@reads
def show_layout(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: what would be written where, before it is used."""
    page = get_context_or_404(request)
    detail = make_layout_detail(page, get_layout_or_404(page, pk))
    return render(request, "reports/layout.html", {"page": page, "detail": detail})


@explains
@receives_workbooks
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file as the next version, whole or not at all; what speaks against it stands above the list."""
    page = get_context_or_404(request)
    try:
        check_user_can_set_layout(page.user, page.programme)
        name, content = get_content(request)
        read = read_layout(content)
        layout = upload_layout(programme=page.programme, file_name=name, content=content, read=read, by=page.user)
    except DomainError as error:
        record_refused_layout(programme=page.programme, act="layout_upload", error=error, by=page.user)
        if not can_set_layout(page.user, page.programme):
            return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
        problems = error.sentences if isinstance(error, Unfit) else [str(error)]
        context = {"page": page, "list": make_layout_list(page, problems=problems)}
        return render(request, "reports/layouts.html", context, status=error.status)
    return redirect(page.link("reports:layout", layout.pk))


@require_POST
@explains
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a version in use."""
    page = get_context_or_404(request)
    return _do(request, page, act=lambda: use_layout(layout=get_layout_or_404(page, pk), by=page.user), name="use")


@require_POST
@explains
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a file in this version, whether it is in use or not."""
    page = get_context_or_404(request)

    def act() -> object:
        return ask_for_export(
            programme=page.programme,
            quarter=page.quarter,
            publication=page.publication,
            kind=ExportKind.OWN,
            layout=get_layout_or_404(page, pk),
            by=page.user,
        )

    return _do(request, page, act=act, name="try", to="reports:export-list")


@require_GET
@explains
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand a version out as it was uploaded; the trail knows who got it before it goes."""
    page = get_context_or_404(request)
    try:
        layout = get_layout_or_404(page, pk)
        content = record_layout_download(layout=layout, by=page.user)
    except DomainError as error:
        record_refused_layout(programme=page.programme, act="layout_download", error=error, by=page.user)
        return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=layout.file_name, content_type=WORKBOOK)


@require_GET
@explains
def download_example(request: HttpRequest) -> HttpResponseBase:
    """Hand out a layout with every name."""
    page = get_context_or_404(request)
    try:
        check_user_can_set_layout(page.user, page.programme)
    except DomainError as error:
        return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
    return FileResponse(io.BytesIO(write_example()), as_attachment=True, filename=FILE_NAME, content_type=WORKBOOK)


def _do(
    request: HttpRequest, page: PageContext, *, act: Callable[[], object], name: str, to: str = "reports:layout-list"
) -> HttpResponse:
    """Do the act once for its key; a refusal is a sentence on a page, and stands in the trail."""
    form = KeyForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(_("The page did not say what it shows; reload it."))
        body = {"address": request.get_full_path()}
        do_once(key=form.cleaned_data["key"], by=page.user, body=body, act=partial(_run, act))
    except DomainError as error:
        record_refused_layout(programme=page.programme, act=f"layout_{name}", error=error, by=page.user)
        return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
    messages.success(request, _("Done."))
    return redirect(page.link(to))


def _run(act: Callable[[], object]) -> dict[str, object]:
    act()
    return {"done": True}
