"""A page in the basis of an edition shows what was published, whatever happened to the live rows since."""

from decimal import Decimal
from http import HTTPStatus

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.engine.target import Rating
from indicators.models import Attainment, Threshold
from indicators.models.rollup import RollUp
from reports.scopes import PageContext
from tests.builders import Q3, make_figure, roll_up
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db

PLACE = "?programme=changzhi-test&quarter=2018Q3"
FIRST = PLACE + "&basis=publication-1"
ENGLISH = {"accept-language": "en"}
PAGES = (
    "/",
    "/regions/",
    "/regions/1404/",
    "/regions/140401/",
    "/domains/",
    "/domains/product/",
    "/departments/",
    "/departments/1404/d1/",
    "/targets/",
    "/matrix/",
    "/league/",
    "target",
)


@pytest.fixture
def city():
    return make_publishing_world()


def address_of(city, name):
    return f"/targets/{city.world.allocations[0].pk}/" if name == "target" else name


def read(client, user, address, query):
    client.force_login(user)
    answer = client.get(address + query, headers=ENGLISH)
    assert answer.status_code == HTTPStatus.OK, address
    return answer


def read_main(client, user, address, query):
    """Return what stands between the header and the end, without what differs between any two answers."""
    text = read(client, user, address, query).content.decode()
    return text.partition("<main")[2].partition('class="print-head"')[2].partition("</p>")[2]


def upset_everything(city):
    """Change whatever an old page could wrongly read: results, roll-ups, figures, words, levels, thresholds."""
    series = city.world.allocations[0].series
    series.approved_figures.update(is_current=False)
    make_figure(series, revision=2, explanation="事后改写的说明。", numerator=Decimal(1), denominator=Decimal(500))
    for allocation in city.world.allocations:
        target, indicator = allocation.target, allocation.target.indicator
        type(target).objects.filter(pk=target.pk).update(level=Decimal(50), quote="改了", weight=Decimal(9), path=5)
        type(indicator).objects.filter(pk=indicator.pk).update(name_en="Renamed since", unit_en="boxes", decimals=0)
        clauses = type(target.clause).objects.filter(pk=target.clause_id)
        clauses.update(number=f"九{target.position}", gist_en="Rewritten since.")
    type(city.world.city).objects.update(name_en="Moved since")
    type(city.world.departments[0]).objects.update(short_en="New bureau", name_en="New bureau since")
    Threshold.objects.create(
        programme=city.programme, kind="green_from_score", valid_from=city.programme.first_quarter, value=1
    )
    Attainment.objects.filter(programme=city.programme).update(
        rating=Rating.RED.value, gap=0, ratio=0.1, measured=1.0, expected=50.0, level=50.0
    )
    roll_up(city.programme)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_an_edition_stays_as_it_was_to_the_byte(client, city, name):
    city.publish()
    before = read_main(client, city.world.leader, address_of(city, name), FIRST)
    upset_everything(city)
    assert read_main(client, city.world.leader, address_of(city, name), FIRST) == before
    assert read_main(client, city.world.leader, address_of(city, name), PLACE) != before  # the control: live rows moved


def test_the_league_of_an_edition_keeps_its_thresholds(client, city):
    """Who is ranked and in which colour goes by score and coverage as they held when it was published."""

    def colours(query):
        return [row.mark.letter for row in read(client, city.world.leader, "/league/", query).context["league"].rows]

    city.publish()
    before = colours(FIRST)
    first = city.programme.first_quarter
    for kind, value in (("green_from_score", 100), ("amber_from_score", 100)):
        Threshold.objects.create(programme=city.programme, kind=kind, valid_from=first, value=value)
    assert colours(FIRST) == before
    assert colours(PLACE) != before  # the control: the page of today goes by today's


def test_an_edition_first_shows_what_the_live_page_showed(client, city):
    live = read(client, city.world.leader, "/", PLACE).context["overview"]
    city.publish()
    frozen = read(client, city.world.leader, "/", FIRST).context["overview"]
    assert (frozen.cell, frozen.lede) == (live.cell, live.lede)
    assert [row.cells[-1].cell for row in frozen.matrix.rows] == [row.cells[-1].cell for row in live.matrix.rows]
    assert [line.reason for line in frozen.lines] == [line.reason for line in live.lines]


def test_a_page_of_an_edition_is_drawn_without_live_results(client, city):
    city.publish()
    counted = read(client, city.world.leader, "/", FIRST).context["overview"].cell
    Attainment.objects.filter(programme=city.programme, quarter__lt=Q3).delete()
    RollUp.objects.filter(programme=city.programme, quarter__lt=Q3).delete()
    with CaptureQueriesContext(connection) as queries:
        assert read(client, city.world.leader, "/", FIRST).context["overview"].cell == counted
    read_live = [q["sql"] for q in queries if 'FROM "indicators_attainment"' in q["sql"]]
    assert read_live == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_an_edition_takes_many_more_queries(client, city, name):
    city.publish()
    counts = []
    for query in (PLACE, FIRST):
        read(client, city.world.leader, address_of(city, name), query)
        with CaptureQueriesContext(connection) as queries:
            read(client, city.world.leader, address_of(city, name), query)
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 2


def test_each_edition_shows_its_own_results(client, city):
    city.publish()
    city.correct(0)
    city.publish()
    city.correct(0, measured=10.0, ratio=0.1, rating=Rating.RED.value)
    told = {
        basis: read(client, city.world.leader, address_of(city, "target"), f"{PLACE}&basis={basis}").context["target"]
        for basis in ("publication-1", "publication-2", "approved")
    }
    assert [page.result.rating for page in told.values()] == [Rating.GREEN, Rating.AMBER, Rating.RED]


def test_the_figures_of_an_edition_are_those_that_were_there(client, city):
    city.publish()
    upset_everything(city)
    page = read(client, city.world.leader, address_of(city, "target"), FIRST).context["target"]
    assert page.explanation == "三季度新增抽检。"
    assert "事后改写的说明。" not in read_main(client, city.world.leader, address_of(city, "target"), FIRST)


def test_the_header_names_the_basis_and_offers_the_others(client, city):
    city.publish()
    city.correct(0)
    city.publish()
    text = read(client, city.world.leader, "/", FIRST).content.decode()
    assert "<b>Publication 1</b>" in text
    for basis in ("approved", "publication-1", "publication-2"):
        assert f"quarter=2018Q3&amp;basis={basis}" in text
    assert "as published in edition 1" in text
    assert "edition 2 was published" in read(client, city.world.leader, "/", PLACE).content.decode()


@pytest.mark.parametrize(
    "basis", ["publication-2", "publication-0", "publication-x", "provisional", "publication-11111"]
)
def test_an_edition_that_is_not_there_gets_a_sentence(client, city, basis):
    city.publish()
    client.force_login(city.world.leader)
    answer = client.get(f"/{PLACE}&basis={basis}", headers=ENGLISH)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "is not known for this quarter" in answer.content.decode()


def test_what_is_only_asked_for_is_no_basis(client, city):
    city.ask()
    client.force_login(city.world.leader)
    assert client.get(f"/{FIRST}").status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_links_to_another_quarter_leave_the_edition(city, client):
    city.publish()
    page: PageContext = read(client, city.world.leader, "/", FIRST).context["page"]
    assert "basis=publication-1" in page.link("reports:overview")
    assert "basis=approved" in page.link("reports:overview", quarter=Q3 - 1)


def test_a_clerk_sees_their_own_department_in_an_edition_too(client, city):
    city.publish()
    mine, other = city.world.departments
    foreign = city.world.allocations_of(other)[0]
    for address in ("/", "/targets/", "/departments/"):
        text = read(client, city.world.clerk, address, FIRST).content.decode()
        assert other.short_name not in text
        assert foreign.target.indicator.name_en not in text
    client.force_login(city.world.clerk)
    assert client.get(f"/targets/{foreign.pk}/{FIRST}").status_code == HTTPStatus.NOT_FOUND
    own = read(client, city.world.clerk, "/", FIRST).context["overview"].cell.total
    assert own == len(city.world.allocations_of(mine))


def test_a_list_of_an_edition_can_be_filtered_searched_and_ordered(client, city):
    city.publish()
    upset_everything(city)
    for query, count in (
        ("&rating=red", 3),
        ("&domain=product", 3),
        ("&region=140401", 5),
        ("&sort=-ratio", 15),
        ("&sort=region", 15),
    ):
        page = read(client, city.world.leader, "/targets/", FIRST + query)
        assert len(page.context["table"].rows) == count, query
