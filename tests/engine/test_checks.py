"""Plausibility checks: every code is found where it should be, and not next door, with the numbers that say why."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.engine.check_columns import FigureKinds, Limits
from indicators.engine.checks import CHECKS, NUMBERS, Finding, Severity, find_implausible
from indicators.engine.figures import FigurePanel

NAN, INF = float("nan"), float("inf")


def panel(value=None, numerator=None, denominator=None):
    """Return a panel of rows given as lists; what is not given is absent."""
    given_rows = [np.array(rows, float, ndmin=2) for rows in (value, numerator, denominator) if rows is not None]
    absent = np.full(given_rows[0].shape, NAN)
    columns = [absent if rows is None else np.array(rows, float, ndmin=2) for rows in (value, numerator, denominator)]
    return FigurePanel(
        first_quarter=8060,
        value=columns[0],
        numerator=columns[1],
        denominator=columns[2],
        reported=~(np.isnan(columns[0]) & np.isnan(columns[1])),
        nothing=np.zeros(absent.shape, bool),
        benchmark=absent,
        place=absent,
    )


def find(figures, limits=None, **kinds):
    return find_implausible(figures, FigureKinds.of(len(figures.value), **kinds), limits=limits or Limits())


def codes(*args, **kinds):
    return [Finding(code) for code in find(*args, **kinds).code]


def only(finding, figures, **kinds):
    """Return the numbers of the one finding that there is."""
    found = find(figures, **kinds)
    assert [Finding(code) for code in found.code] == [finding]
    named = len(CHECKS[finding].numbers)
    assert np.isnan(found.numbers[0, named:]).all()
    return found.numbers[0, :named].tolist()


# --- what contradicts itself ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("figures", "kinds", "finding", "numbers"),
    [
        pytest.param(panel([INF]), {}, Finding.NOT_FINITE, [], id="§1 infinite value"),
        pytest.param(panel(None, [INF], [5]), {}, Finding.NOT_FINITE, [], id="§1 infinite numerator"),
        pytest.param(panel(None, [5], [-INF]), {}, Finding.NOT_FINITE, [], id="§1 infinite denominator"),
        pytest.param(panel(None, [5], [-9]), {}, Finding.NEGATIVE_DENOMINATOR, [-9], id="§1 T45 denominator −9"),
        pytest.param(panel([-3]), {"count": True}, Finding.NEGATIVE_COUNT, [-3, 0], id="§1 count of −3"),
        pytest.param(panel([-3]), {"share": True}, Finding.NEGATIVE_COUNT, [-3, 0], id="§1 share of −3 %"),
        pytest.param(panel(None, [-3], [9]), {}, Finding.NEGATIVE_COUNT, [-3, 1], id="§1 numerator −3"),
        pytest.param(panel(None, [3], [NAN]), {}, Finding.HALF_OF_COUNTS, [3, NAN], id="§1 no denominator"),
        pytest.param(panel(None, [NAN], [3]), {}, Finding.HALF_OF_COUNTS, [NAN, 3], id="§1 no numerator"),
        pytest.param(panel(None, [5], [0]), {"share": True}, Finding.CASES_OF_NOTHING, [5], id="§1 T45 5 of 0"),
        pytest.param(panel(None, [0], [0]), {"share": True}, Finding.NOTHING_OF_NOTHING, [], id="§1 0 of 0"),
        pytest.param(panel(None, [501], [500]), {"share": True}, Finding.SHARE_ABOVE_ONE, [501, 500], id="§1 501/500"),
        pytest.param(
            panel([100.1]), {"share": True, "multiplier": 100.0}, Finding.SHARE_ABOVE_ONE, [100.1, 100], id="§1 100.1 %"
        ),
        pytest.param(panel([1.2]), {"share": True}, Finding.SHARE_ABOVE_ONE, [1.2, 1], id="§1 pure share 1.2"),
        pytest.param(
            panel([40, 39]), {"cumulative": True}, Finding.FALLING_CUMULATIVE, [39, 40, 0], id="§1 40 brands, then 39"
        ),
        pytest.param(
            panel([40, NAN, 39]), {"cumulative": True}, Finding.FALLING_CUMULATIVE, [39, 40, 0], id="§1 over a gap"
        ),
        pytest.param(
            panel(None, [40, 39], [50, 60]),
            {"cumulative": True},
            Finding.FALLING_CUMULATIVE,
            [39, 40, 1],
            id="§1 a numerator falls",
        ),
        pytest.param(
            panel(None, [40, 41], [60, 50]),
            {"cumulative": True},
            Finding.FALLING_CUMULATIVE,
            [50, 60, 2],
            id="§1 a denominator falls",
        ),
        pytest.param(
            panel([93.2], [93.0], [100]),
            {"multiplier": 100.0, "step": 0.1},
            Finding.CONTRADICTS_COUNTS,
            [93.2, 93, 93, 100],
            id="93.2 % is not 93 of 100",
        ),
        pytest.param(
            panel([93.2], [1399], [1500]),
            {"multiplier": 100.0, "step": 0.1},
            Finding.CONTRADICTS_COUNTS,
            [93.2, 93.26666666666667, 1399, 1500],
            id="93.267 % is not rounded but cut off",
        ),
    ],
)
def test_a_contradiction_is_found_with_its_numbers(figures, kinds, finding, numbers):
    assert only(finding, figures, **kinds) == pytest.approx(numbers, nan_ok=True)


@pytest.mark.parametrize(
    ("figures", "kinds"),
    [
        pytest.param(panel([NAN]), {"share": True, "count": True, "cumulative": True}, id="nothing typed"),
        pytest.param(panel(None, [NAN], [NAN]), {"share": True}, id="no counts typed"),
        pytest.param(panel([-3]), {}, id="a growth rate may be negative"),
        pytest.param(panel([0]), {"count": True}, id="zero is a count"),
        pytest.param(panel(None, [500], [500]), {"share": True}, id="all of them"),
        pytest.param(panel(None, [501], [500]), {}, id="a ratio that is no share"),
        pytest.param(panel([100]), {"share": True, "multiplier": 100.0}, id="100 %"),
        pytest.param(panel([0.1 + 0.2]), {"share": True, "multiplier": 0.3}, id="equal in decimal"),
        pytest.param(panel([40, 40]), {"cumulative": True}, id="a cumulative count may stand"),
        pytest.param(panel([40, 39]), {}, id="a quarterly count may fall"),
        pytest.param(panel([NAN, 39]), {"cumulative": True}, id="nothing before"),
        pytest.param(panel([93.2], [932], [1000]), {"multiplier": 100.0, "step": 0.1}, id="follows exactly"),
        pytest.param(panel([93.3], [14], [15]), {"multiplier": 100.0, "step": 0.1}, id="93.333… rounded"),
        pytest.param(panel([93.35], [1867], [2000]), {"multiplier": 100.0, "step": 0.01}, id="93.35 exactly"),
        pytest.param(panel([93.25], [373], [400]), {"multiplier": 100.0, "step": 0.1}, id="within half a step"),
    ],
)
def test_the_neighbour_is_left_alone(figures, kinds):
    assert codes(figures, **kinds) == []


def test_a_part_is_held_against_the_whole_of_the_same_quarter():
    figures = panel([[10], [12], [5], [NAN]])
    assert codes(figures, whole=[-1, 0, 0, 0]) == [Finding.PART_ABOVE_WHOLE]
    found = find(figures, whole=[-1, 0, 0, 0])
    assert found.row.tolist() == [1]
    assert found.numbers[0, :3].tolist() == [12, 10, 0]
    assert codes(figures, whole=[3, 3, 3, -1]) == []  # the whole is not reported
    assert codes(panel([[10], [10]]), whole=[-1, 0]) == []


# --- what is unlikely ----------------------------------------------------------------------------------------------

STEADY = [100, 104, 98, 101, 97, 103]


@pytest.mark.parametrize(
    ("now", "factor"),
    [
        pytest.param(1020, 10, id="×10: one nought too many"),
        pytest.param(10.2, 0.1, id="÷10: a nought missing"),
        pytest.param(10_100, 100, id="×100: per cent for a share"),
        pytest.param(1.01, 0.01, id="÷100: a share for per cent"),
        pytest.param(1_010_000, 10_000, id="×10 000: 万 written out"),
        pytest.param(0.0101, 0.0001, id="÷10 000: written in 万"),
        pytest.param(1400, 10, id="within the factor of 1.5"),
    ],
)
def test_a_unit_slip_is_found_alone(now, factor):
    number, usual, found, which = only(Finding.UNIT_SLIP, panel([*STEADY, now]), step=1)
    assert (number, found, which) == (now, pytest.approx(factor), 0)
    assert usual == pytest.approx(100.5, abs=0.01)  # geometric middle of 100 and 101


def test_a_slip_in_a_seasonal_series_is_told_from_its_season():
    """Winters of 50, summers of 28: ten times a winter is 15 times the median, and still a slip."""
    seasonal = [50, 29, 28, 47, 52, 30, 28, 46]
    assert Finding.UNIT_SLIP in codes(panel([*seasonal, 560]), step=1)
    assert Finding.UNIT_SLIP not in codes(panel([*seasonal, 56]), step=1)
    assert Finding.UNIT_SLIP not in codes(panel([*[38] * 8, 600]), step=1)  # a level series: 600 is no ×10


def test_a_unit_slip_is_found_in_either_count():
    rows = [*STEADY, 1010]
    steady = [120] * 6 + [1250]
    assert only(Finding.UNIT_SLIP, panel(None, [*STEADY, 101], steady), step=50)[2:] == [10, 2]
    assert only(Finding.UNIT_SLIP, panel(None, rows, [*STEADY[:6], 999]), step=50)[3] == 1


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        pytest.param([*STEADY, 400], {"step": 200}, id="four times is no power of ten"),
        pytest.param([*STEADY, 105], {"step": 1}, id="as usual"),
        pytest.param([*STEADY, 100_000], {"step": 1e6}, id="×1 000 is no usual slip"),
        pytest.param([1, 10, 100, 1, 10, 100, 1000], {"step": 1000}, id="a history that jumps by itself"),
        pytest.param([100, 101, 99, 1000], {"step": 1000}, id="three quarters are too few"),
        pytest.param([0, 0, 0, 0, 0, 0, 10], {"step": 10}, id="no usual size"),
        pytest.param([*STEADY, -1000], {"step": 2000}, id="a negative number"),
        pytest.param([*STEADY, 0], {"step": 100}, id="zero"),
        pytest.param([4, 5, 4, 6, 5, 4, 5, 0.4], {"step": 1}, id="fewer than five steps"),
    ],
)
def test_what_is_no_unit_slip(rows, kinds):
    assert Finding.UNIT_SLIP not in codes(panel(rows), **kinds)


@pytest.mark.parametrize(
    ("before", "now", "step"),
    [
        pytest.param([1826], 8126, 1, id="first two"),
        pytest.param([1826], 1286, 1, id="middle"),
        pytest.param([1826], 1862, 1, id="last two"),
        pytest.param([1820, 1822, 1824, 1826], 1862, 1, id="a larger change than usual"),
        pytest.param([93.1], 91.3, 0.1, id="over the point"),
        pytest.param([1805], 1850, 1, id="with a nought"),
    ],
)
def test_swapped_digits(before, now, step):
    assert only(Finding.DIGIT_SWAP, panel([*before, now]), step=step) == [now, before[-1], 0]


@pytest.mark.parametrize(
    ("before", "now", "step"),
    [
        pytest.param([1826], 1826, 1, id="the same"),
        pytest.param([1826], 1628, 1, id="not neighbours"),
        pytest.param([1826], 6281, 1, id="reversed: three swaps"),
        pytest.param([12], 21, 1, id="two digits swap by chance"),
        pytest.param([1826], 1835, 1, id="nine apart, other digits"),
        pytest.param([1755, 1835, 1745, 1826], 1862, 1, id="a change as usual"),
        pytest.param([NAN], 1862, 1, id="nothing last quarter"),
        pytest.param([1826, NAN], 1862, 1, id="last quarter only"),
        pytest.param([-1826], -1862, 1, id="negative"),
        pytest.param([100], 1000, 1, id="a digit more"),
        pytest.param([1000], 100, 1, id="a digit less"),
        pytest.param([10.0], 100.0, 0.1, id="a digit more, with a decimal"),
        pytest.param([1024], 204, 1, id="a nought in front"),
    ],
)
def test_no_swapped_digits(before, now, step):
    assert codes(panel([*before, now]), step=step) == []


@given(number=st.integers(100, 10**9), place=st.integers(0, 8))
def test_every_swap_of_neighbours_is_found_and_nothing_else(number, place):
    digits = list(str(number))
    if place + 1 < len(digits):
        digits[place], digits[place + 1] = digits[place + 1], digits[place]
        swapped = int("".join(digits))
        expected = swapped != number and len(str(swapped)) == len(digits)
        found = codes(panel([number, swapped]), step=1)
        assert (Finding.DIGIT_SWAP in found) == expected
    assert Finding.DIGIT_SWAP not in codes(panel([number, number + 10]), step=1)


def test_copied_counts():
    assert only(Finding.COPIED_FIGURE, panel(None, [470, 480, 480], [500, 510, 510])) == [480, 510]


@pytest.mark.parametrize(
    ("figures", "kinds"),
    [
        pytest.param(panel(None, [480, 480], [510, 511]), {}, id="one more case"),
        pytest.param(panel(None, [480, 481], [510, 510]), {}, id="one more pass"),
        pytest.param(panel(None, [12, 12], [12, 12]), {}, id="twelve of twelve repeat by chance"),
        pytest.param(panel(None, [480, 480], [510, 510]), {"cumulative": True}, id="nothing new since"),
        pytest.param(panel([480, 480]), {}, id="a stock may stand"),
        pytest.param(panel(None, [480, NAN, 480], [510, NAN, 510]), {}, id="not last quarter"),
    ],
)
def test_no_copied_counts(figures, kinds):
    assert Finding.COPIED_FIGURE not in codes(figures, **kinds)


BLOCK = [[3, 4, 5, 5], [7, 9, 8, 8], [20, 21, 20, 20], [6, 6, 6, 6], [1, 2, 3, NAN]]


def test_a_copied_block_names_the_figures_that_usually_move():
    found = find(panel(BLOCK), block=0)
    assert [Finding(code) for code in found.code] == [Finding.COPIED_BLOCK] * 3
    assert found.row.tolist() == [0, 1, 2]
    assert found.numbers[:, 0].tolist() == [3, 3, 3]


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        pytest.param([*BLOCK[:2], [20, 21, 20, 22]], {"block": 0}, id="one figure moved"),
        pytest.param(BLOCK[:2], {"block": 0}, id="two figures are no block"),
        pytest.param(BLOCK, {"block": [0, 0, 1, 1, 1]}, id="two blocks of too few"),
        pytest.param(BLOCK, {"block": -1}, id="no block"),
        pytest.param([[6, 6, 6, 6]] * 5, {"block": 0}, id="stocks that never move"),
        pytest.param(BLOCK, {"block": 0, "cumulative": True}, id="cumulative figures may stand"),
        pytest.param([[NAN, 3, 5, 5], [NAN, 9, 8, 8], [NAN, 1, 2, 2]], {"block": 0}, id="one step tells nothing"),
    ],
)
def test_no_copied_block(rows, kinds):
    assert Finding.COPIED_BLOCK not in codes(panel(rows), **kinds)


def test_blocks_do_not_mix():
    copied = [[3, 4, 5, 5], [7, 9, 8, 8], [20, 21, 20, 20]]
    fresh = [[3, 4, 5, 6], [7, 9, 8, 9], [20, 21, 20, 21]]
    found = find(panel(copied + fresh), block=[7, 7, 7, 2, 2, 2])
    assert found.row.tolist() == [0, 1, 2]


def test_an_outlier_among_its_own_quarters():
    """Median 100.5, deviations 0.5 0.5 2.5 2.5 3.5 3.5: median 2.5, σ = 3.7065."""
    limits = Limits(year_change=9)
    measured, centre, z = find(panel([*STEADY, 120]), limits, step=1).numbers[0, :3]
    assert (measured, centre) == (120, 100.5)
    assert z == pytest.approx(19.5 / (1.4826 * 2.5))
    assert codes(panel([*STEADY, 120]), limits, step=1) == [Finding.OUTLIER]
    assert codes(panel([*STEADY, 80]), limits, step=1) == [Finding.OUTLIER]
    assert codes(panel([*STEADY, 113]), limits, step=1) == []  # z = 3.37
    assert codes(panel([*STEADY, 113]), Limits(z=3.0), step=1) == [Finding.OUTLIER]
    assert codes(panel([*STEADY[1:], 120]), limits, step=1) == []  # five quarters are too few
    assert codes(panel([*STEADY[1:], NAN, 120]), limits, step=1) == []
    assert codes(panel([*STEADY, 120]), limits, step=1, cumulative=True) == []


def test_a_series_that_never_moved_may_move_a_little():
    assert codes(panel([100] * 6 + [97]), step=0.1) == []  # 3 % of the level
    assert codes(panel([100] * 6 + [96]), step=0.1) == [Finding.OUTLIER]
    assert codes(panel([0] * 6 + [1]), step=1, count=True) == []  # one incident
    assert codes(panel([0] * 6 + [4]), step=1, count=True) == [Finding.OUTLIER]


def test_a_ratio_is_judged_as_measured():
    """95 % for six quarters, then 70 %, from counts of all sizes."""
    figures = panel(None, [95, 190, 380, 95, 190, 380, 70], [100, 200, 400, 100, 200, 400, 100])
    found = find(figures, share=True, multiplier=100.0, step=0.1)
    assert {Finding(code) for code in found.code} == {Finding.OUTLIER, Finding.AGAINST_LAST_YEAR}
    assert found.numbers[:, :2].tolist() == [[70, 95], [70, 95]]


@pytest.mark.parametrize(
    ("rows", "kinds", "change"),
    [
        pytest.param([100, 70, 70, 70, 151], {"step": 1}, 0.51, id="more than half as much again"),
        pytest.param([100, 70, 70, 70, 49], {"step": 1}, -0.51, id="less than half"),
        pytest.param([80, 70, 70, 70, 69.9], {"step": 0.1, "share": True, "multiplier": 100}, -0.101, id="10.1 points"),
        pytest.param([0.8, 1, 1, 1, 0.69], {"step": 0.001, "share": True}, -0.11, id="11 points as a pure share"),
        pytest.param([-100, 7, 7, 7, -160], {"step": 1}, -0.6, id="a loss grows"),
    ],
)
def test_against_last_year(rows, kinds, change):
    assert only(Finding.AGAINST_LAST_YEAR, panel(rows), **kinds) == pytest.approx([rows[-1], rows[0], change])


@pytest.mark.parametrize(
    ("rows", "kinds"),
    [
        pytest.param([100, 7, 7, 7, 150], {"step": 1}, id="half as much again"),
        pytest.param([80, 7, 7, 7, 70], {"step": 0.1, "share": True, "multiplier": 100}, id="ten points"),
        pytest.param([1, 7, 7, 7, 4], {"step": 1}, id="three steps of one"),
        pytest.param([5, 7, 7, 7, 10], {"step": 1}, id="five steps exactly"),
        pytest.param([0, 7, 7, 7, 40], {"step": 1}, id="from nothing there is no share"),
        pytest.param([NAN, 7, 7, 7, 40], {"step": 1}, id="nothing a year earlier"),
        pytest.param([7, 7, 7, 400], {"step": 1}, id="less than a year of history"),
    ],
)
def test_not_against_last_year(rows, kinds):
    assert Finding.AGAINST_LAST_YEAR not in codes(panel(rows), **kinds)


PEERS = [[90], [91], [92], [93], [94], [60]]


def test_against_its_peers():
    """Median 91.5, deviations 1.5 .5 .5 1.5 2.5 31.5: median 1.5, σ = 2.2239."""
    found = find(panel(PEERS), peers=3, step=0.1)
    assert [Finding(code) for code in found.code] == [Finding.AGAINST_PEERS]
    assert found.row.tolist() == [5]
    assert found.numbers[0, :3] == pytest.approx([60, 91.5, -31.5 / (1.4826 * 1.5)])


@pytest.mark.parametrize(
    ("rows", "peers"),
    [
        pytest.param(PEERS[1:], 3, id="five are too few"),
        pytest.param([*PEERS[1:], [NAN]], 3, id="absent ones are no peers"),
        pytest.param(PEERS, [3, 3, 3, 3, 3, 4], id="another group"),
        pytest.param(PEERS, -1, id="no group"),
        pytest.param([[90]] * 6 + [[92]], 3, id="equal peers allow a little"),
    ],
)
def test_not_against_its_peers(rows, peers):
    assert codes(panel(rows), peers=peers, step=0.1) == []


def test_groups_of_peers_do_not_mix():
    rows = [[value] for pair in zip(range(90, 97), range(10, 17), strict=True) for value in pair] + [[12], [93]]
    peers = [1, 2] * 7 + [1, 2]
    found = find(panel(rows), peers=peers, step=0.1)
    assert found.row.tolist() == [14, 15]
    assert found.numbers[:, 1].tolist() == pytest.approx([92.5, 13.5])


# --- the table and the columns -------------------------------------------------------------------------------------


def test_every_finding_has_its_line_and_every_line_its_finding():
    assert set(CHECKS) == set(Finding)
    for check in CHECKS.values():
        assert len(check.numbers) <= NUMBERS
        assert check.find.__doc__
        assert all(other in CHECKS for other in check.unless)


@pytest.mark.parametrize("finding", Finding)
def test_exactly_contradictions_block(finding):
    blocks = {
        Finding.NOT_FINITE,
        Finding.NEGATIVE_DENOMINATOR,
        Finding.NEGATIVE_COUNT,
        Finding.HALF_OF_COUNTS,
        Finding.CASES_OF_NOTHING,
        Finding.SHARE_ABOVE_ONE,
        Finding.FALLING_CUMULATIVE,
    }
    assert (CHECKS[finding].severity is Severity.BLOCKING) == (finding in blocks)


def test_findings_come_by_row_then_code_and_know_which_block():
    figures = panel([[5, -3], [7, 7], [5, -1]], None, None)
    found = find(figures, count=True, cumulative=True)
    assert found.row.tolist() == [0, 0, 2, 2]
    assert [Finding(code) for code in found.code] == [Finding.NEGATIVE_COUNT, Finding.FALLING_CUMULATIVE] * 2
    assert found.blocking.tolist() == [True] * 4
    assert find(panel(PEERS), peers=1, step=0.1).blocking.tolist() == [False]
    assert len(found) == 4


@pytest.mark.parametrize("shape", [(0, 1), (0, 9), (1, 1), (3, 13)])
def test_absent_figures_give_no_finding(shape):
    absent = np.full(shape, NAN)
    figures = FigurePanel(
        first_quarter=8060,
        **dict.fromkeys(("value", "numerator", "denominator", "benchmark", "place"), absent),
        **dict.fromkeys(("reported", "nothing"), np.zeros(shape, bool)),
    )
    found = find(figures, share=True, count=True, cumulative=True, block=0, peers=0)
    assert len(found) == 0
    assert found.numbers.shape == (0, NUMBERS)


def test_kinds_refuse_unknown_columns():
    with pytest.raises(TypeError, match="wholes"):
        FigureKinds.of(2, wholes=1)


def test_a_batch_finds_what_its_rows_find_alone():
    random = np.random.default_rng(3)
    denominator = random.integers(0, 60, (200, 9)).astype(float)
    numerator = np.rint(denominator * random.random((200, 9)) * 1.05)
    denominator[random.random((200, 9)) < 0.1] = NAN
    figures = panel(None, numerator, denominator)
    whole = find(figures, share=True, multiplier=100.0, step=0.1)
    alone = [
        find(panel(None, numerator[row], denominator[row]), share=True, multiplier=100.0, step=0.1)
        for row in range(200)
    ]
    assert whole.code.tolist() == [code for found in alone for code in found.code]
    assert whole.row.tolist() == [row for row, found in enumerate(alone) for _ in found.code]
    assert len(whole) > 50


def test_a_province_is_checked_within_two_seconds():
    random = np.random.default_rng(4)
    denominator = random.integers(30, 900, (18_000, 13)).astype(float)
    figures = panel(None, np.rint(denominator * 0.9), denominator)
    started = time.perf_counter()
    find(figures, share=True, multiplier=100.0, peers=np.arange(18_000) % 200, block=np.arange(18_000) // 20)
    assert time.perf_counter() - started < 2.0
