"""Denominators that carry over: what holds in a form's quarter, and entering another one."""

import json
from decimal import Decimal
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from departments.errors import DomainError, Invalid
from departments.permissions import allows
from indicators.actions.denominators import carry_denominator
from indicators.calendar_forms import DenominatorForm, make_denominator_form, name_seen
from indicators.engine.numbers import read_number
from indicators.models import Series, Submission
from indicators.number_words import describe_refusal, unit_of_part
from indicators.permissions import check_user_can_enter
from indicators.presenters.denominators import present_denominators
from indicators.selectors.denominators import list_carried, load_carried
from indicators.selectors.series import list_series
from indicators.selectors.submissions import get_submission_or_404
from indicators.views.answers import do_form_once, refuse, signed_in


@require_http_methods(["GET", "POST"])
def entry_denominators(request: HttpRequest, pk: int) -> HttpResponse:
    """The counted figures of a form with the denominator that carries over into each; POST keeps one."""
    user = signed_in(request)
    submission = get_submission_or_404(user, pk)
    series = [one for one in list_series(submission) if one.indicator.is_counted]
    if request.method == "GET":
        shown = load_carried(series=[one.pk for one in series], quarter=submission.quarter)
        form = make_denominator_form(submission, series=series, carried=shown.values())
        return _show(request, submission, series, form=form)
    form = DenominatorForm(request.POST, series=series, auto_id="denominator-%s")
    try:
        given = form.read_entered()
        given["value"] = _read_count(given["value"], given["series"])

        def act() -> dict[str, object]:
            return {"kept": carry_denominator(submission=submission, by=user, **given).pk}

        do_form_once(request, key=form.sent_key, act=act)
    except DomainError as error:
        refuse(request, submission, error, act="denominator_carried")
        # Whoever reads the refusal has seen what stands there: sent once more, the form replaces it.
        stands = name_seen(list_carried(series))
        again = request.POST.dict() | {"seen": json.dumps(stands), "key": str(uuid4())}
        form = DenominatorForm(again, series=series, auto_id="denominator-%s")
        return _show(request, submission, series, form=form, refused=error)
    messages.success(request, _("Kept. Figures entered from now on take this denominator where they have none."))
    return redirect("indicators:entry-denominators", pk)


def _read_count(text: str, series: Series) -> Decimal:
    """Return the number as one parser reads all numbers of people. Source: trust rule 17."""
    indicator = series.indicator
    found = read_number(text, unit=unit_of_part(indicator.denominator_zh))
    if found.refusal:
        raise Invalid(describe_refusal(found, field=indicator.denominator))
    if found.value is None:
        raise Invalid(_("%(name)s: enter a count above 0.") % {"name": indicator.denominator})
    return found.value


def _show(
    request: HttpRequest,
    submission: Submission,
    series: list[Series],
    *,
    form: DenominatorForm,
    refused: DomainError | None = None,
) -> HttpResponse:
    carried = load_carried(series=[one.pk for one in series], quarter=submission.quarter)
    context = {
        "submission": submission,
        "view": present_denominators(series, carried=carried, own_region=submission.programme.region_id),
        "form": form,
        "may_enter": allows(check_user_can_enter)(signed_in(request), submission),
        "refusal": str(refused or ""),
    }
    return render(request, "indicators/denominators.html", context, status=refused.status if refused else 200)
