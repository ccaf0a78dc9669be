"""Names of cells: D7 from row and column and back."""

import re

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def name_column(number: int) -> str:
    """Return the letters of a column counted from 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def name_cell(row: int, column: int) -> str:
    """Return the name of a cell, both counted from 1."""
    return f"{name_column(column)}{row}"


def read_cell_name(name: str) -> tuple[int, int] | None:
    """Return row and column of a name like D7; None for anything else."""
    match = _CELL.fullmatch(name)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
