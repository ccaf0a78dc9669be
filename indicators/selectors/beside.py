"""What lies beside the figures of a form: evidence files, and denominators that carry over."""

from collections.abc import Mapping
from typing import Protocol

from indicators.engine.period import Quarter
from indicators.models import CarriedDenominator, Evidence
from indicators.selectors.denominators import load_carried
from indicators.selectors.evidence import list_evidence


class Beside(Protocol):
    """A row of the grid."""

    evidence: list[Evidence]
    carried: CarriedDenominator | None


def lay_beside(rows: Mapping[int, Beside], *, quarter: Quarter) -> None:
    """Give each row (by series id) its files, and the denominator that carries over into the quarter; two queries."""
    files = list_evidence(series=list(rows), quarter=quarter)
    carried = load_carried(series=list(rows), quarter=quarter)
    for pk, row in rows.items():
        row.evidence = files.get(pk, [])
        row.carried = carried.get(pk)
