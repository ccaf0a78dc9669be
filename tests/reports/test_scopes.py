"""What a page is about: programme, quarter and basis from the address, within what the person may see."""

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation

from departments.errors import Invalid
from departments.models import Membership
from departments.roles import Role
from indicators.engine.period import Quarter
from indicators.engine.target import Rating
from reports.scopes import get_context_or_404
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_department,
    make_programme,
    make_region,
    make_result,
    make_target,
    make_user,
    make_window,
    make_world,
    roll_up,
)

pytestmark = pytest.mark.django_db


def context(user, query="", **options):
    request = RequestFactory().get(f"/?{query}")
    request.user = user
    with translation.override("en"):
        return get_context_or_404(request, **options)


@pytest.fixture
def world():
    world = make_world(counties=1)
    fill(world)
    fill(world, Q3 - 1)
    roll_up(world.programme)
    return world


def test_the_default_is_the_first_programme_and_the_newest_quarter_with_results(world):
    page = context(world.leader)
    assert (page.programme, page.quarter, page.basis) == (world.programme, Q3, "approved")
    assert page.quarters == [Q3 - 1, Q3]
    assert page.state == {"programme": "changzhi-test", "quarter": "2018Q3", "basis": "approved"}


def test_without_results_the_newest_opened_quarter_else_the_first(world):
    empty = make_programme(world.city, code="empty")
    assert context(world.leader, "programme=empty").quarter == empty.first_quarter
    make_window(empty, Quarter.of(2016, 1))
    assert context(world.leader, "programme=empty").quarter == Quarter.of(2016, 1)


def test_a_quarter_in_which_nothing_was_rated_is_no_quarter_with_results(world):
    for allocation in world.allocations:
        make_result(allocation, Q3 + 1, rating=Rating.GREY)
    roll_up(world.programme)
    assert context(world.leader).quarter == Q3


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("quarter=abc", "Quarter: “abc” is not a quarter; write it like 2018Q3, or choose one in the header."),
        ("quarter=2018Q5", "Quarter: “2018Q5” is not a quarter"),
        ("quarter=2031Q1", "Quarter: the programme runs from Q1 2015 to Q4 2020; choose a quarter within."),
        ("basis=guessed", "Basis: “guessed” is not known for this quarter; choose one in the header."),
    ],
)
def test_what_cannot_be_is_refused_with_field_and_remedy(world, query, sentence):
    with pytest.raises(Invalid) as refusal:
        context(world.leader, query)
    assert sentence in str(refusal.value)


def test_a_programme_out_of_scope_does_not_exist(world):
    with pytest.raises(Http404):
        context(world.stranger, "programme=changzhi-test")
    with pytest.raises(Http404):
        context(world.leader, "programme=no-such")
    assert context(world.leader, "programme=changzhi-test").programme == world.programme


def test_who_sees_no_programme_sees_no_page(world):
    with pytest.raises(Http404):
        context(world.stranger)
    with pytest.raises(Http404):
        context(make_user(Role.SECURITY_ADMINISTRATOR))


def test_office_leader_and_auditor_see_every_department_a_clerk_their_own(world):
    for person in (world.office, world.leader, world.auditor):
        assert context(person).department_ids is None
    for person in (world.clerk, world.reviewer):
        page = context(person)
        assert page.department_ids == {world.departments[0].pk}
        assert page.root == world.city


def test_a_department_of_a_county_begins_at_its_county(world):
    county_office = make_department(world.counties[0])
    target = make_target(world.programme)
    make_result(make_allocation(target, region=world.counties[0], department=county_office))
    roll_up(world.programme)
    page = context(make_user(Role.CLERK, at=county_office))
    assert page.root == world.counties[0]
    assert page.quarters == [Q3]


def test_someone_in_departments_of_two_regions_begins_at_the_programme(world):
    one, two = make_department(world.counties[0]), make_department(world.city)
    clerk = make_user(Role.CLERK, at=one)
    Membership.objects.create(user=clerk, role=Role.CLERK, department=two)
    make_allocation(make_target(world.programme), region=world.counties[0], department=one)
    assert context(clerk).root in (world.city, world.counties[0])


def test_a_page_of_one_programme_takes_that_whatever_the_address_says(world):
    other = make_programme(world.city, code="other")
    assert context(world.leader, f"programme={other.code}", programme_code="changzhi-test").programme == world.programme


def test_links_keep_the_state_and_add_to_it(world):
    page = context(world.leader)
    link = page.link("reports:region", "140401", domain="product", quarter=Q3 - 1)
    assert link == "/regions/140401/?programme=changzhi-test&quarter=2018Q2&basis=approved&domain=product"


def test_a_province_sees_the_programmes_below_it(world):
    leader = make_user(Role.LEADER, at=make_region("14"))
    assert context(leader).programme == world.programme
