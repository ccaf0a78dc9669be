"""The one way by which a scan of a workbook ends early."""

from indicators.workbook_rows import Fault, Finding

MOST_FINDINGS = 100


class Refused(Exception):
    """The workbook is refused here and now; nothing further is read."""

    def __init__(self, fault: Fault, *, sheet: str = "", cell: str = "", piece: str = "") -> None:
        super().__init__(fault)
        self.finding = Finding(fault=fault, sheet=sheet, cell=cell, piece=piece[:200])


class Findings:
    """The findings of a scan; the hundredth ends it."""

    def __init__(self) -> None:
        self.found: list[Finding] = []

    def add(self, fault: Fault, *, sheet: str = "", cell: str = "", piece: str = "") -> None:
        """Keep a finding; Refused when there are too many to go on."""
        self.found.append(Finding(fault=fault, sheet=sheet, cell=cell, piece=piece[:200]))
        if len(self.found) >= MOST_FINDINGS:
            raise TooMany


class TooMany(Exception):
    """There are so many findings that further ones help nobody."""
