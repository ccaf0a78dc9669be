"""Measures the provincial workbook of one quarter beside openpyxl's write-only mode with the same cells.

And the largest one that a sheet is made for, 720 000 rows, in a process of its own whose memory is read at the end.
`python -m tests.benchmarks.bench_export CODE QUARTER TIMES` is that process: the quarter's results, so many times over.
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

LARGEST = 720_000
SHARE_OF_RIVAL = 6  # the rival writes a sixth of the rows, and is counted sixfold: its cost grows with its cells alone
GOAL, MEMORY_GOAL = 1.2, 150.0
_BASE = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was measured: seconds of the processor for `rows` and `cells`; the largest one by the clock and in MB."""

    rows: int
    cells: int
    ours: float
    theirs: float
    memory: float
    largest_rows: int
    largest_seconds: float
    largest_memory: float
    largest_size: float

    @property
    def growth(self) -> float:
        """MB that the largest workbook needs beyond the one of a quarter."""
        return self.largest_memory - self.memory


class Repeated:
    """Results that come several times over; everything else is as with a queryset."""

    def __init__(self, rows: Any, times: int) -> None:
        self._rows, self._times = rows, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._rows, name)

    def values_list(self, *names: str) -> "Repeated":
        """Return the same with these columns."""
        return Repeated(self._rows.values_list(*names), self._times)

    def iterator(self, chunk_size: int) -> Iterator[Any]:
        """Yield every row, then every row again."""
        for _time in range(self._times):
            yield from self._rows.iterator(chunk_size=chunk_size)


def enlarge(edition: Any, times: int) -> Any:
    """Return the edition as if it had its results so many times over."""
    counts = {name: getattr(edition, name) * times for name in ("rows", "reds", "unreported")}
    return replace(edition, results=Repeated(edition.results, times), **counts)


def measure_export(programme: Any, quarter: Any, *, rounds: int = 3, largest: int = LARGEST) -> Exported:
    """Return what the workbook of the quarter costs, what its rival's same cells do, and the largest one."""
    from reports.exports.source import find_edition
    from reports.exports.workbook import write_workbook

    edition = find_edition(programme=programme, quarter=quarter)
    ours, theirs, cells = [], [], 0
    for _round in range(rounds):
        file = io.BytesIO()
        began = time.process_time()
        write_workbook(edition, file)
        ours.append(time.process_time() - began)
        cells = count_cells(file)
        began = time.process_time()
        write_same_cells(edition.rows // SHARE_OF_RIVAL, cells // edition.rows)
        theirs.append((time.process_time() - began) * SHARE_OF_RIVAL)
    once = _in_a_process(programme.code, quarter, times=1)
    often = _in_a_process(programme.code, quarter, times=max(largest // edition.rows, 1))
    return Exported(
        rows=edition.rows,
        cells=cells,
        ours=sorted(ours)[rounds // 2],
        theirs=sorted(theirs)[rounds // 2],
        memory=once["memory"],
        largest_rows=int(often["rows"]),
        largest_seconds=often["seconds"],
        largest_memory=often["memory"],
        largest_size=often["size"],
    )


def count_cells(file: io.BytesIO) -> int:
    """Return the number of cells of the detail sheet, which is the sixth."""
    with zipfile.ZipFile(file) as archive:
        return len(re.findall(rb"<c ", archive.read("xl/worksheets/sheet6.xml")))


def write_same_cells(rows: int, columns: int) -> None:
    """Write as many styled cells by openpyxl: a third each of formulas, texts and numbers, in two fonts by turns."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("明细")
    fonts = [Font(name="宋体", size=9), Font(name="宋体", size=9, color="FF0F4C81")]
    for number in range(rows):
        cells = []
        for place in range(columns):
            value = f"=IF(A{number + 1}=1,1,0)" if place % 3 == 0 else "市质监局" if place % 3 == 1 else 93.1 + place
            cell = WriteOnlyCell(sheet, value=value)
            cell.font = fonts[place % 2]
            cells.append(cell)
        sheet.append(cells)
    workbook.save(io.BytesIO())


def list_export_goals(found: Exported) -> list[tuple[str, str, str, bool]]:
    """Return what was measured against its goal: (what, measured, goal, whether it was reached)."""
    share = found.ours / found.theirs
    large = f"{found.largest_rows:,} rows of detail: memory beyond that of one quarter".replace(",", " ")
    return [
        ("workbook of a quarter against openpyxl's write-only mode", f"{share:.2f} ×", f"≤ {GOAL} ×", share <= GOAL),
        (large, f"{found.growth:.0f} MB", f"≤ {MEMORY_GOAL:.0f} MB", not found.growth > MEMORY_GOAL),
    ]


def write_export(found: Exported) -> list[str]:
    """Return the section of the page."""
    rows = [
        (f"one quarter with {found.cells:,} cells of detail", found.rows, found.ours, f"{found.memory:.0f} MB"),
        ("the same cells of detail by openpyxl's write-only mode", found.rows, found.theirs, "–"),
        (
            f"its results over and over ({found.largest_size:.0f} MB on disk)",
            found.largest_rows,
            found.largest_seconds,
            f"{found.largest_memory:.0f} MB",
        ),
    ]
    return [
        "## The workbook for the province",
        "",
        "All sheets, from the stored results to the file; the first two in seconds of the processor.",
        "",
        "| what | rows of detail | seconds | µs a row | memory of the process |",
        "|---|---|---|---|---|",
        *(
            f"| {what} | {count:,} | {taken:.2f} | {taken / count * 1e6:.0f} | {memory} |".replace(",", " ")
            for what, count, taken, memory in rows
        ),
    ]


def _in_a_process(code: str, quarter: Any, *, times: int) -> dict[str, float]:
    """Return what a process of its own says of the workbook with its results so many times over."""
    arguments = [sys.executable, "-m", "tests.benchmarks.bench_export", code, str(quarter), str(times)]
    ran = subprocess.run(arguments, cwd=_BASE, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main(code: str, quarter: str, times: str) -> None:
    """Write the workbook to a file that is thrown away, and print what it took."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qscounty.settings")
    import django

    django.setup()
    from indicators.engine.period import Quarter
    from indicators.models import Programme
    from reports.exports.source import find_edition
    from reports.exports.workbook import write_workbook

    programme = Programme.objects.select_related("region", "office").get(code=code)
    edition = enlarge(find_edition(programme=programme, quarter=Quarter.parse(quarter)), int(times))
    with tempfile.TemporaryFile() as file:
        began = time.perf_counter()
        write_workbook(edition, file)
        taken, size = time.perf_counter() - began, file.tell()
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    peak = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))
    print(json.dumps({"rows": edition.rows, "seconds": taken, "memory": peak, "size": size / 1e6}))


if __name__ == "__main__":
    main(*sys.argv[1:])
