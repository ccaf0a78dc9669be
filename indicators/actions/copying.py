"""Writes by COPY: columns become rows of a table without a statement for each."""

from io import BytesIO
from typing import Any

from indicators.binary_rows import Columns, RowFormat, count

_READ_AT_ONCE = 1 << 20


def copy_in(cursor: Any, *, table: str, columns: Columns, row: RowFormat) -> int:
    """Add the rows to `table` and return their number; the caller's transaction decides whether they stay."""
    if count(columns):
        statement = f"COPY {table} ({row.listing}) FROM STDIN (FORMAT binary)"
        cursor.copy_expert(statement, BytesIO(row.encode(columns)), _READ_AT_ONCE)
    return count(columns)
