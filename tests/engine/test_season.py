"""Seasonal shares: learned from complete years only, by medians, or given and validated (rules section 2)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from indicators.engine.figures import scatter
from indicators.engine.period import Quarter
from indicators.engine.season import SeasonFault, cumulate_shares, find_season_faults, learn_season, spread_shares
from indicators.engine.target import Accumulation, Path, TargetColumns

NAN = float("nan")
FIRST = Quarter.of(2014, 1).ordinal
SUM, MEAN = Accumulation.SUM, Accumulation.MEAN


def learn(values, accumulation=SUM, **options):
    season = learn_season(
        np.array([values], float),
        accumulation=np.array([accumulation], np.int8),
        **{"first_quarter": FIRST, **options},
    )
    assert season.shape == (1, 4)
    return season[0]


@pytest.mark.parametrize(
    ("values", "accumulation", "expected"),
    [
        pytest.param([10, 20, 30, 40] * 2, SUM, [0.1, 0.3, 0.6, 1], id="two equal years"),
        pytest.param([10, 20, 30, 40, 20, 40, 60, 80], SUM, [0.1, 0.3, 0.6, 1], id="a larger year, the same shares"),
        pytest.param([10, 20, 30, 40, 30, 30, 20, 20], SUM, [0.2, 0.45, 0.7, 1], id="two years: half way"),
        pytest.param([10, 20, 30, 40] * 2 + [97, 1, 1, 1], SUM, [0.1, 0.3, 0.6, 1], id="a wild third year is outvoted"),
        pytest.param([0, 0, 0, 5] * 2, SUM, [0, 0, 0, 1], id="all in the last quarter: year-end collection"),
        pytest.param([60, 30, 30, 60] * 2, MEAN, [60 / 45, 1, 40 / 45, 1], id="PM2.5: high in winter"),
        pytest.param([5, 5, 5, 5] * 2, MEAN, [1, 1, 1, 1], id="a level mean has no season"),
        pytest.param([10, 20, 30, 40], SUM, [NAN] * 4, id="one year is not enough"),
        pytest.param([10, 20, 30, 40, 10, 20, NAN, 40], SUM, [NAN] * 4, id="an incomplete year does not count"),
        pytest.param([0] * 8, SUM, [NAN] * 4, id="a year of nothing has no shares"),
        pytest.param([0, 0, 0, 0] + [10, 20, 30, 40] * 2, SUM, [0.1, 0.3, 0.6, 1], id="nor does it disturb the others"),
        pytest.param([-5, -5, -5, -5] * 2, MEAN, [NAN] * 4, id="a negative mean has no ratio"),
        pytest.param([10, 20, 30, 40] * 2, Accumulation.RATIO, [NAN] * 4, id="a ratio has no season here"),
        pytest.param([10, 20, 30, 40] * 2, Accumulation.LAST, [NAN] * 4, id="nor has a newest value"),
        pytest.param([], SUM, [NAN] * 4, id="no column"),
    ],
)
def test_learned_shares(values, accumulation, expected):
    np.testing.assert_allclose(learn(values, accumulation), expected)


def test_years_are_calendar_years_wherever_the_columns_begin():
    """From 2013Q3: the first two columns belong to no complete year, nor do the last three."""
    values = [99, 99] + [10, 20, 30, 40] * 2 + [7, 7, 7]
    np.testing.assert_allclose(learn(values, first_quarter=FIRST - 2), [0.1, 0.3, 0.6, 1])
    np.testing.assert_allclose(learn(values[1:], first_quarter=FIRST - 1), [0.1, 0.3, 0.6, 1])
    np.testing.assert_allclose(learn([99, *values], first_quarter=FIRST - 3), [0.1, 0.3, 0.6, 1])
    assert not np.allclose(learn(values, first_quarter=FIRST - 1), [0.1, 0.3, 0.6, 1])


def test_a_plan_never_learns_from_the_year_it_judges():
    values = [10, 20, 30, 40] * 2 + [97, 1, 1, 1] * 3
    limit = Quarter.of(2016, 1).ordinal
    np.testing.assert_allclose(learn(values, before=limit), [0.1, 0.3, 0.6, 1])
    np.testing.assert_allclose(learn(values, before=limit + 3), [0.1, 0.3, 0.6, 1])  # 2016 is not over
    np.testing.assert_allclose(learn(values)[0], 0.97)
    mixed = [97, 1, 1, 1] + [10, 20, 30, 40] + [97, 1, 1, 1] * 3
    np.testing.assert_allclose(learn(mixed, before=limit)[0], (0.97 + 0.1) / 2)
    assert np.isnan(learn(values, before=FIRST - 40)).all()
    np.testing.assert_allclose(learn(values, before=limit + 400), learn(values))


def test_only_the_last_five_years_are_asked():
    """Three of the last five years agree; the years before, all alike, would outvote them."""
    years = [97, 1, 1, 1] * 6 + [10, 20, 30, 40] * 3 + [97, 1, 1, 1] * 2
    np.testing.assert_allclose(learn(years), [0.1, 0.3, 0.6, 1])


def test_rows_learn_by_themselves():
    values = np.array([[10.0, 20, 30, 40] * 2, [60.0, 30, 30, 60] * 2, [1.0, NAN, 1, 1] * 2])
    season = learn_season(values, first_quarter=FIRST, accumulation=np.array([SUM, MEAN, SUM], np.int8))
    for row, kind in enumerate((SUM, MEAN, SUM)):
        np.testing.assert_array_equal(season[row], learn(values[row], kind))


@given(
    values=hnp.arrays(
        np.float64, st.tuples(st.integers(1, 4), st.integers(0, 30)), elements=st.integers(-5, 90) | st.just(NAN)
    ),
    first=st.integers(8000, 8003),
)
def test_learned_shares_of_a_sum_never_fall_and_end_at_one(values, first):
    accumulation = np.full(len(values), SUM, np.int8)
    season = learn_season(values, first_quarter=first, accumulation=accumulation)
    learned = ~np.isnan(season).any(axis=1)
    assert (np.isnan(season).all(axis=1) == ~learned).all()
    assert (np.diff(season[learned], axis=1) >= 0).all()
    assert (season[learned] >= 0).all()
    assert (season[learned, -1] == 1.0).all()
    assert (find_season_faults(season, accumulation=accumulation) == SeasonFault.NONE).all()


@pytest.mark.parametrize(
    ("season", "accumulation", "fault"),
    [
        pytest.param([0.2, 0.5, 0.7, 1], SUM, SeasonFault.NONE, id="a plan"),
        pytest.param([0, 0, 0, 1], SUM, SeasonFault.NONE, id="all at the end"),
        pytest.param([0.2, 0.2, 0.2, 0.1 + 0.2 + 0.7], SUM, SeasonFault.NONE, id="1 in decimal"),
        pytest.param([1.3, 1, 0.9, 1], MEAN, SeasonFault.NONE, id="a mean may fall"),
        pytest.param([NAN] * 4, SUM, SeasonFault.NONE, id="not seasonal"),
        pytest.param([NAN] * 4, Accumulation.LAST, SeasonFault.NONE, id="not seasonal either"),
        pytest.param([0.2, NAN, 0.7, 1], SUM, SeasonFault.INCOMPLETE, id="a quarter without a share"),
        pytest.param([-0.1, 0.5, 0.7, 1], SUM, SeasonFault.NOT_POSITIVE, id="below zero"),
        pytest.param([0, 0.5, 0.7, 1], MEAN, SeasonFault.NOT_POSITIVE, id="a mean's ratio of zero"),
        pytest.param([0.5, 0.4, 0.7, 1], SUM, SeasonFault.FALLING, id="falling"),
        pytest.param([0.2, 0.5, 0.7, 0.9], SUM, SeasonFault.NOT_ENDING_AT_ONE, id="ends short"),
        pytest.param([0.2, 0.5, 0.7, 1.1], SUM, SeasonFault.NOT_ENDING_AT_ONE, id="ends over"),
        pytest.param([1.3, 1, 0.9, 0.9], MEAN, SeasonFault.NOT_ENDING_AT_ONE, id="a mean too ends at one"),
        pytest.param([0.2, 0.5, 0.7, 1], Accumulation.RATIO, SeasonFault.NOT_SEASONAL, id="shares of a ratio"),
    ],
)
def test_given_shares_are_validated(season, accumulation, fault):
    found = find_season_faults(np.array([season], float), accumulation=np.array([accumulation], np.int8))
    assert found.tolist() == [fault]


def test_quarterly_shares_are_cumulated_to_exactly_one():
    cumulative = cumulate_shares(np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.2, 0.2, 0.2, 0.2]]))
    np.testing.assert_allclose(cumulative[0], [0.1, 0.3, 0.6, 1.0])
    assert cumulative[1, -1] == 1.0
    assert cumulative[2, -1] == pytest.approx(0.8)


# ---- Shares of every quarter


PLAN = {"first_quarter": FIRST, "due_quarter": FIRST + 15, "level": 50.0, "accumulation": SUM}


def spread(values, *, season=(NAN,) * 4, path=Path.SEASONAL, first=FIRST, nothing=()):
    """Return the shares of one target's quarters, None where nothing is left to be learned."""
    targets = TargetColumns.of(1, path=path, season=[season], **PLAN)
    quarters = np.arange(first, first + len(values))
    panel = scatter(
        shape=(1, len(values)),
        first_quarter=first,
        rows=np.zeros(len(values), np.intp),
        quarters=quarters,
        values=np.array(values, float),
        nothing=np.isin(np.arange(len(values)), nothing),
    )
    found = spread_shares(targets, panel)
    return None if found is None else found[0]


def test_given_shares_and_other_paths_leave_nothing_to_be_learned():
    assert spread([10, 20, 30, 40] * 3, season=(0.1, 0.4, 0.8, 1)) is None
    assert spread([10, 20, 30, 40] * 3, path=Path.LINEAR) is None


@pytest.mark.parametrize(
    ("values", "options", "expected"),
    [
        pytest.param(
            [1, 2, 3, 4] * 3, {}, [NAN] * 8 + [0.1, 0.3, 0.6, 1], id="awaited for two years, known in the third"
        ),
        pytest.param(
            [1, 2, 3, 4] * 2 + [3, 3, 2, 2] + [5],
            {},
            [NAN] * 8 + [0.1, 0.3, 0.6, 1] + [0.1],
            id="each year by those before it: the odd one is outvoted in the next",
        ),
        pytest.param(
            [1, 2, 3, 4, 3, 3, 2, 2, 97, 1, 1, 1],
            {},
            [NAN] * 8 + [0.2, 0.45, 0.7, 1],
            id="the year that is judged teaches nothing",
        ),
        pytest.param(
            [9] + [1, 2, 3, 4] * 2 + [5, 5],
            {"first": FIRST - 1},
            [NAN] * 9 + [0.1, 0.3],
            id="columns that begin in the last quarter of a year",
        ),
        pytest.param(
            [0, 5, 0, 5, 0, 5, 0, 5, 1],
            {"nothing": (0, 2, 4, 6)},
            [NAN] * 8 + [0],
            id="none in a quarter is a figure",
        ),
        pytest.param([1, 2, NAN, 4, 1, 2, 3, 4, 1], {}, [NAN] * 9, id="an incomplete year does not count"),
        pytest.param([1, 2, 3], {}, [NAN] * 3, id="less than a year"),
    ],
)
def test_shares_of_every_quarter(values, options, expected):
    np.testing.assert_allclose(spread(values, **options), expected)


def test_a_later_figure_moves_no_earlier_share():
    values = [1, 2, 3, 4, 3, 3, 2, 2, 9, 9, 9, 9, 1, 1, 1, 1]
    for kept in range(8, len(values)):
        np.testing.assert_array_equal(spread(values[:kept]), spread(values)[:kept])


def test_rows_beside_each_other_learn_as_they_do_alone():
    targets = TargetColumns.of(
        3,
        path=[Path.SEASONAL, Path.SEASONAL, Path.HOLD],
        season=[[NAN] * 4, [0.1, 0.4, 0.8, 1], [NAN] * 4],
        **PLAN,
    )
    rows, quarters = np.repeat(np.arange(3), 9), np.tile(np.arange(FIRST, FIRST + 9), 3)
    values = np.tile([1.0, 2, 3, 4, 1, 2, 3, 4, 5], 3)
    panel = scatter(shape=(3, 9), first_quarter=FIRST, rows=rows, quarters=quarters, values=values)
    learned, given_, other = spread_shares(targets, panel)
    np.testing.assert_allclose(learned, [NAN] * 8 + [0.1])
    np.testing.assert_allclose(given_, [0.1, 0.4, 0.8, 1, 0.1, 0.4, 0.8, 1, 0.1])
    assert np.isnan(other).all()
