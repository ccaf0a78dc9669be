"""Which layout of its own a programme uses."""

from indicators.models import Programme
from reports.models import OwnLayout


def find_used_layout(programme: Programme) -> OwnLayout | None:
    """Return the version in use, without its file; None where the office uses none. One query."""
    used = OwnLayout.objects.filter(programme=programme, used_at__isnull=False).defer("file")
    return used.order_by("-used_at", "-version").first()
