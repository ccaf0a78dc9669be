"""The tables of the pages."""

from typing import Any

import django_tables2
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.marks import mark_result
from indicators.models.attainment import Attainment
from qscounty.web.formats import format_ratio
from qscounty.web.tables import NumberColumn, Table
from reports.bounds import write_bound, write_expected, write_value
from reports.presenters import list_flags
from reports.scopes import PageContext


class ResultTable(Table):
    """Results: whose, against what, how far, which colour. Each leads to the page of its target."""

    name = django_tables2.Column(
        verbose_name=pgettext_lazy("column", "Target"),
        accessor="target__indicator__name_zh",
        order_by=("target__position", "region__position", "allocation_id"),
    )
    region = django_tables2.Column(
        verbose_name=pgettext_lazy("column", "Region"), order_by=("region__position", "target__position")
    )
    department = django_tables2.Column(
        verbose_name=pgettext_lazy("column", "Department"), order_by=("department__position", "target__position")
    )
    measured = NumberColumn(verbose_name=_("Actual"), orderable=False)
    expected = NumberColumn(verbose_name=_("Expected"), orderable=False)
    ratio = NumberColumn(verbose_name=_("Attainment"))
    rating = django_tables2.Column(
        verbose_name=pgettext_lazy("column", "Rating"), order_by=("rating", "gap", "target__position")
    )

    class Meta(Table.Meta):
        order_by = "name"

    def __init__(self, *args: Any, page: PageContext, is_mixed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page_context, self.is_mixed = page, is_mixed

    def render_name(self, record: Attainment) -> str:
        """The name with clause and bound beneath."""
        return render_to_string(
            "reports/_target_name.html",
            {
                "name": record.target.indicator.name,
                "url": self.page_context.link("reports:target", record.allocation_id),
                "clause": record.target.clause.number,
                "bound": write_bound(record.target, record.level, record.level_hi),
                "is_demonstration": record.is_demonstration and self.is_mixed,
            },
        )

    def render_region(self, record: Attainment) -> str:
        """The region's name."""
        return record.region.name

    def render_department(self, record: Attainment) -> str:
        """The department's short name."""
        return record.department.short_name

    def render_measured(self, record: Attainment) -> str:
        """The measured value with its unit."""
        return write_value(record.measured, record.target)

    def render_expected(self, record: Attainment) -> str:
        """The expected level of the quarter."""
        return write_expected(record)

    def render_ratio(self, record: Attainment) -> str:
        """The attainment ratio as per cent."""
        return format_ratio(record.ratio)

    def order_ratio(self, results: QuerySet[Attainment], is_descending: bool) -> tuple[QuerySet[Attainment], bool]:
        """Order by ratio; what has none comes last either way."""
        key = F("ratio").desc(nulls_last=True) if is_descending else F("ratio").asc(nulls_last=True)
        return results.order_by(key, "target__position", "allocation_id"), True

    def render_rating(self, record: Attainment) -> str:
        """The mark and the flags."""
        context = {"mark": mark_result(record.rating, record.gap), "flags": list_flags(record)}
        return render_to_string("reports/_rating.html", context)
