"""Typed texts: what a clerk typed and nobody can read as a figure, kept until it is corrected."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.allocation import Series
from indicators.models.fields import QuarterField
from indicators.models.guards import EVIDENCE_GUARDS
from indicators.models.submission import Submission


class TypedText(models.Model):
    """The fields of one row as they were typed, by name; never a figure, and no history: the newest text stands.

    It is gone as soon as the row is saved as something that can be read. `submission` and `quarter` are those of the
    form, which cannot be submitted while a text of it stands.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="typed_texts", verbose_name=_("submission"))
    series = models.ForeignKey(Series, models.PROTECT, related_name="typed_texts", verbose_name=_("series"))
    quarter = QuarterField(_("quarter"))
    texts = models.JSONField(_("typed"))
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("person"))
    typed_at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("typed text")
        verbose_name_plural = _("typed texts")
        ordering = ["submission", "series"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "series"], name="typedtext_one_a_row"),
            models.CheckConstraint(condition=~Q(texts={}), name="typedtext_not_empty"),
        ]
        triggers = EVIDENCE_GUARDS

    def __str__(self) -> str:
        return f"{self.submission_id} {self.series_id}"
