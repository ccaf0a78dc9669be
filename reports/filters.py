"""The choices above the list of targets; all of them live in the address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.domains import Domain
from indicators.engine.target import Flag, Gap, Rating
from indicators.labels import DOMAINS, FLAGS, GAPS, RATINGS
from indicators.models.attainment import Attainment
from qscounty.web.widgets import PlainSelect
from reports.scopes import PageContext
from reports.selectors import flag_bits

_RATINGS = [(r.name.lower(), RATINGS[r]) for r in (Rating.GREEN, Rating.AMBER, Rating.RED)]
_GAPS = [(gap.name.lower(), GAPS[gap]) for gap in Gap if gap in GAPS]
_FLAGS = [(flag.name.lower(), FLAGS[flag]) for flag in Flag if flag in FLAGS and flag.name]
_CHOICE: dict[str, Any] = {"empty_label": pgettext_lazy("choice", "All"), "widget": PlainSelect}


class ResultFilter(django_filters.FilterSet):
    """Results by domain, region, department, rating or gap, flag, and words of the name or clause."""

    q = django_filters.CharFilter(method="search", label=_("Words"))
    domain = django_filters.ChoiceFilter(
        choices=[(d.value, DOMAINS[d.value]) for d in Domain], label=_("Domain"), **_CHOICE
    )
    region = django_filters.ChoiceFilter(method="within", label=pgettext_lazy("choice", "Region"), **_CHOICE)
    department = django_filters.ChoiceFilter(
        field_name="department_id", label=pgettext_lazy("choice", "Department"), **_CHOICE
    )
    rating = django_filters.ChoiceFilter(
        choices=[*_RATINGS, *_GAPS], method="rate", label=pgettext_lazy("choice", "Rating"), **_CHOICE
    )
    flag = django_filters.ChoiceFilter(choices=_FLAGS, method="mark", label=_("Flag"), **_CHOICE)

    class Meta:
        model = Attainment
        fields: list[str] = []

    def __init__(self, *args: Any, page: PageContext, regions: Any, departments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.filters["region"].extra["choices"] = [(region.code, region.name) for region in regions]
        self.filters["department"].extra["choices"] = [(str(d.pk), d.short_name) for d in departments]

    @property
    def is_chosen(self) -> bool:
        """Whether anything is chosen; beside a choice that is unknown, the others hold all the same."""
        self.form.is_valid()
        return any(self.form.cleaned_data.values())

    def search(self, results: QuerySet[Attainment], _name: str, words: str) -> QuerySet[Attainment]:
        """Keep results whose indicator or clause bears every word."""
        for word in words.split():
            results = results.filter(
                Q(target__indicator__name_zh__icontains=word)
                | Q(target__indicator__name_en__icontains=word)
                | Q(target__clause__number__icontains=word)
            )
        return results

    def within(self, results: QuerySet[Attainment], _name: str, code: str) -> QuerySet[Attainment]:
        """Keep results of a region; with those below it unless `only` is in the address."""
        if self.data.get("only"):
            return results.filter(region__code=code)
        return results.filter(region__code__startswith=code)

    def rate(self, results: QuerySet[Attainment], _name: str, rating: str) -> QuerySet[Attainment]:
        """Keep results of a colour or with a gap."""
        if rating.upper() in Rating.__members__:
            return results.filter(rating=Rating[rating.upper()].value)
        return results.filter(gap=Gap[rating.upper()].value)

    def mark(self, results: QuerySet[Attainment], _name: str, flag: str) -> QuerySet[Attainment]:
        """Keep results that carry a flag."""
        return results.alias(marked=flag_bits(Flag[flag.upper()])).filter(marked__gt=0)
