"""`manage.py export_province`: the provincial workbook of one programme and quarter, as a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from departments.errors import DomainError
from indicators.engine.period import Quarter
from indicators.models import Programme
from reports.actions.exports import export_province
from reports.exports.files import stage_file, write_file
from reports.exports.source import NoResults, find_edition


class Command(BaseCommand):
    """Write the workbook to a file, which appears whole or not at all."""

    help = "Write the provincial workbook (Excel) of a programme and quarter."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take programme, quarter and file."""
        parser.add_argument("--programme", required=True, metavar="CODE", help="e.g. changzhi-2015")
        parser.add_argument("--quarter", required=True, metavar="QUARTER", help="e.g. 2018Q3")
        parser.add_argument("-o", "--output", required=True, metavar="FILE.xlsx", help="where to write it")

    @no_translations
    def handle(self, *args: Any, programme: str, quarter: str, output: str, **options: Any) -> None:
        """Print the file's rows and SHA-256; CommandError with one sentence for whatever cannot be."""
        chosen = _find_programme(programme)
        try:
            asked = Quarter.parse(quarter)
        except ValueError as error:
            raise CommandError(str(error)) from error
        path = Path(output)
        try:
            edition = find_edition(programme=chosen, quarter=asked)
            with stage_file(path) as file:
                receipt = export_province(
                    programme=chosen, quarter=asked, write=lambda: write_file(edition, file), by=None
                )
        except NoResults as error:
            raise CommandError(f"There are no results for {asked} yet; run manage.py recompute.") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
        self.stdout.write(f"{path}: {receipt.rows} results, {receipt.size} bytes, SHA-256 {receipt.sha256}")


def _find_programme(code: str) -> Programme:
    programmes = {programme.code: programme for programme in Programme.objects.select_related("region", "office")}
    if code not in programmes:
        known = ", ".join(programmes) or "none; run manage.py load_programmes"
        raise CommandError(f"No programme has the code “{code}”; the codes are: {known}.")
    return programmes[code]
