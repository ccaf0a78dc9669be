"""The form as it is given out: what is locked, checked, hidden and typed, and that it comes back as it went."""

import io
import random
from decimal import Decimal

import openpyxl
import pytest
from django.utils.translation import override
from openpyxl.worksheet.worksheet import Worksheet

from indicators.engine.numbers import NumberUnit
from indicators.excel.form_reader import read_form
from indicators.excel.form_writer import write_form
from indicators.excel.layout import FIRST_ROW, HEADER_ROW, INPUTS, RECORD_SHEET, Column, Form, GivenRow
from indicators.excel.places import name_cell, name_column, read_cell_name
from indicators.excel.seal import clean, is_sealed, seal_form
from tests.excel.forms import HEAD, KINDS, ROWS, SHEET, form_bytes, make_form, make_row
from tests.excel.packages import form_parts, put_together, take_apart
from tests.excel.test_cell_forms import read_bytes


@pytest.fixture(scope="module")
def sheet() -> Worksheet:
    """The sheet that people fill in."""
    with override("en"):
        return openpyxl.load_workbook(io.BytesIO(form_bytes()))[SHEET]


def test_the_form_is_locked_but_for_its_entries(sheet):
    assert sheet.protection.sheet
    open_cells = {cell.coordinate for line in sheet for cell in line if not cell.protection.locked}
    rate, count, choice = ROWS["rate"], ROWS["count"], ROWS["choice"]
    assert {f"G{rate}", f"H{rate}", f"J{rate}", f"K{rate}"} <= open_cells
    assert {f"I{count}", f"J{count}", f"K{count}"} <= open_cells
    assert not {f"I{rate}", f"G{count}", f"H{count}", f"J{choice}"} & open_cells
    assert {cell[0] for cell in open_cells} == {column.value for column in INPUTS}
    assert all(int(cell[1:]) >= FIRST_ROW for cell in open_cells)


def test_identifiers_are_hidden_and_texts_are_not(sheet):
    assert sheet.column_dimensions["A"].hidden
    assert [sheet.cell(row, 1).value for row in ROWS.values()] == [f"S{100 + n}" for n in range(len(KINDS))]
    hidden = [letter for letter, column in sheet.column_dimensions.items() if column.hidden]
    assert hidden == ["A"]
    record = openpyxl.load_workbook(io.BytesIO(form_bytes()))[RECORD_SHEET]
    assert record.sheet_state == "veryHidden"
    assert (record["A1"].value, record["B1"].value) == ("qscounty-form", "1")


def test_the_program_checks_what_is_typed(sheet):
    found = {
        (check.type, " ".join(sorted(str(check.sqref).split()))): check
        for check in sheet.data_validations.dataValidation
    }
    rate, count, choice = ROWS["rate"], ROWS["count"], ROWS["choice"]
    counts = found["decimal", f"G{rate} H{rate}"]
    assert (counts.operator, counts.formula1, counts.errorStyle) == ("greaterThanOrEqual", "0", None)
    assert counts.error
    assert ("decimal", f"I{count}:I{choice - 1}") in found
    assert found["list", f"I{choice}"].formula1 == '"yes,no"'
    assert found["list", f"J{rate}:J{choice - 1}"].formula1 == '"yes"'
    assert found["textLength", f"K{rate}:K{choice}"].formula1 == "2000"


def test_it_is_ready_for_print(sheet):
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.print_area.endswith(f"$B$1:$M${ROWS['choice']}")
    assert sheet.freeze_panes == f"C{FIRST_ROW}"


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠", "\t="])
def test_text_stays_text_whatever_it_begins_with(start):
    text = f"{start}1+1"
    form = make_form(make_row("count", locked=(text, "长治", "≥ 1", "个", "数值", "1", "2"), explanation=text))
    content = write_form(form)
    cell = openpyxl.load_workbook(io.BytesIO(content))[SHEET]["B5"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert b"<f>" not in b"".join(take_apart(content).values())
    read = read_bytes(content)
    assert not read.findings
    assert not read.rows[0].is_touched


def test_characters_that_no_sheet_can_hold_are_left_out():
    form = make_form(make_row("count", locked=("指标\x07\x0b\ufffe名", "长治", "≥ 1", "个", "数值", "1", "2")))
    assert openpyxl.load_workbook(io.BytesIO(write_form(form)))[SHEET]["B5"].value == "指标名"


@pytest.mark.parametrize(
    "number",
    ["0", "12", "0.5", "12345678901234.5", "99999999999999.999999", "0.000001", "-3.25"],
)
def test_a_number_goes_out_and_comes_back_exactly(number):
    form = make_form(make_row("count", numbers=("", "", number)))
    read = read_bytes(write_form(form))
    assert not read.findings
    assert read.rows[0].value == Decimal(number)
    assert not read.rows[0].is_touched


def draw_row(chance: random.Random, series_id: int) -> GivenRow:
    """Return a row as any form might have it."""
    kind = chance.choice([kind for kind in KINDS if kind != "choice"])
    drawn = [str(Decimal(chance.randrange(10**9)).scaleb(-chance.randrange(5))) for _ in range(3)]
    units = make_row(kind).units
    is_nothing = chance.random() < 0.1
    numbers = tuple(
        "" if is_nothing or not unit or chance.random() < 0.2 else n for unit, n in zip(units, drawn, strict=True)
    )
    words = ["", "说明", "=1", "a\nb", "  两端空格  ", "“引号”&<x>", "长" * 300]
    return make_row(
        kind,
        series_id=series_id,
        version=chance.randrange(9),
        numbers=numbers,
        nothing_occurred=is_nothing,
        explanation=chance.choice(words),
        is_closed=chance.random() < 0.1,
    )


def test_whatever_is_given_out_comes_back_untouched():
    """500 rows from a fixed seed, with texts inline as we write them and shared as Excel and WPS do."""
    chance = random.Random(2018)  # noqa: S311  the same rows each time
    form = make_form(*(draw_row(chance, n) for n in range(1, 501)))
    content = write_form(form)
    read = read_bytes(content)
    assert not read.findings
    assert not [row for row in read.rows if row.is_touched]
    assert [(row.series_id, row.version) for row in read.rows] == [(row.series_id, row.version) for row in form.rows]
    for row, given in zip(read.rows, form.rows, strict=True):
        numbers = (row.numerator, row.denominator, row.value)
        assert [n if n is None else n.normalize() for n in numbers] == [
            Decimal(text).normalize() if text else None for text in given.numbers
        ]


def test_shared_texts_are_read_alike():
    assert read_bytes(put_together(form_parts())) == read_bytes(form_bytes())


def test_openpyxls_own_copy_is_read_alike():
    book = openpyxl.load_workbook(io.BytesIO(form_bytes()))
    saved = io.BytesIO()
    book.save(saved)
    assert read_bytes(saved.getvalue()) == read_bytes(form_bytes())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("submission_id", 8),
        ("quarter", "2018Q4"),
        ("language", "en"),
        ("issued", "2018-10-09 09:00"),
        ("sheet", "x"),
        ("head", (HEAD[0], HEAD[1], HEAD[2], HEAD[2])),
        ("rows", (make_row("rate"),)),
    ],
)
def test_the_seal_covers_everything(field, value):
    seal = seal_form(make_form())
    assert is_sealed(make_form(), seal)
    assert not is_sealed(Form(**{**_fields(make_form()), field: value}), seal)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 1},
        {"units": (1, 1, 1)},
        {"numbers": ("1", "", "")},
        {"nothing_occurred": True},
        {"explanation": "x"},
        {"may_be_nothing": False},
        {"is_closed": True},
        {"locked": tuple("abcdefg")},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_seal_covers_every_row(change):
    assert seal_form(make_form(make_row("rate"))) != seal_form(make_form(make_row("rate", **change)))


def _fields(form: Form) -> dict[str, object]:
    return {name: getattr(form, name) for name in Form.__slots__}


def test_another_sites_form_is_refused(settings):
    content = form_bytes()
    settings.SECRET_KEY = "the key of another site"
    assert [finding.fault for finding in read_bytes(content).findings] == ["seal_broken"]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb", "a\nb"),
        ("a_x000D_\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("  a  ", "a"),
        ("a \n b", "a\nb"),
        ("\u00a0a\u3000", "a"),
        ("a  b", "a  b"),
    ],
)
def test_texts_are_compared_as_every_program_gives_them_back(text, cleaned):
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_columns_are_named_by_letters(number, letters):
    assert name_column(number) == letters
    assert name_cell(7, number) == f"{letters}7"
    assert read_cell_name(f"{letters}7") == (7, number)


@pytest.mark.parametrize("name", ["", "7", "D", "$D$7", "d7", "D0", "D07", "AAAA1", "D12345678"])
def test_what_is_no_cell_has_no_place(name):
    assert read_cell_name(name) is None


def test_the_columns_are_in_order_and_complete():
    assert [column.number for column in Column] == list(range(1, 14))
    assert int(NumberUnit.COUNT) != 0, "0 stands for a cell that a figure does not have"


def test_a_row_survives_its_line():
    row = make_row("rate", version=3, numbers=("1", "2", ""), explanation="a\nb", is_closed=True)
    assert GivenRow.read(row.write()) == row
    with pytest.raises(ValueError, match="row"):
        GivenRow.read(row.write()[:-1])


def test_the_whole_way_through_the_child():
    assert read_form(form_bytes()) == read_bytes(form_bytes())
