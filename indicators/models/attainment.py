"""Attainments: the computed result of every allocation and quarter, with everything it was made from."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.target import Comparator, Flag, Gap, Input, Rating
from indicators.labels import COMPARATOR_SIGNS, GAPS, RATINGS, list_choices
from indicators.models.allocation import Allocation
from indicators.models.fields import NarrowKey, QuarterField
from indicators.models.programme import Programme
from indicators.models.target import Target

ALL = 0
"""Stands for every domain or every department in the keys of roll-ups."""

DOMAIN_CODES: dict[str, int] = {domain.value: code for code, domain in enumerate(Domain, start=1)}
"""Domains as small integers, so that a row has one width. Codes are stored: add at the end, never renumber."""

_DOMAINS = {code: Domain(value) for value, code in DOMAIN_CODES.items()}


class DomainField(models.Field):
    """A domain, stored as its code in a smallint, handed out as `Domain`; None stands for all of them."""

    description = _("Domain")

    def get_internal_type(self) -> str:
        return "SmallIntegerField"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Domain | None:
        return None if value is None else _DOMAINS.get(value)

    def get_prep_value(self, value: Any) -> int | None:
        value = super().get_prep_value(value)
        return DOMAIN_CODES[value] if isinstance(value, str) else value


class Attainment(models.Model):
    """One result. Rated or a gap, never both; replaced as a whole, never edited.

    Units: values, expectations, levels, margin and miss in the unit of the target's level; `ratio` and
    `completion` are pure numbers, 1 = exactly met. Absence: null, and `gap` says why. `margin` is the largest
    miss that is still amber, null where none is. `reference` is the baseline, benchmark or value of the year
    before. `missing` has bit i for the quarter i before this one without a usable figure.

    `inputs_revision` is the newest id of an approved figure read up to this quarter; with the window and
    `missing` it names every figure used: the newest revision of each quarter with an id up to it (ADR 5).

    Keys of region, department and domain repeat what the allocation says, so that pages read one index. They
    carry no foreign keys in the database: results are derived, and checked against a recount every night.
    Source: attainment rules section 7.
    """

    # The pages' index and the key are one: rows are read by region and quarter, and an allocation has one region.
    pk = models.CompositePrimaryKey("region", "quarter", "allocation", "programme")
    programme = models.ForeignKey(
        Programme, models.CASCADE, related_name="attainments", db_constraint=False, db_index=False
    )
    # A deleted allocation's results stay until the recompute that takes them out of the roll-ups as well.
    allocation = NarrowKey(Allocation, models.DO_NOTHING, related_name="attainments")
    target = NarrowKey(Target, models.DO_NOTHING, related_name="attainments")
    region = NarrowKey(Region, models.PROTECT, related_name="attainments")
    department = NarrowKey(Department, models.PROTECT, related_name="attainments")
    inputs_revision = models.BigIntegerField(default=0)
    missing = models.BigIntegerField(default=0)
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
    elapsed = models.SmallIntegerField()  # k, not capped at `total`, below 1 before the first quarter
    total = models.SmallIntegerField()  # n
    domain = DomainField(_("domain"))
    comparator = models.SmallIntegerField(choices=list_choices(Comparator, COMPARATOR_SIGNS))
    gap = models.SmallIntegerField(_("gap"), choices=list_choices(Gap, GAPS))
    gap_input = models.SmallIntegerField(choices=list_choices(Input))
    rating = models.SmallIntegerField(_("rating"), choices=list_choices(Rating, RATINGS))
    flags = models.SmallIntegerField(default=0)  # bits of `Flag`
    rule_version = models.SmallIntegerField()
    is_veto = models.BooleanField(_("veto"), default=False)
    is_demonstration = models.BooleanField(_("demonstration"), default=False)  # made from such a figure

    class Meta:
        verbose_name = _("attainment")
        verbose_name_plural = _("attainments")
        # A full recompute writes in the order of the key, so that the rows of a page lie together: what a covering
        # index would repeat is beside each other in the table already.
        constraints = [
            models.CheckConstraint(
                condition=Q(gap=Gap.NONE.value, rating__gt=Rating.GREY.value)
                | Q(gap__gt=Gap.NONE.value, rating=Rating.GREY.value),
                name="attainment_grey_with_gap",
            ),
            # NaN is greater than every number in PostgreSQL: the upper bound refuses it together with infinity. A
            # comparison with null refuses nothing, hence “is not null”.
            models.CheckConstraint(
                condition=Q(gap=Gap.NONE.value, ratio__isnull=False, ratio__gte=0, ratio__lte=1.7e308)
                | Q(gap__gt=Gap.NONE.value, ratio__isnull=True),
                name="attainment_ratio_or_gap",
            ),
            models.CheckConstraint(
                condition=Q(measured__isnull=True) & Q(gap__in=[gap.value for gap in Gap if gap != Gap.NONE])
                | Q(measured__isnull=False, measured__gte=-1.7e308, measured__lte=1.7e308),
                name="attainment_measured_finite",
            ),
            models.CheckConstraint(condition=Q(window_start__lte=F("quarter")), name="attainment_window_in_order"),
        ]

    @property
    def flag_set(self) -> Flag:
        """What stands beside the rating."""
        return Flag(self.flags)


class ResultState(models.Model):
    """Which results of an allocation stand in the table: the fingerprint of their bytes, and their version.

    A recompute that comes to the same `fingerprint` writes nothing. `version` moves with every replacement, and
    whoever replaces must name the version it read: a result made from older figures is refused (ADR 5).
    """

    allocation = models.OneToOneField(
        Allocation, models.DO_NOTHING, primary_key=True, related_name="result_state", db_constraint=False
    )
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="+", db_constraint=False)
    version = models.BigIntegerField()
    fingerprint = models.BigIntegerField()
    rule_version = models.SmallIntegerField()
    computed_at = models.DateTimeField(_("computed at"))
