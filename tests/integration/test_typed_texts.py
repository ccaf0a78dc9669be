"""What could not be saved is kept as it was typed, blocks the form, and is gone when it is corrected or chosen."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from departments.errors import Invalid, Locked, NotAllowed
from departments.models import AuditEntry, User
from departments.selectors.clock import read_database_time
from indicators.actions.figures import Entry, StaleFigures, save_figure, save_figures
from indicators.actions.submissions import submit_submission
from indicators.actions.typed_texts import LONGEST_FIGURE, drop_typed, keep_typed
from indicators.models import Figure, Submission, TypedText
from tests.integration.entry_world import QUARTER, World, make_world

D = Decimal


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


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
    entry = AuditEntry.objects.get(event="typed_text_kept")
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


# Two people on one cell


def send(world: World, user: User, *, version: int, name: str = "cells/", **sent: object) -> int:
    """Let a person save the count as a page sends it, and return the answer's number."""
    fields = {f"{world.count.pk}-{field}": str(text) for field, text in sent.items() if field != "take"}
    if "take" in sent:
        fields["take"] = f"{world.count.pk}:{sent['take']}"
    address = f"/entry/{world.submission.pk}/{name}"
    return client_of(user).post(address, {f"{world.count.pk}-version": str(version), **fields}).status_code


def cross(world: World, mine: object = 9) -> None:
    """Let Zhao Yan save 8 while Li Min types `mine`, both over an empty cell."""
    assert send(world, world.second_clerk, version=0, value=8) == 200
    assert send(world, world.clerk, version=0, value=mine) == (422 if mine == "9件" else 409)


def figure() -> Decimal | None:
    return Figure.objects.get().value


@pytest.mark.parametrize("reader", ["clerk", "second_clerk"])
@pytest.mark.parametrize(
    ("mine", "said"),
    [(9, "9"), ("9件", "9件"), ("", "blank")],
    ids=["a number", "unreadable and overtaken", "an emptied cell"],
)
def test_t12_both_values_are_there_after_a_reload(world: World, reader: str, mine: object, said: str) -> None:
    cross(world, mine)
    shown = page(world, user=getattr(world, reader))
    assert f"Zhao Yan changed this figure to 8 while Li Min typed {said}; choose one." in shown
    assert f'name="{world.count.pk}-value" data-kind="value" value="{mine}"' in shown
    assert "Keep 8" in shown
    assert f"Change to {said}" in shown
    assert "1 figure has two values" in shown.replace("<em>", "").replace("</em>", "")
    assert figure() == D(8)


def test_t12_a_choice_stands_open_until_it_is_made(world: World) -> None:
    cross(world)
    check = page(world, "check/")
    assert "Two values: choose one" in check
    assert "while Li Min typed 9" in check
    with pytest.raises(Invalid):
        submit_submission(submission=world.submission, version_seen=1, by=world.clerk)


@pytest.mark.parametrize("name", ["cells/", ""], ids=["a script", "a form"])
def test_t12_keeping_theirs_drops_mine_and_saves_the_rest(world: World, name: str) -> None:
    cross(world)
    other = {f"{world.rate.pk}-{field}": text for field, text in (("numerator", "95"), ("denominator", "100"))}
    sent = {"keep": str(world.count.pk), f"{world.count.pk}-value": "9", f"{world.count.pk}-version": "1"}
    address = f"/entry/{world.submission.pk}/{name}"
    answer = client_of(world.clerk).post(address, sent | other | {f"{world.rate.pk}-version": "0"})
    assert answer.status_code == (200 if name else 302)
    assert not TypedText.objects.exists()
    assert Figure.objects.get(series=world.count).value == D(8)
    assert Figure.objects.get(series=world.rate).numerator == D(95)
    assert AuditEntry.objects.get(event="typed_text_dropped").details["texts"] == {str(world.count.pk): {"value": "9"}}


def test_t12_what_was_typed_can_be_entered_after_all(world: World) -> None:
    cross(world)
    assert send(world, world.clerk, version=0, value=9, take=1) == 200
    assert (figure(), TypedText.objects.exists()) == (D(9), False)


def test_t12_saving_again_is_no_choice(world: World) -> None:
    """The page goes on naming the version that was typed over: what is typed further is kept, and nothing replaced."""
    cross(world)
    assert f'name="{world.count.pk}-version" value="0"' in page(world)
    assert send(world, world.clerk, version=0, value=95) == 409
    assert figure() == D(8)
    assert TypedText.objects.get().texts == {"value": "95"}


def test_t12_a_third_change_is_a_new_dispute(world: World) -> None:
    cross(world)
    assert send(world, world.second_clerk, version=1, value=7) == 200
    assert send(world, world.clerk, version=0, value=9, take=1) == 409
    assert "changed this figure to 7 while Li Min typed 9" in page(world)


def test_t12_a_colleague_who_did_not_see_it_saves_past_it_and_it_stays(world: World) -> None:
    cross(world)
    assert send(world, world.second_clerk, version=1, value=7) == 200
    assert TypedText.objects.get().texts == {"value": "9"}
    seen = TypedText.objects.get().pk
    assert send(world, world.second_clerk, version=2, typed=seen, value=6) == 200
    assert not TypedText.objects.exists()


def test_t12_an_unreadable_text_does_not_let_a_colleagues_figure_be_overwritten_unseen(world: World) -> None:
    cross(world, "9件")
    assert TypedText.objects.get().version_seen == 0
    assert "changed this figure to 8" in page(world)


def test_t12_rows_that_nobody_else_touched_do_not_wait_for_the_choice(world: World) -> None:
    send(world, world.second_clerk, version=0, value=8)
    sent = {f"{world.rate.pk}-numerator": "95", f"{world.rate.pk}-denominator": "100", f"{world.rate.pk}-version": "0"}
    sent |= {f"{world.count.pk}-value": "9", f"{world.count.pk}-version": "0"}
    sent |= {f"{world.small_rate.pk}-numerator": "x", f"{world.small_rate.pk}-version": "0"}
    assert client_of(world.clerk).post(f"/entry/{world.submission.pk}/", sent).status_code == 409
    assert Figure.objects.get(series=world.rate).numerator == D(95)
    assert set(TypedText.objects.values_list("series_id", flat=True)) == {world.count.pk, world.small_rate.pk}


def test_an_act_on_figures_is_still_all_or_none(world: World) -> None:
    """Only the page saves row by row; who calls the act gets everything or nothing."""
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=D(8)), by=world.second_clerk)
    entries = {world.count.pk: Entry(value=D(9)), world.rate.pk: Entry(numerator=D(95), denominator=D(100))}
    with pytest.raises(StaleFigures):
        save_figures(submission=world.submission, entries=entries, by=world.clerk)
    assert Figure.objects.get().value == D(8)


def test_t12_a_choice_without_its_row_clears_nothing(world: World) -> None:
    cross(world)
    sent = {"take": f"{world.count.pk}:1"}
    assert client_of(world.clerk).post(f"/entry/{world.submission.pk}/cells/", sent).status_code == 200
    assert (figure(), TypedText.objects.count()) == (D(8), 1)


@pytest.mark.parametrize("series", ["0", "999999", "x", "１"])
def test_a_choice_in_a_row_that_is_not_there_changes_nothing(world: World, series: str) -> None:
    cross(world)
    answer = client_of(world.clerk).post(f"/entry/{world.submission.pk}/cells/", {"keep": series})
    assert answer.status_code == (422 if series.isascii() and series.isdigit() else 200)
    assert TypedText.objects.exists()


def test_who_may_choose_and_when(world: World) -> None:
    cross(world)
    for user in (world.reviewer, world.office, world.foreign_clerk):
        with pytest.raises(NotAllowed):
            drop_typed(submission=world.submission, series_id=world.count.pk, by=user)
    world.close()
    with pytest.raises(Locked):
        drop_typed(submission=world.submission, series_id=world.count.pk, by=world.clerk)
    assert TypedText.objects.exists()


def test_t12_words_alone_in_dispute_are_named(world: World) -> None:
    """Where the figures are the same and only the words differ, the words are named."""
    send(world, world.second_clerk, version=0, value=8, explanation="flood")
    assert send(world, world.clerk, version=0, value=8, explanation="drought") == 409
    assert "changed this figure to 8 (flood) while Li Min typed 8 (drought)" in page(world)
