"""Real forms with one thing wrong: each is refused at its sheet and cell. Built in code, none is kept."""

import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from indicators.excel.form_writer import write_form
from indicators.excel.layout import RECORD_SHEET, Form
from indicators.workbook_rows import Fault
from tests.excel import xls_builder as xls
from tests.excel.forms import SHEET, fill_in, form_bytes, make_form, make_row
from tests.excel.hostile_files import Hostile
from tests.excel.packages import (
    BOOK_PART,
    FORM_PART,
    RECORD_PART,
    before_end,
    cell_xml,
    in_cell,
    put_together,
    rebuild,
    swap,
    take_apart,
)


def _in_form(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    return lambda: rebuild(edit={FORM_PART: change})


def _with(cells: Mapping[str, Any]) -> Callable[[], bytes]:
    return lambda: form_bytes(cells)


def _changed(change: Callable[[Any, Worksheet], object]) -> Callable[[], bytes]:
    return lambda: form_bytes(change=change)


def _cell(name: str, xml: str) -> Callable[[], bytes]:
    return _in_form(in_cell(name, f'<c r="{name}">{xml}</c>'))


FORMULAS = [
    Hostile("a formula with its value", _cell("G5", "<f>1+1</f><v>2</v>"), Fault.FORMULA, "G5"),
    Hostile("a formula without a value", _cell("G5", "<f>1+1</f>"), Fault.FORMULA, "G5"),
    Hostile("a formula with another value", _cell("G5", "<f>1+1</f><v>999</v>"), Fault.FORMULA, "G5"),
    Hostile("a formula without a text", _cell("G5", "<f/><v>2</v>"), Fault.FORMULA, "G5"),
    Hostile("an array formula", _cell("H5", '<f t="array" ref="H5:H6">A1:A2</f><v>2</v>'), Fault.FORMULA, "H5"),
    Hostile("a shared formula", _cell("H5", '<f t="shared" si="0"/><v>2</v>'), Fault.FORMULA, "H5"),
    Hostile("a data table", _cell("H5", '<f t="dataTable" ref="H5"/><v>2</v>'), Fault.FORMULA, "H5"),
    Hostile("a formula that gives text", _cell("K5", "<f>TODAY()</f><v>x</v>"), Fault.FORMULA, "K5"),
    Hostile("a command behind a cell", _cell("I6", "<f>cmd|' /C calc'!A0</f><v>1</v>"), Fault.FORMULA, "I6"),
    Hostile("a formula in another sheet's numbers", _cell("I6", "<f>[1]x!A1</f><v>1</v>"), Fault.FORMULA, "I6"),
    Hostile("a formula in a locked cell", _cell("D5", '<f>"≥ 93%"</f><v>1</v>'), Fault.FORMULA, "D5"),
    Hostile("a formula beside the form", _in_form(cell_xml(5, '<c r="P5"><f>1</f></c>')), Fault.FORMULA, "P5"),
    Hostile("a formula with a prefix", lambda: _prefix(), Fault.FORMULA, "I6"),
    Hostile(
        "a formula in the hidden sheet",
        lambda: rebuild(edit={RECORD_PART: in_cell("B2", '<c r="B2"><f>7</f><v>7</v></c>')}),
        Fault.FORMULA,
        "B2",
    ),
]


def _prefix() -> bytes:
    def change(part: bytes) -> bytes:
        part = in_cell("I6", '<q:c r="I6"><q:f>1</q:f><q:v>1</q:v></q:c>')(part)
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        return swap("<worksheet ", f'<worksheet xmlns:q="{space}" ')(part)

    return rebuild(edit={FORM_PART: change})


def _repeat_row(row: int) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        start = part.index(f'<row r="{row}"'.encode())
        end = part.index(b"</row>", start) + 6
        return part[:end] + part[start:end] + part[end:]

    return change


_ROWS = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c></row>' for row in range(20_000, 20_200))
CELLS = [
    *(
        Hostile(
            f"the error {text}", _in_form(in_cell("I6", f'<c r="I6" t="e"><v>{text}</v></c>')), Fault.ERROR_VALUE, "I6"
        )
        for text in ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!")
    ),
    Hostile("a cell twice", _in_form(cell_xml(5, '<c r="G5"><v>1</v></c>')), Fault.DUPLICATE_CELL, "G5"),
    Hostile(
        "a cell twice, the first empty",
        _in_form(in_cell("G5", '<c r="G5"/><c r="G5"><v>1</v></c>')),
        Fault.DUPLICATE_CELL,
        "G5",
    ),
    Hostile("cells out of order", _in_form(in_cell("G5", '<c r="H5"/><c r="G5"/>')), Fault.DUPLICATE_CELL, "G5"),
    Hostile("a row twice", _in_form(_repeat_row(5)), Fault.DUPLICATE_CELL, "5"),
    Hostile("a cell of another row", _in_form(in_cell("G5", '<c r="G6"><v>1</v></c>')), Fault.BAD_CELL, "G5"),
    Hostile("a cell with a senseless name", _in_form(in_cell("G5", '<c r="$G$5"><v>1</v></c>')), Fault.BAD_CELL, "G5"),
    Hostile("a column that does not exist", _in_form(cell_xml(5, '<c r="XFE5"><v>1</v></c>')), Fault.BAD_CELL, "N5"),
    Hostile("a number that is none", _cell("I6", "<v>abc</v>"), Fault.NUMBER, "I6"),
    Hostile(
        "a text that is not there", _in_form(in_cell("K5", '<c r="K5" t="s"><v>99999</v></c>')), Fault.BAD_CELL, "K5"
    ),
    Hostile(
        "a text with a negative number", _in_form(in_cell("K5", '<c r="K5" t="s"><v>-1</v></c>')), Fault.BAD_CELL, "K5"
    ),
    Hostile("something far to the right", _in_form(cell_xml(5, '<c r="XFD5"><v>1</v></c>')), Fault.FAR_CELL, "XFD5"),
    Hostile(
        "something far below",
        _in_form(before_end('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', of="</sheetData>")),
        Fault.FAR_CELL,
        "A1048576",
    ),
    Hostile("twenty thousand rows too many", _in_form(before_end(_ROWS, of="</sheetData>")), Fault.FAR_CELL, "A20051"),
    Hostile(
        "a million empty cells",
        _in_form(
            before_end("".join(f'<row r="{row}">{"<c/>" * 1000}</row>' for row in range(100, 1100)), of="</sheetData>")
        ),
        Fault.TOO_COSTLY,
    ),
    Hostile("a million empty cells, not packed", lambda: _loose(), Fault.TOO_COSTLY),
    Hostile(
        "cells of another vocabulary", _in_form(in_cell("I6", '<c xmlns="evil" r="I6"><v>1</v></c>')), Fault.BAD_PACKAGE
    ),
]


def _loose() -> bytes:
    """A form with a million cells, stored as they are: nothing gives it away but counting."""
    cells = "".join(f'<row r="{row}">{"<c/>" * 1000}</row>' for row in range(100, 1100))
    parts = take_apart(rebuild(edit={FORM_PART: before_end(cells, of="</sheetData>")}))
    return put_together(parts, method=zipfile.ZIP_STORED)


def _tag_row(row: int, attributes: str) -> Callable[[bytes], bytes]:
    return lambda part: re.sub(rf'<row r="{row}"[^>]*>'.encode(), f'<row r="{row}" {attributes}>'.encode(), part)


SHEETS = [
    Hostile("merged figures", _changed(lambda _, sheet: sheet.merge_cells("G5:H5")), Fault.MERGED, "G5"),
    Hostile("merged rows", _changed(lambda _, sheet: sheet.merge_cells("B5:B7")), Fault.MERGED, "B5"),
    Hostile("a merged title", _changed(lambda _, sheet: sheet.merge_cells("B1:M1")), Fault.MERGED, "B1"),
    Hostile(
        "a giant merge",
        _in_form(
            swap(
                "<dataValidations",
                '<mergeCells count="1"><mergeCell ref="A20:XFD1048576"/></mergeCells><dataValidations',
            )
        ),
        Fault.MERGED,
        "A20",
    ),
    Hostile("a hidden row", _in_form(swap('<row r="6"', '<row hidden="1" r="6"')), Fault.HIDDEN_ROW, "6"),
    Hostile("a filtered row", _in_form(swap('<row r="7"', '<row hidden="true" r="7"')), Fault.HIDDEN_ROW, "7"),
    Hostile("a row without height", _in_form(_tag_row(8, 'ht="0" customHeight="1"')), Fault.HIDDEN_ROW, "8"),
    Hostile(
        "all rows hidden", _in_form(swap("<sheetFormatPr ", '<sheetFormatPr zeroHeight="1" ')), Fault.HIDDEN_ROW, "1"
    ),
    Hostile(
        "a hidden column",
        _changed(lambda _, sheet: setattr(sheet.column_dimensions["D"], "hidden", True)),
        Fault.HIDDEN_COLUMN,
        "D",
    ),
    Hostile(
        "hidden entries",
        _changed(lambda _, sheet: setattr(sheet.column_dimensions["G"], "hidden", True)),
        Fault.HIDDEN_COLUMN,
        "G",
    ),
    Hostile(
        "a column without width",
        _in_form(swap("<cols>", '<cols><col min="3" max="4" width="0"/>')),
        Fault.HIDDEN_COLUMN,
        "C",
    ),
    Hostile(
        "all columns hidden",
        _in_form(swap("<cols>", '<cols><col min="1" max="16384" hidden="1"/>')),
        Fault.HIDDEN_COLUMN,
        "B",
    ),
    Hostile("a third sheet", _changed(lambda book, _: book.create_sheet("计算")), Fault.EXTRA_SHEET),
    Hostile(
        "a hidden third sheet",
        _changed(lambda book, _: setattr(book.create_sheet("x"), "sheet_state", "hidden")),
        Fault.EXTRA_SHEET,
    ),
    Hostile("a chart sheet", _changed(lambda book, _: book.create_chartsheet("图")), Fault.ACTIVE_PART),
    Hostile(
        "the form hidden",
        lambda: rebuild(edit={BOOK_PART: swap('state="visible"', 'state="hidden"')}),
        Fault.HIDDEN_SHEET,
    ),
    Hostile(
        "the hidden sheet alone",
        lambda: rebuild(edit={BOOK_PART: lambda part: re.sub(rb"<sheet [^>]*rId1[^>]*>", b"", part)}),
        Fault.SHEET_MISSING,
    ),
    Hostile("the form alone", _changed(lambda book, _: book.remove(book[RECORD_SHEET])), Fault.NOT_OUR_FORM),
    Hostile(
        "the hidden sheet twice",
        _changed(lambda book, _: setattr(book.copy_worksheet(book[RECORD_SHEET]), "title", "QSCOUNTY ")),
        Fault.EXTRA_SHEET,
    ),
    Hostile(
        "the same part for both",
        lambda: rebuild(edit={"xl/_rels/workbook.xml.rels": swap("sheet2.xml", "sheet1.xml")}),
        Fault.BAD_PACKAGE,
    ),
]


def _record(cells: Mapping[str, Any]) -> Callable[[], bytes]:
    def change(book: Any, _sheet: Worksheet) -> None:
        for name, value in cells.items():
            book[RECORD_SHEET][name].value = value

    return _changed(change)


def _forged() -> bytes:
    """A form that says it belongs elsewhere, with the seal of the real one."""
    return form_bytes(change=lambda book, _: setattr(book[RECORD_SHEET]["B2"], "value", "8"))


def _without_row(row: int) -> Callable[[], bytes]:
    return _changed(lambda _, sheet: sheet.delete_rows(row))


def _copy_row(source: int, target: int) -> Callable[[], bytes]:
    def change(_book: Any, sheet: Worksheet) -> None:
        for column in range(1, 14):
            sheet.cell(target, column).value = sheet.cell(source, column).value

    return _changed(change)


RECORDS = [
    Hostile("a workbook of another kind", _record({"A1": "something"}), Fault.NOT_OUR_FORM, "A1"),
    Hostile(
        "an empty hidden sheet", _changed(lambda book, _: book[RECORD_SHEET].delete_rows(1, 99)), Fault.NOT_OUR_FORM
    ),
    Hostile("a form of tomorrow", _record({"B1": "2"}), Fault.UNKNOWN_VERSION, "B1"),
    Hostile("a form of no version", _record({"B1": None}), Fault.UNKNOWN_VERSION, "B1"),
    Hostile("another submission", _forged, Fault.SEAL_BROKEN),
    Hostile("another quarter", _record({"B3": "2018Q4"}), Fault.SEAL_BROKEN),
    Hostile("another seal", _record({"B18": "0" * 64}), Fault.SEAL_BROKEN),
    Hostile("no seal", _record({"A18": None, "B18": None}), Fault.SEAL_BROKEN),
    Hostile("another version of a figure", _record({"C11": "5"}), Fault.SEAL_BROKEN),
    Hostile("another unit of the parser", _record({"F13": "1"}), Fault.SEAL_BROKEN),
    Hostile("another series", _record({"B11": "1"}), Fault.SEAL_BROKEN),
    Hostile("a row more in the hidden sheet", _record({"A30": "row", "B30": "1"}), Fault.SEAL_BROKEN),
    Hostile("a fact nobody knows", _record({"A30": "x", "B30": "1"}), Fault.SEAL_BROKEN),
    Hostile("a line that is too long", _record({"Z11": "1"}), Fault.SEAL_BROKEN),
    Hostile(
        "a row less in the hidden sheet",
        _changed(lambda book, _: book[RECORD_SHEET].delete_rows(12)),
        Fault.SEAL_BROKEN,
    ),
]
FORMS = [
    Hostile("another title", _with({"B1": "二季度填报表"}), Fault.ALTERED, "B1"),
    Hostile("titles of columns swapped", _with({"G4": "分母", "H4": "分子"}), Fault.HEADER_MOVED, "G4"),
    Hostile("a title of a column deleted", _with({"I4": None}), Fault.HEADER_MOVED, "I4"),
    Hostile("a row put in above", _changed(lambda _, sheet: sheet.insert_rows(1)), Fault.ALTERED, "B1"),
    Hostile("a column put in", _changed(lambda _, sheet: sheet.insert_cols(7)), Fault.HEADER_MOVED, "G4"),
    Hostile("a column deleted", _changed(lambda _, sheet: sheet.delete_cols(7)), Fault.HEADER_MOVED, "G4"),
    Hostile("another indicator", _with({"B5": "别的指标"}), Fault.ALTERED, "B5"),
    Hostile("another region", _with({"C6": "潞城"}), Fault.ALTERED, "C6"),
    Hostile("a lower target", _with({"D5": "≥ 90%"}), Fault.ALTERED, "D5"),
    Hostile("another unit", _with({"E6": "万个"}), Fault.ALTERED, "E6"),
    Hostile("another question", _with({"F5": "随便"}), Fault.ALTERED, "F5"),
    Hostile("another last quarter", _with({"L5": "99.0%"}), Fault.ALTERED, "L5"),
    Hostile("last year as a number", _with({"M5": 96}), Fault.ALTERED, "M5"),
    Hostile("a row deleted", _without_row(6), Fault.ROW_MISSING, "B11"),
    Hostile("the last row deleted", _without_row(11), Fault.ROW_MISSING, "B11"),
    Hostile(
        "a row put in between",
        _changed(lambda _, sheet: (sheet.insert_rows(6), setattr(sheet["B6"], "value", "新"))),
        Fault.FOREIGN_ROW,
        "B6",
    ),
    Hostile("a row copied to the end", _copy_row(5, 12), Fault.DUPLICATE_ROW, "B12"),
    Hostile("a row copied over another", _copy_row(5, 6), Fault.DUPLICATE_ROW, "B6"),
    Hostile("an identifier made up", _with({"A12": "S999", "B12": "x"}), Fault.FOREIGN_ROW, "A12"),
    Hostile("an identifier deleted", _with({"A5": None}), Fault.FOREIGN_ROW, "B5"),
    Hostile("a second table below", _with({"B15": "指标", "G15": 1}), Fault.FOREIGN_ROW, "B15"),
    Hostile("a second table beside", _with({"O5": "备注", "P5": 1}), Fault.OUTSIDE, "O5"),
    Hostile("a note above", _with({"Q1": "急"}), Fault.OUTSIDE, "Q1"),
    Hostile("a value where counts belong", _with({"I5": 96}), Fault.NOT_FOR_THIS, "I5"),
    Hostile("counts where a value belongs", _with({"G6": 480}), Fault.NOT_FOR_THIS, "G6"),
    Hostile("none this quarter of yes or no", _with({"J11": "是"}), Fault.NOT_FOR_THIS, "J11"),
    Hostile("neither yes nor no", _with({"J6": "也许"}), Fault.NOT_YES, "J6"),
    Hostile("none beside a figure", _with({"J6": "是", "I6": 5}), Fault.NOTHING_WITH_FIGURES, "J6"),
    Hostile("a negative count", _with({"G5": -1}), Fault.OUT_OF_RANGE, "G5"),
    Hostile("a negative denominator", _with({"H5": "-500"}), Fault.OUT_OF_RANGE, "H5"),
    Hostile("a text that is too long", _with({"K5": "长" * 2_001}), Fault.TEXT_TOO_LONG, "K5"),
    Hostile("words for a number", _with({"G5": "四百八十"}), Fault.NUMBER, "G5"),
    Hostile("no number at all", _cell("I6", "<v>NaN</v>"), Fault.NUMBER, "I6"),
    Hostile("more than all numbers", _cell("I6", "<v>1e400</v>"), Fault.NUMBER, "I6"),
    Hostile("forty digits", _cell("I6", f"<v>{'9' * 40}</v>"), Fault.NUMBER, "I6"),
    Hostile("minus zero", _cell("I6", "<v>-0</v>"), Fault.NUMBER, "I6"),
    Hostile("yes for a number", _in_form(in_cell("I6", '<c r="I6" t="b"><v>1</v></c>')), Fault.NUMBER, "I6"),
    Hostile("a date by its type", _in_form(in_cell("I6", '<c r="I6" t="d"><v>2018-09-30</v></c>')), Fault.NUMBER, "I6"),
    Hostile(
        "a figure of another form changed", lambda: fill_in(write_form(_closed()), {"I5": 3}), Fault.NOT_FOR_THIS, "I5"
    ),
]


def _closed() -> Form:
    return make_form(make_row("count", is_closed=True, numbers=("", "", "12")))


def _old(records: bytes) -> Callable[[], bytes]:
    return lambda: xls.build_form(cells=[records])


def _old_book(*, sheets: list[xls.Sheet] | None = None, **more: Any) -> bytes:
    return xls.build_container({"Workbook": xls.build_stream(sheets or xls.form_sheets(), **more)})


def _bent(offset: int, layout: str, value: int) -> Callable[[], bytes]:
    def make() -> bytes:
        content = bytearray(xls.build_form())
        struct.pack_into(layout, content, offset, value)
        return bytes(content)

    return make


def _state(**fields: int) -> list[xls.Sheet]:
    sheets = xls.form_sheets()
    for name, value in fields.items():
        setattr(sheets[0], name, value)
    return sheets


_FORMULA = xls.record(0x0006, struct.pack("<HHHdHIH", 5, 8, 0, 12.0, 0, 0, 0))
OLD_FILES = [
    Hostile("old: a formula", _old(_FORMULA), Fault.FORMULA, "I6"),
    Hostile("old: an array formula", _old(xls.record(0x0221, struct.pack("<HHBB8x", 4, 6, 6, 6))), Fault.FORMULA, "G5"),
    Hostile("old: merged cells", _old(xls.record(0x00E5, struct.pack("<HHHHH", 1, 4, 4, 6, 7))), Fault.MERGED, "G5"),
    Hostile("old: an error", _old(xls.record(0x0205, struct.pack("<HHHBB", 5, 8, 0, 7, 1))), Fault.ERROR_VALUE, "I6"),
    Hostile("old: a cell twice", _old(xls.number(5, 8, 1) + xls.number(5, 8, 2)), Fault.DUPLICATE_CELL, "I6"),
    Hostile(
        "old: a hidden row",
        _old(xls.record(0x0208, struct.pack("<HHHHHHHH", 5, 0, 13, 255, 0, 0, 0x20, 0))),
        Fault.HIDDEN_ROW,
        "6",
    ),
    Hostile(
        "old: a hidden column",
        _old(xls.record(0x007D, struct.pack("<HHHHHH", 3, 3, 2000, 0, 1, 0))),
        Fault.HIDDEN_COLUMN,
        "D",
    ),
    Hostile("old: words for a number", _old(xls.label(5, 8, "十二")), Fault.NUMBER, "I6"),
    Hostile("old: a row beneath", _old(xls.label(20, 1, "另一张表")), Fault.FOREIGN_ROW, "B21"),
    Hostile("old: a sheet too many", lambda: _old_book(sheets=[*xls.form_sheets(), xls.Sheet("x")]), Fault.EXTRA_SHEET),
    Hostile(
        "old: a sheet of macros", lambda: _old_book(sheets=[*xls.form_sheets(), xls.Sheet("x", kind=1)]), Fault.MACROS
    ),
    Hostile(
        "old: a chart sheet", lambda: _old_book(sheets=[*xls.form_sheets(), xls.Sheet("x", kind=2)]), Fault.ACTIVE_PART
    ),
    Hostile("old: the form hidden", lambda: _old_book(sheets=_state(state=1)), Fault.HIDDEN_SHEET),
    Hostile("old: the form alone", lambda: _old_book(sheets=xls.form_sheets()[:1]), Fault.NOT_OUR_FORM),
    Hostile("old: a password", lambda: _old_book(before=xls.record(0x002F, bytes(6))), Fault.ENCRYPTED),
    Hostile(
        "old: a link to a file",
        lambda: _old_book(before=xls.record(0x01AE, struct.pack("<HH", 1, 9) + b"evil.xls\0")),
        Fault.EXTERNAL_LINK,
    ),
    Hostile(
        "old: macros",
        lambda: xls.build_container({"Workbook": xls.build_stream(xls.form_sheets())}, storages=["_VBA_PROJECT_CUR"]),
        Fault.MACROS,
    ),
    Hostile(
        "old: of 1995", lambda: xls.build_container({"Book": xls.build_stream(xls.form_sheets())}), Fault.OLD_FORMAT
    ),
    Hostile("old: of 1995 by its version", lambda: _old_book(version=0x0500), Fault.OLD_FORMAT),
    Hostile("old: two workbooks in one", lambda: xls.build_form(Book=b"x"), Fault.BAD_PACKAGE),
    Hostile("old: a Word document", lambda: xls.build_container({"WordDocument": b"x"}), Fault.NOT_A_WORKBOOK),
    Hostile(
        "a new workbook with a password",
        lambda: xls.build_container({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}),
        Fault.ENCRYPTED,
    ),
    Hostile("old: cut in the middle", lambda: xls.build_form()[:3_000], Fault.DAMAGED),
    Hostile("old: the head alone", lambda: xls.build_form()[:512], Fault.DAMAGED),
    Hostile("old: senseless sectors", _bent(30, "<H", 3), Fault.DAMAGED),
    Hostile("old: a directory far away", _bent(48, "<I", 60_000), Fault.DAMAGED),
    Hostile("old: a record beyond the end", _bent(512 + 2, "<H", 60_000), Fault.DAMAGED),
    Hostile("old: sectors in a circle", lambda: _circle(), Fault.DAMAGED),
    Hostile("old: a cell far below", _old(xls.label(65_000, 1, "x")), Fault.FAR_CELL, "B65001"),
]


def _circle() -> bytes:
    content = bytearray(xls.build_form())
    table = 512 * (struct.unpack_from("<I", content, 76)[0] + 1)
    struct.pack_into("<II", content, table, 1, 0)
    return bytes(content)


HOSTILE_FORMS = [*FORMULAS, *CELLS, *SHEETS, *RECORDS, *FORMS, *OLD_FILES]
__all__ = ["HOSTILE_FORMS", "SHEET"]
