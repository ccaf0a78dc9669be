"""Make, start and watch the local PostgreSQL cluster."""

import shutil
import signal
import subprocess
from pathlib import Path

import psycopg2
from psycopg2 import sql

from qscounty.database_roles import OWNER
from qscounty.embedded import children
from qscounty.embedded.binaries import FIRST_WITH_BUILTIN_LOCALE, Postgres
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.state import Account, State
from qscounty.grants import create_roles

DATABASE = OWNER
SUPERUSER = "postgres"
STOP = signal.SIGINT  # "fast": disconnect everyone, write out, end
# Nothing from the caller's environment: a foreign PGDATA, locale or time zone must not matter.
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
DURABLE = ("wal_compression=on",)
# Test data may be lost with the machine; speed comes first.
FLEETING = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
SMALL_SHARED_MEMORY = 256 * 1024 * 1024


def locate_cluster(state: State, postgres: Postgres) -> Path:
    """Return the data directory; the version in its name keeps clusters of two versions apart."""
    return state.directory / f"pg-{postgres.major}"


def make_cluster(state: State, postgres: Postgres, *, account: Account | None, durable: bool) -> None:
    """Make the cluster unless it exists; a half-made one is never taken for a whole."""
    cluster, part = locate_cluster(state, postgres), state.directory / "pg.new"
    if cluster.exists():
        return
    shutil.rmtree(part, ignore_errors=True)
    log = state.directory / "log" / "initdb.log"
    command: list[str | Path] = [
        postgres.initdb,
        "-D",
        part,
        "--username",
        SUPERUSER,
        "--auth=trust",
        "--encoding=UTF8",
    ]
    if postgres.major >= FIRST_WITH_BUILTIN_LOCALE:
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        command += ["--locale=C.UTF-8"]
    command += ["--data-checksums", *([] if durable else ["--no-sync"])]
    # initdb makes its directory itself, which root's servers may not do in root's directory.
    part.mkdir(mode=0o700)
    if account:
        shutil.chown(part, account.uid, account.gid)
    with log.open("wb") as output:
        child = children.start_child(
            command, ends_on=signal.SIGTERM, output=output, env=ENVIRONMENT, cwd=part, account=account
        )
        try:
            code = child.wait(timeout=300)
        except BaseException:
            children.stop_child(child, how=signal.SIGTERM, patience=5)
            raise
    if code != 0:
        raise LocalServiceError(children.explain_end("PostgreSQL (initdb)", log))
    part.rename(cluster)


def clear_debris(state: State, cluster: Path) -> None:
    """Remove marks of an earlier server; under the lock, and after `stop_debris`, they are nobody's.

    A socket's lock file that names a zombie or a foreign process would make PostgreSQL refuse to start.
    """
    for path in (
        cluster / "postmaster.pid",
        state.sockets / ".s.PGSQL.5432",
        state.sockets / ".s.PGSQL.5432.lock",
    ):
        path.unlink(missing_ok=True)


def start_server(
    state: State, postgres: Postgres, *, account: Account | None, durable: bool, log: Path
) -> subprocess.Popen[bytes]:
    """Start the server, reachable only through its socket; it is not ready yet."""
    settings = [
        "listen_addresses=",
        # A list of directories: quoted, so that a comma or a space in the path stays part of it.
        'unix_socket_directories="{}"'.format(str(state.sockets).replace('"', '""')),
        "unix_socket_permissions=0700",
        "port=5432",
        f"cluster_name=qscounty-{state.digest}",
        "timezone=UTC",
        "log_timezone=UTC",
        "shared_buffers=128MB",
        "max_connections=100",
        *(DURABLE if durable else FLEETING),
    ]
    if has_small_shared_memory():
        # Parallel workers share through /dev/shm; containers often have 64 MB there.
        settings.append("max_parallel_workers_per_gather=0")
    cluster = locate_cluster(state, postgres)
    command: list[str | Path] = [postgres.server, "-D", cluster]
    for setting in settings:
        command += ["-c", setting]
    with log.open("ab") as output:
        return children.start_child(command, ends_on=STOP, output=output, env=ENVIRONMENT, cwd=cluster, account=account)


def has_small_shared_memory() -> bool:
    """Say whether /dev/shm is missing or small."""
    try:
        return shutil.disk_usage("/dev/shm").total < SMALL_SHARED_MEMORY  # noqa: S108  nothing is written there
    except OSError:
        return True


def is_ready(cluster: Path, child: subprocess.Popen[bytes]) -> bool:
    """Say whether this very child accepts connections: another's mark does not count."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready"


def ensure_database(state: State) -> None:
    """Make the application's roles and database unless they exist.

    None is a superuser: what a real site forbids must fail here too. The owner may make databases for tests.
    """
    connection = psycopg2.connect(
        host=str(state.sockets), port=5432, user=SUPERUSER, dbname="postgres", connect_timeout=10
    )
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(OWNER)))
            create_roles(cursor, owner=OWNER)
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
                )
    finally:
        connection.close()
