"""Reads the audit trail, and finds where a chain was broken."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC

from departments.anchors import Anchor
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


def find_anchor_breaks(anchors: Iterable[Anchor]) -> Iterator[str]:
    """Yield one sentence for every anchor whose entry is missing or another one; nothing means that all are held.

    A chain that was rewritten as a whole, or restored to an earlier state, holds by itself and breaks here.
    Source: trust cases T21 and T52.
    """
    by_chain: dict[int, list[Anchor]] = defaultdict(list)
    for anchor in anchors:
        by_chain[anchor.chain].append(anchor)
    for chain, held in sorted(by_chain.items()):
        rows = AuditEntry.objects.filter(chain_id=chain, position__in={anchor.length for anchor in held})
        digests = dict(rows.values_list("position", "digest"))
        for anchor in held:
            if (digest := digests.get(anchor.length)) is None:
                yield f"Chain {chain}: entry {anchor.length}, anchored at {anchor.at}, is missing; the trail is older."
            elif digest != anchor.head:
                yield f"Chain {chain}: entry {anchor.length} is not the one anchored at {anchor.at}; it was rewritten."
