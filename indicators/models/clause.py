"""Clauses: the numbered places of a programme in which targets stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.programme import Programme
from qscounty.web.language import in_page_language


class Clause(models.Model):
    """A numbered place with a paraphrase of what it asks; the text itself is not kept."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="clauses", verbose_name=_("programme"))
    number = models.CharField(_("number"), max_length=20)
    title_zh = models.CharField(_("Chinese title"), max_length=400)
    title_en = models.CharField(_("English title"), max_length=400)
    gist_zh = models.TextField(_("Chinese gist"))
    gist_en = models.TextField(_("English gist"))
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["programme", "position"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="clause_number_unique")]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """Title in the language of the page."""
        return in_page_language(self.title_zh, self.title_en)

    @property
    def gist(self) -> str:
        """Paraphrase in the language of the page."""
        return in_page_language(self.gist_zh, self.gist_en)
