"""Administrative regions: the GB/T 2260 tree with the names valid at a programme's time."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qscounty.web.language import in_page_language


class Level(models.TextChoices):
    """The levels of the tree, from the top down."""

    PROVINCE = "province", _("Province")
    CITY = "city", _("City")
    COUNTY = "county", _("County")
    TOWNSHIP = "township", _("Township")


class RegionQuerySet(models.QuerySet["Region"]):
    """Reads along the tree; a code is a prefix of every code below it."""

    def within(self, code: str) -> "RegionQuerySet":
        """Return the region `code` and everything below it."""
        return self.filter(code__startswith=code)

    def below(self, code: str, level: str) -> "RegionQuerySet":
        """Return the regions of one level below `code`, in customary order."""
        return self.filter(code__startswith=code, level=level).exclude(code=code).order_by("position", "code")


class Region(models.Model):
    """A province, city, county or township under the name it had.

    `code` has 2, 4, 6 or 9 digits, each a prefix of the ones below it (GB/T 2260, townships GB/T 10114).
    `valid_from` and `valid_to` are years; absent means without a known end. `position` is the customary
    order: names are never sorted in SQL (no pinyin order there).
    """

    code = models.CharField(
        _("code"), max_length=9, unique=True, validators=[RegexValidator(r"^\d{2}(\d{2})?(\d{2})?(\d{3})?$")]
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("parent")
    )
    level = models.CharField(_("level"), max_length=8, choices=Level)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=80)
    short_zh = models.CharField(_("Chinese short name"), max_length=20)
    position = models.PositiveIntegerField(_("position"), default=0)
    valid_from = models.PositiveSmallIntegerField(_("valid from year"), null=True, blank=True)
    valid_to = models.PositiveSmallIntegerField(_("valid to year"), null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["position", "code"]
        indexes = [models.Index(fields=["code"], name="region_code_prefix", opclasses=["varchar_pattern_ops"])]
        constraints = [
            models.CheckConstraint(condition=Q(code__regex=r"^(\d{2}|\d{4}|\d{6}|\d{9})$"), name="region_code_digits"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="region_valid_years_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Name in the language of the page."""
        return in_page_language(self.name_zh, self.name_en)

    @property
    def short_name(self) -> str:
        """Short name in the language of the page; English has no shorter one."""
        return in_page_language(self.short_zh, self.name_en)
