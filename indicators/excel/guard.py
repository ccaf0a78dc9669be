"""The door for workbooks from outside: size and first bytes here, everything else in a child process.

Three layers: size and magic → the package's directory → a scan of every part that is read, the last two in a child
with bounds on memory and time. The web process never parses uploaded bytes. Source: trust rule 19.
"""

import json
import logging
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indicators.excel.child import OUT_OF_BOUNDS
from indicators.excel.compound_file import MAGIC
from indicators.workbook_rows import Fault, Finding

MOST_BYTES = 5 * 1024 * 1024
MOST_SECONDS = 10
_ZIP = b"PK\x03\x04"
_OLD = re.compile(rb"^\x09[\x00\x02\x04\x08][\x00-\x10]\x00")  # the streams of 1985 to 1995, without a container
_PROJECT = Path(__file__).resolve().parents[2]

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """The values of a workbook: rows of cells from A1 on. Formats only where a number is not shown plainly."""

    sheet: str = ""
    form: list[list[Any]] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=dict)
    record: list[list[Any]] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()


def read_workbook(content: bytes) -> Sheets:
    """Return the values of a workbook from outside, or findings that name what speaks against it; never raises."""
    finding = check_outside(content)
    if finding is not None:
        return Sheets(findings=(finding,))
    text = ask_child(content, module="indicators.excel.child")
    if isinstance(text, Finding):
        return Sheets(findings=(text,))
    answer = json.loads(text)
    findings = tuple(Finding.load(stored) for stored in answer.pop("findings"))
    return Sheets(findings=findings, **answer)


def check_outside(content: bytes) -> Finding | None:
    """Return why a file is refused by its size and first bytes alone; None to go on."""
    if not content:
        return Finding(fault=Fault.EMPTY_FILE)
    if len(content) > MOST_BYTES:
        return Finding(fault=Fault.TOO_BIG, piece=f"{MOST_BYTES // 1024 // 1024} MB")
    if content.startswith((_ZIP, MAGIC)):
        return None
    if _OLD.match(content):
        return Finding(fault=Fault.OLD_FORMAT)
    return Finding(fault=Fault.NOT_A_WORKBOOK, piece=_name_kind(content))


def _name_kind(content: bytes) -> str:
    """Return what a file that is no workbook looks like; empty where nothing gives it away."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf"):
        return "PDF"
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        return "HTML"
    if head.startswith(b"<?xml"):
        return "XML"
    if head.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8")):
        return "JPG/PNG"
    if head.startswith(b"{\\rtf"):
        return "RTF"
    is_text = b"\0" not in content[:1024]
    return "CSV" if is_text and (b"," in head or b"\t" in head or b";" in head) else ""


def ask_child(content: bytes, *, module: str) -> bytes | Finding:
    """Return what the child process `module` writes about a file, or why the file ended it."""
    command = [sys.executable, "-E", "-s", "-B", "-m", module]
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            cwd=_PROJECT,
            env={"LC_ALL": "C.UTF-8", "PATH": ""},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Finding(fault=Fault.TOO_COSTLY)
    if done.returncode != 0:
        logger.warning("A workbook ended its reader (%s): %s", done.returncode, done.stderr[-500:])
        fell = done.returncode < 0 or done.returncode == OUT_OF_BOUNDS or b"MemoryError" in done.stderr
        return Finding(fault=Fault.TOO_COSTLY if fell else Fault.DAMAGED)
    return done.stdout
