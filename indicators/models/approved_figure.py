"""Approved figures: what the engine reads. Every approval adds a revision; none is ever changed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.allocation import Series
from indicators.models.fields import QuarterField
from indicators.models.figure import IS_FINITE_AND_SANE, IS_NOTHING_ALONE, IS_VALUE_OR_COUNTS, FigureColumns
from indicators.models.submission import Submission

ORDER_OF_COMMIT = 0x51_5C
"""The class of the advisory lock under which figures are added."""


class Origin(models.TextChoices):
    """Where an approved figure comes from; the last two are said wherever the figure is shown."""

    REPORTED = "reported", _("Reported")
    PUBLISHED = "published", _("Published")
    DEMONSTRATION = "demonstration", _("Demonstration data")


class Source(models.Model):
    """The publication from which a published figure was taken."""

    title = models.CharField(_("title"), max_length=300)
    address = models.CharField(_("address"), max_length=500)
    quote = models.CharField(_("quote"), max_length=200, blank=True)
    period_text = models.CharField(_("period"), max_length=60, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")


class ApprovedFigure(FigureColumns):
    """One revision of an approved figure; the current one has `is_current`.

    `id` grows with every approval, in the order in which approvals are committed: whoever has read an id will never
    meet a lower one that was not there. So a result, an edition and a reader's pages name what they read by the newest
    id (ADR 5). The database keeps the order: who adds figures waits for whoever is adding some to commit.
    """

    series = models.ForeignKey(
        Series,
        models.PROTECT,
        related_name="approved_figures",
        verbose_name=_("series"),
        db_index=False,  # both unique keys begin with it
    )
    quarter = QuarterField(_("quarter"))
    revision = models.PositiveIntegerField(_("revision"), default=1)
    is_current = models.BooleanField(default=True)
    origin = models.CharField(_("origin"), max_length=14, choices=Origin, default=Origin.REPORTED)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("source")
    )
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="approved_figures")
    figure_version = models.PositiveIntegerField(default=1)
    explanation = models.TextField(_("explanation"), blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved at"))

    class Meta:
        verbose_name = _("approved figure")
        verbose_name_plural = _("approved figures")
        ordering = ["series", "quarter", "revision"]
        constraints = [
            models.UniqueConstraint(fields=["series", "quarter", "revision"], name="approvedfigure_revision_unique"),
            models.UniqueConstraint(
                fields=["series", "quarter"],
                condition=Q(is_current=True),
                # All that a recompute reads: a series lies in one place of the index, its rows in forty of the table.
                include=["id", "value", "numerator", "denominator", "nothing_occurred", "origin"],
                name="approvedfigure_one_current",
            ),
            models.CheckConstraint(condition=IS_FINITE_AND_SANE, name="approvedfigure_finite"),
            models.CheckConstraint(condition=IS_VALUE_OR_COUNTS, name="approvedfigure_value_or_counts"),
            models.CheckConstraint(condition=IS_NOTHING_ALONE, name="approvedfigure_nothing_alone"),
            models.CheckConstraint(
                condition=~Q(origin="published") | Q(source__isnull=False), name="approvedfigure_source_kept"
            ),
            models.CheckConstraint(
                condition=~Q(origin="reported")
                | Q(approved_by__isnull=False, entered_by__isnull=False) & ~Q(approved_by=models.F("entered_by")),
                name="approvedfigure_four_eyes",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="only_superseded", exclude=["is_current"]),
            pgtrigger.Trigger(
                name="ids_in_order_of_commit",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                # Before a row gets its number; let go after the commit can be seen. Source: ADR 5.
                func=f"PERFORM pg_advisory_xact_lock({ORDER_OF_COMMIT}, 0); RETURN NULL;",
            ),
        ]
