"""The progress board of one programme, for those who chase the late."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from departments.errors import DomainError
from departments.permissions import allows, scope_of
from departments.roles import Permission
from indicators.actions.notices import remind_missing
from indicators.actions.refusals import record_calendar_refusal
from indicators.permissions import check_user_can_manage_quarters
from indicators.presenters.progress import present_board
from indicators.selectors.calendar import get_managed_window_or_404
from indicators.selectors.programmes import list_programmes
from indicators.selectors.progress import load_board
from indicators.views.answers import signed_in


@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """Department by quarter: draft, submitted, late, returned, approved."""
    user = signed_in(request)
    if not scope_of(user).allows_anywhere(Permission.VIEW_PROGRESS):
        raise PermissionDenied(_("The progress of all departments is for the leadership office and leaders."))
    programmes = list(list_programmes(user, Permission.VIEW_PROGRESS))
    wanted = request.GET.get("programme", "")
    chosen = [one for one in programmes if one.code == wanted] if wanted else programmes
    if not chosen:
        raise Http404
    view = present_board(
        load_board(chosen[0]),
        programmes=programmes,
        links=scope_of(user).allows(Permission.VIEW_ENTRY, region_code=chosen[0].region.code),
        can_close=allows(check_user_can_manage_quarters)(user, chosen[0]),
    )
    return render(request, "indicators/progress.html", {"board": view})


@require_POST
def progress_remind(request: HttpRequest, programme: str, quarter: str) -> HttpResponse:
    """Remind the departments that have not handed in, and nobody else."""
    user = signed_in(request)
    if not scope_of(user).allows_anywhere(Permission.MANAGE_QUARTERS):
        raise PermissionDenied(_("Only the leadership office sends reminders."))
    window = get_managed_window_or_404(user, programme=programme, quarter=quarter)
    try:
        people = remind_missing(window=window, by=user)
    except DomainError as error:
        record_calendar_refusal(window=window, act="reminded", error=error, by=user)
        messages.error(request, str(error))
    else:
        words = ngettext("%(count)d person was reminded.", "%(count)d people were reminded.", people)
        done = words % {"count": people}
        messages.success(request, done if people else _("Everybody was reminded today already, or has handed in."))
    return redirect(f"{reverse('indicators:progress')}?programme={programme}")
