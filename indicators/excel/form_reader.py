"""Reads a returned form: values by cell in, rows of figures and findings by cell out. No database, no file.

Every difference from what was given out is either an entry or a finding; nothing is passed over. Source: product.md
“Entry”; trust rules 17 and 19, cases T40 to T42.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from indicators.engine.number_cells import read_cell
from indicators.engine.number_refusals import Refusal
from indicators.engine.numbers import NumberRead, NumberUnit
from indicators.excel.form_record import NotAForm, read_record, write_text
from indicators.excel.guard import Sheets, read_workbook
from indicators.excel.layout import (
    CHOICE,
    COUNTS,
    EXPLANATION_LENGTH,
    FIRST_ROW,
    HEADER_ROW,
    INPUTS,
    LAST_COLUMN,
    LOCKED,
    NO,
    NUMBERS,
    YES,
    Column,
    Form,
    GivenRow,
)
from indicators.excel.places import name_cell
from indicators.excel.seal import clean
from indicators.workbook_rows import Fault, Finding, FormRead, FormRow

_FOLDED = str.maketrans("０１ＹＥＳＮＯｙｅｓｎｏ", "01YESNOyesno")


def read_form(content: bytes) -> FormRead:
    """Return the form in the bytes of a workbook, or the findings because of which it is refused."""
    return read_sheets(read_workbook(content))


def read_sheets(sheets: Sheets) -> FormRead:
    """Return the form in values that the guard let through."""
    if not sheets.record:
        return FormRead(sheet=sheets.sheet, findings=sheets.findings or (Finding(fault=Fault.NOT_OUR_FORM),))
    try:
        form = read_record(sheets.record)
    except NotAForm as other:
        return FormRead(sheet=sheets.sheet, findings=(*sheets.findings, other.finding))
    reader = _FormReader(form, sheets)
    rows = tuple(reader.read())
    return FormRead(
        submission_id=form.submission_id,
        quarter=form.quarter,
        sheet=sheets.sheet,
        issued=form.issued,
        rows=rows,
        findings=(*sheets.findings, *reader.findings),
    )


class _FormReader:
    """Goes through the form's rows and collects findings."""

    def __init__(self, form: Form, sheets: Sheets) -> None:
        self.findings: list[Finding] = []
        self._form, self._sheets = form, sheets
        # What the scan already named is not named again for its empty value.
        self._named = {finding.cell for finding in sheets.findings if finding.sheet == sheets.sheet}

    def read(self) -> Iterator[FormRow]:
        """Yield the rows that could be read; the findings are complete when it ends."""
        self._check_head()
        given = {row.key: row for row in self._form.rows}
        seen: dict[str, int] = {}
        for number in range(FIRST_ROW, len(self._sheets.form) + 1):
            if not any(value != "" for value in self._sheets.form[number - 1]):
                continue
            self._check_outside(number)
            key = self._text(number, Column.KEY.number)
            if key in given and key not in seen:
                seen[key] = number
                yield self._read_row(given[key], number)
            elif key in seen:
                self._add(Fault.DUPLICATE_ROW, number, Column.INDICATOR, expected=str(seen[key]))
            elif self._is_filled(number):
                column = next(c for c in range(1, LAST_COLUMN.number + 1) if self._text(number, c))
                self._add(Fault.FOREIGN_ROW, number, column, piece=self._text(number, column))
        for key in (key for key in given if key not in seen):
            self._add(Fault.ROW_MISSING, self._last_row(seen), Column.INDICATOR, piece=given[key].locked[0])

    def _last_row(self, seen: dict[str, int]) -> int:
        return max(seen.values(), default=HEADER_ROW) + 1

    def _check_head(self) -> None:
        """Hold the title and the header to what was given out; a header that stands elsewhere has moved."""
        for number, texts in enumerate(self._form.head, start=1):
            for column, expected in enumerate(texts, start=1):
                there = self._text(number, column)
                if there != clean(expected):
                    fault = Fault.HEADER_MOVED if number == HEADER_ROW else Fault.ALTERED
                    self._add(fault, number, column, piece=there, expected=clean(expected))
            self._check_outside(number)

    def _check_outside(self, number: int) -> None:
        row = self._sheets.form[number - 1] if number <= len(self._sheets.form) else []
        for column in range(LAST_COLUMN.number + 1, len(row) + 1):
            if text := self._text(number, column):
                self._add(Fault.OUTSIDE, number, column, piece=text)

    def _read_row(self, given: GivenRow, number: int) -> FormRow:
        for column, expected in zip(LOCKED, given.locked, strict=True):
            there = self._text(number, column.number)
            if there != clean(expected):
                self._add(Fault.ALTERED, number, column, piece=there, expected=clean(expected))
        numbers = {column: self._read_number(given, number, column) for column in NUMBERS}
        nothing = self._read_nothing(given, number)
        explanation = self._read_explanation(number)
        if nothing and any(value is not None for value in numbers.values()):
            self._add(Fault.NOTHING_WITH_FIGURES, number, Column.NOTHING)
        before = (*map(_plain, given.numbers), given.nothing_occurred, clean(given.explanation))
        now = (*(numbers[column] for column in NUMBERS), nothing, explanation)
        if given.is_closed and now != before:
            column = next(c for c, a, b in zip(INPUTS, now, before, strict=True) if a != b)
            self._add(Fault.NOT_FOR_THIS, number, column, piece=self._text(number, column.number))
        return FormRow(
            series_id=given.series_id,
            row=number,
            version=given.version,
            numerator=numbers[Column.NUMERATOR],
            denominator=numbers[Column.DENOMINATOR],
            value=numbers[Column.VALUE],
            nothing_occurred=nothing,
            explanation=explanation,
            is_touched=now != before,
        )

    def _read_number(self, given: GivenRow, number: int, column: Column) -> Decimal | None:
        cell = f"{column.value}{number}"
        value, unit = self._value(number, column.number), given.units[NUMBERS.index(column)]
        if cell in self._named or value == "":
            return None
        if not unit:
            if self._text(number, column.number):
                self._add(Fault.NOT_FOR_THIS, number, column, piece=self._text(number, column.number))
            return None
        if unit == CHOICE:
            return self._read_choice(number, column)
        read = _read_number(value, self._sheets.shown.get(cell, "General"), NumberUnit(unit))
        if read.refusal:
            self._add(Fault.NUMBER, number, column, piece=read.piece.strip(), number_code=int(read.refusal))
        elif read.value is not None and read.value < 0 and column in COUNTS:
            self._add(Fault.OUT_OF_RANGE, number, column, piece=self._text(number, column.number))
        return read.value

    def _read_choice(self, number: int, column: Column) -> Decimal | None:
        text = self._text(number, column.number).translate(_FOLDED).lower()
        if text in YES:
            return Decimal(1)
        if text in NO[1:]:
            return Decimal(0)
        if text:
            self._add(Fault.NOT_YES, number, column, piece=self._text(number, column.number))
        return None

    def _read_nothing(self, given: GivenRow, number: int) -> bool:
        there = self._text(number, Column.NOTHING.number)
        text = there.translate(_FOLDED).lower()
        if text in NO:
            return False
        if not given.may_be_nothing:
            self._add(Fault.NOT_FOR_THIS, number, Column.NOTHING, piece=there)
        elif text not in YES:
            self._add(Fault.NOT_YES, number, Column.NOTHING, piece=there)
        return text in YES

    def _read_explanation(self, number: int) -> str:
        text = self._text(number, Column.EXPLANATION.number)
        if len(text) > EXPLANATION_LENGTH:
            self._add(Fault.TEXT_TOO_LONG, number, Column.EXPLANATION, expected=str(EXPLANATION_LENGTH))
        return text

    def _value(self, number: int, column: int) -> Any:
        rows = self._sheets.form
        return rows[number - 1][column - 1] if number <= len(rows) and column <= len(rows[number - 1]) else ""

    def _text(self, number: int, column: int) -> str:
        return write_text(self._value(number, column))

    def _is_filled(self, number: int) -> bool:
        return any(self._text(number, column) for column in range(1, LAST_COLUMN.number + 1))

    def _add(self, fault: Fault, row: int, column: Column | int, **more: Any) -> None:
        column = column.number if isinstance(column, Column) else column
        if (cell := name_cell(row, column)) not in self._named:
            self.findings.append(Finding(fault=fault, sheet=self._sheets.sheet, cell=cell, **more))


def _read_number(value: Any, number_format: str, unit: NumberUnit) -> NumberRead:
    if isinstance(value, dict):
        return NumberRead(refusal=Refusal.NOT_NUMERIC_CELL, piece=str(value.get("date", "")))
    return read_cell(value, number_format=number_format, unit=unit)


def _plain(text: str) -> Decimal | None:
    """Return a number as it was given out; what was given out as text fits, for it came from the database."""
    return Decimal(text) if text else None
