"""Who is praised and who is named (点名) in a bulletin. The document states these rules beside the names."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.engine.target import Rating
from reports.annual.content import Reporting
from reports.annual.text import LOW_SHARE
from reports.league import LeagueRow

PRAISED_PLACES = 3
"""The first three places are praised: enough to encourage, few enough to be an honour."""
PRAISED_MOST = 2
"""At most one in two of the ranked is praised: to praise nearly everybody singles nobody out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mentions:
    """Whom a bulletin singles out, each in the order of the league.

    `praised`: on target and in the first places, ties whole or not at all. `named`: regions behind. `unranked`: regions
    that have targets due but too little reported for a place. `late`: departments below `LOW_SHARE` of what they had
    to report, the least first.
    """

    praised: list[LeagueRow]
    named: list[LeagueRow]
    unranked: list[LeagueRow]
    late: list[Reporting]


def find_mentions(rows: Sequence[LeagueRow], reporting: Sequence[Reporting]) -> Mentions:
    """Return whom the rules single out; `rows` is the league, `reporting` the departments that were asked."""
    late = [one for one in reporting if one.reported < one.due * LOW_SHARE]
    return Mentions(
        praised=_find_praised(rows),
        named=[row for row in rows if row.place and row.cell.rating == Rating.RED],
        unranked=[row for row in rows if row.place is None and row.cell.due],
        late=sorted(late, key=lambda one: one.reported / one.due),
    )


def _find_praised(rows: Sequence[LeagueRow]) -> list[LeagueRow]:
    ranked = [row for row in rows if row.place is not None]
    praised: list[LeagueRow] = []
    for number in range(1, PRAISED_PLACES + 1):
        group = [row for row in ranked if row.place is not None and row.place.number == number]
        if (len(praised) + len(group)) * PRAISED_MOST > len(ranked):
            break
        praised += [row for row in group if row.cell.rating == Rating.GREEN]
    return praised
