"""Denominators that carry over: what holds in a form's quarter, and entering another one."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from departments.errors import DomainError, Invalid
from departments.permissions import allows
from indicators.actions.denominators import carry_denominator
from indicators.calendar_forms import DenominatorForm, make_denominator_form
from indicators.engine.numbers import read_number
from indicators.models import Series, Submission
from indicators.number_words import describe_refusal, unit_of_part
from indicators.permissions import check_user_can_enter
from indicators.presenters.denominators import present_denominators
from indicators.selectors.denominators import load_carried
from indicators.selectors.series import list_series
from indicators.selectors.submissions import get_submission_or_404
from indicators.views.answers import refuse, signed_in


@require_http_methods(["GET", "POST"])
def entry_denominators(request: HttpRequest, pk: int) -> HttpResponse:
    """The counted figures of a form with the denominator that carries over into each; POST keeps one."""
    user = signed_in(request)
    submission = get_submission_or_404(user, pk)
    series = [one for one in list_series(submission) if one.indicator.is_counted]
    if request.method == "GET":
        return _show(request, submission, series, form=make_denominator_form(submission, series=series))
    form = DenominatorForm(request.POST, series=series, auto_id="denominator-%s")
    try:
        sent = form.read()
        carry_denominator(
            submission=submission,
            series=sent["series"],
            value=_read_count(sent["value"], sent["series"]),
            valid_from=sent["valid_from"],
            valid_to=sent["valid_to"],
            source=sent["source"],
            by=user,
        )
    except DomainError as error:
        refuse(request, submission, error, act="denominator_carried")
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
