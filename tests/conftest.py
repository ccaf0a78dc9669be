"""What every test may use: the session's database, and the system's Chromium."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.test import TransactionTestCase
from django.utils import translation

from qscounty.embedded.stack import Stack
from qscounty.testing import BROWSER_NAMES, find_program

BROWSER_FLAGS = (
    "--no-sandbox",  # build machines run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, embedded_stack: Stack) -> None:
    """Start the servers just before pytest-django makes its database."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the system's Chromium: downloading a build of its own is not possible everywhere."""
    return {**browser_type_launch_args, "executable_path": find_program(BROWSER_NAMES), "args": [*BROWSER_FLAGS]}


@pytest.fixture(scope="session", autouse=True)
def emptying_passes_the_guards() -> Iterator[None]:
    """Let the framework empty the tables after a test that commits: some refuse to be emptied, for good reason."""
    plain = TransactionTestCase._fixture_teardown

    def empty(case: TransactionTestCase) -> None:
        with pgtrigger.ignore():
            plain(case)

    TransactionTestCase._fixture_teardown = empty
    yield
    TransactionTestCase._fixture_teardown = plain


@pytest.fixture(autouse=True)
def pages_are_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no page be remembered: tests change rows past the actions that move a stamp. Tests of memory turn it on."""
    monkeypatch.setattr("reports.remembered.KEPT_FOR", 0)


@pytest.fixture(autouse=True)
def every_test_begins_in_the_site_s_language() -> None:
    """Let no test read in the language of the page that another one asked for last."""
    translation.deactivate()
