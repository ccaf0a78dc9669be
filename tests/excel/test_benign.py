"""What Excel, WPS and LibreOffice write by themselves, or people do without harm: never a reason to refuse a form."""

import re
import zipfile
from collections.abc import Callable

import pytest

from tests.excel import xls_builder as xls
from tests.excel.forms import form_bytes
from tests.excel.packages import (
    BOOK_PART,
    FORM_PART,
    RECORD_PART,
    RELATIONS_PART,
    STRINGS_PART,
    STYLES_PART,
    TYPES_PART,
    before_end,
    cell_xml,
    form_parts,
    in_cell,
    put_together,
    rebuild,
    swap,
)
from tests.excel.test_cell_forms import read_bytes

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
REFERENCES = "http://schemas.microsoft.com/office/excel/2006/main"
NEWER = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def form(change: Callable[[bytes], bytes]) -> bytes:
    """Return a form with its sheet changed."""
    return rebuild(edit={FORM_PART: change})


def with_relation(kind: str, target: str, mode: str = "") -> bytes:
    """Return a form whose sheet has a relation."""
    relation = f'<Relationship Id="r9" Type="{LINKS}/{kind}" Target="{target}" {mode}/>'
    xml = f'<Relationships xmlns="x">{relation}</Relationships>'
    return rebuild(add={"xl/worksheets/_rels/sheet1.xml.rels": xml.encode()})


def prefixed() -> bytes:
    """Return a form whose sheets write every element with a prefix."""

    def change(part: bytes) -> bytes:
        part = re.sub(rb"<(/?)([a-zA-Z])", rb"<\1x:\2", part.replace(b"<?xml", b"\0"))
        return part.replace(b"\0", b"<?xml").replace(b"xmlns=", b"xmlns:x=")

    return rebuild(edit={FORM_PART: change, RECORD_PART: change})


def strict() -> bytes:
    """Return a form in the strict variant of the standard, as “Strict Open XML” saves it."""
    parts = form_parts()
    for name in (FORM_PART, RECORD_PART, BOOK_PART, STRINGS_PART, STYLES_PART):
        parts[name] = parts[name].replace(MAIN.encode(), STRICT.encode())
    return put_together(parts)


def without_names() -> bytes:
    """Return a form whose cells do not say where they are, in the rows that have no gaps."""

    def change(row: re.Match[bytes]) -> bytes:
        return re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", row[0]) if row[0].count(b"<c ") == 13 else row[0]

    changed = re.sub(rb"<row .*?</row>", change, form_parts()[FORM_PART], flags=re.DOTALL)
    assert b'<c r="B5"' not in changed
    return put_together(form_parts() | {FORM_PART: changed})


BENIGN = {
    "texts in a part of their own": rebuild,
    "packed without compression": lambda: put_together(form_parts(), method=zipfile.ZIP_STORED),
    "every element with a prefix": prefixed,
    "the strict variant": strict,
    "cells without names": without_names,
    "a properties part of WPS": lambda: rebuild(add={"docProps/custom.xml": b"<x/>"}),
    "labels of sensitivity": lambda: rebuild(add={"docMetadata/LabelInfo.xml": b"<x/>"}),
    "customised XML": lambda: rebuild(add={"customXml/item1.xml": b"<x/>", "customXml/itemProps1.xml": b"<x/>"}),
    "printer settings": lambda: rebuild(add={"xl/printerSettings/printerSettings1.bin": b"\0\1"}),
    "a theme": lambda: rebuild(add={"xl/theme/theme2.xml": b"<x/>"}),
    "a note in a cell": lambda: rebuild(add={"xl/comments1.xml": b"<x/>", "xl/drawings/vmlDrawing1.vml": b"<x/>"}),
    "a discussion": lambda: rebuild(add={"xl/threadedComments/threadedComment1.xml": b"<x/>"}),
    "a picture": lambda: rebuild(add={"xl/media/image1.png": b"\x89PNG", "xl/drawings/drawing1.xml": b"<x/>"}),
    "an order of calculation": lambda: rebuild(add={"xl/calcChain.xml": b"<calcChain/>"}),
    "an address of mail": lambda: with_relation("hyperlink", "mailto:a@b.cn", 'TargetMode="External"'),
    "a link within": lambda: with_relation("comments", "../comments1.xml"),
    "part names from the root": lambda: rebuild(
        edit={RELATIONS_PART: lambda part: part.replace(b'Target="worksheets', b'Target="/xl/worksheets')}
    ),
    "the hidden sheet only hidden": lambda: rebuild(edit={BOOK_PART: swap("veryHidden", "hidden")}),
    "the hidden sheet shown": lambda: rebuild(edit={BOOK_PART: swap("veryHidden", "visible")}),
    "the sheets in another order": lambda: rebuild(
        edit={BOOK_PART: lambda part: re.sub(rb"(<sheet [^>]*>)(<sheet [^>]*>)", rb"\2\1", part)}
    ),
    "the sheet renamed": lambda: rebuild(edit={BOOK_PART: swap('name="填报表"', 'name="三季度"')}),
    "the identifiers shown": lambda: form(lambda part: part.replace(b' hidden="1"', b"")),
    "columns wider": lambda: form(lambda part: re.sub(rb'width="34"', b'width="60"', part)),
    "columns far away hidden": lambda: form(before_cols('<col min="20" max="16384" hidden="1"/>')),
    "rows below hidden": lambda: form(before_end('<row r="900" hidden="1"/>', of="</sheetData>")),
    "rows at the very end": lambda: form(before_end('<row r="1048576" ht="15"/>', of="</sheetData>")),
    "a style far to the right": lambda: form(cell_xml(5, '<c r="XFD5" s="1"/>')),
    "a style far below": lambda: form(before_end('<row r="50000"><c r="B50000" s="1"/></row>', of="</sheetData>")),
    "blanks beside the form": lambda: form(cell_xml(5, '<c r="P5" t="inlineStr"><is><t> </t></is></c>')),
    "blanks below the form": lambda: form(
        before_end('<row r="30"><c r="B30" t="inlineStr"><is><t> </t></is></c></row>', of="</sheetData>")
    ),
    "an empty text in an entry": lambda: form(in_cell("I6", '<c r="I6" t="inlineStr"><is><t></t></is></c>')),
    "a validation that names another sheet": lambda: form(
        before_end(f'<extLst><ext><x:f xmlns:x="{REFERENCES}">qscounty!$A$1</x:f></ext></extLst>')
    ),
    "a conditional format": lambda: form(
        before_end(
            '<conditionalFormatting sqref="G5"><cfRule><formula>G5&gt;1</formula></cfRule></conditionalFormatting>'
        )
    ),
    "a filter that hides nothing": lambda: form(before_end('<autoFilter ref="B4:M11"/>')),
    "attributes of newer versions": lambda: form(
        swap(
            '<row r="5"',
            f'<row x14ac:dyDescent="0.2" xmlns:x14ac="{NEWER}" r="5"',
        )
    ),
    "no protection": lambda: form(lambda part: re.sub(rb"<sheetProtection[^>]*>", b"", part)),
    "a comment in the markup": lambda: form(swap("<sheetData>", "<!-- saved by a program --><sheetData>")),
    "a mark of the encoding": lambda: rebuild(edit={FORM_PART: lambda part: b"\xef\xbb\xbf" + part}),
    "content types in another order": lambda: rebuild(edit={TYPES_PART: lambda part: part}),
    "defined names": lambda: rebuild(
        edit={
            BOOK_PART: lambda part: part.replace(
                b"</definedNames>", b'<definedName name="x">1</definedName></definedNames>'
            )
        }
    ),
}


def before_cols(xml: str) -> Callable[[bytes], bytes]:
    """Return an edit that adds a description of columns."""
    return swap("</cols>", xml + "</cols>")


@pytest.mark.parametrize("make", BENIGN.values(), ids=BENIGN)
def test_it_is_read_as_if_nothing_had_happened(make):
    read, plain = read_bytes(make()), read_bytes(form_bytes())
    assert read.findings == ()
    assert read.rows == plain.rows


OLD = {
    "as it is": xls.build_form,
    "a second stream": lambda: xls.build_form(SummaryInformation=b"x"),
    "a large file": lambda: xls.build_form(Padding=bytes(300_000)),
    "an add-in's names": lambda: xls.build_form(before=xls.record(0x01AE, b"\x01\x00\x01\x04")),
    "records nobody knows": lambda: xls.build_form(cells=[xls.record(0x0FFF, b"abc")]),
    "a drawing inside": lambda: xls.build_form(
        cells=[xls.record(0x0809, bytes(16)), xls.record(0x1001), xls.record(0x000A)]
    ),
    "a hidden row below": lambda: xls.build_form(cells=[xls.record(0x0208, b"\x63" + bytes(11) + b"\x20" + bytes(3))]),
    "the identifiers hidden": lambda: xls.build_form(cells=[xls.record(0x007D, b"\0\0\0\0\0\x08\0\0\1\0\0\0")]),
}


@pytest.mark.parametrize("make", OLD.values(), ids=OLD)
def test_old_files_are_read_as_well(make):
    read = read_bytes(make())
    assert read.findings == ()
    assert read.rows == read_bytes(form_bytes()).rows
