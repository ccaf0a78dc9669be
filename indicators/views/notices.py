"""A person's own notices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from departments.models import Department
from departments.permissions import scope_of
from indicators.actions.notices import mark_read
from indicators.notice_addresses import find_address
from indicators.presenters.notices import present_notices
from indicators.selectors.notices import get_notice_or_404, list_notices
from indicators.views.answers import signed_in


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """Everything that was sent to the person, unread first."""
    user = signed_in(request)
    rows = list(list_notices(user))
    wanted = {pk for row in rows for pk in row.late_departments}
    names = {one.pk: one.short_name for one in Department.objects.filter(pk__in=wanted)}
    view = present_notices(rows, names=names, scope=scope_of(user))
    return render(request, "indicators/notices.html", {"view": view})


@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read, and go where it is dealt with if that was asked for."""
    user = signed_in(request)
    notice = get_notice_or_404(user, pk)
    mark_read(by=user, notice=notice)
    address = find_address(notice, scope_of(user)) if request.POST.get("then") == "open" else ""
    return redirect(address or "indicators:notices")


@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of the person's notices as read."""
    mark_read(by=signed_in(request))
    return redirect("indicators:notices")
