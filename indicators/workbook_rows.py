"""What comes back with a workbook: rows of figures and findings, as plain values that can be stored as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self


class Fault(StrEnum):
    """Why a workbook is refused; the codes are stored, the words are in `workbook_words`."""

    # The file as such.
    EMPTY_FILE = "empty_file"
    TOO_BIG = "too_big"
    NOT_A_WORKBOOK = "not_a_workbook"
    ENCRYPTED = "encrypted"
    OLD_FORMAT = "old_format"
    DAMAGED = "damaged"
    TOO_COSTLY = "too_costly"
    MACROS = "macros"
    ACTIVE_PART = "active_part"
    EXTERNAL_LINK = "external_link"
    DOCTYPE = "doctype"
    BAD_PACKAGE = "bad_package"
    # Sheets and cells.
    EXTRA_SHEET = "extra_sheet"
    SHEET_MISSING = "sheet_missing"
    HIDDEN_SHEET = "hidden_sheet"
    HIDDEN_ROW = "hidden_row"
    HIDDEN_COLUMN = "hidden_column"
    MERGED = "merged"
    FORMULA = "formula"
    ERROR_VALUE = "error_value"
    DUPLICATE_CELL = "duplicate_cell"
    FAR_CELL = "far_cell"
    BAD_CELL = "bad_cell"
    # The form.
    NOT_OUR_FORM = "not_our_form"
    UNKNOWN_VERSION = "unknown_version"
    SEAL_BROKEN = "seal_broken"
    ALTERED = "altered"
    HEADER_MOVED = "header_moved"
    FOREIGN_ROW = "foreign_row"
    DUPLICATE_ROW = "duplicate_row"
    ROW_MISSING = "row_missing"
    OUTSIDE = "outside"
    NOT_FOR_THIS = "not_for_this"
    NOT_YES = "not_yes"
    NOTHING_WITH_FIGURES = "nothing_with_figures"
    TEXT_TOO_LONG = "text_too_long"
    NUMBER = "number"
    OUT_OF_RANGE = "out_of_range"
    # The form in the database.
    OTHER_FORM = "other_form"
    UNKNOWN_FORM = "unknown_form"
    CHANGED_FORM = "changed_form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One reason for refusing a workbook, with its place. `piece` is what offends, `expected` what should be there.

    `number_code` is the parser's code where `fault` is NUMBER. `cell` is written like D7, a row like 7, a
    column like D.
    """

    fault: Fault
    sheet: str = ""
    cell: str = ""
    piece: str = ""
    expected: str = ""
    number_code: int = 0

    def dump(self) -> dict[str, Any]:
        """Return the finding as JSON."""
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """Return the finding that was dumped."""
        return cls(**{**stored, "fault": Fault(stored["fault"])})


_NUMBERS = ("value", "numerator", "denominator")


@dataclass(slots=True, kw_only=True)
class FormRow:
    """One series as it came back, at `row` of the sheet. Units: the indicator's; numerator and denominator are counts.

    `is_touched` says whether anything differs from what the form was given out with; `version` is the figure's
    version at that time, 0 where there was none.
    """

    series_id: int
    row: int
    version: int = 0
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    nothing_occurred: bool = False
    explanation: str = ""
    is_touched: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is reported."""
        return self.value is None and self.numerator is None and self.denominator is None and not self.nothing_occurred

    def dump(self) -> dict[str, Any]:
        """Return the row as JSON, numbers as text."""
        numbers = {name: _text(getattr(self, name)) for name in _NUMBERS}
        return {**asdict(self), **numbers}

    @classmethod
    def load(cls, stored: Mapping[str, Any]) -> Self:
        """Return the row that was dumped."""
        numbers = {name: None if stored[name] is None else Decimal(stored[name]) for name in _NUMBERS}
        return cls(**{**stored, **numbers})


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRead:
    """A workbook read as a form. `submission_id` is 0 where the file does not say whose it is.

    `rows` are complete only without findings; `sheet` is the name of the sheet that people fill in.
    """

    submission_id: int = 0
    quarter: str = ""
    sheet: str = ""
    issued: str = ""
    rows: tuple[FormRow, ...] = ()
    findings: tuple[Finding, ...] = field(default_factory=tuple)


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"
