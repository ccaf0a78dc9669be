"""The tile map: where each county's tile lies, north above, drawn from memory of the map and not to scale.

Positions are data: one line a row of tiles, codes of GB/T 2260, a dot where none lies. No map service is asked. Regions
that no plan places stand in their customary order, several a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from departments.models import Region

PLANS = (
    """
    .      .      .      330522 330502 330503 330411 330421 330482
    .      .      .      330523 330521 330483 330402 330424 .      .      .      330922
    .      .      330185 330110 330105 330103 330481 .      330282 .      .      330921
    .      .      330183 330106 330102 330104 330621 330682 330281 330205 330211 330902 330903
    330127 .      330122 330108 330109 330602 .      330683 330212 330203 330204 330206
    .      330182 .      330726 .      330681 .      330624 330283 .      330225
    330824 .      330781 .      330782 330783 330727 331023 330226 331022
    330822 330802 330825 330702 330703 330784 .      331024 331082 331002
    330881 330803 331123 .      330723 331122 .      331003 331004 331081
    .      331181 .      331124 331102 331121 330324 330382 331021
    .      331126 .      331125 331127 330328 330304 330302 330303 330322
    .      .      .      .      .      330329 330381 330326
    .      .      .      .      .      .      330327
    """,
    """
    .      .      140429
    .      140430 140423 140426
    140431 140424 140411 140481 140425
    .      140428 140402 140427
    .      .      140421
    """,
)
TILES_A_ROW = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Row and column of a tile, 1 the first, as a style sheet counts them."""

    row: int
    column: int


def read_plans() -> dict[str, Place]:
    """Return where each code of the plans lies."""
    return {
        code: Place(row, column)
        for plan in PLANS
        for row, line in enumerate(plan.strip().splitlines(), start=1)
        for column, code in enumerate(line.split(), start=1)
        if code != "."
    }


def place_tiles(regions: Sequence[Region]) -> dict[int, Place]:
    """Return the place of each region by its id: that of a plan if it knows them all, else one after the other."""
    plan = read_plans()
    if not regions or any(region.code not in plan for region in regions):
        return {r.pk: Place(n // TILES_A_ROW + 1, n % TILES_A_ROW + 1) for n, r in enumerate(regions)}
    places = {region.pk: plan[region.code] for region in regions}
    top = min(place.row for place in places.values()) - 1
    left = min(place.column for place in places.values()) - 1
    return {pk: Place(place.row - top, place.column - left) for pk, place in places.items()}
