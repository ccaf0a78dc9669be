"""Benchmarks: the superior's or the peers' value against which a target is held, quarter by quarter."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.approved_figure import Source
from indicators.models.fields import FigureField, QuarterField
from indicators.models.target import Target


class BenchmarkFigure(models.Model):
    """The benchmark of a target for a quarter; where there is none yet, the result awaits it.

    `place` is the region's rank among its peers, 1 = best, for targets held by rank.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="benchmark_figures", verbose_name=_("target"))
    quarter = QuarterField(_("quarter"))
    value = FigureField(_("value"), null=True, blank=True)
    place = models.PositiveSmallIntegerField(_("place"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="benchmark_figures")

    class Meta:
        verbose_name = _("benchmark figure")
        verbose_name_plural = _("benchmark figures")
        ordering = ["target", "quarter"]
        constraints = [
            models.UniqueConstraint(fields=["target", "quarter"], name="benchmarkfigure_unique"),
            models.CheckConstraint(
                condition=models.Q(place__isnull=True) | models.Q(place__gte=1),
                name="benchmarkfigure_place_from_one",
            ),
        ]
