"""Roll-ups are sums of integers: in any order the same, moved by a difference equal to a recount (rules section 6)."""

from fractions import Fraction

import numpy as np
import pytest

from indicators.engine.attainment import attain
from indicators.engine.rollup import UNITS, Contributions, Outcome, add_up, contributions, group, roll_up
from indicators.engine.target import Gap, Rating
from tests.engine.columns import random_panel, random_targets

NAN = np.nan


def results_of(*rows):
    """Return the columns of results written as (rating, gap, ratio, weight, veto)."""
    rating, gap, ratio, weight, veto = zip(*rows, strict=True)
    return {
        "rating": np.array(rating, dtype=np.int8),
        "gap": np.array(gap, dtype=np.int8),
        "ratio": np.array(ratio, dtype=float),
        "weight": np.array(weight, dtype=float),
        "veto": np.array(veto, dtype=bool),
    }


def random_results(seed, n=5_000):
    rng = np.random.default_rng(seed)
    targets = random_targets(rng, n)
    outcome = attain(targets, random_panel(rng, (n, 12)))
    columns = {name: getattr(outcome, name)[:, -1] for name in ("rating", "gap", "ratio")}
    return columns | {"weight": targets.weight, "veto": targets.veto}


def same(left, right):
    return all(np.array_equal(getattr(left, name), getattr(right, name)) for name in Contributions.__slots__)


GREEN = (Rating.GREEN, Gap.NONE, 1.2, 1.0, False)
AMBER = (Rating.AMBER, Gap.NONE, 0.95, 1.0, False)
RED = (Rating.RED, Gap.NONE, 0.5, 1.0, False)


@pytest.mark.parametrize(
    ("result", "outcome", "due", "reported", "attained", "rated", "due_weight"),
    [
        pytest.param(GREEN, Outcome.GREEN, 1, 1, 1.0, 1.0, 1.0, id="§6 green counts at most once"),
        pytest.param(AMBER, Outcome.AMBER, 1, 1, 0.95, 1.0, 1.0, id="§6 amber counts its ratio"),
        pytest.param(RED, Outcome.RED, 1, 1, 0.5, 1.0, 1.0, id="§6 red"),
        pytest.param((0, Gap.NOT_DUE, NAN, 1, False), Outcome.NOT_DUE, 0, 0, 0, 0, 0, id="§6 not due asks nothing"),
        pytest.param((0, Gap.AWAITING, NAN, 1, False), Outcome.AWAITING, 0, 0, 0, 0, 0, id="§6 awaiting asks nothing"),
        pytest.param(
            *((0, Gap.NOT_APPLICABLE, NAN, 1, False), Outcome.NOT_APPLICABLE, 0, 0, 0, 0, 0),
            id="§6 not applicable asks nothing",
        ),
        pytest.param(
            *((0, Gap.NOT_REPORTED, NAN, 1, False), Outcome.NOT_REPORTED, 1, 0, 0, 0, 1.0),
            id="§6 not reported is due, and 0 for assessment",
        ),
        pytest.param(
            *((0, Gap.NOT_COMPUTABLE, NAN, 1, False), Outcome.NOT_COMPUTABLE, 1, 1, 0, 0, 0),
            id="§6 not computable is reported, in no score",
        ),
        pytest.param((3, 0, 0.5, 0.0, False), Outcome.RED, 1, 1, 0, 0, 0, id="§6 without weight it counts, unscored"),
        pytest.param((3, 0, 0.5, NAN, False), Outcome.RED, 1, 1, 0, 0, 0, id="§6 absent weight is none"),
        pytest.param((3, 0, 0.5, -2.0, False), Outcome.RED, 1, 1, 0, 0, 0, id="§6 negative weight is none"),
        pytest.param((3, 0, 0.5, 2.5, False), Outcome.RED, 1, 1, 1.25, 2.5, 2.5, id="§6 weights"),
    ],
)
def test_contribution_of_one_result(result, outcome, due, reported, attained, rated, due_weight):
    part = contributions(**results_of(result))
    assert part.counts.tolist() == [[int(code == outcome) for code in Outcome]]
    assert (part.due[0], part.reported[0]) == (due, reported)
    assert part.attained[0] == round(attained * UNITS)
    assert part.weight_rated[0] == round(rated * UNITS)
    assert part.weight_due[0] == round(due_weight * UNITS)
    assert part.vetoes[0] == 0


@pytest.mark.parametrize(
    ("rating", "veto", "vetoes"),
    [
        pytest.param(Rating.RED, True, 1, id="§5 a red veto"),
        pytest.param(Rating.RED, False, 0, id="§5 red, no veto"),
        pytest.param(Rating.AMBER, True, 0, id="§5 an amber veto target is no veto"),
        pytest.param(Rating.GREEN, True, 0, id="§5 a green veto target is no veto"),
    ],
)
def test_vetoes_count_red_ones(rating, veto, vetoes):
    assert contributions(**results_of((rating, Gap.NONE, 0.5, 1.0, veto))).vetoes.tolist() == [vetoes]


def test_outcomes_cover_every_rating_and_gap():
    assert [code.name for code in Outcome] == [
        *(rating.name for rating in Rating if rating != Rating.GREY),
        *(gap.name for gap in Gap if gap != Gap.NONE),
    ]


def test_roll_up_equals_the_sum_of_contributions():
    results, rng = random_results(1), np.random.default_rng(2)
    place = rng.integers(0, 90, len(results["gap"]))
    assert same(roll_up(place, 90, **results), add_up(contributions(**results), place=place, cells=90))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_results_does_not_matter(seed):
    results, rng = random_results(1), np.random.default_rng(seed)
    place = rng.integers(0, 20, len(results["gap"]))
    order = rng.permutation(len(place))
    shuffled = {name: column[order] for name, column in results.items()}
    assert same(roll_up(place, 20, **results), roll_up(place[order], 20, **shuffled))


@pytest.mark.parametrize("seed", range(5))
def test_a_difference_leads_where_a_recount_does(seed):
    before, after, rng = random_results(seed), random_results(seed + 100), np.random.default_rng(seed)
    n = len(before["gap"])
    place, changed = rng.integers(0, 40, n), rng.choice(n, 300, replace=False)
    now = {name: column.copy() for name, column in before.items()}
    for name, column in now.items():
        column[changed] = after[name][changed]
    old, new = (contributions(**{name: column[changed] for name, column in part.items()}) for part in (before, now))
    moved = roll_up(place, 40, **before) + add_up(new - old, place=place[changed], cells=40)
    assert same(moved, roll_up(place, 40, **now))


def test_cells_add_up_to_larger_cells():
    results, rng = random_results(4), np.random.default_rng(4)
    county = rng.integers(0, 90, len(results["gap"]))
    city_of = np.arange(90) // 10
    assert same(add_up(roll_up(county, 90, **results), place=city_of, cells=9), roll_up(city_of[county], 9, **results))


def test_sums_are_those_of_exact_fractions():
    results = random_results(6, n=500)
    part = roll_up(np.zeros(500, dtype=np.intp), 1, **results)
    weights = [Fraction(weight) if weight > 0 else Fraction(0) for weight in results["weight"]]
    rated = results["gap"] == Gap.NONE
    exact = sum(
        weight * min(Fraction(ratio), 1)
        for weight, ratio, has in zip(weights, results["ratio"], rated, strict=True)
        if has
    )
    assert abs(Fraction(int(part.attained[0]), 10**9) - exact) <= Fraction(int(rated.sum()), 2 * 10**9)


def test_group_finds_the_combinations_that_occur():
    cells, place = group([np.array([7, 7, 3, 7]), np.array([1, 2, 1, 1], dtype=np.int8)])
    assert cells.tolist() == [[3, 1], [7, 1], [7, 2]]
    assert place.tolist() == [1, 2, 0, 1]
    assert cells[place].tolist() == [[7, 1], [7, 2], [3, 1], [7, 1]]


def test_cells_without_a_result_are_empty():
    part = roll_up(np.array([2]), 4, **results_of(GREEN))
    assert part.due.tolist() == [0, 0, 1, 0]
    assert len(part) == 4
