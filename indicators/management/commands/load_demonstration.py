"""`manage.py load_demonstration`: invented figures and accounts for a first look. Can be repeated."""

from typing import Any

from django.core.management.base import BaseCommand

from departments.demonstration import describe_accounts
from indicators.actions.demonstration import load_demonstration
from indicators.actions.recompute import process_due_requests


class Command(BaseCommand):
    """Load the demonstration data once; later calls only keep its newest quarter open."""

    help = "Load demonstration accounts and figures, marked as such; repeating changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the accounts; results are computed before the command ends."""
        load_demonstration()
        process_due_requests()
        for line in describe_accounts():
            self.stdout.write(line)
