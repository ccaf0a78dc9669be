"""The embedded PostgreSQL and Valkey of one checkout, as one thing that starts and stops."""

import errno
import fcntl
import os
import subprocess
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from qscounty.embedded import binaries, children, postgres, valkey
from qscounty.embedded import state as states
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.state import Account, State

LARGEST_LOG = 5 * 1024 * 1024


class Stack:
    """Both servers, or the one that no address replaces. Start and stop it from the main thread."""

    def __init__(
        self, state: State, *, with_postgres: bool = True, with_valkey: bool = True, durable: bool = True
    ) -> None:
        self.state = state
        self.with_postgres, self.with_valkey, self.durable = with_postgres, with_valkey, durable
        self.postgres: subprocess.Popen[bytes] | None = None
        self.valkey: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def start(self) -> Self:
        """Return once both servers accept connections; raise a sentence and leave nothing running otherwise."""
        try:
            self._start()
        except OSError as error:
            self.stop()
            raise LocalServiceError(explain_failure(error, self.state)) from error
        except BaseException:
            self.stop()
            raise
        return self

    def _start(self) -> None:
        account = states.choose_account(self.state)
        states.prepare_state(self.state, account)
        self._take_lock()
        states.keep_secret_key(self.state)
        directory = self.state.directory
        stores = [*directory.glob("pg-*"), directory / "pg.new", valkey.locate_store(self.state)]
        children.stop_debris(stores, title=f"qscounty-{self.state.digest}")
        if self.with_valkey:
            self._start_valkey(account)
        if self.with_postgres:
            self._start_postgres(account)
            postgres.ensure_database(self.state)
        if self.valkey:
            children.wait_until_ready(
                self.valkey,
                name="Valkey",
                is_ready=lambda: valkey.is_ready(self.state),
                log=self._open_log("valkey"),
            )

    def _start_postgres(self, account: Account | None) -> None:
        """Start PostgreSQL and wait: after a crash it first repeats what its log holds."""
        found = binaries.find_postgres(account)
        postgres.make_cluster(self.state, found, account=account, durable=self.durable)
        cluster, log = postgres.locate_cluster(self.state, found), self._open_log("postgres")
        postgres.clear_debris(self.state, cluster)
        server = self.postgres = postgres.start_server(
            self.state, found, account=account, durable=self.durable, log=log
        )
        children.wait_until_ready(
            server, name="PostgreSQL", is_ready=lambda: postgres.is_ready(cluster, server), log=log
        )

    def _start_valkey(self, account: Account | None) -> None:
        """Start Valkey without waiting: it gets ready while PostgreSQL does."""
        program = binaries.find_valkey(account)
        self.valkey = valkey.start_server(
            self.state, program, account=account, durable=self.durable, log=self._open_log("valkey")
        )

    def revive(self) -> list[str]:
        """Start again each server that ended by itself; return their names."""
        revived, account = [], states.choose_account(self.state)
        if self.valkey and self.valkey.poll() is not None:
            self._start_valkey(account)
            revived.append("Valkey")
        if self.postgres and self.postgres.poll() is not None:
            children.stop_debris(list(self.state.directory.glob("pg-*")), title=f"qscounty-{self.state.digest}")
            self._start_postgres(account)
            revived.append("PostgreSQL")
        return revived

    def stop(self) -> None:
        """Stop both servers and give the lock back; harmless when nothing runs."""
        children.stop_child(self.valkey, how=valkey.STOP, patience=10)
        children.stop_child(self.postgres, how=postgres.STOP, patience=30)
        self.valkey = self.postgres = None
        if self._lock:
            self._lock.close()  # the file stays: removing it would let two starts lock two files
            self._lock = None

    def _take_lock(self) -> None:
        """Hold the checkout until the process ends, however it ends: the kernel gives the lock back."""
        file = self.state.lock.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "unknown"
            file.close()
            raise LocalServiceError(
                f"{self.state.directory} is in use: already running as process {pid}; stop that one first (Ctrl-C)."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._lock = file

    def _open_log(self, name: str) -> Path:
        """Return the server's log file; a long one starts anew, keeping one predecessor."""
        log = self.state.directory / "log" / f"{name}.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        return log

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def explain_failure(error: OSError, state: State) -> str:
    """Return one sentence for what the operating system refused."""
    place = error.filename or state.directory
    # Copying a folder collects its errors into one without a number.
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left on device" in str(error):
        return f"The disk of {state.directory} is full: make room and start again."
    if error.errno == errno.EROFS:
        return f"{place} is on a read-only disk: name a writable directory in QSCOUNTY_STATE."
    if isinstance(error, PermissionError):
        return f"{place} may not be read or written by this user: start as its owner, or delete {state.directory}."
    return f"The local services cannot start: {error}."
