"""Reads by COPY: many rows as columns, in one snapshot of the database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from indicators.binary_rows import Columns, RowFormat

POSTGRES_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def copy_out(cursor: Any, *, query: str, params: Sequence[object] = (), row: RowFormat) -> Columns:
    """Return the answer to `query` as columns in the order and kinds of `row`; ValueError if it has another shape."""
    buffer = BytesIO()
    text = cursor.mogrify(query, params).decode()
    cursor.copy_expert(f"COPY ({text}) TO STDOUT (FORMAT binary)", buffer)
    return row.decode(buffer.getbuffer())


def copy_rows(rows: QuerySet[Any], *names: str) -> Columns:
    """Return the named columns of a queryset's rows, (n,) each and in no order; null is NaN. One query."""
    row = RowFormat.of_model(rows.model, *names)
    try:
        query, params = rows.select_related(None).order_by().values_list(*names).query.sql_with_params()
    except EmptyResultSet:
        return {field.name: np.empty(0, dtype=field.kind) for field in row.fields}
    with connection.cursor() as cursor:
        return copy_out(cursor, query=f"SELECT {row.selection} FROM ({query}) AS found", params=params, row=row)  # noqa: S608


@contextmanager
def snapshot() -> Iterator[Any]:
    """Yield a cursor of a transaction that reads everything as it was at one instant, and writes nothing.

    Inside another transaction it reads as that one does, for the sake of what that one has not committed yet.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if is_outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield cursor


def in_microseconds(instant: datetime) -> int:
    """Return the instant as the database sends it: microseconds since 2000-01-01 UTC."""
    return (instant - POSTGRES_EPOCH) // timedelta(microseconds=1)
