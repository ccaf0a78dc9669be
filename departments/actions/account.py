"""What people do with their own account, recorded."""

from departments.actions import audit
from departments.actions.acts import act
from departments.models import User


@act
def record_password_change(*, by: User) -> None:
    """Add the password change to the trail; the framework's form has made it in the same request."""
    audit.record(audit.Act(event="password_changed", by=by, subject=by))
