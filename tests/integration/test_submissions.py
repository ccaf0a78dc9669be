"""The way of a form: submit, withdraw, return, approve, reopen; and what the database refuses by itself."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction

from departments.errors import Invalid, Locked, NotAllowed, Stale
from departments.models import AuditEntry, Membership, User
from departments.roles import Role
from departments.selectors.clock import read_database_time
from departments.selectors.trail import find_chain_breaks
from indicators.actions.figures import Entry, save_figure
from indicators.actions.submissions import (
    approve_submission,
    ask_to_reopen,
    open_submission,
    reopen_submission,
    return_submission,
    submit_submission,
    withdraw_submission,
)
from indicators.models import ApprovedFigure, Figure, RecomputeRequest, Series, Submission
from tests.integration.entry_world import QUARTER, World, make_world

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def enter(world: World, series: Series, *, by: User | None = None, **fields: object) -> Figure:
    current = Figure.objects.filter(series=series, quarter=QUARTER).first()
    entry = Entry(version_seen=current.version if current else 0, **fields)  # type: ignore[arg-type]
    return save_figure(submission=world.submission, series=series, entry=entry, by=by or world.clerk)


def fill(world: World) -> None:
    """Enter everything, on target."""
    enter(world, world.rate, numerator=D(95), denominator=D(100))
    enter(world, world.small_rate, nothing_occurred=True)
    enter(world, world.count, value=D(10))


def submit(world: World) -> Submission:
    return submit_submission(submission=world.submission, version_seen=version(world), by=world.clerk)


def version(world: World) -> int:
    return Submission.objects.get(pk=world.submission.pk).version


def approve(world: World, by: User | None = None, **more: object) -> Submission:
    arguments = {"version_seen": version(world)} | more
    return approve_submission(submission=world.submission, by=by or world.reviewer, **arguments)  # type: ignore[arg-type]


def reopen(world: World, by: User, reason: str = "更正") -> Submission:
    return reopen_submission(submission=world.submission, version_seen=version(world), reason=reason, by=by)


def test_a_clerk_submits_another_approves_and_the_figures_count(world: World) -> None:
    fill(world)
    assert submit(world).status == "submitted"
    approved = approve(world)
    assert (approved.status, approved.decided_by) == ("approved", world.reviewer)
    figure = ApprovedFigure.objects.get(series=world.rate)
    assert (figure.numerator, figure.denominator, figure.revision, figure.is_current) == (D(95), D(100), 1, True)
    assert (figure.entered_by, figure.approved_by) == (world.clerk, world.reviewer)
    assert RecomputeRequest.objects.filter(series=world.rate).exists()
    assert list(find_chain_breaks()) == []


def test_each_act_leaves_one_entry_in_the_trail(world: World) -> None:
    fill(world)
    submit(world)
    approve(world)
    acts = AuditEntry.objects.filter(object_type="indicators.submission").order_by("position")
    assert [act.event for act in acts] == ["figures_saved"] * 3 + ["submission_submit", "submission_approve"]
    assert (acts[4].details["from"], acts[4].details["to"]) == ("submitted", "approved")


def test_t6_nobody_approves_a_form_in_which_he_typed_a_version_of_a_figure(world: World) -> None:
    fill(world)
    enter(world, world.rate, numerator=D(94), denominator=D(100), by=world.second_clerk)
    enter(world, world.rate, numerator=D(95), denominator=D(100), by=world.clerk)
    submit(world)
    # The second clerk becomes a reviewer: what he typed stands no more, and he typed it all the same.
    Membership.objects.filter(user=world.second_clerk).update(role=Role.REVIEWER)
    with pytest.raises(NotAllowed, match=r"someone else|他人|另一"):
        approve(world, by=User.objects.get(pk=world.second_clerk.pk))
    assert approve(world).status == "approved"


def test_after_an_approval_only_later_editors_are_barred(world: World) -> None:
    fill(world)
    enter(world, world.rate, numerator=D(96), denominator=D(100), by=world.second_clerk)
    submit(world)
    approve(world)
    reopen(world, by=world.reviewer)
    enter(world, world.rate, numerator=D(97), denominator=D(100))
    submit(world)
    Membership.objects.filter(user=world.second_clerk).update(role=Role.REVIEWER)
    assert approve(world, by=User.objects.get(pk=world.second_clerk.pk)).status == "approved"
    assert ApprovedFigure.objects.filter(series=world.rate).count() == 2
    assert ApprovedFigure.objects.get(series=world.rate, is_current=True).numerator == D(97)
    assert ApprovedFigure.objects.filter(series=world.count).count() == 1


def test_t4_t5_functions_of_others_are_refused(world: World) -> None:
    fill(world)
    with pytest.raises(NotAllowed):
        submit_submission(submission=world.submission, version_seen=1, by=world.reviewer)
    submit(world)
    with pytest.raises(NotAllowed):
        approve(world, by=world.clerk)
    with pytest.raises(NotAllowed):
        approve(world, by=world.foreign_clerk)
    with pytest.raises(NotAllowed):
        approve(world, by=world.office)


def test_t10_t13_an_act_names_the_version_seen(world: World) -> None:
    fill(world)
    submit(world)
    with pytest.raises(Stale):
        approve(world, version_seen=1)
    approve(world)
    with pytest.raises(Locked):
        approve(world)


def test_withdrawing_opens_the_form_again(world: World) -> None:
    fill(world)
    submit(world)
    with pytest.raises(Locked):
        enter(world, world.rate, numerator=D(96), denominator=D(100))
    withdraw_submission(submission=world.submission, version_seen=version(world), by=world.clerk)
    assert enter(world, world.rate, numerator=D(96), denominator=D(100)).version == 2


def give_back(world: World, reason: str = "", **more: object) -> Submission:
    return return_submission(
        submission=world.submission, version_seen=version(world), reason=reason, by=world.reviewer, **more
    )


def test_returning_names_cells_and_reasons(world: World) -> None:
    fill(world)
    submit(world)
    returned = give_back(world, remarks={world.rate.pk: "请核对分母", world.count.pk: "  "})
    assert returned.status == "returned"
    assert "请核对分母" in returned.reason
    remark = returned.remarks.get()
    assert (remark.series, remark.by, remark.submission_version) == (world.rate, world.reviewer, returned.version)
    enter(world, world.rate, numerator=D(95), denominator=D(101))
    assert submit(world).status == "submitted"


def test_returning_without_any_reason_is_refused(world: World) -> None:
    fill(world)
    submit(world)
    with pytest.raises(Invalid):
        give_back(world, reason="  ")


def test_returning_with_a_remark_on_a_foreign_figure_is_refused(world: World) -> None:
    fill(world)
    submit(world)
    with pytest.raises(Invalid):
        give_back(world, remarks={0: "x"})
    assert Submission.objects.get().status == "submitted"


def test_reopening_in_an_open_quarter_takes_one_person_and_a_reason(world: World) -> None:
    fill(world)
    submit(world)
    approve(world)
    with pytest.raises(Invalid):
        reopen(world, by=world.reviewer, reason=" ")
    assert reopen(world, by=world.reviewer).status == "reopened"
    assert ApprovedFigure.objects.filter(is_current=True).count() == 3


def test_t16_reopening_a_closed_quarter_takes_two_people_of_the_office(world: World) -> None:
    fill(world)
    submit(world)
    approve(world)
    world.close()
    with pytest.raises(NotAllowed):
        reopen(world, by=world.office)
    ask_to_reopen(submission=world.submission, version_seen=version(world), reason="发现重复计数", by=world.office)
    with pytest.raises(NotAllowed):
        reopen(world, by=world.office)
    reopened = reopen(world, by=world.second_office)
    assert (reopened.status, reopened.is_correction) == ("reopened", True)
    enter(world, world.rate, numerator=D(94), denominator=D(100))
    submit(world)
    assert approve(world).is_correction is False
    with pytest.raises(Locked):
        enter(world, world.rate, numerator=D(93), denominator=D(100))


def test_asking_to_reopen_needs_a_reason_and_a_closed_quarter(world: World) -> None:
    fill(world)
    submit(world)
    approve(world)
    with pytest.raises(Locked):
        ask_to_reopen(submission=world.submission, version_seen=version(world), reason="x", by=world.office)
    world.close()
    with pytest.raises(Invalid):
        ask_to_reopen(submission=world.submission, version_seen=version(world), reason="", by=world.office)
    with pytest.raises(Stale):
        ask_to_reopen(submission=world.submission, version_seen=1, reason="x", by=world.office)


def test_closed_quarters_take_no_submission_and_no_approval(world: World) -> None:
    fill(world)
    world.close()
    with pytest.raises(Locked):
        submit(world)


def test_opening_a_form_makes_it_once(world: World) -> None:
    arguments = {"programme": world.programme, "department": world.other, "quarter": QUARTER}
    with pytest.raises(Submission.DoesNotExist):
        open_submission(by=world.clerk, **arguments)
    first = open_submission(by=world.foreign_clerk, **arguments)
    assert open_submission(by=world.foreign_clerk, **arguments).pk == first.pk
    assert open_submission(by=world.office, **arguments).pk == first.pk


# What the database refuses by itself


def move(world: World, status: str, **fields: object) -> None:
    with transaction.atomic():
        Submission.objects.filter(pk=world.submission.pk).update(status=status, version=version(world) + 1, **fields)


def test_the_database_knows_the_legal_moves_only(world: World) -> None:
    with pytest.raises(InternalError):
        move(world, "approved", decided_by=world.reviewer, decided_at=read_database_time())
    move(world, "submitted", submitted_by=world.clerk)
    with pytest.raises(InternalError):
        move(world, "draft")


def test_the_database_refuses_an_approval_by_an_editor(world: World) -> None:
    fill(world)
    move(world, "submitted", submitted_by=world.second_clerk)
    with pytest.raises(IntegrityError, match="entered a figure"):
        move(world, "approved", decided_by=world.clerk, decided_at=read_database_time())
    move(world, "approved", decided_by=world.reviewer, decided_at=read_database_time())


def test_the_database_refuses_an_approval_by_the_submitter(world: World) -> None:
    move(world, "submitted", submitted_by=world.reviewer)
    with pytest.raises(IntegrityError, match="four_eyes"):
        move(world, "approved", decided_by=world.reviewer, decided_at=read_database_time())


def test_the_database_moves_nothing_in_a_closed_quarter(world: World) -> None:
    world.close()
    with pytest.raises(IntegrityError, match="closed"):
        move(world, "submitted", submitted_by=world.clerk)


def test_the_database_wants_every_act_to_move_the_version(world: World) -> None:
    with pytest.raises(IntegrityError, match="version"), transaction.atomic():
        Submission.objects.filter(pk=world.submission.pk).update(reason="x")
    with pytest.raises(InternalError), transaction.atomic():
        Submission.objects.filter(pk=world.submission.pk).delete()
