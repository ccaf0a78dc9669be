"""Publications: a quarter frozen as an edition. What was published once is never changed, by anybody."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Programme
from indicators.models.fields import QuarterField

PUBLISHED_COLUMNS = ("published_by", "published_at", "rule_version", "inputs_revision", "as_of")


def never_emptied(table: str) -> pgtrigger.Trigger:
    """Return the guard against TRUNCATE, which no guard of single rows sees. An empty table may be emptied."""
    return pgtrigger.Trigger(
        name="never_emptied",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=f"""
    IF EXISTS (SELECT 1 FROM {table}) THEN
        RAISE EXCEPTION 'What was published is kept.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
""",  # noqa: S608  a constant
    )


class Publication(models.Model):
    """One edition of one programme's quarter: asked for by one person, published by another.

    `published_at` absent: asked for, nothing is frozen yet; there is one such row for a quarter at most. `as_of` is
    the newest approval among the frozen figures, `inputs_revision` the id of the newest one: figures are never
    changed or deleted, so this number freezes them. `manifest` gives rows and SHA-256 of each frozen part by name;
    `anchor` is the digest of the entry in the trail that records the publication.
    Source: trust rules 7, 20 and 28, cases T14 to T16; ADR 7.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="publications", verbose_name=_("programme"))
    quarter = QuarterField(_("quarter"))
    edition = models.PositiveSmallIntegerField(_("edition"))
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    rule_version = models.SmallIntegerField(_("rule version"), null=True, blank=True)
    inputs_revision = models.BigIntegerField(null=True, blank=True)
    as_of = models.DateTimeField(null=True, blank=True)
    manifest = models.JSONField(_("manifest"), default=dict, blank=True)
    anchor = models.CharField(_("anchor"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["programme", "quarter", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "quarter", "edition"], name="publication_edition_unique"),
            models.UniqueConstraint(
                fields=["programme", "quarter"],
                condition=Q(published_at__isnull=True),
                name="publication_one_asked_for",
            ),
            models.CheckConstraint(condition=Q(edition__gte=1), name="publication_edition_from_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="publication_with_reason"),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("asked_by")),
                name="publication_two_people",
            ),
            models.CheckConstraint(
                condition=Q(**{f"{name}__isnull": True for name in PUBLISHED_COLUMNS}, manifest={}, anchor="")
                | Q(**{f"{name}__isnull": False for name in PUBLISHED_COLUMNS}) & ~Q(manifest={}) & ~Q(anchor=""),
                name="publication_whole_or_asked_for",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_emptied("reports_publication"),
        ]

    @property
    def basis(self) -> str:
        """The word for this edition in addresses."""
        return f"publication-{self.edition}"
