"""The nightly check of editions: whatever is altered behind the guards is an alarm; what is well stays silent."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.translation import override

from departments.models import AuditEntry
from qscounty.celery import app
from reports import tasks
from reports.actions.verification import EVENT, verify_publications
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db
STATE = "?programme=changzhi-test&quarter=2018Q3"


@pytest.fixture
def city():
    return make_publishing_world()


def alter(table, sql):
    """Do what only the owner of the tables can: switch the guards off, and write."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


ALTERATIONS = [
    ("results", "reports_publishedresult", "UPDATE reports_publishedresult SET measured = 99 WHERE place = 1"),
    ("results", "reports_publishedresult", "DELETE FROM reports_publishedresult WHERE place = 2"),
    ("rollups", "reports_publishedrollup", "UPDATE reports_publishedrollup SET green = green + 1 WHERE domain = 0"),
    ("catalogue", "reports_publishedpart", "UPDATE reports_publishedpart SET text = replace(text, '市', '县')"),
    ("figures", "indicators_approvedfigure", "UPDATE indicators_approvedfigure SET explanation = '改动'"),
]


@pytest.mark.parametrize(("part", "table", "sql"), ALTERATIONS, ids=["changed", "deleted", "cell", "words", "figure"])
def test_an_alteration_behind_the_guards_is_an_alarm(city, part, table, sql):
    edition = city.publish()
    alter(table, sql)
    assert verify_publications() == {edition: [part]}
    alarm = AuditEntry.objects.get(event=EVENT)
    assert alarm.details == {"quarter": "2018Q3", "edition": 1, "parts": [part]}
    assert (alarm.by, alarm.object_id, alarm.chain.department_id) == (None, str(edition.pk), city.programme.office_id)


def test_what_is_well_stays_silent(city):
    """The control: later corrections and a second edition are no alteration, nor is one that is only asked for."""
    city.publish()
    city.correct()
    city.publish()
    city.correct(measured=80.0)
    city.ask()
    assert verify_publications() == {}
    assert not AuditEntry.objects.filter(event=EVENT).exists()


def test_only_the_edition_that_was_altered_is_named(city):
    first = city.publish()
    city.correct()
    city.publish()
    alter(
        "reports_publishedresult",
        f"UPDATE reports_publishedresult SET rating = 4 WHERE publication_id = {first.pk} AND place = 3",  # noqa: S608
    )
    assert list(verify_publications()) == [first]
    assert verify_publications(programme_code="another") == {}


def test_the_alarm_is_told_on_the_page_of_the_edition(city, client):
    city.publish()
    client.force_login(city.asker)
    page = client.get(f"/reports/1/{STATE}", headers={"accept-language": "en"})
    assert page.context["detail"].alarm == ""
    alter("reports_publishedrollup", ALTERATIONS[2][2])
    verify_publications()
    page = client.get(f"/reports/1/{STATE}", headers={"accept-language": "en"})
    assert "not what was published: Roll-ups (found" in page.content.decode()


def test_the_command_exits_with_one_and_names_the_parts(city):
    city.publish()
    said = io.StringIO()
    call_command("verify_publication", stdout=said)
    assert said.getvalue() == "Every edition is what its manifest says.\n"
    alter("reports_publishedresult", ALTERATIONS[0][2])
    said = io.StringIO()
    with pytest.raises(CommandError, match="1 editions are not as published"):
        call_command("verify_publication", programme="changzhi-test", stdout=said)
    assert said.getvalue() == "changzhi-test 2018Q3 edition 1: results not as published\n"
    with pytest.raises(CommandError, match="no programme with the code x"):
        call_command("verify_publication", programme="x")


def test_it_runs_every_night(city):
    planned = app.conf.beat_schedule["verify-publications"]
    assert planned["task"] == "reports.tasks.verify_publications"
    assert (planned["schedule"].hour, planned["schedule"].minute) == ({3}, {10})
    city.publish()
    alter("reports_publishedresult", ALTERATIONS[0][2])
    with override("en"):
        tasks.verify_publications(later="argument")
    assert AuditEntry.objects.filter(event=EVENT).count() == 1
