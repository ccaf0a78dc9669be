"""Names of a layout, what is wrong with them, and references as rows are inserted; no file, no process, no database."""

import pytest

from reports.layouts.places import LAST_ROW, LayoutScan, NameFault, Place, find_places
from reports.layouts.room import shift_formula, shift_reference
from reports.layouts.scan import draws_outside
from reports.layouts.vocabulary import REQUIRED, WORDS

GOOD = {
    "qs_programme": "'封面'!$B$2",
    "qs_quarter": "'封面'!$B$3",
    "qs_detail_indicator": "明细!$A$5",
    "qs_detail_measured": "明细!$B$5",
}


def scan(*, local=(), merged=None, formulas=None, sheets=("封面", "明细"), **names):
    given = {name: place for name, place in (GOOD | names).items() if place}
    return LayoutScan(
        names=[(name, place, name in local) for name, place in given.items()],
        sheets=list(sheets),
        merged=merged or {},
        formulas=formulas or {},
    )


def faults(**given):
    return [(one.fault, one.name, one.sheet, one.cell) for one in find_places(scan(**given))[1]]


def test_good_names_come_in_the_order_of_the_vocabulary():
    places, found = find_places(scan(qs_office="封面!$B$9"))
    assert not found
    assert [place.name for place in places] == [name for name in WORDS if name in {*GOOD, "qs_office"}]
    assert (places[0].sheet, places[0].row, places[0].column, places[0].cell) == ("封面", 2, 2, "B2")


def test_a_place_survives_being_kept():
    place = find_places(scan())[0][0]
    assert Place.load(place.dump()) == place


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_required_is_missed_by_name(name):
    assert (NameFault.MISSING, name, "", "") in faults(**{name: ""})


FAULTS = [
    pytest.param({"qs_office": "明细!$A$5"}, NameFault.OVERLAP, "明细", "A5", id="on another name"),
    pytest.param({"qs_office": "明细!$F$5"}, NameFault.OVERLAP, "明细", "F5", id="in a table's row"),
    pytest.param({"qs_office": "附表!$A$1"}, NameFault.BAD_PLACE, "附表", "A1", id="on no sheet"),
    pytest.param(
        {"qs_office": f"封面!$A${LAST_ROW + 1}"}, NameFault.BAD_PLACE, "封面", f"A{LAST_ROW + 1}", id="too far"
    ),
    pytest.param({"qs_office": "封面!$A$1:$B$1"}, NameFault.BAD_PLACE, "封面", "A1", id="two cells"),
    pytest.param({"qs_office": "#REF!"}, NameFault.BAD_PLACE, "", "#REF!", id="lost"),
    pytest.param({"qs_office": "1+1"}, NameFault.BAD_PLACE, "", "1+1", id="no reference"),
    pytest.param({"qs_ofice": "封面!$B$9"}, NameFault.UNKNOWN, "封面", "B9", id="misspelt"),
    pytest.param({"qs_office": "封面!$B$9", "local": ("qs_office",)}, NameFault.LOCAL, "封面", "B9", id="of a sheet"),
    pytest.param(
        {"qs_office": "封面!$B$9", "formulas": {"封面": ["B9"]}}, NameFault.FORMULA, "封面", "B9", id="formula"
    ),
    pytest.param(
        {"qs_office": "封面!$B$9", "merged": {"封面": ["A9:C9"]}}, NameFault.MERGED, "封面", "B9", id="inside"
    ),
    pytest.param({"merged": {"明细": ["B5:C5"]}}, NameFault.MERGED, "明细", "B5", id="a merge in a table's row"),
    pytest.param({"qs_detail_unit": "明细!$C$6"}, NameFault.SCATTERED, "明细", "C6", id="another row"),
    pytest.param({"qs_detail_unit": "封面!$C$5"}, NameFault.SCATTERED, "封面", "C5", id="another sheet"),
]


@pytest.mark.parametrize(("given", "fault", "sheet", "cell"), FAULTS)
def test_every_fault_is_told_with_sheet_and_cell(given, fault, sheet, cell):
    assert (fault, sheet, cell) in {(one, where, at) for one, _name, where, at in faults(**given)}


ALLOWED = [
    pytest.param({"qs_office": "封面!$A$9", "merged": {"封面": ["A9:C9"]}}, id="the head of merged cells"),
    pytest.param({"qs_office": "封面!$A$9:$C$9", "merged": {"封面": ["A9:C9"]}}, id="the merged cells themselves"),
    pytest.param({"qs_office": "封面!$B$9:$B$9"}, id="a range of one cell"),
    pytest.param({"QS_OFFICE": "封面!$B$9"}, id="in capitals, as some programs keep names"),
    pytest.param({"formulas": {"明细": ["C5", "B6"]}}, id="formulas beside and below"),
    pytest.param({"qs_domain_name": "明细!$A$9"}, id="two tables, one below the other"),
]


@pytest.mark.parametrize("given", ALLOWED)
def test_what_is_right_is_taken(given):
    assert faults(**given) == []


def test_a_quoted_sheet_may_hold_a_quote():
    assert find_places(scan(sheets=("封面", "明细", "a'b"), qs_office="'a''b'!$B$1"))[1] == []


@pytest.mark.parametrize(
    ("name", "guess"), [("qs_detail_mesured", "qs_detail_measured"), ("qs_programm", "qs_programme"), ("qs_xyzzyx", "")]
)
def test_a_misspelt_name_is_guessed_where_one_is_close(name, guess):
    found = find_places(scan(**{name: "封面!$B$9"}))[1]
    assert [(one.fault, one.other) for one in found] == [(NameFault.UNKNOWN, guess)]


# ----------------------------------------------------------------------------- rows are inserted

SHIFTED = [
    ("A4", 5, 3, "A4"), ("A5", 5, 3, "A5"), ("A6", 5, 3, "A9"), ("$A$6", 5, 3, "$A$9"),
    ("A5:A5", 5, 3, "A5:A8"), ("A5:B9", 5, 3, "A5:B12"), ("A1:A4", 5, 3, "A1:A4"), ("A6:A7", 5, 3, "A9:A10"),
    ("5:5", 5, 3, "5:8"), ("$1:$4", 5, 3, "$1:$4"), ("6:9", 5, 2, "8:11"),
    ("A:A", 5, 3, "A:A"), ("qs_office", 5, 3, "qs_office"), ("#REF!", 5, 3, "#REF!"), ("A5:A5", 5, 0, "A5:A5"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "row", "extra", "expected"), SHIFTED)
def test_a_reference_moves_as_when_a_person_inserts_rows(text, row, extra, expected):
    assert shift_reference(text, row=row, extra=extra) == expected


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=1+1", "=1+1"),
        ("=IF(A6>0,A6,\"A6\")", "=IF(A9>0,A9,\"A6\")"),
        ("=SUM(A5:A5,B6)*2%", "=SUM(A5:A8,B9)*2%"),
        ("='别的 表'!A6+A6", "='别的 表'!A6+A9"),
        ("=COUNTIF(A5:A9,\">\"&A1)", "=COUNTIF(A5:A12,\">\"&A1)"),
        ("=-A6^2", "=-A9^2"),
    ],
)  # fmt: skip
def test_a_formula_moves_part_by_part(formula, expected):
    assert shift_formula(formula, home="表", sheet="表", row=5, extra=3) == expected


# ----------------------------------------------------------------------------- what a formula may draw on


@pytest.mark.parametrize(
    ("formula", "is_outside"),
    [
        ("SUM(A1:A9)", False), ("A1&\"[1]\"", False), ("\"a|b\"&A1", False), ("VLOOKUP(A1,表!A:B,2,0)", False),
        ("CALLER", False), ("IMAGES+1", False), ("[1]表!A1", True), ("'C:\\[a.xlsx]表'!A1", True),
        ("cmd|'/c'!A0", True),
        ("WEBSERVICE(A1)", True), ("webservice (A1)", True), ("_xlfn.WEBSERVICE(A1)", True), ("1+RTD(\"a\")", True),
        ("CALL(A1)", True), ("REGISTER.ID(\"a\")", True), ("FILTERXML(A1,B1)", True), ("IMAGE(A1)", True),
    ],
)  # fmt: skip
def test_a_formula_draws_on_nothing_outside(formula, is_outside):
    assert draws_outside(formula) == is_outside
