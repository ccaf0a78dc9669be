"""A site is prepared once; what is done is not repeated."""

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from qscounty import preparation
from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.state import State


@pytest.fixture
def said() -> list[str]:
    """Collect what is said."""
    return []


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch, settings, place: Path) -> list[str]:
    """Record the commands that would load contents, in a state of their own."""
    called: list[str] = []
    settings.STATE = State(directory=place)
    monkeypatch.setattr(preparation, "call_command", lambda name, **_options: called.append(name))
    return called


def test_a_full_disk_is_one_sentence(place: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=5 * 1024 * 1024))
    with pytest.raises(LocalServiceError, match=f"The disk of {place} is full \\(5 MB free, 300 needed\\): make room"):
        preparation.check_disk(place / "not" / "yet")


def test_a_roomy_disk_is_no_obstacle(place: Path):
    preparation.check_disk(place)


def test_an_unreachable_database_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    def refuse() -> None:
        raise OperationalError('connection to server at "db" failed: refused\n\tIs it running?')

    monkeypatch.setattr(preparation.connection, "ensure_connection", refuse)
    with pytest.raises(LocalServiceError, match=r"does not answer \(connection .* refused\): start it, or correct"):
        preparation.check_database()


@pytest.mark.django_db
def test_a_database_that_may_lose_rows_is_refused():
    with pytest.raises(LocalServiceError, match=r"PostgreSQL runs with .*fsync.* off and may lose saved figures"):
        preparation.check_database()


@pytest.mark.django_db
def test_a_prepared_schema_is_left_alone(said: list[str]):
    assert preparation.prepare_schema(said.append) is False
    assert said == []


@pytest.mark.django_db
def test_a_missing_migration_is_applied(said: list[str], monkeypatch: pytest.MonkeyPatch):
    called = []
    monkeypatch.setattr(preparation, "call_command", lambda name, **options: called.append((name, options)))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'axes'")
    assert preparation.prepare_schema(said.append) is True
    assert called == [("migrate", {"interactive": False, "verbosity": 0})]


def test_static_files_are_collected_when_one_changes(said: list[str], settings, place: Path):
    source = place / "source"
    source.mkdir()
    (source / "a.css").write_text("a {}")
    settings.STATIC_ROOT = place / "root"
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    from django.contrib.staticfiles import finders

    finders.get_finder.cache_clear()
    try:
        assert preparation.prepare_static_files(said.append) is True
        assert preparation.prepare_static_files(said.append) is False
        (source / "a.css").write_text("a { color: red }")
        assert preparation.prepare_static_files(said.append) is True
        assert (place / "root" / "a.css").read_text() == "a { color: red }"
    finally:
        finders.get_finder.cache_clear()


def test_contents_are_loaded_once(loads: list[str], said: list[str]):
    assert preparation.load_contents(said.append, with_demonstration=True) is True
    assert loads == ["load_programmes", "load_demonstration"]
    assert preparation.load_contents(said.append, with_demonstration=True) is False


def test_a_real_site_gets_no_demonstration(loads: list[str], said: list[str]):
    preparation.load_contents(said.append, with_demonstration=False)
    assert loads == ["load_programmes"]


def test_contents_are_loaded_again_when_their_files_change(
    loads: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch
):
    preparation.load_contents(said.append, with_demonstration=False)
    monkeypatch.setattr(preparation, "fingerprint_contents", lambda **_options: "another")
    assert preparation.load_contents(said.append, with_demonstration=False) is True


def test_a_foreign_database_is_always_looked_at(loads: list[str], said: list[str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://a:b@c/d")
    for _time in range(2):
        assert preparation.load_contents(said.append, with_demonstration=False) is True
    assert loads == ["load_programmes"] * 2
    assert not (preparation.settings.STATE.directory / "loaded").exists()


def test_everything_that_is_loaded_is_watched(settings):
    for name in preparation.LOADED_FROM:
        assert (settings.BASE_DIR / name).exists(), name


@pytest.mark.django_db
def test_without_demonstration_there_are_no_accounts_to_show():
    assert preparation.list_demonstration_accounts() == []


def test_fingerprint_follows_catalogue_files(settings, place: Path):
    catalogue = place / "indicators" / "catalogue"
    catalogue.mkdir(parents=True)
    settings.BASE_DIR = place
    empty = preparation.fingerprint_contents(with_demonstration=True)
    (catalogue / "one.toml").write_text("a")
    one = preparation.fingerprint_contents(with_demonstration=True)
    os.utime(catalogue / "one.toml", ns=(1, 1))
    later = preparation.fingerprint_contents(with_demonstration=True)
    assert len({empty, one, later, preparation.fingerprint_contents(with_demonstration=False)}) == 4


@pytest.mark.django_db
def test_every_model_change_has_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
