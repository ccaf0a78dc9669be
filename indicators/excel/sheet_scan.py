"""Looks over the XML of one sheet before its values are read: what a value reader would pass over in silence.

Formulas, merges, hidden rows and columns, cells that stand twice, cells far away. One pass, start tags only; the
reader of values comes after. Runs in the child process. Source: trust rule 19, cases T37, T38, T40 and T42.
"""

import re

from indicators.excel.layout import MOST_ROWS, Column
from indicators.excel.markup import check_encoding, is_true, local, walk
from indicators.excel.places import name_cell, name_column, read_cell_name
from indicators.excel.refused import Findings, Refused
from indicators.workbook_rows import Fault

MOST_COLUMNS = 64
MOST_CELLS = 600_000
LAST_ROW = MOST_ROWS + 50
_COLUMNS = {name_column(number): number for number in range(1, 16_385)}
_SPREADSHEET = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_ODD_INDEX = re.compile(rb"""\bt=["']s["'][^<>]*>\s*<(?:\w+:)?v[^<>]*>(?!\s*[0-9])""")
_DECLARATION = re.compile(rb"<!(?!\[CDATA\[|--)")
_REFERENCES = "http://schemas.microsoft.com/office/excel/2006/main"  # of newer validations, outside the cells
_READ_BY_NAME = ("c", "v", "f", "is", "row", "sheetData", "mergeCell", "t")


class SheetScan:
    """One sheet under the scan. `formats` are those of the workbook's styles, `shown` those of single cells."""

    def __init__(self, *, sheet: str, formats: list[str], findings: Findings, is_form: bool) -> None:
        self.shown: dict[str, str] = {}
        self._sheet, self._findings, self._is_form = sheet, findings, is_form
        self._formats = {str(number): code for number, code in enumerate(formats) if code != "General"}
        self._row = self._column = self._cells = self._last_filled = 0
        self._name, self._row_name = "", "0"
        self._attributes: dict[str, str] = {}
        self._hidden_rows: list[int] = []
        self._merged: list[str] = []
        self._handlers = {
            f"{space} {name}": handler
            for space in _SPREADSHEET
            for name, handler in (
                ("c", self._start_cell),
                ("v", self._start_value),
                ("is", self._start_value),
                ("f", self._start_formula),
                ("row", self._start_row),
                ("col", self._start_column),
                ("mergeCell", self._start_merge),
                ("sheetFormatPr", self._start_defaults),
            )
        }

    def scan(self, part: bytes, *, name: str) -> None:
        """Look over the part; findings go where the caller said."""
        handlers, look = self._handlers, self._start_other

        def start(element: str, attributes: dict[str, str]) -> None:
            handler = handlers.get(element)
            if handler is None:
                look(element)
            else:
                handler(attributes)

        walk(part, name=name, start=start)
        if _ODD_INDEX.search(part):  # a reader of values passes over it
            raise Refused(Fault.BAD_CELL, sheet=self._sheet, cell=find_bad_value(part, name=name, strings=MOST_CELLS))
        if self._is_form:
            for row in self._hidden_rows:
                if row <= self._last_filled:
                    self._add(Fault.HIDDEN_ROW, str(row))
        for cell in self._merged:
            self._add(Fault.MERGED, cell)

    def _add(self, fault: Fault, cell: str, piece: str = "") -> None:
        self._findings.add(fault, sheet=self._sheet, cell=cell, piece=piece)

    def _start_other(self, element: str) -> None:
        """Refuse cells under a name that another reader takes for the real one."""
        space, _, name = element.rpartition(" ")
        is_reference = name == "f" and space == _REFERENCES
        if name in _READ_BY_NAME and space not in _SPREADSHEET and not is_reference:
            raise Refused(Fault.BAD_PACKAGE, sheet=self._sheet, cell=self._name, piece=element)

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        row = int(given) if given and given.isascii() and given.isdigit() and len(given) < 8 else self._row + 1
        if row <= self._row:
            self._add(Fault.DUPLICATE_CELL, str(row))
        self._row, self._column, self._row_name = row, 0, str(row)
        if is_true(attributes.get("hidden")) or attributes.get("ht") in ("0", "0.0"):
            self._hidden_rows.append(row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        name, row = attributes.get("r"), self._row_name
        if name is None:
            column = self._column + 1
            name = name_cell(self._row, column)
        else:
            column = _COLUMNS.get(name[: -len(row)], 0) if name.endswith(row) else 0
        if column <= self._column:
            self._refuse_place(column)
        self._column, self._name, self._attributes = column, name, attributes
        self._cells += 1
        if self._cells > MOST_CELLS:
            raise Refused(Fault.TOO_COSTLY, sheet=self._sheet, cell=self._name)

    def _refuse_place(self, column: int) -> None:
        """Name a cell that stands twice or out of order; Refused for one whose name is none of this row."""
        if not column:
            raise Refused(Fault.BAD_CELL, sheet=self._sheet, cell=name_cell(max(self._row, 1), self._column + 1))
        self._add(Fault.DUPLICATE_CELL, name_cell(self._row, column))

    def _start_value(self, _attributes: dict[str, str]) -> None:
        if self._row > LAST_ROW or self._column > MOST_COLUMNS:
            raise Refused(Fault.FAR_CELL, sheet=self._sheet, cell=self._name)
        self._last_filled = self._row
        kind = self._attributes.get("t", "n")
        if kind == "e":
            self._add(Fault.ERROR_VALUE, self._name)
        elif kind == "n" and (shown := self._formats.get(self._attributes.get("s", ""))):
            self.shown[self._name] = shown

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self._add(Fault.FORMULA, self._name)

    def _start_column(self, attributes: dict[str, str]) -> None:
        """A hidden column inside the form hides what is asked; only the first one is hidden by ourselves."""
        first, last = _whole(attributes.get("min")), _whole(attributes.get("max"))
        hides = is_true(attributes.get("hidden")) or attributes.get("width") in ("0", "0.0")
        first = max(first, Column.INDICATOR.number)
        if hides and self._is_form and first <= min(last, Column.LAST_YEAR.number):
            self._add(Fault.HIDDEN_COLUMN, name_column(first))

    def _start_defaults(self, attributes: dict[str, str]) -> None:
        if self._is_form and is_true(attributes.get("zeroHeight")):
            self._add(Fault.HIDDEN_ROW, "1")

    def _start_merge(self, attributes: dict[str, str]) -> None:
        first = attributes.get("ref", "").partition(":")[0]
        self._merged.append(first if read_cell_name(first) else "A1")
        if len(self._merged) > MOST_CELLS:
            raise Refused(Fault.TOO_COSTLY, sheet=self._sheet, cell=self._merged[0])


def check_strings(part: bytes, *, name: str) -> None:
    """Look over the texts that cells share: no document type, one encoding, not too many of them."""
    check_encoding(part, name=name)
    if _DECLARATION.search(part):
        raise Refused(Fault.DOCTYPE, piece=name)
    if part.count(b"<si") > MOST_CELLS:
        raise Refused(Fault.TOO_COSTLY, piece=name)


def find_bad_value(part: bytes, *, name: str, strings: int) -> str:
    """Return the cell whose content is not what its type says, the first one; empty if there is none."""
    at, kind, inside, found = [""], ["n"], [False], [""]

    def start(element: str, attributes: dict[str, str]) -> None:
        if local(element) == "c":
            at[0], kind[0] = attributes.get("r", ""), attributes.get("t", "n")
        inside[0] = local(element) == "v"

    def text(piece: str) -> None:
        if inside[0] and not found[0] and not _fits(piece, kind[0], strings):
            found[0] = at[0]

    walk(part, name=name, start=start, text=text)
    return found[0]


def _fits(text: str, kind: str, strings: int) -> bool:
    if kind == "s":
        return text.strip().isdigit() and int(text) < strings
    if kind != "n":
        return True
    try:
        float(text)
    except ValueError:
        return False
    return "_" not in text


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 8 else 0
