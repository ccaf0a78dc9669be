"""Keep web server, worker and beat running beside one another until told to stop."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from qscounty.embedded import children
from qscounty.embedded.failure import LocalServiceError

Say = Callable[[str], None]
# A process that ends at once is started again after 1, 2, 4 … seconds, at most this many.
LONGEST_PAUSE = 30.0
# One that lived this long is healthy: its next end counts as the first.
HEALTHY_SECONDS = 60.0
PORTS_TRIED = 50


@dataclass(kw_only=True)
class Process:
    """One process that is to run for as long as we do."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    # How long it may take to end: a running task is finished first.
    patience: float
    pass_fds: Sequence[int] = ()
    child: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    resumes_at: float = field(default=0.0)


class Supervisor:
    """Start processes, print their lines with their name, start ended ones again, stop all in order."""

    def __init__(self, *, directory: Path, say: Say) -> None:
        self.directory, self.say = directory, say
        self.processes: list[Process] = []
        self._is_stopping = False

    def add(self, process: Process) -> None:
        """Start a process and watch over it from now on. Call from the main thread."""
        self.processes.append(process)
        self._start(process)

    def look_after(self) -> None:
        """Notice ended processes; start them again when their pause is over."""
        now = time.monotonic()
        for process in self.processes:
            if process.child and process.child.poll() is not None:
                self._note_end(process, code=process.child.returncode, now=now)
            elif process.child is None and now >= process.resumes_at:
                self._start(process)

    def has_failed(self, name: str) -> bool:
        """Say whether a process ended without having been healthy since."""
        return any(process.name == name and process.failures for process in self.processes)

    def stop(self) -> None:
        """Stop all processes: all are asked at once, then each gets its time.

        Asked once only: Celery takes a second request for impatience and drops the running task.
        """
        self._is_stopping = True
        running = [(process, process.child) for process in self.processes if process.child]
        for _process, child in running:
            if child.poll() is None:
                child.terminate()
        for process, child in running:
            try:
                child.wait(process.patience)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.processes.clear()

    def _start(self, process: Process) -> None:
        process.started_at = time.monotonic()
        process.child = children.start_child(
            process.command,
            ends_on=signal.SIGTERM,
            output=subprocess.PIPE,
            env=process.environment,
            cwd=self.directory,
            pass_fds=process.pass_fds,
        )
        threading.Thread(target=self._print_lines, args=(process.name, process.child), daemon=True).start()

    def _note_end(self, process: Process, *, code: int, now: float) -> None:
        lived = now - process.started_at
        process.failures = 1 if lived > HEALTHY_SECONDS else process.failures + 1
        pause = min(2.0 ** (process.failures - 1), LONGEST_PAUSE)
        process.child, process.resumes_at = None, now + pause
        self.say(f"{process.name} ended by itself (code {code}); starting it again in {pause:.0f} s.")

    def _print_lines(self, name: str, child: subprocess.Popen[bytes]) -> None:
        for line in child.stdout or ():
            # Celery stopped in the middle of its own start prints pages of traceback, all of it harmless.
            if self._is_stopping:
                continue
            if text := line.decode(errors="replace").rstrip():
                self.say(f"[{name}] {text}")


def open_port(host: str, first: int) -> socket.socket:
    """Return a listening socket on the first free port from `first` on.

    We keep it while the web server is started again: requests then wait instead of being refused, and
    nobody else can take the port.
    """
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(128)
        except PermissionError as error:
            listener.close()
            raise LocalServiceError(
                f"Port {port} is reserved for root: name one above 1023 in QSCOUNTY_PORT."
            ) from error
        except socket.gaierror as error:
            listener.close()
            raise LocalServiceError(f"{host!r} is not an address of this machine: correct --host.") from error
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise LocalServiceError(
                    f"Cannot listen on {host}:{port} ({error.strerror}): correct --host."
                ) from error
        else:
            return listener
    raise LocalServiceError(
        f"Ports {first} to {first + PORTS_TRIED - 1} are all taken: name a free one in QSCOUNTY_PORT."
    )


def answers(host: str, port: int, *, path: str, name: str) -> bool:
    """Say whether the web server answers `path` with 200; `name` is the host name it goes by."""
    connection = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path, headers={"Host": name})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def web_command(listener: socket.socket, *, workers: int) -> list[str]:
    """Return the web server's command line on an open socket."""
    return [
        *(sys.executable, "-m", "gunicorn", "qscounty.wsgi:application"),
        *("--bind", f"fd://{listener.fileno()}"),
        *("--worker-class", "gthread", "--workers", str(workers), "--threads", "4"),
        # Loaded once, then forked: half the memory and half the start.
        "--preload",
        *("--timeout", "30", "--graceful-timeout", "10", "--keep-alive", "5"),
        *("--log-level", "warning"),
        # It would lie in the home directory, shared by every project and missing on read-only ones.
        "--no-control-socket",
    ]


def worker_command(*, concurrency: int) -> list[str]:
    """Return the worker's command line; a single machine has no other worker to gossip with."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "qscounty", "worker"),
        *("--concurrency", str(concurrency), "--loglevel", "WARNING"),
        *("--without-gossip", "--without-mingle"),
    ]


def beat_command(directory: Path) -> list[str]:
    """Return the clock's command line; its memory lies in the state directory, no pid file can go stale."""
    return [
        *(sys.executable, "-m", "celery", "--quiet", "-A", "qscounty", "beat"),
        *("--schedule", str(directory / "beat"), "--pidfile=", "--loglevel", "WARNING"),
    ]


def child_environment(process: str) -> dict[str, str]:
    """Return our environment for a child of that kind."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "qscounty.settings",
        "QSCOUNTY_PROCESS": process,
        "PYTHONUNBUFFERED": "1",
    }


def hide_password(text: str) -> str:
    """Return the text with passwords in addresses replaced."""
    return re.sub(r"(://[^:/@\s]*:)[^@\s]*@", r"\1***@", text)
