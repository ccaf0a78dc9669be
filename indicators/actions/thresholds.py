"""The default thresholds, as dated rows. Source: attainment rules sections 5 and 6."""

from decimal import Decimal

from departments.actions.acts import act
from indicators.engine.period import Quarter
from indicators.models import Threshold
from indicators.models.threshold import ThresholdKind

VALID_FROM = Quarter.of(2000, 1)
DEFAULTS = {
    ThresholdKind.MARGIN_CONTINUOUS_RATIO: Decimal("0.10"),
    ThresholdKind.MARGIN_RATE_POINTS: Decimal(2),
    ThresholdKind.MARGIN_ORDINAL_GRADES: Decimal(1),
    ThresholdKind.GREEN_FROM_SCORE: Decimal(90),
    ThresholdKind.AMBER_FROM_SCORE: Decimal(70),
    ThresholdKind.COVERAGE_AT_LEAST_RATIO: Decimal("0.5"),
}


@act
def load_default_thresholds() -> None:
    """Add the defaults that are missing; rows that someone set are left as they are."""
    for kind, value in DEFAULTS.items():
        Threshold.objects.get_or_create(programme=None, kind=kind, valid_from=VALID_FROM, defaults={"value": value})
