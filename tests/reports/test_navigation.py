"""The side navigation shows what exists and what the person may open, and keeps the header's state."""

import pytest

from departments.permissions import scope_of
from departments.roles import Role
from reports import navigation
from reports.navigation import list_navigation
from reports.templatetags import shell
from tests.builders import make_department, make_region, make_user

pytestmark = pytest.mark.django_db


def names(user, **options):
    groups = list_navigation(scope_of(user).roles, **({"current": "", "query": ""} | options))
    return {entry.url for group in groups for entry in group.entries}


@pytest.fixture
def city():
    return make_region("1404")


def test_everybody_who_sees_results_gets_the_reading_pages(city):
    clerk = make_user(Role.CLERK, at=make_department(city))
    assert {"/", "/regions/", "/domains/", "/departments/", "/targets/", "/programme/"} <= names(clerk)


def test_administrators_of_the_system_see_no_results():
    assert not names(make_user(Role.SYSTEM_ADMINISTRATOR)) & {"/", "/regions/", "/targets/"}


def test_what_does_not_exist_is_not_shown(monkeypatch):
    gone = navigation.Place("Nowhere", "reports:nowhere", navigation.Permission.VIEW_RESULTS, "nowhere")
    monkeypatch.setattr(navigation, "PLACES", [("", [gone])])
    assert list_navigation([Role.LEADER], current="", query="") == []


def test_the_current_entry_covers_the_pages_of_its_family():
    for view, url in (("reports:region", "/regions/"), ("reports:region-list", "/regions/"), ("reports:overview", "/")):
        groups = list_navigation([Role.LEADER], current=view, query="")
        assert [entry.url for group in groups for entry in group.entries if entry.is_current] == [url]


def test_links_keep_the_state(city):
    assert "/regions/?quarter=2018Q3" in names(make_user(Role.LEADER, at=city), query="quarter=2018Q3")


def test_badges_come_from_the_open_work(monkeypatch):
    monkeypatch.setattr(
        navigation,
        "PLACES",
        [("", [navigation.Place("E", "reports:overview", navigation.Permission.VIEW_RESULTS, "x", badge="entry")])],
    )
    groups = list_navigation([Role.LEADER], current="", query="", badges={"entry": 7})
    assert groups[0].entries[0].badge == 7


def test_the_frame_counts_what_waits_anew_for_each_request(client, city, monkeypatch):
    client.force_login(make_user(Role.CLERK, at=make_department(city)))
    for count in (3, 5):
        monkeypatch.setattr(shell, "count_open_work", lambda _user, count=count: {"entry": count})
        assert f'<span class="badge">{count}</span>' in client.get("/account/password/").content.decode()
