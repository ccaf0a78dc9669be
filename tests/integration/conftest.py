"""The five programmes, and the demonstration data, loaded once for a module of tests that only change them a little."""

import io
from collections.abc import Iterator

import pytest
from django.core.management import call_command


def load_and_flush(blocker, *commands: str) -> Iterator[None]:
    """Run the commands for good, hand over, and empty every table afterwards; tests in between roll back."""
    with blocker.unblock():
        for command in commands:
            call_command(command, stdout=io.StringIO())
    yield
    with blocker.unblock():
        call_command(
            "flush",
            verbosity=0,
            interactive=False,
            reset_sequences=False,
            allow_cascade=True,
            inhibit_post_migrate=True,
        )


@pytest.fixture(scope="module")
def five_programmes(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Regions, programmes, calendars, thresholds and published figures."""
    yield from load_and_flush(django_db_blocker, "load_programmes")


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The five programmes with accounts, figures, submissions and results."""
    yield from load_and_flush(django_db_blocker, "load_programmes", "load_demonstration")
