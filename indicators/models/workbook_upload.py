"""Uploads: returned workbooks as they were read, waiting for a person to confirm the differences."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.models.submission import Submission


class UploadState(models.TextChoices):
    """Where an upload stands. Repeated: the same file was applied before, and changes nothing."""

    REFUSED = "refused", pgettext_lazy("upload", "Refused")
    READY = "ready", pgettext_lazy("upload", "Ready")
    APPLIED = "applied", pgettext_lazy("upload", "Applied")
    REPEATED = "repeated", pgettext_lazy("upload", "Applied before")


class WorkbookUpload(models.Model):
    """One file. The bytes are not kept: `digest` is their SHA-256, `rows` and `findings` are what was read in them.

    `submission` absent: the file does not say whose figures it holds, or the person may not see that form.
    `batch` holds files together that were sent together.
    """

    batch = models.UUIDField(_("sent together"), db_index=True)
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="uploads", verbose_name=_("submission")
    )
    file_name = models.CharField(_("file name"), max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size"))
    issued = models.CharField(_("form given out at"), max_length=20, blank=True)
    sheet = models.CharField(_("sheet"), max_length=40, blank=True)
    rows = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    state = models.CharField(_("state"), max_length=8, choices=UploadState)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("applied by")
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, blank=True)
    changed = models.PositiveIntegerField(_("figures changed"), default=0)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        ordering = ["-uploaded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="workbookupload_state_known"),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(findings=[]) | ~Q(state="refused") & Q(findings=[]),
                name="workbookupload_refused_with_findings",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") | Q(submission__isnull=False), name="workbookupload_knows_its_form"
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_by__isnull=False, applied_at__isnull=False)
                | ~Q(state="applied") & Q(applied_by__isnull=True, applied_at__isnull=True),
                name="workbookupload_applied_by_someone",
            ),
            # The same file counts once for a form, however often and by whomever it is sent.
            models.UniqueConstraint(
                fields=["submission", "digest"], condition=Q(state="applied"), name="workbookupload_applied_once"
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="content_kept",
                fields=[
                    "batch",
                    "submission",
                    "file_name",
                    "digest",
                    "size",
                    "rows",
                    "findings",
                    "uploaded_by",
                    "uploaded_at",
                ],
            ),
            pgtrigger.FSM(name="legal_moves", field="state", transitions=[("ready", "applied"), ("ready", "repeated")]),
        ]

    def __str__(self) -> str:
        return self.file_name
