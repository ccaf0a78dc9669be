"""Evidence files as a person may see them."""

from collections.abc import Collection

from django.http import Http404

from departments.models import User
from departments.permissions import scope_of
from departments.roles import Permission
from indicators.engine.period import Quarter
from indicators.models import Evidence, Series, Submission
from indicators.models.submission import Status
from indicators.selectors.series import list_series


def list_evidence(*, series: Collection[int], quarter: Quarter) -> dict[int, list[Evidence]]:
    """Return the files by series id, in the order in which they came; removed ones are left out."""
    rows = Evidence.objects.filter(series__in=list(series), quarter=quarter, removed_at__isnull=True)
    found: dict[int, list[Evidence]] = {}
    for row in rows.select_related("uploaded_by").order_by("uploaded_at", "pk"):
        found.setdefault(row.series_id, []).append(row)
    return found


def list_visible_evidence(user: User, *, series: int, first: Quarter, last: Quarter) -> list[Evidence]:
    """Return the files of a series' figures from one quarter to another that the person may open; two queries."""
    rows = Evidence.objects.filter(series=series, quarter__gte=first, quarter__lte=last, removed_at__isnull=True)
    rows = rows.select_related("uploaded_by", "submission__programme__region")
    return [row for row in rows.order_by("-quarter", "uploaded_at", "pk") if _may_see(user, row.submission)]


def get_series_or_404(submission: Submission, pk: int) -> Series:
    """Return one series of a form; Http404 for any other."""
    found = next(iter(list_series(submission, only=[pk])), None)
    if found is None:
        raise Http404
    return found


def get_evidence_or_404(user: User, pk: int, *, with_removed: bool = False) -> Evidence:
    """Return a file that the person may open; Http404 otherwise, and for one that was removed unless those are wanted.

    Whoever sees the department's entry sees its files; whoever sees only results, those of approved forms.
    """
    rows = Evidence.objects.select_related(
        "submission__programme__region", "submission__department", "series__indicator"
    )
    found = (rows if with_removed else rows.filter(removed_at__isnull=True)).filter(pk=pk).first()
    if found is None or not _may_see(user, found.submission):
        raise Http404
    return found


def _may_see(user: User, submission: Submission) -> bool:
    code = submission.programme.region.code
    scope = scope_of(user)
    if scope.allows(Permission.VIEW_ENTRY, department_id=submission.department_id, region_code=code):
        return True
    sees_results = scope.allows(Permission.VIEW_RESULTS, department_id=submission.department_id, region_code=code)
    return sees_results and submission.status == Status.APPROVED
