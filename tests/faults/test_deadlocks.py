"""Two acts that take the same rows in opposite order: the database ends one, which is done again unseen. F20.

`QSCOUNTY_RACE_ROUNDS` says how many pairs meet, 1,000 before a release.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg2
import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections
from psycopg2 import sql

from departments.actions import acts
from departments.actions.acts import act
from departments.models import AuditEntry
from departments.selectors.trail import find_chain_breaks
from indicators.actions.submissions import approve_submission
from indicators.models import ApprovedFigure, Submission
from qscounty.embedded.postgres import SUPERUSER
from tests.faults.test_races import Ring, count_refused, fetch, make_forms, ring, world  # noqa: F401  fixtures
from tests.integration.entry_world import World

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PAIRS = min(int(os.environ.get("QSCOUNTY_RACE_ROUNDS", "20")), 1000)
CONTROLS = 4


@pytest.fixture(autouse=True)
def _quick_detection() -> Iterator[None]:
    """Let the database look for deadlocks after 20 ms instead of a second; only its superuser may say so."""
    if os.environ.get("DATABASE_URL"):
        yield  # slower, and the same
        return
    role = sql.Identifier(connection.settings_dict["USER"])
    with closing(psycopg2.connect(host=str(settings.STATE.sockets), user=SUPERUSER, dbname="postgres")) as own:
        own.autocommit = True
        own.cursor().execute(sql.SQL("ALTER ROLE {} SET deadlock_timeout = '20ms'").format(role))
        connections.close_all()
        yield
        own.cursor().execute(sql.SQL("ALTER ROLE {} RESET deadlock_timeout").format(role))


def approve_both(first: Submission, second: Submission, by) -> Callable[[], object]:
    """Return one act of two approvals, in this order: what no page does, and a batch one day might."""

    @act
    def approve() -> str:
        for form in (first, second):
            approve_submission(submission=form, version_seen=form.version, by=fetch(by))
        return "approved"

    return approve


def list_pairs(world: World, count: int) -> list[tuple[Submission, Submission]]:  # noqa: F811
    forms = make_forms(world, 2 * count)
    return list(zip(forms[::2], forms[1::2], strict=True))


def test_f20_opposite_orders_end_in_one_act_and_one_refusal(world: World, ring: Ring, caplog) -> None:  # noqa: F811
    pairs = list_pairs(world, PAIRS)
    for first, second in pairs:
        outcomes = ring.run(approve_both(first, second, world.reviewer), approve_both(second, first, world.reviewer))
        assert outcomes.count("approved") == 1
        assert count_refused(outcomes) == 1
    assert ApprovedFigure.objects.filter(submission__isnull=False).count() == 2 * PAIRS
    assert AuditEntry.objects.filter(event="submission_approve").count() == 2 * PAIRS
    assert list(find_chain_breaks()) == []
    assert "is done again" in caplog.text, "no pair met in a deadlock: the race does not race"


def test_control_without_repetition_a_deadlock_reaches_the_person(
    world: World,  # noqa: F811
    ring: Ring,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(acts, "RETRIES", 0)
    met = 0
    for first, second in list_pairs(world, CONTROLS):
        try:
            ring.run(approve_both(first, second, world.reviewer), approve_both(second, first, world.reviewer))
        except OperationalError as error:
            met += acts.is_repeatable(error)
    assert met, "no deadlock met anybody: the race does not race"
