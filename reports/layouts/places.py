"""Where the names of a layout stand, and what speaks against it: pure, from what the scan has read.

Every problem is named by its name and cell. Source: issue 6, part 1.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Self

from openpyxl.utils import column_index_from_string
from openpyxl.utils.cell import range_boundaries

from reports.layouts.vocabulary import NAMED_BY, REQUIRED, WORDS

LAST_ROW = 5000
"""A layout is a form, not a data set; below this row nothing is filled."""

_REFERENCE = re.compile(
    r"('(?:[^']|'')+'|[^'!\[\]]+)!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)


class NameFault(StrEnum):
    """Why a name is refused; the sentences are in `reports.layout_words`."""

    UNKNOWN = "unknown"
    MISSING = "missing"
    LOCAL = "local"
    BAD_PLACE = "bad_place"
    OVERLAP = "overlap"
    SCATTERED = "scattered"
    MERGED = "merged"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFinding:
    """One problem. `sheet` and `cell` are empty for a name that is missing; `other` is what it collides with."""

    fault: NameFault
    name: str
    sheet: str = ""
    cell: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A known name and its cell; row and column count from 1."""

    name: str
    sheet: str
    row: int
    column: int
    cell: str

    def dump(self) -> dict[str, Any]:
        """Return the place as JSON."""
        return asdict(self)

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        """Return the place that was dumped."""
        return cls(**stored)


@dataclass(slots=True, kw_only=True)
class LayoutScan:
    """What the scan of a layout's parts found: (name, reference, whether of one sheet only) in the file's order.

    `merged` are ranges and `formulas` cells, both by sheet. `is_whole` where every part was looked over.
    """

    names: list[tuple[str, str, bool]] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    merged: dict[str, list[str]] = field(default_factory=dict)
    formulas: dict[str, list[str]] = field(default_factory=dict)
    is_whole: bool = False


def find_places(scan: LayoutScan) -> tuple[list[Place], list[NameFinding]]:
    """Return the known names with their cells, in the order of the vocabulary, and every problem."""
    places: dict[str, Place] = {}
    findings: list[NameFinding] = []
    for given, reference, is_local in scan.names:
        name = given.lower()
        found = _read(name, reference, is_local, scan)
        if isinstance(found, NameFinding):
            findings.append(found)
        elif name in places:
            findings.append(_tell(NameFault.OVERLAP, found, other=name))
        else:
            places[name] = found
    ordered = [places[name] for name in WORDS if name in places]
    findings += [*_check_missing(places), *_check_blocks(ordered), *_check_cells(ordered, scan)]
    return ordered, findings


def _read(name: str, reference: str, is_local: bool, scan: LayoutScan) -> Place | NameFinding:
    match = _REFERENCE.fullmatch(reference.strip())
    sheet = match[1].strip("'").replace("''", "'") if match else ""
    cell = f"{match[2]}{match[3]}" if match else reference[:60]
    if name not in WORDS:
        close = get_close_matches(name, WORDS, n=1, cutoff=0.6)
        return NameFinding(fault=NameFault.UNKNOWN, name=name, sheet=sheet, cell=cell, other=close[0] if close else "")
    if is_local:
        return NameFinding(fault=NameFault.LOCAL, name=name, sheet=sheet, cell=cell)
    if match is None or sheet not in scan.sheets or not 1 <= int(match[3]) <= LAST_ROW:
        return NameFinding(fault=NameFault.BAD_PLACE, name=name, sheet=sheet, cell=cell)
    if match[4] and f"{cell}:{match[4]}{match[5]}" not in {cell + ":" + cell, *scan.merged.get(sheet, ())}:
        return NameFinding(fault=NameFault.BAD_PLACE, name=name, sheet=sheet, cell=cell)
    column = column_index_from_string(match[2])
    return Place(name=name, sheet=sheet, row=int(match[3]), column=column, cell=cell)


def _check_missing(places: dict[str, Place]) -> Iterable[NameFinding]:
    used = {WORDS[name].block for name in places}
    wanted = [*REQUIRED, *(name for block, name in NAMED_BY.items() if block in used)]
    return [NameFinding(fault=NameFault.MISSING, name=name) for name in wanted if name not in places]


def _check_blocks(places: Sequence[Place]) -> Iterable[NameFinding]:
    """Yield what stands outside its block's row, and what shares the row of another block, or its cell."""
    first: dict[str, Place] = {}
    for place in places:
        block = WORDS[place.name].block
        head = first.setdefault(block, place)
        if block and (place.sheet, place.row) != (head.sheet, head.row):
            yield _tell(NameFault.SCATTERED, place, other=f"{head.name} {head.sheet}!{head.cell}")
    owners = {(head.sheet, head.row): block for block, head in first.items() if block}
    seen: dict[tuple[str, str], str] = {}
    for place in places:
        block, row = WORDS[place.name].block, (place.sheet, place.row)
        if (place.sheet, place.cell) in seen:
            yield _tell(NameFault.OVERLAP, place, other=seen[place.sheet, place.cell])
        elif row in owners and owners[row] != block:
            yield _tell(NameFault.OVERLAP, place, other=first[owners[row]].name)
        seen.setdefault((place.sheet, place.cell), place.name)


def _check_cells(places: Sequence[Place], scan: LayoutScan) -> Iterable[NameFinding]:
    """Yield names on a formula, inside a merged cell, and in a row of a block that merged cells touch."""
    for place in places:
        if place.cell in scan.formulas.get(place.sheet, ()):
            yield _tell(NameFault.FORMULA, place)
        for text in scan.merged.get(place.sheet, ()):
            left, top, right, bottom = range_boundaries(text)
            is_inside = left <= place.column <= right and top <= place.row <= bottom
            is_head = (left, top) == (place.column, place.row)
            in_row = bool(WORDS[place.name].block) and top <= place.row <= bottom
            if in_row or (is_inside and not is_head):
                yield _tell(NameFault.MERGED, place, other=text)


def _tell(fault: NameFault, place: Place, *, other: str = "") -> NameFinding:
    return NameFinding(fault=fault, name=place.name, sheet=place.sheet, cell=place.cell, other=other)
