"""What people do with their own account, recorded."""

from collections.abc import Sequence

from departments.actions import audit
from departments.actions.acts import act
from departments.models import User


@act
def record_password_change(*, by: User) -> None:
    """Add the password change to the trail; the framework's form has made it in the same request."""
    audit.record(audit.Act(event="password_changed", by=by, subject=by))


@act
def keep_columns(*, columns: Sequence[str], by: User) -> None:
    """Keep which columns of the list of targets the person wants to see; none for all of them again.

    One's own account alone, so no permission is asked. `columns` are keys that the list knows.
    """
    by.target_columns = " ".join(columns)
    by.save(update_fields=["target_columns"])
    audit.record(audit.Act(event="columns_kept", by=by, subject=by, details={"columns": by.target_columns}))
