"""The tables that hold results: a programme's partitions, and the staging tables of a running scope."""

from typing import Any

from indicators.models import Attainment, ResultState, RollUp
from indicators.selectors.rollup_cells import ROLLUP, SUMS

ATTAINMENTS = Attainment._meta.db_table
ROLLUPS = RollUp._meta.db_table
STATES = ResultState._meta.db_table
VERSIONS = "indicators_result_version"
PARTITIONED = (ATTAINMENTS, ROLLUPS)
SHARED_ROLLUPS = f"{ROLLUPS}_shared"
"""Staged cells of regions that several parts have results of, to be added up at the end."""


_LOCK_CLASS = 0x5155414C  # "QUAL": the first half of the advisory keys, so that nobody else's are met
_KEYS = {
    ATTAINMENTS: "region_id, quarter, allocation_id, programme_id",
    ROLLUPS: "region_id, quarter, domain, department_id, programme_id",
}
_STAGED = (*PARTITIONED, SHARED_ROLLUPS, STATES)


def partition_of(table: str, programme_id: int) -> str:
    """Return the name of a programme's partition."""
    return f"{table}_p{programme_id:d}"


def staging_of(table: str, request_id: int) -> str:
    """Return the name of the table in which a scope's results wait for their turn."""
    return f"{table}_r{request_id:d}"


def lock_results(cursor: Any, *, programme_id: int) -> None:
    """Wait until nobody else replaces results of the programme, until the end of the transaction.

    The programme's own cell is part of every replacement, so they take turns anyway; this way they never deadlock.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s::int)", [_LOCK_CLASS, programme_id & 0x7FFFFFFF])


def ensure_partitions(cursor: Any, *, programme_id: int) -> None:
    """Make the programme's partitions if they are missing; the caller holds `lock_results`."""
    names = [partition_of(table, programme_id) for table in PARTITIONED]
    cursor.execute("SELECT to_regclass(%s), to_regclass(%s)", names)
    for table, name, found in zip(PARTITIONED, names, cursor.fetchone(), strict=True):
        if found is None:
            cursor.execute(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES IN ({programme_id:d})")
            hand_over(cursor, name=name)


def make_staging(cursor: Any, *, request_id: int, programme_id: int) -> None:
    """Make empty staging tables for a scope; what an earlier run left is dropped.

    They are logged: a part that is done must still be there after a crash. Results and roll-ups have what a partition
    of the programme needs: its key, which all workers build together while they write, and its bound, which spares
    the attachment the scan that would prove it.
    """
    drop_staging(cursor, request_id=request_id)
    for table, key in _KEYS.items():
        name = staging_of(table, request_id)
        cursor.execute(
            f"CREATE TABLE {name} (LIKE {table} INCLUDING CONSTRAINTS, PRIMARY KEY ({key}),"
            f" CONSTRAINT {name}_programme CHECK (programme_id = {programme_id:d}))"
        )
    cursor.execute(f"CREATE TABLE {staging_of(SHARED_ROLLUPS, request_id)} (LIKE {ROLLUPS})")
    cursor.execute(f"CREATE TABLE {staging_of(STATES, request_id)} (LIKE {STATES}, based_on bigint NOT NULL)")
    for table in _STAGED:
        hand_over(cursor, name=staging_of(table, request_id))


def hand_over(cursor: Any, *, name: str) -> None:
    """Give a table just made to the owner of the results, so that workers go on with what a command has begun.

    Where roles are separate the results are the workers', and commands run as their tables' owner. Source: ADR 13.
    """
    cursor.execute("SELECT tableowner, tableowner = current_user FROM pg_tables WHERE tablename = %s", [ATTAINMENTS])
    owner, is_own = cursor.fetchone()
    if not is_own:
        cursor.execute(f'ALTER TABLE {name} OWNER TO "{owner}"')


def drop_staging(cursor: Any, *, request_id: int) -> None:
    """Drop the staging tables of a scope."""
    names = ", ".join(staging_of(table, request_id) for table in _STAGED)
    cursor.execute(f"DROP TABLE IF EXISTS {names}")


def swap_partition(cursor: Any, *, table: str, name: str, programme_id: int) -> None:
    """Put the table `name` in the place of the programme's partition; what was there before is dropped."""
    partition = partition_of(table, programme_id)
    cursor.execute(f"ALTER TABLE {table} DETACH PARTITION {partition}")
    cursor.execute(f"DROP TABLE {partition}")
    cursor.execute(f"ALTER TABLE {name} RENAME TO {partition}")
    cursor.execute(f"ALTER TABLE {table} ATTACH PARTITION {partition} FOR VALUES IN ({programme_id:d})")
    cursor.execute(f"ALTER TABLE {partition} DROP CONSTRAINT IF EXISTS {name}_programme")


def add_up_shared(cursor: Any, *, request_id: int) -> None:
    """Stage the sums of the cells that several parts have of the same regions."""
    keys = "programme_id, quarter, region_id, domain, department_id"
    summed = [field for field in ROLLUP.fields if field.name in SUMS]
    sums = ", ".join(f"sum({field.name})::{field.sql_type}" for field in summed)
    cursor.execute(
        f"INSERT INTO {staging_of(ROLLUPS, request_id)} ({keys}, {', '.join(field.name for field in summed)})"  # noqa: S608  fixed names
        f" SELECT {keys}, {sums} FROM {staging_of(SHARED_ROLLUPS, request_id)} GROUP BY {keys}"
    )
