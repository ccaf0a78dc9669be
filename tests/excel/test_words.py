"""The sentences: every reason in both languages, with its place, its cause and what to do."""

import re

import pytest
from django.utils.translation import override

from indicators.engine.number_refusals import Refusal
from indicators.workbook_rows import Fault, Finding, FormRow
from indicators.workbook_words import describe_finding, describe_place

LANGUAGES = ("en", "zh-hans")
NUMBERS = [refusal for refusal in Refusal if refusal]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NUMBER])
def test_every_fault_has_its_sentence(fault, language):
    finding = Finding(fault=fault, sheet="填报表", cell="D7", piece="错", expected="对")
    with override(language):
        sentence = describe_finding(finding)
    assert "填报表" in sentence
    assert "7" in sentence
    assert "D" in sentence
    assert "%(" not in sentence
    assert sentence[-1] in ".。)）"
    if language == "zh-hans":
        assert sentence.startswith("“填报表”第 7 行 D 列：")
        assert not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;!?][\u4e00-\u9fff]", sentence), "Chinese has its own marks"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refusal", NUMBERS)
def test_every_refused_number_has_its_sentence(refusal, language):
    finding = Finding(fault=Fault.NUMBER, sheet="填报表", cell="I6", piece="12件", number_code=int(refusal))
    with override(language):
        sentence = describe_finding(finding)
    assert "I" in sentence
    assert "6" in sentence
    assert "%(" not in sentence


@pytest.mark.parametrize(
    ("sheet", "cell", "english", "chinese"),
    [
        ("填报表", "D7", "“填报表”, row 7, column D", "“填报表”第 7 行 D 列"),
        ("填报表", "AB12", "“填报表”, row 12, column AB", "“填报表”第 12 行 AB 列"),
        ("填报表", "7", "“填报表”, row 7", "“填报表”第 7 行"),
        ("填报表", "D", "“填报表”, column D", "“填报表”D 列"),
        ("填报表", "", "Sheet “填报表”", None),
        ("", "", "", ""),
    ],
)
def test_places_are_named_as_people_name_them(sheet, cell, english, chinese):
    finding = Finding(fault=Fault.FORMULA, sheet=sheet, cell=cell)
    with override("en"):
        assert describe_place(finding) == english
    with override("zh-hans"):
        said = describe_place(finding)
        assert re.sub(r"\s", "", said) == re.sub(r"\s", "", chinese) if chinese is not None else "填报表" in said


def test_what_lies_in_the_file_as_a_whole_begins_a_sentence():
    assert describe_finding(Finding(fault=Fault.EMPTY_FILE)).startswith("The file is empty")


def test_a_technical_detail_stands_in_brackets():
    finding = Finding(fault=Fault.MACROS, piece="xl/vbaProject.bin")
    assert describe_finding(finding).endswith("without them. (xl/vbaProject.bin)")
    assert describe_finding(Finding(fault=Fault.MACROS)).endswith("without them.")


def test_a_long_piece_is_cut():
    finding = Finding(fault=Fault.FOREIGN_ROW, sheet="x", cell="B9", piece="长" * 500)
    assert len(describe_finding(finding)) < 200
    assert "…" in describe_finding(finding)


def test_an_emptied_cell_is_said_to_be_emptied():
    finding = Finding(fault=Fault.ALTERED, sheet="x", cell="B5", expected="合格率")
    assert "was emptied" in describe_finding(finding)
    assert "“”" not in describe_finding(finding)


def test_pieces_are_never_taken_for_patterns():
    finding = Finding(fault=Fault.FOREIGN_ROW, sheet="100%", cell="B9", piece="%(expected)s %s 50%")
    assert "%(expected)s %s 50%" in describe_finding(finding)


@pytest.mark.parametrize("fault", list(Fault))
def test_findings_are_stored_and_come_back(fault):
    finding = Finding(fault=fault, sheet="表", cell="D7", piece="错", expected="对", number_code=3)
    assert Finding.load(finding.dump()) == finding
    bare = Finding(fault=fault)
    assert Finding.load(bare.dump()) == bare
    assert set(bare.dump()) == {"fault"}


@pytest.mark.parametrize(
    "row",
    [
        FormRow(series_id=1, row=5),
        FormRow(series_id=1, row=5, version=3, nothing_occurred=True, is_touched=True),
        FormRow(series_id=1, row=5, explanation="a\nb“”", is_touched=True),
    ],
    ids=["nothing", "none this quarter", "words"],
)
def test_rows_are_stored_and_come_back(row):
    assert FormRow.load(row.dump()) == row


@pytest.mark.parametrize("number", ["0", "0.000001", "-3.5", "99999999999999.999999", "12.50"])
def test_numbers_are_stored_as_text(number):
    from decimal import Decimal

    row = FormRow(series_id=1, row=5, value=Decimal(number))
    assert row.dump()["value"] == number
    assert FormRow.load(row.dump()).value == Decimal(number)
    assert not row.is_empty
