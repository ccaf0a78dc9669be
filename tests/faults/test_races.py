"""Two people at the same instant, on real PostgreSQL: exactly one wins, and the others are told.

Each race has a negative control: the naive way of doing the same, which must fail, or the race proves nothing.
`QSCOUNTY_RACE_ROUNDS` says how often each is run, 1,000 before a release. Source: trust cases T9 to T13; R10.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pgtrigger
import pytest
from django.db import connections, transaction
from django.db.models import F

from departments.actions.acts import act
from departments.errors import DomainError
from departments.models import AuditEntry, User
from departments.selectors.clock import read_database_date, read_database_time
from departments.selectors.trail import find_chain_breaks
from indicators.actions.calendar import close_quarter
from indicators.actions.figures import Entry, save_figure
from indicators.actions.idempotency import do_once
from indicators.actions.submissions import approve_submission, return_submission, submit_submission
from indicators.engine.period import Quarter
from indicators.models import ApprovedFigure, Figure, ReportingQuarter, Submission
from indicators.selectors.calendar import get_window, is_closed
from tests.integration.entry_world import World, make_world

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ROUNDS = int(os.environ.get("QSCOUNTY_RACE_ROUNDS", "100"))
FEWER = min(ROUNDS, 40) if "QSCOUNTY_RACE_ROUNDS" not in os.environ else ROUNDS
CONTROLS = 8
D = Decimal


@dataclass
class Ring:
    """Two threads that start together, each with a connection of its own, kept for all rounds."""

    pool: ThreadPoolExecutor
    gate: threading.Barrier

    def run(self, *acts: Callable[[], object]) -> list[object]:
        """Return what each act returned, or the refusal that it raised; anything else is raised here."""
        return [future.result() for future in [self.pool.submit(self._start, act) for act in acts]]

    def _start(self, act: Callable[[], object]) -> object:
        self.gate.wait(10)
        try:
            return act()
        except DomainError as refused:
            return refused


@pytest.fixture
def ring() -> Iterator[Ring]:
    with ThreadPoolExecutor(2) as pool:
        ring = Ring(pool, threading.Barrier(2))
        yield ring
        ring.run(connections.close_all, connections.close_all)


@pytest.fixture
def world(transactional_db: None) -> World:
    return make_world()


def make_forms(world: World, count: int, *, status: str = "submitted") -> list[Submission]:
    """Return so many forms, each in a quarter of its own with one figure entered by the clerk."""
    today = read_database_date()
    quarters = [Quarter(world.programme.last_quarter.ordinal + 1 + n) for n in range(count)]
    ReportingQuarter.objects.bulk_create(
        ReportingQuarter(
            programme=world.programme,
            quarter=quarter,
            opens_on=today - timedelta(days=1),
            due_on=today + timedelta(days=7),
            closes_on=today + timedelta(days=21),
        )
        for quarter in quarters
    )
    # One figure in each form: the other series of the world begin after all of these quarters.
    world.programme.targets.exclude(indicator=world.rate.indicator).update(
        first_quarter=quarters[-1] + 1, due_quarter=quarters[-1] + 2
    )
    forms = Submission.objects.bulk_create(
        Submission(programme=world.programme, department=world.department, quarter=quarter) for quarter in quarters
    )
    Figure.objects.bulk_create(
        Figure(
            series=world.rate,
            quarter=form.quarter,
            submission=form,
            numerator=D(95 - n % 2),
            denominator=D(100 + n),
            explanation="新增专项",
            entered_by=world.clerk,
            entered_at=read_database_time(),
        )
        for n, form in enumerate(forms)
    )
    if status == "submitted":
        Submission.objects.filter(pk__in=[form.pk for form in forms]).update(
            status="submitted", submitted_by=world.clerk, submitted_at=read_database_time(), version=F("version") + 1
        )
    return list(Submission.objects.filter(pk__in=[form.pk for form in forms]).order_by("quarter"))


def count_refused(outcomes: list[object]) -> int:
    return sum(isinstance(outcome, DomainError) for outcome in outcomes)


def fetch(user: User) -> User:
    return User.objects.get(pk=user.pk)


def approve(form: Submission, by: User) -> Callable[[], object]:
    return lambda: approve_submission(submission=form, version_seen=form.version, by=fetch(by))


def give_back(form: Submission, by: User) -> Callable[[], object]:
    return lambda: return_submission(submission=form, version_seen=form.version, reason="核对", by=fetch(by))


# Approve against approve, and against return


@pytest.mark.parametrize("other", [approve, give_back], ids=["approve", "return"])
def test_t10_of_two_decisions_one_wins(world: World, ring: Ring, other: Callable[..., Callable[[], object]]) -> None:
    for form in make_forms(world, ROUNDS):
        outcomes = ring.run(approve(form, world.reviewer), other(form, world.reviewer))
        assert count_refused(outcomes) == 1
    assert set(Submission.objects.exclude(pk=world.submission.pk).values_list("version", flat=True)) == {3}
    decided = AuditEntry.objects.filter(event__in=["submission_approve", "submission_return"]).count()
    approved = Submission.objects.filter(status="approved").count()
    assert decided == ROUNDS
    assert ApprovedFigure.objects.filter(submission__isnull=False).count() == approved
    assert list(find_chain_breaks()) == []


def naive_decision(form: Submission, by: User) -> Callable[[], object]:
    def decide() -> object:
        read = Submission.objects.get(pk=form.pk)
        if read.status != "submitted":
            raise DomainError("Decided already.")
        time.sleep(0.001)
        Submission.objects.filter(pk=form.pk).update(
            status="approved", decided_by=by, decided_at=read_database_time(), version=F("version") + 1
        )
        return read

    return decide


def test_control_reading_first_lets_both_decisions_pass(world: World, ring: Ring) -> None:
    forms = make_forms(world, CONTROLS)
    both = [form for form in forms if not count_refused(ring.run(*[naive_decision(form, world.reviewer)] * 2))]
    assert both, "the naive way never failed: the race does not race"


# Edit against submit and approve


def edit(form: Submission, world: World) -> Callable[[], object]:
    entry = Entry(numerator=D(90), denominator=D(95), version_seen=1)
    return lambda: save_figure(submission=form, series=world.rate, entry=entry, by=fetch(world.clerk))


def submit_and_look(form: Submission, world: World) -> Callable[[], object]:
    """Submit, and return the version that the figure had when that took effect."""

    @act
    def submit() -> object:
        submit_submission(submission=form, version_seen=form.version, by=fetch(world.clerk))
        return Figure.objects.get(submission=form).version

    return submit


def test_t13_no_edit_takes_effect_after_the_submission(world: World, ring: Ring) -> None:
    for form in make_forms(world, ROUNDS, status="draft"):
        _edited, seen = ring.run(edit(form, world), submit_and_look(form, world))
        assert Figure.objects.get(submission=form).version == seen


def naive_edit(form: Submission, world: World) -> Callable[[], object]:
    def act() -> object:
        with transaction.atomic(), pgtrigger.ignore("indicators.Figure:guarded_update"):
            if Submission.objects.get(pk=form.pk).status != "draft" or is_closed(get_window(form)):
                raise DomainError("On its way.")
            time.sleep(0.25)  # the other one's act fits into what passes between looking and writing
            return Figure.objects.filter(submission=form).update(numerator=D(90), version=F("version") + 1)

    return act


def test_control_an_edit_that_only_looks_lands_after_the_submission(world: World, ring: Ring) -> None:
    late = 0
    for form in make_forms(world, CONTROLS, status="draft"):
        _edited, seen = ring.run(naive_edit(form, world), submit_and_look(form, world))
        late += Figure.objects.get(submission=form).version != seen
    assert late, "the naive way never failed: the race does not race"


def test_the_database_refuses_the_edit_that_only_looks(world: World, ring: Ring) -> None:
    """The same edit with the trigger in place: what the application forgot, the database holds."""
    forms = make_forms(world, CONTROLS, status="draft")

    def guarded(form: Submission) -> Callable[[], object]:
        def act() -> object:
            try:
                with transaction.atomic():
                    time.sleep(0.002)
                    return Figure.objects.filter(submission=form).update(numerator=D(90), version=F("version") + 1)
            except Exception as error:
                raise DomainError(str(error)) from error

        return act

    for form in forms:
        _edited, seen = ring.run(guarded(form), submit_and_look(form, world))
        assert Figure.objects.get(submission=form).version == seen


# Save against closing


def close_and_look(form: Submission) -> Callable[[], object]:
    """Close the quarter, and return the version that the figure had when that took effect."""

    @act
    def close() -> object:
        close_quarter(programme=form.programme, quarter=form.quarter, by=None)
        return Figure.objects.get(submission=form).version

    return close


def test_t9_no_save_takes_effect_after_the_closing(world: World, ring: Ring) -> None:
    for form in make_forms(world, ROUNDS, status="draft"):
        _saved, seen = ring.run(edit(form, world), close_and_look(form))
        assert Figure.objects.get(submission=form).version == seen


def test_control_a_save_that_only_looks_lands_after_the_closing(world: World, ring: Ring) -> None:
    late = 0
    for form in make_forms(world, CONTROLS, status="draft"):
        _saved, seen = ring.run(naive_edit(form, world), close_and_look(form))
        late += Figure.objects.get(submission=form).version != seen
    assert late, "the naive way never failed: the race does not race"


# One form sent twice


def test_t11_a_form_sent_twice_at_once_is_done_once(world: World, ring: Ring) -> None:
    for form in make_forms(world, FEWER, status="draft"):
        key, body = uuid4(), {"form": form.pk}

        def send(form: Submission = form, key: object = key, body: dict = body) -> object:  # type: ignore[type-arg]
            clerk = fetch(world.clerk)
            return do_once(
                key=key,  # type: ignore[arg-type]
                by=clerk,
                body=body,
                act=lambda: {
                    "version": submit_submission(submission=form, version_seen=form.version, by=clerk).version
                },
            )

        first, second = ring.run(send, send)
        assert first == second == {"version": 2}
    assert AuditEntry.objects.filter(event="submission_submit").count() == FEWER


def test_control_without_a_key_the_second_of_the_two_is_refused(world: World, ring: Ring) -> None:
    for form in make_forms(world, CONTROLS, status="draft"):
        send = lambda form=form: submit_submission(  # noqa: E731
            submission=form, version_seen=form.version, by=fetch(world.clerk)
        )
        assert count_refused(ring.run(send, send)) == 1


# Two people on one cell


def test_t12_of_two_saves_of_one_cell_one_is_told_what_stands_there(world: World, ring: Ring) -> None:
    def save(form: Submission, number: int, by: User) -> Callable[[], object]:
        entry = Entry(numerator=D(number), denominator=D(97), version_seen=1)
        return lambda: save_figure(submission=form, series=world.rate, entry=entry, by=fetch(by))

    for form in make_forms(world, FEWER, status="draft"):
        outcomes = ring.run(save(form, 80, world.clerk), save(form, 81, world.second_clerk))
        assert count_refused(outcomes) == 1
        assert Figure.objects.get(submission=form).version == 2


def test_control_of_two_saves_that_only_look_one_is_lost(world: World, ring: Ring) -> None:
    """Both look, both find the version that they saw, both write: nobody is told, and one figure is gone."""

    def save(form: Submission, number: int) -> Callable[[], object]:
        def naive() -> object:
            figure = Figure.objects.get(submission=form)
            if figure.version != 1:
                raise DomainError("Somebody else was quicker.")
            time.sleep(0.05)
            with transaction.atomic(), pgtrigger.ignore("indicators.Figure:guarded_update"):
                return Figure.objects.filter(pk=figure.pk).update(numerator=D(number), version=2)

        return naive

    lost = 0
    for form in make_forms(world, CONTROLS, status="draft"):
        lost += count_refused(ring.run(save(form, 80), save(form, 81))) == 0
    assert lost, "the naive way never lost a save: the race does not race"
