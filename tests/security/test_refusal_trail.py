"""Every refusal leaves an entry, also one before any act; a scanner cannot fill the trail. Source: trust rule 29."""

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from departments.actions import audit
from departments.actions.acts import act
from departments.models import AuditEntry
from departments.roles import Role
from departments.selectors.trail import find_chain_breaks
from qscounty import refusal_trail
from qscounty.refusal_trail import Allowance
from tests.builders import make_department, make_user

pytestmark = pytest.mark.django_db
MISSING = "/entry/999999999/"


def list_refusals() -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(event="refused").order_by("position"))


@pytest.fixture
def person():
    return make_user(Role.CLERK, at=make_department())


@pytest.fixture
def clerk(person):
    """A browser of its own: the middleware begins to count anew with it."""
    client = Client()
    client.force_login(person)
    return client


def test_what_is_out_of_scope_stands_in_the_trail(clerk, person):
    assert clerk.get(MISSING).status_code == 404
    (entry,) = list_refusals()
    assert (entry.by, entry.details["status"], entry.details["path"]) == (person, 404, MISSING)
    assert entry.details["method"] == "GET"
    assert entry.details["address"] == "127.0.0.1"
    assert entry.request_id
    assert list(find_chain_breaks()) == []


def test_a_form_without_its_token_stands_in_the_trail(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post(reverse("departments:password-change"), {}).status_code == 403
    (entry,) = list_refusals()
    assert (entry.by, entry.details["status"], entry.details["method"]) == (person, 403, "POST")


def test_a_forged_log_in_of_nobody_stands_in_the_trail():
    assert Client(enforce_csrf_checks=True).post(reverse("departments:login"), {}).status_code == 403
    (entry,) = list_refusals()
    assert (entry.by, entry.details["act"]) == (None, "departments:login")


@pytest.mark.parametrize("path", ["/nothing-of-ours/", "/wp-admin/setup.php"])
def test_addresses_that_no_page_has_say_nothing(clerk, path):
    assert clerk.get(path).status_code == 404
    assert Client().get(path).status_code == 404
    assert list_refusals() == []


def test_an_answer_that_is_no_refusal_leaves_nothing(clerk):
    assert clerk.get(reverse("departments:password-change")).status_code == 200
    assert Client().get(MISSING).status_code == 302
    assert list_refusals() == []


def test_a_refusal_that_an_act_has_told_is_not_told_twice(clerk, monkeypatch, person):
    def refuse(*_args, **_kwargs):
        from django.core.exceptions import PermissionDenied

        act(lambda: audit.record(audit.Act(event="refused", by=person)))()
        raise PermissionDenied

    monkeypatch.setattr("indicators.views.entry.get_submission_or_404", refuse)
    assert clerk.get(MISSING).status_code == 403
    assert len(list_refusals()) == 1
    monkeypatch.undo()
    assert clerk.get(MISSING).status_code == 404, "and the next request begins anew"
    assert len(list_refusals()) == 2


def test_a_scanner_leaves_a_few_entries_and_their_number(clerk, monkeypatch):
    minutes = [0.0]
    monkeypatch.setattr(refusal_trail.time, "monotonic", lambda: minutes[0])
    for _request in range(30):
        assert clerk.get(MISSING).status_code == 404
    assert len(list_refusals()) == refusal_trail.EACH
    minutes[0] = 61.0
    clerk.get(MISSING)
    assert list_refusals()[-1].details["left_out"] == 30 - refusal_trail.EACH


def test_control_without_the_bound_each_request_is_an_entry(clerk, monkeypatch):
    monkeypatch.setattr(Allowance, "take", lambda *_args, **_kwargs: 0)
    for _request in range(12):
        clerk.get(MISSING)
    assert len(list_refusals()) == 12


def test_a_trail_that_cannot_be_written_leaves_the_answer_as_it_is(clerk, monkeypatch, caplog):
    def fail(**_fields):
        raise DatabaseError("away")

    monkeypatch.setattr(refusal_trail, "record_refused_request", fail)
    assert clerk.get(MISSING).status_code == 404
    assert "missing in the trail" in caplog.text


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ([("a", 1)] * 4, [0, 0, None, None]),
        ([("a", 1), ("b", 1), ("a", 1), ("b", 1)], [0, 0, 0, None]),  # three of all together
        ([("a", 1), ("a", 1), ("a", 1), ("a", 2)], [0, 0, None, 1]),
        ([("a", 1), ("a", 1), ("a", 1), ("b", 2), ("a", 3), ("a", 3)], [0, 0, None, 0, 1, 0]),
    ],
)
def test_the_allowance_counts_by_person_and_minute(asked, answers):
    allowance = Allowance(each=2, all_together=3)
    assert [allowance.take(key, minute=minute) for key, minute in asked] == answers


def test_the_allowance_does_not_grow_with_the_number_of_addresses():
    allowance = Allowance(each=1, all_together=10)
    for number in range(5000):
        allowance.take(number, minute=1)
    assert len(allowance._left_out) <= 1000
