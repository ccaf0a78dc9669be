"""`manage.py grant_database_roles`: gives the database's roles what their table says; run it after `migrate`."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection, transaction

from qscounty.database_roles import APP, AUDITOR, BACKUP, ROLES, WORKER
from qscounty.grants import create_roles, describe_roles, grant_rights, list_missing_roles, set_passwords

PASSWORDS = {
    "QSCOUNTY_APP_PASSWORD": APP,
    "QSCOUNTY_WORKER_PASSWORD": WORKER,
    "QSCOUNTY_AUDITOR_PASSWORD": AUDITOR,
    "QSCOUNTY_BACKUP_PASSWORD": BACKUP,
}


class Command(BaseCommand):
    """Sign in as the owner; roles are made where that is allowed, and named otherwise."""

    requires_system_checks = ()
    help = "Give the database roles of web, workers, auditor and backup their rights. Repeating changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many tables there are; CommandError with the SQL for an administrator where roles are missing."""
        owner = connection.settings_dict["USER"]
        passwords = {role: value for name, role in PASSWORDS.items() if (value := os.environ.get(name))}
        with connection.cursor() as cursor:
            if list_missing_roles(cursor):
                try:
                    with transaction.atomic():
                        create_roles(cursor, owner=owner)
                except DatabaseError as error:
                    raise CommandError(
                        f"{owner} may not make roles; have an administrator of the server run once:\n"
                        + describe_roles(owner=owner)
                    ) from error
            with transaction.atomic():
                set_passwords(cursor, passwords)
                count = grant_rights(cursor)
        self.stdout.write(f"{len(ROLES)} roles have their rights on {count} tables.")
