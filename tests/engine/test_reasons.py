"""A reason holds what the sentence under a cell needs, in codes and numbers (rules section 7)."""

import json

import numpy as np
import pytest

from indicators.engine.attainment import RULE_VERSION, attain
from indicators.engine.period import Quarter
from indicators.engine.ratio import LARGEST
from indicators.engine.reasons import RatioForm, Rule, explain, missing_quarters
from indicators.engine.records import read_figures, read_targets
from indicators.engine.target import Comparator, Gap, Input, MarginKind, Rating, Window
from tests.engine.columns import random_panel, random_targets
from tests.spec.case import case

RATE = {"window": "year_to_date", "accumulation": "ratio", "scale": "rate", "multiplier": 100, "level": 93}
FROM = {"ratio_rule": "from_baseline", "baseline": 50}


def reason_of(target, figures, start="2018Q1"):
    worked = case("it", target, figures, start)
    quarter = Quarter.parse(worked.as_of).ordinal
    ids, columns = read_targets([worked.full_target()])
    panel = read_figures(worked.records(), ids=ids, last_quarter=quarter)
    return explain(attain(columns, panel), columns, row=0, quarter=quarter)


def test_every_number_of_the_sentence_is_there():
    reason = reason_of(RATE, [None, (900, 1000), (962, 1000)])
    assert (reason.numerator, reason.denominator, reason.multiplier) == (1862.0, 2000.0, 100.0)
    assert reason.measured == pytest.approx(93.1)
    assert (reason.expected, reason.level, reason.expected_hi) == (93.0, 93.0, None)
    assert (reason.comparator, reason.window) == (Comparator.AT_LEAST, Window.YEAR_TO_DATE)
    assert reason.window_start == Quarter.parse("2018Q1").ordinal
    assert reason.missing_quarters == (Quarter.parse("2018Q1").ordinal,)
    assert (reason.margin_kind, reason.margin_size, reason.margin) == (MarginKind.ABSOLUTE, 2.0, 2.0)
    assert (reason.rating, reason.gap, reason.rule) == (Rating.GREEN, Gap.NONE, Rule.MET)
    assert (reason.elapsed, reason.total, reason.count) == (3, 4, 2)
    assert reason.rule_version == RULE_VERSION


@pytest.mark.parametrize(
    ("target", "figures", "rule"),
    [
        pytest.param(RATE, [(93, 100)], Rule.MET, id="§5.2"),
        pytest.param(RATE, [(91, 100)], Rule.WITHIN_MARGIN, id="§5.3"),
        pytest.param(RATE, [(90, 100)], Rule.BEYOND_MARGIN, id="§5.4"),
        pytest.param({"level": 0, "comparator": "="}, [1], Rule.NO_MARGIN, id="§5 zero tolerance"),
        pytest.param(RATE, [None], Rule.GAP, id="§5.1"),
    ],
)
def test_the_deciding_rule(target, figures, rule):
    assert reason_of(target, figures).rule == rule


@pytest.mark.parametrize(
    ("target", "figure", "form"),
    [
        pytest.param({"level": 80}, 60, RatioForm.QUOTIENT, id="§4 >="),
        pytest.param({"level": 80, "comparator": "<="}, 60, RatioForm.MIRROR, id="§4 <="),
        pytest.param({"level": 80, "comparator": "="}, 60, RatioForm.DEVIATION, id="§4 ="),
        pytest.param({"level": 1, "level_hi": 3, "comparator": "between"}, 2, RatioForm.INSIDE, id="§4 inside"),
        pytest.param({"level": 1, "level_hi": 3, "comparator": "between"}, 0.5, RatioForm.QUOTIENT, id="§4 below"),
        pytest.param({"level": 1, "level_hi": 3, "comparator": "between"}, 4, RatioForm.MIRROR, id="§4 above"),
        pytest.param(
            {"level": 0, "level_hi": 3, "comparator": "between"}, -1, RatioForm.ALL_OR_NOTHING, id="§4 bound 0"
        ),
        pytest.param({"level": 3, "scale": "ordinal", "comparator": "<="}, 2, RatioForm.ALL_OR_NOTHING, id="§4 grade"),
        pytest.param({"level": 0}, 5, RatioForm.ALL_OR_NOTHING, id="§4 E = 0"),
        pytest.param({"level": 9, "comparator": "<=", "ratio_rule": "inverse"}, 5, RatioForm.INVERSE, id="§4 inverse"),
        pytest.param({"level": 9, "ratio_rule": "inverse"}, 5, RatioForm.QUOTIENT, id="§4 inverse, not a ceiling"),
        pytest.param({"level": 90, **FROM}, 70, RatioForm.FROM_BASELINE, id="§4 from the baseline"),
        pytest.param({"level": 40, **FROM}, 70, RatioForm.QUOTIENT, id="§4 from a baseline that meets the level"),
        pytest.param({"level": -10}, -12, RatioForm.MIRROR, id="§4 below zero"),
        pytest.param({"level": None}, 5, RatioForm.NONE, id="§4 no ratio"),
    ],
)
def test_the_form_of_the_ratio(target, figure, form):
    assert reason_of(target, [figure]).ratio_form == form


def test_the_form_gives_the_ratio_that_is_stored():
    """For every random result, the named formula with the reason's own numbers is the stored ratio."""
    rng = np.random.default_rng(11)
    targets, panel = random_targets(rng, 400), random_panel(rng, (400, 8))
    results = attain(targets, panel)
    seen = set()
    for row in range(400):
        reason = explain(results, targets, row=row, quarter=panel.first_quarter + 7)
        seen.add(reason.ratio_form)
        assert (reason.ratio is None) == (reason.ratio_form == RatioForm.NONE)
        if reason.ratio is not None:
            assert reason.ratio == pytest.approx(recomputed(reason), rel=1e-9, abs=1e-9)
    assert seen >= set(RatioForm) - {RatioForm.FROM_BASELINE}


def recomputed(reason):
    if reason.ratio_form == RatioForm.ALL_OR_NOTHING:
        return float(reason.rule == Rule.MET)
    if reason.ratio_form == RatioForm.INSIDE:
        return 1.0
    m, bound = reason.compared, reason.expected
    if reason.expected_hi is not None and m > reason.expected:
        bound = reason.expected_hi
    raw = {
        RatioForm.QUOTIENT: lambda: m / bound,
        RatioForm.MIRROR: lambda: 2 - m / bound,
        RatioForm.DEVIATION: lambda: 1 - abs(m - bound) / abs(bound),
        RatioForm.INVERSE: lambda: 100.0 if m <= bound / 100 else bound / m,
        RatioForm.FROM_BASELINE: lambda: (m - reason.start) / (bound - reason.start),
    }[reason.ratio_form]()
    return min(max(raw, 0.0), LARGEST)


def test_a_gap_names_its_input():
    reason = reason_of(RATE | {"level": None}, [(9, 10)])
    assert (reason.gap, reason.gap_input, reason.level, reason.ratio) == (Gap.AWAITING, Input.LEVEL, None, None)


def test_it_can_be_written_as_json():
    reason = reason_of(RATE, [None, (9, 10)])
    assert json.loads(json.dumps(reason.as_dict(), allow_nan=False)) == reason.as_dict()


@pytest.mark.parametrize(
    ("bits", "missing"),
    [(0, ()), (1, (100,)), (0b1010, (97, 99)), (1 << 61, (39,))],
)
def test_missing_quarters_oldest_first(bits, missing):
    assert missing_quarters(bits, quarter=100) == missing


@pytest.mark.parametrize("quarter", [8059, 8072])
def test_a_quarter_outside_is_refused(quarter):
    rng = np.random.default_rng(1)
    targets, panel = random_targets(rng, 2), random_panel(rng, (2, 12))
    with pytest.raises(IndexError, match="outside"):
        explain(attain(targets, panel), targets, row=0, quarter=quarter)
