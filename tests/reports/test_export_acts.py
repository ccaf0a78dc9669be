"""Who gets the provincial workbook, by address and by command, and what stands in the trail afterwards."""

import hashlib
import io
import re
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import reverse
from openpyxl import load_workbook

from departments.errors import NotAllowed
from departments.models import AuditEntry
from departments.roles import Role
from indicators.engine.period import Quarter
from indicators.engine.target import Rating
from reports.actions import exports
from reports.actions.exports import Busy, Receipt, export_province
from reports.exports.files import stage_file
from reports.exports.jobs import process_due_exports
from reports.exports.layout import Sheet
from reports.models import ExportJob
from tests import builders

pytestmark = pytest.mark.django_db
Q3 = builders.Q3
ADDRESS = "/exports/ask/"
RECEIPT = Receipt(rows=1, size=2, sha256="3", fingerprint="4")


@pytest.fixture
def city():
    world = builders.make_world()
    builders.make_window(world.programme)
    builders.fill(world, ratings=(Rating.GREEN, Rating.RED))
    builders.roll_up(world.programme)
    return world


def ask(client, user, **query):
    """Return the answer to a person's request for the workbook."""
    if user is not None:
        client.force_login(user)
    state = {"programme": "changzhi-test", "quarter": "2018Q3", **query}
    return client.post(f"{ADDRESS}?{urlencode(state)}", {"key": str(uuid4())})


def test_the_address_is_the_buttons(city):
    assert reverse("reports:export-ask") == ADDRESS


@pytest.mark.parametrize("role", ["office", "leader"])
def test_who_sees_the_whole_programme_asks_and_gets_the_workbook(city, client, role, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    answer = ask(client, getattr(city, role))
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/exports/")
    assert process_due_exports() == 1
    row = client.get(answer.headers["Location"]).context["list"].rows[0]
    file = client.get(row.file_url)
    content = b"".join(file.streaming_content)
    assert file.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert quote("2018Q3_审核通过_目标完成情况.xlsx") in file.headers["Content-Disposition"]
    assert file.headers["Cache-Control"] == "no-store"
    assert Sheet.DETAIL in load_workbook(io.BytesIO(content)).sheetnames
    asked, got = AuditEntry.objects.filter(event__in=["export_asked", "export_downloaded"]).order_by("position")
    assert asked.by == got.by == getattr(city, role)
    assert got.details["sha256"] == row.code == hashlib.sha256(content).hexdigest()
    assert got.chain.department_id == city.programme.office_id


@pytest.mark.parametrize("role", ["clerk", "reviewer"])
def test_a_department_is_refused_and_the_refusal_recorded(city, client, role):
    answer = ask(client, getattr(city, role))
    assert answer.status_code == 403
    entry = AuditEntry.objects.get(event="refused")
    assert entry.details == {"act": "province_export", "status": 403, "quarter": "2018Q3"}
    assert entry.by == getattr(city, role)
    assert not AuditEntry.objects.filter(event="export_asked").exists()


def test_a_programme_out_of_scope_does_not_exist(city, client):
    assert ask(client, city.stranger).status_code == 404


def test_nobody_is_sent_to_the_log_in_page(city, client):
    assert ask(client, None).status_code == 302


def test_other_methods_are_refused(city, client):
    client.force_login(city.office)
    assert client.get(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    ("query", "status"),
    [
        pytest.param({"quarter": "2018"}, 422, id="malformed"),
        pytest.param({"quarter": "2031Q1"}, 422, id="outside"),
        pytest.param({"programme": "another"}, 404, id="unknown programme"),
        pytest.param({"basis": "draft"}, 422, id="unknown basis"),
    ],
)
def test_what_cannot_be_is_answered_with_its_number(city, client, query, status):
    assert ask(client, city.office, **query).status_code == status


def test_a_quarter_that_has_not_opened_is_told_by_the_job(city, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert ask(client, city.office, quarter="2018Q4").status_code == 302
    assert process_due_exports() == 0
    job = ExportJob.objects.get()
    assert "2018Q3" in job.error
    assert list(tmp_path.rglob("*.xlsx")) == []


def test_rights_are_asked_before_anything_is_written(city):
    def write():
        raise AssertionError("written before the right was checked")

    with pytest.raises(NotAllowed):
        export_province(programme=city.programme, quarter=Q3, write=write, by=city.clerk)


def test_without_an_entry_in_the_trail_there_is_no_file(city, tmp_path, monkeypatch):
    def fail(act):
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr(exports.audit, "record", fail)
    with pytest.raises(RuntimeError, match="trail"):
        call_command("export_province", programme="changzhi-test", quarter="2018Q3", output=str(tmp_path / "a.xlsx"))
    assert list(tmp_path.iterdir()) == []


def test_a_second_export_of_the_same_person_waits_its_turn():
    world = builders.make_world(counties=1)
    other = connections.create_connection("default")
    key = [exports._LOCKS, world.office.pk]
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
            with pytest.raises(Busy):
                export_province(programme=world.programme, quarter=Q3, write=lambda: RECEIPT, by=world.office)
            # Another person is not held up.
            export_province(programme=world.programme, quarter=Q3, write=lambda: RECEIPT, by=world.leader)
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
        export_province(programme=world.programme, quarter=Q3, write=lambda: RECEIPT, by=world.office)
    finally:
        other.close()


def run(**options):
    """Return what the command printed."""
    out = io.StringIO()
    call_command("export_province", stdout=out, **options)
    return out.getvalue()


def test_the_command_writes_the_file_and_says_its_hash(city, tmp_path):
    path = tmp_path / "省级报表.xlsx"
    said = run(programme="changzhi-test", quarter="2018Q3", output=str(path))
    assert said.strip() == (
        f"{path}: 15 results, {path.stat().st_size} bytes, SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
    )
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.stat().st_mode & 0o444 == 0o444
    assert AuditEntry.objects.get(event="province_exported").by is None


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        pytest.param({"programme": "x"}, "has the code “x”; the codes are: changzhi-test.", id="programme"),
        pytest.param({"quarter": "2018"}, "“2018” is not a quarter; write it like 2018Q3.", id="malformed"),
        pytest.param({"quarter": "2018Q4"}, "has not opened yet; the newest open one is 2018Q3", id="not opened"),
        pytest.param({"quarter": "2001Q1"}, "lies outside the programme, 2015Q1 to 2020Q4", id="outside"),
        pytest.param({"output": "{folder}/none/a.xlsx"}, "a.xlsx: No such file or directory.", id="unwritable"),
    ],
)
def test_the_command_refuses_in_one_sentence(city, tmp_path, options, sentence):
    given = {"programme": "changzhi-test", "quarter": "2018Q3", "output": "{folder}/a.xlsx"} | options
    given["output"] = given["output"].format(folder=tmp_path)
    with pytest.raises(CommandError) as refused:
        run(**given)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_the_command_says_how_to_get_results(city, tmp_path):
    builders.make_window(city.programme, Quarter.of(2018, 2))
    with pytest.raises(CommandError, match=r"no results for 2018Q2 yet; run manage\.py recompute"):
        run(programme="changzhi-test", quarter="2018Q2", output=str(tmp_path / "a.xlsx"))


def write_half(path):
    """Begin a file and fail."""
    with stage_file(path) as file:
        file.write(b"half")
        raise RuntimeError("halfway")


def test_a_file_that_fails_halfway_leaves_the_old_one(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError, match="halfway"):
        write_half(path)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.xlsx"]


def test_auditors_read_the_trail_but_export_nothing(city, client):
    auditor = builders.make_user(Role.AUDITOR)
    assert ask(client, auditor).status_code == 403


@pytest.mark.parametrize(("person", "has_button"), [("office", True), ("leader", True), ("clerk", False)])
def test_the_overview_has_the_button_for_whoever_may_export(city, client, person, has_button):
    client.force_login(getattr(city, person))
    page = client.get("/", {"programme": "changzhi-test", "quarter": "2018Q3"}).content.decode()
    assert (f'action="{ADDRESS}?programme=changzhi-test&amp;quarter=2018Q3' in page) is has_button


def test_the_button_has_a_key_and_a_token_of_its_own_though_the_page_is_remembered(city, client):
    client.force_login(city.office)
    pages = [client.get("/", {"programme": "changzhi-test", "quarter": "2018Q3"}) for _each in range(2)]
    keys = [re.search(r'name="key" value="([0-9a-f-]{36})"', page.content.decode()) for page in pages]
    assert None not in keys
    assert len({found[1] for found in keys}) == 2
