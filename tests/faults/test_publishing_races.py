"""Two people of the leadership office at the same instant, on real PostgreSQL: exactly one edition comes of it.

Each race has a negative control. `QSCOUNTY_RACE_ROUNDS` as in `test_races`. Source: trust cases T14 to T16.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pgtrigger
import pytest
from django.db import connections, transaction

from departments.errors import DomainError
from departments.models import AuditEntry, User
from departments.roles import Role
from departments.selectors.clock import read_database_time
from departments.selectors.trail import find_chain_breaks
from reports.actions.publications import ask_to_publish, publish, verify_publication
from reports.editions import name_results
from reports.models import ExportJob, Publication, PublishedResult
from reports.models.publication import PUBLISHED_COLUMNS
from tests.builders import Q3, make_user
from tests.faults.test_races import CONTROLS, FEWER, Ring, count_refused, fetch
from tests.reports.publication_world import PublishingWorld, make_publishing_world

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ROUNDS = min(FEWER, 12) if FEWER == 40 else FEWER


@pytest.fixture
def ring() -> Iterator[Ring]:
    with ThreadPoolExecutor(2) as pool:
        ring = Ring(pool, Barrier(2))
        yield ring
        ring.run(connections.close_all, connections.close_all)


@pytest.fixture
def city(transactional_db: None) -> PublishingWorld:
    return make_publishing_world()


@pytest.fixture
def third(city: PublishingWorld) -> User:
    return make_user(Role.OFFICE, at=city.world.city, full_name="周三")


def confirm(edition: Publication, seen: str, by: User) -> Callable[[], object]:
    return lambda: publish(publication=edition, seen=seen, by=fetch(by))


def ask(city: PublishingWorld, seen: str, by: User) -> Callable[[], object]:
    return lambda: ask_to_publish(programme=city.programme, quarter=Q3, reason="更正。", seen=seen, by=fetch(by))


def test_of_two_who_publish_at_once_one_makes_the_edition(city: PublishingWorld, third: User, ring: Ring) -> None:
    for number in range(1, ROUNDS + 1):
        city.correct(measured=float(number))
        edition, seen = city.ask(), name_results(city.programme)
        outcomes = ring.run(confirm(edition, seen, city.publisher), confirm(edition, seen, third))
        assert count_refused(outcomes) == 1
        edition.refresh_from_db()
        assert edition.published_by in (city.publisher, third)
        assert verify_publication(publication=edition) == []
    editions = Publication.objects.filter(published_at__isnull=False)
    assert list(editions.values_list("edition", flat=True)) == list(range(1, ROUNDS + 1))
    assert AuditEntry.objects.filter(event="published").count() == ROUNDS
    assert ExportJob.objects.count() == ROUNDS  # and each edition's workbook was asked for once
    assert PublishedResult.objects.filter(quarter=Q3).count() == ROUNDS * len(city.world.allocations)
    assert list(find_chain_breaks()) == []


def test_of_two_who_ask_at_once_one_request_stands(city: PublishingWorld, third: User, ring: Ring) -> None:
    for number in range(1, ROUNDS + 1):
        city.correct(measured=float(number))
        seen = name_results(city.programme)
        ring.run(ask(city, seen, city.asker), ask(city, seen, third))
        waiting = Publication.objects.get(published_at__isnull=True)
        other = third if waiting.asked_by == city.asker else city.asker
        publish(publication=waiting, seen=seen, by=other)
    assert Publication.objects.count() == ROUNDS


def test_asking_anew_and_publishing_at_once_never_lets_one_person_do_both(
    city: PublishingWorld, third: User, ring: Ring
) -> None:
    """The one who publishes may ask anew at that instant: then nobody has published what they asked for themselves."""
    for number in range(1, ROUNDS + 1):
        city.correct(measured=float(number))
        edition, seen = city.ask(), name_results(city.programme)
        ring.run(confirm(edition, seen, city.publisher), ask(city, seen, city.publisher))
        waiting = Publication.objects.filter(published_at__isnull=True).first()
        if waiting is not None:
            publish(publication=waiting, seen=seen, by=third)
    assert not any(each.asked_by == each.published_by for each in Publication.objects.all())


def naive(edition: Publication, by: User) -> Callable[[], object]:
    """Publish by looking first and writing afterwards, without lock and without the guard of the table."""

    def act() -> object:
        with transaction.atomic(), pgtrigger.ignore("reports.Publication:published_kept"):
            if Publication.objects.get(pk=edition.pk).published_at is not None:
                raise DomainError("Published already.")
            time.sleep(0.001)
            at, frozen = read_database_time(), {"rule_version": 1, "inputs_revision": 1, "manifest": {"x": {}}}
            told = frozen | {"published_by": by, "published_at": at, "as_of": at, "anchor": "x"}
            return Publication.objects.filter(pk=edition.pk).update(**told)

    return act


def test_control_looking_first_lets_both_publish(city: PublishingWorld, third: User, ring: Ring) -> None:
    edition = city.ask()
    others = Publication.objects.filter(pk=edition.pk)
    nothing = dict.fromkeys(PUBLISHED_COLUMNS) | {"manifest": {}, "anchor": ""}
    both = 0
    for _each in range(CONTROLS):
        both += not count_refused(ring.run(naive(edition, city.publisher), naive(edition, third)))
        with pgtrigger.ignore("reports.Publication:published_kept"):
            others.update(**nothing)
    assert both, "the naive way never failed: the race does not race"
