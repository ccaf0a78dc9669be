"""`manage.py verify_audit`: checks every chain of the trail; exit 1 if one is broken."""

from typing import Any

from django.core.management.base import BaseCommand

from departments.selectors.trail import find_chain_breaks


class Command(BaseCommand):
    """Print every break, one a line."""

    help = "Check that no entry of the audit trail was altered or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with 1 if any chain is broken."""
        breaks = list(find_chain_breaks())
        for sentence in breaks:
            self.stdout.write(sentence)
        if breaks:
            raise SystemExit(1)
        self.stdout.write("Every chain holds.")
