"""The frozen rows of an edition: results, roll-ups, and the catalogue with its thresholds.

Columns bear the names of the live tables, so that every page reads either through the same selector; tests compare
them with the live ones. Source: trust rules 7 and 20; ADR 7.
"""

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from departments.models import Department, Region
from indicators.engine.target import Flag
from indicators.models import Allocation, Programme, Target
from indicators.models.attainment import DomainField
from indicators.models.fields import FigureField, QuarterField
from indicators.models.rollup import RollUpQuerySet
from reports.models.publication import Publication, never_emptied

_REFUSE_LATE_ROWS = """
    IF EXISTS (SELECT 1 FROM added JOIN reports_publication p ON p.id = added.publication_id
               WHERE p.published_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The edition is published; nothing is added to it.' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
"""


def _list_guards(table: str) -> list[pgtrigger.Trigger]:
    """Return what keeps frozen rows: no change, no deletion, and no row more once the edition is published."""
    return [
        pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name="nothing_added",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="added"),
            func=_REFUSE_LATE_ROWS,
        ),
        never_emptied(table),
    ]


def _key(
    model: type[models.Model], *, on_delete: Any = models.DO_NOTHING, db_constraint: bool = True, db_index: bool = False
) -> Any:
    """Return a key of a frozen row: no index of its own; the allocation holds everything it names in place."""
    return models.ForeignKey(
        model, on_delete=on_delete, related_name="+", db_constraint=db_constraint, db_index=db_index
    )


class PublishedResult(models.Model):
    """One result as it was published. Columns, units and absence as in `Attainment`.

    `place` is its place in the provincial workbook. `series_id`, `baseline` and `is_decomposed_for_show` are those
    of the allocation at that time.
    """

    pk = models.CompositePrimaryKey("publication", "allocation", "quarter")
    publication = _key(Publication, on_delete=models.PROTECT)
    programme = _key(Programme, db_constraint=False)
    allocation = _key(Allocation, on_delete=models.PROTECT, db_index=True)
    target = _key(Target, db_constraint=False)
    region = _key(Region, db_constraint=False)
    department = _key(Department, db_constraint=False)
    place = models.IntegerField()
    series_id = models.BigIntegerField()
    baseline = FigureField(null=True)
    is_decomposed_for_show = models.BooleanField()
    inputs_revision = models.BigIntegerField()
    missing = models.BigIntegerField()
    computed_at = models.DateTimeField(_("computed at"))
    weight = models.FloatField(_("weight"))
    accumulated = models.FloatField(null=True)
    numerator = models.FloatField(_("numerator"), null=True)
    denominator = models.FloatField(_("denominator"), null=True)
    measured = models.FloatField(_("measured value"), null=True)
    expected = models.FloatField(_("expected level"), null=True)
    expected_hi = models.FloatField(null=True)
    level = models.FloatField(_("level"), null=True)
    level_hi = models.FloatField(null=True)
    reference = models.FloatField(null=True)
    margin = models.FloatField(_("margin"), null=True)
    miss = models.FloatField(null=True)
    ratio = models.FloatField(_("attainment ratio"), null=True)
    completion = models.FloatField(null=True)
    quarter = QuarterField(_("quarter"))
    window_start = QuarterField()
    elapsed = models.SmallIntegerField()
    total = models.SmallIntegerField()
    domain = DomainField(_("domain"))
    comparator = models.SmallIntegerField()
    gap = models.SmallIntegerField(_("gap"))
    gap_input = models.SmallIntegerField()
    rating = models.SmallIntegerField(_("rating"))
    flags = models.SmallIntegerField()
    rule_version = models.SmallIntegerField()
    is_veto = models.BooleanField(_("veto"))
    is_demonstration = models.BooleanField(_("demonstration"))

    class Meta:
        verbose_name = _("published result")
        verbose_name_plural = _("published results")
        indexes = [models.Index(fields=["publication", "quarter", "place"], name="publishedresult_places")]
        triggers = _list_guards("reports_publishedresult")

    @property
    def flag_set(self) -> Flag:
        """What stands beside the rating."""
        return Flag(self.flags)


class PublishedRollUp(models.Model):
    """One cell as it was published. Columns as in `RollUp`."""

    pk = models.CompositePrimaryKey("publication", "region", "quarter", "domain", "department")
    publication = _key(Publication, on_delete=models.PROTECT)
    programme = _key(Programme, db_constraint=False)
    region = _key(Region, db_constraint=False)
    department = _key(Department, db_constraint=False)
    attained = models.BigIntegerField()
    weight_rated = models.BigIntegerField()
    weight_due = models.BigIntegerField()
    green = models.IntegerField()
    amber = models.IntegerField()
    red = models.IntegerField()
    not_due = models.IntegerField()
    awaiting = models.IntegerField()
    not_reported = models.IntegerField()
    not_applicable = models.IntegerField()
    not_computable = models.IntegerField()
    vetoes = models.IntegerField()
    at_risk = models.IntegerField()
    incomplete = models.IntegerField()
    demonstration = models.IntegerField()
    quarter = QuarterField(_("quarter"))
    domain = DomainField(_("domain"))

    objects = RollUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("published roll-up")
        verbose_name_plural = _("published roll-ups")
        triggers = _list_guards("reports_publishedrollup")


class PublishedPart(models.Model):
    """A frozen text: the catalogue of the programme with regions, departments and thresholds, as canonical JSON."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="parts")
    name = models.CharField(max_length=20)
    text = models.TextField()

    class Meta:
        verbose_name = _("published part")
        verbose_name_plural = _("published parts")
        constraints = [models.UniqueConstraint(fields=["publication", "name"], name="publishedpart_unique")]
        triggers = _list_guards("reports_publishedpart")
