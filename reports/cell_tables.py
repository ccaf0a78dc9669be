"""Matrices of regions or departments as tables that are sorted, paged and handed out like the list of targets."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Any

import django_tables2
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qscounty.web.tables import Table, read_order
from reports.cells import Cell
from reports.matrices import Matrix, MatrixRow

NAME, TOTAL = "name", "total"
ROWS_A_PAGE = 100
"""Twice as many as of targets: a row is one line, and most programmes then have all of them on one page."""


@dataclass(frozen=True, slots=True)
class CellRow:
    """One row: `place` in its customary order, and what each column is sorted by."""

    row: MatrixRow
    place: int
    keys: dict[str, float]


class CellTable(Table):
    """Named rows with a cell for each domain and their total; every cell leads to its reasons."""

    name = django_tables2.Column(accessor="row__heading__text", order_by="place")

    class Meta(Table.Meta):
        attrs = {"class": "matrix"}

    @property
    def drawn_rows(self) -> Iterator[SafeString]:
        """Yield the rows of the page as they stand in the table."""
        for bound in self.paginated_rows:
            row: MatrixRow = bound.record.row
            yield format_html('<tr><th scope="row">{}</th>{}</tr>', row.heading.drawn, row.drawn)


def make_cell_table(matrix: Matrix[Any, Any], query: QueryDict) -> CellTable:
    """Return the matrix in the order that the address names, not yet cut into pages.

    A column sorts by score; what has none comes last either way, and equal scores keep their customary order.
    """
    names = list_names(matrix)
    order = read_order(query, [NAME, *names])
    rows = [
        CellRow(
            row,
            place,
            {name: _key(item.cell, f"-{name}" in order) for name, item in zip(names, row.cells, strict=True)},
        )
        for place, row in enumerate(matrix.rows)
    ]
    columns = [
        (name, django_tables2.Column(verbose_name=heading.text, accessor=f"keys__{name}"))
        for name, heading in zip(names, matrix.columns, strict=True)
    ]
    table = CellTable(rows, extra_columns=columns, order_by=order or None)
    table.columns[NAME].column.verbose_name = matrix.corner
    return table


def list_names(matrix: Matrix[Any, Any]) -> list[str]:
    """Return the names of the columns in addresses: those of the domains, and of their total."""
    return [TOTAL if key is None else str(key) for key in matrix.keys]


def _key(cell: Cell | None, is_falling: bool) -> float:
    score = cell.score if cell is not None and cell.is_rated else None
    return score if score is not None else -inf if is_falling else inf
