"""Keeps in the trail that a request was refused before any act began. Source: trust rule 29."""

from departments.actions import audit
from departments.actions.acts import act
from departments.models import User


@act
def record_refused_request(
    *, status: int, page: str, path: str, method: str, address: str, left_out: int, by: User | None
) -> None:
    """Leave the refusal in the system's chain. `by` absent: nobody was signed in.

    `left_out` is the number of refusals of the same person at the same address that were only counted since the last
    entry, see `qscounty.refusal_trail`.
    """
    details = {"act": page, "status": status, "path": path, "method": method, "address": address}
    if left_out:
        details["left_out"] = left_out
    audit.record(audit.Act(event="refused", by=by, details=details))
