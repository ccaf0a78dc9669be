"""The nightly check of what was published: every edition is counted and hashed anew against its manifest."""

import logging
from typing import Any

from departments.actions import audit
from departments.actions.acts import act
from reports.actions.publications import verify_publication
from reports.models import Publication

EVENT = "publication_differed"

logger = logging.getLogger(__name__)


def verify_publications(*, programme_code: str = "") -> dict[Publication, list[str]]:
    """Return the editions whose stored rows are not what their manifest says, each with the parts that differ.

    A difference is an alarm: it goes to the journal and the trail every time it is found; nothing is repaired, since
    nobody but a copy kept elsewhere knows what stood there. Source: trust rules 20 and 28; issue 6, part 2.
    """
    editions = Publication.objects.filter(published_at__isnull=False).select_related("programme__office")
    if programme_code:
        editions = editions.filter(programme__code=programme_code)
    found = {edition: verify_publication(publication=edition) for edition in editions}
    differing = {edition: parts for edition, parts in found.items() if parts}
    for edition, parts in differing.items():
        _raise_alarm(edition, parts)
    return differing


@act
def _raise_alarm(edition: Publication, parts: list[str]) -> None:
    programme = edition.programme
    logger.error("Edition %s of %s, %s: %s differ.", edition.edition, programme.code, edition.quarter, ", ".join(parts))
    told: dict[str, Any] = {"quarter": str(edition.quarter), "edition": edition.edition, "parts": parts}
    audit.record(audit.Act(event=EVENT, department_id=programme.office_id, subject=edition, details=told))
