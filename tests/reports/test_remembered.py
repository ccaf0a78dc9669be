"""What is remembered of a page: until when, for whom, and what around it is never remembered."""

from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from departments.actions import audit
from departments.models import Department
from departments.permissions import scope_of
from departments.roles import Role
from indicators.engine.target import Rating
from indicators.models import Programme
from indicators.models.attainment import ResultState
from indicators.models.rollup import RollUp
from reports import remembered, stamps
from reports.remembered import PARTS
from reports.scopes import get_context_or_404
from reports.stamps import (
    SILENT,
    Moment,
    find_whole_programme,
    read_moment,
    read_page_stamp,
    read_results_stamp,
    recall,
)
from reports.wide_cells import find_tag
from tests.builders import fill, make_region, make_user, make_world, roll_up
from tests.reports.frame import count_queries

STATE = "?programme=changzhi-test&quarter=2018Q3"
PAGES = (
    "/",
    "/regions/",
    "/domains/product/",
    "/targets/",
    "/programme/",
    "/matrix/",
    "/league/",
    "/compare/",
    "/cascade/",
)


@pytest.fixture
def world(db, monkeypatch):
    monkeypatch.setattr(remembered, "KEPT_FOR", 60)
    cache.clear()
    world = make_world(counties=2)
    fill(world, ratings=[Rating.GREEN, Rating.AMBER, Rating.RED])
    roll_up(world.programme)
    yield world
    cache.clear()


def read(client, user, address="/", language="en"):
    client.force_login(user)
    answer = client.get(address + STATE, headers={"accept-language": language})
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def count(client, user, address):
    client.force_login(user)
    with CaptureQueriesContext(connection) as queries:
        client.get(address + STATE, headers={"accept-language": "en"})
    return len(queries)


def replace_a_result(world, version=7):
    """Do what a recompute does to the state, and show a change that can be seen."""
    allocation = world.allocations[0]
    RollUp.objects.filter(programme=world.programme).update(green=0, amber=0, red=40)
    state = {"programme": world.programme, "version": version, "fingerprint": 1, "rule_version": 1}
    at = allocation.attainments.first().computed_at
    ResultState.objects.update_or_create(allocation=allocation, defaults=state | {"computed_at": at})


def act(event):
    with transaction.atomic():
        audit.record(audit.Act(event=event))


@pytest.mark.parametrize("address", PAGES)
def test_the_second_time_a_page_is_the_same_and_takes_no_more_queries_than_the_frame_and_its_stamp(
    client, world, address
):
    first = read(client, world.leader, address)
    again = read(client, world.leader, address)
    part = "<h1"
    assert again.partition(part)[2] == first.partition(part)[2]
    frame = count(client, world.leader, "/search/")
    assert count(client, world.leader, address) <= frame + (8 if address == "/compare/" else 2)


def test_a_replaced_result_is_shown_at_once(client, world):
    before = read(client, world.leader)
    replace_a_result(world)
    after = read(client, world.leader)
    assert after.partition("<h1")[2] != before.partition("<h1")[2]
    assert "40" in after


def test_without_a_stamp_that_moves_the_page_stays_as_it_was(client, world):
    """The control of the test above: what it shows really comes from memory."""
    before = read(client, world.leader)
    RollUp.objects.filter(programme=world.programme).update(green=0, amber=0, red=40)
    assert read(client, world.leader).partition("<h1")[2] == before.partition("<h1")[2]


@pytest.mark.parametrize(("event", "is_new"), [("programme_loaded", True), *((event, False) for event in SILENT)])
def test_an_act_that_a_page_may_show_makes_it_anew_and_typing_does_not(client, world, event, is_new):
    read(client, world.leader, "/departments/")
    Department.objects.filter(pk=world.departments[0].pk).update(short_en="Renamed Office")
    act(event)
    assert ("Renamed Office" in read(client, world.leader, "/departments/")) is is_new


def test_another_scope_is_never_shown_what_is_remembered(client, world):
    foreign = world.allocations_of(world.departments[1])[0].target.indicator.name_en
    assert foreign in read(client, world.leader, "/targets/")
    assert foreign not in read(client, world.clerk, "/targets/")
    client.force_login(world.stranger)
    assert client.get("/targets/" + STATE).status_code == HTTPStatus.NOT_FOUND


def test_each_language_is_remembered_by_itself(client, world):
    assert 'lang="en"' in read(client, world.leader)
    assert "概览" in read(client, world.leader, language="zh-hans").partition("<title>")[2].partition("</title>")[0]
    assert "Overview" in read(client, world.leader).partition("<title>")[2].partition("</title>")[0]


def test_whoever_shares_a_post_shares_the_middle_but_not_the_name(client, world):
    other = make_user(Role.LEADER, at=world.city, full_name="李同岗")
    assert "李同岗" not in read(client, world.leader)
    with CaptureQueriesContext(connection) as queries:
        assert "李同岗" in read(client, other)
    assert not [q for q in queries if 'FROM "indicators_attainment"' in q["sql"]]


def test_each_choice_of_the_address_is_remembered_by_itself(client, world):
    client.force_login(world.leader)
    reds = client.get(f"/targets/{STATE}&rating=red").content
    assert client.get(f"/targets/{STATE}&rating=green").content != reds


def test_the_stamp_of_results_moves_with_a_replacement_and_with_a_removal(world):
    stamps_seen = {read_results_stamp(world.programme.pk)}
    replace_a_result(world, version=7)
    stamps_seen.add(read_results_stamp(world.programme.pk))
    replace_a_result(world, version=8)
    stamps_seen.add(read_results_stamp(world.programme.pk))
    ResultState.objects.all().delete()
    assert len(stamps_seen) == 3
    assert read_results_stamp(world.programme.pk) in stamps_seen


def test_of_two_replacements_at_once_the_one_with_the_lower_number_moves_the_stamp_too(world):
    """The highest version would not have moved: 9 came in first, 8 a moment later."""
    first, second = world.allocations[:2]
    at = first.attainments.first().computed_at
    shared = {"programme": world.programme, "fingerprint": 1, "rule_version": 1, "computed_at": at}
    ResultState.objects.create(allocation=first, version=9, **shared)
    ResultState.objects.create(allocation=second, version=1, **shared)
    before = read_results_stamp(world.programme.pk)
    ResultState.objects.filter(allocation=second).update(version=8)
    assert read_results_stamp(world.programme.pk) != before


def test_the_stamp_of_an_unknown_programme_is_that_of_nothing(world):
    assert read_results_stamp(0) == "0-0"


def test_a_tag_is_found_without_loading_the_page_only_for_whoever_sees_everything(client, world):
    query = QueryDict(f"{STATE[1:]}&basis=approved")
    client.force_login(world.leader)
    tag = client.get(f"/matrix/cells.json?{query.urlencode()}").headers["ETag"]
    assert f'"{find_tag(world.leader, query)}"' == tag
    for nobody in (world.clerk, world.stranger, make_user(Role.SYSTEM_ADMINISTRATOR)):
        assert find_tag(nobody, query) is None
    for open_query in (
        "programme=changzhi-test",
        STATE[1:],
        f"{STATE[1:]}&basis=publication-1",
        "quarter=2018Q3&basis=approved",
    ):
        assert find_tag(world.leader, QueryDict(open_query)) is None


def test_a_tag_that_someone_else_knows_opens_nothing(client, world):
    client.force_login(world.leader)
    address = f"/matrix/cells.json{STATE}&basis=approved"
    tag = client.get(address).headers["ETag"]
    client.force_login(world.stranger)
    assert client.get(address, headers={"if-none-match": tag}).status_code == HTTPStatus.NOT_FOUND
    client.force_login(world.clerk)
    assert client.get(address, headers={"if-none-match": tag}).status_code == HTTPStatus.OK


def test_unchanged_cells_take_four_queries(client, world):
    client.force_login(world.leader)
    address = f"/matrix/cells.json{STATE}&basis=approved"
    tag = client.get(address).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, headers={"if-none-match": tag}).status_code == HTTPStatus.NOT_MODIFIED
    # Session, person, posts, programme; the fifth sums up, and only where something was written since.
    assert len(queries) == 5


@pytest.mark.django_db(transaction=True)
def test_while_nothing_is_committed_the_stamp_comes_from_memory():
    world = make_world(counties=1)
    fill(world)
    stamps._known.clear()
    first = read_page_stamp(world.programme.pk)
    with CaptureQueriesContext(connection) as queries:
        assert read_page_stamp(world.programme.pk) == first
    assert [q["sql"] for q in queries] == ["SELECT pg_current_snapshot()::text"]
    replace_a_result(world)
    assert read_page_stamp(world.programme.pk) != first
    with transaction.atomic():
        inside = read_page_stamp(world.programme.pk)
        replace_a_result(world, version=9)
        assert read_page_stamp(world.programme.pk) != inside
    known = find_whole_programme(scope_of(world.leader), world.programme.code)
    assert known is not None
    assert known.stamp == read_results_stamp(world.programme.pk)


@pytest.mark.django_db(transaction=True)
def test_what_a_page_is_about_is_recalled_until_something_is_committed(client):
    world = make_world(counties=1)
    fill(world)
    other = make_user(Role.LEADER, at=make_region("9911"))
    stamps._known.clear()
    assert count_queries(client, world.leader, f"/search/{STATE}") == 4, "session, person, posts, snapshot"
    Programme.objects.update(name_en="Renamed a moment ago")
    assert "Renamed a moment ago" in read(client, world.leader, "/search/")
    client.force_login(other)
    assert client.get(f"/search/{STATE}").status_code == HTTPStatus.NOT_FOUND, "what one may see is no other's"
    made: list[int] = []
    with transaction.atomic():
        for _round in range(2):
            recall("a key", lambda: made.append(1), moment=read_moment())
    assert len(made) == 2, "within a transaction of our own the snapshot stands still whatever is written"


def test_nothing_is_kept_of_a_state_that_has_passed_and_never_too_much():
    """What is recalled may be large: all the words of a province."""
    stamps._known.clear()
    first, later = (Moment(timezone.now(), snapshot) for snapshot in ("1:1:", "2:2:"))
    made: list[str] = []
    for moment, key in ((first, "a"), (first, "a"), (first, "b"), (later, "a"), (later, "a"), (first, "b")):
        recall(key, lambda key=key: made.append(key), moment=moment)
    assert made == ["a", "b", "a", "b"]
    assert len(stamps._known) == 1
    for number in range(stamps._MOST_KNOWN * 2):
        recall(number, lambda: None, moment=first)
        assert len(stamps._known) <= stamps._MOST_KNOWN
    for _round in range(2):
        recall("a", lambda: made.append("without a moment"), moment=None)
    assert made[4:] == ["without a moment"] * 2


def test_a_page_that_bears_the_token_of_a_session_is_never_kept(rf, world, monkeypatch):
    def make():
        made.append(1)
        return {"text": "x"}

    made: list[int] = []
    request = rf.get("/" + STATE)
    request.user, request.session = world.leader, {}
    page = get_context_or_404(request)
    for secret, times in (("no such words", 1), ("</h1>", 3)):
        monkeypatch.setattr(remembered, "_FORM_MARK", secret)
        monkeypatch.setattr(remembered, "BETWEEN", "|")
        monkeypatch.setattr(remembered, "render_to_string", lambda *_args: "<h1></h1>" + "|" * (len(PARTS) - 1))
        monkeypatch.setattr(remembered, "render", lambda *_args: None)
        cache.clear()
        made.clear()
        for _round in range(3):
            remembered.show(request, page, "any.html", make)
        assert len(made) == times
