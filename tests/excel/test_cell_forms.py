"""Every way to write a number that the table knows, in a real file: read exactly, or refused by its cell.

Source: trust cases T41 and T45, goal S5 (at least 120).
"""

import random
from decimal import Decimal

import pytest

from indicators.engine.number_refusals import Refusal
from indicators.excel.form_reader import read_sheets as read_values
from indicators.excel.guard import Sheets
from indicators.excel.layout import FIRST_ROW, Column
from indicators.excel.workbook_reader import read_sheets
from indicators.workbook_rows import Fault, FormRead
from indicators.workbook_words import describe_finding
from tests.excel.cell_forms import CELL_FORMS, CellForm
from tests.excel.forms import form_bytes, make_form, make_row
from tests.excel.xls_builder import build_form, label, number


def read_bytes(content: bytes) -> FormRead:
    """Return the form, read in this process: the child has its own tests."""
    read = read_sheets(content)
    form = [[_as_json(value) for value in row] for row in read.form]
    return read_values(
        Sheets(sheet=read.sheet, form=form, shown=read.shown, record=read.record, findings=tuple(read.findings))
    )


def _as_json(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) else {"date": str(value)}


def cell_of(place: int) -> str:
    """Return the cell in which the case at `place` of the table stands."""
    return f"{Column.VALUE}{FIRST_ROW + place}"


@pytest.fixture(scope="module")
def read_back() -> FormRead:
    """One workbook with all cases, a row each."""
    form = make_form(*(make_row(case.kind, series_id=n) for n, case in enumerate(CELL_FORMS, start=1)))
    cells = {cell_of(n): (case.content, case.shown) for n, case in enumerate(CELL_FORMS)}
    return read_bytes(form_bytes(cells, form=form))


IDS = [f"{n}-{case.kind}-{case.content!r:.20}-{case.shown}" for n, case in enumerate(CELL_FORMS)]


def test_the_table_is_long_enough():
    assert len(CELL_FORMS) >= 120
    assert len({(case.kind, str(case.content), case.shown, type(case.content)) for case in CELL_FORMS}) == len(
        CELL_FORMS
    )


@pytest.mark.parametrize(("place", "case"), list(enumerate(CELL_FORMS)), ids=IDS)
def test_a_number_is_read_exactly_or_refused(read_back: FormRead, place: int, case: CellForm):
    row = next(row for row in read_back.rows if row.series_id == place + 1)
    found = [finding for finding in read_back.findings if finding.cell == cell_of(place)]
    if not case.is_refused:
        assert not found
        assert row.value == (Decimal(case.expected) if case.expected else None)
        return
    assert row.value is None
    assert len(found) == 1
    assert found[0].sheet == read_back.sheet
    if case.expected == "NOT_YES":
        assert found[0].fault is Fault.NOT_YES
    else:
        assert (found[0].fault, Refusal(found[0].number_code).name) == (Fault.NUMBER, case.expected)
    sentence = describe_finding(found[0])
    assert f"row {FIRST_ROW + place}, column I" in sentence
    assert "%(" not in sentence


def test_nothing_else_is_found(read_back: FormRead):
    refused = {cell_of(place) for place, case in enumerate(CELL_FORMS) if case.is_refused}
    assert {finding.cell for finding in read_back.findings} == refused


OLD = [
    (place, case)
    for place, case in enumerate(CELL_FORMS)
    if isinstance(case.content, int | float | str)
    and not isinstance(case.content, bool)
    and not str(case.content).startswith("\ufeff")  # a byte order mark, which the old format's reader takes away
    and case.content != ""
]


def test_the_old_format_is_read_alike(read_back: FormRead):
    styles = {"0%": 1, "0.0%": 2}
    cases = [(place, case) for place, case in OLD if case.shown == "General" or case.shown in styles]
    form = make_form(*(make_row(case.kind, series_id=n) for n, case in enumerate(CELL_FORMS, start=1)))
    cells = [
        label(FIRST_ROW - 1 + place, 8, case.content)
        if isinstance(case.content, str)
        else number(FIRST_ROW - 1 + place, 8, float(case.content), style=styles.get(case.shown, 0))
        for place, case in cases
    ]
    old = read_bytes(build_form(form, cells=cells))
    new_rows, old_rows = ({row.series_id: row for row in read.rows} for read in (read_back, old))
    for place, _case in cases:
        assert old_rows[place + 1].value == new_rows[place + 1].value
    places = {cell_of(place) for place, _case in cases}
    assert [f for f in old.findings if f.cell in places] == [f for f in read_back.findings if f.cell in places]


def test_generated_numbers_come_back_exactly():
    """What people type in any accepted way is the number they meant: 600 of them, from a fixed seed."""
    chance = random.Random(20181115)  # noqa: S311  the same numbers each time
    written = [_write(chance) for _ in range(600)]
    form = make_form(*(make_row("count", series_id=n) for n in range(1, len(written) + 1)))
    cells = {cell_of(place): text for place, (text, _number) in enumerate(written)}
    read = read_bytes(form_bytes(cells, form=form))
    assert not read.findings
    assert [row.value for row in read.rows] == [number for _text, number in written]


def _write(chance: random.Random) -> tuple[object, Decimal]:
    whole, decimals = chance.randrange(10 ** chance.randrange(1, 10)), chance.randrange(0, 5)
    exact = Decimal(whole) + Decimal(chance.randrange(10**decimals)).scaleb(-decimals)
    text = f"{exact:,f}" if chance.random() < 0.5 else f"{exact:f}"
    if chance.random() < 0.3:
        text = text.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    way = chance.randrange(4)
    if way == 0 and len(f"{exact}".replace(".", "")) <= 15:
        return float(exact), exact
    if way == 1 and exact:
        return f"{text}万", exact * 10_000
    return f" {text}　" if way == 2 else text, exact
