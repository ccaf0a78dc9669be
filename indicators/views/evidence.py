"""Evidence files: the page of one figure's files, attaching, removing, and giving them out."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.errors import DomainError, Invalid
from indicators.actions.evidence import attach_evidence, record_evidence_opened, remove_evidence
from indicators.evidence_files import CONTENT_TYPES, MOST_BYTES, locate
from indicators.models import Series, Submission
from indicators.presenters.evidence import present_evidence
from indicators.selectors.evidence import get_evidence_or_404, get_series_or_404, list_evidence
from indicators.selectors.submissions import can_edit, get_submission_or_404
from indicators.views.answers import answer_rows, refuse, signed_in
from indicators.views.receiving import LAST_FIELD, receives_files

FIELD = "evidence"


@receives_files(most_bytes=MOST_BYTES)
@require_http_methods(["GET", "POST"])
def entry_evidence(request: HttpRequest, pk: int, series: int) -> HttpResponse:
    """The files of one figure; POST attaches some. A script is answered with the row as it stands then."""
    user = signed_in(request)
    submission = get_submission_or_404(user, pk)
    figure = get_series_or_404(submission, series)
    if request.method == "GET":
        return _show(request, submission, figure)
    by_script = request.headers.get("X-Requested-With") == "fetch"
    refused: DomainError | None = None
    try:
        for name, content in _list_files(request):
            attach_evidence(submission=submission, series=figure, name=name, content=content, by=user)
    except DomainError as error:
        refuse(request, submission, error, act="evidence_attached")
        refused = error
    if by_script:
        status = int(refused.status) if refused else 200
        return answer_rows(request, submission, rows={series}, status=status, message=str(refused or ""))
    if refused is not None:
        return _show(request, submission, figure, refused=refused)
    messages.success(request, _("Attached."))
    return redirect("indicators:entry-evidence", pk, series)


@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file off its figure; asked for twice, e.g. by a double click, it is done once and answered alike."""
    user = signed_in(request)
    evidence = get_evidence_or_404(user, pk, with_removed=True)
    submission = evidence.submission
    try:
        remove_evidence(evidence=evidence, by=user)
    except DomainError as error:
        refuse(request, submission, error, act="evidence_removed")
        return _show(request, submission, evidence.series, refused=error)
    messages.success(request, _("Removed: %(name)s") % {"name": evidence.name})
    return redirect("indicators:entry-evidence", submission.pk, evidence.series_id)


@require_GET
def evidence_file(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Give one file out, always to be saved, never shown as a page of this site."""
    user = signed_in(request)
    evidence = get_evidence_or_404(user, pk)
    path = locate(digest=evidence.digest, kind=evidence.kind)
    if not path.is_file():
        raise Http404
    record_evidence_opened(evidence=evidence, by=user)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=evidence.name, content_type=CONTENT_TYPES[evidence.kind]
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _list_files(request: HttpRequest) -> list[tuple[str, bytes]]:
    """Return (name, bytes) of what was sent; Invalid for none and for a request that was cut off."""
    files = request.FILES.getlist(FIELD)
    if LAST_FIELD not in request.POST:
        raise Invalid(_("The file did not arrive whole; send it again. Nothing was kept."))
    if not files:
        raise Invalid(_("No file was chosen; choose one and send it again."))
    return [(file.name or "", file.read()) for file in files]


def _show(
    request: HttpRequest, submission: Submission, series: Series, *, refused: DomainError | None = None
) -> HttpResponse:
    files = list_evidence(series=[series.pk], quarter=submission.quarter).get(series.pk, [])
    context = {
        "submission": submission,
        "series": series,
        "files": present_evidence(files),
        "can_edit": can_edit(signed_in(request), submission),
        "refusal": str(refused or ""),
    }
    return render(request, "indicators/evidence.html", context, status=refused.status if refused else 200)
