"""`manage.py export_catalogue`: the targets of the programmes as CSV, for checking against the documents."""

import csv
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators.models import Programme
from indicators.selectors.catalogue import COLUMNS, list_catalogue_rows


class Command(BaseCommand):
    """Print one line a target, in document order."""

    help = "Print the catalogue of targets as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take an optional programme code."""
        parser.add_argument("--programme", metavar="CODE", help="only this programme")

    def handle(self, *args: Any, programme: str | None = None, **options: Any) -> None:
        """Write CSV to standard output; CommandError names the known codes if CODE is not one of them."""
        codes = list(Programme.objects.values_list("code", flat=True))
        if programme is not None and programme not in codes:
            raise CommandError(f"No programme has the code “{programme}”; the codes are: {', '.join(codes)}.")
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(list_catalogue_rows(programme_code=programme))
