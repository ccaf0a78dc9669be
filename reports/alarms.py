"""What the nightly check of publications has found, for the pages of those who see the edition."""

from departments.models import AuditEntry
from reports.actions.verification import EVENT
from reports.models import Publication


def find_alarm(publication: Publication) -> AuditEntry | None:
    """Return the newest alarm about an edition, or None where it always was what its manifest says; one query."""
    label = publication._meta.label_lower
    found = AuditEntry.objects.filter(event=EVENT, object_type=label, object_id=str(publication.pk))
    return found.order_by("-at", "-pk").first()
