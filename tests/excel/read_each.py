"""Reads many files, each in a process of its own under the child's limits; started by the tests of hostile files.

`python -m tests.excel.read_each <folder>` prints one line of JSON a file: exit, seconds, peak memory, what was read.
Forking from a process that has the reader loaded takes a tenth of starting one for each file.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

from indicators.excel.child import limit_process, write_value
from indicators.excel.workbook_reader import read_sheets


def read(path: Path, pipe: int) -> None:
    """Read one file under the limits and write the answer into the pipe."""
    limit_process()
    answer = read_sheets(path.read_bytes())
    fields = {"sheet": answer.sheet, "form": answer.form, "shown": answer.shown, "record": answer.record}
    fields["findings"] = [finding.dump() for finding in answer.findings]
    with os.fdopen(pipe, "w") as out:
        out.write(json.dumps(fields, default=write_value))


def fork_for(path: Path) -> dict[str, object]:
    """Return how the reading of one file went."""
    ours, theirs = os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        status = 1
        try:
            read(path, theirs)
            status = 0
        except MemoryError:
            status = 3
        finally:
            os._exit(status)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        text = answer.read()
    _, status, used = os.wait4(pid, 0)
    return {
        "name": path.name,
        "exit": os.waitstatus_to_exitcode(status),
        "seconds": time.monotonic() - started,
        "megabytes": used.ru_maxrss / 1024,
        "read": json.loads(text) if text else None,
    }


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for path in sorted(Path(sys.argv[1]).iterdir()):
        print(json.dumps(fork_for(path)))
