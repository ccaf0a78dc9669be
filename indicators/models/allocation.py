"""Allocations: a target given to one region; and the series of figures that serves it."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from departments.models import Department, Region
from indicators.models.fields import FigureField
from indicators.models.indicator import Indicator
from indicators.models.target import Target


class Series(models.Model):
    """One indicator, measured for one region and reported by one department.

    Figures belong to a series, so that two targets on the same thing share one entry. Source: ADR 3.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="series", verbose_name=_("indicator"))
    region = models.ForeignKey(Region, models.PROTECT, related_name="series", verbose_name=_("region"))
    department = models.ForeignKey(Department, models.PROTECT, related_name="series", verbose_name=_("department"))

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["department", "indicator", "region"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "region", "department"], name="series_unique"),
        ]
        # Stored results lie by region, and figures are of what they were entered for. Departments do change: reforms
        # merge them.
        triggers = [pgtrigger.ReadOnly(name="series_stays", fields=["indicator", "region"])]


class Allocation(models.Model):
    """A target for one region, reported through one series, with its own level or weight where it has one.

    `level`, `level_hi`, `baseline` and `weight` absent mean the target's own. `is_demonstration` marks a
    decomposition that no document states.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="allocations", verbose_name=_("target"))
    series = models.ForeignKey(Series, models.PROTECT, related_name="allocations", verbose_name=_("series"))
    level = FigureField(_("level"), null=True, blank=True)
    level_hi = FigureField(_("upper level"), null=True, blank=True)
    baseline = FigureField(_("baseline"), null=True, blank=True)
    weight = FigureField(_("weight"), null=True, blank=True)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        ordering = ["target__position", "series__region__position"]
        constraints = [models.UniqueConstraint(fields=["target", "series"], name="allocation_unique")]
