"""Entering figures: the list of forms, the grid, saving cells, the live rating, what a paste would do."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from departments.errors import DomainError, Invalid
from departments.models import User
from indicators.actions.denominators import fill_denominators
from indicators.actions.figures import Entry, StaleFigures, save_figures
from indicators.actions.submissions import open_submission
from indicators.actions.typed_texts import drop_typed, keep_typed
from indicators.forms import ReadEntries, read_entries
from indicators.models import Submission
from indicators.presenters.forms import present_forms
from indicators.presenters.paste import present_paste
from indicators.selectors.entry import load_grid
from indicators.selectors.series import list_series
from indicators.selectors.submissions import get_submission_or_404
from indicators.selectors.work import get_due_form_or_404, list_forms
from indicators.views.answers import answer_rows, answer_summary, refuse, show_form, signed_in
from qscounty.web.digits import read_digits


@require_GET
def entry(request: HttpRequest) -> HttpResponse:
    """The person's forms; straight to the only one that waits."""
    forms = list_forms(signed_in(request))
    waiting = [form for form in forms if form.is_waiting]
    if len(waiting) == 1 and "all" not in request.GET:
        form = waiting[0]
        return redirect("indicators:entry-open", form.programme.code, form.department.pk, str(form.quarter))
    return render(request, "indicators/entry_list.html", {"view": present_forms(forms)})


@require_GET
def entry_open(request: HttpRequest, programme: str, department: int, quarter: str) -> HttpResponse:
    """The form of a department and quarter, made as an empty draft on the first visit of its clerk."""
    user = signed_in(request)
    form = get_due_form_or_404(user, programme=programme, department=department, quarter=quarter)
    submission = form.submission or open_submission(
        programme=form.programme, department=form.department, quarter=form.quarter, by=user
    )
    return redirect("indicators:entry-form", submission.pk)


@require_http_methods(["GET", "POST"])
def entry_form(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid; without scripts the whole page is saved at once, and what cannot be saved stays on it."""
    submission = get_submission_or_404(signed_in(request), pk)
    if request.method == "GET":
        return show_form(request, submission)
    sent = request.POST.dict()
    then = sent.pop("then", "stay")
    read = ReadEntries()
    try:
        read = _save(request, submission, sent)
    except StaleFigures as error:
        refuse(request, submission, error, act="figures_saved")
        return show_form(request, submission, refused=error)
    except DomainError as error:
        refuse(request, submission, error, act="figures_saved")
        kept = _keep(sent, submission)
        return show_form(request, submission, refused=error, typed=kept.typed, problems=kept.problems)
    if read.problems:
        refused = Invalid(_count_problems(read))
        return show_form(request, submission, refused=refused, typed=_bad(read), problems=read.problems)
    return redirect("indicators:entry-check" if then == "check" else "indicators:entry-form", submission.pk)


@require_POST
def entry_cells(request: HttpRequest, pk: int) -> JsonResponse:
    """Save the rows sent by a script; the answer holds them as they stand, with every problem at its cell."""
    submission = get_submission_or_404(signed_in(request), pk)
    rows = _list_rows(request.POST.dict())
    try:
        read = _save(request, submission, request.POST.dict())
    except StaleFigures as error:
        refuse(request, submission, error, act="figures_saved")
        return answer_rows(request, submission, rows=rows, status=error.status, message=str(error))
    except DomainError as error:
        refuse(request, submission, error, act="figures_saved")
        return JsonResponse({"rows": {}, "message": str(error)}, status=error.status)
    status = Invalid.status if read.problems else 200
    return answer_rows(request, submission, rows=rows, status=status, typed=_bad(read), problems=read.problems)


@require_GET
def entry_summary(request: HttpRequest, pk: int) -> JsonResponse:
    """What is open in the whole form, after cells were saved."""
    return answer_summary(get_submission_or_404(signed_in(request), pk))


@require_POST
def entry_live(request: HttpRequest, pk: int) -> JsonResponse:
    """Judge rows as if they were entered; nothing is kept."""
    submission = get_submission_or_404(signed_in(request), pk)
    try:
        read = _read(request.POST.dict(), submission)
    except DomainError as error:
        return JsonResponse({"rows": {}, "message": str(error)}, status=error.status)
    unsaved = fill_denominators(read.entries, quarter=submission.quarter)
    return answer_rows(
        request,
        submission,
        rows=_list_rows(request.POST.dict()),
        unsaved=unsaved,
        typed=_bad(read),
        problems=read.problems,
    )


@require_POST
def entry_paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what a pasted block would change, cell by cell, with what is wrong; nothing is kept."""
    submission = get_submission_or_404(signed_in(request), pk)
    sent = request.POST.dict()
    overflow = sent.pop("overflow", "0")
    try:
        read = _read(sent, submission)
    except DomainError as error:
        return HttpResponse(str(error), status=error.status, content_type="text/plain; charset=utf-8")
    grid = load_grid(submission, unsaved=read.entries)
    view = present_paste(load_grid(submission), grid, read=read, overflow=read_digits(overflow) or 0)
    return HttpResponse(render_to_string("indicators/_paste.html", {"paste": view}, request))


def _save(request: HttpRequest, submission: Submission, sent: dict[str, str]) -> ReadEntries:
    """Save the rows that can be read and return what was read; of the others keep what was typed.

    `keep` names a row in dispute in which the saved figure was chosen: what was typed there is dropped. `take` names
    one in which what was typed was chosen, with the version of the figure that it replaces: “12:3”.
    """
    user, keep, take = signed_in(request), sent.pop("keep", ""), sent.pop("take", "")
    if (kept := read_digits(keep)) is not None:
        drop_typed(submission=submission, series_id=kept, by=user)
        sent = {name: text for name, text in sent.items() if not name.startswith(f"{keep}-")}
    pk, _colon, version = take.partition(":")
    if f"{pk}-version" in sent:
        sent[f"{pk}-version"] = version
    read = _read(sent, submission)
    if read.problems:
        keep_typed(submission=submission, typed=_bad(read), by=user)
    _save_entries(submission, read.entries, typed=read.typed, by=user)
    return read


def _save_entries(
    submission: Submission, entries: Mapping[int, Entry], *, typed: Mapping[int, Mapping[str, str]], by: User
) -> None:
    """Save what can be saved; StaleFigures at last, when of the rows in dispute is kept what was typed."""
    try:
        save_figures(submission=submission, entries=entries, by=by)
    except StaleFigures as error:
        keep_typed(submission=submission, typed={pk: typed[pk] for pk in error.current}, by=by)
        others = {pk: entry for pk, entry in entries.items() if pk not in error.current}
        _save_entries(submission, others, typed=typed, by=by)
        raise


def _keep(sent: dict[str, str], submission: Submission) -> ReadEntries:
    """Return what was typed, for a page that keeps it; nothing where the page was not ours."""
    try:
        return _read(sent, submission)
    except Invalid:
        return ReadEntries()


def _read(sent: Mapping[str, str], submission: Submission) -> ReadEntries:
    return read_entries(sent, series=list_series(submission, only=_list_rows(sent)))


def _bad(read: ReadEntries) -> dict[int, dict[str, str]]:
    """Return what was typed in the rows that cannot be read."""
    return {pk: read.typed[pk] for pk in read.problems}


def _list_rows(sent: Mapping[str, str]) -> set[int]:
    """Return the series ids that a request names."""
    names = [name.split("-", 1)[0] for name in sent] + [sent.get("keep", "")]
    return {number for name in names if (number := read_digits(name)) is not None}


def _count_problems(read: ReadEntries) -> str:
    count = sum(len(problems) for problems in read.problems.values())
    return ngettext(
        "%(count)d field cannot be read: correct what is marked below. Everything else is saved.",
        "%(count)d fields cannot be read: correct what is marked below. Everything else is saved.",
        count,
    ) % {"count": count}
