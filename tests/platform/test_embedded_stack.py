"""The embedded servers start in any place, survive any kill, and leave nothing behind."""

import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from qscounty.embedded import binaries, children, postgres
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.stack import Stack
from qscounty.embedded.state import State, is_open_to_others
from tests.platform.conftest import list_processes, wait_for

Hold = Callable[..., subprocess.Popen[str]]
is_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes users: needs root")


def query(state: State, statement: str) -> Any:
    """Return the first value a statement answers in the application's database."""
    with closing(
        psycopg2.connect(host=str(state.sockets), dbname="qscounty", user="qscounty", connect_timeout=3)
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0] if cursor.description else None


def ask_broker(state: State, command: str) -> str:
    """Return what the broker answers."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(state.broker_socket))
        client.sendall(command.encode() + b"\r\n")
        return client.recv(1024).decode()


def find_cluster(state: State) -> Path:
    """Return the data directory that the start made."""
    return next(state.directory.glob("pg-*"))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("qs 县域 目标", id="spaces and Chinese"),
        pytest.param("a'b\"c$HOME;x,y&z", id="signs that shells and lists part at"),
        pytest.param("很长的目录" * 12, id="too long for a socket"),
    ],
)
def test_start_works_in_any_directory(place: Path, name: str):
    state = State(directory=place / name / "local")
    try:
        with Stack(state, durable=False):
            assert query(state, "SELECT current_database()") == "qscounty"
            assert ask_broker(state, "PING") == "+PONG\r\n"
            assert stat.S_IMODE(state.sockets.stat().st_mode) == 0o700
    finally:
        if state.sockets.parent == Path("/tmp"):
            state.sockets.rmdir()


def test_long_path_is_counted_in_bytes(place: Path):
    assert State(directory=place / ("县" * 15)).sockets.is_relative_to(place)
    assert State(directory=place / ("县" * 30)).sockets.parent == Path("/tmp")


def test_start_gives_a_durable_database_whose_order_is_the_same_everywhere(state: State):
    with Stack(state):
        for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert query(state, f"SHOW {name}") == "on", name
        assert query(state, "SHOW listen_addresses") == ""
        assert query(state, "SHOW timezone") == "UTC"
        assert query(state, "SHOW server_encoding") == "UTF8"
        assert query(state, "SELECT datlocale FROM pg_database WHERE datname = 'qscounty'") == "C.UTF-8"
        assert query(state, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert "yes" in ask_broker(state, "CONFIG GET appendonly")


def test_fleeting_database_saves_the_time_of_safety(begun_state: State):
    state = begun_state
    with Stack(state, durable=False):
        assert query(state, "SHOW fsync") == "off"
        assert "no" in ask_broker(state, "CONFIG GET appendonly")


def test_data_and_queued_work_survive_a_restart(begun_state: State):
    state = begun_state
    with Stack(state):
        query(state, "CREATE TABLE kept (value int)")
        query(state, "INSERT INTO kept VALUES (7)")
        ask_broker(state, "LPUSH queue work")
    began = time.monotonic()
    with Stack(state):
        assert time.monotonic() - began < 5
        assert query(state, "SELECT value FROM kept") == 7
        assert ask_broker(state, "LLEN queue") == ":1\r\n"


def test_second_start_names_the_running_process(begun_state: State, hold_stack: Hold):
    state = begun_state
    first = hold_stack(state, "--fleeting")
    with pytest.raises(LocalServiceError, match=f"already running as process {first.pid}"):
        Stack(state).start()
    assert query(state, "SELECT 1") == 1, "the refused start must not disturb the running one"


def test_two_projects_run_side_by_side(begun_state: State, begun: Path):
    one, other = begun_state, State(directory=begun)
    with Stack(one, durable=False), Stack(other, durable=False):
        query(one, "CREATE TABLE mine ()")
        assert query(other, "SELECT count(*) FROM pg_tables WHERE tablename = 'mine'") == 0


@pytest.mark.faults
def test_kill_of_the_parent_ends_the_servers_and_loses_nothing(begun_state: State, hold_stack: Hold):
    state = begun_state
    parent = hold_stack(state)
    query(state, "CREATE TABLE kept (value int)")
    query(state, "INSERT INTO kept VALUES (7)")
    parent.kill()
    parent.wait()
    assert wait_for(lambda: not list_processes(state.directory)), "a server outlived its parent"
    with Stack(state):
        assert query(state, "SELECT value FROM kept") == 7


@pytest.mark.faults
def test_kill_of_the_database_server_is_repaired(begun_state: State):
    state = begun_state
    with Stack(state) as stack:
        query(state, "CREATE TABLE kept ()")
        assert stack.postgres
        assert stack.valkey
        stack.postgres.kill()
        stack.valkey.kill()
        assert wait_for(lambda: stack.postgres.poll() is not None and stack.valkey.poll() is not None)
        assert stack.revive() == ["Valkey", "PostgreSQL"]
        assert query(state, "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == 1
        assert wait_for(lambda: state.broker_socket.exists())
        assert stack.revive() == []


@pytest.mark.faults
def test_servers_left_by_a_killed_parent_are_stopped_at_the_next_start(begun_state: State, hold_stack: Hold):
    state = begun_state
    parent = hold_stack(state, "--orphaning")
    query(state, "CREATE TABLE kept ()")
    parent.kill()
    parent.wait()
    orphans = list_processes(state.directory)
    assert orphans, "without the kernel's promise the servers outlive their parent"
    with Stack(state):
        assert not {pid for pid in orphans if _is_alive(pid)}
        assert query(state, "SELECT count(*) FROM pg_tables WHERE tablename = 'kept'") == 1


def test_stopping_debris_spares_other_programs(state: State):
    state.directory.mkdir()
    cluster = state.directory / "pg-18"
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)", str(cluster), "postgres"])
    try:
        assert children.stop_debris([cluster], title="qscounty-none") == []
        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.faults
def test_marks_of_an_earlier_server_do_not_matter(begun_state: State):
    state = begun_state
    with Stack(state):
        cluster = find_cluster(state)
    # A living foreign process, as after a restart of the machine, when numbers are given anew.
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n0\n5432\n{state.sockets}\n\n\nready\n")
    (state.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getppid()}\n{cluster}\n0\n5432\n{state.sockets}\n")
    state.broker_socket.touch()
    with Stack(state):
        assert query(state, "SELECT 1") == 1


@pytest.mark.faults
@pytest.mark.parametrize("seconds", [0.15, 0.4])
def test_interrupted_initdb_is_never_taken_for_a_database(state: State, hold_stack: Hold, seconds: float):
    first = hold_stack(state, wait=False)
    assert wait_for(lambda: (state.directory / "pg.new").exists() or list(state.directory.glob("pg-*")))
    time.sleep(seconds)
    first.kill()
    first.wait()
    with Stack(state, durable=False):
        assert query(state, "SELECT 1") == 1
    assert not (state.directory / "pg.new").exists()


def test_readiness_is_that_of_our_own_child(state: State):
    class Child:
        pid = 4711

    cluster = state.directory / "pg-18"
    cluster.mkdir(parents=True)
    mark = cluster / "postmaster.pid"
    assert not postgres.is_ready(cluster, Child)
    mark.write_text("4712\nd\n0\n5432\ns\n\n\nready\n")
    assert not postgres.is_ready(cluster, Child)
    mark.write_text("4711\nd\n0\n5432\ns\n\n\nstarting\n")
    assert not postgres.is_ready(cluster, Child)
    mark.write_text("4711\nd\n0\n5432\ns\n\n\nready   \n")
    assert postgres.is_ready(cluster, Child)


def test_start_needs_no_environment(begun_state: State):
    state = begun_state
    result = subprocess.run(
        [sys.executable, "-c", _START_ONCE, str(state.directory)],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout.strip() == "started", result.stderr


_START_ONCE = """
import sys
from pathlib import Path
from qscounty.embedded.stack import Stack
from qscounty.embedded.state import State, is_open_to_others
with Stack(State(directory=Path(sys.argv[1])), durable=False):
    print("started")
"""


@is_root
def test_roots_servers_run_as_another_user(begun_state: State):
    state = begun_state
    with Stack(state, durable=False) as stack:
        for child in (stack.postgres, stack.valkey):
            assert child
            assert Path(f"/proc/{child.pid}").stat().st_uid != 0


@is_root
def test_roots_servers_use_copies_of_programs_they_cannot_enter(begun_state: State, monkeypatch: pytest.MonkeyPatch):
    state = begun_state
    monkeypatch.setattr(binaries, "is_open_to_others", lambda _path: False)
    monkeypatch.setattr(binaries.states, "SHARED_STATE", state.directory.parent / "shared")
    with Stack(state, durable=False) as stack:
        assert stack.postgres
        program = Path(f"/proc/{stack.postgres.pid}/exe").readlink()
        assert program.is_relative_to(state.directory.parent / "shared" / "programs")
        assert query(state, "SELECT 1") == 1


@is_root
def test_closed_directories_stay_closed(place: Path):
    home = place / "home"
    home.mkdir(mode=0o700)
    with pytest.raises(LocalServiceError, match=r"cannot be entered by the account .* QSCOUNTY_STATE"):
        Stack(State(directory=home / "state")).start()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE(place.stat().st_mode) == 0o711


@is_root
def test_another_user_is_told_whose_the_directory_is(begun_state: State, hold_stack: Hold):
    state = begun_state
    other = hold_stack(state, "--nobody", wait=False)
    assert other.stdout
    assert "belongs to the user root: start as root, or delete that directory" in other.stdout.read()


@is_root
def test_an_ordinary_user_needs_no_other_account(place: Path, hold_stack: Hold):
    place.chmod(0o777)
    state = State(directory=place / "state")
    if not is_open_to_others(Path(sys.prefix)):
        pytest.skip("the environment lies where an ordinary user cannot enter")
    holder = hold_stack(state, "--fleeting", "--nobody")
    assert query(state, "SELECT 1") == 1
    assert find_cluster(state).stat().st_uid == Path(f"/proc/{holder.pid}").stat().st_uid


@is_root
@pytest.mark.faults
def test_full_disk_is_one_sentence(place: Path):
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m,mode=0755", "qscounty-test", place], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    try:
        with pytest.raises(LocalServiceError, match=r"the disk of .* is full; make room|The disk of .* is full: make"):
            Stack(State(directory=place / "state")).start()
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def test_failed_start_leaves_nothing_running(begun_state: State, monkeypatch: pytest.MonkeyPatch):
    state = begun_state
    monkeypatch.setattr(postgres, "FLEETING", ("no_such_setting=1",))
    with pytest.raises(LocalServiceError, match=r"PostgreSQL did not start \(.*no_such_setting.*\): the whole story"):
        Stack(state, durable=False).start()
    assert not list_processes(state.directory)
    monkeypatch.undo()
    with Stack(state, durable=False):  # the lock was given back too
        pass


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
