"""The entry form as a workbook: given out, taken back, compared, applied."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.errors import DomainError, NotAllowed
from departments.models import User
from departments.permissions import allows, scope_of
from departments.roles import Permission
from indicators.actions.workbook_upload import (
    apply_upload,
    check_user_can_upload,
    record_form_given_out,
    stage_upload,
)
from indicators.excel.form_content import describe_form, name_file
from indicators.excel.form_writer import write_form
from indicators.models import UploadState, WorkbookUpload
from indicators.permissions import check_user_can_apply_workbook
from indicators.presenters.uploads import UploadView, present_upload, summarise
from indicators.selectors.entry import load_grid
from indicators.selectors.submissions import can_edit, get_submission_or_404
from indicators.selectors.workbook_upload import compare_upload, get_upload_or_404, list_uploads
from indicators.views.answers import refuse, signed_in
from indicators.views.receiving import list_received, receives_workbooks
from qscounty.web.digits import read_digits

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 40


@require_GET
def entry_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """The form as an Excel file, with the figures as they stand."""
    user = signed_in(request)
    submission = get_submission_or_404(user, pk)
    content = write_form(describe_form(load_grid(submission)))
    record_form_given_out(submission=submission, by=user)
    response = HttpResponse(content, content_type=_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, name_file(submission)) or ""
    return response


@receives_workbooks
@require_http_methods(["GET", "POST"])
def entry_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the form back: GET shows where to choose the file, POST reads it and leads to the preview."""
    user = signed_in(request)
    submission = get_submission_or_404(user, pk)
    refused: DomainError | None = None
    try:
        check_user_can_upload(user, submission)
        if request.method == "POST":
            file = list_received(request)[0]
            upload = stage_upload(file=file, batch=uuid4(), by=user, into=submission)
            return redirect("indicators:upload-detail", upload.pk)
    except DomainError as error:
        refuse(request, submission, error, act="workbook_upload")
        refused = error
    context = {"submission": submission, "refusal": str(refused or ""), "can_edit": can_edit(user, submission)}
    return render(request, "indicators/upload.html", context, status=refused.status if refused else 200)


@receives_workbooks
@require_http_methods(["GET", "POST"])
def upload_list(request: HttpRequest) -> HttpResponse:
    """Many returned workbooks at once: what is ready, stale, altered or incomplete, before anything is applied."""
    user = signed_in(request)
    refusal = ""
    if request.method == "POST":
        try:
            return redirect(f"{reverse('indicators:upload-list')}?batch={_stage_all(request, user)}")
        except DomainError as error:
            refusal, status = str(error), int(error.status)
    uploads = _filter(request, user)
    views = [_present(user, upload) for upload in uploads]
    context = {
        "views": views,
        "lede": summarise(views),
        "refusal": refusal,
        "ready": [view for view in views if view.can_apply],
        "is_batch": bool(request.GET.get("batch")),
    }
    return render(request, "indicators/upload_list.html", context, status=status if refusal else 200)


@require_GET
def upload_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What one workbook would change, or why it is refused."""
    user = signed_in(request)
    return _show(request, get_upload_or_404(user, pk))


@require_POST
def upload_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply one workbook, all of it or nothing."""
    user = signed_in(request)
    upload = get_upload_or_404(user, pk)
    try:
        done = apply_upload(upload=upload, by=user)
    except DomainError as error:
        if upload.submission is not None:
            refuse(request, upload.submission, error, act="workbook_apply")
        return _show(request, get_upload_or_404(user, pk), refused=error)
    messages.success(request, _write_done(done.changed))
    return redirect("indicators:upload-detail", pk)


@require_POST
def upload_apply_ready(request: HttpRequest) -> HttpResponse:
    """Apply the chosen workbooks, each by itself: one that fails leaves the others."""
    user = signed_in(request)
    applied = 0
    for text in request.POST.getlist("upload"):
        upload = get_upload_or_404(user, read_digits(text) or 0)
        try:
            apply_upload(upload=upload, by=user)
            applied += 1
        except DomainError as error:
            if upload.submission is not None:
                refuse(request, upload.submission, error, act="workbook_apply")
            messages.error(request, f"{upload.file_name}: {error}")
    words = ngettext("%(count)d workbook was imported.", "%(count)d workbooks were imported.", applied)
    messages.success(request, words % {"count": applied})
    return redirect("indicators:upload-list")


def _stage_all(request: HttpRequest, user: User) -> UUID:
    """Read every file of the request and return the number under which they stand together."""
    scope = scope_of(user)
    if not any(scope.allows_anywhere(one) for one in (Permission.ENTER_FIGURES, Permission.MANAGE_QUARTERS)):
        raise NotAllowed(_("Only clerks and the leadership office return workbooks."))
    batch = uuid4()
    for file in list_received(request):
        try:
            stage_upload(file=file, batch=batch, by=user)
        except NotAllowed as error:
            messages.error(request, f"{file.name}: {error}")
    return batch


def _filter(request: HttpRequest, user: User) -> list[WorkbookUpload]:
    uploads = list_uploads(user)
    try:
        batch = UUID(request.GET.get("batch", ""))
    except ValueError:
        return list(uploads[:_SHOWN])
    return list(uploads.filter(batch=batch).order_by("pk"))


def _present(user: User, upload: WorkbookUpload) -> UploadView:
    submission = upload.submission
    is_waiting = submission is not None and upload.state == UploadState.READY
    return present_upload(
        upload,
        compare_upload(upload) if is_waiting else None,
        may_apply=submission is not None and allows(check_user_can_apply_workbook)(user, submission),
        is_open=submission is not None and can_edit(user, submission, from_workbook=True),
    )


def _show(request: HttpRequest, upload: WorkbookUpload, *, refused: DomainError | None = None) -> HttpResponse:
    context = {"view": _present(signed_in(request), upload), "refusal": str(refused or "")}
    return render(request, "indicators/upload_detail.html", context, status=refused.status if refused else 200)


def _write_done(changed: int) -> str:
    if not changed:
        return _("Nothing had to be changed.")
    words = ngettext("Imported: %(count)d figure changed.", "Imported: %(count)d figures changed.", changed)
    return words % {"count": changed}
