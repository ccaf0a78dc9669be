"""A matrix has a cell for every row and column; where there is no target it leads nowhere."""

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from reports.matrices import Heading, MatrixCell, draw_cell, make_matrix
from tests.reports.factories import cell_of


def test_every_combination_has_a_place():
    matrix = make_matrix(
        corner="Region",
        rows=[("a", Heading("A")), ("b", Heading("B", "/b/"))],
        columns=[(1, Heading("One")), (2, Heading("Two"))],
        cells={("a", 1): cell_of(1), ("b", 2): cell_of(not_due=1), ("b", 1): cell_of()},
        url=lambda row, column: f"/{row}{column}/",
    )
    assert [[item.url for item in row.cells] for row in matrix.rows] == [["/a1/", ""], ["", "/b2/"]]
    assert matrix.rows[0].cells[1].cell is None
    assert matrix.rows[1].cells[0].cell is None, "a cell without any result is no cell"
    assert [heading.text for heading in matrix.columns] == ["One", "Two"]


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"not_due": 2}, "—Not due"),
        ({"not_applicable": 2}, "—Not applicable"),
        ({"awaiting": 2}, "—Awaiting superior data"),
        ({"not_reported": 2}, "— Too little reported0/2 reported"),
        ({"green": 1, "red": 1}, "●95.0 On target1/2"),
    ],
)
def test_a_dash_names_its_gap(counts, text):
    with override("en"):
        assert strip_tags(draw_cell(MatrixCell(cell_of(**counts)))) == text
