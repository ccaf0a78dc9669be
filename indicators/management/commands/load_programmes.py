"""`manage.py load_programmes`: regions, programmes, calendars, thresholds and published figures. Can be repeated."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from departments.actions.regions import load_regions
from indicators.actions.calendar import plan_quarters
from indicators.actions.programmes import load_catalogues
from indicators.actions.published import load_published_figures
from indicators.actions.thresholds import load_default_thresholds
from indicators.catalogue.published import read_published_figures
from indicators.catalogue.reader import CatalogueError, list_catalogue_paths, read_catalogue
from indicators.models import Programme


class Command(BaseCommand):
    """Load everything that the project's own data files say."""

    help = "Load regions, programmes and published figures from the project's data files; repeating changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line a programme; CommandError with every problem, nothing half loaded a programme."""
        load_regions()
        load_default_thresholds()
        try:
            catalogues = {path.name: read_catalogue(path) for path in list_catalogue_paths()}
            changes = load_catalogues(catalogues=catalogues)
            for programme in Programme.objects.all():
                plan_quarters(programme=programme)
            published = load_published_figures(figures=read_published_figures())
        except CatalogueError as error:
            raise CommandError(str(error)) from error
        for code, changed in changes.items():
            targets = Programme.objects.get(code=code).targets.count()
            self.stdout.write(f"{code}: {targets} targets, {changed} rows changed")
        self.stdout.write(f"published figures: {published} new")
