"""Check marks: which version of a figure a reviewer has looked at."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.allocation import Series
from indicators.models.submission import Submission


class CheckMark(models.Model):
    """A reviewer looked at this version of a figure; 0 where nothing was entered. It approves nothing by itself.

    The mark holds for the version alone: what is changed after a return has to be looked at again. Source: ADR 15.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="check_marks", verbose_name=_("submission"))
    series = models.ForeignKey(Series, models.PROTECT, related_name="check_marks", verbose_name=_("series"))
    figure_version = models.PositiveIntegerField(_("version"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("check mark")
        verbose_name_plural = _("check marks")
        ordering = ["submission", "series", "figure_version"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "series", "figure_version"], name="checkmark_once_a_version"),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.series_id} {self.figure_version}"
