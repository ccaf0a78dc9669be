"""Finding server programs, starting them, and saying why they ended."""

import errno
import os
import re
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qscounty.embedded import binaries, children, postgres, stack
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.state import Account, State
from tests.platform.conftest import wait_for

NOBODY = Account(uid=65534, gid=65534, name="nobody")


def make_program(path: Path, text: str = "exit 0") -> Path:
    """Write a small shell program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_programs_of_the_wheels_are_found():
    found = binaries.find_postgres(None)
    assert found.major >= 17
    assert found.server.is_file()
    assert found.initdb.is_file()
    assert binaries.find_valkey(None).is_file()


def test_a_missing_wheel_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(binaries, "_list_postgres", list)
    with pytest.raises(LocalServiceError, match=r"No PostgreSQL for this machine: .* DATABASE_URL\.$"):
        binaries.find_postgres(None)
    monkeypatch.setattr(binaries, "_list_valkey", list)
    with pytest.raises(LocalServiceError, match=r"No Valkey or Redis for this machine: .* REDIS_URL\.$"):
        binaries.find_valkey(None)


def test_the_systems_programs_are_the_fallback(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(binaries, "POSTGRES_WHEELS", ())
    monkeypatch.setattr(binaries, "VALKEY_WHEELS", ())
    make_program(place / "bin" / "initdb")
    make_program(place / "bin" / "postgres", "echo 'postgres (PostgreSQL) 99.1'")
    make_program(place / "bin" / "redis-server")
    monkeypatch.setenv("PATH", f"{place / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr(binaries.Path, "glob", lambda *_arguments: iter(()))
    assert binaries.find_postgres(None) == binaries.Postgres(bin=place / "bin", major=99)
    assert binaries.find_valkey(None).name in ("redis-server", "valkey-server")


def test_an_old_system_postgres_does_not_count(place: Path, monkeypatch: pytest.MonkeyPatch):
    make_program(place / "bin" / "initdb")
    make_program(place / "bin" / "postgres", "echo 'postgres (PostgreSQL) 9.6.24'")
    monkeypatch.setenv("QSCOUNTY_POSTGRES_BIN", str(place / "bin"))
    with pytest.raises(LocalServiceError, match="No PostgreSQL for this machine"):
        binaries.find_postgres(None)


@pytest.mark.parametrize(
    ("variable", "sentence"),
    [("QSCOUNTY_POSTGRES_BIN", "has no initdb: correct it"), ("QSCOUNTY_VALKEY_PROGRAM", "not a file: correct it")],
)
def test_a_wrong_place_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, sentence: str):
    monkeypatch.setenv(variable, "/no/such/place")
    find = binaries.find_postgres if "POSTGRES" in variable else binaries.find_valkey
    with pytest.raises(LocalServiceError, match=f"{variable} names /no/such/place, .*{sentence}"):
        find(None)


@pytest.mark.parametrize(
    ("answer", "major"),
    [
        ("postgres (PostgreSQL) 18.6", 18),
        ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", 15),
        ("postgres (PostgreSQL) 19beta1", 19),
        ("something else", 0),
    ],
)
def test_version_is_read_from_the_program(place: Path, answer: str, major: int):
    assert binaries.read_major(make_program(place / "postgres", f"echo '{answer}'")) == major


def test_a_program_that_does_not_run_here_has_no_version(place: Path):
    assert binaries.read_major(place / "missing") == 0
    assert binaries.read_major(make_program(place / "broken", "exit 1")) == 0


@pytest.fixture
def copies(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let copies of programs lie in a place of the test."""
    monkeypatch.setattr(binaries.states, "SHARED_STATE", place / "shared")
    return place / "shared" / "programs"


def test_copied_programs_keep_their_libraries_and_are_open(place: Path, copies: Path):
    packages = place / "closed" / "site-packages"
    program = make_program(packages / "wheel" / "pginstall" / "bin" / "postgres")
    make_program(packages / "wheel.libs" / "libpq.so").chmod(0o600)
    (packages / "wheel" / "code.py").write_text("")
    program.chmod(0o700)
    (place / "closed").chmod(0o700)
    copied = binaries._make_reachable(program.parent, NOBODY)
    assert copied.is_relative_to(copies)
    assert stat.S_IMODE((copied / "postgres").stat().st_mode) == 0o755
    library = copied.parents[2] / "wheel.libs" / "libpq.so"
    assert stat.S_IMODE(library.stat().st_mode) == 0o644
    assert not (copied.parents[1] / "code.py").exists()
    assert stat.S_IMODE((place / "closed").stat().st_mode) == 0o700
    assert binaries._make_reachable(program.parent, NOBODY) == copied


def test_copies_at_the_same_time_do_not_disturb_each_other(place: Path, copies: Path, monkeypatch: pytest.MonkeyPatch):
    program = make_program(place / "closed" / "site-packages" / "wheel" / "bin" / "postgres")
    (place / "closed").chmod(0o700)
    copied = binaries._make_reachable(program.parent, NOBODY)
    (target,) = copies.iterdir()
    binaries._copy_programs(program.parents[1], target)  # the other start, a moment later
    assert (copied / "postgres").is_file()
    assert list(copies.iterdir()) == [target]


def test_a_copy_that_fails_is_told(place: Path, copies: Path, monkeypatch: pytest.MonkeyPatch):
    program = make_program(place / "closed" / "site-packages" / "wheel" / "bin" / "postgres")
    (place / "closed").chmod(0o700)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(binaries.shutil, "copytree", refuse)
    with pytest.raises(OSError, match="No space left"):
        binaries._make_reachable(program.parent, NOBODY)
    assert list(copies.iterdir()) == []


def test_programs_in_open_places_are_used_as_they_are():
    directory = Path("/bin").resolve()
    assert binaries._make_reachable(directory, NOBODY) == directory
    assert binaries._make_reachable(directory, None) == directory


@pytest.mark.faults
def test_a_child_ends_with_its_parent(place: Path):
    parent = subprocess.Popen([sys.executable, "-c", _PARENT, str(place)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    assert wait_for(lambda: not Path(f"/proc/{child}/cmdline").exists() or _is_zombie(child))


_PARENT = """
import signal, subprocess, sys, time
from pathlib import Path
from qscounty.embedded import children
child = children.start_child(
    ["sleep", "60"], ends_on=signal.SIGTERM, output=subprocess.DEVNULL, env={}, cwd=Path(sys.argv[1]))
print(child.pid, flush=True)
time.sleep(60)
"""


def _is_zombie(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").read_bytes() == b""


def start(place: Path, *command: str) -> subprocess.Popen[bytes]:
    """Start a child in a place."""
    return children.start_child(command, ends_on=signal.SIGTERM, output=subprocess.DEVNULL, env={}, cwd=place)


def test_ctrl_c_does_not_reach_children_by_itself(place: Path):
    child = start(place, "sleep", "60")
    assert os.getpgid(child.pid) != os.getpgid(0)
    children.stop_child(child, how=signal.SIGTERM, patience=5)
    assert child.returncode == -signal.SIGTERM


def test_a_stubborn_child_is_ended_after_its_time(place: Path):
    child = start(place, "/bin/sh", "-c", "trap '' TERM; while true; do sleep 0.05; done")
    time.sleep(0.2)
    children.stop_child(child, how=signal.SIGTERM, patience=0.2)
    assert child.returncode == -signal.SIGKILL
    children.stop_child(child, how=signal.SIGTERM, patience=0)
    children.stop_child(None, how=signal.SIGTERM, patience=0)


def test_waiting_ends_with_the_child_and_gives_its_last_words(place: Path):
    log = place / "log"
    log.write_text("LOG: hello\nFATAL:  no room for shared memory\nHINT: buy some\n")
    child = start(place, "true")
    with pytest.raises(LocalServiceError, match=r"Server did not start \(FATAL:  no room for shared memory\)"):
        children.wait_until_ready(child, name="Server", is_ready=lambda: False, log=log)


def test_waiting_has_a_limit(place: Path):
    child = start(place, "sleep", "60")
    try:
        with pytest.raises(LocalServiceError, match="Server was not ready after 0 s"):
            children.wait_until_ready(child, name="Server", is_ready=lambda: False, log=place, limit=0.1)
    finally:
        children.stop_child(child, how=signal.SIGTERM, patience=5)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("could not write: No space left on device", "the disk of .* is full; make room and start again"),
        ("could not extend: Disk quota exceeded", "the disk of .* is full"),
        ("plain words", r"did not start \(plain words\): the whole story is in"),
        ("", "it left no message"),
    ],
)
def test_the_end_of_a_server_is_explained(place: Path, text: str, sentence: str):
    (place / "log").mkdir()
    log = place / "log" / "x.log"
    log.write_text(text)
    assert re.search(sentence, children.explain_end("X", log))


def test_a_server_without_log_is_explained(place: Path):
    assert "left no message" in children.explain_end("X", place / "none")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "is full: make room"),
        (errno.EDQUOT, "is full: make room"),
        (errno.EROFS, "read-only disk: name a writable directory in QSCOUNTY_STATE"),
        (errno.EACCES, "may not be read or written by this user: start as its owner"),
        (None, "The local services cannot start"),
        (errno.ENOEXEC, "The local services cannot start"),
    ],
)
def test_what_the_system_refused_is_explained(state: State, number: int | None, sentence: str):
    error = OSError(number, os.strerror(number), "/x") if number else OSError("odd")
    assert sentence in stack.explain_failure(error, state)


def test_a_long_log_starts_anew(state: State, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stack, "LARGEST_LOG", 10)
    (state.directory / "log").mkdir(parents=True)
    log = state.directory / "log" / "postgres.log"
    log.write_text("x" * 11)
    assert stack.Stack(state)._open_log("postgres") == log
    assert not log.exists()
    assert log.with_suffix(".log.1").exists()


def test_small_shared_memory_is_noticed(monkeypatch: pytest.MonkeyPatch):
    class Usage:
        total = 64 * 1024 * 1024

    monkeypatch.setattr(postgres.shutil, "disk_usage", lambda _path: Usage)
    assert postgres.has_small_shared_memory()
    Usage.total *= 100
    assert not postgres.has_small_shared_memory()

    def refuse(_path: str) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(postgres.shutil, "disk_usage", refuse)
    assert postgres.has_small_shared_memory()
