"""Processes are kept running, ports found, and addresses shown without passwords."""

import errno
import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from qscounty import supervisor
from qscounty.embedded.failure import LocalServiceError
from qscounty.supervisor import Process, Supervisor
from tests.platform.conftest import wait_for


@pytest.fixture
def lines() -> list[str]:
    """Collect what is said."""
    return []


@pytest.fixture
def keeper(place: Path, lines: list[str]):
    """Give a supervisor whose processes end with the test."""
    supervisor_ = Supervisor(directory=place, say=lines.append)
    yield supervisor_
    supervisor_.stop()


def process(script: str, **more: object) -> Process:
    """Describe a process that runs a shell script."""
    options = {"name": "web", "environment": {}, "patience": 5.0, **more}
    return Process(command=["/bin/sh", "-c", script], **options)


def test_lines_bear_the_name_of_their_process(keeper: Supervisor, lines: list[str]):
    keeper.add(process("echo hello; echo; echo 县; sleep 60"))
    assert wait_for(lambda: len(lines) == 2)
    assert lines == ["[web] hello", "[web] 县"]


def test_an_ended_process_is_started_again_after_a_growing_pause(
    keeper: Supervisor, lines: list[str], monkeypatch: pytest.MonkeyPatch
):
    one = process("exit 3")
    keeper.add(one)
    pauses = []
    for _time in range(7):
        assert wait_for(lambda: one.child is None or one.child.poll() is not None)
        keeper.look_after()
        pauses.append(round(one.resumes_at - supervisor.time.monotonic()))
        one.resumes_at = 0
        keeper.look_after()
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert lines[0] == "web ended by itself (code 3); starting it again in 1 s."
    assert keeper.has_failed("web")
    assert not keeper.has_failed("worker")


def test_a_process_is_not_started_during_its_pause(keeper: Supervisor):
    one = process("exit 1")
    keeper.add(one)
    assert wait_for(lambda: one.child.poll() is not None)
    keeper.look_after()
    keeper.look_after()
    assert one.child is None


def test_a_long_life_forgives_earlier_ends(keeper: Supervisor):
    one = process("exit 1", failures=5)
    keeper.add(one)
    one.started_at -= supervisor.HEALTHY_SECONDS + 1
    assert wait_for(lambda: one.child.poll() is not None)
    keeper.look_after()
    assert one.failures == 1


def test_stop_asks_once_gives_time_and_is_quiet(keeper: Supervisor, lines: list[str], place: Path):
    asked = place / "asked"
    keeper.add(
        process(f"trap 'echo x >> {asked}; echo asked' TERM; echo up; while true; do sleep 0.05; done", patience=0.5)
    )
    assert wait_for(lambda: lines)
    one = keeper.processes[0].child
    keeper.stop()
    assert one.returncode == -signal.SIGKILL
    assert asked.read_text() == "x\n"
    assert lines == ["[web] up"]
    assert keeper.processes == []
    keeper.stop()


def test_the_next_free_port_is_taken():
    with supervisor.open_port("127.0.0.1", 18300) as first:
        port = first.getsockname()[1]
        with supervisor.open_port("127.0.0.1", port) as second:
            assert second.getsockname()[1] > port


def test_no_free_port_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(supervisor, "PORTS_TRIED", 1)
    with supervisor.open_port("127.0.0.1", 18400) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(LocalServiceError, match=f"Ports {port} to {port} are all taken: name a free one"):
            supervisor.open_port("127.0.0.1", port)


class Refusing(socket.socket):
    """A socket that the system refuses to bind."""

    number = errno.EACCES

    def bind(self, _address: object) -> None:
        """Refuse."""
        raise OSError(self.number, os.strerror(self.number))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "Port 80 is reserved for root: name one above 1023 in QSCOUNTY_PORT"),
        (errno.EADDRNOTAVAIL, "Cannot listen on 10.0.0.1:80 .*: correct --host"),
    ],
)
def test_a_refused_port_is_one_sentence(monkeypatch: pytest.MonkeyPatch, number: int, sentence: str):
    monkeypatch.setattr(Refusing, "number", number)
    monkeypatch.setattr(supervisor.socket, "socket", Refusing)
    with pytest.raises(LocalServiceError, match=sentence):
        supervisor.open_port("10.0.0.1", 80)


def test_a_name_that_is_no_address_is_one_sentence():
    with pytest.raises(LocalServiceError, match=r"is not an address of this machine"):
        supervisor.open_port("no such host", 18500)


def test_a_silent_server_does_not_answer():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert not supervisor.answers("127.0.0.1", closed.getsockname()[1], path="/livez", name="localhost")


def test_commands_run_in_this_environment(place: Path):
    with supervisor.open_port("127.0.0.1", 18600) as listener:
        web = supervisor.web_command(listener, workers=3)
        assert f"fd://{listener.fileno()}" in web
        assert "--no-control-socket" in web, "it would be shared by every project of the user"
    for command in (web, supervisor.worker_command(concurrency=2), supervisor.beat_command(place)):
        assert command[:2] == [sys.executable, "-m"]
    assert "--pidfile=" in command, "a pid file could go stale"


def test_children_know_what_they_are_for():
    environment = supervisor.child_environment("worker")
    assert environment["QSCOUNTY_PROCESS"] == "worker"
    assert environment["DJANGO_SETTINGS_MODULE"] == "qscounty.settings"
    assert environment["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgres://me:pa%40ss@host/db", "postgres://me:***@host/db"),
        ("redis://:secret@host:6379/0 failed", "redis://:***@host:6379/0 failed"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
    ],
)
def test_passwords_are_not_shown(text: str, shown: str):
    assert supervisor.hide_password(text) == shown
