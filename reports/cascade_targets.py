"""Reads the targets of a line of programmes, within what the person sees of each."""

from collections.abc import Sequence

from departments.models import User
from indicators.models import Allocation, Programme, Target
from indicators.selectors.programmes import filter_allocations


def list_cascade_targets(user: User, programmes: Sequence[Programme]) -> list[Target]:
    """Return the newest version of each target that the person sees, from the highest region down; one query."""
    seen = filter_allocations(Allocation.objects.filter(target__programme__in=programmes), user=user)
    targets = Target.objects.filter(pk__in=seen.values("target")).select_related(
        "indicator", "clause", "programme__region"
    )
    ordered = targets.order_by("programme__region__code", "programme__position", "position", "version")
    newest = {(target.programme_id, target.code): target for target in ordered}
    return list(newest.values())
