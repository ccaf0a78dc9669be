"""One worked case: a target, the figures of consecutive quarters, and what the newest of them comes to."""

from dataclasses import dataclass, field
from typing import Any

from indicators.engine.assess import assess
from indicators.engine.period import Quarter

NONE = "none"
"""In the place of a figure: the department reported that there was none this quarter."""


@dataclass(frozen=True)
class Case:
    """A row of a table. `figures` stand for consecutive quarters from `start`; the last one is judged.

    A figure is a number, (numerator, denominator), None for not reported, NONE, or a mapping as `assess` reads it.
    """

    name: str
    target: dict[str, Any]
    figures: list[Any]
    start: str
    expected: dict[str, Any] = field(default_factory=dict)

    def run(self) -> dict[str, Any]:
        """Return the result of the newest quarter."""
        return assess([self.full_target()], self.records(), self.as_of)["it"]

    @property
    def as_of(self) -> str:
        """The quarter that is judged."""
        return str(Quarter.parse(self.start) + (len(self.figures) - 1))

    def full_target(self) -> dict[str, Any]:
        """Return the target with the quarters of 2018 where the case names no others."""
        return {"id": "it", "first_quarter": "2018Q1", "due_quarter": "2018Q4"} | self.target

    def records(self) -> list[dict[str, Any]]:
        """Return the figures as records."""
        begin = Quarter.parse(self.start)
        return [
            {"target": "it", "quarter": str(begin + lag)} | _record(figure)
            for lag, figure in enumerate(self.figures)
            if figure is not None
        ]


def case(name: str, target: dict[str, Any], figures: list[Any], start: str = "2018Q1", **expected: Any) -> Case:
    """Return one row of a table; `expected` names the fields of the result that the case is about."""
    return Case(name, target, figures, start, expected)


def _record(figure: Any) -> dict[str, Any]:
    """Return a figure's fields."""
    if isinstance(figure, dict):
        return figure
    if figure == NONE:
        return {"nothing": True}
    if isinstance(figure, tuple):
        return {"numerator": figure[0], "denominator": figure[1]}
    return {"value": figure}
