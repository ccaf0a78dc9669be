"""Start processes that end with us, stop them in order, and clear away what a killed start left behind."""

import ctypes
import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.state import Account

POLL_SECONDS = 0.02
PR_SET_PDEATHSIG = 1
SERVER_NAMES = frozenset({b"postgres", b"initdb", b"valkey-server", b"redis-server"})


def start_child(
    command: Sequence[str | Path],
    *,
    ends_on: signal.Signals,
    output: IO[bytes] | int,
    env: dict[str, str],
    cwd: Path,
    account: Account | None = None,
    pass_fds: Sequence[int] = (),
) -> subprocess.Popen[bytes]:
    """Start a process that the kernel sends `ends_on` when we die, even by kill -9.

    Call from the main thread: the kernel ties the promise to the thread that started the child. Without
    Linux there is no such promise; `stop_debris` covers that at the next start.
    """
    return subprocess.Popen(
        [os.fspath(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        pass_fds=pass_fds,
        # A session of its own: Ctrl-C reaches only us, and we stop the children in order.
        start_new_session=True,
        # After the change of user, which would clear the promise.
        preexec_fn=_make_promise(ends_on),
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _make_promise(ends_on: signal.Signals) -> Callable[[], None] | None:
    """Return what a fresh child does before it becomes its program."""
    if not sys.platform.startswith("linux"):
        return None
    prctl, parent = _load_libc().prctl, os.getpid()

    def promise() -> None:
        prctl(PR_SET_PDEATHSIG, int(ends_on), 0, 0, 0)
        if os.getppid() != parent:  # we died before the promise was made
            os._exit(1)

    return promise


@functools.cache
def _load_libc() -> ctypes.CDLL:
    """Load the C library in the parent: a forked child must not load anything."""
    return ctypes.CDLL(None, use_errno=True)


def wait_until_ready(
    child: subprocess.Popen[bytes], *, name: str, is_ready: Callable[[], bool], log: Path, limit: float = 120.0
) -> None:
    """Return once the child is ready; raise with its last words if it ends, or if `limit` seconds pass."""
    deadline = time.monotonic() + limit
    while not is_ready():
        if child.poll() is not None:
            raise LocalServiceError(explain_end(name, log))
        if time.monotonic() > deadline:
            raise LocalServiceError(f"{name} was not ready after {limit:.0f} s: see {log}.")
        time.sleep(POLL_SECONDS)


def explain_end(name: str, log: Path) -> str:
    """Return a sentence for a server that ended at once, from the last lines of its log."""
    try:
        lines = log.read_text(errors="replace").strip().splitlines()[-30:]
    except OSError:
        lines = []
    if any("No space left on device" in line or "Disk quota exceeded" in line for line in lines):
        return f"{name} cannot write: the disk of {log.parent.parent} is full; make room and start again."
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "error" in line.lower()]
    reason = (telling or lines or ["it left no message"])[-1].strip()
    return f"{name} did not start ({reason}): the whole story is in {log}."


def stop_child(child: subprocess.Popen[bytes] | None, *, how: signal.Signals, patience: float) -> None:
    """Ask a child to end; after `patience` seconds end it."""
    if child is None or child.poll() is not None:
        return
    child.send_signal(how)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def stop_debris(directories: Sequence[Path], *, title: str, patience: float = 15.0) -> list[int]:
    """Stop servers of an earlier start that work on `directories`; return their process numbers.

    Call only under the lock: then nothing that runs on these directories is anybody's.
    """
    found = list(_find_servers(directories, title))
    stopped, deadline, how = found[:], time.monotonic() + patience, signal.SIGINT
    while found:
        for pid in found:
            try:
                os.kill(pid, how)
            except ProcessLookupError:
                continue
        until = time.monotonic() + 0.5
        while (found := list(_find_servers(directories, title))) and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
        if time.monotonic() > deadline:
            how = signal.SIGKILL
    return stopped


def _find_servers(directories: Sequence[Path], title: str) -> Iterator[int]:
    """Yield servers whose command line names one of the directories, and server processes titled `title`."""
    names = {os.fsencode(directory) for directory in directories}
    for pid, arguments in _list_processes():
        program = arguments[0].rpartition(b"/")[2]
        # A backend that outlived its killed postmaster is known by the cluster's name in its title.
        is_backend = arguments[0].startswith(b"postgres: " + os.fsencode(title))
        if pid != os.getpid() and (is_backend or (program in SERVER_NAMES and names.intersection(arguments))):
            yield pid


def _list_processes() -> Iterator[tuple[int, list[bytes]]]:
    """Yield number and arguments of each process; zombies have none and are left out."""
    if Path("/proc/self/cmdline").exists():
        for entry in os.scandir("/proc"):
            if entry.name.isdigit():
                try:
                    line = Path(entry.path, "cmdline").read_bytes()
                except OSError:  # it ended meanwhile
                    continue
                if line:
                    yield int(entry.name), line.rstrip(b"\0").split(b"\0")
        return
    # Without /proc (macOS) arguments with spaces come apart; there a left-over server is found only if
    # its paths have none.
    listing = subprocess.run(["ps", "-axww", "-o", "pid=,command="], capture_output=True, check=False).stdout
    for row in listing.splitlines():
        pid, _, command = row.strip().partition(b" ")
        if command:
            yield int(pid), command.split()
