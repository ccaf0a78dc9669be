"""Reads the audit trail, and finds where a chain was broken."""

from collections.abc import Iterator
from datetime import UTC

from departments.chain import NO_PREVIOUS, digest_of
from departments.models import AuditChain, AuditEntry


def find_chain_breaks() -> Iterator[str]:
    """Yield one sentence for every altered, missing or surplus entry; nothing means that every chain holds."""
    for chain in AuditChain.objects.order_by("pk"):
        yield from _find_breaks(chain)


def _find_breaks(chain: AuditChain) -> Iterator[str]:
    previous, position = NO_PREVIOUS, 0
    for entry in AuditEntry.objects.filter(chain=chain).order_by("position").iterator():
        position += 1
        entry.at = entry.at.astimezone(UTC)
        if entry.position != position:
            yield f"Chain {chain.pk}: entry {position} is missing."
            position = entry.position
        if digest_of(entry, previous=previous) != entry.digest:
            yield f"Chain {chain.pk}: entry {position} does not follow from the one before it; it was altered."
        previous = entry.digest
    if (chain.length, chain.head) != (position, previous):
        yield f"Chain {chain.pk}: it ends at entry {position}, its head says {chain.length}."
