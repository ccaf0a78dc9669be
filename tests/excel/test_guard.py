"""The child process: what it answers, what ends it, and that the web process outlives it."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from indicators.excel import guard
from indicators.excel.form_reader import read_form
from indicators.workbook_rows import Fault
from tests.excel.forms import SHEET, form_bytes
from tests.excel.hostile_files import PACKAGES
from tests.excel.xls_builder import build_form

ROOT = Path(__file__).parents[2]


def test_a_good_file_comes_through():
    read = read_form(form_bytes({"G5": 480, "H5": 500}))
    assert read.findings == ()
    assert (read.submission_id, read.quarter, read.sheet) == (7, "2018Q3", SHEET)
    assert [row.series_id for row in read.rows if row.is_touched] == [100]


def test_the_old_format_comes_through():
    read = read_form(build_form())
    assert read.findings == ()
    assert len(read.rows) == 7


def test_a_bomb_leaves_the_web_process_alone():
    bomb = next(case for case in PACKAGES if case.name == "a bomb in the form")
    started = time.monotonic()
    assert [finding.fault for finding in read_form(bomb.make()).findings] == [Fault.TOO_COSTLY]
    assert time.monotonic() - started < guard.MOST_SECONDS


def pretend(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let another program be the child."""
    run = subprocess.run

    def instead(_command: list[str], **more: object) -> object:
        return run([sys.executable, "-c", program], **more)

    monkeypatch.setattr(guard.subprocess, "run", instead)


LIMITS = "from indicators.excel.child import limit_process; limit_process(); import sys; sys.stdin.buffer.read(); "


@pytest.mark.parametrize(
    ("program", "fault"),
    [
        (LIMITS + "b'x' * (600 * 1024 * 1024)", Fault.TOO_COSTLY),
        (LIMITS + "import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Fault.TOO_COSTLY),
        (LIMITS + "import os; os.abort()", Fault.TOO_COSTLY),
        (LIMITS + "sys.exit(3)", Fault.TOO_COSTLY),
        (LIMITS + "1 / 0", Fault.DAMAGED),
    ],
    ids=["memory", "killed", "aborted", "out of bounds", "an error of its own"],
)
def test_whatever_ends_the_child_is_a_sentence(monkeypatch, program, fault):
    pretend(monkeypatch, program)
    assert [finding.fault for finding in guard.read_workbook(form_bytes()).findings] == [fault]


def test_a_child_that_hangs_is_ended(monkeypatch):
    monkeypatch.setattr(guard, "MOST_SECONDS", 0.5)
    pretend(monkeypatch, "import time; time.sleep(60)")
    started = time.monotonic()
    assert [finding.fault for finding in guard.read_workbook(form_bytes()).findings] == [Fault.TOO_COSTLY]
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("attempt", "refusal"),
    [
        ("open('/tmp/never-written-by-a-reader', 'w').write('x' * 100_000)", "OSError"),
        ("import resource; resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))", ""),
        ("[open('/dev/null') for _ in range(200)]", "OSError"),
    ],
    ids=["writing a file", "lifting the limit", "opening many files"],
)
def test_the_child_cannot(attempt, refusal):
    """The second line is the control: root may lift its own limits, any other account may not."""
    program = LIMITS + "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); " + attempt
    done = subprocess.run([sys.executable, "-c", program], input=b"", capture_output=True, cwd=ROOT, check=False)
    assert refusal in done.stderr.decode()
    assert not refusal or done.returncode != 0
    Path("/tmp/never-written-by-a-reader").unlink(missing_ok=True)


def test_the_child_knows_neither_settings_nor_database():
    program = (
        "import sys, indicators.excel.child, indicators.excel.workbook_reader;"
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg2', 'qscounty', 'openpyxl')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == b"[]"


def test_the_child_gets_no_environment(monkeypatch):
    monkeypatch.setenv("QSCOUNTY_SECRET_KEY", "secret")
    seen = {}

    def look(_command: list[str], **more: object) -> object:
        seen.update(more["env"])  # type: ignore[call-overload]
        return subprocess.CompletedProcess([], 1, b"", b"")

    monkeypatch.setattr(guard.subprocess, "run", look)
    guard.read_workbook(form_bytes())
    assert "secret" not in seen.values()
    assert "PYTHONPATH" not in seen
