"""Matrices: a table of cells with a heading and an address for every row and column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reports.cells import Cell

Row = TypeVar("Row")
Column = TypeVar("Column")


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a row or column; without an address it leads nowhere."""

    text: str
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """A cell and where its reasons are; `cell` None: no target here."""

    cell: Cell | None
    url: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One row."""

    heading: Heading
    cells: list[MatrixCell]


@dataclass(frozen=True, slots=True)
class Matrix(Generic[Row, Column]):
    """Rows and columns with headings; `corner` names the rows."""

    corner: str
    columns: list[Heading]
    rows: list[MatrixRow]


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
    return MatrixCell(cell, url(row, column))
