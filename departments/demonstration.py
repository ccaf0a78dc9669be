"""The accounts of the demonstration data: their names, and the one password they share."""

from departments.models import Membership, User

PASSWORD = "qscounty-demo"  # noqa: S105  shown to everybody on purpose; `up --no-demonstration` makes no such accounts
# One department a programme, whose clerk and reviewer are named at the start.
TRIED_FIRST = (
    "food-drug",
    "market-regulation",
    "zhejiang-quality-supervision",
    "minqing-quality-supervision",
    "hangzhou-quality-supervision",
)


def describe_accounts() -> list[str]:
    """Return one line an account worth trying: a programme's office, leader and one department's two; then the rest."""
    if not User.objects.filter(is_demonstration=True).exists():
        return []
    rows = (
        Membership.objects.filter(user__is_demonstration=True)
        .select_related("user", "department", "region")
        .order_by("user_id")
    )
    shown = [row for row in rows if row.department is None or row.department.code in TRIED_FIRST]
    width = max(len(row.user.username) for row in shown)
    lines = [f"{row.user.username:<{width}}  {row.get_role_display()}  {_place(row)}" for row in shown]
    return [*lines, f"password of every demonstration account: {PASSWORD}"]


def _place(row: Membership) -> str:
    place = row.department or row.region
    return place.name_zh if place else ""
