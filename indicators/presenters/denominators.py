"""The page of denominators that carry over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import CarriedDenominator, Series
from qscounty.web.formats import format_number, format_quarter


@dataclass(frozen=True, slots=True, kw_only=True)
class DenominatorRow:
    """One counted figure and what carries over into it."""

    name: str
    what: str
    value: str
    span: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DenominatorsView:
    """The page."""

    lede: str
    rows: list[DenominatorRow]


def name_series(series: Series, *, own_region: int) -> str:
    """Return the indicator, with its region where that is not the programme's own."""
    name = series.indicator.name
    return name if series.region_id == own_region else f"{name} · {series.region.short_name}"


def present_denominators(
    series: Iterable[Series], *, carried: Mapping[int, CarriedDenominator], own_region: int
) -> DenominatorsView:
    """Return the page: the figures into which a denominator carries over."""
    count = len(carried)
    lede = ngettext(
        "%(count)d denominator carries over into this quarter.",
        "%(count)d denominators carry over into this quarter.",
        count,
    ) % {"count": count}
    return DenominatorsView(
        lede=lede if count else _("No denominator carries over into this quarter."),
        rows=[_present(one, carried[one.pk], own_region) for one in series if one.pk in carried],
    )


def _present(series: Series, kept: CarriedDenominator, own_region: int) -> DenominatorRow:
    return DenominatorRow(
        name=name_series(series, own_region=own_region),
        what=series.indicator.denominator,
        value=format_number(kept.value),
        span=_write_span(kept),
        source=kept.source,
    )


def _write_span(kept: CarriedDenominator) -> str:
    first = format_quarter(kept.valid_from.year, kept.valid_from.number)
    if kept.valid_to is None:
        return _("from %(first)s until further notice") % {"first": first}
    last = format_quarter(kept.valid_to.year, kept.valid_to.number)
    return _("from %(first)s to %(last)s") % {"first": first, "last": last}
