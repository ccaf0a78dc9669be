"""The pages of entry: a clerk enters and submits, a reviewer approves; refusals have numbers and lose nothing typed."""

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from departments.models import AuditEntry, User
from indicators.models import ApprovedFigure, Figure, Submission
from tests.integration.entry_world import World, make_world

D = Decimal


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def client_of(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def address(name: str, world: World) -> str:
    return reverse(f"indicators:{name}", args=[world.submission.pk])


def row(series: Any, version: int = 0, **fields: object) -> dict[str, str]:
    return {f"{series.pk}-{name}": str(value) for name, value in ({"version": version} | fields).items()}


def complete(world: World) -> dict[str, str]:
    return (
        row(world.rate, numerator=95, denominator=100) | row(world.small_rate, nothing=1) | row(world.count, value=10)
    )


def act(world: World, **more: object) -> dict[str, str]:
    version = Submission.objects.get(pk=world.submission.pk).version
    return {"version": str(version), "key": str(uuid4())} | {name: str(value) for name, value in more.items()}


def test_a_clerk_enters_submits_and_another_person_approves(world: World) -> None:
    clerk, reviewer = client_of(world.clerk), client_of(world.reviewer)
    assert clerk.get("/entry/", follow=True).redirect_chain[-1][0] == address("entry-form", world)
    saved = clerk.post(address("entry-form", world), complete(world) | {"then": "check"})
    assert saved.headers["Location"] == address("entry-check", world)
    assert b"3 figures are ready to be submitted" in clerk.get(saved.headers["Location"]).content
    assert clerk.post(address("entry-submit", world), act(world)).status_code == 302
    page = reviewer.get("/review/", follow=True)
    assert page.redirect_chain[-1][0] == address("review-form", world)
    assert "95\u202f" not in page.content.decode()
    assert "95 / 100" in page.content.decode()
    assert reviewer.post(address("review-approve", world), act(world)).status_code == 302
    assert ApprovedFigure.objects.filter(is_current=True).count() == 3
    assert Submission.objects.get().status == "approved"


def test_each_page_answers_in_both_languages(world: World) -> None:
    clerk = client_of(world.clerk)
    for name in ("entry-form", "entry-check"):
        for language in ("en", "zh-hans"):
            answer = clerk.get(address(name, world), headers={"accept-language": language})
            assert answer.status_code == 200


# Who may see it


@pytest.mark.parametrize("name", ["entry-form", "entry-check", "review-form"])
def test_t1_the_form_of_another_department_does_not_exist(world: World, name: str) -> None:
    assert client_of(world.foreign_clerk).get(address(name, world)).status_code == 404
    assert Client().get(address(name, world)).status_code == 302


@pytest.mark.parametrize(
    "name",
    [
        "entry-cells",
        "entry-live",
        "entry-paste",
        "entry-submit",
        "entry-withdraw",
        "review-approve",
        "review-return",
        "review-reopen",
        "review-ask",
    ],
)
def test_t1_nothing_can_be_sent_to_it_either(world: World, name: str) -> None:
    foreign = client_of(world.foreign_clerk)
    assert foreign.post(address(name, world), act(world)).status_code == 404
    assert foreign.get(address(name, world)).status_code in (404, 405)


def test_t5_a_clerk_who_replays_an_approval_is_refused_and_recorded(world: World) -> None:
    clerk = client_of(world.clerk)
    clerk.post(address("entry-form", world), complete(world))
    clerk.post(address("entry-submit", world), act(world))
    answer = clerk.post(address("review-approve", world), act(world))
    assert answer.status_code == 403
    assert b"Only a reviewer of this department" in answer.content
    refusal = AuditEntry.objects.get(event="refused")
    assert (refusal.by, refusal.details["act"], refusal.details["status"]) == (world.clerk, "submission_approve", 403)


def test_a_reviewer_sees_the_grid_without_fields_to_type_in(world: World) -> None:
    page = client_of(world.reviewer).get(address("entry-form", world)).content.decode()
    assert "readonly" in page
    assert "js/entry.js" not in page
    assert client_of(world.reviewer).post(address("entry-form", world), complete(world)).status_code == 403


# What is sent


def test_t2_hidden_fields_that_nobody_rendered_are_refused(world: World) -> None:
    sent = complete(world) | {"department_id": "1"}
    assert client_of(world.clerk).post(address("entry-form", world), sent).status_code == 422
    assert not Figure.objects.exists()


def test_bad_input_gets_a_sentence_and_stays_on_the_page(world: World) -> None:
    sent = row(world.rate, numerator="12件", denominator="100") | row(world.count, value=10)
    answer = client_of(world.clerk).post(address("entry-form", world), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "batches passed: “件” follows the number; enter the number alone." in page
    assert 'value="12件"' in page
    assert Figure.objects.get().series == world.count


def test_t8_a_form_opened_before_the_closing_is_refused_and_keeps_what_was_typed(world: World) -> None:
    world.close()
    answer = client_of(world.clerk).post(address("entry-form", world), row(world.rate, numerator=95, denominator=100))
    assert answer.status_code == 423
    assert 'value="95"' in answer.content.decode()
    assert not Figure.objects.exists()


def test_t12_without_scripts_the_second_person_sees_both_values(world: World) -> None:
    client_of(world.second_clerk).post(address("entry-form", world), row(world.rate, numerator=90, denominator=100))
    clerk = client_of(world.clerk)
    answer = clerk.post(address("entry-form", world), row(world.rate, numerator=95, denominator=100))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Zhao Yan changed this figure to 90 / 100 meanwhile" in page
    assert 'value="95"' in page
    assert f'name="{world.rate.pk}-version" value="0"' in page
    mine = row(world.rate, numerator=95, denominator=100)
    assert clerk.post(address("entry-form", world), mine).status_code == 409
    assert Figure.objects.get().numerator == D(90)
    assert f'name="take" value="{world.rate.pk}:1"' in page
    taken = mine | {"take": f"{world.rate.pk}:1"}
    assert clerk.post(address("entry-form", world), taken).status_code == 302
    assert Figure.objects.get().numerator == D(95)


# What scripts send


def post_cells(client: Client, world: World, sent: dict[str, str], name: str = "entry-cells") -> tuple[int, Any]:
    answer = client.post(address(name, world), sent)
    return answer.status_code, json.loads(answer.content)


def test_a_cell_is_saved_and_answered_with_its_row(world: World) -> None:
    status, answer = post_cells(client_of(world.clerk), world, row(world.rate, numerator=95, denominator=100))
    assert status == 200
    assert set(answer["rows"]) == {str(world.rate.pk)}
    assert "On target" in answer["rows"][str(world.rate.pk)]
    assert f'name="{world.rate.pk}-version" value="1"' in answer["rows"][str(world.rate.pk)]
    summary = json.loads(client_of(world.clerk).get(address("entry-summary", world)).content)
    assert summary["filled"] == "1 of 3 filled"
    assert summary["lede"].startswith("2 figures are missing.")


def test_a_bad_cell_is_answered_with_its_sentence(world: World) -> None:
    status, answer = post_cells(client_of(world.clerk), world, row(world.rate, numerator="x", denominator=100))
    assert status == 422
    assert "“x” is not a number" in answer["rows"][str(world.rate.pk)]


def test_t12_a_script_gets_both_values(world: World) -> None:
    post_cells(client_of(world.second_clerk), world, row(world.rate, numerator=90, denominator=100))
    status, answer = post_cells(client_of(world.clerk), world, row(world.rate, numerator=95, denominator=100))
    assert status == 409
    assert "changed this figure to 90 / 100 while Li Min typed 95 / 100" in answer["rows"][str(world.rate.pk)]
    assert "Keep 90 / 100" in answer["rows"][str(world.rate.pk)]


def test_t8_a_script_is_told_that_the_quarter_is_closed(world: World) -> None:
    world.close()
    status, answer = post_cells(client_of(world.clerk), world, row(world.rate, numerator=95, denominator=100))
    assert status == 423
    assert "The quarter is closed" in answer["message"]


def test_the_live_rating_keeps_nothing(world: World) -> None:
    sent = row(world.rate, numerator=50, denominator=100)
    status, answer = post_cells(client_of(world.clerk), world, sent, name="entry-live")
    assert status == 200
    assert "Behind" in answer["rows"][str(world.rate.pk)]
    assert not Figure.objects.exists()


def test_a_pasted_block_is_shown_before_it_is_taken(world: World) -> None:
    sent = row(world.rate, numerator=1204, denominator=1180) | row(world.count, value="12,3") | {"overflow": "4"}
    answer = client_of(world.clerk).post(address("entry-paste", world), sent)
    page = answer.content.decode()
    assert "1 row cannot be read" in page
    assert "the comma does not part groups of three" in page
    assert "Numerator 1\u202f204 is greater than denominator 1\u202f180" in page
    assert "4 cells lie beyond the form" in page
    assert "Take over" not in page
    assert not Figure.objects.exists()


def test_a_clean_block_can_be_taken_over(world: World) -> None:
    sent = row(world.rate, numerator=95, denominator=100) | row(world.count, value=10)
    page = client_of(world.clerk).post(address("entry-paste", world), sent).content.decode()
    assert "2 rows would change." in page
    assert "Take over" in page


# Acts


def test_an_incomplete_form_is_not_submitted(world: World) -> None:
    clerk = client_of(world.clerk)
    clerk.post(address("entry-form", world), row(world.rate, numerator=1204, denominator=1180))
    page = clerk.get(address("entry-check", world)).content.decode()
    assert "3 figures have to be seen to" in page
    answer = clerk.post(address("entry-submit", world), act(world))
    assert answer.status_code == 422
    assert Submission.objects.get().status == "draft"


def test_t11_a_double_click_submits_once_with_the_same_answer(world: World) -> None:
    clerk = client_of(world.clerk)
    clerk.post(address("entry-form", world), complete(world))
    sent = act(world)
    answers = [clerk.post(address("entry-submit", world), sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert AuditEntry.objects.filter(event="submission_submit").count() == 1


def test_the_same_key_with_another_content_is_refused(world: World) -> None:
    clerk = client_of(world.clerk)
    clerk.post(address("entry-form", world), complete(world))
    sent = act(world)
    clerk.post(address("entry-submit", world), sent)
    answer = clerk.post(address("entry-submit", world), sent | {"version": "2"})
    assert answer.status_code == 422
    other = client_of(world.second_clerk).post(address("entry-submit", world), sent)
    assert other.status_code == 422


@pytest.mark.parametrize("broken", [{"version": ""}, {"key": ""}, {"key": "x"}, {"version": "-1"}])
def test_an_act_without_version_or_key_is_refused(world: World, broken: dict[str, str]) -> None:
    answer = client_of(world.clerk).post(address("entry-submit", world), act(world) | broken)
    assert answer.status_code == 422


def submitted(world: World) -> tuple[Client, Client]:
    clerk, reviewer = client_of(world.clerk), client_of(world.reviewer)
    clerk.post(address("entry-form", world), complete(world))
    clerk.post(address("entry-submit", world), act(world))
    return clerk, reviewer


def test_returning_names_the_cell_and_the_clerk_sees_it(world: World) -> None:
    clerk, reviewer = submitted(world)
    sent = act(world, reason="") | {f"remark-{world.rate.pk}": "Check the denominator"}
    assert reviewer.post(address("review-return", world), sent).status_code == 302
    page = clerk.get(address("entry-form", world)).content.decode()
    assert "Wang Qiang asks: Check the denominator" in page
    assert "Returned by Wang Qiang" in page


def test_a_return_without_a_reason_is_refused_and_keeps_the_rest(world: World) -> None:
    _clerk, reviewer = submitted(world)
    answer = reviewer.post(address("review-return", world), act(world, reason=" "))
    assert answer.status_code == 422
    assert "Reason: write why" in answer.content.decode()


def test_t13_approving_an_older_version_is_refused(world: World) -> None:
    _clerk, reviewer = submitted(world)
    answer = reviewer.post(address("review-approve", world), act(world) | {"version": "1"})
    assert answer.status_code == 409


def test_withdrawing_brings_the_form_back(world: World) -> None:
    clerk, _reviewer = submitted(world)
    assert "Withdraw" in clerk.get(address("entry-form", world)).content.decode()
    assert clerk.post(address("entry-withdraw", world), act(world)).status_code == 302
    assert Submission.objects.get().status == "withdrawn"


def test_reopening_with_a_reason(world: World) -> None:
    _clerk, reviewer = submitted(world)
    reviewer.post(address("review-approve", world), act(world))
    assert reviewer.post(address("review-reopen", world), act(world, reason="")).status_code == 422
    assert reviewer.post(address("review-reopen", world), act(world, reason="Wrong sheet")).status_code == 302
    assert Submission.objects.get().status == "reopened"


def test_t16_two_people_of_the_office_reopen_a_closed_quarter(world: World) -> None:
    _clerk, reviewer = submitted(world)
    reviewer.post(address("review-approve", world), act(world))
    world.close()
    first, second = client_of(world.office), client_of(world.second_office)
    assert "Ask a second person" in first.get(address("review-form", world)).content.decode()
    assert first.post(address("review-ask", world), act(world, reason="Counted twice")).status_code == 302
    assert first.post(address("review-reopen", world), act(world, reason="Counted twice")).status_code == 403
    assert second.post(address("review-reopen", world), act(world, reason="Counted twice")).status_code == 302


# Nothing answers 500


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"x": "y"},
        {"1-numerator": "\x00"},
        {"-version": "1"},
        {"overflow": "x"},
        {"version": "9" * 40, "key": "0"},
    ],
)
@pytest.mark.parametrize(
    "name",
    ["entry-form", "entry-cells", "entry-live", "entry-paste", "entry-submit", "review-approve", "review-return"],
)
def test_nothing_sent_ends_in_a_failure(world: World, name: str, sent: dict[str, str]) -> None:
    assert client_of(world.clerk).post(address(name, world), sent).status_code < 500
