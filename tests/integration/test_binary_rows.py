"""PostgreSQL's binary rows: there and back, nulls, and answers of another shape (no database but the last tests)."""

import struct
from datetime import UTC, datetime

import numpy as np
import pytest
from django.db import connection, transaction

from indicators.actions.copying import copy_in
from indicators.binary_rows import ROWS_AT_ONCE, SIGNATURE, TRAILER, Field, RowFormat, count, join, take
from indicators.engine.target import Rating
from indicators.models import Attainment, RecomputeRequest, RollUp
from indicators.selectors.copying import copy_out, copy_rows, in_microseconds, snapshot
from reports.models import PublishedResult
from tests.builders import fill, make_world

ROW = RowFormat((Field("a", "i8"), Field("b", "f8", is_nullable=True), Field("c", "i2"), Field("d", "i1")))
EVEN = RowFormat((Field("a", "i8"), Field("b", "f8", is_nullable=True), Field("c", "i2")))
COLUMNS = {
    "a": np.array([1, -2, 2**62]),
    "b": np.array([0.5, np.nan, -1e300]),
    "c": np.array([3, -4, 5], dtype=np.int16),
    "d": np.array([1, 0, 1], dtype=np.int8),
}


def spell(*rows):
    """Return rows written by the manual, field by field."""
    body = b""
    for row in rows:
        body += struct.pack(">h", len(row))
        for kind, value in row:
            body += struct.pack(">i", -1) if value is None else struct.pack(f">i{kind}", struct.calcsize(kind), value)
    return SIGNATURE + body + TRAILER


def test_rows_are_spelled_as_the_manual_says():
    a, b, c, d = ("q", "d", "h", "b")
    expected = spell(
        ((a, 1), (b, 0.5), (c, 3), (d, 1)),
        ((a, -2), (b, None), (c, -4), (d, 0)),
        ((a, 2**62), (b, -1e300), (c, 5), (d, 1)),
    )
    assert b"".join(ROW.encode(COLUMNS)) == expected


def test_rows_of_even_width_take_the_faster_way_to_the_same():
    three = {name: COLUMNS[name] for name in "abc"}
    expected = spell(
        (("q", 1), ("d", 0.5), ("h", 3)), (("q", -2), ("d", None), ("h", -4)), (("q", 2**62), ("d", -1e300), ("h", 5))
    )
    assert b"".join(EVEN.encode(three)) == expected


@pytest.mark.parametrize("row", [ROW, EVEN])
def test_what_has_no_null_comes_back_as_it_was(row):
    columns = {name: COLUMNS[name][[0, 2]] for name in row.names}
    back = row.decode(b"".join(row.encode(columns)))
    for name in row.names:
        assert back[name].tolist() == columns[name].tolist()
        assert back[name].dtype.isnative


def test_no_row_is_an_answer_too():
    assert count(ROW.decode(SIGNATURE + TRAILER)) == 0
    assert b"".join(ROW.encode({name: column[:0] for name, column in COLUMNS.items()})) == SIGNATURE + TRAILER


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (spell((("q", 1), ("d", None), ("h", 3), ("b", 1))), "width"),
        (spell((("q", 1), ("d", 2.0))), "width"),
    ],
)
def test_an_answer_of_another_shape_is_refused(answer, sentence):
    with pytest.raises(ValueError, match=sentence):
        ROW.decode(answer)


def test_a_table_with_texts_has_no_fixed_width():
    with pytest.raises(TypeError, match="RecomputeRequest"):
        RowFormat.of_model(RecomputeRequest)


def test_formats_follow_the_tables():
    assert {field.name for field in RowFormat.of_model(RollUp).fields} == {
        field.column for field in RollUp._meta.concrete_fields if field.column
    }
    nullable = {field.name for field in RowFormat.of_model(Attainment).fields if field.is_nullable}
    assert {"ratio", "measured", "reference"} <= nullable
    assert "weight" not in nullable


def test_a_column_that_is_null_throughout_is_not_sent():
    columns = COLUMNS | {"b": np.full(3, np.nan)}
    assert ROW.without_empty(columns).names == ("a", "c", "d")
    assert ROW.without_empty(COLUMNS).names == ROW.names


def test_many_rows_are_the_same_as_few_times_few():
    n = 2 * ROWS_AT_ONCE + 1
    columns = {"a": np.arange(n), "b": np.where(np.arange(n) % 3, 1.5, np.nan), "c": np.ones(n, dtype=np.int16)}
    whole = b"".join(EVEN.encode(columns))
    parts = [b"".join(EVEN.encode(take(columns, slice(at, at + 1)))) for at in range(n)]
    assert whole == SIGNATURE + b"".join(part[len(SIGNATURE) : -len(TRAILER)] for part in parts) + TRAILER


def test_columns_are_taken_and_joined():
    picked = take(COLUMNS, np.array([True, False, True]))
    assert picked["a"].tolist() == [1, 2**62]
    assert join([picked, picked])["c"].tolist() == [3, 5, 3, 5]


@pytest.mark.django_db
def test_the_database_takes_and_gives_the_same_rows():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (a bigint, b float8, c smallint, d boolean) ON COMMIT DROP")
        assert copy_in(cursor, table="t", columns=COLUMNS, row=ROW) == 3
        assert copy_in(cursor, table="t", columns={name: c[:0] for name, c in COLUMNS.items()}, row=ROW) == 0
        cursor.execute("SELECT a, b, c, d FROM t ORDER BY a")
        assert cursor.fetchall() == [(-2, None, -4, False), (1, 0.5, 3, True), (2**62, -1e300, 5, True)]
        query = f"SELECT {ROW.selection} FROM t WHERE c <> %s"  # noqa: S608  fixed names
        back = copy_out(cursor, query=query, params=[-4], row=ROW)
        assert back["a"].tolist() == [1, 2**62]


@pytest.mark.django_db
def test_times_are_sent_as_the_database_counts_them():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (at timestamptz) ON COMMIT DROP")
        instant = datetime(2026, 11, 25, 8, 30, 0, 123456, tzinfo=UTC)
        row = RowFormat.of(("at", "i8"))
        copy_in(cursor, table="t", columns={"at": np.array([in_microseconds(instant)])}, row=row)
        cursor.execute("SELECT at FROM t")
        assert cursor.fetchone()[0] == instant


@pytest.mark.django_db
def test_a_snapshot_inside_a_transaction_sees_what_that_has_not_committed():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t (a bigint) ON COMMIT DROP")
        cursor.execute("INSERT INTO t VALUES (1)")
        with snapshot() as inside:
            inside.execute("SELECT a FROM t")
            assert inside.fetchall() == [(1,)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Attainment, PublishedResult])
def test_rows_of_a_queryset_come_as_columns_and_what_is_absent_as_nan(model):
    """Live and frozen results have keys of another width; nothing of a name that was not asked for comes along."""
    names = ("rating", "measured", "allocation_id")
    nothing = copy_rows(model.objects.filter(region__in=[]), *names)
    assert sorted(nothing) == sorted(names)
    assert count(nothing) == count(copy_rows(model.objects.all(), *names)) == 0


@pytest.mark.django_db
def test_the_columns_are_those_of_the_rows():
    world = make_world(counties=1)
    fill(world, ratings=[Rating.GREEN, Rating.RED])
    Attainment.objects.filter(allocation=world.allocations[0]).update(completion=None)
    rows = Attainment.objects.filter(region__code__startswith="1404").select_related("target")
    found = copy_rows(rows, "completion", "allocation_id", "rating")
    told = sorted(zip(found["allocation_id"].tolist(), found["rating"].tolist(), strict=True))
    assert told == sorted(rows.values_list("allocation_id", "rating"))
    assert int(np.isnan(found["completion"]).sum()) == rows.filter(completion=None).count() == 1
    with pytest.raises(TypeError, match="fixed width"):
        copy_rows(RecomputeRequest.objects.all(), "key")
