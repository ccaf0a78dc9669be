"""Reporting windows: when a programme's quarter opens, falls due and closes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import QuarterField
from indicators.models.programme import Programme


class ReportingQuarter(models.Model):
    """One quarter of one programme. Figures are taken from `opens_on`; a closed quarter takes none.

    Whether it is open is decided by `closed_at` and the database clock, never by the web server's.
    """

    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="reporting_quarters", verbose_name=_("programme")
    )
    quarter = QuarterField(_("quarter"))
    opens_on = models.DateField(_("opens on"))
    due_on = models.DateField(_("due on"))
    closes_on = models.DateField(_("closes on"))
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("reporting quarter")
        verbose_name_plural = _("reporting quarters")
        ordering = ["programme", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "quarter"], name="reportingquarter_unique"),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opens_on"), closes_on__gte=F("due_on")),
                name="reportingquarter_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.quarter)
