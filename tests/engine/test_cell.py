"""What a cell says: score, coverage, colour, veto, and when there is too little to say (rules section 6)."""

import numpy as np
import pytest

from indicators.engine.cell import Missing, Thresholds, rate_cells
from indicators.engine.rollup import add_up, contributions
from indicators.engine.target import Gap, Rating

NAN = np.nan
UNREPORTED = (Rating.GREY, Gap.NOT_REPORTED, NAN)
AWAITING = (Rating.GREY, Gap.AWAITING, NAN)
BROKEN = (Rating.GREY, Gap.NOT_COMPUTABLE, NAN)


def rated(ratio):
    return (Rating.GREEN if ratio >= 1 else Rating.RED, Gap.NONE, ratio)


def cell_of(results, weights=None, *, veto=False, **options):
    rating, gap, ratio = zip(*results, strict=True)
    parts = contributions(
        rating=np.array(rating, dtype=np.int8),
        gap=np.array(gap, dtype=np.int8),
        ratio=np.array(ratio, dtype=float),
        weight=np.array(weights or [1.0] * len(results)),
        veto=np.full(len(results), veto),
    )
    return rate_cells(add_up(parts, place=np.zeros(len(results), dtype=np.intp), cells=1), **options)


EXCLUDE, ZERO = {"missing": Missing.EXCLUDE}, {"missing": Missing.ZERO}


@pytest.mark.parametrize(
    ("results", "options", "score", "coverage", "rating"),
    [
        pytest.param([rated(1.0)], EXCLUDE, 100, 1, Rating.GREEN, id="§6 all met"),
        pytest.param([rated(1.5), rated(0.8)], EXCLUDE, 90, 1, Rating.GREEN, id="§6 green from 90, more than 1 is 1"),
        pytest.param([rated(0.9), rated(0.8999)], EXCLUDE, 89.995, 1, Rating.AMBER, id="§6 below 90"),
        pytest.param([rated(0.7)], EXCLUDE, 70, 1, Rating.AMBER, id="§6 amber from 70"),
        pytest.param([rated(0.6999999)], EXCLUDE, 69.99999, 1, Rating.RED, id="§6 below 70"),
        pytest.param([rated(0.0)], EXCLUDE, 0, 1, Rating.RED, id="§6 nothing attained"),
        pytest.param([rated(5 / 6), rated(14 / 15), rated(14 / 15)], EXCLUDE, 90, 1, Rating.GREEN, id="§6 thirds: 90"),
        pytest.param([rated(1.0), UNREPORTED], EXCLUDE, 100, 0.5, Rating.GREEN, id="§6 half is enough to say"),
        pytest.param([rated(1.0), UNREPORTED], ZERO, 50, 0.5, Rating.RED, id="§6 unreported as 0 for assessment"),
        pytest.param([rated(1.0), UNREPORTED, UNREPORTED], EXCLUDE, 100, 1 / 3, Rating.GREY, id="§6 too little"),
        pytest.param([rated(1.0), AWAITING, AWAITING], ZERO, 100, 1, Rating.GREEN, id="§6 awaiting is not due"),
        pytest.param([rated(1.0), BROKEN], ZERO, 100, 1, Rating.GREEN, id="§6 not computable is in no score"),
        pytest.param([BROKEN], EXCLUDE, NAN, 1, Rating.GREY, id="§6 nothing rated"),
        pytest.param([AWAITING], EXCLUDE, NAN, NAN, Rating.GREY, id="§6 nothing due"),
        pytest.param([UNREPORTED], ZERO, 0, 0, Rating.GREY, id="§6 nothing reported"),
    ],
)
def test_score_coverage_and_colour(results, options, score, coverage, rating):
    cell = cell_of(results, **options)
    assert cell.score[0] == pytest.approx(score, rel=1e-8, nan_ok=True)
    assert cell.coverage[0] == pytest.approx(coverage, nan_ok=True)
    assert cell.rating[0] == rating


def test_weights_decide():
    cell = cell_of([rated(1.0), rated(0.5)], [3.0, 1.0])
    assert cell.score[0] == 87.5
    assert cell.rating[0] == Rating.AMBER


def test_without_weight_there_is_nothing_to_say():
    assert cell_of([rated(1.0)], [0.0]).rating[0] == Rating.GREY


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([rated(1.0)] * 50, id="§5 among fifty met ones"),
        pytest.param([UNREPORTED] * 9, id="§5 although there is too little to say"),
    ],
)
def test_a_red_veto_makes_the_cell_red(others):
    assert cell_of([rated(0.0), *others], veto=True).rating[0] == Rating.RED


def test_a_met_veto_target_leaves_the_cell_green():
    assert cell_of([rated(1.0), rated(1.0)], veto=True).rating[0] == Rating.GREEN


def test_thresholds_are_the_callers():
    strict = Thresholds(green=95.0, amber=80.0, coverage=0.75)
    assert cell_of([rated(0.9)], thresholds=strict).rating[0] == Rating.AMBER
    assert cell_of([rated(0.75)], thresholds=strict).rating[0] == Rating.RED
    assert cell_of([rated(1.0), UNREPORTED], thresholds=strict).rating[0] == Rating.GREY
