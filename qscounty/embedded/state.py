"""Where one checkout keeps its local data, and whose files they are."""

import hashlib
import os
import pwd
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from qscounty.embedded.failure import LocalServiceError

# Linux allows 107 bytes for a socket's path, macOS 103; PostgreSQL appends ".s.PGSQL.5432.lock".
LONGEST_SOCKET_DIRECTORY = 80
SHARED_STATE = Path("/var/lib/qscounty-local")


@dataclass(frozen=True, kw_only=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True, kw_only=True)
class State:
    """The directory with everything that one checkout's local services keep."""

    directory: Path

    @property
    def digest(self) -> str:
        """Return a short name for the directory, for places outside it."""
        return hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]

    @property
    def sockets(self) -> Path:
        """Return the directory of the sockets: inside the state unless its path cannot name a socket.

        Bytes count: a Chinese character takes three. A comma would part the path in two for PostgreSQL's
        client. The spare place does not depend on the caller's environment (XDG_RUNTIME_DIR differs between
        a log-in and a timer), so every process finds it.
        """
        inside = self.directory / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_DIRECTORY and "," not in str(inside):
            return inside
        return Path("/tmp") / f"qscounty-{self.digest}"  # noqa: S108  owner and mode are checked before use

    @property
    def broker_socket(self) -> Path:
        """Return the path of Valkey's socket."""
        return self.sockets / "valkey.sock"

    @property
    def lock(self) -> Path:
        """Return the file that the running supervisor holds locked."""
        return self.directory / "lock"

    @property
    def secret_key(self) -> Path:
        """Return the file with the signing key of the local site."""
        return self.directory / "secret_key"


def locate_state(project: Path) -> State:
    """Return the state of the checkout `project`: QSCOUNTY_STATE, or `var/local` in it.

    Root's servers run as another user. Where that user cannot enter the checkout (a 0700 directory, as
    build machines make), the state lies in a shared place, since no parent's mode is ever changed.
    """
    if named := os.environ.get("QSCOUNTY_STATE"):
        return State(directory=Path(named).absolute())
    if os.geteuid() == 0 and not is_open_to_others(project):
        digest = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
        return State(directory=SHARED_STATE / digest)
    return State(directory=project / "var" / "local")


def is_open_to_others(path: Path) -> bool:
    """Say whether any user may pass through `path` and all its parents."""
    return all(part.stat().st_mode & stat.S_IXOTH for part in (path, *path.parents))


def choose_account(state: State) -> Account | None:
    """Return the user that root's servers run as, or None when not root.

    The owner of existing sockets wins, so that a later start reads the same data; then the account
    named by QSCOUNTY_SERVERS_USER; under sudo the person behind it; last `nobody`. None is created.
    """
    if os.geteuid() != 0:
        return None
    try:
        if (state.directory / "owner").exists():
            entry = pwd.getpwnam((state.directory / "owner").read_text().strip())
        elif named := os.environ.get("QSCOUNTY_SERVERS_USER"):
            entry = pwd.getpwnam(named)
        elif int(os.environ.get("SUDO_UID") or 0):
            entry = pwd.getpwuid(int(os.environ["SUDO_UID"]))
        else:
            entry = pwd.getpwnam("nobody")
    except (KeyError, ValueError) as error:
        raise LocalServiceError(
            f"The account for the local servers does not exist ({error}): PostgreSQL refuses to run as root,"
            " so name an existing ordinary account in QSCOUNTY_SERVERS_USER."
        ) from error
    if entry.pw_uid == 0:
        raise LocalServiceError(
            "QSCOUNTY_SERVERS_USER names root: PostgreSQL refuses to run as root, so name an ordinary account."
        )
    return Account(uid=entry.pw_uid, gid=entry.pw_gid, name=entry.pw_name)


def prepare_state(state: State, account: Account | None) -> None:
    """Make the state's directories for this user; refuse another user's."""
    directory = state.directory
    try:
        make_directories(directory)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise LocalServiceError(
            f"{directory} cannot be made ({error.strerror}): start as the owner of {directory.parent},"
            " or name a writable directory in QSCOUNTY_STATE."
        ) from error
    check_owner(directory, os.geteuid())
    if account and not is_open_to_others(directory):
        raise LocalServiceError(
            f"{directory} cannot be entered by the account {account.name}, which runs root's servers:"
            " name a directory outside closed ones in QSCOUNTY_STATE."
        )
    ensure_private(state.sockets, account)
    (directory / "log").mkdir(exist_ok=True)
    if account:
        (directory / "owner").write_text(account.name)


def make_directories(directory: Path) -> None:
    """Make a directory and its missing parents, open to others whatever the umask; existing modes stay."""
    for part in (*reversed(directory.parents), directory):
        if not part.exists():
            part.mkdir()
            part.chmod(0o755)
    if not directory.is_dir():
        raise NotADirectoryError(20, "a file is in the way", str(directory))


def check_owner(directory: Path, uid: int) -> None:
    """Refuse a state directory that another user began."""
    owner = directory.stat().st_uid
    if owner == uid:
        return
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    raise LocalServiceError(
        f"{directory} belongs to the user {name}: start as {name}, or delete that directory to begin anew."
    )


def ensure_private(directory: Path, account: Account | None) -> None:
    """Make a directory only the servers' user may enter; refuse a link or another user's directory.

    The spare place lies in a directory that everyone may write, where another user could wait with a link.
    """
    uid, gid = (account.uid, account.gid) if account else (os.geteuid(), os.getegid())
    try:
        directory.mkdir(mode=0o700)
        if account:
            os.chown(directory, uid, gid)
    except FileExistsError:
        pass
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != uid:
        raise LocalServiceError(f"{directory} is not a directory of the user {uid}: delete it and start again.")
    if stat.S_IMODE(found.st_mode) != 0o700:
        directory.chmod(0o700)


def read_secret_key(state: State) -> str:
    """Return the local site's signing key; before the first start, one that only this process knows.

    Reading never makes the file: a mere `manage.py check` by root must not leave root's files behind.
    """
    try:
        return state.secret_key.read_text()
    except OSError:
        return secrets.token_urlsafe(48)


def keep_secret_key(state: State) -> str:
    """Return the local site's signing key, made and kept at the first start. Call under the lock."""
    try:
        descriptor = os.open(state.secret_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return state.secret_key.read_text()
    key = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
