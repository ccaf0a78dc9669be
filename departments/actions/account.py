"""What people do with their own account, recorded."""

from django.db import transaction

from departments.actions import audit
from departments.models import User


@transaction.atomic
def record_password_change(*, by: User) -> None:
    """Add the password change to the trail; the framework's form has made it in the same request."""
    audit.record(audit.Act(event="password_changed", by=by, subject=by))
