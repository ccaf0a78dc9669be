"""Writes by COPY: columns become rows of a table without a statement for each."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import Any

from django.db import connection, models

from indicators.binary_rows import Columns, RowFormat, count

_READ_AT_ONCE = 1 << 20
NULL_TEXT = "\\N"


def copy_in(cursor: Any, *, table: str, columns: Columns, row: RowFormat) -> int:
    """Add the rows to `table` and return their number; the caller's transaction decides whether they stay."""
    if count(columns):
        kept = row.without_empty(columns)
        statement = f"COPY {table} ({kept.listing}) FROM STDIN (FORMAT binary)"
        cursor.copy_expert(statement, _Stream(kept.encode(columns)), _READ_AT_ONCE)
    return count(columns)


class _Stream:
    """Chunks of bytes as the file that the driver reads; each is smaller than what the driver asks for."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int) -> bytes:
        """Return the next chunk, nothing at the end."""
        return next(self._chunks, b"")


def copy_text(model: type[models.Model], *, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Add rows of any width to the model's table; None becomes null, everything else its text.

    For first loads of many rows. Columns that are not named take the database's default, so name every field
    whose default is only known to Django.
    """
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [NULL_TEXT if value is None else value for value in row] for row in rows
    )
    text.seek(0)
    named = {field.name: field.column or "" for field in model._meta.concrete_fields}
    columns = ", ".join(named[field] for field in fields)
    with connection.cursor() as cursor:
        statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN (FORMAT csv, NULL '{NULL_TEXT}')"
        cursor.copy_expert(statement, text)
