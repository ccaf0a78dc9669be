"""The tables of the pages."""

from functools import lru_cache
from typing import Any

import django_tables2
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from indicators.bounds import write_bound, write_expected, write_value
from indicators.marks import Mark, mark_result
from indicators.models.attainment import Attainment
from qscounty.web.formats import format_ratio
from qscounty.web.tables import NumberColumn, Table
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
        """The name with clause and bound beneath, and where only some results are invented, that this one is."""
        url = self.page_context.link("reports:target", record.allocation_id)
        told = [record.target.clause.number, write_bound(record.target, record.level, record.level_hi)]
        if record.is_demonstration and self.is_mixed:
            told.append(gettext("Demonstration data"))
        name = record.target.indicator.name
        return format_html('<b><a href="{}">{}</a></b><small>{}</small>', url, name, " · ".join(told))

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
        return _draw_rating(get_language(), mark_result(record.rating, record.gap), tuple(list_flags(record)))


@lru_cache(maxsize=500)
def _draw_rating(_language: str | None, mark: Mark, flags: tuple[str | Promise, ...]) -> SafeString:
    """Return a mark with flags; there are few, and they stand in hundreds of rows."""
    return render_to_string("reports/_rating.html", {"mark": mark, "flags": flags})
