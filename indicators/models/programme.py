"""Programmes: the documents that set targets."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department, Region
from indicators.models.fields import QuarterField
from qscounty.web.language import in_page_language


class Programme(models.Model):
    """One programme document: whose it is, when it runs, and what in it is doubtful."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    seed = models.CharField(_("seed"), max_length=3, blank=True)
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=300)
    short_zh = models.CharField(_("Chinese short name"), max_length=20)
    short_en = models.CharField(_("English short name"), max_length=40)
    region = models.ForeignKey(Region, models.PROTECT, related_name="programmes", verbose_name=_("region"))
    office = models.ForeignKey(
        Department, models.PROTECT, related_name="led_programmes", verbose_name=_("leadership office")
    )
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"))
    first_quarter = QuarterField(_("first quarter"))
    last_quarter = QuarterField(_("last quarter"))
    conventions = models.JSONField(_("conventions"), default=dict)
    doubts = models.JSONField(_("doubts"), default=dict)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_quarter__gte=F("first_quarter")), name="programme_quarters_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the language of the page."""
        return in_page_language(self.name_zh, self.name_en)

    @property
    def short_name(self) -> str:
        """Short name in the language of the page."""
        return in_page_language(self.short_zh, self.short_en)
