"""The trail: one entry an act, chained, written once, and every kind of tampering found."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import InternalError

from departments.actions import audit
from departments.models import AuditChain, AuditEntry
from departments.roles import Role
from departments.selectors.trail import find_chain_breaks
from tests.builders import make_department, make_user

pytestmark = pytest.mark.django_db


def record(event="figure_saved", **fields):
    with transaction.atomic():
        return audit.record(audit.Act(event=event, **fields))


def record_many(count, **fields):
    return [record(f"event_{number}", details={"n": number}, **fields) for number in range(count)]


def test_an_entry_says_who_did_what_on_what():
    department = make_department()
    user = make_user(Role.CLERK, at=department)
    entry = record(by=user, department_id=department.pk, subject=department, details={"数": 1}, reason="更正")
    entry.refresh_from_db()
    assert (entry.by, entry.role, entry.reason) == (user, "clerk", "更正")
    assert (entry.object_type, entry.object_id) == ("departments.department", str(department.pk))
    assert entry.details == {"数": 1}


def test_chains_of_departments_are_counted_apart():
    first, second = make_department(), make_department()
    record_many(3, department_id=first.pk)
    record_many(2, department_id=second.pk)
    record_many(1)
    lengths = dict(AuditChain.objects.values_list("department_id", "length"))
    assert lengths == {first.pk: 3, second.pk: 2, None: 1}
    assert list(find_chain_breaks()) == []


def test_an_act_that_fails_leaves_no_entry():
    record_many(2)
    with transaction.atomic():
        audit.record(audit.Act(event="figure_saved"))
        transaction.set_rollback(True)
    assert AuditEntry.objects.count() == 2
    assert list(find_chain_breaks()) == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_needs_the_act_s_transaction():
    with pytest.raises(RuntimeError, match="inside the act's transaction"):
        audit.record(audit.Act(event="figure_saved"))


@pytest.mark.parametrize(
    "statement", ["UPDATE departments_auditentry SET event = 'x'", "DELETE FROM departments_auditentry"]
)
def test_the_database_refuses_to_change_an_entry(statement):
    record_many(1)
    with pytest.raises(InternalError, match="written_once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


TAMPERINGS = {
    "an edited event": "UPDATE departments_auditentry SET event = 'nothing' WHERE position = 3",
    "edited details": "UPDATE departments_auditentry SET details = '{\"n\": 99}' WHERE position = 2",
    "another person": "UPDATE departments_auditentry SET role = 'office' WHERE position = 4",
    "another time": "UPDATE departments_auditentry SET at = at + interval '1 second' WHERE position = 1",
    "an entry in the middle deleted": "DELETE FROM departments_auditentry WHERE position = 3",
    "the last entry deleted": "DELETE FROM departments_auditentry WHERE position = 5",
    "every entry deleted": "DELETE FROM departments_auditentry",
    "the head wound back": "UPDATE departments_auditchain SET length = 4",
    "two entries swapped": (
        "UPDATE departments_auditentry SET event = CASE position WHEN 2 THEN 'event_2' ELSE 'event_1' END"
        " WHERE position IN (2, 3)"
    ),
}


@pytest.mark.parametrize("statement", [pytest.param(sql, id=name) for name, sql in TAMPERINGS.items()])
def test_tampering_behind_the_triggers_is_found(statement, capsys):
    record_many(5)
    assert list(find_chain_breaks()) == []
    tamper(statement)
    assert list(find_chain_breaks())
    with pytest.raises(SystemExit):
        call_command("verify_audit")


def tamper(statement):
    """Run `statement` as the tables' owner could, who may switch triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE departments_auditentry DISABLE TRIGGER USER")
        cursor.execute(statement)
        cursor.execute("ALTER TABLE departments_auditentry ENABLE TRIGGER USER")


def test_an_untouched_trail_passes_the_command(capsys):
    record_many(3)
    call_command("verify_audit")
    assert "Every chain holds." in capsys.readouterr().out
