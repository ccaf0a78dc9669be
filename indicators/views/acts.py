"""Acts on a form: check and submit, withdraw, approve, return, reopen. Each is done once, however often it is sent."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from departments.errors import DomainError
from indicators.actions import submissions as acts
from indicators.actions.check_marks import check_figures
from indicators.forms import ActForm, CheckForm, ReasonForm, read_remarks
from indicators.models import Submission
from indicators.presenters.checklist import present_checklist
from indicators.selectors.entry import load_grid
from indicators.selectors.submissions import get_submission_or_404
from indicators.views.answers import act_form, do_form_once, refuse, show_form, signed_in
from indicators.views.review import show_review

Act = Callable[..., Submission]


@require_GET
def entry_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The check list before submission."""
    submission = get_submission_or_404(signed_in(request), pk)
    return _show_check(request, submission)


@require_POST
def entry_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Submit the form."""
    submission = get_submission_or_404(signed_in(request), pk)
    try:
        _do(request, submission, acts.submit_submission, form=ActForm(request.POST))
    except DomainError as error:
        refuse(request, submission, error, act="submission_submit")
        return _show_check(request, get_submission_or_404(signed_in(request), pk), refused=error)
    messages.success(request, _("Submitted. The reviewer sees it now; until then you can withdraw it."))
    return redirect("indicators:entry-form", pk)


@require_POST
def entry_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a submitted form back."""
    submission = get_submission_or_404(signed_in(request), pk)
    try:
        _do(request, submission, acts.withdraw_submission, form=ActForm(request.POST))
    except DomainError as error:
        refuse(request, submission, error, act="submission_withdraw")
        return show_form(request, get_submission_or_404(signed_in(request), pk), refused=error)
    messages.success(request, _("Withdrawn. Change what is needed and submit again."))
    return redirect("indicators:entry-form", pk)


@require_POST
def review_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve the version that was read."""
    form = ActForm(request.POST)
    done = _("Approved. The figures count now; ratings are being recomputed.")
    return _decide(request, pk, acts.approve_submission, form=form, event="submission_approve", done=done)


@require_POST
def review_check(request: HttpRequest, pk: int) -> HttpResponse:
    """Check off figures that were looked at: one, or all that are unchanged with nothing unusual."""
    form = CheckForm(request.POST)
    submission = get_submission_or_404(signed_in(request), pk)
    try:
        seen = form.read_seen()
        act = partial(check_figures, seen=seen, are_settled=form.cleaned_data["settled"])
        _do(request, submission, act, form=form)
    except DomainError as error:
        refuse(request, submission, error, act="figures_checked")
        return show_review(request, get_submission_or_404(signed_in(request), pk), refused=error)
    place = f"#r{next(iter(seen))}" if len(seen) == 1 else ""
    return redirect(f"{reverse('indicators:review-form', args=[pk])}{place}")


@require_POST
def review_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the form with its reason and the remarks on single figures."""
    form = ReasonForm(request.POST)
    act = partial(acts.return_submission, remarks=read_remarks(request.POST.dict()))
    done = _("Returned. The clerk sees your reason and the cells you named.")
    return _decide(request, pk, act, form=form, event="submission_return", done=done)


@require_POST
def review_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open approved figures for change."""
    form, done = ReasonForm(request.POST), _("Reopened. The department can change its figures.")
    return _decide(request, pk, acts.reopen_submission, form=form, event="submission_reopen", done=done)


@require_POST
def review_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the reopening of a closed quarter."""
    form, done = ReasonForm(request.POST), _("Asked. Another person of the leadership office has to confirm it.")
    return _decide(request, pk, acts.ask_to_reopen, form=form, event="reopening_asked", done=done)


def _decide(request: HttpRequest, pk: int, act: Act, *, form: ActForm, event: str, done: str) -> HttpResponse:
    submission = get_submission_or_404(signed_in(request), pk)
    try:
        _do(request, submission, act, form=form)
    except DomainError as error:
        refuse(request, submission, error, act=event)
        return show_review(request, get_submission_or_404(signed_in(request), pk), refused=error, form=form)
    messages.success(request, done)
    return redirect("indicators:review-form", pk)


def _do(request: HttpRequest, submission: Submission, act: Act, *, form: ActForm) -> None:
    """Do the act with what the form names, once for its key."""
    version, key = form.read()
    by = signed_in(request)
    given: dict[str, object] = {"submission": submission, "version_seen": version, "by": by}
    if isinstance(form, ReasonForm):
        given["reason"] = form.cleaned_data["reason"]
    do_form_once(request, key=key, act=partial(_run, act, given))


def _run(act: Act, given: dict[str, object]) -> dict[str, object]:
    done = act(**given)
    return {"status": done.status, "version": done.version}


def _show_check(request: HttpRequest, submission: Submission, *, refused: DomainError | None = None) -> HttpResponse:
    context = {
        "submission": submission,
        "check": present_checklist(load_grid(submission)),
        "act": act_form(submission),
        "refusal": str(refused or ""),
    }
    return render(request, "indicators/entry_check.html", context, status=refused.status if refused else 200)
