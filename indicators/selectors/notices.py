"""A person's notices."""

from django.db.models import F, QuerySet
from django.http import Http404

from departments.models import User
from indicators.models import Notice

SHOWN = 100


def list_notices(user: User) -> QuerySet[Notice]:
    """Return the person's own notices, unread first, the newest first; `SHOWN` at most."""
    rows = Notice.objects.filter(user=user).select_related("programme", "department")
    return rows.order_by(F("read_at").desc(nulls_first=True), "-sent_at", "-pk")[:SHOWN]


def get_notice_or_404(user: User, pk: int) -> Notice:
    """Return one of the person's own notices; Http404 for anybody else's."""
    notice = Notice.objects.select_related("programme", "department").filter(user=user, pk=pk).first()
    if notice is None:
        raise Http404
    return notice


def count_unread(user: User) -> int:
    """Return how many notices the person has not read."""
    return Notice.objects.filter(user=user, read_at__isnull=True).count()
