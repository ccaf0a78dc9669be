"""Figures as they are being entered: the working copy of a series and quarter."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.allocation import Series
from indicators.models.fields import FigureField, QuarterField
from indicators.models.guards import FIGURE_GUARDS
from indicators.models.submission import Submission


class FigureColumns(models.Model):
    """What is reported: a value, or numerator and denominator, or that nothing occurred this quarter.

    Units: the indicator's; numerator and denominator are counts. All absent means not reported.
    """

    value = FigureField(_("value"), null=True, blank=True)
    numerator = FigureField(_("numerator"), null=True, blank=True)
    denominator = FigureField(_("denominator"), null=True, blank=True)
    nothing_occurred = models.BooleanField(_("none this quarter"), default=False)

    class Meta:
        abstract = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is reported."""
        return self.value is None and self.numerator is None and self.denominator is None and not self.nothing_occurred


IS_FINITE_AND_SANE = (
    # PostgreSQL's numeric knows NaN, and takes it for larger than any number.
    (Q(value__isnull=True) | Q(value__lte=FigureField.LIMIT, value__gte=-FigureField.LIMIT))
    & (Q(numerator__isnull=True) | Q(numerator__gte=0, numerator__lte=FigureField.LIMIT))
    & (Q(denominator__isnull=True) | Q(denominator__gte=0, denominator__lte=FigureField.LIMIT))
)
IS_VALUE_OR_COUNTS = Q(value__isnull=True) | Q(numerator__isnull=True, denominator__isnull=True)
IS_NOTHING_ALONE = Q(nothing_occurred=False) | Q(value__isnull=True, numerator__isnull=True, denominator__isnull=True)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent())
class Figure(FigureColumns):
    """The working copy for a series and quarter. `version` moves with every change and is named by every edit."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="figures", verbose_name=_("series"))
    quarter = QuarterField(_("quarter"))
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="figures", verbose_name=_("submission"))
    explanation = models.TextField(_("explanation"), blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["series", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["series", "quarter"], name="figure_unique"),
            models.CheckConstraint(condition=IS_FINITE_AND_SANE, name="figure_finite"),
            models.CheckConstraint(condition=IS_VALUE_OR_COUNTS, name="figure_value_or_counts"),
            models.CheckConstraint(condition=IS_NOTHING_ALONE, name="figure_nothing_alone"),
        ]
        triggers = FIGURE_GUARDS
