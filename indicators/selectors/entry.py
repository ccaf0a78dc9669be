"""The grid of one form: every series once, with the targets it serves, its figures before, rating and findings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from departments.models import Region
from indicators.domains import Domain
from indicators.engine.attainment import AttainmentColumns
from indicators.engine.checks import Finding
from indicators.engine.target import Gap, Rating
from indicators.models import (
    Allocation,
    ApprovedFigure,
    CarriedDenominator,
    Evidence,
    Figure,
    Remark,
    Series,
    Submission,
    TypedText,
)
from indicators.selectors.beside import lay_beside, lay_marks, lay_served, lay_typed
from indicators.selectors.series import list_neighbours, list_series
from indicators.selectors.working import EnteredFigure, Working, load_working

_DOMAINS = {domain.value: place for place, domain in enumerate(Domain)}
COMPARED = ("value", "numerator", "denominator", "nothing_occurred", "explanation")
"""What makes two revisions of a figure differ."""

LAST_QUARTER, LAST_YEAR = 1, 4
"""How many quarters before the form's the two figures beside each cell are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One target that a figure serves, and its result with the figure as it stands. NaN is absent.

    In a grid that was loaded without targets `allocation` has nothing but its key.
    """

    allocation: Allocation
    measured: float
    expected: float
    expected_hi: float
    level: float
    rating: Rating
    gap: Gap
    is_incomplete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """One finding of the engine at a cell, with its numbers in the order of the engine's table."""

    code: Finding
    is_blocking: bool
    numbers: tuple[float, ...] = ()


@dataclass(slots=True, kw_only=True)
class GridRow:
    """One series of the form. `figure` absent: nothing was entered; `approved` is what counts now, if anything.

    `last_quarter` and `last_year` are the figures of those quarters alone, in the indicator's unit, NaN where absent.
    `typed` is what stands in the cells and cannot be read as a figure; `served` are the targets of other programmes
    that count the figure too; `is_checked`: a reviewer has looked at the figure as it stands.
    """

    series: Series
    submission_id: int
    is_own_region: bool
    figure: Figure | None
    approved: ApprovedFigure | None
    last_quarter: float
    last_year: float
    targets: list[Judged] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)
    remark: Remark | None = None
    position: int = 0
    evidence: list[Evidence] = field(default_factory=list)
    carried: CarriedDenominator | None = None
    typed: TypedText | None = None
    served: list[Allocation] = field(default_factory=list)
    is_checked: bool = False

    @property
    def shown(self) -> Figure | ApprovedFigure | None:
        """What stands in the cells."""
        return self.figure or self.approved

    @property
    def place(self) -> Region | None:
        """The region of the figure where that is not the programme's own."""
        return None if self.is_own_region else self.series.region

    @property
    def is_elsewhere(self) -> bool:
        """Whether the figure is entered in the form of another programme that shares it."""
        return self.figure is not None and self.figure.submission_id != self.submission_id

    @property
    def is_changed(self) -> bool:
        """Whether another figure was approved for the quarter before."""
        if self.figure is None or self.approved is None or self.is_elsewhere:
            return False
        return any(getattr(self.figure, name) != getattr(self.approved, name) for name in COMPARED)

    @property
    def is_filled(self) -> bool:
        """Whether something is reported."""
        return self.shown is not None and not self.shown.is_empty

    @property
    def is_blocked(self) -> bool:
        """Whether the figure cannot be, or what was typed is none."""
        return self.typed is not None or any(finding.is_blocking for finding in self.noticed)

    @property
    def is_settled(self) -> bool:
        """Whether nothing about the figure wants a look: as approved before, and nothing unusual."""
        return not (self.is_changed or self.wants_word or self.is_blocked)

    @property
    def is_awaited(self) -> bool:
        """Whether a target needs the figure this quarter."""
        return any(judged.gap == Gap.NOT_REPORTED for judged in self.targets)

    @property
    def is_red(self) -> bool:
        """Whether a target is rated red."""
        return any(judged.rating == Rating.RED for judged in self.targets)

    @property
    def wants_word(self) -> bool:
        """Whether an explanation is demanded: for a finding, a red rating, or a figure that is missing."""
        return not self.is_blocked and (bool(self.noticed) or self.is_red or self.is_awaited)

    @property
    def explanation(self) -> str:
        """The words beside the figure."""
        return self.shown.explanation if self.shown else ""

    @property
    def lacks_word(self) -> bool:
        """Whether a demanded explanation is missing."""
        return self.wants_word and not self.explanation.strip()


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A form with its rows in the order of domains, indicators and regions."""

    submission: Submission
    rows: list[GridRow]

    @cached_property
    def by_series(self) -> dict[int, GridRow]:
        """The rows by series id."""
        return {row.series.pk: row for row in self.rows}

    @property
    def blocking(self) -> int:
        """How many figures cannot be."""
        return sum(row.is_blocked for row in self.rows)

    @property
    def unexplained(self) -> int:
        """How many explanations are missing, those of missing figures included."""
        return sum(row.lacks_word for row in self.rows)

    @property
    def filled(self) -> int:
        """How many figures are reported."""
        return sum(row.is_filled for row in self.rows)

    @property
    def missing(self) -> int:
        """How many figures a target needs this quarter and nobody entered."""
        return sum(row.is_awaited and not row.is_filled for row in self.rows)


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
    series = list_series(submission)
    if only is not None:
        series = list_neighbours(series, only)
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
