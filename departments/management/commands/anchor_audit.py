"""`manage.py anchor_audit`: writes the ends of the trail's chains into the anchor file."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from departments.actions.anchors import anchor_audit


class Command(BaseCommand):
    """Anchor once; beat does the same every ten minutes."""

    help = "Write the ends of the audit chains outside the database, for verify_audit to compare with."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many chains had moved."""
        self.stdout.write(f"{anchor_audit()} chains anchored in {settings.ANCHOR_DIRECTORY}.")
