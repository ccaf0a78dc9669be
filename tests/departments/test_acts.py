"""How an act opens its transaction: for good when it returns, nothing if it fails, repeated only after a deadlock."""

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.utils import IntegrityError

from departments.actions import acts, audit
from departments.actions.acts import act
from departments.errors import Invalid
from departments.models import AuditEntry

COMMITTING = pytest.mark.django_db(transaction=True)


def note(event: str) -> None:
    audit.record(audit.Act(event=event))


def list_events() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("event", flat=True))


def refusal(code: str, kind: type[DatabaseError] = OperationalError) -> DatabaseError:
    """Return what Django raises for an answer of the database with that code."""
    cause = Exception("the database's own")
    cause.pgcode = code  # type: ignore[attr-defined]
    error = kind(f"refused with {code}")
    error.__cause__ = cause
    return error


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    waited = []
    monkeypatch.setattr("departments.actions.acts.time.sleep", waited.append)
    return waited


class Work:
    """An act that fails so many times with an error before it succeeds."""

    def __init__(self, error: Exception, *, times: int) -> None:
        self.error, self.left, self.calls = error, times, 0

    def __call__(self) -> str:
        self.calls += 1
        note(f"attempt_{self.calls}")
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


@COMMITTING
@pytest.mark.parametrize("code", ["40001", "40P01"])
@pytest.mark.parametrize("times", [0, 1, 3])
def test_the_whole_act_is_done_again_and_only_the_last_attempt_stays(code, times, no_pauses):
    work = Work(refusal(code), times=times)
    assert act(work.__call__)() == "done"
    assert work.calls == times + 1
    assert list_events() == [f"attempt_{times + 1}"]
    assert len(no_pauses) == times
    assert all(0 <= pause <= most for pause, most in zip(no_pauses, acts.LONGEST_PAUSES, strict=False))


@COMMITTING
def test_after_three_repetitions_the_error_goes_on():
    work = Work(refusal("40P01"), times=9)
    with pytest.raises(OperationalError, match="40P01"):
        act(work.__call__)()
    assert work.calls == 4
    assert list_events() == []


@COMMITTING
@pytest.mark.parametrize(
    "error",
    [
        refusal("55P03"),  # lock time-out: whoever holds it is slow, asking again makes it worse
        refusal("57014"),  # statement time-out
        refusal("23505", IntegrityError),
        OperationalError("no answer at all"),
        Invalid("a refusal"),
        ValueError("a mistake"),
    ],
    ids=str,
)
def test_nothing_else_is_done_again(error):
    work = Work(error, times=1)
    with pytest.raises(type(error)):
        act(work.__call__)()
    assert work.calls == 1
    assert list_events() == []


@COMMITTING
def test_pauses_are_drawn_so_that_two_losers_do_not_meet_again(no_pauses):
    for _round in range(6):
        act(Work(refusal("40P01"), times=1).__call__)()
    assert len(set(no_pauses)) == 6


@COMMITTING
def test_an_act_inside_a_foreign_transaction_is_refused():
    """What it acknowledges could be undone afterwards. Source: trust rule 2."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        act(lambda: note("never"))()
    assert list_events() == []


@COMMITTING
def test_an_act_in_an_act_is_a_part_of_it():
    @act
    def part(event):
        note(event)
        if event == "bad":
            raise Invalid("no")

    @act
    def whole(*, fails):
        note("first")
        part("good")
        with pytest.raises(Invalid):
            part("bad")
        if fails:
            raise Invalid("the whole")

    whole(fails=False)
    assert list_events() == ["first", "good"]
    with pytest.raises(Invalid, match="whole"):
        whole(fails=True)
    assert list_events() == ["first", "good"]
    assert not connection.in_atomic_block


@COMMITTING
def test_a_deadlock_in_a_part_repeats_the_whole_not_the_part():
    """The database has undone everything, and a part alone would go on in nothing."""
    calls = []

    @act
    def part():
        calls.append("part")
        if len(calls) < 3:
            raise refusal("40P01")

    @act
    def whole():
        calls.append("whole")
        part()

    whole()
    assert calls == ["whole", "part", "whole", "part"]


@pytest.mark.django_db
def test_acts_work_in_a_test_that_rolls_back():
    act(lambda: note("one"))()
    act(lambda: note("two"))()
    assert list_events() == ["one", "two"]


def test_a_function_keeps_its_name_and_says_that_it_is_an_act():
    @act
    def publish():
        """Freeze."""

    assert (publish.__name__, publish.__doc__, publish.is_act) == ("publish", "Freeze.", True)
