"""What an official document is made of, in the order in which it is read; the writer gives it its looks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Title:
    """The title, centred, with a line beneath it ("" for none)."""

    text: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is 一、, level 2 is （一）."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body; `is_indented` False for who is addressed, `is_small` for notes under tables."""

    text: str
    is_indented: bool = True
    is_small: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: heads, widths in millimetres, rows of text, and for each column l, c or r."""

    heads: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    align: str


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: its name, its colour (RRGGBB), and a value a category, None for none."""

    name: str
    colour: str
    values: Sequence[float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A native chart. `kind`: columns (side by side), stacked (columns one on the other), bars (lying), line.

    `maximum` is the end of an axis that begins at 0, None where the program chooses both.
    """

    kind: str
    title: str
    categories: Sequence[str]
    series: Sequence[Series]
    height: float = 70.0
    decimals: int = 0
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs: pairs of role and name, side by side, each with room for seal, signature and day."""

    parties: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Closing:
    """Who issues, and the day, at the right under the text."""

    office: str
    day: str


Block = Title | Heading | Paragraph | Grid | Chart | Signatures | Closing
