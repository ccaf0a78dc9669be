"""Small parts of reading a workbook, as tables: names of cells, the XML that is walked, what a cell's value says."""

import pytest

from indicators.excel.form_record import NotAForm, read_record, write_text
from indicators.excel.layout import FORM_MARK, FORM_VERSION
from indicators.excel.markup import attribute, check_encoding, is_true, local, walk
from indicators.excel.places import name_cell, name_column, read_cell_name
from indicators.excel.refused import MOST_FINDINGS, Findings, Refused, TooMany
from indicators.workbook_rows import Fault


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (702, "ZZ"), (703, "AAA")]
)
def test_a_column_is_named_by_letters_and_read_back(number: int, letters: str) -> None:
    assert name_column(number) == letters
    assert name_cell(7, number) == f"{letters}7"
    assert read_cell_name(f"{letters}7") == (7, number)


@pytest.mark.parametrize(
    "name", ["", "7", "D", "d7", "D0", "D07", "$D$7", "D7:D8", "AAAA1", "D12345678", "Ｄ7", " D7", "D７"]
)
def test_what_names_no_cell_is_not_guessed(name: str) -> None:
    assert read_cell_name(name) is None


@pytest.mark.parametrize("number", range(1, 800, 37))
def test_names_and_numbers_belong_together(number: int) -> None:
    assert read_cell_name(name_cell(number, number)) == (number, number)


def names_of(part: bytes) -> list[str]:
    found: list[str] = []
    walk(part, name="part", start=lambda name, _attributes: found.append(local(name)))
    return found


@pytest.mark.parametrize(
    ("part", "names"),
    [
        (b"<a/>", ["a"]),
        (b"<a><b/><b/></a>", ["a", "b", "b"]),
        (b'<x:a xmlns:x="urn:x"><x:b/></x:a>', ["a", "b"]),
        (b'<?xml version="1.0" encoding="UTF-8"?><a/>', ["a"]),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><a/>', ["a"]),
        (b'<?xml version="1.0" encoding="us-ascii"?><a/>', ["a"]),
    ],
)
def test_elements_are_met_in_their_order_without_namespaces(part: bytes, names: list[str]) -> None:
    assert names_of(part) == names


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        pytest.param(b"<!DOCTYPE a><a/>", Fault.DOCTYPE, id="a document type"),
        pytest.param(b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', Fault.DOCTYPE, id="an entity"),
        pytest.param(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', Fault.DOCTYPE, id="an outer file"),
        pytest.param(b"<a>", Fault.DAMAGED, id="not closed"),
        pytest.param(b"<a></b>", Fault.DAMAGED, id="closed by another"),
        pytest.param(b"", Fault.DAMAGED, id="empty"),
        pytest.param(b"<a>&e;</a>", Fault.DAMAGED, id="an entity that is nowhere"),
        pytest.param('<?xml version="1.0"?><a/>'.encode("utf-16"), Fault.BAD_PACKAGE, id="UTF-16"),
        pytest.param("<a/>".encode("utf-16-le"), Fault.BAD_PACKAGE, id="UTF-16 without a mark"),
        pytest.param(b'<?xml version="1.0" encoding="utf-7"?><a/>', Fault.BAD_PACKAGE, id="UTF-7"),
        pytest.param(b"<?xml version='1.0' encoding='gbk'?><a/>", Fault.BAD_PACKAGE, id="GBK"),
    ],
)
def test_t39_markup_that_readers_may_see_differently_is_refused(part: bytes, fault: Fault) -> None:
    with pytest.raises(Refused) as refused:
        names_of(part)
    assert refused.value.finding.fault == fault


def test_an_encoding_is_judged_before_anything_is_read() -> None:
    check_encoding(b"<a/>", name="part")
    with pytest.raises(Refused):
        check_encoding(b'<?xml version="1.0" encoding="latin-1"?><a', name="part")


@pytest.mark.parametrize(
    ("attributes", "value"),
    [({"r": "1"}, "1"), ({"urn:x r": "1"}, "1"), ({"s": "1"}, ""), ({}, ""), ({"xr": "1"}, "")],
)
def test_an_attribute_is_found_by_its_own_name(attributes: dict[str, str], value: str) -> None:
    assert attribute(attributes, "r") == value


@pytest.mark.parametrize(
    ("value", "says"),
    [("1", True), ("true", True), ("on", True), ("0", False), ("", False), (None, False), ("True", False)],
)
def test_an_xml_boolean(value: str | None, says: bool) -> None:
    assert is_true(value) is says


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (5, "5"),
        (5.0, "5"),
        (-3.0, "-3"),
        (0.5, "0.5"),
        (1e15, "1000000000000000.0"),
        (True, "TRUE"),
        (False, "FALSE"),
        ({"date": "2018-10-08"}, "2018-10-08"),
        ({}, ""),
    ],
)
def test_a_cells_value_is_the_text_that_a_person_sees(value: object, text: str) -> None:
    assert write_text(value) == text


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        pytest.param([], Fault.NOT_OUR_FORM, id="nothing"),
        pytest.param([[]], Fault.NOT_OUR_FORM, id="an empty line"),
        pytest.param([["another form", FORM_VERSION]], Fault.NOT_OUR_FORM, id="another form"),
        pytest.param([[FORM_MARK]], Fault.UNKNOWN_VERSION, id="no version"),
        pytest.param([[FORM_MARK, "0"]], Fault.UNKNOWN_VERSION, id="another version"),
        pytest.param([[FORM_MARK, FORM_VERSION, "x"]], Fault.UNKNOWN_VERSION, id="more than a version"),
        pytest.param([[FORM_MARK, FORM_VERSION]], Fault.SEAL_BROKEN, id="no facts"),
        pytest.param([[FORM_MARK, FORM_VERSION], ["unknown", "x"]], Fault.SEAL_BROKEN, id="an unknown fact"),
        pytest.param([[FORM_MARK, FORM_VERSION], ["a", "b", "c"]], Fault.SEAL_BROKEN, id="a line too long"),
    ],
)
def test_a_record_that_is_not_as_given_out_says_how(record: list[list[object]], fault: Fault) -> None:
    with pytest.raises(NotAForm) as refused:
        read_record(record)
    assert refused.value.finding.fault == fault


def test_findings_end_at_the_most_that_help_anybody() -> None:
    findings = Findings()
    for number in range(1, MOST_FINDINGS):
        findings.add(Fault.NUMBER, cell=f"D{number}", piece="x" * 999)
    with pytest.raises(TooMany):
        findings.add(Fault.NUMBER, cell="D999")
    assert len(findings.found) == MOST_FINDINGS
    assert len(findings.found[0].piece) == 200
