"""Where everything stands in the entry form, once: the writer, the reader and the reference page take it from here.

Sheet 1 is what people fill in. Sheet 2 is hidden and says what the form was given out with: whose it is, the version
of every figure, its units, and a copy of every locked text, so that a change can be named by its cell.
"""

from dataclasses import dataclass
from enum import StrEnum

FORM_MARK = "qscounty-form"
FORM_VERSION = "1"
RECORD_SHEET = "qscounty"
"""The hidden sheet."""

TITLE_ROW, NOTE_ROW, FACTS_ROW, HEADER_ROW = 1, 2, 3, 4
FIRST_ROW = HEADER_ROW + 1
MOST_ROWS = 20_000
EXPLANATION_LENGTH = 2_000


class Column(StrEnum):
    """The columns by letter, so that messages and code say the same."""

    KEY = "A"
    INDICATOR = "B"
    REGION = "C"
    LEVEL = "D"
    UNIT = "E"
    WORDING = "F"
    NUMERATOR = "G"
    DENOMINATOR = "H"
    VALUE = "I"
    NOTHING = "J"
    EXPLANATION = "K"
    LAST_QUARTER = "L"
    LAST_YEAR = "M"

    number: int
    """Position from 1."""

    def __new__(cls, letter: str) -> "Column":
        """Return the column of a letter."""
        column = str.__new__(cls, letter)
        column._value_ = letter
        column.number = ord(letter) - ord("A") + 1
        return column


LAST_COLUMN = Column.LAST_YEAR
WIDTHS = {
    Column.KEY: 8.0,
    Column.INDICATOR: 34.0,
    Column.REGION: 12.0,
    Column.LEVEL: 15.0,
    Column.UNIT: 8.0,
    Column.WORDING: 30.0,
    Column.NUMERATOR: 13.0,
    Column.DENOMINATOR: 13.0,
    Column.VALUE: 13.0,
    Column.NOTHING: 9.0,
    Column.EXPLANATION: 34.0,
    Column.LAST_QUARTER: 13.0,
    Column.LAST_YEAR: 13.0,
}
LOCKED = (
    Column.INDICATOR,
    Column.REGION,
    Column.LEVEL,
    Column.UNIT,
    Column.WORDING,
    Column.LAST_QUARTER,
    Column.LAST_YEAR,
)
"""Columns that say what is asked; whoever changes one has another form."""
COUNTS = (Column.NUMERATOR, Column.DENOMINATOR)
NUMBERS = (*COUNTS, Column.VALUE)
INPUTS = (*NUMBERS, Column.NOTHING, Column.EXPLANATION)

CHOICE = 9
"""In place of a unit: the figure is yes or no, stored as 1 and 0."""

YES = ("是", "yes", "y", "true", "1", "√", "✓")
NO = ("", "否", "no", "n", "false", "0")


class Fact(StrEnum):
    """The lines at the head of the hidden sheet: a name and a text."""

    SUBMISSION = "submission"
    QUARTER = "quarter"
    LANGUAGE = "language"
    ISSUED = "issued"
    SHEET = "sheet"
    SEAL = "seal"


LINE, ROW = "line", "row"
"""What the other lines of the hidden sheet begin with: a copied line of the head, a row of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRow:
    """A row as it was given out. Numbers are plain text; a unit of 0 means that the cell is not for this figure.

    `units` and `numbers` are in the order of `NUMBERS`, `locked` in that of `LOCKED`. `is_closed`: the figure is
    entered in another form, and every cell is locked.
    """

    series_id: int
    version: int
    units: tuple[int, int, int]
    numbers: tuple[str, str, str]
    nothing_occurred: bool
    explanation: str
    locked: tuple[str, ...]
    may_be_nothing: bool = True
    is_closed: bool = False

    @property
    def key(self) -> str:
        """What stands in the hidden column."""
        return f"S{self.series_id}"

    def is_for(self, column: Column) -> bool:
        """Whether a number belongs into this column."""
        return self.units[NUMBERS.index(column)] != 0

    def write(self) -> list[str]:
        """Return the row's line for the hidden sheet."""
        return [
            ROW,
            str(self.series_id),
            str(self.version),
            *map(str, self.units),
            *self.numbers,
            "1" if self.nothing_occurred else "",
            self.explanation,
            "1" if self.may_be_nothing else "",
            "1" if self.is_closed else "",
            *self.locked,
        ]

    @classmethod
    def read(cls, line: list[str]) -> "GivenRow":
        """Return the row of a line; ValueError for a line that `write` does not make."""
        if len(line) != 13 + len(LOCKED):
            raise ValueError(line[:2])
        return cls(
            series_id=int(line[1]),
            version=int(line[2]),
            units=(int(line[3]), int(line[4]), int(line[5])),
            numbers=(line[6], line[7], line[8]),
            nothing_occurred=line[9] == "1",
            explanation=line[10],
            may_be_nothing=line[11] == "1",
            is_closed=line[12] == "1",
            locked=tuple(line[13:]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A whole form as it was given out. `head` are the texts of rows 1 to 4, each over all columns."""

    submission_id: int
    quarter: str
    language: str
    issued: str
    sheet: str
    head: tuple[tuple[str, ...], ...]
    rows: tuple[GivenRow, ...]

    def facts(self) -> list[tuple[Fact, str]]:
        """Return what the head of the hidden sheet says, without the seal."""
        return [
            (Fact.SUBMISSION, str(self.submission_id)),
            (Fact.QUARTER, self.quarter),
            (Fact.LANGUAGE, self.language),
            (Fact.ISSUED, self.issued),
            (Fact.SHEET, self.sheet),
        ]

    def lines(self) -> list[list[str]]:
        """Return every line of the hidden sheet that the seal covers."""
        return [
            [FORM_MARK, FORM_VERSION],
            *([str(fact), text] for fact, text in self.facts()),
            *([LINE, *texts] for texts in self.head),
            *(row.write() for row in self.rows),
        ]
