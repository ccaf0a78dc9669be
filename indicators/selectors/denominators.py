"""Denominators that carry over from quarter to quarter."""

from collections.abc import Collection

from django.db.models import Q

from indicators.engine.period import Quarter
from indicators.models import CarriedDenominator, Series


def list_carried(series: Collection[Series]) -> list[CarriedDenominator]:
    """Return every denominator of the series, whenever it holds."""
    return list(CarriedDenominator.objects.filter(series__in=series))


def load_carried(*, series: Collection[int], quarter: Quarter) -> dict[int, CarriedDenominator]:
    """Return by series id the carried denominator that holds in the quarter: the one that begins last."""
    rows = CarriedDenominator.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=quarter), series__in=list(series), valid_from__lte=quarter
    )
    return {row.series_id: row for row in rows.order_by("series", "valid_from")}
