"""The door for layouts: size and first bytes here, everything else in a child process, as for returned forms."""

import json
from dataclasses import dataclass

from indicators.excel.guard import ask_child, check_outside
from indicators.workbook_rows import Finding
from reports.layouts.places import NameFault, NameFinding, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutRead:
    """What a layout holds; `places` are all there only where nothing speaks against it."""

    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()
    faults: tuple[NameFinding, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether it can be put in use."""
        return not self.findings and not self.faults


def read_layout(content: bytes) -> LayoutRead:
    """Return the names of a layout from outside, or what speaks against it; never raises for a bad file."""
    finding = check_outside(content)
    if finding is not None:
        return LayoutRead(findings=(finding,))
    answer = ask_child(content, module="reports.layouts.child")
    if isinstance(answer, Finding):
        return LayoutRead(findings=(answer,))
    told = json.loads(answer)
    return LayoutRead(
        places=tuple(Place.load(stored) for stored in told["places"]),
        findings=tuple(Finding.load(stored) for stored in told["findings"]),
        faults=tuple(
            NameFinding(fault=NameFault(fault), name=name, sheet=sheet, cell=cell, other=other)
            for fault, name, sheet, cell, other in told["faults"]
        ),
    )
