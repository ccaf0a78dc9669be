"""The queue of recompute requests: one row a thing, versions, leases, fences, parking (trust rules 11 to 15)."""

import ast
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError, connection, transaction

from departments.errors import Invalid, NotAllowed
from departments.models import AuditEntry
from departments.roles import Role
from indicators import tasks
from indicators.actions import recompute, recompute_queue
from indicators.actions.recompute import (
    cancel_recompute,
    process_due_requests,
    recompute_now,
    request_scope_recompute,
    request_series_recompute,
    resume_recompute,
)
from indicators.actions.recompute_queue import ClaimLost, claim, finish, hold, park_exhausted, release, remaking
from indicators.models import Attainment, RecomputeRequest
from indicators.models.recompute_request import RequestState
from qscounty.celery import SWEEP_SECONDS, app
from tests.builders import make_user
from tests.oracle import list_wrong_results, list_wrong_rollups
from tests.recompute_world import add_figures, list_open_requests, make_random_world, read_results

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr(recompute_queue, "BACKOFF_SECONDS", 0.0)
    return make_random_world(11, targets=4, quarters=4)


def ask(world, *, count=1):
    """Approve new figures for some series and ask for their results."""
    chosen = world.series()[:count]
    ids = add_figures(world, [(series, world.quarters[-1]) for series in chosen])
    request_series_recompute(series_ids=ids)
    return ids


def end_leases():
    """Let time pass until nobody holds a claim any more."""
    RecomputeRequest.objects.exclude(claim="").update(lease_until="2000-01-01T00:00:00Z")


# ---- Asking


def test_a_request_lives_and_dies_with_the_asker_s_transaction(world):
    with transaction.atomic():
        ask(world)
        transaction.set_rollback(True)
    assert not RecomputeRequest.objects.exists()


def test_many_saves_make_one_request(world):
    ask(world)
    ask(world)
    request = RecomputeRequest.objects.get()
    assert (request.requested_version, request.done_version) == (2, 0)
    assert process_due_requests() == 1
    request.refresh_from_db()
    assert (request.done_version, request.state, request.attempts) == (2, RequestState.DONE, 0)


def test_asking_twice_for_the_same_series_in_one_act_counts_once(world):
    (series,) = ask(world)
    assert request_series_recompute(series_ids=[series, series]) == 1
    assert RecomputeRequest.objects.get().requested_version == 2


def test_the_same_scope_is_one_request(world):
    first = request_scope_recompute(programme=world.programme)
    again = request_scope_recompute(programme=world.programme)
    assert first.pk == again.pk
    assert request_scope_recompute(programme=world.programme, region=world.regions[1]).pk != first.pk
    quarters = (world.quarters[0], world.quarters[1])
    assert request_scope_recompute(programme=world.programme, quarters=quarters).pk != first.pk
    assert request_scope_recompute().key == "everything"


def test_quarters_in_the_wrong_order_are_refused(world):
    with pytest.raises(Invalid, match=r"\w"):
        request_scope_recompute(quarters=(world.quarters[1], world.quarters[0]))


def test_only_the_leadership_office_starts_a_recompute(world):
    office = make_user(Role.OFFICE, at=world.programme.region)
    clerk = make_user(Role.CLERK, at=world.departments[0])
    with pytest.raises(NotAllowed):
        request_scope_recompute(programme=world.programme, by=clerk)
    request = request_scope_recompute(programme=world.programme, by=office)
    assert request.requested_by == office
    entry = AuditEntry.objects.get(event="recompute_requested")
    assert (entry.by, entry.details["key"]) == (office, request.key)
    with pytest.raises(NotAllowed):
        cancel_recompute(request=request, by=clerk)
    with pytest.raises(NotAllowed):
        resume_recompute(request=request, by=clerk)


# ---- Claiming


def test_series_go_before_scopes_and_come_together(world):
    request_scope_recompute(programme=world.programme)
    ask(world, count=3)
    assert [request.kind for request in claim(limit=64)] == ["series"] * 3
    assert [request.kind for request in claim(limit=64)] == ["scope"]
    assert claim(limit=64) == []


def test_a_leased_request_is_nobody_else_s_until_the_lease_ends(world):
    ask(world)
    (mine,) = claim()
    assert claim() == []
    end_leases()
    (theirs,) = claim()
    assert theirs.pk == mine.pk
    assert theirs.claim != mine.claim
    assert theirs.attempts == 2


def test_a_worker_that_lost_its_claim_writes_nothing(world):
    """The fence: negative control below."""
    recompute_now()
    before = read_results()
    ask(world, count=2)
    stale = claim(limit=64)
    end_leases()
    claim(limit=64)
    assert recompute.run(requests=stale) == 0
    assert read_results() == before
    assert len(list_open_requests()) == 2


def test_without_the_fence_the_stale_worker_would_write(world, monkeypatch):
    recompute_now()
    before = read_results()
    ask(world, count=2)
    stale = claim(limit=64)
    end_leases()
    claim(limit=64)
    monkeypatch.setattr("indicators.actions.recompute_series.hold", lambda cursor, requests: None)
    recompute.run(requests=stale)
    assert read_results() != before


def test_a_late_finish_marks_nothing_as_done(world):
    ask(world)
    stale = claim()
    RecomputeRequest.objects.update(claim="somebody else")
    with connection.cursor() as cursor:
        finish(cursor, requests=stale)
        with pytest.raises(ClaimLost):
            hold(cursor, requests=stale)
    assert RecomputeRequest.objects.get().done_version == 0


def test_what_is_asked_while_it_is_worked_on_is_done_again(world, monkeypatch):
    ask(world)
    real, asked = recompute.recompute_series, []

    def ask_meanwhile(*, requests):
        if not asked:
            asked.extend(ask(world))
        return real(requests=requests)

    monkeypatch.setattr(recompute, "recompute_series", ask_meanwhile)
    assert process_due_requests() == 2
    assert RecomputeRequest.objects.get().done_version == 2
    assert list_wrong_results(world.programme) == [] or asked


def test_results_replaced_meanwhile_are_computed_again(world, monkeypatch):
    """Between reading and writing somebody else was faster: the older result does not replace the newer one."""
    from indicators.actions import recompute_series

    recompute_now()
    ids = ask(world, count=2)
    real, rounds = recompute_series.compute, []

    def be_overtaken(cursor, **kwargs):
        computed = real(cursor, **kwargs)
        if not rounds:
            rounds.append(1)
            with connection.cursor() as other:
                other.execute("UPDATE indicators_resultstate SET version = version + 1")
        return computed

    monkeypatch.setattr(recompute_series, "compute", be_overtaken)
    assert process_due_requests() == len(ids)
    assert all(request.attempts == 0 for request in RecomputeRequest.objects.filter(kind="series"))
    assert list_wrong_results(world.programme) == []
    assert list_wrong_rollups(world.programme) == []


# ---- Failing


def poison(monkeypatch, sick):
    """Make the recompute of one series fail."""
    real = recompute.recompute_series

    def fail(*, requests):
        if any(request.series_id == sick for request in requests):
            raise ZeroDivisionError("a bad rule row")
        return real(requests=requests)

    monkeypatch.setattr(recompute, "recompute_series", fail)


def test_five_failures_park_a_request_visibly_and_hold_up_nobody(world, monkeypatch):
    sick, *healthy = ask(world, count=4)
    poison(monkeypatch, sick)
    for _attempt in range(8):
        process_due_requests(seconds=5)
    (parked,) = RecomputeRequest.objects.parked()
    assert (parked.series_id, parked.attempts, parked.state) == (sick, 5, RequestState.PARKED)
    assert parked.error == "ZeroDivisionError: a bad rule row"
    assert AuditEntry.objects.get(event="recompute_parked").details["key"] == str(sick)
    others = RecomputeRequest.objects.filter(series__in=healthy)
    assert {request.state for request in others} == {RequestState.DONE}


def test_a_parked_request_can_be_tried_again(world, monkeypatch):
    ask(world)
    office = make_user(Role.OFFICE, at=world.programme.region)
    RecomputeRequest.objects.update(attempts=5, parked_at="2020-01-01T00:00:00Z", programme=world.programme)
    assert process_due_requests() == 0
    resume_recompute(request=RecomputeRequest.objects.get(), by=office)
    assert process_due_requests() == 1
    assert AuditEntry.objects.filter(event="recompute_resumed").exists()


def test_new_figures_give_a_parked_request_another_chance(world):
    ask(world)
    RecomputeRequest.objects.update(attempts=5, parked_at="2020-01-01T00:00:00Z")
    ask(world)
    assert process_due_requests() == 1


def test_a_worker_killer_is_parked_although_it_never_says_why(world):
    ask(world)
    for _claimed in range(5):
        assert len(claim()) == 1
        end_leases()
    assert claim() == []
    assert park_exhausted() == 1
    request = RecomputeRequest.objects.get()
    assert request.state is RequestState.PARKED
    assert "ended without a word" in request.error


def test_a_failed_attempt_waits_longer_each_time(world, monkeypatch):
    monkeypatch.setattr(recompute_queue, "BACKOFF_SECONDS", 100.0)
    (sick,) = ask(world)
    poison(monkeypatch, sick)
    assert process_due_requests() == 0
    request = RecomputeRequest.objects.get()
    assert 95 <= (request.due_at - request.started_at).total_seconds() <= 105
    assert process_due_requests() == 0
    assert RecomputeRequest.objects.get().attempts == 1


def test_a_deadlock_is_no_failure(world, monkeypatch):
    class Deadlock(Exception):
        pgcode = "40P01"

    ask(world)
    real, hits = recompute.recompute_series, []

    def lose_once(*, requests):
        if not hits:
            hits.append(1)
            raise OperationalError("deadlock detected") from Deadlock()
        return real(requests=requests)

    monkeypatch.setattr(recompute, "recompute_series", lose_once)
    assert process_due_requests() == 1
    assert RecomputeRequest.objects.get().attempts == 0


def test_released_work_is_due_at_once_and_not_counted(world):
    ask(world)
    release(requests=claim())
    assert RecomputeRequest.objects.get().attempts == 0
    assert len(claim()) == 1


# ---- Cancelling


def test_a_cancelled_scope_stops_and_goes_on_from_what_is_done(world, monkeypatch):
    from indicators.actions import recompute_scope

    monkeypatch.setattr(recompute_scope, "PART_ROWS", 1)
    office = make_user(Role.OFFICE, at=world.programme.region)
    request = request_scope_recompute(programme=world.programme, by=office)
    computed = []
    real = recompute.compute_part

    def count(*, request):
        computed.append(request.key)
        return real(request=request)

    monkeypatch.setattr(recompute, "compute_part", count)
    process_due_requests(limit=4)
    request.refresh_from_db()
    assert request.state is RequestState.RUNNING
    assert 0 < request.progress_done < request.progress_total
    cancel_recompute(request=request, by=office)
    assert process_due_requests() == 0
    request.refresh_from_db()
    assert request.state is RequestState.CANCELLED
    assert not Attainment.objects.exists()
    before = len(computed)
    resume_recompute(request=request, by=office)
    process_due_requests()
    request.refresh_from_db()
    assert request.state is RequestState.DONE
    assert len(computed) == len(set(computed)) > before
    assert list_wrong_results(world.programme) == []
    with pytest.raises(Invalid):
        cancel_recompute(request=request, by=office)


def test_a_cancelled_scope_that_is_asked_for_again_begins_anew(world):
    office = make_user(Role.OFFICE, at=world.programme.region)
    request = request_scope_recompute(programme=world.programme, by=office)
    process_due_requests(limit=1)
    cancel_recompute(request=request, by=office)
    recompute_now(programme=world.programme)
    assert list_open_requests() == []
    assert list_wrong_rollups(world.programme) == []


def test_a_scope_with_a_parked_part_begins_anew_when_asked_again(world):
    request = request_scope_recompute(programme=world.programme)
    process_due_requests(limit=1)
    request.parts.update(parked_at="2020-01-01T00:00:00Z", attempts=5)
    assert process_due_requests() == 0
    assert recompute_now(programme=world.programme).state is RequestState.DONE


# ---- Hints


def test_times_that_belong_together_stand_in_the_right_order():
    """Source: trust rule 14."""
    transport, results = settings.CELERY_BROKER_TRANSPORT_OPTIONS, settings.CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS
    visibility = settings.CELERY_VISIBILITY_TIMEOUT
    assert transport["visibility_timeout"] == results["visibility_timeout"] == visibility
    assert tasks.SECONDS < settings.CELERY_TASK_SOFT_TIME_LIMIT < settings.CELERY_TASK_TIME_LIMIT < visibility
    assert SWEEP_SECONDS < recompute_queue.LEASE_SECONDS < settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]


def test_the_sweep_and_the_nightly_check_are_scheduled():
    app.loader.import_default_modules()  # as a worker does
    names = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert names <= set(app.tasks)
    assert {"indicators.tasks.recompute_due", "indicators.tasks.verify_programmes"} <= names


def test_tasks_are_doors():
    tree = ast.parse((ROOT / "indicators" / "tasks.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions
    for function in functions:
        assert function.end_lineno - function.lineno < 10, function.name
        assert function.args.kwarg is not None, f"{function.name} must take arguments of a later release"


@pytest.mark.parametrize("layer", ["actions", "views", "selectors", "permissions.py", "forms.py"])
def test_no_request_handler_knows_the_broker(layer):
    place = ROOT / "indicators" / layer
    for path in [place] if place.suffix else place.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "celery" not in text, path
        assert "indicators.tasks" not in text, path


def test_the_doors_call_their_actions(world):
    ask(world, count=2)
    tasks.recompute_due(from_a_later_release=1)
    assert list_open_requests() == []
    Attainment.objects.all().delete()
    recompute.forget_results()
    tasks.recompute_opened_quarters()
    assert len(list_open_requests()) == 2
    tasks.recompute_due()
    tasks.verify_programme(programme_id=world.programme.pk)
    assert list_open_requests() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_claim_the_same(world):
    ask(world, count=12)
    claimed: list[int] = []

    def work():
        try:
            while requests := claim(limit=2):
                claimed.extend(request.pk for request in requests)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 12


# ---- What can be made again


def waits_for_the_disk():
    """Say whether a commit here and now would wait until it is on the disk."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        return cursor.fetchone()[0] == "on"


@pytest.fixture
def durable_session(transactional_db):
    """Let commits wait for the disk, as they do outside the tests."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET synchronous_commit")


def test_what_can_be_made_again_does_not_wait_for_the_disk_and_nothing_after_it_hurries(durable_session):
    with remaking():
        assert not waits_for_the_disk()
    assert waits_for_the_disk()


def test_inside_another_s_transaction_that_one_keeps_its_promise(durable_session):
    with transaction.atomic():
        with remaking():
            assert waits_for_the_disk()
        assert waits_for_the_disk()
