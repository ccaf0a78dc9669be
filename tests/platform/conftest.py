"""Places and processes for the tests of the platform."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qscounty.embedded.stack import Stack
from qscounty.embedded.state import State

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide settings of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith("QSCOUNTY_") or name in ("DATABASE_URL", "REDIS_URL", "SUDO_UID"):
            monkeypatch.delenv(name)


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a short directory that root's servers may enter, unlike pytest's own closed one."""
    directory = Path(tempfile.mkdtemp(prefix="qs-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def state(place: Path) -> State:
    """Give a state directory that does not exist yet."""
    return State(directory=place / "state")


@pytest.fixture(scope="session")
def begun() -> Iterator[Path]:
    """Make a state once whose first start is over; tests take copies, as making a cluster takes its time."""
    directory = Path(tempfile.mkdtemp(prefix="qs-"))
    directory.chmod(0o711)
    with Stack(State(directory=directory / "state"), durable=False):
        pass
    yield directory / "state"
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def begun_state(begun: Path, state: State) -> State:
    """Give a state whose first start is over."""
    subprocess.run(["cp", "-a", begun, state.directory], check=True)
    return state


@pytest.fixture
def hold_stack(place: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts a stack in another process and waits until it is ready."""
    held: list[subprocess.Popen[str]] = []

    def hold(state: State, *options: str, wait: bool = True, **more: object) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.platform.hold_stack", str(state.directory), *options],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **more,
        )
        held.append(child)
        if wait:
            assert child.stdout is not None
            assert child.stdout.readline().strip() == "ready"
        return child

    yield hold
    for child in held:
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
        child.wait(20)
        if child.stdout:
            child.stdout.close()


def wait_for(question: Callable[[], object], *, seconds: float = 30.0) -> bool:
    """Return whether the answer becomes true in time."""
    deadline = time.monotonic() + seconds
    while not question():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def list_processes(directory: Path) -> list[int]:
    """List living processes whose command line or environment names the directory."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if os.fsencode(directory) in text:
                found.append(int(entry.name))
    return found
