"""Where the local data lies, and whose it is."""

import os
import stat
from pathlib import Path

import pytest

from qscounty.embedded import state as states
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.state import Account, State

is_root = pytest.mark.skipif(os.geteuid() != 0, reason="changes users: needs root")


def test_state_lies_in_the_checkout(place: Path):
    (place / "project").mkdir(mode=0o755)
    place.chmod(0o755)
    assert states.locate_state(place / "project").directory == place / "project" / "var" / "local"


def test_state_may_be_named(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QSCOUNTY_STATE", str(place / "elsewhere"))
    assert states.locate_state(Path("/project")).directory == place / "elsewhere"


@is_root
def test_roots_state_lies_outside_a_closed_directory(place: Path):
    project = place / "closed" / "project"
    project.mkdir(parents=True)
    project.parent.chmod(0o700)
    found = states.locate_state(project).directory
    assert found.parent == Path("/var/lib/qscounty-local")
    assert not found.exists(), "looking makes nothing"
    assert found == states.locate_state(project).directory != states.locate_state(place / "closed").directory


def test_an_ordinary_users_state_stays_in_a_closed_directory(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    place.chmod(0o700)
    assert states.locate_state(place).directory == place / "var" / "local"


@pytest.mark.parametrize(
    ("mode", "is_open"), [(0o755, True), (0o711, True), (0o750, False), (0o700, False), (0o754, False)]
)
def test_openness_counts_every_parent(place: Path, mode: int, is_open: bool):
    inner = place / "a" / "b"
    inner.mkdir(parents=True)
    inner.parent.chmod(mode)
    assert states.is_open_to_others(inner) is is_open


def test_an_ordinary_user_runs_the_servers_himself(state: State, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert states.choose_account(state) is None


@is_root
def test_roots_servers_run_as_nobody(state: State):
    account = states.choose_account(state)
    assert account
    assert account.name == "nobody"


@is_root
def test_the_account_may_be_named(state: State, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QSCOUNTY_SERVERS_USER", "daemon")
    assert states.choose_account(state).name == "daemon"


@is_root
def test_under_sudo_the_person_runs_them(state: State, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUDO_UID", "1")
    assert states.choose_account(state).uid == 1


@is_root
def test_sudo_from_root_itself_is_no_person(state: State, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SUDO_UID", "0")
    assert states.choose_account(state).name == "nobody"


@is_root
def test_the_account_of_existing_data_stays(state: State, monkeypatch: pytest.MonkeyPatch):
    state.directory.mkdir()
    (state.directory / "owner").write_text("daemon")
    monkeypatch.setenv("SUDO_UID", "2")
    assert states.choose_account(state).name == "daemon"


@is_root
@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("QSCOUNTY_SERVERS_USER", "no-such-person", "does not exist"),
        ("QSCOUNTY_SERVERS_USER", "root", "names root"),
        ("SUDO_UID", "4294967", "does not exist"),
        ("SUDO_UID", "me", "does not exist"),
    ],
)
def test_an_unusable_account_is_refused(
    state: State, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
):
    monkeypatch.setenv(variable, value)
    with pytest.raises(LocalServiceError, match=f"{sentence}.*PostgreSQL refuses to run as root"):
        states.choose_account(state)


def test_made_directories_are_open_whatever_the_umask(place: Path):
    place.chmod(0o711)
    before = os.umask(0o077)
    try:
        states.make_directories(place / "a" / "b")
    finally:
        os.umask(before)
    assert stat.S_IMODE((place / "a" / "b").stat().st_mode) == 0o755
    assert stat.S_IMODE(place.stat().st_mode) == 0o711, "an existing directory keeps its mode"


def test_a_file_in_the_way_is_named(state: State):
    state.directory.write_text("")
    with pytest.raises(LocalServiceError, match=f"{state.directory} cannot be made"):
        states.prepare_state(state, None)


def test_private_directory_is_made_once(place: Path):
    private = place / "run"
    states.ensure_private(private, None)
    private.chmod(0o755)
    states.ensure_private(private, None)
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_a_link_is_no_private_directory(place: Path):
    (place / "elsewhere").mkdir()
    (place / "run").symlink_to(place / "elsewhere")
    with pytest.raises(LocalServiceError, match="is not a directory of the user"):
        states.ensure_private(place / "run", None)


@is_root
def test_another_users_directory_is_not_private(place: Path):
    (place / "run").mkdir()
    os.chown(place / "run", 1, 1)
    with pytest.raises(LocalServiceError, match="is not a directory of the user"):
        states.ensure_private(place / "run", None)
    states.ensure_private(place / "run", Account(uid=1, gid=1, name="daemon"))


@is_root
@pytest.mark.parametrize(("uid", "name"), [(1, "daemon"), (4294967, "4294967")])
def test_the_owner_of_a_directory_is_named(place: Path, uid: int, name: str):
    os.chown(place, uid, uid)
    with pytest.raises(LocalServiceError, match=f"belongs to the user {name}: start as {name}"):
        states.check_owner(place, os.geteuid())


def test_the_signing_key_is_made_once_and_private(state: State):
    state.directory.mkdir()
    key = states.keep_secret_key(state)
    assert len(key) > 50
    assert stat.S_IMODE(state.secret_key.stat().st_mode) == 0o600
    assert states.keep_secret_key(state) == key == states.read_secret_key(state)


def test_reading_the_signing_key_makes_no_file(state: State):
    assert states.read_secret_key(state) != states.read_secret_key(state)
    assert not state.directory.exists()
