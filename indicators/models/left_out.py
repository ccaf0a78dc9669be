"""Sentences of a programme that set no target, each with the reason, so that none is forgotten."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.clause import Clause
from indicators.models.programme import Programme
from qscounty.web.language import in_page_language


class LeftOut(models.Model):
    """A goal with neither a number nor a checkable condition: its words, and why no target was made of it.

    `position` counts from 1 in the order of the catalogue file. Source: ADR 4.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="left_out", verbose_name=_("programme"))
    clause = models.ForeignKey(Clause, models.CASCADE, related_name="left_out", verbose_name=_("clause"))
    quote = models.CharField(_("words of the sentence"), max_length=25)
    reason_zh = models.TextField(_("Chinese reason"))
    reason_en = models.TextField(_("English reason"))
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("sentence left out")
        verbose_name_plural = _("sentences left out")
        ordering = ["programme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "position"], name="leftout_position_unique"),
            models.CheckConstraint(
                condition=~models.Q(quote="") & ~models.Q(reason_zh="") & ~models.Q(reason_en=""),
                name="leftout_words_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.quote

    @property
    def reason(self) -> str:
        """Why no target was made of it, in the language of the page."""
        return in_page_language(self.reason_zh, self.reason_en)
