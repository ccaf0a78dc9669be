"""Which letters are a person's own, and whether any are being issued just now."""

from django.db.models import Q, QuerySet

from departments.models import User
from departments.permissions import scope_of
from departments.roles import Permission
from indicators.models import Programme
from reports.models import ExportJob, ExportKind, Letter
from reports.scopes import PageContext


def list_own_letters(user: User) -> QuerySet[Letter]:
    """Return the letters that a person may take away, of whatever programme; see `check_user_can_fetch`."""
    scope = scope_of(user)
    mine = Q(department__in=scope.departments_for(Permission.EXPORT))
    for code in scope.regions_for(Permission.EXPORT):
        mine |= Q(region__code__startswith=code) | Q(department__region__code__startswith=code)
    return Letter.objects.filter(mine)


def list_letters_from_above(page: PageContext) -> QuerySet[Letter]:
    """Return the person's own letters of programmes that the header does not offer: a province's to its county."""
    letters = list_own_letters(page.user).exclude(programme__in=[programme.pk for programme in page.programmes])
    related = ("programme", "region", "department__region", "issued_by")
    return letters.defer("file", "content").select_related(*related).order_by("programme__position", "pk")


def find_issuing_job(programme: Programme) -> ExportJob | None:
    """Return the job that issues letters of the programme and is not done, None where there is none."""
    return ExportJob.objects.unfinished().filter(programme=programme, kind=ExportKind.ISSUE).first()
