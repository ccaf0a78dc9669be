"""Every address of the site, every method, nine subjects, five places: what may be done is done, nothing else is.

The table is `authz.toml`: one letter a subject. Source: goal S1; trust rules 21 and 24, cases T1 to T6, T8, T36.
"""

import tomllib
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.matrix_requests import BEFORE, DATA, PATHS, Cell
from tests.security.matrix_world import PLACES, World, make_world
from tests.taken_back import taken_back

TABLE: dict[str, Any] = tomllib.loads((Path(__file__).parent / "authz.toml").read_text(encoding="utf-8"))
NOBODY_REFUSED: dict[str, str] = TABLE.pop("nobody-refused")
NOBODY_ALLOWED: dict[str, str] = TABLE.pop("nobody-allowed")
"""Why an address is the same to everybody, by its name."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")
SUBJECTS = (
    "anonymous",
    "clerk",
    "reviewer",
    "office",
    "leader",
    "system administrator",
    "security administrator",
    "auditor",
    "disabled",
)
# The framework's own pages show themselves, or lead away, whatever the method; they change nothing by it.
FRAMEWORK = {"departments:login", "departments:password-change", "set_language"}
OWN_ALONE = {"indicators:notice-read", "departments:token-revoke"}
"""What everybody does with their own and nobody with another's, whatever their post."""

LETTERS = {401: "1", 403: "3", 404: "4", 405: "5", 409: "9", 422: "2", 423: "k", 503: "s"}


def list_addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Yield the name of every address; one without a name by its path."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from list_addresses(pattern, f"{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}" if pattern.name else str(pattern.pattern)


ADDRESSES = sorted(set(list_addresses()))


pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """The world, made once for all cells in a transaction that is taken back; every cell takes itself back."""
    media, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
    file = Path(settings.MEDIA_ROOT) / "evidence" / "00" / f"{'0' * 64}.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF-")
    with django_db_blocker.unblock(), taken_back():
        yield make_world()
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = media


@pytest.fixture
def _django_db_helper(django_db_blocker: Any) -> Iterator[None]:
    """Open the database without a transaction for each test: pytest-django would close the world's connection."""
    with django_db_blocker.unblock():
        yield


def letter_of(response: Any) -> str:
    """Return the table's letter of an answer: `>` to the log-in, `a` done or shown, else the refusal's."""
    if response.status_code in (301, 302) and response.headers["Location"].startswith("/login/?"):
        return ">"
    if response.status_code < 400:
        return "a"
    return LETTERS.get(response.status_code, f"({response.status_code})")


FINGERPRINT = """
    SELECT (SELECT count(*) FROM departments_auditentry WHERE event <> 'refused'),
           (SELECT sum(version) FROM indicators_submission), (SELECT sum(version) FROM indicators_figure),
           (SELECT count(*) FROM indicators_evidence WHERE removed_at IS NULL),
           (SELECT count(*) FROM indicators_extension WHERE granted_at IS NOT NULL),
           (SELECT count(*) FROM indicators_notice WHERE read_at IS NULL)
"""


def fingerprint() -> tuple[object, ...]:
    """Return what no refused request may change; the trail of refusals is not part of it."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT)
        found: tuple[object, ...] = cursor.fetchone()
        return found


def ask(world: World, name: str, method: str, place: str, subject: str) -> tuple[str, bool]:
    """Return the letter of one cell's answer and whether anything was changed; the cell is taken back."""
    spot = world.places["own" if place == "missing" else place]
    cell = Cell(world=world, subject=subject, place=spot, is_missing=place == "missing")
    with taken_back():
        if name in BEFORE and method in TABLE[name]:
            BEFORE[name](spot)
        if place == "closed":
            spot.close()
        data = DATA[name](cell) if method == "POST" and name in DATA else None
        client = world.clients[subject]
        client.cookies = SimpleCookie(world.cookies[subject])  # an earlier cell may have logged out
        if name.startswith("api:"):
            client = Client(headers={"accept-language": "en", **world.bearers[subject]})
        path, before = PATHS[name](cell), fingerprint() if method != "GET" else ()
        response = client.post(path, data or {}) if method == "POST" else client.generic(method, path)
        letter, changed = letter_of(response), method != "GET" and fingerprint() != before
        transaction.set_rollback(True)
    return letter, changed


ASKED = {"cells": 0, "done": 0}


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_cell_answers_as_the_table_says(name: str, world: World) -> None:
    wrong = []
    for method, places in TABLE[name].items():
        for place, letters in places.items():
            for subject, wanted in zip(SUBJECTS, letters.split(), strict=True):
                found, changed = ask(world, name, method, "own" if place == "any" else place, subject)
                ASKED["cells"] += 1
                ASKED["done"] += wanted == "a"
                if found != wanted or (changed and wanted != "a"):
                    wrong.append(f"{method} {place} {subject}: {found} for {wanted}{', changed' if changed else ''}")
    assert not wrong, f"{name}: {wrong}"


@pytest.mark.parametrize("name", ADDRESSES)
def test_no_other_method_is_answered(name: str, world: World) -> None:
    """Any method that the table does not name is refused for everybody, and changes nothing."""
    wrong = []
    for method in METHODS:
        if method in TABLE[name]:
            continue
        for subject in SUBJECTS:
            found, changed = ask(world, name, method, "own", subject)
            ASKED["cells"] += 1
            harmless = found in {"a", "s"} and (method in ("HEAD", "OPTIONS") or name in FRAMEWORK)
            if (found not in {">", "1", "3", "4", "5"} and not harmless) or changed:
                wrong.append(f"{method} {subject}: {found}{', changed' if changed else ''}")
    assert not wrong, f"{name}: {wrong}"


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert sorted(TABLE) == ADDRESSES
    assert set(PATHS) == set(ADDRESSES)


def test_every_row_speaks_of_every_place_and_subject() -> None:
    for name, methods in TABLE.items():
        for method, places in methods.items():
            assert set(places) in ({"any"}, set(PLACES)), (name, method)
            assert all(len(letters.split()) == len(SUBJECTS) for letters in places.values()), (name, method)


def list_one_sided() -> tuple[set[str], set[str]]:
    """Return the addresses with a method that refuses nobody, and those with one that lets nobody do anything."""
    answers = [
        (name, {letter for letters in places.values() for letter in letters.split()})
        for name, methods in TABLE.items()
        for places in methods.values()
    ]
    return {name for name, found in answers if found == {"a"}}, {name for name, found in answers if "a" not in found}


def test_every_row_has_somebody_allowed_and_somebody_refused() -> None:
    """A row that refuses everything would hold as well with the address broken; exceptions stand in the table."""
    assert list_one_sided() == (set(NOBODY_REFUSED), set(NOBODY_ALLOWED))
    assert all(NOBODY_REFUSED.values())
    assert all(NOBODY_ALLOWED.values())


def test_control_a_row_of_refusals_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLE, "reports:league-share", {"GET": {"own": "> 4 4 4 4 4 4 4 >"}})
    assert list_one_sided() == (set(NOBODY_REFUSED), {*NOBODY_ALLOWED, "reports:league-share"})


def test_everybody_else_is_sent_to_the_log_in() -> None:
    """Only four addresses answer nobody: the log-in, the language, and the two that machines ask."""
    public = {"departments:login", "set_language", "livez", "readyz"}
    for name, methods in TABLE.items():
        for places in methods.values():
            for letters in places.values():
                first, *_rest, last = letters.split()
                assert name in public or (first, last) == (("1", "1") if name.startswith("api:") else (">", ">")), name


def test_system_posts_reach_no_figures() -> None:
    """Administrators read and change nothing of what departments enter. Source: trust rule 25, case T17."""
    for name, methods in TABLE.items():
        for method, places in methods.items():
            for letters in places.values():
                by_subject = dict(zip(SUBJECTS, letters.split(), strict=True))
                for subject in ("system administrator", "security administrator"):
                    if by_subject[subject] == "a":
                        assert name in OWN_ALONE or set(places) == {"any"}, (name, method)


def test_enough_was_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """Runs last: prints goal S1's line. A part of the file run alone asks less and is skipped."""
    if ASKED["cells"] < 1000:
        pytest.skip("only a part of the matrix was asked")
    with capsys.disabled():
        print(f"\nS1 {ASKED['cells']} requests, {ASKED['done']} of them allowed; limit 5000 PASS")
    assert ASKED["cells"] >= 5000
