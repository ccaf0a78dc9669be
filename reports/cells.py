"""Cells: sums of results with their score, coverage and colour, made from roll-up rows by the engine's rules."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TypeVar

import numpy as np

from indicators.engine.cell import DEFAULT_THRESHOLDS, Thresholds, rate_cells
from indicators.engine.rollup import Contributions, add_up
from indicators.engine.target import Gap, Rating
from indicators.marks import Mark, mark_rating, mark_result
from indicators.models.rollup import OUTCOMES, RollUp

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a dashboard. `score` is 0 to 100, None where nothing is rated; `rating` grey means too little."""

    green: int = 0
    amber: int = 0
    red: int = 0
    not_due: int = 0
    awaiting: int = 0
    not_reported: int = 0
    not_applicable: int = 0
    not_computable: int = 0
    vetoes: int = 0
    at_risk: int = 0
    incomplete: int = 0
    demonstration: int = 0
    score: float | None = None
    rating: int = Rating.GREY.value

    @property
    def rated(self) -> int:
        """Number of results with a colour."""
        return self.green + self.amber + self.red

    @property
    def reported(self) -> int:
        """Number of due results with a figure."""
        return self.rated + self.not_computable

    @property
    def due(self) -> int:
        """Number of results that were asked for."""
        return self.reported + self.not_reported

    @property
    def total(self) -> int:
        """Number of results, whatever they say."""
        return self.due + self.not_due + self.awaiting + self.not_applicable

    @property
    def is_rated(self) -> bool:
        """Whether enough is reported to say something."""
        return self.rating != Rating.GREY

    @property
    def mark(self) -> Mark:
        """Letter, shape and word of the cell's colour; where nothing is due the word is why, not that it is missing."""
        return mark_rating(self.rating) if self.due or not self.total else mark_result(self.rating, self._idle_gap)

    @property
    def _idle_gap(self) -> int:
        """The gap of all results where it is the same one; else they are not due, each for its reason."""
        if self.awaiting == self.total:
            return Gap.AWAITING.value
        return Gap.NOT_APPLICABLE.value if self.not_applicable == self.total else Gap.NOT_DUE.value

    @property
    def bar(self) -> dict[str, int]:
        """The counts of what is due, for the rating bar."""
        grey = self.not_reported + self.not_computable
        return {"green": self.green, "amber": self.amber, "red": self.red, "grey": grey}


EMPTY = Cell()
_SUMS = ("attained", "weight_rated", "weight_due")
_EXTRA = ("at_risk", "incomplete", "demonstration")


def make_cells(
    rows: Sequence[RollUp], key: Callable[[RollUp], Key], *, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> dict[Key, Cell]:
    """Return the rows summed by `key`, each sum rated by the engine."""
    keys: dict[Key, int] = {}
    places = np.array([keys.setdefault(key(row), len(keys)) for row in rows], dtype=np.intp)
    parts = add_up(_columns(rows), place=places, cells=len(keys))
    extras = np.zeros((len(keys), len(_EXTRA)), dtype=np.int64)
    np.add.at(extras, places, _table(rows, _EXTRA))
    return dict(zip(keys, _rate(parts, extras, thresholds), strict=True))


def take_rest(
    whole: Sequence[RollUp], parts: Sequence[RollUp], *, thresholds: Thresholds = DEFAULT_THRESHOLDS
) -> Cell | None:
    """Return what remains of the whole without its parts (a city's own targets); None where nothing does."""
    one = np.zeros(len(whole), dtype=np.intp), np.zeros(len(parts), dtype=np.intp)
    rest = add_up(_columns(whole), place=one[0], cells=1) - add_up(_columns(parts), place=one[1], cells=1)
    if not rest.counts.any():
        return None
    extras = _table(whole, _EXTRA).sum(axis=0) - _table(parts, _EXTRA).sum(axis=0)
    return next(iter(_rate(rest, extras[None, :], thresholds)))


def _columns(rows: Sequence[RollUp]) -> Contributions:
    attained, weight_rated, weight_due = _table(rows, _SUMS).T
    return Contributions(
        counts=_table(rows, OUTCOMES),
        vetoes=_table(rows, ("vetoes",))[:, 0],
        attained=attained,
        weight_rated=weight_rated,
        weight_due=weight_due,
    )


def _table(rows: Sequence[RollUp], names: Sequence[str]) -> np.ndarray:
    values = [[getattr(row, name) for name in names] for row in rows]
    return np.array(values, dtype=np.int64).reshape(len(rows), len(names))


def _rate(parts: Contributions, extras: np.ndarray, thresholds: Thresholds) -> Iterable[Cell]:
    verdicts = rate_cells(parts, thresholds=thresholds)
    for place, counts in enumerate(parts.counts.tolist()):
        score = float(verdicts.score[place])
        yield Cell(
            **dict(zip(OUTCOMES, counts, strict=True)),
            **dict(zip(_EXTRA, extras[place].tolist(), strict=True)),
            vetoes=int(parts.vetoes[place]),
            score=score if isfinite(score) else None,
            rating=int(verdicts.rating[place]),
        )
