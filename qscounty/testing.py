"""The test session's services: a pytest plugin (`-p qscounty.testing`), each session with its own servers.

The state directory is chosen before pytest-django reads the settings, which is earlier than any conftest.
The servers start when the first test asks for the database, so that tests of pure rules never wait for them.
With pytest-xdist every worker process has a state and servers of its own.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from qscounty.embedded.failure import LocalServiceError
from qscounty.embedded.stack import Stack
from qscounty.embedded.state import State

PREFIX = "qscounty-test-"
FORGOTTEN_SECONDS = 24 * 3600
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
OFFICE_NAMES = ("soffice", "libreoffice")
# Tests that need a program of the system: marker -> (programs, variable that makes its absence a failure,
# what to install).
NEEDS = {
    "browser": (BROWSER_NAMES, "QSCOUNTY_REQUIRE_BROWSER", "apt-get install chromium fonts-wqy-microhei"),
    "libreoffice": (OFFICE_NAMES, "QSCOUNTY_REQUIRE_LIBREOFFICE", "apt-get install libreoffice-calc-nogui"),
    "gettext": (("xgettext",), "QSCOUNTY_REQUIRE_GETTEXT", "apt-get install gettext"),
}
_state = pytest.StashKey[State]()
_missing = pytest.StashKey[dict[str, int]]()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Give the session a state directory before the settings are read."""
    directory = Path(tempfile.mkdtemp(prefix=PREFIX))
    directory.chmod(0o711)  # root's servers run as another user and must pass
    os.environ["QSCOUNTY_STATE"] = str(directory)
    # Playwright keeps an event loop in the thread of the tests; Django takes that for asynchronous code.
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    early_config.stash[_state] = State(directory=directory)
    try:
        return (yield)
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers of tests that need a program of the system."""
    for name, (programs, _variable, _install) in NEEDS.items():
        config.addinivalue_line("markers", f"{name}: needs {programs[0]}; skipped loudly without it.")
    config.stash[_missing] = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's directory, and those of sessions killed long ago."""
    if state := config.stash.get(_state, None):
        shutil.rmtree(state.directory, ignore_errors=True)
        remove_forgotten(state.directory.parent, before=time.time() - FORGOTTEN_SECONDS)


def remove_forgotten(parent: Path, *, before: float) -> None:
    """Remove this user's session directories untouched since `before`; no session lasts that long."""
    for directory in parent.glob(f"{PREFIX}*"):
        try:
            found = directory.lstat()
        except OSError:
            continue
        if found.st_uid == os.geteuid() and found.st_mtime < before:
            shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def embedded_stack(pytestconfig: pytest.Config) -> Iterator[Stack]:
    """Run the session's PostgreSQL and Valkey; DATABASE_URL and REDIS_URL replace them."""
    stack = Stack(
        pytestconfig.stash[_state],
        with_postgres=not os.environ.get("DATABASE_URL"),
        with_valkey=not os.environ.get("REDIS_URL"),
        durable=False,
    )
    try:
        stack.start()
    except LocalServiceError as error:
        # One sentence instead of the same traceback for every test.
        pytest.exit(f"The tests have no services. {error}", returncode=3)
    try:
        yield stack
    finally:
        stack.stop()


def find_program(names: tuple[str, ...]) -> str | None:
    """Return the path of the first of these programs that is installed, or None."""
    return next((path for name in names if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip tests whose program is missing; fail them instead where its variable demands it."""
    for marker, (programs, variable, install) in NEEDS.items():
        wanting = [item for item in items if item.get_closest_marker(marker)]
        if not wanting or find_program(programs):
            continue
        sentence = f"{programs[0]} is not installed: {install}"
        if os.environ.get(variable, "0") not in ("", "0"):
            raise pytest.UsageError(f"{variable} is set, but {sentence}.")
        config.stash[_missing][sentence] = len(wanting)
        for item in wanting:
            item.add_marker(pytest.mark.skip(reason=sentence))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say loudly which tests did not run for want of a program."""
    for sentence, count in config.stash[_missing].items():
        terminalreporter.write_sep("!", f"{count} TESTS DID NOT RUN: {sentence}", red=True, bold=True)
