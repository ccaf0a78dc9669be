"""Indicators: what is measured, in which unit, which way is better, and from which counts."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.domains import Domain
from indicators.engine.target import Aggregation, Scale
from indicators.labels import DOMAINS, list_choices
from qscounty.web.language import in_page_language


class Direction(models.TextChoices):
    """Which way is better."""

    HIGHER = "higher", _("higher is better")
    LOWER = "lower", _("lower is better")
    RANGE = "range", _("inside a range is best")


class Indicator(models.Model):
    """What is measured. A counted indicator is entered as numerator and denominator, any other as a value."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    domain = models.CharField(_("domain"), max_length=12, choices=[(d.value, DOMAINS[d.value]) for d in Domain])
    name_zh = models.CharField(_("Chinese name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=300)
    unit_zh = models.CharField(_("Chinese unit"), max_length=20)
    unit_en = models.CharField(_("English unit"), max_length=40)
    scale = models.SmallIntegerField(_("kind of quantity"), choices=list_choices(Scale))
    direction = models.CharField(_("direction"), max_length=6, choices=Direction)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    aggregation = models.SmallIntegerField(_("roll-up of values"), choices=list_choices(Aggregation))
    definition_zh = models.TextField(_("Chinese definition"))
    definition_en = models.TextField(_("English definition"))
    numerator_zh = models.CharField(_("Chinese numerator"), max_length=200, blank=True)
    numerator_en = models.CharField(_("English numerator"), max_length=200, blank=True)
    denominator_zh = models.CharField(_("Chinese denominator"), max_length=200, blank=True)
    denominator_en = models.CharField(_("English denominator"), max_length=200, blank=True)
    # What it is a part of, where the document says so (其中): the part of a quarter cannot be more than the whole.
    whole = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(numerator_zh="", denominator_zh="") | ~Q(numerator_zh="") & ~Q(denominator_zh=""),
                name="indicator_parts_together",
            ),
            models.CheckConstraint(condition=Q(decimals__lte=6), name="indicator_decimals_at_most_six"),
            models.CheckConstraint(
                condition=Q(whole__isnull=True) | ~Q(whole=F("pk")), name="indicator_no_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_counted(self) -> bool:
        """Whether it is entered as numerator and denominator."""
        return bool(self.numerator_zh)

    @property
    def name(self) -> str:
        """Name in the language of the page."""
        return in_page_language(self.name_zh, self.name_en)

    @property
    def unit(self) -> str:
        """Unit in the language of the page."""
        return in_page_language(self.unit_zh, self.unit_en)

    @property
    def definition(self) -> str:
        """What is counted and how, in the language of the page."""
        return in_page_language(self.definition_zh, self.definition_en)

    @property
    def numerator(self) -> str:
        """Wording of the numerator in the language of the page; empty where a value is entered."""
        return in_page_language(self.numerator_zh, self.numerator_en)

    @property
    def denominator(self) -> str:
        """Wording of the denominator in the language of the page; empty where a value is entered."""
        return in_page_language(self.denominator_zh, self.denominator_en)
