"""Who may publish and issue letters; each refusal is a sentence."""

from django.utils.translation import gettext as _

from departments.errors import NotAllowed
from departments.models import User
from departments.permissions import allows, has_permission
from departments.roles import Permission
from indicators.models import Programme
from reports.models import Publication


def check_user_can_publish(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region."""
    if not has_permission(user, Permission.PUBLISH, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office publishes; ask it to do so."))


def check_user_can_confirm(user: User, publication: Publication) -> None:
    """Pass for another person of the leadership office than the one who asked. Source: trust rule 7."""
    check_user_can_publish(user, publication.programme)
    if publication.asked_by_id == user.pk:
        raise NotAllowed(_("You asked for this publication; another person of the leadership office publishes it."))


def check_user_can_issue(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region: it issues the letters and hands them out."""
    if not has_permission(user, Permission.PUBLISH, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office issues responsibility letters; ask it for yours."))


can_issue = allows(check_user_can_issue)
can_publish = allows(check_user_can_publish)
can_confirm = allows(check_user_can_confirm)
