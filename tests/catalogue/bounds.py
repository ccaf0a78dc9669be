"""What a target binds to, in the form in which the second readings write it down."""

from typing import NamedTuple

from indicators.catalogue.schema import CatalogueFile

# A target on one of these bases is bounded in another unit than the one in which its indicator is entered.
UNITS_BY_BASIS = {
    "growth": "%",
    "average_growth": "%",
    "reduction": "%",
    "points": "百分点",
    "over_benchmark": "百分点",
}


class Bound(NamedTuple):
    """Clause, target, comparator, level (None: somebody else still gives it), unit of the level, due quarter."""

    clause: str
    code: str
    comparator: str
    level: str | None
    unit: str
    due: str


def list_bounds(catalogue: CatalogueFile) -> list[Bound]:
    """Return the bound of every target in the order of the file."""
    units = {indicator.code: indicator.unit_zh for indicator in catalogue.indicator}
    return [
        Bound(
            target.clause,
            target.code,
            target.comparator,
            None if target.level is None else str(target.level),
            UNITS_BY_BASIS.get(target.basis, units[target.indicator]),
            target.due,
        )
        for target in catalogue.target
    ]
