"""Shares add to exactly 100 as they are printed."""

from decimal import Decimal
from itertools import product

import pytest

from qscounty.web.shares import share_out


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([0, 0, 0, 0], ["0.0", "0.0", "0.0", "0.0"], id="of nothing"),
        pytest.param([7], ["100.0"], id="one"),
        pytest.param([5, 0, 0, 0], ["100.0", "0.0", "0.0", "0.0"], id="all"),
        pytest.param([1, 1], ["50.0", "50.0"], id="halves"),
        pytest.param([1, 1, 1], ["33.4", "33.3", "33.3"], id="thirds: the first gets the step"),
        pytest.param([2, 1], ["66.7", "33.3"], id="the larger remainder gets it"),
        pytest.param([1, 2], ["33.3", "66.7"], id="the larger remainder gets it, wherever it stands"),
        pytest.param([33, 1, 0, 2], ["91.7", "2.8", "0.0", "5.5"], id="rounded on their own they add to 100.1"),
        pytest.param([1, 1, 1, 1, 1, 1], ["16.7", "16.7", "16.7", "16.7", "16.6", "16.6"], id="four steps"),
        pytest.param([1, 1000, 0], ["0.1", "99.9", "0.0"], id="small, and nothing"),
        pytest.param([1, 3, 12], ["6.2", "18.8", "75.0"], id="of equal remainders the larger count"),
    ],
)
def test_shares(counts, shares):
    assert [str(share) for share in share_out(counts)] == shares


@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_they_always_add_to_a_hundred_and_nothing_gets_nothing(decimals):
    for counts in product(range(8), repeat=4):
        shares = share_out(counts, decimals=decimals)
        assert sum(shares) == (100 if any(counts) else 0), counts
        assert all(share == 0 for share, count in zip(shares, counts, strict=True) if not count), counts
        exact = [Decimal(100 * count) / sum(counts) if any(counts) else Decimal(0) for count in counts]
        step = Decimal(1).scaleb(-decimals)
        assert all(abs(share - true) < step for share, true in zip(shares, exact, strict=True)), counts


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        share_out([3, -1])
