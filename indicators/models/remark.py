"""Remarks: what a reviewer asks to change in one cell of a returned form."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.allocation import Series
from indicators.models.submission import Submission


class Remark(models.Model):
    """A reviewer's words on one figure, written with the return that moved the form to `submission_version`."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="remarks", verbose_name=_("submission"))
    series = models.ForeignKey(Series, models.PROTECT, related_name="remarks", verbose_name=_("series"))
    submission_version = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("remark"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["submission", "submission_version", "id"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "series", "submission_version"], name="remark_one_a_return"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_not_empty"),
        ]
        triggers = [pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)]
