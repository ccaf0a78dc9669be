"""Measures full and incremental recomputes beside their rivals and writes docs/performance.md.

`python -m tests.benchmarks` takes some seven minutes; `--quick` one minute on a small programme; `--national` adds
32 provinces (22 million figures, 20 GB of disk, half an hour) and writes docs/performance-nation.md instead. `--pages`
measures the pages of one province alone.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

DOCUMENTS = Path(__file__).resolve().parent.parent.parent / "docs"


def main() -> int:
    """Start a database of its own, measure, print and write the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--national", action="store_true")
    parser.add_argument("--pages", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qscounty-bench-") as directory:
        Path(directory).chmod(0o711)
        os.environ["QSCOUNTY_STATE"] = directory
        os.environ["DJANGO_SETTINGS_MODULE"] = "qscounty.settings"
        from qscounty.embedded.stack import Stack
        from qscounty.embedded.state import State

        with Stack(State(directory=Path(directory)), with_valkey=False, durable=True):
            import django

            django.setup()
            from django.core.management import call_command

            from tests.benchmarks.document import write
            from tests.benchmarks.report import measure_all, measure_pages_alone

            call_command("migrate", verbosity=0)
            if options.pages:
                print(measure_pages_alone())
                return 0
            text = write(measure_all(quick=options.quick, national=options.national, rounds=options.rounds))
    print(text)
    if not options.quick:
        name = "performance-nation.md" if options.national else "performance.md"  # the former is seldom written anew
        (DOCUMENTS / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
