"""Reviewing: what was handed in, and one form with what changed and what is unusual."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from departments.errors import DomainError
from departments.permissions import allows, scope_of
from indicators.forms import ActForm, CheckForm, ReasonForm, read_remarks
from indicators.models import Submission
from indicators.permissions import check_user_can_reopen, check_user_can_review
from indicators.presenters.review import present_review
from indicators.presenters.review_list import present_review_list
from indicators.presenters.trail import present_trail, write_lede
from indicators.selectors.calendar import get_window, is_closed
from indicators.selectors.entry import load_grid
from indicators.selectors.evidence import get_series_or_404
from indicators.selectors.submissions import get_submission_or_404
from indicators.selectors.trail import list_figure_trail
from indicators.selectors.work import list_decided, list_to_review
from indicators.views.answers import act_form, signed_in


@require_GET
def review(request: HttpRequest) -> HttpResponse:
    """What waits for review; straight to the only one."""
    user = signed_in(request)
    waiting = list(list_to_review(user))
    if len(waiting) == 1 and "all" not in request.GET:
        return redirect("indicators:review-form", waiting[0].pk)
    view = present_review_list(waiting, list_decided(user))
    return render(request, "indicators/review_list.html", {"view": view})


@require_GET
def review_form(request: HttpRequest, pk: int) -> HttpResponse:
    """One form under review."""
    return show_review(request, get_submission_or_404(signed_in(request), pk))


@require_GET
def entry_trail(request: HttpRequest, pk: int, series: int) -> HttpResponse:
    """Who did what to one figure of the form, and when."""
    submission = get_submission_or_404(signed_in(request), pk)
    found = get_series_or_404(submission, series)
    lines = present_trail(list_figure_trail(found, submission.quarter), indicator=found.indicator)
    lede = write_lede(lines, indicator=found.indicator)
    context = {"submission": submission, "series": found, "lines": lines, "lede": lede}
    return render(request, "indicators/trail.html", context)


def show_review(
    request: HttpRequest,
    submission: Submission,
    *,
    refused: DomainError | None = None,
    form: ActForm | None = None,
) -> HttpResponse:
    """Answer with the review page; a refusal stands above it, and a reason that was typed stays."""
    user = signed_in(request)
    closed = is_closed(get_window(submission))
    typed = form.data.get("reason", "") if form is not None else ""
    reason = act_form(submission, ReasonForm)
    reason.initial["reason"] = typed
    can_reopen = submission.status == "approved" and allows(check_user_can_reopen)(user, submission)
    context = {
        "review": present_review(
            load_grid(submission), remarks=read_remarks(request.POST.dict()), scope=scope_of(user)
        ),
        "refusal": str(refused or ""),
        "approve": act_form(submission),
        "check": act_form(submission, CheckForm),
        "settle": act_form(submission, CheckForm),
        "reason": reason,
        "can_review": submission.status == "submitted" and allows(check_user_can_review)(user, submission),
        "can_reopen": can_reopen and (not closed or _can_confirm(user.pk, submission)),
        "can_ask": can_reopen and closed and submission.reopening_asked_by_id is None,
        "asked_by": submission.reopening_asked_by if can_reopen and closed else None,
    }
    return render(request, "indicators/review.html", context, status=refused.status if refused else 200)


def _can_confirm(person: int, submission: Submission) -> bool:
    """Return whether somebody else has asked for the reopening."""
    return submission.reopening_asked_by_id not in (None, person)
