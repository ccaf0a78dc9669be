"""Roll-ups: how many results of each kind a region, domain and department has, in whole numbers."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from departments.models import Department, Region
from indicators.models.attainment import ALL, DomainField
from indicators.models.fields import QuarterField
from indicators.models.programme import Programme


class RollUpQuerySet(models.QuerySet["RollUp"]):
    """Reads by axis; every row belongs to exactly one of the four."""

    def overall(self) -> Self:
        """Return the rows of all domains and all departments."""
        return self.filter(domain=ALL, department=ALL)

    def by_domain(self) -> Self:
        """Return the rows of each domain over all departments."""
        return self.filter(domain__gt=ALL, department=ALL)

    def by_department(self) -> Self:
        """Return the rows of each department over all domains."""
        return self.filter(domain=ALL, department__gt=ALL)

    def by_domain_and_department(self) -> Self:
        """Return the rows of each domain of each department."""
        return self.filter(domain__gt=ALL, department__gt=ALL)


class RollUp(models.Model):
    """The sums of one cell: a region with everything below it, one quarter, one or all domains and departments.

    Whole numbers only, so that moving a cell by a difference and counting it again agree to the bit. Score, coverage
    and colour are never stored: `engine.rollup.cell` makes them from these and the thresholds. Weights are in
    millionths. `department` 0 (or `domain` None) is all of them; rows of one department exist for regions within
    the department's own region. Rows are derived, hence no foreign keys in the database.
    Source: attainment rules section 6; ADR 5.
    """

    pk = models.CompositePrimaryKey("programme", "quarter", "region", "domain", "department")
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="rollups", db_constraint=False, db_index=False
    )
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="rollups", db_constraint=False, db_index=False
    )
    department = models.ForeignKey(
        Department, models.DO_NOTHING, related_name="rollups", db_constraint=False, db_index=False
    )
    weight_due = models.BigIntegerField(default=0)
    weight_rated = models.BigIntegerField(default=0)
    weight_score = models.BigIntegerField(default=0)  # Σ weight x min(ratio, 1)
    total = models.IntegerField(default=0)
    due = models.IntegerField(_("due"), default=0)
    reported = models.IntegerField(_("reported"), default=0)
    green = models.IntegerField(default=0)
    amber = models.IntegerField(default=0)
    red = models.IntegerField(default=0)
    not_due = models.IntegerField(default=0)
    awaiting = models.IntegerField(default=0)
    not_reported = models.IntegerField(default=0)
    not_applicable = models.IntegerField(default=0)
    not_computable = models.IntegerField(default=0)
    veto_red = models.IntegerField(default=0)
    at_risk = models.IntegerField(default=0)
    incomplete = models.IntegerField(default=0)
    demonstration = models.IntegerField(default=0)
    quarter = QuarterField(_("quarter"))
    domain = DomainField(_("domain"))

    objects = RollUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll-up")
        verbose_name_plural = _("roll-ups")
        ordering = ["programme", "quarter", "region", "domain", "department"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    total=models.F("green")
                    + models.F("amber")
                    + models.F("red")
                    + models.F("not_due")
                    + models.F("awaiting")
                    + models.F("not_reported")
                    + models.F("not_applicable")
                    + models.F("not_computable"),
                    green__gte=0,
                    amber__gte=0,
                    red__gte=0,
                    total__gte=0,
                ),
                name="rollup_counts_add_up",
            ),
        ]
