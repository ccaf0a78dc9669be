"""How a year is usually spread over its quarters: the shares of the seasonal path.

For a sum, the part of the year's total reached by the end of each quarter; for a mean (PM2.5 is high in winter), the
year-to-date mean against the mean of the whole year. Learned from earlier years, or given by the plan.
Source: attainment rules section 2, path `seasonal` (`TargetColumns.season`).
"""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .figures import FigurePanel, Floats
from .period import number_of
from .quantity import equals, stays_below
from .robust import median
from .target import Accumulation, Path, TargetColumns

QUARTERS = 4
YEARS_AT_LEAST = 2
YEARS_AT_MOST = 5  # older habits say little about this year


class SeasonFault(IntEnum):
    """What is wrong with the shares that a plan gives; NONE means they can be used."""

    NONE = 0
    INCOMPLETE = 1  # some quarters have a share, some have none
    NOT_POSITIVE = 2  # a share below zero, or a mean's ratio of zero
    FALLING = 3  # cumulative shares of a sum never fall
    NOT_ENDING_AT_ONE = 4
    NOT_SEASONAL = 5  # neither a sum nor a mean


def learn_season(
    values: Floats, *, first_quarter: int, accumulation: NDArray[np.int8], before: int | None = None
) -> Floats:
    """Return the cumulative shares of the four quarters, learned as medians over the last complete years.

    Shapes: `values` (n, Q), figures of single quarters, NaN where not reported; `accumulation` (n,) codes;
    result (n, 4) for `TargetColumns.season`. `first_quarter` is the ordinal of column 0; only years that end
    before the quarter `before` count (all columns without it), so a plan never learns from the year it judges.
    Absence: a NaN row with fewer than two complete years, with a total that is not positive, or where the
    figures are neither summed nor averaged. Shares of a sum never fall and end at exactly 1.
    """
    years = _complete_years(values, first_quarter, before)
    to_date = np.cumsum(years, axis=2)
    averaged = (accumulation == Accumulation.MEAN)[:, None, None]
    to_date = np.where(averaged, to_date / np.arange(1, QUARTERS + 1), to_date)
    whole = to_date[:, :, -1:]
    shares = to_date / np.where(whole > 0.0, whole, np.nan)  # one missing quarter makes its year NaN
    enough = np.count_nonzero(~np.isnan(shares[:, :, -1]), axis=1) >= YEARS_AT_LEAST
    by_quarter = shares.transpose(0, 2, 1).reshape(len(values) * QUARTERS, years.shape[1])
    season = median(by_quarter).reshape(-1, QUARTERS)
    summed = accumulation == Accumulation.SUM
    season[summed] = np.minimum(np.maximum.accumulate(np.maximum(season[summed], 0.0), axis=1), 1.0)
    season[~enough | ~(summed | averaged[:, 0, 0])] = np.nan
    return season


def spread_shares(targets: TargetColumns, panel: FigurePanel) -> Floats | None:
    """Return the season's share of every quarter of the panel, shape (n, Q); None where nothing has to be learned.

    A plan that gives shares keeps them. Where a seasonal path has none, every year goes by what the complete years
    before it show (`learn_season`), so that no later figure moves an earlier expectation.
    Absence: NaN in the years that have no two complete years before them, and in rows with another path.
    """
    rows = np.flatnonzero((targets.path == Path.SEASONAL) & np.isnan(targets.season).all(axis=1))
    if not len(rows):
        return None
    quarter = number_of(panel.quarters) - 1
    shares = targets.season[:, quarter]
    values = np.where(panel.nothing[rows], 0.0, panel.value[rows])
    for begin in np.unique(panel.quarters - quarter):
        year = np.flatnonzero(panel.quarters - quarter == begin)
        learned = learn_season(
            values, first_quarter=panel.first_quarter, accumulation=targets.accumulation[rows], before=int(begin)
        )
        shares[np.ix_(rows, year)] = learned[:, quarter[year]]
    return shares


def cumulate_shares(shares: Floats) -> Floats:
    """Return cumulative shares for a plan that gives each quarter its own: 0.2, 0.3, 0.2, 0.3 → 0.2, 0.5, 0.7, 1.

    Shapes: (n, 4) both. A total that is 1 in decimal becomes exactly 1.
    """
    cumulative = np.cumsum(shares, axis=1)
    ending = cumulative[:, -1]
    cumulative[:, -1] = np.where(equals(ending, np.ones_like(ending)), 1.0, ending)
    return cumulative


def find_season_faults(season: Floats, *, accumulation: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the SeasonFault of each row of cumulative shares, shape (n,); a row of NaN is not seasonal: no fault.

    Shapes: `season` (n, 4), `accumulation` (n,). A sum's shares lie from 0 to 1, never fall and end at 1; a mean's
    ratios are positive and end at 1. The first fault in the order of the codes is named.
    """
    absent = np.isnan(season)
    summed, averaged = accumulation == Accumulation.SUM, accumulation == Accumulation.MEAN
    low = np.where(averaged, (season <= 0.0).any(axis=1), (season < 0.0).any(axis=1))
    falling = summed & stays_below(season[:, 1:], season[:, :-1]).any(axis=1)
    ending = ~equals(season[:, -1], np.ones(len(season)))
    faults = [
        (absent.any(axis=1), SeasonFault.INCOMPLETE),
        (low, SeasonFault.NOT_POSITIVE),
        (falling, SeasonFault.FALLING),
        (ending, SeasonFault.NOT_ENDING_AT_ONE),
        (~(summed | averaged), SeasonFault.NOT_SEASONAL),
    ]
    named = np.select([wrong for wrong, _ in faults], [code for _, code in faults], SeasonFault.NONE)
    return np.where(absent.all(axis=1), SeasonFault.NONE, named).astype(np.int8)


def _complete_years(values: Floats, first_quarter: int, before: int | None) -> Floats:
    """Return the last calendar years that lie wholly within the columns, shape (n, years, 4)."""
    start = -first_quarter % QUARTERS
    stop = values.shape[1] if before is None else min(max(before - first_quarter, 0), values.shape[1])
    years = max(stop - start, 0) // QUARTERS
    whole = values[:, start : start + years * QUARTERS].reshape(len(values), years, QUARTERS)
    return whole[:, -YEARS_AT_MOST:]
