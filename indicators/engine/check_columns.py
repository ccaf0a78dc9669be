"""The columns in which entered figures reach the plausibility checks, and the limits of the checks.

Source: product.md “Entry” (plausibility warnings); the checks are in `impossible_figures` and `unlikely_figures`.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .figures import Bools, FigurePanel, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKinds:
    """What kind of figure each row is; every array has the shape (n,).

    `share`: the numerator is part of the denominator, the value lies from 0 to `multiplier` (100 for per cent).
    `count`: never negative. `cumulative`: reported since a start within which it does not fall; false in the quarter
    in which it begins anew. `step`: the smallest step of the value that means anything (1 for counts, 0.1 for one
    decimal). `whole`: the row of the batch of which this one is a part, −1 for none. `block`, `peers`: rows that were
    typed together, rows that are compared with each other, by any number from 0; −1 for none.
    """

    share: Bools
    count: Bools
    cumulative: Bools
    multiplier: Floats
    step: Floats
    whole: NDArray[np.intp]
    block: NDArray[np.intp]
    peers: NDArray[np.intp]

    @classmethod
    def of(cls, n: int, **columns: object) -> Self:
        """Return `n` rows; a column may be one value for all, and what is not named takes its default."""
        unknown = columns.keys() - _DEFAULTS.keys()
        if unknown:
            raise TypeError(f"The columns {', '.join(sorted(unknown))} are unknown.")
        filled = {
            name: np.broadcast_to(np.asarray(columns.get(name, default), dtype=type(default)), (n,))
            for name, default in _DEFAULTS.items()
        }
        return cls(**filled)


_DEFAULTS: dict[str, bool | float | int] = {
    "share": False,
    "count": False,
    "cumulative": False,
    "multiplier": 1.0,
    "step": 0.01,
    "whole": -1,
    "block": -1,
    "peers": -1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """From where on a figure wants a word. Everything here only asks for an explanation, nothing blocks."""

    z: float = 3.5  # modified z-score; Iglewicz and Hoaglin (1993)
    spread_at_least: float = 0.01  # of the level: a series that never moved may move by this much
    outlier_history: int = 6  # quarters
    peers_at_least: int = 6
    slip_history: int = 4  # quarters
    slip_factor: float = 1.5  # how near to ×10, ×100, ×10 000 at least, and how steady the history has to be
    year_change: float = 0.5  # relative, for counts and values
    year_points: float = 0.10  # of the whole, for shares
    steps_at_least: float = 5.0  # a change of fewer steps is no change: from 1 to 2 is not + 100 %
    copied_cases: float = 30.0  # a smaller denominator repeats by chance
    block_rows: int = 3


@dataclass(frozen=True, slots=True)
class Typed:
    """One of the three numbers a person types, without infinities: `which` is 0 value, 1 numerator, 2 denominator.

    `now`, `last` (n,): the quarter being entered and the one before it. `before` (n, H): all earlier quarters, the
    newest last. `step` (n,): the smallest step that means anything.
    """

    which: int
    now: Floats
    before: Floats
    step: Floats

    @property
    def last(self) -> Floats:
        """Last quarter's number, NaN where there is none."""
        return self.before[:, -1] if self.before.shape[1] else np.full(len(self.now), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The quarter being entered and the quarters before it, as the checks need them.

    `measured`: the value, or numerator / denominator × multiplier where counted. `infinite` (n,): where one of the
    three was infinite; it is absent in the others.
    """

    kinds: FigureKinds
    value: Typed
    numerator: Typed
    denominator: Typed
    measured: Typed
    infinite: Bools

    @classmethod
    def of(cls, panel: FigurePanel, kinds: FigureKinds) -> Self:
        """Return the last column of `panel` as entered, the others as its history."""
        typed = [panel.value, panel.numerator, panel.denominator]
        infinite = np.logical_or.reduce([np.isinf(numbers[:, -1]) for numbers in typed])
        value, numerator, denominator = (np.where(np.isinf(numbers), np.nan, numbers) for numbers in typed)
        cases = np.where(denominator > 0.0, denominator, np.nan)
        ratio = numerator / cases * kinds.multiplier[:, None]
        measured = np.where(np.isnan(value), ratio, value)
        ones = np.ones(len(value))
        return cls(
            kinds=kinds,
            value=Typed(0, value[:, -1], value[:, :-1], kinds.step),
            numerator=Typed(1, numerator[:, -1], numerator[:, :-1], ones),
            denominator=Typed(2, denominator[:, -1], denominator[:, :-1], ones),
            measured=Typed(0, measured[:, -1], measured[:, :-1], kinds.step),
            infinite=infinite,
        )

    @property
    def each_typed(self) -> tuple[Typed, ...]:
        """Value, numerator and denominator."""
        return self.value, self.numerator, self.denominator


@dataclass(frozen=True, slots=True)
class Hits:
    """Where a check found something, shape (n,), and the numbers that say why, up to four columns of n."""

    found: Bools
    numbers: tuple[Floats, ...]


def first_hits(each: list[Hits]) -> Hits:
    """Return one hit a row, the first of several aligned checks."""
    founds = [hits.found for hits in each]
    columns = zip(*(hits.numbers for hits in each), strict=True)
    return Hits(np.logical_or.reduce(founds), tuple(np.select(founds, column, np.nan) for column in columns))
