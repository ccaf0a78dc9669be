"""Submissions: one department's figures for one programme and quarter, on their way to approval."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from departments.models import Department
from indicators.models.fields import QuarterField
from indicators.models.guards import SUBMISSION_GUARDS
from indicators.models.programme import Programme


class Status(models.TextChoices):
    """The states of `indicators.engine.workflow`, with their words."""

    DRAFT = "draft", pgettext_lazy("submission", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("submission", "Submitted")
    RETURNED = "returned", pgettext_lazy("submission", "Returned")
    APPROVED = "approved", pgettext_lazy("submission", "Approved")
    REOPENED = "reopened", pgettext_lazy("submission", "Reopened")
    WITHDRAWN = "withdrawn", pgettext_lazy("submission", "Withdrawn")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class Submission(models.Model):
    """Where one department's figures for a programme and quarter stand. `version` moves with every act.

    `reopening_asked_by` is set while a closed quarter's reopening waits for a second person; `is_correction`
    from such a reopening until the next approval.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="submissions", verbose_name=_("programme"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="submissions", verbose_name=_("department"))
    quarter = QuarterField(_("quarter"))
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    reopening_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("reopening asked for by"),
    )
    is_correction = models.BooleanField(_("correction after closing"), default=False)

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["programme", "quarter", "department"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "department", "quarter"], name="submission_unique"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="submission_status_known"),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="submission_approved_by_someone",
            ),
            # Four eyes: the database refuses an approval by the one who submitted.
            models.CheckConstraint(
                condition=~Q(status="approved") | ~Q(decided_by=models.F("submitted_by")),
                name="submission_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | ~Q(reason=""), name="submission_return_has_reason"
            ),
        ]
        triggers = SUBMISSION_GUARDS

    def __str__(self) -> str:
        return f"{self.programme_id} {self.quarter} {self.department_id}"
