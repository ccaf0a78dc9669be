"""What each role of the database may do with each table, tried on the real server. Cases T17, T19; goal S11.

Every statement of every role on every table is executed; it counts as denied only for want of a right (42501), not
for a trigger, which is the second lock on the same door.
"""

from collections.abc import Iterator
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from django.db import DatabaseError, connection

from qscounty.database_roles import (
    APP,
    AUDITOR,
    BACKUP,
    MADE_BY_WORKERS,
    OWNED_BY_WORKER,
    OWNER,
    RIGHTS,
    ROLES,
    WORKER,
    Grant,
    parse,
)
from qscounty.grants import describe_roles, grant_rights, list_missing_roles

pytestmark = pytest.mark.django_db

DENIED = "42501"
NEVER_CHANGED = {
    "departments_auditentry", "indicators_figureevent", "indicators_submissionevent", "indicators_remark",
    "reports_letter", "reports_publishedpart", "reports_publishedresult", "reports_publishedrollup",
}  # fmt: skip
STATEMENTS = {
    "SELECT": "SELECT 1 FROM {table} LIMIT 0",
    "INSERT": "INSERT INTO {table} DEFAULT VALUES",
    "DELETE": "DELETE FROM {table} WHERE false",
    "TRUNCATE": "TRUNCATE {table}",
    "DISABLE": "ALTER TABLE {table} DISABLE TRIGGER USER",
    "DROP": "DROP TABLE {table} CASCADE",
    "POLICY": "ALTER TABLE {table} OWNER TO CURRENT_ROLE",
}
BY_COLUMN = {
    "UPDATE": 'UPDATE {table} SET "{column}" = DEFAULT WHERE false',
    "SELECT": 'SELECT "{column}" FROM {table} LIMIT 0',
}


def list_tables() -> list[str]:
    """Return the tables that migrations make; partitions and staging tables come and go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
        return sorted(name for (name,) in cursor.fetchall() if not MADE_BY_WORKERS.fullmatch(name))


def list_columns(cursor, table: str) -> list[str]:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
        " AND attgenerated = ''",
        [table],
    )
    return [row[0] for row in cursor.fetchall()]


def is_denied(cursor, statement: str) -> bool:
    """Try the statement and take it back."""
    cursor.execute("SAVEPOINT tried")
    try:
        cursor.execute(statement)
    except DatabaseError as error:
        return getattr(error.__cause__, "pgcode", None) == DENIED
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT tried")
    return False


def may(role: str, table: str, statement: str, column: str = "") -> bool:
    """Return what the table of rights says."""
    if table in OWNED_BY_WORKER and role == WORKER:
        return True
    grants = [grant for grant in RIGHTS[table].get(role, ()) if grant.privilege == statement]
    if statement == "SELECT":
        return bool(grants) and (not column or any(not g.columns or column in g.columns for g in grants))
    return any(not grant.columns or column in grant.columns for grant in grants)


def find_differences(role: str, *, among: set[str] | None = None) -> Iterator[str]:
    """Yield what the role may do in the database and not in the table of rights, or the other way round.

    Every column is tried where rights go by columns, and one of them elsewhere.
    """
    with connection.cursor() as cursor:
        columns = {table: list_columns(cursor, table) for table in among or list_tables()}
        tried = 0
        cursor.execute(f"SET LOCAL ROLE {role}")
        try:
            for table, names in columns.items():
                cells = [(kind, words.format(table=table), "") for kind, words in STATEMENTS.items()]
                by_column = any(grant.columns for grant in RIGHTS[table].get(role, ()))
                for kind, words in BY_COLUMN.items():
                    chosen = names if by_column or among else names[:1]
                    cells += [(kind, words.format(table=table, column=name), name) for name in chosen]
                for kind, statement, column in cells:
                    if kind == "SELECT" and not column and by_column:
                        continue  # a bare count takes any column
                    tried += 1
                    if is_denied(cursor, statement) is may(role, table, kind, column):
                        yield f"{role}: {statement}"
        finally:
            cursor.execute("RESET ROLE")
    assert tried >= 9 * len(columns) - 1, tried


@pytest.fixture
def granted() -> None:
    """Give the rights in the test's transaction, which takes them back."""
    with connection.cursor() as cursor:
        if list_missing_roles(cursor):
            pytest.skip("the database given by DATABASE_URL has no separate roles")
        grant_rights(cursor)


def test_every_table_has_its_line():
    assert set(list_tables()) == set(RIGHTS)


def test_nobody_changes_what_is_kept_for_good():
    for table in NEVER_CHANGED:
        for role in ROLES:
            assert {grant.privilege for grant in RIGHTS[table].get(role, ())} <= {"SELECT", "INSERT"}, (role, table)


@pytest.mark.usefixtures("granted")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says_and_nothing_else(role):
    assert list(find_differences(role)) == []


@pytest.mark.usefixtures("granted")
def test_control_the_owner_is_denied_nothing():
    with connection.cursor() as cursor:
        for table in list_tables():
            for statement in STATEMENTS.values():
                assert not is_denied(cursor, statement.format(table=table))


@pytest.mark.usefixtures("granted")
@pytest.mark.parametrize(
    "change",
    [
        f"GRANT DELETE ON departments_auditentry TO {APP}",
        f"GRANT UPDATE (event) ON departments_auditentry TO {APP}",
        f"GRANT TRUNCATE ON reports_publishedresult TO {APP}",
        f"REVOKE INSERT ON departments_auditentry FROM {APP}",
        f"ALTER TABLE departments_auditentry OWNER TO {APP}",
    ],
)
def test_control_a_right_too_many_or_too_few_is_found_and_mended(change):
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO {APP}")
        cursor.execute(change)
        found = list(find_differences(APP, among=NEVER_CHANGED))
        assert found
        assert all("auditentry" in line or "publishedresult" in line for line in found)
        if "OWNER" not in change:
            grant_rights(cursor)
            assert list(find_differences(APP, among=NEVER_CHANGED)) == []


@pytest.mark.usefixtures("granted")
def test_rights_are_given_again_without_a_difference():
    with connection.cursor() as cursor:
        query = "SELECT relname, relacl::text, relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        cursor.execute(query + " ORDER BY 1")
        before = cursor.fetchall()
        grant_rights(cursor)
        cursor.execute(query + " ORDER BY 1")
        assert cursor.fetchall() == before


@pytest.mark.usefixtures("granted")
def test_a_table_without_a_line_is_nobodys():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE forgotten (a int)")
        cursor.execute(f"GRANT ALL ON forgotten TO {APP}, {WORKER}, {AUDITOR}")
        grant_rights(cursor)
        for role in (APP, WORKER, AUDITOR):
            cursor.execute("SELECT has_table_privilege(%s, 'forgotten', 'SELECT, INSERT, UPDATE, DELETE')", [role])
            assert cursor.fetchone() == (False,)


ESCAPES = [
    f"SET ROLE {OWNER}",
    "SET session_replication_role = replica",
    f"SET SESSION AUTHORIZATION {OWNER}",
    "ALTER TABLE departments_auditentry DISABLE TRIGGER ALL",
    "CREATE ROLE another SUPERUSER",
    f"GRANT {OWNER} TO CURRENT_USER",
    "ALTER SYSTEM SET fsync = off",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "CREATE EXTENSION dblink",
]


@pytest.mark.parametrize("role", ROLES)
def test_no_role_gets_out_of_itself(role):
    """Signed in as that role, not by SET ROLE: what is tried is to become somebody else."""
    if connection.settings_dict["HOST"] != str(settings.STATE.sockets):
        pytest.skip("signs in without a password, which only the local server allows")
    place = {"host": str(settings.STATE.sockets), "dbname": connection.settings_dict["NAME"], "user": role}
    with closing(psycopg2.connect(**place)) as own, own.cursor() as cursor:
        own.autocommit = True
        for statement in ESCAPES:
            with pytest.raises(psycopg2.Error) as refused:
                cursor.execute(statement)
            assert refused.value.pgcode in (DENIED, "0A000"), (statement, refused.value)
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = %s", [role]
        )
        assert cursor.fetchone() == (False, False, False, False)


@pytest.mark.parametrize(
    ("letters", "grants"),
    [
        ("-", ()),
        ("S", (Grant("SELECT"),)),
        ("SU(a,b)M", (Grant("SELECT"), Grant("UPDATE", ("a", "b")), Grant("MAINTAIN"))),
    ],
)
def test_letters_are_read(letters, grants):
    assert parse(letters) == grants


@pytest.mark.parametrize("letters", ["", "T", "S T", "SU(", "U()", "s", "--"])
def test_other_letters_are_refused(letters):
    with pytest.raises(ValueError, match="is no right"):
        parse(letters)


@pytest.mark.parametrize(
    ("name", "is_theirs"),
    [
        ("indicators_attainment_p7", True),
        ("indicators_rollup_r12", True),
        ("indicators_rollup_n12", True),
        ("indicators_resultstate_r3", True),
        ("indicators_attainment", False),
        ("indicators_figure_p7", False),
        ("departments_auditentry_p1", False),
    ],
)
def test_tables_that_workers_make_are_known_by_name(name, is_theirs):
    assert bool(MADE_BY_WORKERS.fullmatch(name)) is is_theirs


def test_the_administrator_is_told_what_to_run():
    text = describe_roles(owner="qs")
    assert all(f"CREATE ROLE {role} LOGIN" in text for role in ROLES)
    assert text.endswith(f"GRANT {APP}, {WORKER}, {AUDITOR}, {BACKUP} TO qs;")
