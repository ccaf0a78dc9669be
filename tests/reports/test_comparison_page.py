"""The page that compares any two sides: what matches, why it differs, rights, pages, and how much it asks."""

from http import HTTPStatus
from itertools import pairwise

import pytest
from django.utils import timezone

from departments.models import Region
from indicators.engine.period import Quarter
from indicators.engine.target import Gap, Rating
from indicators.models import Attainment, RecomputeRequest, Target
from indicators.models.recompute_request import RequestKind
from qscounty.web.formats import NO_BREAK_SPACE
from qscounty.web.tables import ROWS_A_PAGE
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_figure,
    make_indicator,
    make_programme,
    make_region,
    make_result,
    make_target,
    make_world,
    roll_up,
)
from tests.reports.frame import count_beyond_frame
from tests.reports.publication_world import make_publishing_world

PAGE = "/compare/?programme=changzhi-test&quarter=2018Q3"
WORSE, ALONE, BETTER = "Worse", "On one side only", "Better"


@pytest.fixture
def world(db):
    world = make_world(counties=2)
    fill(world, Q3 - 1, ratings=[Rating.GREEN])
    fill(world, ratings=[Rating.RED, Rating.GREEN])
    roll_up(world.programme)
    return world


def ask(client, user, query="", *, language="en"):
    client.force_login(user)
    return client.get(f"{PAGE}{query}", headers={"accept-language": language})


def compare(client, user, query="", **more):
    answer = ask(client, user, query, **more)
    assert answer.status_code == HTTPStatus.OK, answer.content
    return answer.context["comparison"]


def list_kinds(found):
    return [str(row.kind) for row in found.rows]


def test_without_a_choice_the_whole_programme_is_compared_with_the_quarter_before(client, world):
    found = compare(client, world.leader)
    assert (found.before.page.quarter, found.after.page.quarter) == (Q3 - 1, Q3)
    assert found.before.region is found.after.region is None
    assert found.lede == "15 results: [[8 worse]] and 7 unchanged."
    assert list_kinds(found) == [WORSE] * 8
    places = [row.place for row in found.rows]
    assert {place.partition(" · ")[0] for place in places} == {"Changzhi", "County 1", "County 2"}
    for row in found.rows[:2]:
        assert client.get(row.after.url).status_code == client.get(row.before.url).status_code == HTTPStatus.OK


def test_one_region_is_compared_with_itself_unless_the_address_says_another(client, world):
    found = compare(client, world.leader, "&region=140401")
    assert (found.before.code, found.after.code) == ("140401", "140401")
    assert found.lede == "5 results: [[2 worse]] and 3 unchanged."
    found = compare(client, world.leader, "&with_quarter=2018Q3&region=140401&with_region=140402")
    assert (found.before.code, found.after.code) == ("140402", "140401")
    assert set(list_kinds(found)) == {BETTER, WORSE}


def test_a_region_beside_the_whole_programme_is_matched_by_region(client, world):
    found = compare(client, world.leader, "&region=140401&with_region=")
    assert found.lede.startswith("15 results: [[2 worse]], 3 unchanged and 10 on one side only")
    alone = [row for row in found.rows if str(row.kind) == ALONE]
    assert {row.place.partition(" · ")[0] for row in alone} == {"Changzhi", "County 2"}
    assert all(row.after is None for row in alone)
    assert alone[0].reasons == ["No counterpart in Programme · County 1 · Q3 2018 · Approved.".replace(
        "Programme", world.programme.short_en)]  # fmt: skip


@pytest.mark.parametrize("is_apart", [False, True])
def test_two_programmes_are_matched_by_indicator(client, world, is_apart):
    """Where neither lies within the other, the regions of the programmes themselves stand for each other."""
    place = make_region("1405") if is_apart else world.city
    other = make_programme(place, code="second")
    shared = world.allocations[0].target.indicator
    for indicator in (shared, None):
        target = make_target(other, **({"indicator": indicator} if indicator else {}))
        make_result(make_allocation(target, region=place, department=world.departments[0]), rating=Rating.GREEN)
    roll_up(other)
    found = compare(client, world.auditor, "&with_programme=second&with_quarter=2018Q3")
    kinds = list_kinds(found)
    assert (kinds.count(WORSE), kinds.count(ALONE)) == (1, 15)
    assert found.rows[0].name == shared.name_en
    assert not [reason for reason in found.rows[0].reasons if reason.startswith("new version")]


def test_indicators_of_two_programmes_are_one_where_their_names_are_equal_too(client, world):
    other = make_programme(world.city, code="second")
    name = world.allocations[0].target.indicator.name_zh
    target = make_target(other, indicator=make_indicator(name_zh=f"{name} "))
    make_result(make_allocation(target, region=world.city, department=world.departments[1]), rating=Rating.RED)
    roll_up(other)
    found = compare(client, world.leader, "&with_programme=second&with_quarter=2018Q3")
    assert found.lede == "15 results: 1 unchanged and 14 on one side only."


def test_each_difference_says_what_was_and_what_is(client, world):
    allocation = world.allocations[0]
    make_figure(allocation.series, Q3, revision=1, is_current=False)
    newest = make_figure(allocation.series, Q3, revision=2)
    make_figure(allocation.series, Q3, revision=3, is_current=False)  # after the result was computed
    mine = Attainment.objects.filter(programme=world.programme, allocation=allocation)
    mine.filter(quarter=Q3).update(measured=91.0, level=94.0, expected=94.5, rule_version=2, inputs_revision=newest.pk)
    mine.filter(quarter=Q3 - 1).update(measured=95.0, level=93.0, expected=93.0, rule_version=1)
    row = compare(client, world.leader).rows[0]
    assert [reason.replace(NO_BREAK_SPACE, " ") for reason in row.reasons] == [
        "new figure: 95.0% → 91.0% (Q3 2018, revision 2)",
        "other level: ≥ 93% → ≥ 94%",
        "other expectation: ≥ 93% → ≥ 94.5%",
        "new rule: 1 → 2",
    ]
    row = compare(client, world.leader, language="zh-hans").rows[0]
    assert row.reasons[0] == "填报值变化：95.0% → 91.0%（2018年三季度，修订号 2）"


def test_a_new_version_of_a_target_is_the_same_target(client, world):
    old = world.allocations[0].target
    new = Target.objects.get(pk=old.pk)
    new.pk, new.version = None, 2
    new.save()
    Attainment.objects.filter(programme=world.programme, quarter=Q3, target=old).update(target=new)
    found = compare(client, world.leader)
    assert found.lede == "15 results: [[8 worse]], 1 with the same rating on other numbers and 6 unchanged."
    assert found.rows[0].reasons[-1] == "new version of the target: 1 → 2"


def test_an_edition_is_compared_with_what_stands_now(client, db):
    made = make_publishing_world()
    made.publish()
    allocation = made.world.allocations[0]
    figure = make_figure(allocation.series, revision=2, is_current=False)
    made.correct(measured=90.0, inputs_revision=figure.pk)
    query = "&with_quarter=2018Q3&with_basis=publication-1"
    found = compare(client, made.asker, query)
    assert (found.before.page.basis, found.after.page.basis) == ("publication-1", "approved")
    assert found.lede == "15 results: [[1 worse]] and 14 unchanged."
    (row,) = found.rows
    assert row.reasons[0].startswith("new figure: 94.9% → 90.0% (Q3 2018, revision 2)")
    assert "basis=publication-1" in row.before.url
    assert "basis=approved" in row.after.url
    turned = compare(client, made.asker, "&basis=publication-1&with_quarter=2018Q3&with_basis=approved")
    assert turned.lede == "15 results: 1 better and 14 unchanged."
    assert count_beyond_frame(client, made.asker, PAGE + query) <= 20


def test_results_still_to_be_computed_are_named_provisional_and_never_remembered(client, world):
    assert compare(client, world.leader).after.basis_name == "Approved"
    request = RecomputeRequest.objects.create(
        kind=RequestKind.SCOPE,
        key="one",
        programme=world.programme,
        due_at=timezone.now(),
        requested_at=timezone.now(),
    )
    assert "Approved now, provisional" in ask(client, world.leader).content.decode()
    request.done_version = request.requested_version
    request.save()
    assert "provisional" not in ask(client, world.leader).content.decode()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh-hans", "没有差异：两侧 15 项结果完全一致。"),
        ("en", "Nothing differs: all 15 results stand the same on both sides."),
    ],
)
def test_identical_sides_say_so(client, world, language, sentence):
    answer = ask(client, world.leader, "&with_quarter=2018Q3", language=language)
    assert sentence in answer.content.decode()
    assert answer.context["comparison"].rows == []
    assert answer.context["comparison"].kinds == []


def test_quarters_without_results_say_so(client, world):
    client.force_login(world.leader)
    text = client.get("/compare/?quarter=2016Q2", headers={"accept-language": "en"}).content.decode()
    assert "Neither side has results" in text
    one_sided = compare(client, world.leader, "&with_quarter=2016Q2")
    assert one_sided.lede == "The two sides share no target; none of the results has a counterpart."
    assert list_kinds(one_sided) == [ALONE] * 15


def test_a_programme_without_that_quarter_shows_its_newest(client, world):
    make_programme(world.city, code="old", first_quarter=Quarter.of(2011, 1), last_quarter=Quarter.of(2012, 4))
    found = compare(client, world.leader, "&with_programme=old&with_quarter=2018Q2")
    assert found.before.page.programme.code == "old"


@pytest.mark.parametrize("side", ["", "with_"])
@pytest.mark.parametrize(
    ("choice", "status"),
    [
        pytest.param("programme=foreign", HTTPStatus.NOT_FOUND, id="a programme out of scope"),
        pytest.param("programme=nowhere", HTTPStatus.NOT_FOUND, id="no programme"),
        pytest.param("region=3301", HTTPStatus.NOT_FOUND, id="a region out of scope"),
        pytest.param("region=999999", HTTPStatus.NOT_FOUND, id="no region"),
        pytest.param("region=140403", HTTPStatus.OK, id="a region within, without results"),
        pytest.param("region=140401", HTTPStatus.OK, id="a region within"),
        pytest.param("quarter=abc", HTTPStatus.UNPROCESSABLE_ENTITY, id="no quarter"),
        pytest.param("basis=publication-9", HTTPStatus.UNPROCESSABLE_ENTITY, id="no edition"),
    ],
)
def test_neither_side_may_lie_out_of_scope(client, world, side, choice, status):
    foreign = make_programme(make_region("3301"), code="foreign")
    make_result(make_allocation(make_target(foreign), region=foreign.region, department=world.departments[0]))
    roll_up(foreign)
    make_region("140403")
    given = {"programme": "changzhi-test", "quarter": "2018Q3"} | dict([f"{side}{choice}".split("=")])
    client.force_login(world.leader)
    assert client.get("/compare/", given).status_code == status


def test_strangers_and_the_unknown_see_nothing(client, world):
    assert ask(client, world.stranger).status_code == HTTPStatus.NOT_FOUND
    client.logout()
    assert client.get(PAGE).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize("query", ["", "&region=140401", "&kind=worse", "&with_region=140402&region=140401"])
def test_a_clerk_compares_only_what_their_department_reports(client, world, query):
    foreign = [one.target.indicator.name_en for one in world.allocations_of(world.departments[1])]
    text = ask(client, world.clerk, query).content.decode()
    assert not [name for name in foreign if name in text]
    assert [name for name in foreign if name in ask(client, world.leader, query).content.decode()]


def test_a_clerk_does_not_reach_regions_where_their_department_has_nothing(client, world):
    lonely = Region.objects.get(code="140402")
    Attainment.objects.filter(region=lonely.pk, department=world.departments[0].pk).delete()
    roll_up(world.programme)
    for query in ("&region=140402", "&with_region=140402"):
        assert ask(client, world.clerk, query).status_code == HTTPStatus.NOT_FOUND
        assert ask(client, world.leader, query).status_code == HTTPStatus.OK


def test_what_is_no_quarter_is_refused_with_a_sentence(client, world):
    assert "Quarter: “abc” is not a quarter" in ask(client, world.leader, "&with_quarter=abc").content.decode()


def test_the_form_leads_to_an_address_that_says_everything(client, world):
    form = "&basis=approved&region=140401&for=changzhi-test/2018Q3&with_programme=changzhi-test&with_quarter=2018Q1"
    answer = ask(client, world.leader, f"{form}&with_region=&with_for=changzhi-test/2018Q2&page=2")
    assert answer.status_code == HTTPStatus.FOUND
    assert answer.url == (
        "/compare/?programme=changzhi-test&quarter=2018Q3&basis=approved&region=140401"
        "&with_programme=changzhi-test&with_quarter=2018Q1&with_basis=approved&with_region="
    )
    found = client.get(answer.url).context
    chosen = {
        f.key: [v for v, _text, is_chosen in f.options if is_chosen] for side in found["sides"] for f in side.fields
    }
    assert (chosen["region"], chosen["with_region"]) == (["140401"], [""])
    assert (chosen["quarter"], chosen["with_quarter"]) == (["2018Q3"], ["2018Q1"])
    other_way = client.get(found["swapped"]).context["comparison"]
    assert (other_way.before.name, other_way.after.name) == (
        found["comparison"].after.name, found["comparison"].before.name)  # fmt: skip


def test_a_programme_newly_chosen_in_the_form_shows_its_newest_quarter_as_a_whole(client, world):
    make_programme(world.city, code="old", first_quarter=Quarter.of(2011, 1), last_quarter=Quarter.of(2012, 4))
    client.force_login(world.leader)
    form = {"for": "changzhi-test/2018Q3", "programme": "old", "quarter": "2018Q3", "region": "140401"}
    answer = client.get("/compare/", form | {"basis": "publication-1"}, follow=True)
    found = answer.context["comparison"].after
    assert answer.status_code == HTTPStatus.OK
    assert (found.page.programme.code, found.page.basis, found.region) == ("old", "approved", None)


def test_long_lists_are_cut_into_pages_and_one_kind_can_be_shown(client, world):
    targets = [make_target(world.programme) for _n in range(ROWS_A_PAGE)]
    for target in targets:
        make_result(make_allocation(target, region=world.city, department=world.departments[0]), Q3)
    roll_up(world.programme)
    pages = [compare(client, world.leader, f"&page={number}") for number in (1, 2, 99)]
    assert [len(found.rows) for found in pages] == [ROWS_A_PAGE, 8, 8]
    assert [choice.text for choice in pages[0].kinds] == ["All differences 58", "Worse 8", "On one side only 50"]
    assert "page=2" in ask(client, world.leader).content.decode()
    for choice, count in zip(pages[0].kinds, (50, 8, 50), strict=True):
        assert len(client.get(choice.url).context["comparison"].rows) == count
    assert [choice.is_current for choice in compare(client, world.leader, "&kind=worse").kinds] == [False, True, False]
    assert len(compare(client, world.leader, "&kind=unknown").rows) == ROWS_A_PAGE


def test_rows_stand_by_kind_then_region_then_target(client, world):
    found = compare(client, world.leader, "&with_region=140401&region=")
    keys = [(str(row.kind) != WORSE, row.place.partition(" · ")[0]) for row in found.rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("query", ["", "&region=140401", "&with_programme=second"])
def test_queries_do_not_grow(client, world, query):
    second = make_programme(world.city, code="second")
    make_result(make_allocation(make_target(second), region=world.city, department=world.departments[0]))
    roll_up(second)
    before = count_beyond_frame(client, world.leader, PAGE + query)
    for lag in (0, 1):
        for _n in range(4):
            target = make_target(world.programme)
            make_result(make_allocation(target, region=world.counties[0], department=world.departments[0]), Q3 - lag)
    roll_up(world.programme)
    assert count_beyond_frame(client, world.leader, PAGE + query) == before <= 21


def test_missing_figures_come_and_go(client, world):
    mine = Attainment.objects.filter(programme=world.programme, allocation=world.allocations[0])
    silent = {"rating": Rating.GREY.value, "gap": Gap.NOT_REPORTED.value, "measured": None, "ratio": None}
    mine.filter(quarter=Q3).update(**silent)
    query = "&region=1404"
    told = [compare(client, world.leader, f"{query}&kind=turned").rows[0].reasons]
    told.append(
        compare(client, world.leader, f"&quarter=2018Q2&with_quarter=2018Q3{query}&kind=turned").rows[0].reasons
    )
    assert [reasons[0] for reasons in told] == ["no longer reported", "now reported"]
    assert all(one != other for one, other in pairwise(told))
