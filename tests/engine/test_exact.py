"""Every colour of a share equals the one that whole numbers give, for denominators up to 10^8 (trust rule 18)."""

import numpy as np
import pytest

from indicators.engine.attainment import attain
from indicators.engine.figures import scatter
from indicators.engine.target import Accumulation, Comparator, MarginKind, Rating, Scale, TargetColumns
from tests.engine.columns import BEGIN

CASES = 120_000
HUNDREDTHS = 10_000  # of a per cent in 1


@pytest.fixture(scope="module")
def shares():
    """Numerators, denominators, levels in hundredths of a per cent: a third on the bound, a third on the margin."""
    rng = np.random.default_rng(8170)
    bottom = np.where(rng.random(CASES) < 0.5, rng.integers(1, 10**8 + 1, CASES), 10**8 - rng.integers(0, 9_999, CASES))
    bottom = np.where(rng.random(CASES) < 0.2, -(-bottom // HUNDREDTHS) * HUNDREDTHS, bottom)  # where it can be equal
    level = rng.integers(1, HUNDREDTHS + 1, CASES)
    on = level + rng.choice([0, -200, 200], CASES)
    near = on * bottom // HUNDREDTHS + rng.integers(-1, 2, CASES)
    top = np.where(rng.random(CASES) < 0.67, near, rng.integers(0, bottom + 1))
    return np.clip(top, 0, bottom), bottom, level


def colours(shares, comparator, **fields):
    top, bottom, level = shares
    targets = TargetColumns.of(
        CASES,
        comparator=comparator,
        accumulation=Accumulation.RATIO,
        scale=Scale.RATE,
        multiplier=100.0,
        level=level / 100.0,
        first_quarter=BEGIN,
        due_quarter=BEGIN,
        **fields,
    )
    panel = scatter(
        shape=(CASES, 1),
        first_quarter=BEGIN,
        rows=np.arange(CASES),
        quarters=np.full(CASES, BEGIN),
        values=np.full(CASES, np.nan),
        numerators=top.astype(float),
        denominators=bottom.astype(float),
    )
    return attain(targets, panel)


@pytest.mark.parametrize("comparator", [code for code in Comparator if code != Comparator.BETWEEN])
def test_every_colour_is_exact(shares, comparator):
    top, bottom, level = shares
    ahead = top * HUNDREDTHS - level * bottom  # m - E in units of 1/(bottom x 10^4): whole numbers below 2^63
    met, behind = {
        Comparator.AT_LEAST: (ahead >= 0, -ahead),
        Comparator.ABOVE: (ahead > 0, -ahead),
        Comparator.AT_MOST: (ahead <= 0, ahead),
        Comparator.BELOW: (ahead < 0, ahead),
        Comparator.EQUAL: (ahead == 0, abs(ahead)),
    }[comparator]
    expected = np.where(met, Rating.GREEN, np.where(behind <= 200 * bottom, Rating.AMBER, Rating.RED))
    results = colours(shares, comparator)
    assert np.array_equal(results.rating[:, 0], expected)
    assert np.array_equal(results.miss[:, 0] == 0.0, met | (ahead == 0))
    assert min(np.bincount(expected)[1:]) > 500, "the cases have to hold every colour"


def test_every_colour_of_a_band_is_exact(shares):
    top, bottom, level = shares
    width = 100  # hundredths: one point
    below, above = level * bottom - top * HUNDREDTHS, top * HUNDREDTHS - (level + width) * bottom
    met = (below <= 0) & (above <= 0)
    near = np.maximum(below, above) <= 200 * bottom
    expected = np.where(met, Rating.GREEN, np.where(near, Rating.AMBER, Rating.RED))
    results = colours(shares, Comparator.BETWEEN, level_hi=(level + width) / 100.0)
    assert np.array_equal(results.rating[:, 0], expected)


def test_a_relative_margin_is_exact(shares):
    top, bottom, level = shares
    results = colours(shares, Comparator.AT_LEAST, margin_kind=MarginKind.RELATIVE, margin=0.1)
    met, near = top * HUNDREDTHS >= level * bottom, top * 10 * HUNDREDTHS >= 9 * level * bottom
    expected = np.where(met, Rating.GREEN, np.where(near, Rating.AMBER, Rating.RED))
    assert np.array_equal(results.rating[:, 0], expected)


def test_growth_of_counts_is_exact():
    rng = np.random.default_rng(18)
    before = rng.integers(1, 10**6, CASES)
    before = np.where(rng.random(CASES) < 0.2, -(-before // HUNDREDTHS) * HUNDREDTHS, before)  # where it can be equal
    level = rng.integers(-3_000, 6_000, CASES)  # hundredths of a per cent
    now = np.maximum(before + level * before // HUNDREDTHS + rng.integers(-1, 2, CASES), 0)
    targets = TargetColumns.of(
        CASES,
        comparator=Comparator.ABOVE,
        basis=2,
        margin_kind=MarginKind.NONE,
        margin=0.0,
        level=level / 100.0,
        first_quarter=BEGIN,
        due_quarter=BEGIN + 4,
    )
    panel = scatter(
        shape=(CASES, 5),
        first_quarter=BEGIN,
        rows=np.tile(np.arange(CASES), 2),
        quarters=np.repeat([BEGIN, BEGIN + 4], CASES),
        values=np.concatenate([before, now]).astype(float),
    )
    expected = np.where((now - before) * HUNDREDTHS > level * before, Rating.GREEN, Rating.RED)
    assert np.array_equal(attain(targets, panel).rating[:, 4], expected)
    assert np.count_nonzero((now - before) * HUNDREDTHS == level * before) > 500
