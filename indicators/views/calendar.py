"""The leadership office's calendar: dates of quarters, closing, extensions for single departments."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from departments.errors import DomainError
from departments.models import User
from departments.permissions import scope_of
from departments.roles import Permission
from departments.selectors.clock import read_database_date
from indicators.actions.calendar import change_dates, close_quarter
from indicators.actions.extensions import confirm_extension, extend_department
from indicators.actions.refusals import record_calendar_refusal
from indicators.calendar_forms import (
    DatesForm,
    ExtensionForm,
    StrictForm,
    make_dates_form,
    make_extension_form,
    make_key_form,
)
from indicators.models import ReportingQuarter
from indicators.presenters.calendar import present_calendar, present_quarter
from indicators.selectors.calendar import (
    get_extension_or_404,
    get_managed_window_or_404,
    list_extensions,
    list_reporting_departments,
)
from indicators.selectors.programmes import list_programmes
from indicators.views.answers import do_form_once, signed_in


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """All quarters of one programme."""
    user = _check_office(request)
    programmes = list(list_programmes(user, Permission.MANAGE_QUARTERS))
    wanted = request.GET.get("programme", "")
    chosen = [one for one in programmes if one.code == wanted] if wanted else programmes
    if not chosen:
        raise Http404
    windows = list(chosen[0].reporting_quarters.select_related("programme").order_by("quarter"))
    view = present_calendar(
        chosen[0],
        windows,
        programmes=programmes,
        extensions=list_extensions(windows),
        today=read_database_date(),
    )
    return render(request, "indicators/calendar.html", {"view": view})


@require_GET
def calendar_quarter(request: HttpRequest, programme: str, quarter: str) -> HttpResponse:
    """One quarter, and what may be done with it."""
    user = _check_office(request)
    return _show(request, get_managed_window_or_404(user, programme=programme, quarter=quarter))


@require_POST
def calendar_dates(request: HttpRequest, programme: str, quarter: str) -> HttpResponse:
    """Move the quarter's dates."""
    user = _check_office(request)
    window = get_managed_window_or_404(user, programme=programme, quarter=quarter)
    form = DatesForm(request.POST, auto_id="dates-%s")

    def act() -> None:
        dates, seen = form.read_dates()
        _once(request, form, lambda: change_dates(window=window, dates=dates, seen=seen, by=user))

    return _do(request, window, act, name="quarter_dates_changed", done=_("The dates were moved."), dates_form=form)


@require_POST
def calendar_close(request: HttpRequest, programme: str, quarter: str) -> HttpResponse:
    """Close the quarter for everybody."""
    user = _check_office(request)
    window = get_managed_window_or_404(user, programme=programme, quarter=quarter)

    def act() -> None:
        form = StrictForm(request.POST)
        form.read()
        _once(request, form, lambda: close_quarter(programme=window.programme, quarter=window.quarter, by=user))

    return _do(request, window, act, name="quarter_closed", done=_("The quarter is closed."))


@require_POST
def calendar_extend(request: HttpRequest, programme: str, quarter: str) -> HttpResponse:
    """Give one department longer."""
    user = _check_office(request)
    window = get_managed_window_or_404(user, programme=programme, quarter=quarter)
    departments = list_reporting_departments(window.programme, window.quarter)
    form = ExtensionForm(request.POST, departments=departments, auto_id="extension-%s")

    def act() -> None:
        sent = {name: value for name, value in form.read().items() if name != "key"}
        _once(request, form, lambda: extend_department(window=window, by=user, **sent))

    done = _("The extension is kept; after the closing another person of the office has to confirm it.")
    return _do(request, window, act, name="extension_given", done=done, extension_form=form)


@require_POST
def calendar_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm an extension that another person asked for after the closing."""
    user = _check_office(request)
    extension = get_extension_or_404(user, pk)

    def act() -> None:
        form = StrictForm(request.POST)
        form.read()
        _once(request, form, lambda: confirm_extension(extension=extension, by=user))

    done = _("Confirmed: the department can fill in its form again.")
    return _do(request, extension.window, act, name="extension_confirmed", done=done)


def _check_office(request: HttpRequest) -> User:
    user = signed_in(request)
    if not scope_of(user).allows_anywhere(Permission.MANAGE_QUARTERS):
        raise PermissionDenied(_("Only the leadership office opens and closes quarters."))
    return user


def _once(request: HttpRequest, form: StrictForm, act: Callable[[], object]) -> None:
    def run() -> dict[str, object]:
        act()
        return {"done": True}

    do_form_once(request, key=form.sent_key, act=run)


def _do(
    request: HttpRequest, window: ReportingQuarter, act: Callable[[], None], *, name: str, done: str, **forms: Any
) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        record_calendar_refusal(window=window, act=name, error=error, by=signed_in(request))
        return _show(request, window, refused=error, **forms)
    messages.success(request, done)
    return redirect("indicators:calendar-quarter", window.programme.code, str(window.quarter))


def _show(
    request: HttpRequest, window: ReportingQuarter, *, refused: DomainError | None = None, **forms: Any
) -> HttpResponse:
    """Answer with the quarter's page; what was typed into a refused form stays in it."""
    today = read_database_date()
    departments = list_reporting_departments(window.programme, window.quarter)
    context = {
        "page_view": present_quarter(
            window, extensions=list_extensions([window]), today=today, user=signed_in(request)
        ),
        "window": window,
        "dates": forms.get("dates_form") or make_dates_form(window),
        "extension": forms.get("extension_form") or make_extension_form(window, departments=departments, today=today),
        "button": make_key_form(),
        "refusal": str(refused or ""),
    }
    return render(request, "indicators/calendar_quarter.html", context, status=refused.status if refused else 200)
