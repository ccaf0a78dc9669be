"""Brings the rights of the database's roles in line with their table. Repeating changes nothing."""

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg2 import sql

from qscounty.database_roles import (
    BACKUP,
    MADE_BY_WORKERS,
    OWNED_BY_WORKER,
    RIGHTS,
    ROLES,
    SEQUENCES,
    WORKER,
    Grant,
)

FIRST_WITH_MAINTAIN = 170000
_TABLES = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""


def list_missing_roles(cursor: Any) -> list[str]:
    """Return the roles that the cluster does not know yet."""
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
    known = {row[0] for row in cursor.fetchall()}
    return [role for role in ROLES if role not in known]


def create_roles(cursor: Any, *, owner: str) -> None:
    """Make the missing roles, without superpowers, and let the owner act for them.

    Takes a superuser, or an owner that may make roles. The owner has to be a member of the worker's role, whose
    tables its migrations change.
    """
    for role in list_missing_roles(cursor):
        cursor.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    for role in ROLES:
        cursor.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [owner, role])
        if not cursor.fetchone()[0]:
            cursor.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(role), sql.Identifier(owner)))


def set_passwords(cursor: Any, passwords: Mapping[str, str]) -> None:
    """Set the passwords given by role; a role without one keeps what it has."""
    for role, password in passwords.items():
        cursor.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(password)))


def grant_rights(cursor: Any) -> int:
    """Give each role exactly what the table says, in the caller's transaction; return how many tables there are.

    A table that is not in the table of rights, and rights that somebody gave by hand, are taken away from all roles.
    """
    cursor.execute(_TABLES)
    tables = [row[0] for row in cursor.fetchall()]
    statements = [*_state_schema(), *(one for table in tables for one in _state_table(table))]
    cursor.execute("SELECT current_setting('server_version_num')::int")
    has_maintain = cursor.fetchone()[0] >= FIRST_WITH_MAINTAIN
    for table in tables:
        for role, grants in RIGHTS.get(table, {}).items():
            statements += [_state_grant(table, role, grant, has_maintain=has_maintain) for grant in grants]
    cursor.execute(sql.SQL("; ").join(statements))
    return len(tables)


def _state_schema() -> Iterator[sql.Composable]:
    everyone = sql.SQL(", ").join(map(sql.Identifier, ROLES))
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(everyone)
    yield sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(sql.Identifier(WORKER))
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(everyone)
    yield sql.SQL("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {}").format(everyone)
    users = sql.SQL(", ").join(map(sql.Identifier, SEQUENCES))
    yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(users)
    yield sql.SQL("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {}").format(sql.Identifier(BACKUP))
    # A dump locks and reads every partition, also those that workers make later.
    yield sql.SQL("ALTER DEFAULT PRIVILEGES FOR ROLE {} IN SCHEMA public GRANT SELECT ON TABLES TO {}").format(
        sql.Identifier(WORKER), sql.Identifier(BACKUP)
    )


def _state_table(table: str) -> Iterator[sql.Composable]:
    name = sql.Identifier(table)
    if table in OWNED_BY_WORKER or MADE_BY_WORKERS.fullmatch(table):
        yield sql.SQL("ALTER TABLE {} OWNER TO {}").format(name, sql.Identifier(WORKER))
        yield sql.SQL("GRANT ALL ON {} TO {}").format(name, sql.Identifier(WORKER))
        yield sql.SQL("GRANT SELECT ON {} TO {}").format(name, sql.Identifier(BACKUP))


def _state_grant(table: str, role: str, grant: Grant, *, has_maintain: bool) -> sql.Composable:
    privilege = grant.privilege
    if privilege == "MAINTAIN" and not has_maintain:
        privilege = "UPDATE"  # older servers lock a table for nobody less; its trigger still refuses
    columns = sql.SQL(" ({})").format(sql.SQL(", ").join(map(sql.Identifier, grant.columns))) if grant.columns else None
    return sql.SQL("GRANT {}{} ON {} TO {}").format(
        sql.SQL(privilege), columns or sql.SQL(""), sql.Identifier(table), sql.Identifier(role)
    )


def describe_roles(*, owner: str) -> str:
    """Return what an administrator of a database server runs once, where the owner may not make roles."""
    lines = [f"CREATE ROLE {role} LOGIN PASSWORD '…';" for role in ROLES]
    return "\n".join([*lines, f"GRANT {', '.join(ROLES)} TO {owner};"])
