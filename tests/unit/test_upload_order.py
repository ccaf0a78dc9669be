"""Findings of a returned workbook stand in the order in which one goes through it. No database."""

import pytest

from indicators.presenters.uploads import place_of
from indicators.workbook_rows import Fault, Finding

IN_ORDER = [
    Finding(fault=Fault.NOT_OUR_FORM),
    Finding(fault=Fault.ALTERED, sheet="填报表"),
    Finding(fault=Fault.NUMBER, sheet="填报表", cell="G5"),
    Finding(fault=Fault.NUMBER, sheet="填报表", cell="H5"),
    Finding(fault=Fault.NUMBER, sheet="填报表", cell="AA5"),
    Finding(fault=Fault.ROW_MISSING, sheet="填报表", cell="6"),
    Finding(fault=Fault.FORMULA, sheet="填报表", cell="G6"),
    Finding(fault=Fault.NUMBER, sheet="填报表", cell="G10"),
    Finding(fault=Fault.NUMBER, sheet="说明", cell="A1"),
]


@pytest.mark.parametrize("turn", range(len(IN_ORDER)))
def test_by_sheet_then_row_then_column(turn: int) -> None:
    turned = [*IN_ORDER[turn:], *IN_ORDER[:turn]]
    assert sorted(turned, key=place_of) == IN_ORDER


@pytest.mark.parametrize("cell", ["", "D", "D0", "R1C1", "－5", "³"])
def test_what_names_no_cell_comes_first(cell: str) -> None:
    found = Finding(fault=Fault.NUMBER, sheet="x", cell=cell)
    assert place_of(found) == ("x", 0, 0)
