"""The accounts of the demonstration data: their names, and the one password they share."""

from departments.models import Membership, User
from departments.roles import Role

PASSWORD = "qscounty-demo"  # noqa: S105  shown to everybody on purpose; `up --no-demonstration` makes no such accounts
NOTE = "演示数据"


def describe_accounts() -> list[str]:
    """Return one line an account worth trying first: a department's two, then each office and leader, then the rest."""
    if not User.objects.filter(is_demonstration=True).exists():
        return []
    rows = (
        Membership.objects.filter(user__is_demonstration=True)
        .select_related("user", "department", "region")
        .order_by("user_id")
    )
    shown = [row for row in rows if row.role not in (Role.CLERK, Role.REVIEWER)]
    shown += [row for row in rows if row.department and row.department.code in ("food-drug", "market-regulation")]
    width = max(len(row.user.username) for row in shown)
    lines = [f"{row.user.username:<{width}}  {row.get_role_display()}  {_place(row)}" for row in shown]
    return [*lines, f"password of every demonstration account: {PASSWORD}"]


def _place(row: Membership) -> str:
    place = row.department or row.region
    return place.name_zh if place else ""
