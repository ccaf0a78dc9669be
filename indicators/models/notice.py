"""Notices: reminders that a person finds on the site, and by e-mail where a mail server is configured."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from indicators.models.fields import QuarterField
from indicators.models.programme import Programme


class NoticeKind(models.TextChoices):
    """Why it was sent; the first four follow from the quarter's dates, the last from a press of a button."""

    OPENED = "opened", _("Quarter opened")
    HALF_TIME = "half_time", _("Half of the time is over")
    DAY_BEFORE = "day_before", _("Due on the next working day")
    OVERDUE = "overdue", _("Past the date")
    ASKED = "asked", _("Reminder by the leadership office")


class Notice(models.Model):
    """One notice to one person about a department's quarter; `department` absent: about all that are late.

    `due_on` is the date it speaks of. `for_on` makes repeating harmless: one notice of a kind for a person, quarter,
    department and day (the due date; for a reminder by hand the day it was sent). `late_departments` are
    the ids of those an office's notice is about; `is_review`: the form waits for its reviewer.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("person"))
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="notices", verbose_name=_("programme"))
    quarter = QuarterField(_("quarter"))
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("department")
    )
    due_on = models.DateField(_("due on"))
    for_on = models.DateField()
    is_review = models.BooleanField(_("about a review"), default=False)
    late_departments = models.JSONField(default=list)
    sent_at = models.DateTimeField(_("sent at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    emailed_at = models.DateTimeField(_("e-mailed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["sent_at"], condition=Q(emailed_at__isnull=True), name="notice_unmailed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=NoticeKind.values), name="notice_kind_known"),
            models.UniqueConstraint(
                fields=["user", "kind", "programme", "quarter", "department", "for_on"],
                nulls_distinct=False,
                name="notice_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"
