"""Writes the ends of the trail's chains out of the database. Source: trust rule 28, cases T21 and T52; ADR 13."""

import logging

from django.conf import settings
from django.db import transaction

from departments.anchors import Anchor, append_anchors, file_of
from departments.models import AuditChain
from departments.selectors.clock import read_database_time

logger = logging.getLogger(__name__)


def anchor_audit() -> int:
    """Anchor every chain that moved since it was anchored last; return how many those are.

    Each goes into the site's anchor file and into the journal, which a site sends to another host. Only what is
    committed is read: the end of a chain that could still be undone would be a false alarm. Errors: OSError.
    """
    at = read_database_time()
    ends = AuditChain.objects.filter(length__gt=0).order_by("pk").values_list("pk", "length", "head")
    anchors = [Anchor(at=at.isoformat(), chain=pk, length=length, head=head) for pk, length, head in ends]
    count = append_anchors(file_of(settings.ANCHOR_DIRECTORY, at), anchors)
    if count:
        ends_in_words = " ".join(f"{anchor.chain}:{anchor.length}:{anchor.head}" for anchor in anchors)
        logger.info("Audit anchors at %s: %s", at.isoformat(), ends_in_words)
    return count


def anchor_after_commit() -> None:
    """Anchor as soon as the present act is committed; what cannot be written then is said in the journal.

    The act stands either way: it is acknowledged, and the next anchor covers it.
    """
    transaction.on_commit(anchor_audit, robust=True)
