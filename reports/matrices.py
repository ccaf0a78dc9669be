"""Matrices: a table of cells with a heading and an address for every row and column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, TypeVar

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qscounty.web.formats import format_number
from reports.cells import Cell

Row = TypeVar("Row")
Column = TypeVar("Column")


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a row or column; without an address it leads nowhere."""

    text: str
    url: str = ""
    title: str = ""

    @property
    def drawn(self) -> SafeString:
        """The name as it stands in a table."""
        if not self.url:
            return format_html("{}", self.text)
        title = format_html(' title="{}"', self.title) if self.title else ""
        return format_html('<a href="{}"{}>{}</a>', self.url, title, self.text)


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell and where its reasons are; `cell` None: no target here. The address is made where the cell is drawn."""

    cell: Cell | None
    make_url: Callable[[], str] = str

    @property
    def url(self) -> str:
        """Where the reasons are; nowhere without a cell."""
        return self.make_url()


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row."""

    heading: Heading
    cells: list[MatrixCell]

    @property
    def drawn(self) -> SafeString:
        """The cells as they stand in the table: by a template 360 departments took four times as long."""
        return format_html("{}" * len(self.cells), *(draw_cell(item) for item in self.cells))


def draw_cell(item: MatrixCell) -> SafeString:
    """Return the cell of a table: colour with shape and word, the score, and beneath it how much of what is due."""
    cell = item.cell
    if cell is None:
        return format_html('<td class="void"><span class="visually-hidden">{}</span></td>', _("no target"))
    mark = cell.mark
    if not cell.due:
        return format_html('<td class="c N"><a href="{}">—<small>{}</small></a></td>', item.url, mark.word)
    if not cell.is_rated:
        reported = _("%(reported)s/%(due)s reported") % {"reported": cell.reported, "due": cell.due}
        return format_html(
            '<td class="c {}"><a href="{}">—<span class="visually-hidden"> {}</span><small>{}</small></a></td>',
            mark.letter, item.url, mark.word, reported,
        )  # fmt: skip
    return format_html(
        '<td class="c {}"><a href="{}"><i aria-hidden="true">{}</i>{}<span class="visually-hidden"> {}</span>'
        "<small>{}/{}</small></a></td>",
        mark.letter, item.url, mark.shape, format_number(cell.score, 1), mark.word, cell.green, cell.due,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Matrix(Generic[Row, Column]):
    """Rows and columns with headings; `corner` names the rows, `keys` are what the columns stand for."""

    corner: str
    columns: list[Heading]
    rows: list[MatrixRow]
    keys: list[Column] = field(default_factory=list)


def make_matrix(
    *,
    corner: str,
    rows: Sequence[tuple[Row, Heading]],
    columns: Sequence[tuple[Column, Heading]],
    cells: Mapping[tuple[Row, Column], Cell],
    url: Callable[[Row, Column], str],
) -> Matrix[Row, Column]:
    """Return the table; a combination without a cell stays empty and leads nowhere."""
    return Matrix(
        corner=corner,
        columns=[heading for _column, heading in columns],
        keys=[column for column, _heading in columns],
        rows=[
            MatrixRow(
                heading,
                [_fill(cells.get((row, column)), url, row, column) for column, _heading in columns],
            )
            for row, heading in rows
        ],
    )


def _fill(cell: Cell | None, url: Callable[[Row, Column], str], row: Row, column: Column) -> MatrixCell:
    if cell is None or not cell.total:
        return MatrixCell(None)
    return MatrixCell(cell, partial(url, row, column))
