"""Cells are sums of roll-up rows, rated by the engine; what remains of a whole is a cell too."""

import pytest
from django.utils.translation import override

from indicators.engine.cell import Thresholds
from indicators.engine.target import Rating
from indicators.models.rollup import RollUp
from reports.cells import EMPTY, make_cells, take_rest
from reports.places import Place
from reports.slices import find_rank
from tests.reports.factories import cell_of

UNITS = 10**9


def row(department=0, domain=None, attained=None, **counts):
    rated = sum(counts.get(name, 0) for name in ("green", "amber", "red"))
    due = rated + counts.get("not_reported", 0)
    weights = {
        "attained": round((rated if attained is None else attained) * UNITS),
        "weight_rated": rated * UNITS,
        "weight_due": due * UNITS,
    }
    return RollUp(department_id=department, domain=domain, **weights, **counts)


def one(*rows, **options):
    return make_cells(rows, lambda _row: "all", **options)["all"]


def test_rows_of_one_key_add_up_and_are_rated_once():
    cell = one(row(1, green=9, attained=9), row(2, red=1, attained=0.5))
    assert (cell.green, cell.red, cell.due, cell.rated) == (9, 1, 10, 10)
    assert cell.score == pytest.approx(95.0)
    assert cell.rating == Rating.GREEN


def test_keys_stay_apart():
    cells = make_cells([row(1, green=1), row(2, red=1, attained=0)], lambda found: found.department_id)
    assert {key: cell.rating for key, cell in cells.items()} == {1: Rating.GREEN, 2: Rating.RED}


@pytest.mark.parametrize(
    ("attained", "rating"),
    [(9.0, Rating.GREEN), (8.99, Rating.AMBER), (7.0, Rating.AMBER), (6.99, Rating.RED)],
)
def test_thresholds_colour_the_score(attained, rating):
    assert one(row(green=10, attained=attained)).rating == rating


def test_a_programmes_own_thresholds():
    strict = Thresholds(green=99.0, amber=98.0, coverage=0.9)
    assert one(row(green=10, attained=9.5), thresholds=strict).rating == Rating.RED


def test_below_half_coverage_says_nothing_and_exactly_half_is_enough():
    assert not one(row(green=2, not_reported=3)).is_rated
    assert one(row(green=2, not_reported=2)).is_rated


def test_a_red_veto_makes_the_cell_red_whatever_else():
    assert one(row(green=9, red=1, vetoes=1)).rating == Rating.RED


def test_nothing_due_has_no_score_and_no_colour():
    cell = one(row(not_due=5))
    assert (cell.score, cell.is_rated, cell.due, cell.total) == (None, False, 0, 5)
    assert EMPTY.total == 0


def test_the_bar_shows_what_is_due():
    cell = one(row(green=4, amber=3, red=2, not_reported=1, not_computable=1, not_due=9))
    assert cell.bar == {"green": 4, "amber": 3, "red": 2, "grey": 2}
    assert cell.reported == 10


def test_no_rows_make_no_cells():
    assert make_cells([], lambda found: found.department_id) == {}


def test_the_rest_is_the_whole_without_its_parts():
    whole, parts = [row(green=5, red=2, not_due=1)], [row(green=3), row(red=1, attained=0)]
    rest = take_rest(whole, parts)
    assert rest is not None
    assert (rest.green, rest.red, rest.not_due) == (2, 1, 1)
    assert take_rest([row(green=3)], [row(green=3)]) is None


def test_ranks_share_a_place_when_alike_as_shown_and_leave_out_the_unrated():
    cells = {
        "a": cell_of(1, score=90.04),
        "b": cell_of(1, score=95.0),
        "c": cell_of(1, score=90.0),
        "d": cell_of(not_reported=1),
    }
    assert [find_rank(cells, key) for key in "abcd"] == [
        (Place(2, True), 3),
        (Place(1, False), 3),
        (Place(2, True), 3),
        None,
    ]


def test_flags_and_demonstration_add_up():
    cell = one(row(1, green=1, at_risk=1, demonstration=1), row(2, green=1, at_risk=1, incomplete=1))
    assert (cell.at_risk, cell.incomplete, cell.demonstration) == (2, 1, 1)


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        ({"not_due": 3}, "Not due"),
        ({"awaiting": 3}, "Awaiting superior data"),
        ({"not_applicable": 3}, "Not applicable"),
        ({"awaiting": 1, "not_applicable": 2}, "Not due"),
        ({"not_due": 3, "not_reported": 3}, "Too little reported"),
        ({}, "Too little reported"),
    ],
)
def test_where_nothing_is_due_the_word_is_why(counts, word):
    with override("en"):
        assert (cell_of(**counts).mark.letter, str(cell_of(**counts).mark.word)) == ("N", word)
