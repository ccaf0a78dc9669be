"""`manage.py verify_audit`: checks every chain of the trail, alone and against its anchors; exit 1 if one differs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from departments.anchors import Anchor, list_files, read_anchors
from departments.selectors.trail import find_anchor_breaks, find_chain_breaks


class Command(BaseCommand):
    """Print every break, one a line."""

    help = "Check that no entry of the audit trail was altered or removed, alone and against the anchors."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--anchors", type=Path, help="a copy of the anchor directory kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit with 1 if any chain is broken or differs from an anchor."""
        directory = options["anchors"] or settings.ANCHOR_DIRECTORY
        found = [line for path in list_files(directory) for line in read_anchors(path)]
        anchors = [line for line in found if isinstance(line, Anchor)]
        breaks = [line for line in found if isinstance(line, str)]
        breaks += [*find_chain_breaks(), *find_anchor_breaks(anchors)]
        for sentence in breaks:
            self.stdout.write(sentence)
        if breaks:
            raise SystemExit(1)
        if not anchors:
            self.stdout.write(
                f"No anchors in {directory}: a chain rewritten as a whole, or restored, would not be noticed."
            )
            self.stdout.write("Every chain holds.")
            return
        newest = max(anchor.at for anchor in anchors)
        self.stdout.write(f"Every chain holds. {len(anchors)} anchors hold too, the newest of {newest}.")
