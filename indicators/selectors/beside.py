"""What lies beside the figures of a form: files, carried denominators, other targets, marks, unsaved text."""

from collections.abc import Container, Mapping
from typing import Protocol

from indicators.engine.period import Quarter
from indicators.models import (
    Allocation,
    CarriedDenominator,
    CheckMark,
    Evidence,
    Figure,
    Submission,
    TypedText,
)
from indicators.selectors.denominators import load_carried
from indicators.selectors.evidence import list_evidence


class Beside(Protocol):
    """A row of the grid."""

    figure: Figure | None
    evidence: list[Evidence]
    carried: CarriedDenominator | None
    served: list[Allocation]
    typed: TypedText | None
    is_checked: bool


def lay_beside(rows: Mapping[int, Beside], *, quarter: Quarter) -> None:
    """Give each row (by series id) its files, and the denominator that carries over into the quarter; two queries."""
    files = list_evidence(series=list(rows), quarter=quarter)
    carried = load_carried(series=list(rows), quarter=quarter)
    for pk, row in rows.items():
        row.evidence = files.get(pk, [])
        row.carried = carried.get(pk)


def lay_served(rows: Mapping[int, Beside], *, programme_id: int) -> None:
    """Give each row the targets of other programmes that its figure serves, in the order of programmes; one query."""
    found = Allocation.objects.filter(series__in=list(rows)).exclude(target__programme=programme_id)
    found = found.select_related("series", "target__programme__region", "target__clause", "target__indicator")
    for allocation in found.order_by("target__programme__position", "target__position"):
        rows[allocation.series_id].served.append(allocation)


def lay_marks(rows: Mapping[int, Beside], *, submission: Submission) -> None:
    """Say of each row whether a reviewer looked at the version that stands; one query, for forms under review."""
    if submission.status != "submitted":
        return
    marks = CheckMark.objects.filter(submission=submission)
    marked = set(marks.values_list("series_id", "figure_version"))
    for pk, row in rows.items():
        row.is_checked = (pk, row.figure.version if row.figure else 0) in marked


def lay_typed(rows: Mapping[int, Beside], *, submission: Submission, judged_as_if: Container[int]) -> None:
    """Give each row what was typed in it and not saved; not where it is judged as if something else were entered.

    One query.
    """
    for typed in submission.typed_texts.select_related("typed_by"):
        if typed.series_id in rows and typed.series_id not in judged_as_if:
            rows[typed.series_id].typed = typed
