"""Quarters as half-open intervals of months, counted by one ordinal.

The ordinal is year x 4 + (quarter number - 1): consecutive quarters differ by one, also over a year's end.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

Ordinal = TypeVar("Ordinal", int, NDArray[np.int32])

_TEXT = re.compile(r"(\d{4})Q([1-4])")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of a calendar year, e.g. 2018Q3."""

    ordinal: int

    @classmethod
    def of(cls, year: int, number: int) -> Self:
        """Return quarter `number` (1 to 4) of `year`; ValueError outside."""
        if number not in (1, 2, 3, 4):
            raise ValueError(f"{number} is not the number of a quarter; use 1 to 4.")
        return cls(year * 4 + number - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2018Q3"; ValueError with a sentence for anything else."""
        match = _TEXT.fullmatch(text)
        if match is None:
            raise ValueError(f"“{text}” is not a quarter; write it like 2018Q3.")
        return cls.of(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: date) -> Self:
        """Return the quarter in which `day` lies."""
        return cls.of(day.year, (day.month + 2) // 3)

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.ordinal // 4

    @property
    def number(self) -> int:
        """Number within the year, 1 to 4."""
        return self.ordinal % 4 + 1

    @property
    def starts_on(self) -> date:
        """First day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def ends_before(self) -> date:
        """First day after the quarter: the interval is half open."""
        return (self + 1).starts_on

    def __add__(self, quarters: int) -> "Quarter":
        return Quarter(self.ordinal + quarters)

    def __sub__(self, quarters: int) -> "Quarter":
        return Quarter(self.ordinal - quarters)

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def days_in(ordinal: int) -> int:
    """Return how many days a quarter has, 90 to 92."""
    quarter = Quarter(ordinal)
    return (quarter.ends_before - quarter.starts_on).days


def year_of(ordinal: Ordinal) -> Ordinal:
    """Return the calendar year of each ordinal."""
    return ordinal // 4


def number_of(ordinal: Ordinal) -> Ordinal:
    """Return the quarter's number within its year, 1 to 4."""
    return ordinal % 4 + 1


def start_of_year(ordinal: Ordinal) -> Ordinal:
    """Return the ordinal of the first quarter of the same year."""
    return ordinal - ordinal % 4
