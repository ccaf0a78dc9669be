"""Bulletins (通报): written from a quarter's results, edited as drafts, and kept for ever as they were issued."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from indicators.models import Programme
from indicators.models.fields import QuarterField
from reports.models.publication import Publication, never_emptied

ISSUED_COLUMNS = ("issued_by", "issued_at", "year", "number", "file")


class Bulletin(models.Model):
    """One bulletin about a quarter of a programme, of an edition or (`publication` absent) of approved figures.

    `sections` holds for each section `key`, `text` (a line a paragraph), and `figures`: the tables and charts as they
    were when the section was last written from the results. `version` counts what was saved. A draft has no issuer;
    `year` and `number` are the serial number 〔year〕number of `office`. `file` is the issued Word document, with its
    `sha256` and `size`. Whoever saved last does not issue. A draft that is not to be issued is discarded with a reason,
    and stays to be read. Lists defer `file` and `sections`.
    Source: trust rules 7 and 20; issue 6, part 3.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="bulletins", verbose_name=_("programme"))
    office = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name=_("leadership office"))
    quarter = QuarterField(_("quarter"))
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="bulletins", verbose_name=_("publication")
    )
    title = models.CharField(_("title"), max_length=200)
    sections = models.JSONField(_("sections"))
    version = models.PositiveIntegerField(_("version"), default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("edited by")
    )
    edited_at = models.DateTimeField(_("edited at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued by")
    )
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("discarded by"),
    )
    discarded_at = models.DateTimeField(_("discarded at"), null=True, blank=True)
    discard_reason = models.CharField(_("reason"), max_length=500, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0)
    file = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["programme", "-quarter", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "quarter"],
                condition=Q(issued_at__isnull=True, discarded_at__isnull=True),
                name="bulletin_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(discarded_at__isnull=True, discarded_by__isnull=True, discard_reason="")
                | Q(discarded_at__isnull=False, discarded_by__isnull=False, issued_at__isnull=True)
                & ~Q(discard_reason=""),
                name="bulletin_discarded_with_reason",
            ),
            models.UniqueConstraint(fields=["office", "year", "number"], name="bulletin_number_unique"),
            models.CheckConstraint(
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("edited_by")), name="bulletin_two_people"
            ),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": True for name in ISSUED_COLUMNS}, sha256="", size=0)
                | Q(**{f"{name}__isnull": False for name in ISSUED_COLUMNS}, size__gt=0) & ~Q(sha256=""),
                name="bulletin_whole_or_draft",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="issued_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__issued_at__isnull=False) | pgtrigger.Q(old__discarded_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("reports_bulletin"),
        ]

    @property
    def is_issued(self) -> bool:
        """Whether it is issued, and stays as it is."""
        return self.issued_at is not None

    @property
    def is_discarded(self) -> bool:
        """Whether the draft was discarded, and stays as it is."""
        return self.discarded_at is not None

    @property
    def is_draft(self) -> bool:
        """Whether it can still be edited."""
        return not self.is_issued and not self.is_discarded

    @property
    def serial(self) -> str:
        """The serial number, "" of a draft."""
        return f"〔{self.year}〕{self.number}号" if self.is_issued else ""
