"""Two people of the office issue at the same instant: there is one letter, and the other one is told."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction

from departments.errors import DomainError, Stale
from departments.roles import Role
from indicators.models import Target
from reports.actions import letters as acts
from reports.letters.standing import list_standings
from reports.letters.terms import Recipient
from reports.models import Letter
from tests.builders import make_user, make_world

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ROUNDS = 6


@pytest.fixture
def world(transactional_db):
    return make_world(counties=1)


def write(content, number, day):
    time.sleep(0.05)  # long enough for the other one to arrive in between
    return f"{number} {content['recipient']['name']} {day}".encode()


def issue_at_once(world):
    """Let two people issue the county's letter as both see it, and return what became of each."""
    recipient, gate = Recipient(region=world.counties[0]), threading.Barrier(2)
    seen = next(one.seen for one in list_standings(world.programme) if one.recipient == recipient)

    def issue(user):
        gate.wait(10)
        try:
            given = {"programme": world.programme, "recipient": recipient, "seen": seen}
            return acts.issue_letters(**given, write=write, by=user)[0]
        except (DomainError, IntegrityError) as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        people = [world.office, world.second]
        return list(pool.map(issue, people))


@pytest.fixture
def office(world):
    world.second = make_user(Role.OFFICE, at=world.city)
    return world


def test_one_is_issued_and_the_other_is_told_to_look_again(office):
    target = Target.objects.filter(programme=office.programme).first()
    for number in range(ROUNDS):
        found = issue_at_once(office)
        assert sorted(type(one) for one in found if isinstance(one, Exception)) == [Stale]
        assert [one.number for one in found if isinstance(one, Letter)] == [number]
        Target.objects.filter(pk=target.pk).update(level=Decimal(80 + number))
    assert list(Letter.objects.order_by("number").values_list("number", flat=True)) == list(range(ROUNDS))


def test_without_the_lock_the_database_would_have_to_refuse(office, monkeypatch):
    """The control: taken without its lock, the same act runs into the unique number."""
    monkeypatch.setattr(acts, "_lock", lambda programme: None)
    found = issue_at_once(office)
    assert any(isinstance(one, IntegrityError) for one in found)
    with transaction.atomic():
        assert Letter.objects.count() == 1
