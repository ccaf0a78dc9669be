"""Reads the hidden sheet back: what the form was given out with, and whether its seal is whole."""

from typing import Any

from indicators.excel.layout import FORM_MARK, FORM_VERSION, LINE, RECORD_SHEET, ROW, Fact, Form, GivenRow
from indicators.excel.seal import clean, is_sealed
from indicators.workbook_rows import Fault, Finding


class NotAForm(Exception):
    """The hidden sheet is not one of ours, or not as it was given out."""

    def __init__(self, fault: Fault, *, cell: str = "A1", piece: str = "", expected: str = "") -> None:
        super().__init__(fault)
        self.finding = Finding(fault=fault, sheet=RECORD_SHEET, cell=cell, piece=piece, expected=expected)


def read_record(record: list[list[Any]]) -> Form:
    """Return the form as given out; NotAForm for another one, an unknown version or a broken seal."""
    lines = [_trim([write_text(value) for value in line]) for line in record]
    first = lines[0] if lines else []
    if not first or first[0] != FORM_MARK:
        raise NotAForm(Fault.NOT_OUR_FORM)
    if first[1:] != [FORM_VERSION]:
        raise NotAForm(Fault.UNKNOWN_VERSION, cell="B1", piece=" ".join(first[1:]), expected=FORM_VERSION)
    try:
        form, seal = _read_lines(lines[1:])
    except (ValueError, KeyError) as error:
        raise NotAForm(Fault.SEAL_BROKEN) from error
    if not is_sealed(form, seal):
        raise NotAForm(Fault.SEAL_BROKEN)
    return form


def _read_lines(lines: list[list[str]]) -> tuple[Form, str]:
    """Return the form and its seal; ValueError or KeyError for lines that were never written so."""
    facts: dict[str, str] = {}
    head: list[tuple[str, ...]] = []
    rows: list[GivenRow] = []
    for line in lines:
        kind = line[0] if line else ""
        if kind == LINE:
            head.append(tuple(_fill(line[1:], 13)))
        elif kind == ROW:
            rows.append(GivenRow.read(_fill(line, 20)))
        else:
            name, text = _fill(line, 2)
            if Fact(name) in facts:
                raise ValueError(name)
            facts[Fact(name)] = text
    form = Form(
        submission_id=int(facts[Fact.SUBMISSION]),
        quarter=facts[Fact.QUARTER],
        language=facts[Fact.LANGUAGE],
        issued=facts[Fact.ISSUED],
        sheet=facts[Fact.SHEET],
        head=tuple(head),
        rows=tuple(rows),
    )
    return form, facts[Fact.SEAL]


def write_text(value: Any) -> str:
    """Return a cell's value as the text that a person sees, cleaned; whole numbers without a point."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dict):  # a date
        return str(value.get("date", ""))
    return clean(str(value))


def _trim(line: list[str]) -> list[str]:
    while line and not line[-1]:
        line.pop()
    return line


def _fill(line: list[str], length: int) -> list[str]:
    """Return the line with the empty cells at its end back in place; ValueError for one that is too long."""
    if len(line) > length:
        raise ValueError(line[:2])
    return line + [""] * (length - len(line))
