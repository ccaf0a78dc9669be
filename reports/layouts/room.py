"""Makes room in a sheet for the rows of a table, as a person does who inserts rows below its first one.

Whatever stands below moves down; formulas, names, merged cells, formats by condition and choices move with it, and a
range that holds the first row grows over the new ones. The new rows look like the first and repeat its formulas.
"""

import re
from copy import copy

from openpyxl import Workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula.tokenizer import Token, Tokenizer
from openpyxl.formula.translate import Translator
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.dimensions import RowDimension
from openpyxl.worksheet.worksheet import Worksheet

_CELL = r"(\$?[A-Z]{1,3}\$?)([0-9]{1,7})"
_ROWS = re.compile(r"(\$?)([0-9]{1,7}):(\$?)([0-9]{1,7})")
_ONE, _RANGE = re.compile(_CELL), re.compile(f"{_CELL}:{_CELL}")


def make_room(workbook: Workbook, sheet: Worksheet, *, row: int, extra: int) -> None:
    """Insert `extra` rows below `row`, counted from 1."""
    if extra <= 0:
        return
    heights = {number: copy(found) for number, found in sheet.row_dimensions.items() if number > row}
    sheet.insert_rows(row + 1, extra)
    _move_heights(sheet, heights, extra=extra)
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > row:
            merged.shift(row_shift=extra)
    for each in workbook.worksheets:
        _move_formulas(each, sheet.title, row=row, extra=extra)
    _move_names(workbook, sheet, row=row, extra=extra)
    _move_ranges(sheet, row=row, extra=extra)
    _repeat(sheet, row=row, extra=extra)


def shift_formula(formula: str, *, home: str, sheet: str, row: int, extra: int) -> str:
    """Return a formula (with `=`) of the sheet `home` after `extra` rows were inserted below `row` of `sheet`."""
    tokens = Tokenizer(formula)
    for token in tokens.items:
        if token.type == Token.OPERAND and token.subtype == Token.RANGE:
            token.value = _shift_operand(token.value, home=home, sheet=sheet, row=row, extra=extra)
    return "=" + "".join(token.value for token in tokens.items)


def _shift_operand(text: str, *, home: str, sheet: str, row: int, extra: int) -> str:
    prefix, mark, reference = text.rpartition("!")
    named = prefix.strip("'").replace("''", "'") if mark else home
    return prefix + mark + shift_reference(reference, row=row, extra=extra) if named == sheet else text


def shift_reference(text: str, *, row: int, extra: int) -> str:
    """Return a reference without its sheet after the insertion: what begins below moves, what holds `row` grows."""
    if match := _RANGE.fullmatch(text):
        first, last = int(match[2]), int(match[4])
        return f"{match[1]}{first + extra * (first > row)}:{match[3]}{last + extra * (last >= row)}"
    if match := _ROWS.fullmatch(text):
        first, last = int(match[2]), int(match[4])
        return f"{match[1]}{first + extra * (first > row)}:{match[3]}{last + extra * (last >= row)}"
    if match := _ONE.fullmatch(text):
        return f"{match[1]}{int(match[2]) + extra * (int(match[2]) > row)}"
    return text


def _move_heights(sheet: Worksheet, heights: dict[int, RowDimension], *, extra: int) -> None:
    for number in heights:
        del sheet.row_dimensions[number]
    for number, found in heights.items():
        found.index = number + extra
        sheet.row_dimensions[number + extra] = found


def _move_formulas(each: Worksheet, sheet: str, *, row: int, extra: int) -> None:
    for cells in each.iter_rows():
        for cell in cells:
            if cell.hyperlink is not None:
                cell.hyperlink.ref = cell.coordinate
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = shift_formula(cell.value, home=each.title, sheet=sheet, row=row, extra=extra)


def _move_names(workbook: Workbook, sheet: Worksheet, *, row: int, extra: int) -> None:
    for names in (workbook.defined_names, *(each.defined_names for each in workbook.worksheets)):
        for name in names.values():
            moved = shift_formula(f"={name.attr_text}", home="", sheet=sheet.title, row=row, extra=extra)
            name.attr_text = moved[1:]


def _move_ranges(sheet: Worksheet, *, row: int, extra: int) -> None:
    """Move formats by condition, choices, the printed area and the filter."""

    def move(ranges: MultiCellRange) -> MultiCellRange:
        return MultiCellRange([shift_reference(each.coord, row=row, extra=extra) for each in ranges.ranges])

    def moved(formula: str | None) -> str | None:
        if not formula:
            return formula
        return shift_formula(f"={formula}", home=sheet.title, sheet=sheet.title, row=row, extra=extra)[1:]

    formats = ConditionalFormattingList()
    for found in sheet.conditional_formatting:
        for rule in found.rules:
            rule.formula = [moved(formula) for formula in rule.formula]
            formats.add(str(move(found.sqref)), rule)
    sheet.conditional_formatting = formats
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = move(validation.sqref)
        validation.formula1, validation.formula2 = moved(validation.formula1), moved(validation.formula2)
    if sheet.print_area:
        areas = [area.rpartition("!")[2] for area in sheet.print_area.split(",")]
        sheet.print_area = ",".join(shift_reference(area.replace("$", ""), row=row, extra=extra) for area in areas)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = shift_reference(sheet.auto_filter.ref, row=row, extra=extra)


def _repeat(sheet: Worksheet, *, row: int, extra: int) -> None:
    height = sheet.row_dimensions[row].height if row in sheet.row_dimensions else None
    first = [cell for cell in sheet[row] if not isinstance(cell, MergedCell)]
    for number in range(row + 1, row + extra + 1):
        if height is not None:
            sheet.row_dimensions[number].height = height
        for source in first:
            if not source.has_style and source.value is None:
                continue
            cell = sheet.cell(number, source.column)
            cell._style = copy(source._style)
            cell.value = source.value
            if source.data_type == "f" and isinstance(source.value, str):
                cell.value = Translator(source.value, origin=source.coordinate).translate_formula(cell.coordinate)
            else:
                cell.data_type = source.data_type
