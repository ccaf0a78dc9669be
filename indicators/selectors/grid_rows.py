"""What a form is read into: its rows with their figures, the targets they serve, and what was found at each."""

from dataclasses import dataclass, field
from functools import cached_property

from departments.models import Region
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

COMPARED = ("value", "numerator", "denominator", "nothing_occurred", "explanation")
"""What makes two revisions of a figure differ."""


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
    `typed` is what stands in the cells and could not be saved; `served` are the targets of other programmes
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
    def is_disputed(self) -> bool:
        """Whether someone else changed the figure while what was typed was on its way: two values, one to be chosen."""
        return self.typed is not None and self.figure is not None and self.figure.version != self.typed.version_seen

    @property
    def is_blocked(self) -> bool:
        """Whether the figure cannot be, or what was typed is none or in dispute."""
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
    def disputed(self) -> int:
        """How many of them have two values; they are among the blocking ones."""
        return sum(row.is_disputed for row in self.rows)

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
