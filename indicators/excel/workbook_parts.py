"""What a workbook's own part says: which sheets there are, where they lie, how cells are shown.

Runs in the child process. Source: trust rule 19, cases T37 and T40.
"""

import posixpath
from dataclasses import dataclass

from indicators.excel.markup import attribute, local, walk
from indicators.excel.package import Package
from indicators.excel.refused import Refused
from indicators.workbook_rows import Fault

TYPES_PART, RELATIONS_PART = "[Content_Types].xml", "_rels/.rels"
_GENERAL = "General"
# The built-in formats that change how a number is read; every other one shows the number itself.
_BUILT_IN = {"9": "0%", "10": "0.00%"}
_MOST_FORMATS = 65_536


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet: its name, whether it is hidden, and the name of its part."""

    name: str
    is_hidden: bool
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookParts:
    """The parts that are read, and the number format of every style."""

    main: str
    relations: str
    sheets: list[SheetPart]
    strings: str
    styles: str
    formats: list[str]


def read_parts(package: Package) -> WorkbookParts:
    """Return the workbook's parts; Refused where it is no plain workbook."""
    if TYPES_PART not in package or RELATIONS_PART not in package:
        raise Refused(Fault.NOT_A_WORKBOOK)
    _check_types(package)
    main = _find_main(package)
    folder, file = posixpath.split(main)
    relations = posixpath.join(folder, "_rels", f"{file}.rels")
    targets = _read_relations(package, relations, folder)
    strings = _pick(targets, "/sharedStrings")
    styles = _pick(targets, "/styles")
    return WorkbookParts(
        main=main,
        relations=relations,
        sheets=_read_sheets(package, main, targets),
        strings=strings,
        styles=styles,
        formats=_read_formats(package, styles) if styles else [],
    )


def check_sheet_relations(package: Package, part: str) -> None:
    """Refuse a sheet that draws on anything outside but by a plain link in a cell."""
    folder, file = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{file}.rels")
    if relations in package:
        _read_relations(package, relations, folder)


def _check_types(package: Package) -> None:
    def start(_name: str, attributes: dict[str, str]) -> None:
        kind = attribute(attributes, "ContentType").lower()
        if "macroenabled" in kind or "vbaproject" in kind:
            raise Refused(Fault.MACROS, piece=attribute(attributes, "PartName"))

    walk(package.read(TYPES_PART), name=TYPES_PART, start=start)


def _find_main(package: Package) -> str:
    found = _pick(_read_relations(package, RELATIONS_PART, ""), "/officeDocument")
    if not found.lower().endswith("workbook.xml"):
        raise Refused(Fault.NOT_A_WORKBOOK, piece=found)
    return found


def _read_relations(package: Package, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Return (kind, part) by id; Refused for links to the outside, plain links in cells excepted."""
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if local(element) != "Relationship":
            return
        kind, target = attribute(attributes, "Type"), attribute(attributes, "Target")
        if attribute(attributes, "TargetMode").lower() == "external":
            if not kind.endswith("/hyperlink"):
                raise Refused(Fault.EXTERNAL_LINK, piece=target)
            return
        if kind.endswith(("/externalLink", "/externalLinkPath", "/attachedTemplate")):
            raise Refused(Fault.EXTERNAL_LINK, piece=target)
        place = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        key = attribute(attributes, "Id")
        if key in found or place.startswith(".."):
            raise Refused(Fault.BAD_PACKAGE, piece=f"{name}: {key}")
        found[key] = (kind, place)

    walk(package.read(name), name=name, start=start)
    return found


def _pick(targets: dict[str, tuple[str, str]], kind: str) -> str:
    """Return the part of a kind; empty for none, Refused for several."""
    places = [place for found, place in targets.values() if found.endswith(kind)]
    if len(places) > 1:
        raise Refused(Fault.BAD_PACKAGE, piece=", ".join(places))
    return places[0] if places else ""


def _read_sheets(package: Package, main: str, targets: dict[str, tuple[str, str]]) -> list[SheetPart]:
    sheets: list[SheetPart] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        name = local(element)
        if name == "sheet":
            kind, part = targets.get(attribute(attributes, "id"), ("", ""))
            title = attribute(attributes, "name")
            if not kind.endswith("/worksheet"):
                raise Refused(Fault.ACTIVE_PART if kind else Fault.DAMAGED, sheet=title, piece=title)
            state = attribute(attributes, "state") or "visible"
            sheets.append(SheetPart(title, state != "visible", part))
        elif name == "externalReference":
            raise Refused(Fault.EXTERNAL_LINK, piece=main)

    walk(package.read(main), name=main, start=start)
    parts = [sheet.part.lower() for sheet in sheets]
    if len(set(parts)) != len(parts):
        raise Refused(Fault.BAD_PACKAGE, piece=main)
    return sheets


def _read_formats(package: Package, part: str) -> list[str]:
    """Return the number format of every cell style, in the order in which cells name them."""
    given = dict(_BUILT_IN)
    used: list[str] = []
    inside = [False]

    def start(element: str, attributes: dict[str, str]) -> None:
        name = local(element)
        if name == "numFmt":
            given[attribute(attributes, "numFmtId")] = attribute(attributes, "formatCode")
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            used.append(attribute(attributes, "numFmtId"))
        if len(used) > _MOST_FORMATS or len(given) > _MOST_FORMATS:
            raise Refused(Fault.TOO_COSTLY, piece=part)

    def end(element: str) -> None:
        if local(element) == "cellXfs":
            inside[0] = False

    walk(package.read(part), name=part, start=start, end=end)
    return [given.get(number, _GENERAL) for number in used]
