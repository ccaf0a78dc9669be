"""Looks over the records of an .xls file for what a reader of values would pass over in silence.

The same findings as `sheet_scan` has for .xlsx. Runs in the child process. Source: trust rule 19; [MS-XLS].
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from indicators.excel.compound_file import CompoundFile
from indicators.excel.layout import Column
from indicators.excel.places import name_cell, name_column
from indicators.excel.refused import Findings, Refused
from indicators.excel.sheet_scan import LAST_ROW, MOST_CELLS, MOST_COLUMNS
from indicators.workbook_rows import Fault

_BOF, _EOF = 0x0809, 0x000A
_BOUNDSHEET, _FILEPASS, _SUPBOOK, _FORMAT, _XF = 0x0085, 0x002F, 0x01AE, 0x041E, 0x00E0
_ROW, _COLINFO, _MERGEDCELLS, _BOOLERR, _MULRK = 0x0208, 0x007D, 0x00E5, 0x0205, 0x00BD
_FORMULAS = (0x0006, 0x0206, 0x0406, 0x0221, 0x0021, 0x04BC)
_NUMBERS = (0x0203, 0x027E)
_TEXTS = (0x00FD, 0x0204, 0x00D6)
_INTERNAL = b"\x01\x04"
_PERCENT = {9: "0%", 10: "0.00%"}
_GENERAL = "General"
_RECORDS_MOST = 2_000_000


@dataclass
class BinarySheet:
    """One sheet: its name, whether it is hidden, where its records begin."""

    name: str
    is_hidden: bool
    start: int
    shown: dict[str, str] = field(default_factory=dict)


class BinaryWorkbook:
    """The records of a workbook under the scan."""

    def __init__(self, content: bytes) -> None:
        container = CompoundFile(content)
        self._stream = _find_stream(container)
        self.sheets: list[BinarySheet] = []
        self._formats: list[str] = []
        try:
            self._read_globals()
        except (struct.error, IndexError) as error:
            raise Refused(Fault.DAMAGED, piece=str(error)) from error

    def scan(self, sheet: BinarySheet, *, findings: Findings, is_form: bool) -> None:
        """Look over the records of one sheet."""
        try:
            _SheetRecords(sheet, self._formats, findings, is_form=is_form).read(self._walk(sheet.start))
        except (struct.error, IndexError) as error:
            raise Refused(Fault.DAMAGED, sheet=sheet.name, piece=str(error)) from error

    def _walk(self, at: int) -> Iterator[tuple[int, bytes]]:
        """Yield the records of one substream, those of drawings inside it left out."""
        depth = 0
        for _ in range(_RECORDS_MOST):
            kind, length = struct.unpack_from("<HH", self._stream, at)
            body = self._stream[at + 4 : at + 4 + length]
            if len(body) < length:
                raise Refused(Fault.DAMAGED)
            at += 4 + length
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
                if depth <= 0:
                    return
            elif depth == 1:
                yield kind, body
            elif depth == 0:
                raise Refused(Fault.DAMAGED)
        raise Refused(Fault.TOO_COSTLY)

    def _read_globals(self) -> None:
        given, styles = dict(_PERCENT), []
        if struct.unpack_from("<HHH", self._stream, 0)[::2] != (_BOF, 0x0600):
            raise Refused(Fault.OLD_FORMAT)
        for kind, body in self._walk(0):
            if kind == _FILEPASS:
                raise Refused(Fault.ENCRYPTED)
            if kind == _SUPBOOK and body[2:4] != _INTERNAL:
                raise Refused(Fault.EXTERNAL_LINK)
            if kind == _BOUNDSHEET:
                self.sheets.append(_read_sheet(body))
            elif kind == _FORMAT:
                given[struct.unpack_from("<H", body)[0]] = _read_text(body[2:], wide_count=True)
            elif kind == _XF:
                styles.append(struct.unpack_from("<H", body, 2)[0])
        self._formats = [given.get(number, _GENERAL) for number in styles]


class _SheetRecords:
    """The findings of one sheet's records."""

    def __init__(self, sheet: BinarySheet, formats: list[str], findings: Findings, *, is_form: bool) -> None:
        self._sheet, self._formats, self._findings, self._is_form = sheet, formats, findings, is_form
        self._seen: set[tuple[int, int]] = set()
        self._hidden: list[int] = []

    def read(self, records: Iterator[tuple[int, bytes]]) -> None:
        for kind, body in records:
            if kind in _FORMULAS:
                self._add(Fault.FORMULA, *struct.unpack_from("<HH", body))
            elif kind in _NUMBERS:
                row, column, style = struct.unpack_from("<HHH", body)
                self._see(row, column, style)
            elif kind in _TEXTS:
                self._see(*struct.unpack_from("<HH", body))
            else:
                self._read_rest(kind, body)
        last = max((row for row, _ in self._seen), default=0)
        for row in self._hidden:
            if self._is_form and row <= last:
                self._findings.add(Fault.HIDDEN_ROW, sheet=self._sheet.name, cell=str(row + 1))

    def _read_rest(self, kind: int, body: bytes) -> None:
        if kind == _MULRK:
            row, first = struct.unpack_from("<HH", body)
            for place in range((len(body) - 6) // 6):
                self._see(row, first + place, struct.unpack_from("<H", body, 4 + place * 6)[0])
        elif kind == _BOOLERR:
            row, column = struct.unpack_from("<HH", body)
            self._see(row, column)
            if body[7]:
                self._add(Fault.ERROR_VALUE, row, column)
        elif kind == _MERGEDCELLS:
            for place in range(struct.unpack_from("<H", body)[0]):
                row, _, column = struct.unpack_from("<HHH", body, 2 + place * 8)
                self._add(Fault.MERGED, row, column)
        elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
            self._hidden.append(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO:
            self._read_column(body)

    def _read_column(self, body: bytes) -> None:
        first, last, width, _, flags = struct.unpack_from("<HHHHH", body)
        first = max(first, Column.INDICATOR.number - 1)
        if self._is_form and (flags & 1 or width == 0) and first <= min(last, Column.LAST_YEAR.number - 1):
            self._findings.add(Fault.HIDDEN_COLUMN, sheet=self._sheet.name, cell=name_column(first + 1))

    def _see(self, row: int, column: int, style: int | None = None) -> None:
        if (row, column) in self._seen:
            self._add(Fault.DUPLICATE_CELL, row, column)
        self._seen.add((row, column))
        if row >= LAST_ROW or column >= MOST_COLUMNS:
            raise Refused(Fault.FAR_CELL, sheet=self._sheet.name, cell=name_cell(row + 1, column + 1))
        if len(self._seen) > MOST_CELLS:
            raise Refused(Fault.TOO_COSTLY, sheet=self._sheet.name, cell=name_cell(row + 1, column + 1))
        if style is not None and self._formats[style] != _GENERAL:
            self._sheet.shown[name_cell(row + 1, column + 1)] = self._formats[style]

    def _add(self, fault: Fault, row: int, column: int) -> None:
        self._findings.add(fault, sheet=self._sheet.name, cell=name_cell(row + 1, column + 1))


def _find_stream(container: CompoundFile) -> bytes:
    names = [name.lower() for name in container.names]
    if "encryptedpackage" in names:
        raise Refused(Fault.ENCRYPTED)
    if any(name.startswith(("_vba_project", "vba", "macros")) for name in names):
        raise Refused(Fault.MACROS)
    if "workbook" not in names:
        raise Refused(Fault.OLD_FORMAT if "book" in names else Fault.NOT_A_WORKBOOK)
    if "book" in names:
        raise Refused(Fault.BAD_PACKAGE, piece="Book")
    return container.read("Workbook")


def _read_sheet(body: bytes) -> BinarySheet:
    start, state, kind = struct.unpack_from("<IBB", body)
    name = _read_text(body[6:], wide_count=False)
    if kind != 0:
        raise Refused(Fault.MACROS if kind in (1, 6) else Fault.ACTIVE_PART, sheet=name, piece=name)
    return BinarySheet(name, state & 3 != 0, start)


def _read_text(body: bytes, *, wide_count: bool) -> str:
    """Return a string that begins with its number of characters, one byte or two."""
    head = 2 if wide_count else 1
    count = int.from_bytes(body[:head], "little")
    is_wide = body[head] & 1
    text = body[head + 1 : head + 1 + count * (2 if is_wide else 1)]
    return text.decode("utf-16-le" if is_wide else "latin-1", "replace")
