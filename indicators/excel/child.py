"""The process in which a strange file is opened: bounded in memory and time, knows no database and no key.

Started by `guard` as `python -m indicators.excel.child`: the file comes by standard input, and JSON
goes to standard output.
Source: trust rule 19.
"""

import json
import resource
import sys
from datetime import date, datetime, time, timedelta

MOST_MEMORY = 512 * 1024 * 1024  # bytes of address space
MOST_SECONDS = 8  # of processor time
OUT_OF_BOUNDS = 3  # how the process ends when memory ran out


def limit_process() -> None:
    """Bound memory, processor time and files before anything strange is touched."""
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def write_value(value: object) -> object:
    """Return a date or time as JSON; the parser refuses it later with its place."""
    if isinstance(value, date | datetime | time | timedelta):
        return {"date": str(value)}
    raise TypeError(type(value))


def main() -> int:
    """Read the file, write what was found."""
    limit_process()
    from indicators.excel.workbook_reader import read_sheets

    try:
        read = read_sheets(sys.stdin.buffer.read())
        answer = {
            "sheet": read.sheet,
            "form": read.form,
            "shown": read.shown,
            "record": read.record,
            "findings": [finding.dump() for finding in read.findings],
        }
        text = json.dumps(answer, default=write_value, ensure_ascii=True)
    except MemoryError:
        return OUT_OF_BOUNDS
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
