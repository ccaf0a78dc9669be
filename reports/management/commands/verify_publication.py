"""`manage.py verify_publication`: counts and hashes every edition anew, and lists what is not as it was published."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.models import Programme
from reports.actions.verification import verify_publications


class Command(BaseCommand):
    """Exit 0 where every edition is what its manifest says, 1 where one is not; that goes to the trail as well."""

    requires_system_checks = ()  # they load every page of the site: memory and a second for nothing
    help = "Count and hash the rows of every published edition, and compare them with its manifest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the programme."""
        parser.add_argument("--programme", default="", metavar="CODE", help="of one programme; without it, of all")

    def handle(self, *args: Any, programme: str, **options: Any) -> None:
        """Print a line for every edition that differs."""
        if programme and not Programme.objects.filter(code=programme).exists():
            raise CommandError(f"There is no programme with the code {programme}.")
        found = verify_publications(programme_code=programme)
        for edition, parts in found.items():
            place = f"{edition.programme.code} {edition.quarter} edition {edition.edition}"
            self.stdout.write(f"{place}: {', '.join(parts)} not as published")
        if found:
            raise CommandError(f"{len(found)} editions are not as published; restore them from a backup and tell it.")
        self.stdout.write("Every edition is what its manifest says.")
