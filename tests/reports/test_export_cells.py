"""Cells, rows, frames and formats of workbooks as text, without a file and without a database."""

import math

import pytest
from openpyxl import Workbook

from reports.exports.pages import (
    SIGNATURES,
    Cell,
    Frame,
    Table,
    cells,
    count_lines,
    height_of,
    number_columns,
    sign,
    write_frame,
    write_rows,
)
from reports.exports.sheet_xml import (
    TEXT_LIMIT,
    clean_text,
    escape,
    first_of_shared_formula,
    formula_cell,
    number_cell,
    row,
    shared_formula_cell,
    text_cell,
    value_cell,
)
from reports.exports.styles import FACES, Look, Styles, format_with_unit

TRIGGERS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1", "#N/A", "TRUE", "2018-01-01", "1E5"]


@pytest.mark.parametrize("text", TRIGGERS)
def test_text_is_a_text_cell_whatever_it_begins_with(text):
    made = value_cell("A1", 3, text)
    assert made == f'<c r="A1" s="3" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    assert "<f>" not in made
    assert "<v>" not in made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("a&b", "a&amp;b"),
        ("<f>1</f>", "&lt;f&gt;1&lt;/f&gt;"),
        ("a\r\nb", "a\nb"),
        ("a\x00\x07b", "ab"),
        ("a\ufffe\uffffb", "ab"),
        ("\ud800x", "x"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x004_", "_x004_"),
        ("长", "长"),
        ('"', '"'),
    ],
)
def test_text_becomes_xml_and_no_more(text, expected):
    assert escape(text) == expected
    assert escape(clean_text(text).replace("_x005F_", "_")) == expected


@pytest.mark.parametrize("length", [TEXT_LIMIT - 1, TEXT_LIMIT, TEXT_LIMIT + 1, 3 * TEXT_LIMIT])
def test_text_is_cut_where_a_cell_ends(length):
    made = escape("长" * length)
    assert len(made) == min(length, TEXT_LIMIT)
    assert made.endswith("…") == (length > TEXT_LIMIT)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (None, '<c r="B2" s="1"/>'),
        (0, '<c r="B2" s="1"><v>0</v></c>'),
        (-0.0, '<c r="B2" s="1"><v>-0.0</v></c>'),
        (0.1 + 0.2, '<c r="B2" s="1"><v>0.30000000000000004</v></c>'),
        (1e300, '<c r="B2" s="1"><v>1e+300</v></c>'),
        (93, '<c r="B2" s="1"><v>93</v></c>'),
    ],
)
def test_a_number_keeps_every_digit(number, expected):
    assert number_cell("B2", 1, number) == expected


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused_with_its_cell(number):
    with pytest.raises(ValueError, match="C3"):
        number_cell("C3", 1, number)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, '<c r="A1" s="2"><f>B1&lt;1</f></c>'),
        ("", '<c r="A1" s="2" t="str"><f>B1&lt;1</f><v></v></c>'),
        ("■ 落后", '<c r="A1" s="2" t="str"><f>B1&lt;1</f><v>■ 落后</v></c>'),
        (0.5, '<c r="A1" s="2"><f>B1&lt;1</f><v>0.5</v></c>'),
    ],
)
def test_a_formula_carries_what_it_comes_to(value, expected):
    assert formula_cell("A1", 2, "B1<1", value) == expected


def test_a_column_of_formulas_is_written_once():
    first = first_of_shared_formula("C6", 4, formula="A6&B6", index=7, span="C6:C9", value="x")
    assert '<f t="shared" ref="C6:C9" si="7">A6&amp;B6</f>' in first
    assert '<f t="shared" si="7"/>' in shared_formula_cell("C7", 4, index=7, value="y")


@pytest.mark.parametrize(
    ("height", "expected"), [(None, '<row r="4">'), (29.0, '<row r="4" ht="29.0" customHeight="1">')]
)
def test_a_row_has_a_height_or_the_sheets_own(height, expected):
    assert row(4, ["<c/>"], height=height) == f"{expected}<c/></row>"


def test_cells_stand_from_left_to_right_and_formulas_among_them():
    made = list(cells(9, [Cell(1, "甲"), Cell(2, 5), Cell(3, 1, "B9*2"), Cell(4)], first=26))
    assert [one.split('"')[1] for one in made] == ["Z9", "AA9", "AB9", "AC9"]
    assert "<f>B9*2</f>" in made[2]
    assert made[3] == '<c r="AC9" s="4"/>'


# ----------------------------------------------------------------------------- lines and heights


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [("", 10, 1), ("a" * 10, 10, 1), ("a" * 11, 10, 2), ("长" * 5, 10, 1), ("长" * 6, 10, 2),
     ("长" * 50, 10, 10), ("长", 1, 1)],
)  # fmt: skip
def test_a_chinese_character_is_as_wide_as_two_others(text, width, lines):
    assert count_lines(text, width) == lines


@pytest.mark.parametrize(
    ("found", "height"),
    [
        ([], None),
        ([(None, 10.0), (5, 1.0)], None),
        ([("短", 10.0)], None),
        ([("长" * 6, 10.0), ("短", 10.0)], 2 * 12 + 5),
        ([("长" * 11, 10.0), ("长" * 6, 10.0)], 3 * 12 + 5),
    ],
)
def test_a_row_is_as_high_as_its_longest_text(found, height):
    assert height_of(iter(found)) == height


# ----------------------------------------------------------------------------- frames


@pytest.fixture
def styles():
    return Styles(Workbook())


def table(**fields):
    given = {
        "sheet": "x",
        "frame": Frame(title="表", note="注"),
        "headings": ["序号", "名称"],
        "widths": [5, 9],
        "rows": 3,
    }
    return Table(**(given | fields))


@pytest.mark.parametrize(
    ("fields", "last_row", "bottom"),
    [({}, 7, 9), ({"rows": 0}, 5, 7), ({"is_signed": False}, 7, 7), ({"below": 10}, 7, 19), ({"rows": 1}, 5, 7)],
)
def test_a_table_knows_its_last_rows(fields, last_row, bottom):
    made = table(**fields)
    assert (made.last_row, made.bottom, made.span) == (last_row, bottom, f"A1:B{bottom}")


@pytest.mark.parametrize(("printed", "width"), [(0, 2), (1, 1)])
def test_columns_that_help_are_not_printed(printed, width):
    assert table(printed=printed).width == width


@pytest.mark.parametrize(("mark", "expected"), [("", ">注<"), ("演示数据", ">【演示数据】　　注<")])
def test_the_mark_stands_before_the_note(styles, mark, expected):
    title, note = write_frame(Frame(title="表", note="注", mark=mark), styles)
    assert ">表<" in title
    assert expected in note


def test_an_empty_table_says_so(styles):
    written = "".join(write_rows(table(rows=0), styles, iter(())))
    assert "本期无" in written
    assert "本期无" not in "".join(write_rows(table(rows=1), styles, iter(["<row/>"])))


@pytest.mark.parametrize("width", [4, 5, 9, 17])
def test_the_four_places_to_sign_are_spread_over_the_columns(styles, width):
    made = sign(9, width=width, styles=styles)
    assert all(text in made for text in SIGNATURES)
    assert made.count("<c ") == width


def test_columns_are_numbered_as_offices_do():
    assert number_columns(4) == ["栏次", 1, 2, 3]


# ----------------------------------------------------------------------------- styles


@pytest.mark.parametrize(
    ("unit", "decimals", "expected"),
    [
        ("%", 1, '#,##0.0"%"'),
        ("%", 0, '#,##0"%"'),
        ("个", 0, '#,##0" 个"'),
        ("‰", 3, '#,##0.000"‰"'),
        ("", 2, "#,##0.00"),
        ("微克/立方米", 1, "#,##0.0"),
        ("个", -1, '#,##0" 个"'),
        ("个", 99, '#,##0.000000" 个"'),
        ("是（1）否（0）", 0, '[=1]"是";[=0]"否";General'),
    ],
)
def test_a_format_shows_the_unit_that_a_cell_has_room_for(unit, decimals, expected):
    assert format_with_unit(unit, decimals) == expected


def test_a_style_asked_for_twice_has_one_number(styles):
    numbers = {look: styles.number(look) for look in Look}
    assert {look: styles.number(look) for look in Look} == numbers
    assert styles.number(Look.NUMBER, "0.0%") not in numbers.values()


def test_every_look_has_a_face():
    assert set(FACES) == set(Look)


def test_text_cells_of_nothing_hold_nothing():
    assert text_cell("A1", 5, "") == '<c r="A1" s="5"/>'
