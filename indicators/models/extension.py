"""Extensions: later dates for one department's quarter, with a reason."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from indicators.models.guards import EXTENSION_GUARDS
from indicators.models.reporting_quarter import ReportingQuarter


class Extension(models.Model):
    """One department's own dates in a reporting quarter. It counts from `granted_at`; absent: it waits.

    Asked for while the quarter is open, it is granted at once. Once the quarter is closed it opens the department's
    form again, and then only after a second person confirmed it: `confirmed_by`. Closing the quarter by hand ends
    the extensions granted before. Source: trust rules 7 and 9, case T16; ADR 10.
    """

    window = models.ForeignKey(
        ReportingQuarter, models.PROTECT, related_name="extensions", verbose_name=_("reporting quarter")
    )
    department = models.ForeignKey(Department, models.PROTECT, related_name="extensions", verbose_name=_("department"))
    due_on = models.DateField(_("due on"))
    closes_on = models.DateField(_("closes on"))
    reason = models.TextField(_("reason"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))
    granted_at = models.DateTimeField(_("granted at"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["window", "department"]
        constraints = [
            models.UniqueConstraint(fields=["window", "department"], name="extension_unique"),
            models.CheckConstraint(condition=Q(closes_on__gte=F("due_on")), name="extension_dates_in_order"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("by")), name="extension_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(granted_at__isnull=False),
                name="extension_confirmed_is_granted",
            ),
        ]
        triggers = [
            *EXTENSION_GUARDS,
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="place_kept", fields=["window", "department"]),
        ]

    def __str__(self) -> str:
        return f"{self.window_id} {self.department_id}"
