"""Evidence: files that a department attaches to a figure."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.allocation import Series
from indicators.models.fields import QuarterField
from indicators.models.guards import EVIDENCE_GUARDS
from indicators.models.submission import Submission


class FileKind(models.TextChoices):
    """What may be attached; the value is the ending under which the file is stored."""

    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPG = "jpg", "JPG"
    XLSX = "xlsx", "Excel"
    DOCX = "docx", "Word"


class Evidence(models.Model):
    """One file beside the figure of a series and quarter. The bytes lie outside the database, by their `digest`.

    `digest` is the SHA-256, `size` in bytes, `name` as the person called it, for reading and saving only: no path is
    ever made of it. `removed_at`: taken off the figure; row and bytes stay. Source: trust case T36.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="evidence", verbose_name=_("submission"))
    series = models.ForeignKey(Series, models.PROTECT, related_name="evidence", verbose_name=_("series"))
    quarter = QuarterField(_("quarter"))
    name = models.CharField(_("file name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=4, choices=FileKind)
    size = models.PositiveIntegerField(_("size"))
    digest = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("removed by")
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["series", "quarter"], name="evidence_place")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FileKind.values), name="evidence_kind_known"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="evidence_digest_is_sha256"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="evidence_removed_by_someone",
            ),
            # The same file counts once for a figure, however often it is dropped on it.
            models.UniqueConstraint(
                fields=["series", "quarter", "digest"],
                condition=Q(removed_at__isnull=True),
                name="evidence_once_a_figure",
            ),
        ]
        triggers = [
            *EVIDENCE_GUARDS,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="content_kept",
                fields=[
                    "submission",
                    "series",
                    "quarter",
                    "name",
                    "kind",
                    "size",
                    "digest",
                    "uploaded_by",
                    "uploaded_at",
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.name
