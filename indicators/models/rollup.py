"""Roll-ups: how many results of each kind a region, domain and department has, in whole numbers."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from departments.models import Department, Region
from indicators.models.attainment import ALL, DomainField
from indicators.models.fields import QuarterField
from indicators.models.programme import Programme

OUTCOMES = (
    "green",
    "amber",
    "red",
    "not_due",
    "awaiting",
    "not_reported",
    "not_applicable",
    "not_computable",
)
"""The columns of the counts, in the order of `engine.rollup.Outcome`."""

COUNTS = (*OUTCOMES, "vetoes", "at_risk", "incomplete", "demonstration")
WEIGHTS = ("attained", "weight_rated", "weight_due")


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
    and colour are never stored: `engine.cell.rate_cells` makes them from these and the thresholds. Weights are in
    the whole units of `engine.rollup.UNITS`. `department` 0 (or `domain` None) is all of them; rows of one
    department exist for regions within the department's own region. Rows are derived, hence no foreign keys.
    Source: attainment rules section 6; ADR 5.
    """

    pk = models.CompositePrimaryKey("region", "quarter", "domain", "department", "programme")
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="rollups", db_constraint=False, db_index=False
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="rollups", db_constraint=False, db_index=False)
    department = models.ForeignKey(
        Department, models.DO_NOTHING, related_name="rollups", db_constraint=False, db_index=False
    )
    attained = models.BigIntegerField(default=0)  # Σ weight x min(ratio, 1)
    weight_rated = models.BigIntegerField(default=0)
    weight_due = models.BigIntegerField(default=0)
    green = models.IntegerField(default=0)
    amber = models.IntegerField(default=0)
    red = models.IntegerField(default=0)
    not_due = models.IntegerField(default=0)
    awaiting = models.IntegerField(default=0)
    not_reported = models.IntegerField(default=0)
    not_applicable = models.IntegerField(default=0)
    not_computable = models.IntegerField(default=0)
    vetoes = models.IntegerField(default=0)  # red veto targets
    at_risk = models.IntegerField(default=0)
    incomplete = models.IntegerField(default=0)
    demonstration = models.IntegerField(default=0)  # results made from demonstration figures
    quarter = QuarterField(_("quarter"))
    domain = DomainField(_("domain"))

    objects = RollUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll-up")
        verbose_name_plural = _("roll-ups")
        # No ordering: by a foreign key it would join, and a join loses the cells of all departments.
        constraints = [
            models.CheckConstraint(
                condition=models.Q(**{f"{name}__gte": 0 for name in COUNTS}), name="rollup_counts_not_negative"
            ),
        ]

    @property
    def rated(self) -> int:
        """Number of results with a colour."""
        return self.green + self.amber + self.red

    @property
    def reported(self) -> int:
        """Number of due results with a figure: the rated, and those that cannot be computed."""
        return self.rated + self.not_computable

    @property
    def due(self) -> int:
        """Number of results that were asked for: the reported and the unreported."""
        return self.reported + self.not_reported

    @property
    def total(self) -> int:
        """Number of results, whatever they say."""
        return self.due + self.not_due + self.awaiting + self.not_applicable
