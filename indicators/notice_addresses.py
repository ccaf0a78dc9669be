"""Where a notice leads: on the site, and from an e-mail.

An e-mail's link is made from the site's own address in the settings, never from a request: whoever asks the site
by another name cannot put that name into other people's mail.
"""

from django.conf import settings
from django.urls import reverse

from departments.permissions import Scope
from departments.roles import Permission
from indicators.models import Notice


def find_address(notice: Notice, scope: Scope) -> str:
    """Return where the reader deals with a notice: the office its board, a clerk the form, a reviewer the review."""
    if notice.department_id is None:
        return f"{reverse('indicators:progress')}?programme={notice.programme.code}"
    if notice.department_id in scope.departments_for(Permission.ENTER_FIGURES):
        place = [notice.programme.code, notice.department_id, str(notice.quarter)]
        return reverse("indicators:entry-open", args=place)
    if notice.department_id in scope.departments_for(Permission.REVIEW):
        return reverse("indicators:review")
    return ""


def find_link(notice: Notice, scope: Scope) -> str:
    """Return the absolute address for an e-mail; the list of notices where nothing can be done."""
    return f"{settings.SITE_ADDRESS}{find_address(notice, scope) or reverse('indicators:notices')}"
