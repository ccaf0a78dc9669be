"""The provincial workbook by the button of the page: the page's own programme and quarter, as a download."""

import tempfile

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from departments.errors import DomainError
from indicators.permissions import check_user_can_export
from reports.actions.exports import export_province, record_refused_export
from reports.exports.files import write_file
from reports.exports.frozen_source import find_published_edition
from reports.exports.source import Edition, find_edition
from reports.scopes import PageContext, get_context_or_404

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def download_province(request: HttpRequest) -> HttpResponseBase:
    """The workbook; a refusal is a sentence on a page, and stands in the trail."""
    try:
        page = get_context_or_404(request)
    except DomainError as error:
        return _refuse(request, error)
    try:
        # Asked before anything is read, and again by the act itself.
        check_user_can_export(page.user, page.programme)
        if page.publication is not None:
            return _send(page, find_published_edition(page.publication))
        return _send(page, find_edition(programme=page.programme, quarter=page.quarter))
    except DomainError as error:
        record_refused_export(programme=page.programme, quarter=page.quarter, error=error, by=page.user)
        return _refuse(request, error)


def _send(page: PageContext, edition: Edition) -> FileResponse:
    """Make the file and hand it out; it has no name in the file system and goes with the answer."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        export_province(
            programme=page.programme, quarter=page.quarter, write=lambda: write_file(edition, file), by=page.user
        )
    except BaseException:
        file.close()
        raise
    name = f"{page.programme.short_zh}_{page.quarter}_目标完成情况.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPE)


def _refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    return render(request, "reports/refused.html", {"reason": str(error)}, status=error.status)
