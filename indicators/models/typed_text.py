"""Typed texts: what a clerk typed and could not be saved, kept until it is corrected or chosen."""

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

    Either nobody can read it as a figure, or someone else changed the figure meanwhile: `version_seen` is the version
    that stood on the typist's page, 0 for an empty cell, and where another stands now the row is in dispute. It is gone
    as soon as somebody who has seen it saves the row, or chooses what stands. `submission` and `quarter` are those of
    the form, which cannot be submitted while a text of it stands.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="typed_texts", verbose_name=_("submission"))
    series = models.ForeignKey(Series, models.PROTECT, related_name="typed_texts", verbose_name=_("series"))
    quarter = QuarterField(_("quarter"))
    texts = models.JSONField(_("typed"))
    version_seen = models.PositiveIntegerField(_("version"), default=0, db_default=0)
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
