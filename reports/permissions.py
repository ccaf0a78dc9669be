"""Who may publish, issue letters, and write and issue bulletins; each refusal is a sentence."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from departments.errors import NotAllowed
from departments.models import User
from departments.permissions import allows, has_permission, scope_of
from departments.roles import Permission
from indicators.models import Programme
from reports.models import Bulletin, Letter, Publication


def check_user_can_publish(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region."""
    if not has_permission(user, Permission.PUBLISH, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office publishes; ask it to do so."))


def check_user_can_confirm(user: User, publication: Publication) -> None:
    """Pass for another person of the leadership office than the one who asked. Source: trust rule 7."""
    check_user_can_publish(user, publication.programme)
    if publication.asked_by_id == user.pk:
        raise NotAllowed(_("You asked for this publication; another person of the leadership office publishes it."))


def check_user_can_download(user: User, programme: Programme | None, departments: Iterable[int] | None) -> None:
    """Pass for whoever may export all that is shown: the whole programme, or each of the `departments` alone.

    `programme` absent: the list of programmes, for whoever may export anything. Whoever only reads takes no files away.
    """
    scope = scope_of(user)
    if programme is None:
        may = scope.allows_anywhere(Permission.EXPORT)
    elif departments is None:
        may = scope.allows(Permission.EXPORT, region_code=programme.region.code)
    else:
        may = set(departments) <= scope.departments_for(Permission.EXPORT)
    if not may:
        raise NotAllowed(
            _("You read these rows but take no files away; read them as JSON, or ask the leadership office.")
        )


def check_user_can_issue(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region: it issues the letters and hands them out."""
    if not has_permission(user, Permission.PUBLISH, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office issues responsibility letters; ask it for yours."))


def check_user_can_fetch(user: User, letter: Letter) -> None:
    """Pass for whoever takes files away for the letter's recipient: its department, its region, or an office above.

    A department's people have their own letter; a region's leaders and office those of all below it, as on the pages.
    """
    region = letter.region or (letter.department.region if letter.department else None)
    code = region.code if region else ""
    if not has_permission(user, Permission.EXPORT, department_id=letter.department_id, region_code=code):
        raise NotAllowed(_("You take no letter of this recipient away; ask its people, or the leadership office."))


def check_user_receives_letters(user: User) -> None:
    """Pass for whoever takes files away for any department or region."""
    if not scope_of(user).allows_anywhere(Permission.EXPORT):
        raise NotAllowed(_("Letters go to their recipients and the leadership office; ask one of them."))


def check_user_can_write_bulletin(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region."""
    if not has_permission(user, Permission.PUBLISH, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office writes bulletins; those that are issued can be downloaded."))


def check_user_can_issue_bulletin(user: User, bulletin: Bulletin) -> None:
    """Pass for another person of the leadership office than the one who saved last. Source: trust rule 7."""
    check_user_can_write_bulletin(user, bulletin.programme)
    if bulletin.edited_by_id == user.pk:
        raise NotAllowed(_("You saved this bulletin last; another person of the leadership office issues it."))


def check_user_can_set_layout(user: User, programme: Programme) -> None:
    """Pass for the leadership office of the programme's region."""
    if not has_permission(user, Permission.PUBLISH, region_code=programme.region.code):
        raise NotAllowed(_("Only the leadership office sets the layout of the files for the province."))


can_issue = allows(check_user_can_issue)
can_fetch = allows(check_user_can_fetch)
can_publish = allows(check_user_can_publish)
can_confirm = allows(check_user_can_confirm)
can_set_layout = allows(check_user_can_set_layout)
can_write_bulletin = allows(check_user_can_write_bulletin)
can_issue_bulletin = allows(check_user_can_issue_bulletin)
