"""Anchors of the trail: the ends of its chains, written where the database cannot reach. Files only, no database.

One line an anchor, JSON with sorted keys; `before` is the SHA-256 of the line before it in the file, so that a line
altered or taken out is found in the file itself. One file a month. Source: trust rule 28, cases T21 and T52; ADR 13.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

NO_LINE_BEFORE = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """At `at` (ISO 8601, UTC) the chain `chain` ended with entry `length`, whose digest was `head`."""

    at: str
    chain: int
    length: int
    head: str


def file_of(directory: Path, at: datetime) -> Path:
    """Return the file for anchors of that month."""
    return directory / f"audit-{at:%Y-%m}.jsonl"


def list_files(directory: Path) -> list[Path]:
    """Return the anchor files, oldest first; none where nothing was anchored yet."""
    return sorted(directory.glob("audit-*.jsonl"))


def append_anchors(path: Path, anchors: Iterable[Anchor]) -> int:
    """Append the anchors of chains that have moved since their last line in the file; return how many those are.

    The lines are on the disk when it returns. Two processes take turns. Errors: OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o640)
    with os.fdopen(descriptor, "rb+", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        present = file.read()
        known = {anchor.chain: anchor for anchor in _parse(present) if isinstance(anchor, Anchor)}
        before = _digest(present.removesuffix(b"\n").rsplit(b"\n", 1)[-1]) if present else NO_LINE_BEFORE
        # A line that a crash cut in two is closed, and stays to be seen.
        text, count = b"" if not present or present.endswith(b"\n") else b"\n", 0
        for anchor in anchors:
            last = known.get(anchor.chain)
            if last is not None and (last.length, last.head) == (anchor.length, anchor.head):
                continue
            line = json.dumps({**asdict(anchor), "before": before}, sort_keys=True, separators=(",", ":")).encode()
            before, text, count = _digest(line), text + line + b"\n", count + 1
        if count:
            file.write(text)
            os.fsync(file.fileno())
    return count


def read_anchors(path: Path) -> Iterator[Anchor | str]:
    """Yield each anchor of the file, and one sentence for each line that was altered, torn or follows a missing one."""
    for found in _parse(path.read_bytes()):
        yield found if isinstance(found, Anchor) else f"{path.name}: {found}"


def _parse(content: bytes) -> Iterator[Anchor | str]:
    before = NO_LINE_BEFORE
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            fields = json.loads(line)
            named = fields.pop("before")
            anchor = Anchor(**fields)
        except (ValueError, TypeError, KeyError, AttributeError):
            yield f"line {number} cannot be read."
        else:
            if named != before:
                yield f"line {number} does not follow from the one before it; the file was altered."
            yield anchor
        before = _digest(line)


def _digest(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()
