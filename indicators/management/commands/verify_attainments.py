"""`manage.py verify_attainments`: recomputes in memory and lists every stored value that differs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.models import Programme, RecomputeRequest
from indicators.selectors.verification import find_differences, list_verifiable


class Command(BaseCommand):
    """Exit 0 where every result and roll-up is what the figures say, 1 where one is not. Writes nothing."""

    requires_system_checks = ()  # they load every page of the site: memory and a second for nothing
    help = "Recompute all results in memory, compare them with the stored ones, list every difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", help="code of one programme; without it, all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = RecomputeRequest.objects.waiting().count()
        if waiting:
            self.stderr.write(f"{waiting} requests are still due: what they would change is listed as well.")
        differences = sum(self._verify(programme) for programme in _list_programmes(options["programme"]))
        if differences:
            raise CommandError(f"{differences} values differ. `manage.py recompute --anew` puts them right.")
        self.stdout.write("Every result and roll-up is what the figures say.")

    def _verify(self, programme: Programme) -> int:
        found = 0
        for difference in find_differences(programme_id=programme.pk):
            self.stdout.write(f"{programme.code}: {difference}")
            found += 1
        return found


def _list_programmes(code: str | None) -> list[Programme]:
    if code is None:
        return list(Programme.objects.filter(pk__in=list_verifiable()).order_by("pk"))
    found = list(Programme.objects.filter(code=code))
    if not found:
        raise CommandError(f"There is no programme with the code {code}.")
    return found
