"""Every page that reads: who sees it, what it says, and how many queries it takes, however much there is."""

from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from departments.roles import Role
from indicators.engine.target import Flag, Gap, Rating
from indicators.models import Origin
from indicators.models.attainment import Attainment
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_department,
    make_figure,
    make_programme,
    make_region,
    make_result,
    make_target,
    make_user,
    make_world,
    roll_up,
)

pytestmark = pytest.mark.django_db

MIXED = [Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREEN, Rating.GREY]
STATE = "?programme=changzhi-test&quarter=2018Q3"

# Address -> queries of a signed-in leader; one of them reads the quarter's editions for the header,
# one more sums up the stamp under which the page would be remembered.
# A number that moves is a page that got slower or faster: say why.
QUERIES = {
    "/": 16,
    "/regions/": 12,
    "/regions/1404/": 20,
    "/regions/140401/": 20,
    "/domains/": 12,
    "/domains/product/": 17,
    "/departments/": 12,
    "/departments/1404/d1/": 19,
    "/targets/": 17,
    "/programme/": 14,
    "target": 18,
}


@pytest.fixture
def world():
    world = make_world(counties=2)
    fill(world, ratings=MIXED)
    fill(world, Q3 - 1, ratings=[Rating.GREEN])
    make_figure(world.allocations[0].series, explanation="三季度新增抽检。")
    roll_up(world.programme)
    return world


def addresses(world):
    pages = [address for address in QUERIES if address != "target"]
    return [*pages, reverse("reports:target", args=[world.allocations[0].pk])]


def open_page(client, user, address, **extra):
    client.force_login(user)
    return client.get(address, headers={"accept-language": extra.pop("language", "en")}, **extra)


def test_whoever_sees_the_whole_programme_sees_every_page(client, world):
    for user in (world.office, world.leader, world.auditor):
        for address in addresses(world):
            assert open_page(client, user, address + STATE).status_code == HTTPStatus.OK, address


def test_a_trend_is_drawn_only_where_two_quarters_have_a_score(client, world):
    page = open_page(client, world.leader, f"/regions/1404/{STATE}")
    assert page.context["slice"].chart["kind"] == "score"
    assert 'data-chart="chart-data"' in page.content.decode()
    Attainment.objects.filter(quarter=Q3 - 1).update(rating=Rating.GREY.value, gap=Gap.NOT_REPORTED.value, ratio=None)
    roll_up(world.programme)
    cache.clear()
    page = open_page(client, world.leader, f"/regions/1404/{STATE}")
    assert page.context["slice"].chart == {}
    assert "chart-data" not in page.content.decode()
    assert "plotly" not in page.content.decode()


def test_nobody_sees_a_page_without_log_in(client, world):
    for address in addresses(world):
        answer = client.get(address)
        assert answer.status_code == HTTPStatus.FOUND
        assert answer.url.startswith("/login/?next=")


def test_for_a_stranger_the_programme_does_not_exist(client, world):
    other = make_programme(make_region("3301"), code="other")
    for address in addresses(world):
        assert open_page(client, world.stranger, address + STATE).status_code == HTTPStatus.NOT_FOUND, address
    assert open_page(client, world.stranger, f"/?programme={other.code}").status_code == HTTPStatus.OK


def test_administrators_of_the_system_see_no_results(client, world):
    for role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR):
        user = make_user(role)
        for address in addresses(world):
            assert open_page(client, user, address + STATE).status_code == HTTPStatus.NOT_FOUND, address


def test_a_clerk_sees_their_own_department_and_nothing_of_the_others(client, world):
    mine, other = world.departments
    own = world.allocations_of(mine)[0]
    foreign = world.allocations_of(other)[0]
    for address in ("/", "/regions/", "/departments/", "/targets/", f"/departments/1404/{mine.code}/", "/programme/"):
        answer = open_page(client, world.clerk, address + STATE)
        assert answer.status_code == HTTPStatus.OK
        assert other.short_name not in answer.content.decode(), address
        assert foreign.target.indicator.name_en not in answer.content.decode(), address
    assert open_page(client, world.clerk, f"/targets/{own.pk}/").status_code == HTTPStatus.OK
    assert open_page(client, world.clerk, f"/targets/{foreign.pk}/").status_code == HTTPStatus.NOT_FOUND
    assert open_page(client, world.clerk, f"/departments/1404/{other.code}/").status_code == HTTPStatus.NOT_FOUND


def test_a_clerk_counts_only_their_own_results(client, world):
    overview = open_page(client, world.clerk, "/" + STATE).context["overview"]
    own = world.allocations_of(world.departments[0])
    assert overview.cell.total == len(own) == 9


@pytest.mark.parametrize("address", ["/regions/1499/", "/regions/33/", "/domains/nothing/", "/departments/1404/none/"])
def test_what_is_not_there_is_not_found(client, world, address):
    assert open_page(client, world.leader, address + STATE).status_code == HTTPStatus.NOT_FOUND


def test_a_department_that_reports_for_another_programme_is_not_found(client, world):
    idle = make_department(world.city, code="idle")
    assert open_page(client, world.leader, f"/departments/1404/{idle.code}/{STATE}").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("address", ["/", "/targets/", "/regions/1404/"])
@pytest.mark.parametrize("query", ["quarter=abc", "quarter=1999Q1", "basis=x"])
def test_a_choice_that_cannot_be_gets_a_sentence(client, world, address, query):
    answer = open_page(client, world.leader, f"{address}?{query}")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Quarter: " in answer.content.decode() or "Basis: " in answer.content.decode()
    assert "To the overview" in answer.content.decode()


def test_pages_only_read(client, world):
    for address in addresses(world):
        client.force_login(world.leader)
        assert client.post(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED


def count_queries(client, user, address):
    client.force_login(user)
    client.get(address)  # sessions and content types settle
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(queries)


def test_queries_are_pinned(client, world):
    found = {}
    for name in QUERIES:
        address = f"/targets/{world.allocations[0].pk}/" if name == "target" else name
        found[name] = count_queries(client, world.leader, address + STATE)
    assert found == QUERIES


def test_queries_do_not_grow_with_the_data(client, world):
    for number in range(3, 7):
        region = make_region(f"14040{number}")
        lead = make_department(world.city, code=f"more-{number}")
        for _target in range(3):
            target = make_target(world.programme, lead=lead)
            allocation = make_allocation(target, region=region, department=lead)
            for lag in range(4):
                make_result(allocation, Q3 - lag, rating=Rating.RED, flags=Flag.AT_RISK)
                make_figure(allocation.series, Q3 - lag, explanation="原因")
    roll_up(world.programme)
    found = {}
    for name in QUERIES:
        address = f"/targets/{world.allocations[0].pk}/" if name == "target" else name
        found[name] = count_queries(client, world.leader, address + STATE)
    assert found == QUERIES


def test_an_empty_programme_says_what_comes_next(client, world):
    make_programme(world.city, code="empty")
    for address in ("/", "/regions/", "/domains/", "/departments/", "/targets/", "/programme/", "/domains/works/"):
        answer = open_page(client, world.leader, f"{address}?programme=empty")
        assert answer.status_code == HTTPStatus.OK, address
    text = open_page(client, world.leader, "/?programme=empty").content.decode()
    assert "No target is set here for this quarter." in text
    assert "Nothing has been computed for this quarter yet; results follow the first approval." in text


def test_a_target_before_any_result_still_shows_its_clause(client, world):
    allocation = make_allocation(make_target(world.programme), department=world.departments[0])
    text = open_page(client, world.leader, f"/targets/{allocation.pk}/{STATE}").content.decode()
    assert allocation.target.clause.gist_en in text
    assert "Nothing is computed for this quarter yet." in text


def test_zero_is_a_number_and_absence_a_named_dash(client, world):
    target = make_target(world.programme, lead=world.departments[0])
    zero = make_allocation(target, department=world.departments[0])
    make_result(zero, rating=Rating.RED, measured=0.0, ratio=0.0, numerator=0.0)
    gone = make_allocation(target, region=world.counties[0], department=world.departments[0])
    make_result(gone, rating=Rating.GREY, gap=Gap.NOT_REPORTED)
    roll_up(world.programme)
    shown = open_page(client, world.leader, f"/targets/{zero.pk}/{STATE}").context["target"]
    assert (shown.measured, shown.ratio) == ("0.0%", "0.0%")
    shown = open_page(client, world.leader, f"/targets/{gone.pk}/{STATE}").context["target"]
    assert (shown.measured, shown.ratio, str(shown.mark.word)) == ("—", "—", "Not reported")


def test_demonstration_data_is_said_once_and_line_by_line_only_where_mixed(client, world):
    world.programme.attainments.update(is_demonstration=True)
    roll_up(world.programme)
    text = open_page(client, world.leader, "/" + STATE).content.decode()
    assert text.count("Demonstration data") == 1
    world.programme.attainments.filter(rating=Rating.RED.value).update(is_demonstration=False)
    mixed = open_page(client, world.leader, "/" + STATE).content.decode()
    assert mixed.count("Demonstration data") > 1


def test_the_source_of_a_published_figure_is_named(client, world):
    allocation = world.allocations[1]
    figure = make_figure(allocation.series, origin=Origin.PUBLISHED)
    text = open_page(client, world.leader, f"/targets/{allocation.pk}/{STATE}").content.decode()
    assert figure.source.title in text
    assert figure.source.address in text


def test_the_departments_own_words_stand_beside_their_figure(client, world):
    text = open_page(client, world.leader, f"/targets/{world.allocations[0].pk}/{STATE}").content.decode()
    assert "三季度新增抽检。" in text


def test_text_from_people_is_text(client, world):
    allocation = world.allocations[2]
    allocation.target.indicator.name_en = "<script>alert(1)</script>"
    allocation.target.indicator.save()
    make_figure(allocation.series, explanation="<img src=x onerror=alert(1)>")
    for address in ("/", "/targets/", f"/targets/{allocation.pk}/", "/programme/"):
        text = open_page(client, world.leader, address + STATE).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_the_own_row_of_a_city_is_what_its_counties_leave(client, world):
    matrix = open_page(client, world.leader, "/" + STATE).context["overview"].matrix
    assert [row.heading.text for row in matrix.rows] == ["Changzhi itself", "County 1", "County 2"]
    total = sum(row.cells[-1].cell.total for row in matrix.rows)
    assert total == len(world.allocations)


def test_a_programme_without_regions_below_shows_its_departments(client):
    world = make_world(counties=0)
    fill(world, ratings=MIXED)
    roll_up(world.programme)
    overview = open_page(client, world.leader, "/").context["overview"]
    assert [row.heading.text for row in overview.matrix.rows] == ["Bureau 1", "Bureau 2"]
    assert open_page(client, world.leader, "/domains/product/").status_code == HTTPStatus.OK
    assert "2 departments" in open_page(client, world.leader, "/regions/").content.decode()
