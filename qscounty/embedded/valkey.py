"""Start and watch the local Valkey, the broker of background work."""

import shutil
import signal
import socket
import subprocess
from pathlib import Path

from qscounty.embedded import children
from qscounty.embedded.postgres import ENVIRONMENT
from qscounty.embedded.state import Account, State

STOP = signal.SIGTERM


def locate_store(state: State) -> Path:
    """Return the directory where queued work survives a restart."""
    return state.directory / "valkey"


def start_server(
    state: State, program: Path, *, account: Account | None, durable: bool, log: Path
) -> subprocess.Popen[bytes]:
    """Start the server, reachable only through its socket; it is not ready yet."""
    store = locate_store(state)
    store.mkdir(mode=0o700, exist_ok=True)
    if account:
        shutil.chown(store, account.uid, account.gid)
    state.broker_socket.unlink(missing_ok=True)
    options = {
        "port": "0",
        "unixsocket": str(state.broker_socket),
        "unixsocketperm": "700",
        "dir": str(store),
        "daemonize": "no",
        # Queued work is kept by the append-only file alone; snapshots would only add writes.
        "save": "",
        "appendonly": "yes" if durable else "no",
        # Without memory it refuses new work loudly, it never drops old work silently.
        "maxmemory-policy": "noeviction",
        # `stop_debris` knows the server by its arguments, which the title would replace.
        "set-proc-title": "no",
    }
    if "valkey" not in program.name and "redis" not in program.name:
        options.pop("set-proc-title")
    command: list[str | Path] = [program]
    for name, value in options.items():
        command += [f"--{name}", value]
    with log.open("ab") as output:
        return children.start_child(command, ends_on=STOP, output=output, env=ENVIRONMENT, cwd=store, account=account)


def is_ready(state: State) -> bool:
    """Say whether the server answers over its socket; while it still loads its file it does not."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(state.broker_socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
