"""Thresholds: dated rows of the numbers that colour a result; a programme can override them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.fields import QuarterField
from indicators.models.programme import Programme


class ThresholdKind(models.TextChoices):
    """Which number a row gives; its unit is in the name."""

    MARGIN_CONTINUOUS_RATIO = (
        "margin_continuous_ratio",
        _("amber margin of counts and values, share of the expected level"),
    )
    MARGIN_RATE_POINTS = "margin_rate_points", _("amber margin of rates, percentage points")
    MARGIN_ORDINAL_GRADES = "margin_ordinal_grades", _("amber margin of grades, grades")
    GREEN_FROM_SCORE = "green_from_score", _("a cell is green from, points")
    AMBER_FROM_SCORE = "amber_from_score", _("a cell is amber from, points")
    COVERAGE_AT_LEAST_RATIO = "coverage_at_least_ratio", _("a cell is rated from this coverage, share")


class Threshold(models.Model):
    """One number from one quarter on; without a programme it is the default for all."""

    programme = models.ForeignKey(
        Programme,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="thresholds",
        verbose_name=_("programme"),
    )
    kind = models.CharField(_("kind"), max_length=30, choices=ThresholdKind)
    valid_from = QuarterField(_("valid from"))
    value = models.DecimalField(_("value"), max_digits=10, decimal_places=4)

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ["kind", "programme", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "kind", "valid_from"], nulls_distinct=False, name="threshold_unique"
            ),
            models.CheckConstraint(condition=models.Q(value__gte=0), name="threshold_not_negative"),
        ]
