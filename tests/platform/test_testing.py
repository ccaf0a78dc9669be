"""The test session's own plugin: loud skips, forgotten directories, its own state."""

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from qscounty import testing
from qscounty.embedded.failure import LocalServiceError


class Item:
    """A collected test with one marker."""

    def __init__(self, marker: str) -> None:
        self.marker, self.added = marker, []

    def get_closest_marker(self, name: str) -> object:
        """Return whether the marker is that one."""
        return name == self.marker or None

    def add_marker(self, marker: pytest.MarkDecorator) -> None:
        """Note the marker."""
        self.added.append(marker)


@pytest.fixture
def config() -> SimpleNamespace:
    """Give a configuration that remembers what is missing."""
    return SimpleNamespace(stash={testing._missing: {}})


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide every program."""
    monkeypatch.setattr(testing.shutil, "which", lambda _name: None)


def test_the_session_has_its_own_state():
    from django.conf import settings

    assert settings.STATE.directory.name.startswith(testing.PREFIX)
    assert settings.DATABASES["default"]["HOST"].startswith(str(settings.STATE.directory))


@pytest.mark.parametrize("marker", testing.NEEDS)
def test_a_missing_program_skips_its_tests_loudly(config, nothing_installed, marker: str):
    item, other = Item(marker), Item("unmarked")
    testing.pytest_collection_modifyitems(config, [item, other])
    assert item.added[0].kwargs["reason"].endswith(testing.NEEDS[marker][2])
    assert not other.added
    said = []
    reporter = SimpleNamespace(write_sep=lambda _sign, line, **_style: said.append(line))
    testing.pytest_terminal_summary(reporter, config)
    assert said[0].startswith("1 TESTS DID NOT RUN: ")
    assert "apt-get install" in said[0]


@pytest.mark.parametrize("marker", testing.NEEDS)
def test_a_demanded_program_fails_the_session(config, nothing_installed, marker: str, monkeypatch: pytest.MonkeyPatch):
    variable = testing.NEEDS[marker][1]
    monkeypatch.setenv(variable, "1")
    with pytest.raises(pytest.UsageError, match=f"{variable} is set, but .* is not installed: apt-get install"):
        testing.pytest_collection_modifyitems(config, [Item(marker)])
    testing.pytest_collection_modifyitems(config, [Item("unmarked")])
    monkeypatch.setenv(variable, "0")
    testing.pytest_collection_modifyitems(config, [Item(marker)])


def test_an_installed_program_is_used(config, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(testing.shutil, "which", lambda name: f"/bin/{name}")
    item = Item("browser")
    testing.pytest_collection_modifyitems(config, [item])
    assert not item.added
    assert testing.find_program(("chromium", "google-chrome")) == "/bin/chromium"


def test_only_directories_of_sessions_long_over_are_removed(place: Path):
    old, recent, foreign = place / "qscounty-test-old", place / "qscounty-test-recent", place / "other-old"
    for directory in (old, recent, foreign):
        directory.mkdir()
        (directory / "file").touch()
    for directory in (old, foreign):
        os.utime(directory, (1, 1))
    (place / "qscounty-test-link").symlink_to(foreign)
    testing.remove_forgotten(place, before=time.time() - 3600)
    assert not old.exists()
    assert (recent / "file").exists()
    assert (foreign / "file").exists()


def test_a_session_without_services_ends_with_one_sentence(monkeypatch: pytest.MonkeyPatch, state):
    def refuse(_stack: object) -> None:
        raise LocalServiceError("No PostgreSQL for this machine.")

    monkeypatch.setattr(testing.Stack, "start", refuse)
    start = testing.embedded_stack.__wrapped__(SimpleNamespace(stash={testing._state: state}))
    with pytest.raises(pytest.exit.Exception, match=r"The tests have no services. No PostgreSQL for this machine."):
        next(start)
