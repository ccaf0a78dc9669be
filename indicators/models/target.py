"""Targets: one bound from one clause, with its time, its way of counting and its responsible units."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from departments.models import Department
from indicators.engine.target import (
    Accumulation,
    Basis,
    Comparator,
    CompareOn,
    MarginKind,
    Path,
    RatioRule,
    Window,
)
from indicators.labels import ACCUMULATIONS, BASES, COMPARATOR_SIGNS, PATHS, WINDOWS, list_choices
from indicators.models.clause import Clause
from indicators.models.fields import FigureField, QuarterField
from indicators.models.indicator import Indicator
from indicators.models.programme import Programme
from qscounty.web.language import in_page_language

# A growth is a percentage whatever grows; a distance between rates is in points; a rank counts places.
_UNITS_BY_BASIS: dict[int, tuple[str, str]] = {
    Basis.GROWTH: ("%", "%"),
    Basis.AVERAGE_GROWTH: ("%", "%"),
    Basis.GROWTH_ON_BASELINE: ("%", "%"),
    Basis.REDUCTION: ("%", "%"),
    Basis.POINTS: ("个百分点", "percentage points"),
    Basis.RANK: ("位", "place"),
}


class Target(models.Model):
    """Indicator, comparator, level and time from one clause.

    `level` absent: someone else still gives it (the gap awaiting; `doubt` says who). `margin` absent: the
    default of the kind of quantity (thresholds). `baseline_quarter` is the quarter that a fixed baseline speaks
    of; a growth without one is held against the year before. `schedule` maps quarters to interim levels, `season` holds
    four cumulative shares. Units: level and baseline in the indicator's unit, weight a pure number.
    Source: attainment rules sections 1 to 5.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="targets", verbose_name=_("programme"))
    code = models.SlugField(_("code"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="targets", verbose_name=_("clause"))
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name=_("indicator"))
    comparator = models.SmallIntegerField(_("comparator"), choices=list_choices(Comparator, COMPARATOR_SIGNS))
    level = FigureField(_("level"), null=True, blank=True)
    level_hi = FigureField(_("upper level"), null=True, blank=True)
    baseline = FigureField(_("baseline"), null=True, blank=True)
    baseline_zh = models.CharField(_("Chinese baseline wording"), max_length=200, blank=True)
    baseline_en = models.CharField(_("English baseline wording"), max_length=200, blank=True)
    baseline_quarter = QuarterField(_("baseline quarter"), null=True, blank=True)
    first_quarter = QuarterField(_("first quarter"))
    due_quarter = QuarterField(_("due quarter"))
    path = models.SmallIntegerField(_("path"), choices=list_choices(Path, PATHS))
    window = models.SmallIntegerField(_("window"), choices=list_choices(Window, WINDOWS))
    accumulation = models.SmallIntegerField(_("accumulation"), choices=list_choices(Accumulation, ACCUMULATIONS))
    basis = models.SmallIntegerField(_("basis"), choices=list_choices(Basis, BASES), default=Basis.LEVEL.value)
    scope_zh = models.CharField(_("Chinese scope"), max_length=200)
    scope_en = models.CharField(_("English scope"), max_length=200)
    quote = models.CharField(_("words of the bound"), max_length=25)
    doubt_zh = models.TextField(_("Chinese doubt"), blank=True)
    doubt_en = models.TextField(_("English doubt"), blank=True)
    margin_kind = models.SmallIntegerField(_("margin kind"), choices=list_choices(MarginKind), null=True, blank=True)
    margin = FigureField(_("margin"), null=True, blank=True)
    compare_on = models.SmallIntegerField(choices=list_choices(CompareOn), default=CompareOn.FULL.value)
    ratio_rule = models.SmallIntegerField(choices=list_choices(RatioRule), default=RatioRule.PLAIN.value)
    weight = FigureField(_("weight"), default=1)
    veto = models.BooleanField(_("veto"), default=False)
    schedule = models.JSONField(default=dict, blank=True)
    season = models.JSONField(default=list, blank=True)
    departments = models.ManyToManyField(Department, through="TargetDepartment", related_name="targets")
    position = models.PositiveIntegerField(_("position"))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["programme", "position"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code", "version"], name="target_code_version_unique"),
            models.CheckConstraint(
                condition=Q(comparator=Comparator.BETWEEN.value, level_hi__isnull=False, level__lt=F("level_hi"))
                | ~Q(comparator=Comparator.BETWEEN.value) & Q(level_hi__isnull=True),
                name="target_upper_level_only_between",
            ),
            models.CheckConstraint(condition=Q(due_quarter__gte=F("first_quarter")), name="target_due_after_first"),
            models.CheckConstraint(
                condition=Q(level__isnull=False) | ~Q(doubt_zh=""), name="target_awaited_level_explained"
            ),
            models.CheckConstraint(
                condition=Q(margin_kind__isnull=True, margin__isnull=True)
                | Q(margin_kind=MarginKind.NONE.value, margin__isnull=True)
                | Q(margin_kind__in=[MarginKind.RELATIVE.value, MarginKind.ABSOLUTE.value], margin__gte=0),
                name="target_margin_with_kind",
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="target_weight_positive"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def scope(self) -> str:
        """For whom the bound holds, in the language of the page."""
        return in_page_language(self.scope_zh, self.scope_en)

    @property
    def doubt(self) -> str:
        """What the document leaves doubtful, in the language of the page; empty where nothing is."""
        return in_page_language(self.doubt_zh, self.doubt_en)

    @property
    def unit_of_level_zh(self) -> str:
        """Unit of level and measured value in Chinese: that of the basis where it is not the indicator's."""
        return _UNITS_BY_BASIS.get(self.basis, (self.indicator.unit_zh, self.indicator.unit_en))[0]

    @property
    def unit_of_level_en(self) -> str:
        """The same unit in English."""
        return _UNITS_BY_BASIS.get(self.basis, (self.indicator.unit_zh, self.indicator.unit_en))[1]

    @property
    def unit_of_level(self) -> str:
        """Unit of level and measured value in the language of the page."""
        return in_page_language(self.unit_of_level_zh, self.unit_of_level_en)

    @property
    def baseline_wording(self) -> str:
        """What the baseline is, in the language of the page."""
        return in_page_language(self.baseline_zh, self.baseline_en)


class Responsibility(models.TextChoices):
    """How a department is responsible for a target."""

    LEAD = "lead", _("Lead")
    SUPPORTING = "supporting", _("Supporting")


class TargetDepartment(models.Model):
    """A responsible unit of a target; the lead department reports."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="responsibilities")
    department = models.ForeignKey(Department, models.PROTECT, related_name="responsibilities")
    responsibility = models.CharField(max_length=10, choices=Responsibility)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["target", "position"]
        constraints = [
            models.UniqueConstraint(fields=["target", "department"], name="targetdepartment_unique"),
            models.UniqueConstraint(
                fields=["target"], condition=Q(responsibility="lead"), name="targetdepartment_one_lead"
            ),
        ]
