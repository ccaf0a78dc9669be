"""Gaps in the order of the rule, margins as rows, flags beside the rating (rules section 5)."""

from itertools import product

import numpy as np
import pytest

from indicators.engine import flags, trend
from indicators.engine.attainment import attain
from indicators.engine.figures import scatter
from indicators.engine.rating import DEFAULT_MARGINS, amber_margin, gap_input, margins_of, rate, resolve_gap
from indicators.engine.target import Comparator, Flag, Gap, Input, MarginKind, Path, Rating, Scale, TargetColumns
from indicators.engine.trend import REPORTED_AT_LEAST, WINDOW
from tests.engine.columns import BEGIN, random_panel, random_targets


def column(value, dtype=float):
    return np.array([[value]], dtype=dtype)


def test_gaps_in_every_combination():
    """All 32 combinations of what may be wrong: the first in the order of the rule is named."""
    order = (Gap.NOT_APPLICABLE, Gap.NOT_DUE, Gap.AWAITING, Gap.NOT_REPORTED, Gap.NOT_COMPUTABLE)
    for wrong in product([False, True], repeat=5):
        not_applicable, not_due, awaiting, unreported, broken = wrong
        awaited = column(Input.BENCHMARK if awaiting else Input.NONE, np.int8)
        fault = column(Input.DENOMINATOR if broken else Input.NONE, np.int8)
        gap = resolve_gap(
            not_applicable=column(not_applicable, bool),
            not_due=column(not_due, bool),
            awaited=awaited,
            reported=column(not unreported, bool),
            fault=fault,
        )
        expected = next((code for code, has in zip(order, wrong, strict=True) if has), Gap.NONE)
        assert gap[0, 0] == expected, wrong
        named = {
            Gap.AWAITING: Input.BENCHMARK,
            Gap.NOT_REPORTED: Input.FIGURE,
            Gap.NOT_COMPUTABLE: Input.DENOMINATOR,
        }.get(expected, Input.NONE)
        assert gap_input(gap, awaited=awaited, fault=fault)[0, 0] == named, wrong


@pytest.mark.parametrize(
    ("gap", "met", "miss", "margin", "rating"),
    [
        pytest.param(Gap.NOT_DUE, True, 0, 5, Rating.GREY, id="§5.1 a gap goes before everything"),
        pytest.param(Gap.NONE, True, 0, np.nan, Rating.GREEN, id="§5.2 met"),
        pytest.param(Gap.NONE, False, 5, 5, Rating.AMBER, id="§5.3 on the margin"),
        pytest.param(Gap.NONE, False, 5.0001, 5, Rating.RED, id="§5.4 beyond the margin"),
        pytest.param(Gap.NONE, False, 0, 0, Rating.AMBER, id="§5.3 missed by 0, margin 0"),
        pytest.param(Gap.NONE, False, 0, np.nan, Rating.RED, id="§5.4 missed by 0, no margin"),
        pytest.param(Gap.NONE, False, 98.5 - 96.5 + 1e-14, 2, Rating.AMBER, id="§5.3 the last bit does not matter"),
    ],
)
def test_rate(gap, met, miss, margin, rating):
    result = rate(
        column(gap, np.int8), column(met, bool), miss=column(miss), margin=column(margin), compared=column(96.5)
    )
    assert result[0, 0] == rating


def one(scale, **columns):
    return TargetColumns.of(1, level=50.0, scale=scale, first_quarter=BEGIN, due_quarter=BEGIN + 19, **columns)


@pytest.mark.parametrize("scale", list(Scale))
def test_default_margins_by_scale(scale):
    kind, size, by_default = margins_of(one(scale), DEFAULT_MARGINS)
    assert (kind[0], size[0]) == DEFAULT_MARGINS[scale]
    assert by_default[0]


@pytest.mark.parametrize("scale", list(Scale))
def test_margins_are_rows_that_a_caller_may_give(scale):
    rows = dict.fromkeys(Scale, (MarginKind.ABSOLUTE, 7.0))
    kind, size, _ = margins_of(one(scale), rows)
    assert (kind[0], size[0]) == (MarginKind.ABSOLUTE, 7.0)


def test_an_own_margin_goes_before_the_default():
    kind, size, by_default = margins_of(one(Scale.RATE, margin_kind=MarginKind.RELATIVE, margin=0.3), DEFAULT_MARGINS)
    assert (kind[0], size[0], by_default[0]) == (MarginKind.RELATIVE, 0.3, False)


@pytest.mark.parametrize(
    ("multiplier", "kind"),
    [
        (1.0, MarginKind.ABSOLUTE),
        (100.0, MarginKind.ABSOLUTE),
        (1000.0, MarginKind.RELATIVE),
        (1e4, MarginKind.RELATIVE),
    ],
)
def test_rates_in_more_than_hundredths(multiplier, kind):
    assert margins_of(one(Scale.RATE, multiplier=multiplier), DEFAULT_MARGINS)[0][0] == kind


def series(values, **columns):
    """Return target and panel of one series from the first quarter on."""
    targets = TargetColumns.of(
        1, **{"level": 90.0, "first_quarter": BEGIN, "due_quarter": BEGIN + 19, "scale": Scale.RATE} | columns
    )
    panel = scatter(
        shape=(1, len(values)),
        first_quarter=BEGIN,
        rows=np.zeros(len(values), dtype=int),
        quarters=BEGIN + np.arange(len(values)),
        values=np.array(values, dtype=float),
    )
    return targets, panel


def at_risk(*series, project):
    return [bool(flags & Flag.AT_RISK) for flags in attain(*series, project=project).flags[0]]


def test_the_trend_sees_the_last_eight_quarters_and_where_due_lies():
    asked = []

    def project(values, at):
        asked.append((values.copy(), at.copy()))
        return np.full(len(values), 100.0)

    attain(*series([91, 92, 93, 94, 95, 96, 97, 98, 99, 100]), project=project)
    values, at = asked[0]
    assert values.shape == (10, WINDOW)
    assert values[9].tolist() == [93, 94, 95, 96, 97, 98, 99, 100]
    assert values[1, -2:].tolist() == [91, 92]
    assert np.isnan(values[1, :-2]).all()
    assert at.tolist() == [WINDOW - 1 + 19 - column for column in range(10)]
    assert REPORTED_AT_LEAST == 4


@pytest.mark.parametrize(
    ("projected", "risk"),
    [
        pytest.param(89.0, True, id="§5 below V at D"),
        pytest.param(90.0, False, id="§5 on V at D"),
        pytest.param(np.nan, False, id="§5 no trend"),
    ],
)
def test_at_risk_is_what_the_projection_misses(projected, risk):
    targets_and_panel = series([95, 95])
    assert at_risk(*targets_and_panel, project=lambda values, at: np.full(len(at), projected)) == [risk, risk]


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param({"scale": Scale.YES_NO}, id="§5 yes/no"),
        pytest.param({"due_quarter": BEGIN}, id="§5 due already"),
        pytest.param({"path": Path.AT_DUE}, id="§5 not due: grey"),
        pytest.param({"level": 99.0}, id="§5 red already"),
        pytest.param({"window": 2, "accumulation": 2}, id="§5 sum of the year to date"),
    ],
)
def test_not_judged(columns):
    assert at_risk(*series([95], **columns), project=lambda values, at: np.full(len(at), 0.0)) == [False]


def test_blocks_do_not_show(monkeypatch):
    rng = np.random.default_rng(7)
    targets, panel = random_targets(rng, 60), random_panel(rng, (60, 16))
    whole = attain(targets, panel, project=trend.project).flags
    assert (whole & Flag.AT_RISK).any()
    monkeypatch.setattr(flags, "_CELLS_AT_ONCE", 7)
    assert np.array_equal(attain(targets, panel, project=trend.project).flags, whole)


def test_without_a_projection_nothing_is_at_risk():
    assert not (attain(*series([99, 97, 95, 93, 91])).flags & Flag.AT_RISK).any()


def test_other_flags_do_not_depend_on_the_projection():
    rng = np.random.default_rng(9)
    targets, panel = random_targets(rng, 300), random_panel(rng, (300, 16))
    low = attain(targets, panel, project=lambda values, at: np.full(len(at), -1e9)).flags
    assert np.array_equal(low & ~np.int16(Flag.AT_RISK), attain(targets, panel).flags)


@pytest.mark.parametrize(
    ("comparator", "bound", "own", "margin"),
    [
        pytest.param(Comparator.AT_MOST, 0.0, {}, np.nan, id="§5 a ceiling at 0 tolerates nothing by default"),
        pytest.param(Comparator.EQUAL, 0.0, {}, np.nan, id="§5 nor does an equality at 0"),
        pytest.param(Comparator.AT_LEAST, 0.0, {}, 0.0, id="§5 a floor at 0 does"),
        pytest.param(Comparator.AT_MOST, 50.0, {}, 5.0, id="§5 a tenth of any other ceiling"),
        pytest.param(Comparator.AT_MOST, -50.0, {}, 5.0, id="§5 a share has no sign"),
        pytest.param(
            Comparator.AT_MOST, 0.0, {"margin_kind": MarginKind.ABSOLUTE, "margin": 2.0}, 2.0, id="§5 its own stands"
        ),
        pytest.param(
            Comparator.AT_LEAST, 50.0, {"margin_kind": MarginKind.NONE, "margin": 0.0}, np.nan, id="§5 so does none"
        ),
    ],
)
def test_the_amber_margin(comparator, bound, own, margin):
    needed = {"first_quarter": BEGIN, "due_quarter": BEGIN + 3, "level": bound}
    targets = TargetColumns.of(1, comparator=comparator, scale=Scale.CONTINUOUS, **needed, **own)
    np.testing.assert_allclose(amber_margin(column(bound), targets, margins=DEFAULT_MARGINS), [[margin]])


@pytest.mark.parametrize(
    ("miss", "rating"),
    [
        pytest.param(2.0, Rating.AMBER, id="§5 a miss as large as the margin"),
        pytest.param(2.0 + 1e-11, Rating.AMBER, id="§5 as large within what a difference is exact to"),
        pytest.param(2.0 + 1e-9, Rating.RED, id="§5 larger"),
        pytest.param(np.nan, Rating.RED, id="§5 none that can be told"),
    ],
)
def test_where_amber_ends(miss, rating):
    rated = rate(
        column(Gap.NONE, np.int8), column(False, bool), miss=column(miss), margin=column(2.0), compared=column(91.0)
    )
    assert rated.tolist() == [[rating]]
