"""The audit trail: what people did, chained so that one altered or missing entry is found."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from departments.models.department import Department


class AuditChain(models.Model):
    """The head of one chain: one a department, and one (without department) for the system's own acts.

    The row is locked while an entry is appended; one chain a department keeps departments from waiting
    for each other. Source: trust rules 6 and 27.
    """

    department = models.OneToOneField(Department, models.PROTECT, null=True, related_name="audit_chain")
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["department"],
                condition=models.Q(department__isnull=True),
                nulls_distinct=False,
                name="auditchain_one_without_department",
            )
        ]


class AuditEntry(models.Model):
    """One act: who, in what role, on what, from what to what, why. Written once; a trigger refuses the rest.

    `digest` is the SHA-256 of the canonical JSON of the entry and of the digest before it in its chain.
    """

    chain = models.ForeignKey(AuditChain, models.PROTECT, related_name="entries")
    position = models.PositiveBigIntegerField()
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=24, blank=True)
    event = models.CharField(_("act"), max_length=60)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=60, blank=True)
    details = models.JSONField(_("details"), default=dict)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.CharField(max_length=36, blank=True)
    algorithm = models.CharField(max_length=12, default="sha256-v1")
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="audit_chain_position_unique")]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
