"""Appends to the audit trail. The entry is written in the act's own transaction: if it fails, the act fails."""

import json
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models

from departments.chain import ALGORITHM, digest_of
from departments.models import AuditChain, AuditEntry, User
from departments.permissions import scope_of
from departments.selectors.clock import read_database_time
from qscounty.web.request_number import request_number

has_told_refusal: ContextVar[bool] = ContextVar("has_told_refusal", default=False)
"""Whether the present request has left a refusal in the trail already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was done. `by` absent: the system itself, by command. `department_id` absent: the system's chain."""

    event: str
    by: User | None = None
    department_id: int | None = None
    subject: models.Model | None = None
    details: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


def record(act: Act) -> AuditEntry:
    """Append one entry to its chain and return it; must run inside the act's transaction.

    Lock order: the chain's head is always the last lock of an act. Source: trust rules 6 and 27.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An audit entry is written inside the act's transaction.")
    home: dict[str, Any] = {"department_id": act.department_id}
    AuditChain.objects.get_or_create(**home)
    chain = AuditChain.objects.select_for_update(no_key=True, of=("self",)).get(**home)
    entry = _describe(act, chain)
    entry.digest = digest_of(entry, previous=chain.head)
    entry.save(force_insert=True)
    if act.event == "refused":
        has_told_refusal.set(True)
    AuditChain.objects.filter(pk=chain.pk).update(head=entry.digest, length=entry.position)
    return entry


def _describe(act: Act, chain: AuditChain) -> AuditEntry:
    return AuditEntry(
        chain=chain,
        position=chain.length + 1,
        at=read_database_time(),
        by=act.by,
        role=",".join(sorted(scope_of(act.by).roles)) if act.by else "",
        event=act.event,
        object_type=act.subject._meta.label_lower if act.subject else "",
        object_id=str(act.subject.pk) if act.subject else "",
        details=json.loads(json.dumps(act.details, default=str)),
        reason=act.reason,
        request_id=request_number.get(),
        algorithm=ALGORITHM,
    )
