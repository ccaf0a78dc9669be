"""Exports as jobs: progress, cancel, retry, limit, expiry; a file appears whole or not at all, downloads are told."""

import hashlib
import os
import signal
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import override

from departments.errors import Invalid, NotAllowed
from departments.models import AuditEntry
from departments.roles import Role
from reports import tasks
from reports.actions import export_jobs as acts
from reports.actions import export_queue as queue
from reports.actions.exports import Busy
from reports.exports import jobs
from reports.exports.files import stage_file
from reports.models import ExportJob, ExportState
from tests.builders import Q3, make_user
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db

STATE = "?programme=changzhi-test&quarter=2018Q3"
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with override("en"):
        yield


@pytest.fixture
def city():
    return make_publishing_world()


def ask(city, **changes):
    given = {"programme": city.programme, "quarter": Q3, "by": city.asker}
    return acts.ask_for_export(**(given | changes))


def files(tmp_path):
    return sorted(path.name for path in (tmp_path / "exports").iterdir()) if (tmp_path / "exports").exists() else []


def test_a_job_becomes_a_file_with_the_recorded_hash(city, tmp_path):
    job = ask(city)
    assert job.state is ExportState.WAITING
    assert jobs.process_due_exports() == 1
    job.refresh_from_db()
    content = acts.path_of(job).read_bytes()
    assert job.state is ExportState.DONE
    assert (job.size, job.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert job.progress_done == job.progress_total == len(city.world.allocations)
    assert files(tmp_path) == [f"{job.pk}.xlsx"]
    assert jobs.process_due_exports() == 0


def test_publishing_puts_its_workbook_on_the_queue_and_the_same_edition_gives_the_same_file(city):
    edition = city.publish()
    scheduled = ExportJob.objects.get()
    assert (scheduled.publication, scheduled.asked_by) == (edition, city.publisher)
    jobs.process_due_exports()
    city.correct()
    again = ask(city, publication=edition)
    jobs.process_due_exports()
    scheduled.refresh_from_db()
    again.refresh_from_db()
    assert scheduled.sha256 == again.sha256
    live = ask(city)
    jobs.process_due_exports()
    live.refresh_from_db()
    assert live.sha256 != again.sha256  # the control: the approved results have moved on


def test_progress_is_told_on_the_way(city, monkeypatch):
    monkeypatch.setattr(jobs, "STEP", 5)
    told = []
    monkeypatch.setattr(jobs, "tell_progress", lambda job, **progress: told.append(progress["done"]))
    ask(city)
    jobs.process_due_exports()
    assert told == [0, 5, 10, 15, 15]


def test_a_cancelled_job_stops_at_its_next_step_and_leaves_nothing(city, monkeypatch, tmp_path):
    monkeypatch.setattr(jobs, "STEP", 5)
    job = ask(city)

    def cancel_at_ten(job, *, done, total):
        if done == 10:
            acts.cancel_export(job=job, by=city.asker)
        queue.tell_progress(job, done=done, total=total)

    monkeypatch.setattr(jobs, "tell_progress", cancel_at_ten)
    assert jobs.process_due_exports() == 0
    job.refresh_from_db()
    assert job.state is ExportState.CANCELLED
    assert files(tmp_path) == []
    with pytest.raises(Invalid, match="no longer under way"):
        acts.cancel_export(job=job, by=city.asker)


def test_a_cancelled_job_can_be_asked_for_again(city):
    job = ask(city)
    acts.cancel_export(job=job, by=city.asker)
    assert jobs.process_due_exports() == 0
    acts.retry_export(job=job, by=city.asker)
    assert jobs.process_due_exports() == 1
    with pytest.raises(Invalid, match="Only a failed or cancelled"):
        acts.retry_export(job=job, by=city.asker)


def fail(*_args, **_kwargs):
    raise OSError("No space left on device")


def test_failures_are_counted_shown_and_final_after_three(city, monkeypatch, tmp_path):
    job = ask(city)
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "write_file", fail)
        assert jobs.process_due_exports() == 0
    job.refresh_from_db()
    assert (job.attempts, job.state, job.error) == (3, ExportState.FAILED, "No space left on device")
    assert files(tmp_path) == []
    assert jobs.process_due_exports() == 0
    acts.retry_export(job=job, by=city.asker)
    assert jobs.process_due_exports() == 1
    job.refresh_from_db()
    assert (job.state, job.error) == (ExportState.DONE, "")


def test_a_sick_job_does_not_hold_up_the_others(city, monkeypatch):
    sick, well = ask(city), ask(city)
    make = jobs._make_file
    monkeypatch.setattr(jobs, "_make_file", lambda job, path: fail() if job.pk == sick.pk else make(job, path))
    assert jobs.process_due_exports() == 1
    well.refresh_from_db()
    assert well.state is ExportState.DONE


def write_half(path, *, in_place):
    """Write half a file in a process of its own and be killed."""
    child = os.fork()
    if child == 0:
        if in_place:
            file = path.open("wb")
            file.write(b"half")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        with stage_file(path) as file:
            file.write(b"half")
            file.flush()
            os.kill(os.getpid(), signal.SIGKILL)
    _pid, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL


@pytest.mark.parametrize(("in_place", "is_visible"), [(False, False), (True, True)])
def test_a_worker_killed_midway_leaves_no_visible_file(tmp_path, in_place, is_visible):
    """Source: fault F23. Writing in place is the negative control: there the half file can be seen."""
    path = tmp_path / "1.xlsx"
    write_half(path, in_place=in_place)
    assert path.exists() is is_visible


def test_a_job_whose_worker_was_killed_is_made_by_the_next_one(city, tmp_path):
    job = ask(city)
    dead = queue.claim_job()
    assert dead.pk == job.pk
    path = acts.path_of(job)
    path.parent.mkdir(parents=True)
    write_half(path, in_place=False)
    assert jobs.process_due_exports() == 0  # the lease still runs
    ExportJob.objects.update(lease_until=F("lease_until") - timedelta(minutes=5))
    assert jobs.process_due_exports() == 1
    job.refresh_from_db()
    assert (job.state, job.attempts) == (ExportState.DONE, 2)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == job.sha256
    assert files(tmp_path) == [f"{job.pk}.xlsx"]  # what the dead one had begun is gone


def test_a_worker_that_lost_its_lease_changes_nothing_any_more(city):
    ask(city)
    slow = queue.claim_job()
    ExportJob.objects.update(lease_until=F("lease_until") - timedelta(minutes=5))
    quick = queue.claim_job()
    assert quick.pk == slow.pk
    for act in (
        lambda: queue.tell_progress(slow, done=1, total=2),
        lambda: queue.finish_job(slow, size=1, sha256="x"),
    ):
        with pytest.raises(queue.ClaimGone):
            act()
    queue.give_back(slow, error="late")
    assert ExportJob.objects.get().error == ""
    queue.finish_job(quick, size=1, sha256="x")
    assert ExportJob.objects.get().state is ExportState.DONE


def test_a_job_whose_workers_die_again_and_again_fails(city):
    ask(city)
    for _attempt in range(3):
        assert queue.claim_job() is not None
        ExportJob.objects.update(lease_until=F("lease_until") - timedelta(minutes=5))
    assert queue.claim_job() is None
    assert ExportJob.objects.get().state is ExportState.FAILED


def test_one_person_has_three_under_way_at_most_and_others_go_on(city):
    """Source: case T35."""
    mine = [ask(city) for _export in range(acts.MOST_UNFINISHED)]
    with pytest.raises(Busy, match="3 exports under way") as refusal:
        ask(city)
    assert refusal.value.status == HTTPStatus.TOO_MANY_REQUESTS
    assert ask(city, by=city.publisher).state is ExportState.WAITING
    acts.cancel_export(job=mine[0], by=city.asker)
    assert ask(city).state is ExportState.WAITING


def test_only_those_who_may_export_ask(city):
    for person in (city.world.stranger, city.world.auditor, city.world.clerk):
        with pytest.raises(NotAllowed):
            ask(city, by=person)


def test_only_the_asker_and_the_office_stop_an_export(city):
    leader, other = city.world.leader, make_user(Role.LEADER, at=city.world.city)
    job = ask(city, by=leader)
    with pytest.raises(NotAllowed, match="whoever asked"):
        acts.cancel_export(job=job, by=other)
    acts.cancel_export(job=job, by=city.asker)
    with pytest.raises(NotAllowed, match="whoever asked"):
        acts.retry_export(job=job, by=other)
    acts.retry_export(job=job, by=leader)


def test_files_expire_and_say_so(city, tmp_path):
    job = ask(city)
    jobs.process_due_exports()
    assert acts.expire_exports() == 0
    ExportJob.objects.update(expires_at=F("asked_at") - timedelta(days=1))
    assert acts.expire_exports() == 1
    assert files(tmp_path) == []
    job.refresh_from_db()
    assert job.state is ExportState.EXPIRED
    with pytest.raises(acts.Gone, match="expired"):
        acts.record_download(job=job, by=city.asker)
    assert AuditEntry.objects.filter(event="export_expired").exists()
    assert acts.expire_exports() == 0


def test_a_file_that_was_cut_or_removed_is_not_handed_out(city):
    job = ask(city)
    jobs.process_due_exports()
    job.refresh_from_db()
    acts.path_of(job).write_bytes(b"half")
    with pytest.raises(acts.Gone, match="no longer there"):
        acts.record_download(job=job, by=city.asker)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sha256": "x"}, "exportjob_done_with_hash"),
        ({"claim": "x"}, "exportjob_claim_with_lease"),
        ({"progress_done": 2}, "exportjob_progress_within"),
        ({"expired_at": F("asked_at")}, "exportjob_expired_after_done"),
    ],
)
def test_the_database_keeps_what_a_job_promises(city, fields, constraint):
    job = ask(city)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ExportJob.objects.filter(pk=job.pk).update(**fields)


def test_the_tasks_are_doors(city, tmp_path):
    ask(city)
    tasks.export_due(later="argument")
    assert len(files(tmp_path)) == 1
    ExportJob.objects.update(expires_at=F("asked_at") - timedelta(days=1))
    tasks.expire_exports()
    assert files(tmp_path) == []


def send(client, user, address):
    client.force_login(user)
    return client.post(f"{address}{STATE}", {"key": str(uuid4())}, headers=ENGLISH)


def test_the_page_leads_from_asking_to_the_file(client, city):
    assert send(client, city.asker, "/exports/ask/").status_code == HTTPStatus.FOUND
    page = client.get("/exports/" + STATE, headers=ENGLISH)
    assert "1 is being made" in page.content.decode()
    assert "every 3s" in page.content.decode()
    jobs.process_due_exports()
    page = client.get("/exports/" + STATE, headers=ENGLISH)
    (row,) = page.context["list"].rows
    assert "every 3s" not in page.content.decode()
    job = ExportJob.objects.get()
    answer = client.get(row.file_url)
    content = b"".join(answer.streaming_content)
    assert hashlib.sha256(content).hexdigest() == job.sha256
    entry = AuditEntry.objects.get(event="export_downloaded")
    assert (entry.by, entry.details["sha256"]) == (city.asker, job.sha256)


def test_the_page_cancels_and_retries(client, city):
    job = ask(city)
    assert send(client, city.asker, f"/exports/{job.pk}/cancel/").status_code == HTTPStatus.FOUND
    assert "Cancelled" in client.get("/exports/" + STATE, headers=ENGLISH).content.decode()
    assert send(client, city.asker, f"/exports/{job.pk}/retry/").status_code == HTTPStatus.FOUND
    assert ExportJob.objects.get().state is ExportState.WAITING


def test_the_page_refuses_the_fourth_with_429_and_tells_the_trail(client, city):
    for _export in range(acts.MOST_UNFINISHED):
        ask(city)
    answer = send(client, city.asker, "/exports/ask/")
    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "3 exports under way" in answer.content.decode()
    assert AuditEntry.objects.get(event="refused").details["status"] == 429


def test_exports_of_others_do_not_exist(client, city):
    """Source: case T34."""
    job = ask(city)
    jobs.process_due_exports()
    for person in (city.world.stranger, city.world.clerk, city.world.auditor):
        client.force_login(person)
        assert client.get(f"/exports/{job.pk}/file/{STATE}").status_code == HTTPStatus.NOT_FOUND
        assert client.get("/exports/" + STATE).status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
        assert send(client, person, f"/exports/{job.pk}/cancel/").status_code == HTTPStatus.NOT_FOUND


def test_a_file_that_is_not_done_gets_a_sentence(client, city):
    job = ask(city)
    client.force_login(city.asker)
    answer = client.get(f"/exports/{job.pk}/file/{STATE}", headers=ENGLISH)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "not done yet" in answer.content.decode()
