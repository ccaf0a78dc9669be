"""`manage.py recompute`: brings results up to date for a programme, a region, quarters, or everything."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from departments.errors import DomainError
from departments.models import Region
from indicators.actions.recompute import forget_results, recompute_now
from indicators.engine.period import Quarter
from indicators.models import Programme, RecomputeRequest
from indicators.models.recompute_request import RequestState

BAR = 30
WORKERS = 2
"""As many as the smallest machine has processors: one computes while the database writes for the other."""


class Command(BaseCommand):
    """Recompute a scope in this process, with a progress bar; other workers help if they run."""

    requires_system_checks = ()  # they load every page of the site: memory and a second for nothing
    help = "Recompute results. Without options: everything. Unchanged results are not written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--programme", help="code of one programme")
        parser.add_argument("--region", help="code of a region; everything below it is included")
        parser.add_argument("--quarters", help="first and last quarter, e.g. 2018Q1-2018Q4")
        parser.add_argument("--workers", type=int, default=WORKERS, help=f"threads that share the work ({WORKERS})")
        parser.add_argument("--anew", action="store_true", help="write every result, also those that are unchanged")

    def handle(self, *args: Any, **options: Any) -> None:
        programme = _find(Programme, options["programme"], "programme")
        region = _find(Region, options["region"], "region")
        quarters = _read_quarters(options["quarters"])
        if options["anew"]:
            forget_results(programme=programme)
        began = time.monotonic()
        try:
            request = recompute_now(
                programme=programme,
                region=region,
                quarters=quarters,
                workers=max(options["workers"], 1),
                on_progress=self._show if options["verbosity"] > 0 else None,
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stderr.write("")
        if request.state is not RequestState.DONE:
            failed = request.parts.exclude(error="").values_list("error", flat=True).first()
            raise CommandError(
                f"Not finished ({request.state.value}): {request.error or failed or 'see the requests.'}"
            )
        self.stdout.write(f"{request.changed} allocations changed, {time.monotonic() - began:.1f} s.")

    def _show(self, request: RecomputeRequest) -> None:
        """Draw the bar over itself."""
        done, total = request.progress_done, request.progress_total
        filled = BAR * done // total if total else 0
        bar = "#" * filled + "." * (BAR - filled)
        self.stderr.write(f"\r[{bar}] {done:,} of {total:,}".replace(",", " "), ending="")
        self.stderr.flush()


def _find(model: Any, code: str | None, what: str) -> Any:
    if code is None:
        return None
    found = model.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"There is no {what} with the code {code}.")
    return found


def _read_quarters(text: str | None) -> tuple[Quarter, Quarter] | None:
    if text is None:
        return None
    first, _, last = text.partition("-")
    try:
        return Quarter.parse(first), Quarter.parse(last or first)
    except ValueError as error:
        raise CommandError(str(error)) from error
