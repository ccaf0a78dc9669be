"""`manage.py up` from first start to Ctrl-C, as a person at a terminal meets it."""

import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.conftest import PROJECT, list_processes, wait_for

READY = re.compile(r"Ready after ([\d.]+) s: http://127\.0\.0\.1:(\d+)/")


class Started:
    """A running `up` with the output it has printed so far."""

    def __init__(self, directory: Path, *options: str, make: bool = False, **variables: str) -> None:
        self.directory = directory
        self.output = ""
        command = [sys.executable, "manage.py", "up", "--empty", *options]
        if make:
            command = ["make", "run", f"PYTHON={sys.executable}", "ARGS=--empty " + " ".join(options)]
        environment = {"PATH": os.environ["PATH"], "QSCOUNTY_STATE": str(directory), "HOME": "/nonexistent"}
        # A terminal of its own: Ctrl-C then goes to the whole foreground group, as it does for a person.
        self.terminal, inner = pty.openpty()
        self.process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**environment, **variables},
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(inner)

    def read_until(self, pattern: re.Pattern[str] | str, *, seconds: float = 60) -> re.Match[str]:
        """Return the first match in the output; fail with the output when it does not come."""
        deadline = time.monotonic() + seconds
        while not (found := re.search(pattern, self.output)):
            if not self._read() or time.monotonic() > deadline:
                pytest.fail(f"no {pattern!r} in:\n{self.output}")
        return found

    def read_all(self, *, seconds: float = 60) -> str:
        """Return everything up to the end of the process."""
        deadline = time.monotonic() + seconds
        while self._read() and time.monotonic() < deadline:
            pass
        self.process.wait(10)
        return self.output

    def press_ctrl_c(self) -> None:
        """Press Ctrl-C on the terminal."""
        os.write(self.terminal, b"\x03")

    def list_children(self, word: str) -> list[int]:
        """List this start's processes whose command line has the word."""
        return [
            pid for pid in list_processes(self.directory) if word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        ]

    def end(self) -> None:
        """End it, whatever state it is in."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.close(self.terminal)

    def _read(self) -> bool:
        ready, _, _ = select.select([self.terminal], [], [], 0.5)
        if not ready:
            return self.process.poll() is None
        try:
            piece = os.read(self.terminal, 65536)
        except OSError:  # the other side closed the terminal
            return False
        self.output += piece.decode(errors="replace").replace("\r\n", "\n")
        return bool(piece)


def _take_terminal() -> None:
    """Make the terminal the one that Ctrl-C comes from."""
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@pytest.fixture(scope="module")
def prepared() -> Iterator[Path]:
    """Start once for all tests here: what follows are second starts."""
    place = Path(tempfile.mkdtemp(prefix="qs-"))
    place.chmod(0o711)
    first = Started(place / "state", "--exit-when-ready")
    output = first.read_all(seconds=120)
    first.end()
    assert READY.search(output), output
    yield place / "state"
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def up(prepared: Path) -> Iterator[type[Started]]:
    """Return a function that starts on the prepared state; everything is stopped at the end."""
    started: list[Started] = []

    def start(*options: str, directory: Path = prepared, make: bool = False, **variables: str) -> Started:
        started.append(Started(directory, *options, make=make, **variables))
        return started[-1]

    yield start  # type: ignore[misc]
    for one in started:
        one.end()


def fetch(port: str, path: str) -> int:
    """Return the status the site answers with."""
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


def test_second_start_is_quick_serves_and_ctrl_c_through_make_leaves_nothing(up, prepared: Path):
    one = up(make=True, QSCOUNTY_PORT="18100")
    found = one.read_until(READY)
    assert float(found[1]) < 10, "3 s are aimed at on an idle machine"
    assert "Preparing" not in one.output
    assert "Collecting" not in one.output
    assert fetch(found[2], "/readyz") == 200
    assert fetch(found[2], "/static/vendor/missing.js") == 404
    assert one.list_children("celery")
    one.press_ctrl_c()
    output = one.read_all()
    assert "Stopped." in output
    assert "Traceback" not in output
    assert wait_for(lambda: not list_processes(prepared)), "a process outlived Ctrl-C"


@pytest.mark.faults
def test_a_taken_port_is_passed_over_ended_processes_start_again_and_sigterm_stops_all(up):
    with socket.socket() as blocker:
        blocker.bind(("127.0.0.1", 0))
        blocker.listen()
        port = blocker.getsockname()[1]
        one = up("--port", str(port))
        found = one.read_until(READY)
        assert f"Port {port} is taken: using {found[2]}." in one.output
        assert int(found[2]) > port
    web, database = one.list_children("gunicorn"), one.list_children("pg-1")
    os.kill(min(web), signal.SIGKILL)
    os.kill(min(database), signal.SIGKILL)
    one.read_until(r"web ended by itself \(code -9\); starting it again in 1 s")
    one.read_until("PostgreSQL had ended by itself and was started again")
    assert wait_for(lambda: set(one.list_children("gunicorn")) - set(web))
    assert wait_for(lambda: fetch(found[2], "/readyz") == 200)
    one.process.terminate()
    assert "Stopped." in one.read_all()
    assert one.process.returncode == 0


@pytest.mark.faults
def test_a_second_start_is_refused_and_a_kill_ends_every_process(up, prepared: Path):
    one = up()
    one.read_until(READY)
    other = up("--port", "18200")
    output = other.read_all()
    assert f"already running as process {one.process.pid}" in output
    assert other.process.returncode == 1
    assert one.process.poll() is None
    one.process.kill()
    assert wait_for(lambda: not list_processes(prepared)), "a process outlived its supervisor"


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"QSCOUNTY_PORT": "many"}, "QSCOUNTY_PORT is 'many': set it to a whole number from 1 to 65535."),
        ({"DATABASE_URL": "mysql://a:b@c/d"}, "DATABASE_URL is not the address of a PostgreSQL database"),
        (
            {"DATABASE_URL": "postgres://a:secret@127.0.0.1:1/d"},
            r"The database does not answer \(.*refused.*\): start it, or correct DATABASE_URL.",
        ),
        ({"QSCOUNTY_SITE": "https"}, "QSCOUNTY_SECRET_KEY is not set: it signs sessions"),
    ],
)
def test_a_wrong_variable_is_one_sentence(up, variables: dict[str, str], sentence: str):
    one = up(**variables)
    output = one.read_all()
    assert re.search(sentence, output), output
    assert "Traceback" not in output
    assert "secret" not in output
    assert one.process.returncode == 1
