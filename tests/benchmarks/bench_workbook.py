"""Measures the way back of a workbook beside openpyxl's reader: `python -m tests.benchmarks.bench_workbook [rows]`.

Goal: at most 0.3 of openpyxl's read-only reader for scan and values in the guarded child (speed.md “Workbooks”).
"""

import io
import os
import sys
import time
from collections.abc import Callable

GOAL = 0.3


def best_of(rounds: int, act: Callable[[], object]) -> float:
    """Return the seconds of the quickest of several runs."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return min(taken)


def measure(rows: int) -> dict[str, float]:
    """Return the seconds for reading a form of so many rows, each way."""
    import openpyxl

    from indicators.excel.form_reader import read_sheets
    from indicators.excel.form_writer import write_form
    from indicators.excel.guard import read_workbook
    from indicators.excel.workbook_reader import read_sheets as scan_and_read
    from tests.excel.forms import make_form, make_row
    from tests.excel.packages import put_together, share_texts, take_apart

    kinds = [("rate", ("480", "500", "")), ("percent", ("", "", "95.5"))]
    given = [make_row(kinds[n % 2][0], series_id=n, numbers=kinds[n % 2][1]) for n in range(1, rows + 1)]
    content = put_together(share_texts(take_apart(write_form(make_form(*given)))))

    def read_with_openpyxl() -> None:
        for sheet in openpyxl.load_workbook(io.BytesIO(content), read_only=True):
            for _row in sheet.iter_rows(values_only=True):
                pass

    sheets = read_workbook(content)
    return {
        "openpyxl, read only, unguarded": best_of(3, read_with_openpyxl),
        "scan and values, same process": best_of(3, lambda: scan_and_read(content)),
        "scan and values, guarded child": best_of(3, lambda: read_workbook(content)),
        "from values to figures and findings": best_of(3, lambda: read_sheets(sheets)),
    }


def main() -> int:
    """Print the table and whether the goal is met."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qscounty.settings")
    import django

    django.setup()
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 6_000
    found = measure(rows)
    rival = found["openpyxl, read only, unguarded"]
    for what, seconds in found.items():
        print(f"{what:40} {seconds:7.3f} s  {seconds / rival:5.2f}")
    share = found["scan and values, guarded child"] / rival
    print(f"workbook-import {share:.2f} {GOAL} {'PASS' if share <= GOAL else 'FAIL'}  ({rows} rows)")
    return 0 if share <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
