"""Make a site ready to serve: schema, static files, programmes, demonstration. What is done is not repeated."""

import hashlib
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from qscounty import grants, static_files
from qscounty.embedded.failure import LocalServiceError

Say = Callable[[str], None]
LEAST_FREE_BYTES = 300 * 1024 * 1024
# What the contents come from: a change of any of these files loads again.
LOADED_FROM = (
    "departments/regions.csv",
    "departments/demonstration.py",
    "indicators/catalogue",
    "indicators/demonstration",
    "indicators/management",
)
LOADED_SUFFIXES = frozenset({".json", ".toml", ".yaml", ".csv", ".py"})


def check_disk(directory: Path) -> None:
    """Refuse to start on a nearly full disk: a database that cannot write stops in the middle of work."""
    place = next(part for part in (directory, *directory.parents) if part.exists())
    if (free := shutil.disk_usage(place).free) < LEAST_FREE_BYTES:
        raise LocalServiceError(
            f"The disk of {place} is full ({free // 1024 // 1024} MB free, {LEAST_FREE_BYTES // 1024 // 1024} needed):"
            " make room and start again."
        )


def check_database() -> None:
    """Refuse to go on without a database that answers and keeps what it acknowledged."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        raise LocalServiceError(
            f"The database does not answer ({reason}): start it, or correct DATABASE_URL."
        ) from error
    from qscounty.health import list_weak_settings

    if weak := list_weak_settings():
        raise LocalServiceError(f"PostgreSQL runs with {', '.join(weak)} off and may lose saved figures: switch it on.")


def prepare_schema(say: Say) -> bool:
    """Apply the migrations that are missing; return whether there were any."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    say("Preparing the database …")
    call_command("migrate", interactive=False, verbosity=0)
    return True


def grant_rights(say: Say) -> None:
    """Give the roles of web and worker their rights; on a server of somebody else's only where the roles are there."""
    with connection.cursor() as cursor:
        if grants.list_missing_roles(cursor):
            say("The database has no separate roles: see manage.py grant_database_roles.")
            return
        with transaction.atomic():
            grants.grant_rights(cursor)


def prepare_static_files(say: Say) -> bool:
    """Collect the static files if any changed; return whether one did."""
    stamp, present = Path(settings.STATIC_ROOT) / "fingerprint", static_files.fingerprint_sources()
    if stamp.exists() and stamp.read_text() == present:
        return False
    say("Collecting the static files …")
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(present)
    return True


def load_contents(say: Say, *, with_demonstration: bool) -> bool:
    """Load the programmes and, for a first look, the demonstration; return whether anything was loaded.

    Both commands may be repeated without harm. They are skipped only for the database in our own state
    directory, where the stamp is deleted together with the data.
    """
    stamp, present = settings.STATE.directory / "loaded", fingerprint_contents(with_demonstration=with_demonstration)
    is_ours = not os.environ.get("DATABASE_URL")
    if is_ours and stamp.exists() and stamp.read_text() == present:
        return False
    for name in ("load_programmes", *(["load_demonstration"] if with_demonstration else [])):
        say(f"Running {name} …")
        # The accounts are printed last, where they are looked for.
        call_command(name, stdout=io.StringIO())
    if is_ours:
        stamp.write_text(present)
    return True


def fingerprint_contents(*, with_demonstration: bool) -> str:
    """Return a text that changes whenever a file the contents come from does."""
    digest = hashlib.sha256(str(with_demonstration).encode())
    for name in LOADED_FROM:
        place = settings.BASE_DIR / name
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file() and path.suffix in LOADED_SUFFIXES:
                found = path.stat()
                digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def list_demonstration_accounts() -> list[str]:
    """Return a line for each demonstration account, empty where there is no demonstration."""
    from departments.demonstration import describe_accounts

    return describe_accounts()
