"""How audit entries are chained: each digest covers the entry and the digest before it. No database."""

import hashlib
import json

from departments.models import AuditEntry

ALGORITHM = "sha256-v1"
NO_PREVIOUS = "0" * 64
CHAINED_FIELDS = (
    "chain_id",
    "position",
    "by_id",
    "role",
    "event",
    "object_type",
    "object_id",
    "details",
    "reason",
    "request_id",
    "algorithm",
)


def digest_of(entry: AuditEntry, *, previous: str) -> str:
    """Return SHA-256 over the digest before and the canonical JSON, length first. `entry.at` is in UTC."""
    content: dict[str, object] = {name: getattr(entry, name) for name in CHAINED_FIELDS}
    content["at"] = entry.at.isoformat()
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(previous.encode() + str(len(text)).encode() + b":" + text).hexdigest()
