"""Responsibility letters (目标责任书): what a region or department was given, frozen when it was issued."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department, Region
from indicators.models import Programme
from reports.models.publication import never_emptied


class Letter(models.Model):
    """One letter to one recipient: a region or a department, never both.

    `number` 0 is the letter itself, n its n-th addendum (补充责任书). `content` holds every word of the targets as they
    stood (see `reports.letters.terms`), and of an addendum what changed; `content_sha256` is the hash of its canonical
    JSON. `file` is the Word document made from it, kept so that it stays what was issued whatever later versions would
    make of the same content; `file_sha256` and `size` are its. Lists defer it.
    `job` is the one that issued it: done twice, it issues once. Source: trust rule 20; issue 6, part 4.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="letters", verbose_name=_("programme"))
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="letters")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="letters")
    number = models.PositiveSmallIntegerField(_("number"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"))
    content = models.JSONField(_("content"))
    content_sha256 = models.CharField(max_length=64)
    file_sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(_("size"))
    job = models.ForeignKey(
        "reports.ExportJob", models.PROTECT, null=True, blank=True, related_name="letters", verbose_name=_("export")
    )
    file = models.BinaryField()

    class Meta:
        verbose_name = _("responsibility letter")
        verbose_name_plural = _("responsibility letters")
        ordering = ["programme", "region", "department", "number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True, department__isnull=False)
                | Q(region__isnull=False, department__isnull=True),
                name="letter_to_one_recipient",
            ),
            models.UniqueConstraint(
                fields=["programme", "region", "number"],
                condition=Q(region__isnull=False),
                name="letter_number_unique_for_region",
            ),
            models.UniqueConstraint(
                fields=["programme", "department", "number"],
                condition=Q(department__isnull=False),
                name="letter_number_unique_for_department",
            ),
            models.CheckConstraint(
                condition=~Q(content_sha256="") & ~Q(file_sha256="") & Q(size__gt=0), name="letter_with_hashes"
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            never_emptied("reports_letter"),
        ]
