"""Bytes in, sheets of plain values out: scans first, then reads the values. Runs in the child process only.

Source: trust rule 19; speed.md “Workbooks”.
"""

import io
from dataclasses import dataclass, field
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from indicators.excel.binary_scan import BinaryWorkbook
from indicators.excel.compound_file import MAGIC
from indicators.excel.layout import RECORD_SHEET
from indicators.excel.package import Package, pack
from indicators.excel.refused import Findings, Refused, TooMany
from indicators.excel.sheet_scan import SheetScan, check_strings, find_bad_value
from indicators.excel.workbook_parts import (
    RELATIONS_PART,
    TYPES_PART,
    SheetPart,
    WorkbookParts,
    check_sheet_relations,
    read_parts,
)
from indicators.workbook_rows import Fault, Finding

_PANICS = "pyo3_runtime"
"""Where the errors come from by which the reader gives up on itself; they are no `Exception`."""
Values = list[list[Any]]


@dataclass(kw_only=True)
class SheetsRead:
    """The two sheets as values by row and column, and the formats of numbers that are not shown plainly."""

    sheet: str = ""
    form: Values = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    record: Values = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_sheets(content: bytes) -> SheetsRead:
    """Return the values of the two sheets, with what speaks against the file; never raises for a bad file."""
    findings, read = Findings(), SheetsRead()
    try:
        if content[:8] == MAGIC:
            _read_binary(content, read, findings)
        else:
            _read_package(content, read, findings)
    except Refused as refused:
        findings.found.append(refused.finding)
    except TooMany:
        pass
    read.findings = findings.found
    return read


def _read_package(content: bytes, read: SheetsRead, findings: Findings) -> None:
    package = Package(content)
    workbook = read_parts(package)
    form, record = _choose([(sheet.name, sheet.is_hidden) for sheet in workbook.sheets])
    read.sheet = workbook.sheets[form].name
    for place in (form, record):
        sheet = workbook.sheets[place]
        check_sheet_relations(package, sheet.part)
        scan = SheetScan(sheet=sheet.name, formats=workbook.formats, findings=findings, is_form=place == form)
        scan.scan(package.read(sheet.part), name=sheet.part)
        if place == form:
            read.shown = scan.shown
    _read_values(_repack(package, workbook), read, form=form, record=record, explain=_Explain(package, workbook))


def _read_binary(content: bytes, read: SheetsRead, findings: Findings) -> None:
    workbook = BinaryWorkbook(content)
    form, record = _choose([(sheet.name, sheet.is_hidden) for sheet in workbook.sheets])
    read.sheet = workbook.sheets[form].name
    for place in (form, record):
        workbook.scan(workbook.sheets[place], findings=findings, is_form=place == form)
    read.shown = workbook.sheets[form].shown
    _read_values(content, read, form=form, record=record, explain=None)


def _choose(sheets: list[tuple[str, bool]]) -> tuple[int, int]:
    """Return the places of the form and of the hidden sheet; Refused unless there are just these two."""
    records = [place for place, (name, _) in enumerate(sheets) if name.lower() == RECORD_SHEET]
    if not sheets or not records:
        raise Refused(Fault.NOT_OUR_FORM, sheet=sheets[0][0] if sheets else "")
    others = [place for place in range(len(sheets)) if place not in records]
    if len(records) > 1 or len(others) > 1:
        extra = sheets[(others[1:] or records[1:])[0]][0]
        raise Refused(Fault.EXTRA_SHEET, sheet=extra, piece=extra)
    if not others:
        raise Refused(Fault.SHEET_MISSING, sheet=RECORD_SHEET)
    form = others[0]
    if sheets[form][1]:
        raise Refused(Fault.HIDDEN_SHEET, sheet=sheets[form][0])
    return form, records[0]


def _repack(package: Package, workbook: WorkbookParts) -> bytes:
    if workbook.strings:
        check_strings(package.read(workbook.strings), name=workbook.strings)
    names = [TYPES_PART, RELATIONS_PART, workbook.main, workbook.relations, workbook.strings, workbook.styles]
    names += [sheet.part for sheet in workbook.sheets]
    return pack((name, package.read(name)) for name in names if name)


@dataclass(frozen=True)
class _Explain:
    """Finds the cell because of which the values could not be read."""

    package: Package
    workbook: WorkbookParts

    def __call__(self, sheet: int) -> str:
        part = self.workbook.sheets[sheet].part
        strings = self.package.read(self.workbook.strings).count(b"<si") if self.workbook.strings else 0
        return find_bad_value(self.package.read(part), name=part, strings=strings)


def _read_values(content: bytes, read: SheetsRead, *, form: int, record: int, explain: _Explain | None) -> None:
    place = form
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        read.form = workbook.get_sheet_by_index(form).to_python(skip_empty_area=False)
        place = record
        read.record = workbook.get_sheet_by_index(record).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OverflowError) as error:
        raise _explain(error, read, explain, place=place, is_form=place == form) from error
    except BaseException as error:
        if type(error).__module__ != _PANICS:
            raise
        raise _explain(error, read, explain, place=place, is_form=place == form) from error


def _explain(error: BaseException, read: SheetsRead, explain: _Explain | None, *, place: int, is_form: bool) -> Refused:
    """Return the refusal of a file that the reader of values gave up on, at its cell where that can be found."""
    cell = explain(place) if explain else ""
    sheet = read.sheet if is_form else RECORD_SHEET
    return Refused(Fault.BAD_CELL if cell else Fault.DAMAGED, sheet=sheet, cell=cell, piece=str(error))


__all__ = ["SheetPart", "SheetsRead", "read_sheets"]
