"""PostgreSQL's binary COPY rows as numpy columns, there and back; nothing here knows what a column means.

A row is the number of its fields, then for each field its length and its bytes, all big-endian. As long as no field
varies in length the rows of a whole chunk are one structured array, decoded and encoded without a loop over rows.
Source: PostgreSQL manual, COPY, "Binary Format".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from django.db import models
from numpy.typing import NDArray

SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = -1
ROWS_AT_ONCE = 2048

Column = NDArray[Any]
Columns = dict[str, Column]

_KINDS = {
    "SmallIntegerField": "i2",
    "PositiveSmallIntegerField": "i2",
    "IntegerField": "i4",
    "BigIntegerField": "i8",
    "ForeignKey": "i8",
    "OneToOneField": "i8",
    "NarrowKey": "i4",
    "FloatField": "f8",
    "DateTimeField": "i8",  # microseconds since 2000-01-01 UTC
    "BooleanField": "i1",
}


@dataclass(frozen=True)
class Field:
    """One column: its name in the database, its numpy kind, and whether it may be null (floats only: NaN)."""

    name: str
    kind: str
    is_nullable: bool = False

    @property
    def size(self) -> int:
        """Bytes of a value."""
        return np.dtype(self.kind).itemsize

    @property
    def sql_type(self) -> str:
        """The column's type in the database, for casts of whole numbers."""
        return {"i2": "smallint", "i4": "integer", "i8": "bigint"}[self.kind]


@dataclass(frozen=True)
class RowFormat:
    """The fields of a row in the order of COPY."""

    fields: tuple[Field, ...]

    @classmethod
    def of(cls, *fields: tuple[str, str]) -> "RowFormat":
        """Return the format of (name, kind) pairs without nulls."""
        return cls(tuple(Field(name, kind) for name, kind in fields))

    @classmethod
    def of_model(cls, model: type[models.Model], *names: str) -> "RowFormat":
        """Return the format of a model's table, or of the named columns of it; TypeError for one without a fixed width.

        The order is the table's own.
        """
        found = []
        for field in model._meta.concrete_fields:
            if field.column is None or (names and field.column not in names):  # None: a composite primary key
                continue
            kind = _KINDS.get(field.get_internal_type())
            if kind is None or (field.null and kind != "f8"):
                raise TypeError(f"{model.__name__}.{field.name} has no fixed width.")
            found.append(Field(field.column, kind, is_nullable=field.null))
        return cls(tuple(found))

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(field.name for field in self.fields)

    def arrays(self, *names: str) -> str:
        """Return placeholders for `unnest`, one array for each of the named columns."""
        return ", ".join(f"%s::{field.sql_type}[]" for name in names for field in self.fields if field.name == name)

    @property
    def selection(self) -> str:
        """The columns for a SELECT whose answer has one width: null is read as NaN."""
        return ", ".join(
            f"COALESCE({field.name}, 'NaN') AS {field.name}" if field.is_nullable else field.name
            for field in self.fields
        )

    @property
    def listing(self) -> str:
        """The columns for a COPY … FROM."""
        return ", ".join(self.names)

    @cached_property
    def wire(self) -> np.dtype[np.void]:
        """One row as it travels when nothing is null."""
        parts: list[tuple[str, str]] = [("", ">i2")]
        for field in self.fields:
            parts += [(f"#{field.name}", ">i4"), (field.name, f">{field.kind}" if field.size > 1 else field.kind)]
        parts[0] = ("#", ">i2")
        return np.dtype(parts)

    def decode(self, data: bytes | memoryview) -> Columns:
        """Return the columns of a whole COPY answer, each (n,) in the machine's byte order.

        Raises ValueError if the answer has another width, e.g. because something in it is null.
        """
        body = memoryview(data)[len(SIGNATURE) : -len(TRAILER)]
        if len(body) % self.wire.itemsize:
            raise ValueError("The rows have not the width that their columns say.")
        rows = np.frombuffer(body, dtype=self.wire)
        if len(rows) and not (rows["#"] == len(self.fields)).all():
            raise ValueError("The rows have not the number of columns that was asked for.")
        return {field.name: rows[field.name].astype(field.kind) for field in self.fields}

    def without_empty(self, columns: Mapping[str, Column]) -> "RowFormat":
        """Return the format without the columns that are null in every row."""
        return RowFormat(tuple(f for f in self.fields if not (f.is_nullable and np.isnan(columns[f.name]).all())))

    def encode(self, columns: Mapping[str, Column]) -> Iterator[bytes]:
        """Yield the rows for COPY … FROM STDIN, signature and trailer included; NaN becomes null where that is allowed.

        Shapes: every column (n,). A few rows at a time, so that they stay in the processor's cache while column after
        column is laid into them: faster than all at once, and in little memory.
        """
        yield SIGNATURE
        for start in range(0, count(columns), ROWS_AT_ONCE):
            chunk = slice(start, start + ROWS_AT_ONCE)
            yield self._lay({name: columns[name][chunk] for name in self.names})
        yield TRAILER

    @cached_property
    def _frame(self) -> NDArray[np.void]:
        """One row with the number of its fields and their lengths."""
        frame = np.zeros(1, dtype=self.wire)
        frame["#"] = len(self.fields)
        for field in self.fields:
            frame[f"#{field.name}"] = field.size
        return frame

    def _lay(self, columns: Mapping[str, Column]) -> bytes:
        """Return the bytes of a few rows; a null has a length and nothing else."""
        rows = np.repeat(self._frame, count(columns))
        for name, column in columns.items():
            rows[name] = column
        unit = 2 if self.wire.itemsize % 2 == 0 else 1  # two bytes at a time: half the work
        words = rows.view(f"u{unit}").reshape(len(rows), -1)
        kept = None
        for field in self.fields:
            if field.is_nullable and (absent := np.isnan(columns[field.name])).any():
                kept = np.ones(words.shape, dtype=np.bool_) if kept is None else kept
                rows[f"#{field.name}"][absent] = NULL
                start = int(self.wire.fields[field.name][1]) // unit  # type: ignore[index]
                kept[:, start : start + 8 // unit] = ~absent[:, None]
        return (words if kept is None else words[kept]).tobytes()


def count(columns: Mapping[str, Column]) -> int:
    """Return the number of rows."""
    return len(next(iter(columns.values())))


def take(columns: Mapping[str, Column], rows: Column | slice) -> Columns:
    """Return some rows, by mask, positions or slice."""
    return {name: column[rows] for name, column in columns.items()}


def join(parts: list[Columns]) -> Columns:
    """Return the rows of all parts, one after the other; at least one part."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
