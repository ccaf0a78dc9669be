"""Shares of a whole that add up as they are printed."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

_WHOLE = 100


def share_out(counts: Sequence[int], *, decimals: int = 1) -> list[Decimal]:
    """Return each count's per cent of all, in the same order; they add to exactly 100, or are all 0 of nothing.

    Largest remainder: every share is cut, and the steps that are left go to those that lost most by it, the larger
    count first, then the earlier one. A count of 0 never gets a step. Errors: ValueError for a negative count.
    Source: the method of Hamilton and Niemeyer; rounding each share on its own adds to 99.9 or 100.1.
    """
    if any(count < 0 for count in counts):
        raise ValueError("A share of a negative count says nothing.")
    step, whole = Decimal(1).scaleb(-decimals), sum(counts)
    if not whole:
        return [step * 0 for _count in counts]
    exact = [Decimal(_WHOLE * count) / whole for count in counts]
    cut = [share.quantize(step, ROUND_FLOOR) for share in exact]
    left = int((_WHOLE - sum(cut)) / step)
    order = sorted(range(len(counts)), key=lambda place: (cut[place] - exact[place], -counts[place], place))
    for place in order[:left]:
        cut[place] += step
    return cut
