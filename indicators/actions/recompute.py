"""Asking for a recompute, and running what was asked for: the functions that others call.

Asking writes one row in the asker's transaction and never talks to the broker (ADR 6).
"""

from collections.abc import Iterable

from departments.models import Region, User
from indicators.engine.period import Quarter
from indicators.models import Programme, RecomputeRequest


def request_series_recompute(*, series_ids: Iterable[int]) -> int:
    """Ask for the results of every allocation that these series serve; return how many series that are.

    Called in the transaction that changed their figures: the results follow if, and only if, it commits.
    """
    raise NotImplementedError


def request_scope_recompute(
    *,
    programme: Programme | None = None,
    region: Region | None = None,
    quarters: tuple[Quarter, Quarter] | None = None,
    by: User | None = None,
) -> RecomputeRequest:
    """Ask for the results of a programme, of a region with everything below it, of quarters, or of everything.

    `quarters` are the first and the last one, both included. With `by` the permission is checked and the act
    recorded; without, the system asks (a command, a changed threshold). Raises NotAllowed.
    """
    raise NotImplementedError


def cancel_recompute(*, request: RecomputeRequest, by: User) -> None:
    """Stop a running scope after the chunk at hand; what is done stays and `resume_recompute` goes on from there."""
    raise NotImplementedError


def resume_recompute(*, request: RecomputeRequest, by: User) -> None:
    """Go on with a cancelled scope, or try a parked request again."""
    raise NotImplementedError


def process_due_requests(*, limit: int | None = None) -> int:
    """Work through what is due in this process until nothing is left; return how many requests were done."""
    raise NotImplementedError


def recompute_now(
    *,
    programme: Programme | None = None,
    region: Region | None = None,
    quarters: tuple[Quarter, Quarter] | None = None,
) -> RecomputeRequest:
    """Recompute a scope in this process and return its finished request (`changed` counts changed allocations)."""
    raise NotImplementedError
