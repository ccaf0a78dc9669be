"""How views answer: the form's page in its present state, refusals with their number, acts done once."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from departments.errors import DomainError
from departments.models import User
from departments.permissions import allows, scope_of
from departments.selectors.clock import read_database_date
from indicators.actions.idempotency import do_once
from indicators.actions.refusals import record_refusal
from indicators.forms import ActForm
from indicators.models import Submission
from indicators.permissions import check_user_can_review, check_user_can_submit
from indicators.presenters.forms import list_choices
from indicators.presenters.grid import FormView, present_form, present_groups, present_summary
from indicators.selectors.calendar import get_window
from indicators.selectors.entry import load_grid
from indicators.selectors.submissions import can_edit
from indicators.selectors.work import list_forms, list_reviewers


def signed_in(request: HttpRequest) -> User:
    """Return the person; Http404 for nobody, whom the middleware sends to the log-in page before."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def do_form_once(request: HttpRequest, *, key: UUID, act: Callable[[], Mapping[str, object]]) -> dict[str, object]:
    """Do the act behind the form that was sent, once for its key, and return its answer; errors as for `do_once`."""
    body = {name: text for name, text in request.POST.dict().items() if name != "csrfmiddlewaretoken"}
    return do_once(key=key, by=signed_in(request), body=body | {"address": request.get_full_path()}, act=act)


def build_form_view(submission: Submission, *, user: User, **kept: Any) -> FormView:
    """Return what the entry page shows; `kept` is what could not be saved, see `present_form`."""
    return present_form(
        load_grid(submission),
        window=get_window(submission),
        today=read_database_date(),
        is_open=can_edit(user, submission),
        reviewers=list_reviewers(submission.department),
        scope=scope_of(user),
        **kept,
    )


def show_form(
    request: HttpRequest, submission: Submission, *, refused: DomainError | None = None, status: int = 200, **kept: Any
) -> HttpResponse:
    """Answer with the entry page; a refusal stands above it and gives the answer its number."""
    user = signed_in(request)
    context = {
        "form": build_form_view(submission, user=user, **kept),
        "choices": list_choices(list_forms(user), current=submission),
        "refusal": str(refused or ""),
        "act": act_form(submission),
        "can_withdraw": submission.status == "submitted" and allows(check_user_can_submit)(user, submission),
        "can_review": submission.status == "submitted" and allows(check_user_can_review)(user, submission),
    }
    return render(request, "indicators/entry.html", context, status=refused.status if refused else status)


def answer_rows(
    request: HttpRequest,
    submission: Submission,
    *,
    rows: set[int],
    status: int = 200,
    message: str = "",
    unsaved: Any = None,
    **kept: Any,
) -> JsonResponse:
    """Answer a script: the rows named, as they stand now."""
    is_open = can_edit(signed_in(request), submission)
    groups = present_groups(load_grid(submission, unsaved=unsaved, only=rows), is_open=is_open, **kept)
    shown = [row for group in groups for row in group.rows if row.pk in rows]
    html = {row.pk: render_to_string("indicators/_row.html", {"row": row}, request) for row in shown}
    return JsonResponse({"rows": html, "message": message}, status=status)


def answer_summary(submission: Submission) -> JsonResponse:
    """Answer a script: what is open in the whole form."""
    grid = load_grid(submission, with_targets=False)
    summary = present_summary(grid, window=get_window(submission), today=read_database_date())
    lede = render_to_string("_components/sentence.html", {"text": summary.lede})
    return JsonResponse({"lede": lede, "filled": summary.filled})


def act_form(submission: Submission, form: type[ActForm] = ActForm) -> ActForm:
    """Return the hidden fields of an act: the version shown, and a new key."""
    return form(initial={"version": submission.version, "key": uuid4()}, auto_id=False)


def refuse(request: HttpRequest, submission: Submission, error: DomainError, *, act: str) -> None:
    """Leave a refusal in the trail. Source: trust rule 29."""
    record_refusal(submission=submission, act=act, error=error, by=signed_in(request))
