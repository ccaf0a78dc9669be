"""Read environment variables; a missing or malformed one is refused by name in one sentence."""

import os
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured


def read_choice(name: str, *, choices: Iterable[str], default: str) -> str:
    """Return the variable's value, one of `choices`."""
    value = read_text(name, default=default)
    if value not in (allowed := tuple(choices)):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to one of {', '.join(allowed)}.")
    return value


def read_count(name: str, *, default: int, least: int = 0, most: int = 1_000_000) -> int:
    """Return the variable's value as a whole number from `least` to `most`."""
    value = read_text(name, default=str(default))
    if not (value.isascii() and value.isdecimal()) or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to a whole number from {least} to {most}.")
    return int(value)


def read_names(name: str) -> list[str]:
    """Return the variable's comma-separated values, without blanks."""
    return [part.strip() for part in read_text(name).split(",") if part.strip()]


def read_flag(name: str) -> bool:
    """Return whether the variable is set to 1, true, yes or on."""
    value = read_text(name, default="0").lower()
    if value not in (*environ.Env.BOOLEAN_TRUE_STRINGS, "0", "false", "no", "off", "n"):
        raise ImproperlyConfigured(f"{name} is {value!r}: set it to 1 or 0.")
    return value in environ.Env.BOOLEAN_TRUE_STRINGS


def read_text(name: str, *, default: str = "") -> str:
    """Return the variable's value without surrounding blanks; a blank one counts as not set."""
    return os.environ.get(name, "").strip() or default


def read_required(name: str, *, because: str) -> str:
    """Return the variable's value or say why it is needed."""
    if not (value := read_text(name)):
        raise ImproperlyConfigured(f"{name} is not set: {because}")
    return value


def read_database(name: str) -> dict[str, Any] | None:
    """Return Django's settings for a PostgreSQL address, or None if the variable is not set."""
    if not (value := read_text(name)):
        return None
    # The address holds a password: no message repeats it.
    form = "write it as postgres://user:password@host:5432/database, special characters percent-encoded."
    try:
        parts = urlsplit(value)
        settings: dict[str, Any] = {}
        if parts.scheme in ("postgres", "postgresql") and parts.port != 0:
            settings = dict(environ.Env.db_url_config(value))
        complete = bool(settings.get("NAME"))
    except (ValueError, KeyError):
        complete = False
    if not complete:
        raise ImproperlyConfigured(f"{name} is not the address of a PostgreSQL database: {form}")
    return {**settings, "ENGINE": "django.db.backends.postgresql"}


def read_broker(name: str) -> str | None:
    """Return the address of a Redis or Valkey server, or None if the variable is not set."""
    if not (value := read_text(name)):
        return None
    form = "write it as redis://:password@host:6379/0, special characters percent-encoded."
    try:
        parts = urlsplit(value)
        complete = parts.scheme in ("redis", "rediss") and parts.hostname and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        raise ImproperlyConfigured(f"{name} is not the address of a Redis or Valkey server: {form}")
    return value


def read_address(name: str, *, scheme: str, host: str) -> str:
    """Return the address under which people reach the site: scheme, host and port, without a slash at its end.

    Not set: made from `scheme` and `host`, a name as Django allows it (".example" and "*" stand for many).
    """
    named = host.lstrip(".").replace("*", "localhost")
    value = read_text(name, default=f"{scheme}://{named}").rstrip("/")
    try:
        parts = urlsplit(value)
        plain = not (parts.path or parts.query or parts.fragment or parts.username or parts.password)
        complete = parts.scheme in ("http", "https") and parts.port != 0 and plain and value == value.split()[0]
        complete = complete and bool(re.fullmatch(r"[A-Za-z0-9.-]+|[0-9a-f:.]+", parts.hostname or ""))
    except (ValueError, IndexError):
        complete = False
    if not complete:
        # It may hold a password by mistake: no message repeats it.
        raise ImproperlyConfigured(f"{name} is not the site's address: write it as https://host or https://host:8443.")
    return value


def read_mail(name: str) -> dict[str, Any]:
    """Return Django's settings for a mail server's address, empty if the variable is not set."""
    if not (value := read_text(name)):
        return {}
    # The address holds a password: no message repeats it.
    form = "write it as smtp://user:password@host:25, or with smtp+tls or smtp+ssl, special characters percent-encoded."
    try:
        parts = urlsplit(value)
        complete = parts.scheme in ("smtp", "smtp+tls", "smtp+ssl") and bool(parts.hostname) and parts.port != 0
        settings = dict(environ.Env.email_url_config(value)) if complete else {}
    except (ValueError, KeyError):
        complete = False
    if not complete:
        raise ImproperlyConfigured(f"{name} is not the address of a mail server: {form}")
    return {key: setting for key, setting in settings.items() if key.startswith("EMAIL_")}
