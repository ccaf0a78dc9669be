"""Environment variables are read or refused by name, and profiles set what belongs together."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from qscounty import environment
from tests.platform.conftest import PROJECT

NAME = "QSCOUNTY_TRIED"


@pytest.mark.parametrize(
    ("value", "read"),
    [
        pytest.param("", 7, id="blank counts as not set"),
        pytest.param(" 12 ", 12, id="blanks around it"),
        pytest.param("0", 0, id="least"),
        pytest.param("99", 99, id="most"),
    ],
)
def test_counts_are_read(monkeypatch: pytest.MonkeyPatch, value: str, read: int):
    monkeypatch.setenv(NAME, value)
    assert environment.read_count(NAME, default=7, most=99) == read


@pytest.mark.parametrize("value", ["100", "-1", "1.5", "many", "１２", "1_0"])
def test_other_counts_are_refused_by_name(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is '{value}': set it to a whole number from 0 to 99.$"):
        environment.read_count(NAME, default=7, most=99)


def test_choices_are_read_or_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    assert environment.read_choice(NAME, choices=("a", "b"), default="a") == "a"
    monkeypatch.setenv(NAME, "b")
    assert environment.read_choice(NAME, choices=("a", "b"), default="a") == "b"
    monkeypatch.setenv(NAME, "c")
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is 'c': set it to one of a, b"):
        environment.read_choice(NAME, choices=("a", "b"), default="a")


@pytest.mark.parametrize(("value", "read"), [("1", True), ("yes", True), ("on", True), ("0", False), ("off", False)])
def test_flags_are_read(monkeypatch: pytest.MonkeyPatch, value: str, read: bool):
    monkeypatch.setenv(NAME, value)
    assert environment.read_flag(NAME) is read


def test_other_flags_are_refused_by_name(monkeypatch: pytest.MonkeyPatch):
    assert environment.read_flag(NAME) is False
    monkeypatch.setenv(NAME, "perhaps")
    with pytest.raises(ImproperlyConfigured, match=f"{NAME} is 'perhaps': set it to 1 or 0"):
        environment.read_flag(NAME)


def test_names_are_parted_at_commas(monkeypatch: pytest.MonkeyPatch):
    assert environment.read_names(NAME) == []
    monkeypatch.setenv(NAME, "a.example, ,b.example,")
    assert environment.read_names(NAME) == ["a.example", "b.example"]


def test_a_missing_value_says_why_it_is_needed():
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is not set: it signs sessions.$"):
        environment.read_required(NAME, because="it signs sessions.")


@pytest.mark.parametrize(
    ("value", "host", "password"),
    [
        ("postgres://me:word@db:5433/site", "db", "word"),
        ("postgresql://me:p%40ss%2Fword@db.example/site", "db.example", "p@ss/word"),
    ],
)
def test_database_addresses_are_read(monkeypatch: pytest.MonkeyPatch, value: str, host: str, password: str):
    monkeypatch.setenv(NAME, value)
    found = environment.read_database(NAME)
    assert found
    assert (found["HOST"], found["PASSWORD"], found["NAME"]) == (host, password, "site")
    assert found["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize(
    "value",
    [
        "sqlite:///x.db",
        "mysql://a:secret@b/c",
        "postgres://",
        "postgres://a:secret@b:x/c",
        "postgres://a:secret@b",
        "no",
    ],
)
def test_other_database_addresses_are_refused_without_their_password(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is not the address of a PostgreSQL database") as caught:
        environment.read_database(NAME)
    assert "secret" not in str(caught.value)


def test_broker_addresses_are_read(monkeypatch: pytest.MonkeyPatch):
    assert environment.read_broker(NAME) is None
    assert environment.read_database(NAME) is None
    for value in ("redis://:p%40ss@host:6379/0", "rediss://host/1"):
        monkeypatch.setenv(NAME, value)
        assert environment.read_broker(NAME) == value


@pytest.mark.parametrize("value", ["http://host", "redis://", "redis://:secret@host:x/0", "host:6379"])
def test_other_broker_addresses_are_refused_without_their_password(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is not the address of a Redis or Valkey server") as caught:
        environment.read_broker(NAME)
    assert "secret" not in str(caught.value)


def load_settings(**variables: str) -> dict[str, object]:
    """Return the simple settings that a fresh process reads from these variables alone."""
    script = (
        "import json; from qscounty import settings\n"
        "print(json.dumps({k: v for k, v in vars(settings).items() if k.isupper()}, default=str))"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "QSCOUNTY_STATE": "/nonexistent/state", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        return {"error": result.stderr.strip().splitlines()[-1]}
    return json.loads(result.stdout)


SITE = {"QSCOUNTY_SECRET_KEY": "x" * 60, "QSCOUNTY_HOSTS": "site.example"}


def test_a_local_site_needs_nothing():
    found = load_settings()
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]"]
    assert found["DATABASES"]["default"]["HOST"] == "/nonexistent/state/run"
    assert found["CELERY_BROKER_URL"] == "redis+socket:///nonexistent/state/run/valkey.sock?virtual_host=0"
    assert found["SESSION_COOKIE_SECURE"] is False
    assert found["CSRF_COOKIE_NAME"] != found["SESSION_COOKIE_NAME"] != "sessionid"


def test_a_site_with_certificates_sends_cookies_over_tls_only():
    found = load_settings(QSCOUNTY_SITE="https", **SITE)
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is True
    assert found["SECURE_HSTS_SECONDS"] >= 31536000
    assert found["SECURE_PROXY_SSL_HEADER"] is None, "nobody is believed unless a proxy is declared"
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://site.example"]


def test_an_intranet_without_certificates_still_needs_key_and_hosts():
    found = load_settings(QSCOUNTY_SITE="http", **SITE)
    assert found["SESSION_COOKIE_SECURE"] is found["SECURE_SSL_REDIRECT"] is False
    assert found["ALLOWED_HOSTS"] == ["site.example"]
    assert "QSCOUNTY_SECRET_KEY is not set" in load_settings(QSCOUNTY_SITE="http")["error"]
    missing = load_settings(QSCOUNTY_SITE="http", QSCOUNTY_SECRET_KEY="x" * 60)["error"]
    assert "QSCOUNTY_HOSTS is not set" in missing


def test_debugging_is_for_local_sites_only():
    assert load_settings(QSCOUNTY_DEBUG="1")["DEBUG"] is True
    assert load_settings(QSCOUNTY_DEBUG="1", QSCOUNTY_SITE="https", **SITE)["DEBUG"] is False


def test_addresses_replace_the_embedded_services():
    found = load_settings(DATABASE_URL="postgres://me:w@db/site", REDIS_URL="redis://:w@broker:6379/0")
    assert found["DATABASES"]["default"]["HOST"] == "db"
    assert found["CELERY_BROKER_URL"] == found["CELERY_RESULT_BACKEND"] == "redis://:w@broker:6379/0"


@pytest.mark.parametrize(("process", "seconds"), [("web", "10s"), ("worker", "60s"), ("command", "0s")])
def test_nobody_waits_for_the_database_for_ever(process: str, seconds: str):
    options = load_settings(QSCOUNTY_PROCESS=process)["DATABASES"]["default"]["OPTIONS"]
    assert options["connect_timeout"] == 3
    assert f"statement_timeout={seconds}" in options["options"]
    assert "lock_timeout=3s" in options["options"]
    assert "idle_in_transaction_session_timeout=30s" in options["options"]


def test_deployment_check_finds_nothing():
    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=PROJECT,
        env={
            "PATH": os.environ["PATH"],
            "QSCOUNTY_SITE": "https",
            "QSCOUNTY_STATE": "/nonexistent/state",
            "QSCOUNTY_HOSTS": "site.example",
            "QSCOUNTY_SECRET_KEY": "".join(chr(48 + number % 70) for number in range(60)),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    # Two recommendations bind other sites of the same domain: the person who owns the domain decides.
    rest = [line for line in result.stderr.splitlines() if "(security." in line]
    assert [line.split(")")[0][-4:] for line in rest] in ([], ["W005", "W021"]), result.stderr


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", "http://localhost"),
        ("https://targets.example", "https://targets.example"),
        ("https://targets.example:8443/", "https://targets.example:8443"),
        ("http://10.1.2.3:8000", "http://10.1.2.3:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_sites_address_is_read(monkeypatch: pytest.MonkeyPatch, value: str, expected: str):
    monkeypatch.setenv(NAME, value)
    assert environment.read_address(NAME, scheme="http", host="localhost") == expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [("a.example", "https://a.example"), (".example", "https://example"), ("*", "https://localhost")],
)
def test_an_address_that_is_not_set_is_made_from_the_first_host(host: str, expected: str):
    assert environment.read_address(NAME, scheme="https", host=host) == expected


@pytest.mark.parametrize(
    "value",
    [
        "targets.example",
        "ftp://targets.example",
        "https://",
        "https://*",
        "https://a b.example",
        "https://targets.example/app",
        "https://targets.example?x=1",
        "https://targets.example#x",
        "https://me:secret@targets.example",
        "https://targets.example:x",
        "https://targets.example:99999",
    ],
)
def test_other_addresses_are_refused(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is not the site's address") as caught:
        environment.read_address(NAME, scheme="http", host="localhost")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("smtp://mail.example:25", {"EMAIL_HOST": "mail.example", "EMAIL_PORT": 25}),
        (
            "smtp+tls://me:p%40ss@mail.example:587",
            {"EMAIL_HOST_PASSWORD": "p@ss", "EMAIL_PORT": 587, "EMAIL_USE_TLS": True},
        ),
        ("smtp+ssl://mail.example:465", {"EMAIL_USE_SSL": True}),
    ],
)
def test_mail_addresses_are_read(monkeypatch: pytest.MonkeyPatch, value: str, expected: dict[str, object]):
    assert environment.read_mail(NAME) == {}
    monkeypatch.setenv(NAME, value)
    found = environment.read_mail(NAME)
    assert expected.items() <= found.items()
    assert found["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"


@pytest.mark.parametrize("value", ["mail.example", "http://me:secret@mail.example", "smtp://", "smtp://a:secret@b:x"])
def test_other_mail_addresses_are_refused_without_their_password(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME} is not the address of a mail server") as caught:
        environment.read_mail(NAME)
    assert "secret" not in str(caught.value)
