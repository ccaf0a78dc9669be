"""A stored result counts from the baseline that its target names. Source: attainment rules section 1, ADR 9."""

from decimal import Decimal

import pytest

from indicators.actions.recompute import recompute_now
from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Gap, Path, Window
from indicators.models import Attainment
from tests import builders

pytestmark = pytest.mark.django_db
AT = Quarter.of(2018, 4)


def measure(**target):
    """Return the stored result of 121 in the fourth quarter of 2018."""
    programme = builders.make_programme()
    department = builders.make_department(programme.region)
    builders.make_window(programme, AT)
    fields = {
        "indicator": builders.make_indicator(is_counted=False),
        "accumulation": Accumulation.LAST.value,
        "window": Window.QUARTER.value,
        "path": Path.HOLD.value,
        "level": Decimal(10),
        "baseline": Decimal(100),
    } | target
    given = builders.make_target(programme, lead=department, **fields)
    allocation = builders.make_allocation(given, region=programme.region, department=department)
    builders.make_figure(allocation.series, AT, value=Decimal(121))
    recompute_now(programme=programme)
    return Attainment.objects.get(programme=programme, allocation=allocation, quarter=AT)


@pytest.mark.parametrize(
    ("baseline_quarter", "measured"),
    [
        pytest.param(Quarter.of(2016, 4), 10.0, id="two years from the named quarter"),
        pytest.param(Quarter.of(2017, 4), 21.0, id="one year from the named quarter"),
        pytest.param(None, (1.21 ** (1 / 4) - 1) * 100, id="none named: the quarter before the programme"),
    ],
)
def test_average_growth_counts_its_years_from_the_named_quarter(baseline_quarter, measured):
    result = measure(basis=Basis.AVERAGE_GROWTH.value, baseline_quarter=baseline_quarter)
    assert result.measured == pytest.approx(measured)


def test_growth_on_a_baseline_is_not_spread_over_years():
    result = measure(basis=Basis.GROWTH_ON_BASELINE.value, baseline_quarter=Quarter.of(2016, 4))
    assert (result.measured, result.reference) == (pytest.approx(21.0), 100.0)


def test_an_awaited_baseline_is_a_gap():
    result = measure(basis=Basis.GROWTH_ON_BASELINE.value, baseline=None)
    assert (Gap(result.gap), result.ratio) == (Gap.AWAITING, None)
