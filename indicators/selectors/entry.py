"""The grid of one form: every series once, with the targets it serves, its figures before, rating and findings."""

from collections.abc import Collection, Mapping

import numpy as np

from indicators.domains import Domain
from indicators.engine.attainment import AttainmentColumns
from indicators.engine.checks import Finding
from indicators.engine.target import Gap, Rating
from indicators.models import (
    Allocation,
    ApprovedFigure,
    Figure,
    Remark,
    Submission,
)
from indicators.selectors.beside import lay_beside, lay_marks, lay_served, lay_typed
from indicators.selectors.grid_rows import Grid, GridRow, Judged, Noticed
from indicators.selectors.series import list_neighbours, list_series
from indicators.selectors.working import EnteredFigure, Working, load_working

_DOMAINS = {domain.value: place for place, domain in enumerate(Domain)}
LAST_QUARTER, LAST_YEAR = 1, 4
"""How many quarters before the form's the two figures beside each cell are."""


def load_grid(
    submission: Submission,
    *,
    unsaved: Mapping[int, EnteredFigure] | None = None,
    only: Collection[int] | None = None,
    with_targets: bool = True,
) -> Grid:
    """Return the form as it stands; with `unsaved` (by series id) judged as if these were entered.

    `only`: these series and what their findings depend on, see `list_neighbours`. Without targets the rows are
    judged all the same, for counting.
    """
    series = list_series(submission) if only is None else list_neighbours(submission, only)
    figures = {
        figure.series_id: figure
        for figure in Figure.objects.filter(series__in=series, quarter=submission.quarter).select_related(
            "submission__programme", "entered_by"
        )
    }
    approved = {
        figure.series_id: figure
        for figure in ApprovedFigure.objects.filter(series__in=series, quarter=submission.quarter, is_current=True)
    }
    working = load_working(submission, series=series, entered={**figures, **(unsaved or {})})
    rows = {
        one.pk: GridRow(
            series=one,
            submission_id=submission.pk,
            is_own_region=one.region_id == submission.programme.region_id,
            figure=figures.get(one.pk),
            approved=approved.get(one.pk),
            last_quarter=np.nan,
            last_year=np.nan,
        )
        for one in series
    }
    _judge(rows, working, with_targets=with_targets)
    _notice(rows, working)
    for remark in _list_open_remarks(submission):
        if remark.series_id in rows:
            rows[remark.series_id].remark = remark
    if with_targets:
        lay_beside(rows, quarter=submission.quarter)
        lay_served(rows, programme_id=submission.programme_id)
        lay_marks(rows, submission=submission)
    lay_typed(rows, submission=submission, judged_as_if=unsaved or {})
    return Grid(submission=submission, rows=sorted(rows.values(), key=_place))


def _place(row: GridRow) -> tuple[int, int, str, int]:
    """Return where a row stands: by domain, then region, then its first target in the document."""
    region = row.series.region
    return _DOMAINS[row.series.indicator.domain], region.position, region.code, row.position


def _judge(rows: dict[int, GridRow], working: Working, *, with_targets: bool) -> None:
    """Give each row its targets with their results, and the figures before."""
    found = Allocation.objects.select_related("target__clause", "target__indicator")
    allocations = found.in_bulk(working.allocation_ids.tolist()) if with_targets else {}
    order = sorted(range(len(working.series)), key=lambda at: _position(allocations, working, at))
    for at in order:
        row = rows[int(working.series[at])]
        row.position = row.position or _position(allocations, working, at)[0]
        pk = int(working.allocation_ids[at])
        row.targets.append(_describe(working.results, allocations.get(pk) or Allocation(pk=pk), at))
        row.last_quarter = _earlier(working, at, LAST_QUARTER)
        row.last_year = _earlier(working, at, LAST_YEAR)


def _position(allocations: dict[int, Allocation], working: Working, at: int) -> tuple[int, int]:
    pk = int(working.allocation_ids[at])
    return (allocations[pk].target.position if pk in allocations else 0), pk


def _describe(results: AttainmentColumns, allocation: Allocation, at: int) -> Judged:
    return Judged(
        allocation=allocation,
        measured=float(results.measured[at, -1]),
        expected=float(results.expected[at, -1]),
        expected_hi=float(results.expected_hi[at, -1]),
        level=float(results.level[at, -1]),
        rating=Rating(int(results.rating[at, -1])),
        gap=Gap(int(results.gap[at, -1])),
        is_incomplete=bool(int(results.missing[at, -1]) > 1),
    )


def _earlier(working: Working, at: int, back: int) -> float:
    width = working.quarterly.shape[1]
    return float(working.quarterly[at, -1 - back]) if back < width else np.nan


def _notice(rows: dict[int, GridRow], working: Working) -> None:
    """Give each row its findings."""
    findings = working.findings
    for at, code, numbers, blocks in zip(
        findings.row.tolist(),
        findings.code.tolist(),
        findings.numbers.tolist(),
        findings.blocking.tolist(),
        strict=True,
    ):
        row = rows[int(working.series[at])]
        row.noticed.append(Noticed(code=Finding(code), is_blocking=blocks, numbers=tuple(numbers)))


def _list_open_remarks(submission: Submission) -> list[Remark]:
    """Return the remarks of the newest return, while the form is open because of it."""
    newest = submission.remarks.order_by("-submission_version").first()
    if newest is None or submission.status != "returned":
        return []
    return list(submission.remarks.filter(submission_version=newest.submission_version).select_related("by"))
