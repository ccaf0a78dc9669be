"""The pages of publications: what each person sees and may do there, and what the sentences say."""

from http import HTTPStatus
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from departments.models import AuditEntry
from departments.roles import Role
from indicators.actions.recompute import request_scope_recompute
from indicators.engine.target import Rating
from indicators.models import Attainment, RecomputeRequest, Submission
from reports.editions import find_state, name_results
from reports.models import Publication
from reports.publication_page import write_state
from tests.builders import Q3, make_user
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db

STATE = "?programme=changzhi-test&quarter=2018Q3"
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def city():
    return make_publishing_world()


def read(client, user, address="/reports/", state=STATE):
    client.force_login(user)
    return client.get(address + state, headers=ENGLISH)


def send(client, user, act, **fields):
    client.force_login(user)
    given = {"seen": name_results(fields.pop("programme")), "key": str(uuid4())} | fields
    return client.post(f"/reports/{act}/{STATE}", given, headers=ENGLISH)


def test_one_asks_and_another_publishes(client, city):
    answer = send(client, city.asker, "ask", programme=city.programme, reason="按期上报。")
    assert answer.status_code == HTTPStatus.FOUND
    page = read(client, city.asker)
    assert "Edition 1 is asked for" in page.content.decode()
    assert page.context["list"].confirm is None
    assert send(client, city.publisher, "publish", programme=city.programme).status_code == HTTPStatus.FOUND
    page = read(client, city.publisher)
    assert "is published: edition 1" in page.content.decode()
    assert "按期上报。" in page.content.decode()


def test_whoever_asked_is_refused_with_a_sentence_and_an_entry_in_the_trail(client, city):
    city.ask()
    answer = send(client, city.asker, "publish", programme=city.programme)
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "another person of the leadership office" in answer.content.decode()
    entry = AuditEntry.objects.get(event="refused")
    assert (entry.by, entry.details["act"], entry.details["status"]) == (city.asker, "publish", 403)


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_those_who_only_read_see_no_button_and_are_refused(client, city, role):
    reader = make_user(role, at=city.world.city if role == Role.LEADER else None)
    page = read(client, reader)
    assert page.status_code == HTTPStatus.OK
    assert (page.context["list"].ask, page.context["list"].confirm) == (None, None)
    assert send(client, reader, "ask", programme=city.programme, reason="x").status_code == HTTPStatus.FORBIDDEN
    assert not Publication.objects.exists()


def test_for_a_stranger_there_is_nothing(client, city):
    city.publish()
    for address in ("/reports/", "/reports/1/"):
        assert read(client, city.world.stranger, address).status_code == HTTPStatus.NOT_FOUND
    answer = send(client, city.world.stranger, "ask", programme=city.programme, reason="x")
    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_sending_twice_is_one_publication(client, city):
    key = str(uuid4())
    for _time in range(2):
        answer = send(client, city.asker, "ask", programme=city.programme, reason="按期上报。", key=key)
        assert answer.status_code == HTTPStatus.FOUND
    assert Publication.objects.count() == 1
    assert AuditEntry.objects.filter(event="publication_asked").count() == 1


def test_stale_results_are_a_conflict_and_the_reason_is_kept(client, city):
    answer = send(client, city.asker, "ask", programme=city.programme, reason="按期上报。", seen="1-1-1")
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "look again" in answer.content.decode()
    assert "按期上报。" in answer.content.decode()


def test_a_form_without_its_fields_is_refused(client, city):
    client.force_login(city.asker)
    answer = client.post(f"/reports/ask/{STATE}", {"reason": "x"}, headers=ENGLISH)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_publishing_what_nobody_asked_for_is_not_found(client, city):
    assert send(client, city.publisher, "publish", programme=city.programme).status_code == HTTPStatus.NOT_FOUND


def test_acts_are_sent_by_forms_only(client, city):
    client.force_login(city.asker)
    for act in ("ask", "publish"):
        assert client.get(f"/reports/{act}/{STATE}").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_an_edition_that_is_not_there_is_not_found(client, city):
    city.ask()
    for number in (1, 2):  # asked for, and never heard of
        assert read(client, city.asker, f"/reports/{number}/").status_code == HTTPStatus.NOT_FOUND


def test_the_differences_are_told_line_by_line(client, city):
    city.publish()
    city.correct(1, measured=90.5, ratio=0.9731, numerator=905.0, denominator=1000.0, margin=3.0)
    city.publish()
    page = read(client, city.world.leader, "/reports/2/")
    (line,) = page.context["detail"].lines
    told = {str(change.what): (change.before, change.after) for change in line.changes}
    assert set(told) == {"Figure", "Threshold", "Rating"}
    assert told["Figure"][1] == "90.5% (905 / 1\u202f000)"
    assert told["Threshold"] == ("2 percentage points", "3 percentage points")
    assert told["Rating"][1] == "Close, attainment 97.31%"
    assert "[[1 result]] differs from edition 1." in page.context["detail"].lede


def test_a_changed_target_is_told_in_its_own_words(client, city):
    city.publish()
    city.correct(0, level=95.0, expected=95.0, rating=Rating.GREEN.value, measured=94.86, ratio=0.9985)
    city.publish()
    (line,) = read(client, city.world.leader, "/reports/2/").context["detail"].lines
    told = {str(change.what): (change.before, change.after) for change in line.changes}
    assert "93%" in told["Target"][0]
    assert "95%" in told["Target"][1]


def test_a_result_that_came_or_went_is_named(client, city):
    city.publish()
    gone = city.world.allocations[4]
    Attainment.objects.filter(programme=city.programme, allocation=gone, quarter=Q3).delete()
    city.publish()
    (line,) = read(client, city.world.leader, "/reports/2/").context["detail"].lines
    assert line.changes[0].after == "not in this edition"


@pytest.fixture
def three(city):
    """Three editions: the first two differ by a figure, the last two by a target and a rule; since then another."""
    city.publish()
    city.correct(0, measured=90.5, ratio=0.9731)
    city.publish()
    city.correct(0, measured=90.5, ratio=0.9627, level=94.0, expected=94.0, rule_version=2)
    city.publish()
    city.correct(1, measured=70.0, rating=Rating.RED.value)
    return city


@pytest.mark.parametrize(
    ("edition", "word", "sides", "reasons"),
    [
        (2, "", ("Publication 1", "Publication 2"), ["new figure"]),
        (3, "", ("Publication 2", "Publication 3"), ["other level, other expectation and new rule"]),
        (3, "1", ("Publication 1", "Publication 3"), ["new figure, other level, other expectation and new rule"]),
        (1, "3", ("Publication 1", "Publication 3"), ["new figure, other level, other expectation and new rule"]),
        (3, "now", ("Publication 3", "Approved now"), ["new figure"]),
    ],
)
def test_any_two_editions_and_what_stands_now_are_compared_with_the_why(client, three, edition, word, sides, reasons):
    state = STATE + (f"&with={word}" if word else "")
    detail = read(client, three.asker, f"/reports/{edition}/", state).context["detail"]
    assert detail.sides == sides
    assert [line.reasons for line in detail.lines] == reasons
    assert f"{len(detail.lines)} result" in detail.lede


def test_what_stands_now_is_provisional_while_it_is_computed(client, three):
    request_scope_recompute(programme=three.programme)
    detail = read(client, three.asker, "/reports/3/", f"{STATE}&with=now").context["detail"]
    assert detail.sides[1] == "Approved now, provisional"


@pytest.mark.parametrize("word", ["4", "3", "x", "-1", "99999", "１"])
def test_what_is_no_other_edition_is_refused_by_name(client, three, word):
    answer = read(client, three.asker, "/reports/3/", f"{STATE}&with={word}")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert f"“{word}” is no other edition" in answer.content.decode()


def test_a_clerk_reads_the_differences_of_their_own_department_only(client, city):
    city.publish()
    own, other = (city.world.allocations_of(department)[0] for department in city.world.departments)
    for allocation in (own, other):
        city.correct(city.world.allocations.index(allocation), measured=91.0)
    city.publish()
    page = read(client, city.world.clerk, "/reports/2/")
    assert [line.allocation_id for line in page.context["detail"].lines] == [own.pk]
    assert len(read(client, city.world.leader, "/reports/2/").context["detail"].lines) == 2


@pytest.mark.parametrize(("name", "is_offered"), [("clerk", False), ("leader", True)])
def test_the_workbook_is_offered_to_whoever_may_have_it(client, city, name, is_offered):
    city.publish()
    page = read(client, getattr(city.world, name), "/reports/1/").content.decode()
    assert ("Workbook of this edition" in page) is is_offered
    assert ('href="/exports/' in page.partition("<main")[2]) is is_offered


def test_the_list_counts_what_each_edition_changed(client, city):
    city.publish()
    city.correct(0)
    city.correct(1)
    city.publish()
    city.correct(2, measured=80.0)
    page = read(client, city.asker)
    assert [row.changes for row in page.context["list"].rows] == ["2", "—"]
    assert "1 result has changed since" in page.content.decode().replace("<em>", "").replace("</em>", "")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_state_is_told_in_every_case(city, language):
    with override(language):
        said = [write_state(find_state(programme=city.programme, quarter=Q3), changes=0)]
        Submission.objects.create(programme=city.programme, department=city.world.departments[0], quarter=Q3)
        said.append(write_state(find_state(programme=city.programme, quarter=Q3), changes=0))
        request_scope_recompute(programme=city.programme)
        said.append(write_state(find_state(programme=city.programme, quarter=Q3), changes=0))
        said.append(write_state(find_state(programme=city.programme, quarter=Q3 + 1), changes=0))
        RecomputeRequest.objects.update(done_version=F("requested_version"))
        city.publish()
        state = find_state(programme=city.programme, quarter=Q3)
        said += [write_state(state, changes=count) for count in (0, 1, 2)]
    assert len(set(said)) == len(said) == 7
    assert not any("%(" in text for text in said)


def test_queries_do_not_grow_with_the_results(client, city):
    city.publish()
    city.correct(0)
    city.publish()
    client.force_login(city.world.leader)
    counted = []
    for place in (1, 2, 3, 4):
        client.get("/reports/2/" + STATE)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/reports/2/" + STATE).status_code == HTTPStatus.OK
        counted.append(len(queries))
        city.correct(place, measured=float(place))
    assert len(set(counted)) == 1


def test_words_from_people_are_text(client, city):
    city.publish(city.ask(reason="<script>alert(1)</script>"))
    for address in ("/reports/", "/reports/1/"):
        assert "<script>alert" not in read(client, city.asker, address).content.decode()
