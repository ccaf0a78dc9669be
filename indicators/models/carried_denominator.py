"""Carried denominators: counts that change once a year or more rarely, and are entered once for many quarters."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models.allocation import Series
from indicators.models.fields import FigureField, QuarterField


class CarriedDenominator(models.Model):
    """A series' denominator (population, number of firms) from `valid_from` on, until the next one begins.

    `valid_to` absent: until further notice. Where several hold, the one that begins last does. A figure's own
    denominator always wins. Units: a count. `source` says where the number comes from.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="carried_denominators", verbose_name=_("series"))
    value = FigureField(_("denominator"))
    valid_from = QuarterField(_("valid from"))
    valid_to = QuarterField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("carried denominator")
        verbose_name_plural = _("carried denominators")
        ordering = ["series", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["series", "valid_from"], name="carrieddenominator_unique"),
            models.CheckConstraint(
                condition=Q(value__gt=0, value__lte=FigureField.LIMIT), name="carrieddenominator_positive"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="carrieddenominator_quarters_in_order",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="carrieddenominator_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.valid_from}"
