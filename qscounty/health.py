"""Two questions for whoever watches the site: does the process live, and can it serve?"""

import os
import shutil
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

LEAST_FREE_BYTES = 200 * 1024 * 1024
# A killed machine must not lose an acknowledged figure; kill tests alone cannot see these.
DURABLE_SETTINGS = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")


@login_not_required
@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """Answer as long as the process can answer at all."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Answer 200 with "ok" for each part that serving needs, 503 with the sentence for one that is not.

    The broker's absence is told but does not count: saving works without it, results come later.
    """
    parts = {name: _describe(check) for name, check in CHECKS.items()}
    is_ready = all(answer == "ok" for name, answer in parts.items() if name != "broker")
    return JsonResponse(parts, status=200 if is_ready else 503, json_dumps_params={"ensure_ascii": False})


def _describe(check: Callable[[], str]) -> str:
    """Return "ok", what the check found, or that it could not look; no address or stack reaches the reader."""
    try:
        return check() or "ok"
    except Exception as error:  # noqa: BLE001  a watcher needs an answer whatever breaks
        return f"cannot be checked ({type(error).__name__})"


def check_database() -> str:
    """Return a sentence if the database does not answer."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "The database does not answer."
    return ""


def check_migrations() -> str:
    """Return a sentence if the database lacks a migration of this release."""
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(missing)} migrations are not applied: run manage.py migrate." if missing else ""


def check_durability() -> str:
    """Return a sentence if the database may lose acknowledged rows when the machine stops."""
    weak = list_weak_settings()
    return f"PostgreSQL runs with {', '.join(weak)} off: switch it on." if weak else ""


def list_weak_settings() -> list[str]:
    """Return the durability settings that are off."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [[*DURABLE_SETTINGS]])
        return sorted(row[0] for row in cursor.fetchall())


def check_disk() -> str:
    """Return a sentence if the disk of the local files is nearly full."""
    place = settings.STATE.directory if settings.STATE.directory.exists() else settings.BASE_DIR
    free = shutil.disk_usage(place).free
    if free < LEAST_FREE_BYTES and not os.environ.get("DATABASE_URL"):
        return f"Only {free // 1024 // 1024} MB of disk are free: make room."
    return ""


def check_broker() -> str:
    """Return a sentence if background work waits for its broker."""
    from qscounty.celery import app

    with app.connection_for_read(connect_timeout=1) as broker:
        try:
            broker.ensure_connection(max_retries=1, timeout=1)
        except Exception:  # noqa: BLE001  each transport has its own errors
            return "The broker does not answer: results come late, nothing is lost."
    return ""


CHECKS = {
    "database": check_database,
    "migrations": check_migrations,
    "durability": check_durability,
    "disk": check_disk,
    "broker": check_broker,
}
