"""Looks over every part of a layout before anything opens it. Runs in the child process only.

As with returned entry forms: package, relations, document types, encodings, size. Unlike there, formulas are the
office's own and stay, unless they draw on another file or a program. Source: trust rule 19; issue 6, part 1.
"""

import re
from typing import Any

from indicators.excel.compound_file import MAGIC
from indicators.excel.markup import attribute, local, walk
from indicators.excel.package import Package
from indicators.excel.refused import Findings, Refused, TooMany
from indicators.excel.workbook_parts import SheetPart, check_sheet_relations, read_parts
from indicators.workbook_rows import Fault, Finding
from reports.layouts.places import LAST_ROW, LayoutScan
from reports.layouts.vocabulary import PREFIX

MOST_CELLS = 200_000
_DRAWN = re.compile(r"(^|/)(drawings|media|charts|tables|slicers|model|customxml)/", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_PROGRAMS = re.compile(
    r"(?:\b|_XLFN\.)(?:WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|EXEC|EVALUATE|DDE|DDEAUTO|SQL\.REQUEST|IMAGE)\s*\(",
    re.IGNORECASE,
)
_FORMULAS = frozenset({"f", "formula", "formula1", "formula2"})
_ROW = re.compile(r"[A-Z]{1,3}([0-9]{1,7})")


def scan_layout(content: bytes) -> tuple[LayoutScan, list[Finding]]:
    """Return what a layout holds, and what speaks against the file; never raises for a bad file."""
    scan, findings = LayoutScan(), Findings()
    try:
        if content[:8] == MAGIC:
            raise Refused(Fault.OLD_FORMAT)
        _scan_package(Package(content), scan, findings)
        scan.is_whole = True
    except Refused as refused:
        findings.found.append(refused.finding)
    except TooMany:
        pass
    return scan, findings.found


def draws_outside(formula: str) -> bool:
    """Return whether a formula draws on another file, a program (DDE) or an address."""
    bare = _QUOTED.sub('""', formula)
    return "[" in bare or "|" in bare or bool(_PROGRAMS.search(bare))


def _scan_package(package: Package, scan: LayoutScan, findings: Findings) -> None:
    workbook = read_parts(package)
    for name in package.names:
        if _DRAWN.search(name):
            raise Refused(Fault.ACTIVE_PART, piece=name)
    scan.sheets = [sheet.name for sheet in workbook.sheets]
    known = {sheet.part.lower(): sheet for sheet in workbook.sheets}
    for name in package.names:
        check_sheet_relations(package, name)
        if not name.lower().endswith((".xml", ".rels")):
            continue
        part = package.read(name)
        sheet = known.get(name.lower())
        if sheet is not None:
            _SheetWalk(sheet, scan, findings).walk(part)
        elif name.lower() == workbook.main.lower():
            _walk_names(part, scan, findings, name=name)
        else:
            walk(part, name=name, start=lambda _element, _attributes: None)


class _SheetWalk:
    """One sheet: its formulas, its merged cells, and how many cells there are."""

    def __init__(self, sheet: SheetPart, scan: LayoutScan, findings: Findings) -> None:
        self.sheet, self.findings = sheet, findings
        self.merged = scan.merged.setdefault(sheet.name, [])
        self.formulas = scan.formulas.setdefault(sheet.name, [])
        self.cell, self.cells, self.text, self.is_formula = "", 0, "", False

    def walk(self, part: bytes) -> None:
        walk(part, name=self.sheet.part, start=self.start, end=self.end, text=self.take)

    def start(self, element: str, attributes: dict[str, str]) -> None:
        name = local(element)
        if name == "c":
            self.begin_cell(attribute(attributes, "r"))
        elif name in _FORMULAS:
            self.text, self.is_formula = "", True
            if name == "f" and self.cell:
                self.formulas.append(self.cell)
            if attributes.get("t") in ("array", "dataTable"):
                self.add(Fault.ACTIVE_PART, piece=attributes["t"])
        elif name == "mergeCell":
            self.merged.append(attribute(attributes, "ref"))

    def begin_cell(self, cell: str) -> None:
        self.cell, self.cells = cell, self.cells + 1
        row = _ROW.fullmatch(cell)
        if row is None:
            raise Refused(Fault.BAD_CELL, sheet=self.sheet.name, cell=cell[:12])
        if int(row[1]) > LAST_ROW:
            raise Refused(Fault.FAR_CELL, sheet=self.sheet.name, cell=cell)
        if self.cells > MOST_CELLS:
            raise Refused(Fault.TOO_COSTLY, sheet=self.sheet.name, cell=cell)

    def take(self, text: str) -> None:
        if self.is_formula:
            self.text += text

    def end(self, element: str) -> None:
        if local(element) in _FORMULAS:
            self.is_formula = False
            if draws_outside(self.text):
                self.add(Fault.EXTERNAL_LINK, piece=self.text)
        elif local(element) == "sheetData":
            self.cell = ""

    def add(self, fault: Fault, *, piece: str) -> None:
        self.findings.add(fault, sheet=self.sheet.name, cell=self.cell, piece=piece)


def _walk_names(part: bytes, scan: LayoutScan, findings: Findings, *, name: str) -> None:
    """Read the defined names; those that are not ours stay, unless they draw on something outside."""
    at: dict[str, Any] = {"name": None, "local": False, "text": ""}

    def start(element: str, attributes: dict[str, str]) -> None:
        if local(element) == "definedName":
            at["name"], at["text"] = attribute(attributes, "name"), ""
            at["local"] = "localSheetId" in attributes

    def take(text: str) -> None:
        at["text"] += text

    def end(element: str) -> None:
        if local(element) != "definedName" or at["name"] is None:
            return
        if draws_outside(at["text"]):
            findings.add(Fault.EXTERNAL_LINK, piece=f"{at['name']}: {at['text']}")
        elif at["name"].lower().startswith(PREFIX):
            scan.names.append((at["name"], at["text"], at["local"]))
        at["name"] = None

    walk(part, name=name, start=start, end=end, text=take)
