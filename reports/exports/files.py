"""Workbooks as files: they appear whole or not at all, and are known by their hash. Source: trust rule 15."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from reports.actions.exports import Receipt
from reports.exports.source import Edition
from reports.exports.workbook import write_workbook

_BLOCK = 1 << 20


def write_file(edition: Edition, file: IO[bytes]) -> Receipt:
    """Write the workbook into an open file that can be read back, and leave it at its beginning."""
    written = write_workbook(edition, file)
    file.flush()
    size = file.tell()
    file.seek(0)
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    file.seek(0)
    return Receipt(rows=written.rows, size=size, sha256=digest.hexdigest(), fingerprint=written.fingerprint)


@contextmanager
def stage_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that takes the name `path` when everything went well, and leaves nothing otherwise.

    Errors: OSError where the folder does not exist or cannot be written.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_read_umask())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read_umask() -> int:
    """Return the process's mask: a temporary file is its owner's alone, the finished one is like any other."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
