"""Departments: who reports. Each belongs to a region and keeps the name it had."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from departments.models.region import Region
from qscounty.web.language import in_page_language


class Department(models.Model):
    """A department of one region's government, or its leadership office (质强办)."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="departments", verbose_name=_("region"))
    code = models.SlugField(_("code"), max_length=60)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=160)
    short_zh = models.CharField(_("Chinese short name"), max_length=12)
    short_en = models.CharField(_("English short name"), max_length=40)
    is_office = models.BooleanField(_("leadership office"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["region__code", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["region", "code"], name="department_region_code_unique")]

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
