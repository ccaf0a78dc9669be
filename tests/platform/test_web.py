"""Health, errors, request numbers, static files and translations."""

import json
import logging
import os
from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import storages
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import RequestFactory

from qscounty import errors, health, middleware, static_files, translations
from qscounty.middleware import RequestMiddleware, get_client_address

# ---- Health ----------------------------------------------------------------------------------------------


def test_livez_needs_no_database(client):
    response = client.get("/livez")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert client.post("/livez").status_code == 405


@pytest.mark.django_db
def test_readyz_names_what_is_wrong_and_nothing_else(client):
    response = client.get("/readyz")
    parts = json.loads(response.content)
    assert set(parts) == {"database", "migrations", "durability", "disk", "broker"}
    assert parts["database"] == parts["migrations"] == parts["broker"] == "ok"
    assert "fsync" in parts["durability"], "the tests' own database is not a durable one"
    assert response.status_code == 503


@pytest.mark.django_db
def test_readyz_is_ready_on_a_durable_database(client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "list_weak_settings", list)
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_missing_broker_is_told_but_does_not_count(client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(health, "list_weak_settings", list)
    monkeypatch.setitem(health.CHECKS, "broker", lambda: "The broker does not answer.")
    response = client.get("/readyz")
    assert response.status_code == 200
    assert json.loads(response.content)["broker"] == "The broker does not answer."


def test_an_absent_broker_is_noticed_soon(settings, monkeypatch: pytest.MonkeyPatch):
    from qscounty.celery import app

    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(app.conf, "broker_read_url", "redis://127.0.0.1:1/0")
    assert "does not answer" in health.check_broker()


@pytest.mark.django_db
def test_readyz_hides_why_a_check_failed(client, monkeypatch: pytest.MonkeyPatch):
    def fail() -> str:
        raise RuntimeError("password at /secret/path")

    monkeypatch.setitem(health.CHECKS, "disk", fail)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert json.loads(response.content)["disk"] == "cannot be checked (RuntimeError)"


@pytest.mark.django_db
def test_missing_migrations_are_counted():
    assert health.check_migrations() == ""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert health.check_migrations() == "1 migrations are not applied: run manage.py migrate."


def test_a_silent_database_is_told(monkeypatch: pytest.MonkeyPatch):
    def refuse() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(health.connection, "cursor", refuse)
    assert health.check_database() == "The database does not answer."


def test_a_nearly_full_disk_is_told(monkeypatch: pytest.MonkeyPatch):
    class Usage:
        free = 5 * 1024 * 1024

    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: Usage)
    assert health.check_disk() == "Only 5 MB of disk are free: make room."
    monkeypatch.setenv("DATABASE_URL", "postgres://elsewhere")
    assert health.check_disk() == ""


# ---- Requests and errors ---------------------------------------------------------------------------------


@pytest.fixture
def request_(rf: RequestFactory):
    """Give a request."""
    return rf.get("/")


def test_each_request_has_a_number_that_nobody_can_choose(rf: RequestFactory):
    seen = []

    def view(request):
        seen.append((request.number, middleware.request_number.get()))
        return HttpResponse()

    handle = RequestMiddleware(view)
    one, other = handle(rf.get("/", HTTP_X_REQUEST_ID="chosen")), handle(rf.get("/"))
    assert one.headers["X-Request-Id"] != other.headers["X-Request-Id"]
    assert seen[0] == (one.headers["X-Request-Id"],) * 2
    assert middleware.request_number.get() == "-"


def test_journal_lines_bear_the_number():
    record = logging.makeLogRecord({})
    token = middleware.request_number.set("abc")
    assert middleware.RequestFilter().filter(record) is True
    middleware.request_number.reset(token)
    assert record.request_id == "abc"


def test_a_view_may_allow_keeping_its_answer(rf: RequestFactory):
    handle = RequestMiddleware(lambda _request: HttpResponse(headers={"Cache-Control": "max-age=60"}))
    assert handle(rf.get("/")).headers["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize("error", [OperationalError("timeout"), InterfaceError("closed")])
def test_an_absent_database_is_a_page_that_says_so(request_, error: Exception):
    response = RequestMiddleware(lambda _request: HttpResponse()).process_exception(request_, error)
    assert response is not None
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"


def test_other_errors_take_their_way(request_):
    assert RequestMiddleware(lambda _request: HttpResponse()).process_exception(request_, ValueError()) is None


@pytest.mark.parametrize(
    ("show", "status"),
    [
        (errors.show_forbidden, 403),
        (errors.show_forged, 403),
        (errors.show_missing, 404),
        (errors.show_failure, 500),
        (errors.show_unavailable, 503),
    ],
)
def test_error_pages_need_neither_database_nor_session(request_, show, status: int):
    request_.number = "abc123"
    response = show(request_)
    assert response.status_code == status
    assert "abc123" in response.content.decode()


def test_an_error_page_without_template_is_a_line(request_, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    assert errors.show_missing(request_).content == b"404 (-)\n"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        pytest.param(0, "6.6.6.6", "10.0.0.1", id="nobody is believed"),
        pytest.param(1, "6.6.6.6, 192.0.2.7", "192.0.2.7", id="one proxy wrote the last entry"),
        pytest.param(2, "6.6.6.6, 192.0.2.7, 10.0.0.2", "192.0.2.7", id="two proxies wrote the last two"),
        pytest.param(2, "192.0.2.7", "10.0.0.1", id="too few entries: the connection counts"),
        pytest.param(1, "", "10.0.0.1", id="no entry"),
    ],
)
def test_addresses_are_believed_from_trusted_proxies_only(
    rf: RequestFactory, settings, proxies: int, forwarded: str, address: str
):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", HTTP_X_FORWARDED_FOR=forwarded, REMOTE_ADDR="10.0.0.1")
    assert get_client_address(request) == address


# ---- Static files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", static_files.VENDOR_FILES)
def test_third_party_files_come_from_installed_packages(client, name: str):
    assert finders.find(name)
    response = client.get(f"/static/{name}")
    assert response.status_code == 200
    assert len(b"".join(response.streaming_content)) > 10_000


def test_only_named_files_are_published(client):
    assert finders.find("vendor/widgetbundle.js") is None
    assert static_files.VendorFinder().find("nothing", find_all=True) == []
    assert client.get("/static/vendor/../settings.py").status_code == 404


def test_the_finder_lists_and_opens_its_files():
    finder = static_files.VendorFinder()
    listed = dict(finder.list(None))
    assert set(listed) == set(static_files.VENDOR_FILES)
    with listed["vendor/htmx.min.js"].open("vendor/htmx.min.js") as file:
        assert b"htmx" in file.read(200)
    assert dict(finder.list(["vendor/plotly*"])).keys() == listed.keys() - {"vendor/plotly.min.js"}
    with pytest.raises(FileNotFoundError, match="not a file of an installed package"):
        static_files.VendorStorage().path("vendor/none.js")


def test_a_moved_file_fails_the_check(monkeypatch: pytest.MonkeyPatch):
    assert static_files.check_vendor_files() == []
    monkeypatch.setitem(static_files.VENDOR_FILES, "vendor/x.js", ("no_such_package", "x.js"))
    (found,) = static_files.check_vendor_files()
    assert found.msg == "The static file vendor/x.js is missing: package no_such_package has no x.js."


def test_names_are_plain_until_files_are_collected():
    assert staticfiles_storage.url("vendor/htmx.min.js") == "/static/vendor/htmx.min.js"


def test_collected_names_change_with_their_content(place: Path, settings):
    source = place / "source"
    source.mkdir()
    (source / "main.js").write_text('import { a } from "./part.js";\n')
    (source / "part.js").write_text("export const a = 1;\n")
    (source / "main.css").write_text("a { color: red }\n/*# sourceMappingURL=main.css.map */\n")
    settings.STATIC_ROOT = str(place / "root")
    storage = static_files.StaticStorage(location=place / "root")
    paths = {}
    for path in source.iterdir():
        with path.open("rb") as file:
            from django.core.files import File

            storage.save(path.name, File(file))
        paths[path.name] = (storage, path.name)
    assert all(not isinstance(done, Exception) for _name, _hashed, done in storage.post_process(paths))
    main = storage.stored_name("main.js")
    assert main != "main.js"
    part = storage.stored_name("part.js")
    assert part.encode() in (place / "root" / main).read_bytes(), "modules import each other by hashed names"
    assert storage.stored_name("main.css") != "main.css", "a missing source map is no obstacle"
    assert (place / "root" / "staticfiles.json").exists()


def test_fingerprint_changes_with_any_source(monkeypatch: pytest.MonkeyPatch):
    one = static_files.fingerprint_sources()
    assert one == static_files.fingerprint_sources()
    monkeypatch.delitem(static_files.VENDOR_FILES, "vendor/htmx.min.js")
    assert static_files.fingerprint_sources() != one


def test_static_storage_is_the_one_configured():
    assert isinstance(storages["staticfiles"], static_files.StaticStorage)


# ---- Translations ----------------------------------------------------------------------------------------


@pytest.fixture
def catalogue(place: Path) -> Path:
    """Give a message source with one message."""
    source = place / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    file.append(polib.POEntry(msgid="Save", msgstr="保存"))
    file.append(polib.POEntry(msgid="Old", msgstr="旧", flags=["fuzzy"]))
    file.save(str(source))
    return source


def test_messages_are_compiled_once(catalogue: Path):
    written = translations.compile_catalogues([catalogue.parents[2]])
    assert written == [catalogue.with_suffix(".mo")]
    entries = {entry.msgid: entry.msgstr for entry in polib.mofile(str(written[0]))}
    assert entries == {"Save": "保存"}, "unsure translations stay out"
    assert translations.compile_catalogues([catalogue.parents[2]]) == []


def test_an_older_source_counts_as_a_change_too(catalogue: Path):
    translations.compile_catalogues([catalogue.parents[2]])
    os.utime(catalogue, (1, 1))
    assert translations.compile_catalogues([catalogue.parents[2]])


def test_a_read_only_installation_is_left_alone(catalogue: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(*_arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(translations.Path, "replace", refuse)
    assert translations.compile_catalogues([catalogue.parents[2]]) == []


def test_the_projects_messages_are_compiled_at_start(monkeypatch: pytest.MonkeyPatch):
    called = []
    monkeypatch.setattr(translations, "compile_catalogues", lambda: called.append("compiled"))
    apps.get_app_config("qscounty").ready()
    assert called == ["compiled"]
    monkeypatch.undo()
    translations.compile_catalogues()
    for directory in django_settings.LOCALE_PATHS:
        for source in Path(directory).glob("*/LC_MESSAGES/*.po"):
            assert not translations.is_stale(source, source.with_suffix(".mo"))
