"""A list handed out as a file: recorded like every export, open to whoever sees the list."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from departments.actions import audit
from departments.actions.acts import act
from departments.errors import NotAllowed
from departments.models import User
from indicators.engine.period import Quarter
from indicators.models import Programme
from indicators.selectors.programmes import list_programmes


@act
def export_table(
    *, programme: Programme, quarter: Quarter, rows: int, query: str, write: Callable[[], None], by: User
) -> None:
    """Let `write` make the file of the list that `query` names, and record who got how many rows.

    The entry is written before anyone gets the file; `write` may be called again after a deadlock. Raises
    NotAllowed where the person sees nothing of the programme. Source: trust rule 29.
    """
    if not list_programmes(by).filter(pk=programme.pk).exists():
        raise NotAllowed(_("You do not see this programme; ask its leadership office."))
    write()
    audit.record(
        audit.Act(
            event="table_exported",
            by=by,
            department_id=programme.office_id,
            subject=programme,
            details={"quarter": str(quarter), "rows": rows, "query": query},
        )
    )
