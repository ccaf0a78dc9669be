"""What cannot be read as a figure is kept as it was typed, blocks the form, and is gone when it is corrected."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from departments.errors import Invalid, Locked, NotAllowed
from departments.models import AuditEntry, User
from departments.selectors.clock import read_database_time
from indicators.actions.figures import Entry, save_figure
from indicators.actions.submissions import submit_submission
from indicators.actions.typed_texts import LONGEST_FIGURE, keep_typed
from indicators.models import Figure, Submission, TypedText
from tests.integration.entry_world import QUARTER, World, make_world

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def type_in(world: World, text: str, *, version: int = 0) -> None:
    client_of(world.clerk).post(
        f"/entry/{world.submission.pk}/cells/",
        {f"{world.count.pk}-value": text, f"{world.count.pk}-version": str(version)},
    )


def page(world: World, name: str = "", *, user: User | None = None) -> str:
    return client_of(user or world.clerk).get(f"/entry/{world.submission.pk}/{name}").content.decode()


@pytest.mark.parametrize("text", ["12..5", "12件", "1,23", "约 30", "<b>9</b>"])
def test_it_survives_a_reload_with_its_finding_and_is_no_figure(world: World, text: str) -> None:
    type_in(world, text)
    assert not Figure.objects.exists()
    assert TypedText.objects.get().texts == {"value": text}
    shown = page(world)
    escaped = text.replace("<", "&lt;").replace(">", "&gt;")
    assert f'value="{escaped}"' in shown
    assert 'aria-invalid="true"' in shown
    assert "1 figure cannot be right" in shown.replace("<em>", "").replace("</em>", "")


def test_a_colleague_sees_it_too(world: World) -> None:
    type_in(world, "12..5")
    assert 'value="12..5"' in page(world, user=world.second_clerk)


@pytest.mark.parametrize(("text", "value"), [("12.5", D("12.5")), ("", None)])
def test_a_correction_takes_its_place(world: World, text: str, value: Decimal | None) -> None:
    type_in(world, "12..5")
    type_in(world, text)
    assert not TypedText.objects.exists()
    assert [figure.value for figure in Figure.objects.all()] == ([] if value is None else [value])


def test_the_figure_that_stood_there_stays_until_then(world: World) -> None:
    type_in(world, "7")
    type_in(world, "7..5", version=1)
    assert Figure.objects.get().value == D(7)
    assert 'value="7..5"' in page(world)


def test_the_form_cannot_be_submitted_with_it(world: World) -> None:
    for series, entry in (
        (world.rate, Entry(numerator=D(95), denominator=D(100))),
        (world.small_rate, Entry(nothing_occurred=True)),
        (world.count, Entry(value=D(10))),
    ):
        save_figure(submission=world.submission, series=series, entry=entry, by=world.clerk)
    type_in(world, "10..5", version=1)
    check = page(world, "check/")
    assert "Cannot be right" in check
    assert "Indicator brands" in check
    with pytest.raises(Invalid):
        submit_submission(submission=world.submission, version_seen=1, by=world.clerk)
    type_in(world, "10", version=1)
    assert submit_submission(submission=world.submission, version_seen=1, by=world.clerk).status == "submitted"


def test_the_same_text_twice_is_one_entry_in_the_trail(world: World) -> None:
    for _ in range(2):
        type_in(world, "12..5")
    entry = AuditEntry.objects.get(event="unreadable_text_kept")
    assert entry.details["texts"] == {str(world.count.pk): {"value": "12..5"}}


def test_no_more_is_kept_than_a_cell_holds(world: World) -> None:
    keep_typed(submission=world.submission, typed={world.count.pk: {"value": "x" * 999, "other": "y"}}, by=world.clerk)
    assert TypedText.objects.get().texts == {"value": "x" * LONGEST_FIGURE}


def test_who_may_keep_what_and_when(world: World) -> None:
    typed = {world.count.pk: {"value": "x"}}
    for user in (world.reviewer, world.office, world.foreign_clerk):
        with pytest.raises(NotAllowed):
            keep_typed(submission=world.submission, typed=typed, by=user)
    with pytest.raises(Invalid, match="do not belong"):
        keep_typed(submission=world.submission, typed={999_999: {"value": "x"}}, by=world.clerk)
    world.close()
    with pytest.raises(Locked):
        keep_typed(submission=world.submission, typed=typed, by=world.clerk)
    assert not TypedText.objects.exists()


def test_the_database_refuses_it_in_a_submitted_form(world: World) -> None:
    fields = {"series": world.count, "quarter": QUARTER, "texts": {"value": "x"}, "typed_by": world.clerk}
    Submission.objects.filter(pk=world.submission.pk).update(status="submitted", submitted_by=world.clerk, version=2)
    with pytest.raises(IntegrityError, match="takes no changes"), transaction.atomic():
        TypedText.objects.create(submission=world.submission, typed_at=read_database_time(), **fields)
