"""The search: what fits a question, in which order, within what the person may see."""

from http import HTTPStatus

import pytest
from django.utils import translation

from departments.models import Membership
from departments.roles import Role
from indicators.domains import Domain
from reports.search import LONGEST, SHOWN, SHOWN_OF_ONE, Entry, Hit, rank_entry, search
from reports.search_words import write_search
from tests.builders import (
    Q3,
    fill,
    make_allocation,
    make_clause,
    make_department,
    make_indicator,
    make_programme,
    make_region,
    make_result,
    make_target,
    make_user,
    make_world,
    roll_up,
)
from tests.reports.frame import count_beyond_frame

STATE = "programme=changzhi-test&quarter=2018Q3"
PINNED = 7


def entry(name, *texts, english=""):
    return Entry(lambda: Hit(name, "", "/"), (name, english) if english else (name,), tuple(texts))


AIR = entry("空气质量优良天数", "好于二级标准的天数", english="Days with good air")


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        pytest.param(["空气质量优良天数"], 0, id="the name itself"),
        pytest.param(["空气"], 1, id="its beginning"),
        pytest.param(["kqzl"], 2, id="its first initials"),
        pytest.param(["优良"], 3, id="a part"),
        pytest.param(["yl"], 4, id="initials within"),
        pytest.param(["good"], 3, id="the English name"),
        pytest.param(["二级"], 5, id="the definition"),
        pytest.param(["空气", "优良"], 4, id="several words add up"),
        pytest.param(["空气", "水"], None, id="every word must fit"),
        pytest.param(["ejbz"], None, id="definitions are not searched by initials"),
        pytest.param([], None, id="no word"),
    ],
)
def test_an_entry_is_as_far_as_its_worst_fit(words, rank):
    assert rank_entry(AIR, words) == rank


def test_the_nearest_come_first_and_then_the_order_of_the_document():
    entries = [entry("城市空气"), entry("空气质量"), entry("空气"), entry("水"), entry("空气湿度")]
    (group,) = search([("targets", "目标", entries), ("clauses", "条款", [entry("水")])], "空气")
    assert [hit.title for hit in group.hits] == ["空气", "空气质量", "空气湿度", "城市空气"]


def test_many_hits_are_counted_and_cut():
    kinds = [("targets", "目标", [entry(f"空气{n}") for n in range(SHOWN + 5)])]
    (group,) = search(kinds, "空气", more_url="/search/?within=one")
    assert (len(group.hits), group.more, group.count) == (SHOWN, 5, SHOWN + 5)
    assert group.more_url == "/search/?within=one#targets"
    (whole,) = search(kinds, "空气", shown=SHOWN_OF_ONE, more_url="/search/?within=one")
    assert (len(whole.hits), whole.more, whole.more_url) == (SHOWN + 5, 0, "")


def test_only_what_is_shown_is_written():
    asked = []
    entries = [Entry(lambda n=n: asked.append(n), (f"空气{n}",)) for n in range(SHOWN + 5)]
    search([("targets", "目标", entries)], "空气")
    assert asked == list(range(SHOWN))


@pytest.mark.parametrize(
    ("question", "counts", "chinese", "english"),
    [
        pytest.param(
            "",
            {},
            "可按关键词或拼音首字母搜索目标、条款、区域和部门。",
            "Search targets, clauses, regions and departments by words or pinyin initials.",
            id="no question",
        ),
        pytest.param(
            "水",
            {},
            "本方案中没有与“水”相符的内容。",
            "Nothing fits “水” in this programme.",
            id="none",
        ),
        pytest.param(
            "水",
            {"Targets": 1},
            "与“水”相符的共 1 条：Targets 1 条。",
            "1 hit for “水”: 1 in targets.",
            id="one",
        ),
        pytest.param(
            "水",
            {"Targets": 4, "Clauses": 2, "Regions": 1},
            "与“水”相符的共 7 条：Targets 4 条、Clauses 2 条和Regions 1 条。",
            "7 hits for “水”: 4 in targets, 2 in clauses and 1 in regions.",
            id="many of several kinds",
        ),
    ],
)
def test_the_sentence_says_how_many_of_what(question, counts, chinese, english):
    found = [("长治", counts)] if counts else []
    with translation.override("zh-hans"):
        assert write_search(question, found, is_narrow=True) == chinese
    with translation.override("en"):
        assert write_search(question, found, is_narrow=True) == english


@pytest.mark.parametrize(
    ("counts", "chinese", "english"),
    [
        pytest.param(
            [],
            "您可查看的各方案中都没有与“水”相符的内容。",
            "Nothing fits “水” in any programme that you may see.",
            id="none",
        ),
        pytest.param(
            [("Changzhi", {"Targets": 1})],
            "与“水”相符的共 1 条，见于Changzhi：Targets 1 条。",
            "1 hit for “水” in Changzhi: 1 in targets.",
            id="one",
        ),
        pytest.param(
            [("Changzhi", {"Targets": 4, "Clauses": 2}), ("Hangzhou", {"Targets": 1})],
            "与“水”相符的共 7 条，见于 2 个方案：Targets 5 条和Clauses 2 条。",
            "7 hits for “水” in 2 programmes: 5 in targets and 2 in clauses.",
            id="many in several programmes add up by kind",
        ),
    ],
)
def test_of_every_programme_the_sentence_says_in_how_many(counts, chinese, english):
    with translation.override("zh-hans"):
        assert write_search("水", counts, is_narrow=False) == chinese
    with translation.override("en"):
        assert write_search("水", counts, is_narrow=False) == english


@pytest.fixture
def world(db):
    world = make_world(counties=2)
    fill(world)
    roll_up(world.programme)
    return world


def ask(client, user, question, **extra):
    client.force_login(user)
    language = extra.pop("language", "en")
    return client.get(f"/search/?{STATE}&q={question}", headers={"accept-language": language}, **extra)


def groups_of(answer):
    return [group for section in answer.context["found"].sections for group in section.groups]


def titles(answer):
    return {group.title: [hit.title for hit in group.hits] for group in groups_of(answer)}


def sections(answer):
    return {
        s.code: {g.title: [hit.title for hit in g.hits] for g in s.groups} for s in answer.context["found"].sections
    }


def test_every_kind_is_found_and_leads_to_its_page(client, world):
    target = world.allocations[0].target
    found = {
        target.indicator.name_en: f"/targets/{world.allocations[0].pk}/",
        "County 1": "/regions/140401/",
        "Bureau 2": "/departments/1404/d2/",
        target.clause.title_en: f"/programme/?{STATE}&basis=approved#clause-{target.clause_id}",
    }
    for question, address in found.items():
        hits = [hit.url for group in groups_of(ask(client, world.leader, question)) for hit in group.hits]
        assert any(url.startswith(address) for url in hits), question
        for url in hits:
            assert client.get(url).status_code == HTTPStatus.OK


def test_initials_and_characters_find_the_same(client, world):
    assert titles(ask(client, world.leader, "czs"))["Regions"] == ["Changzhi"]
    assert titles(ask(client, world.leader, "长治"))["Regions"] == ["Changzhi"]
    assert titles(ask(client, world.leader, "1404"))["Regions"] == ["Changzhi", "County 1", "County 2"]


def test_a_clerk_finds_nothing_of_other_departments(client, world):
    mine, other = world.departments
    foreign = world.allocations_of(other)[0].target
    assert "Bureau 2" not in str(titles(ask(client, world.clerk, "Bureau")))
    assert titles(ask(client, world.clerk, foreign.indicator.name_en)) == {}
    assert titles(ask(client, world.clerk, foreign.clause.gist_en)) == {}
    assert titles(ask(client, world.clerk, "Bureau")) == {"Departments": [mine.name]}


def test_out_of_scope_the_search_does_not_exist(client, world):
    assert ask(client, world.stranger, "x").status_code == HTTPStatus.NOT_FOUND
    assert ask(client, make_user(Role.SYSTEM_ADMINISTRATOR), "x").status_code == HTTPStatus.NOT_FOUND
    assert client.post("/search/").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_nobody_searches_without_log_in(client):
    assert client.get("/search/?q=x").status_code == HTTPStatus.FOUND


def test_the_field_stands_in_the_header_of_whoever_sees_results(client, world):
    assert 'role="search"' in ask(client, world.leader, "").content.decode()
    client.force_login(make_user(Role.SYSTEM_ADMINISTRATOR))
    assert 'role="search"' not in client.get("/account/password/").content.decode()


def test_the_field_keeps_the_question_and_the_quarter(client, world):
    text = ask(client, world.leader, "空气").content.decode()
    assert 'value="空气"' in text
    assert '<input type="hidden" name="quarter" value="2018Q3">' in text


@pytest.fixture
def second(world):
    """Return a second programme of the city: a target of the first department and one of the other, of 2018Q2 alone."""
    programme = make_programme(world.city, code="second", short_en="Second plan", short_zh="第二方案")
    for lead, name in zip(world.departments, ("Clean water", "Water pipes"), strict=True):
        indicator = make_indicator(name_en=name, name_zh="水质", domain=Domain.ENVIRONMENT)
        target = make_target(programme, lead=lead, indicator=indicator, quote=f"quote of {name}")
        make_result(make_allocation(target, department=lead), Q3 - 1)
    roll_up(programme)
    return programme


def test_every_programme_is_searched_the_pages_own_first(client, world, second):
    found = sections(ask(client, world.leader, "Changzhi"))
    assert list(found) == ["changzhi-test", "second"]
    assert found["second"] == {"Regions": ["Changzhi"]}
    turned = client.get("/search/?programme=second&q=Changzhi", headers={"accept-language": "en"})
    assert list(sections(turned)) == ["second", "changzhi-test"]


def test_links_turn_the_programme_and_keep_the_rest(client, world, second):
    answer = ask(client, world.leader, "water")
    (section,) = answer.context["found"].sections
    assert section.quarter == "Q2 2018"  # of the page's own quarter the programme has no results
    for hit in section.groups[0].hits:
        assert hit.url.endswith("?programme=second&quarter=2018Q2&basis=approved")
        assert client.get(hit.url).status_code == HTTPStatus.OK
    make_result(make_allocation(make_target(second), department=world.departments[0]))
    roll_up(second)
    (section,) = ask(client, world.leader, "water").context["found"].sections
    assert section.quarter == ""
    assert "quarter=2018Q3" in section.groups[0].hits[0].url


def test_more_leads_to_all_of_that_programme(client, world, second):
    for number in range(SHOWN + 2):
        make_clause(second, title_en=f"Common clause {number}")
    answer = ask(client, world.leader, "common")
    (group,) = groups_of(answer)
    assert (len(group.hits), group.more) == (SHOWN, 2)
    assert "2 more in this programme" in answer.content.decode()
    narrow = client.get(group.more_url, headers={"accept-language": "en"})
    assert len(groups_of(narrow)[0].hits) == SHOWN + 2
    assert 'id="clauses"' in narrow.content.decode()
    wider = narrow.context["found"].wider_url
    assert list(sections(client.get(wider))) == ["second"]
    assert titles(client.get(f"/search/?{STATE}&q=common&within=one")) == {}


def test_whoever_sees_one_programme_is_not_sent_to_others(client, world):
    found = ask(client, world.leader, "County").context["found"]
    assert found.wider_url == ""
    assert [group.more_url for section in found.sections for group in section.groups] == [""]


def test_in_other_programmes_too_a_clerk_finds_the_own_department_alone(client, world, second):
    stranger = make_programme(make_region("3301"), code="elsewhere")
    make_target(stranger, lead=make_department(make_region("3301")))
    make_clause(stranger, title_en="Water elsewhere")
    assert sections(ask(client, world.leader, "water")) == {"second": {"Targets": ["Water pipes", "Clean water"]}}
    assert sections(ask(client, world.clerk, "water")) == {"second": {"Targets": ["Clean water"]}}
    assert sections(ask(client, world.clerk, "pipes")) == {}
    other = second.targets.get(quote="quote of Water pipes").clause
    assert sections(ask(client, world.leader, other.gist_en))["second"] == {"Clauses": [str_of(other)]}
    assert sections(ask(client, world.clerk, other.gist_en)) == {}
    assert sections(ask(client, world.clerk, "Bureau"))["second"] == {"Departments": [world.departments[0].name_en]}


def str_of(clause):
    return f"{clause.number} {clause.title_en}"


def test_programmes_of_a_clerk_and_of_a_region_meet(client, world, second):
    away = make_region("330102")
    office = make_department(away, name_zh="杭州办公室")
    Membership.objects.create(user=world.clerk, role=Role.LEADER, region=away)
    make_clause(make_programme(away, code="whole", office=office), title_en="Water of all")
    found = sections(ask(client, world.clerk, "water"))
    assert list(found) == ["second", "whole"]
    assert found["second"] == {"Targets": ["Clean water"]}
    turned = sections(client.get("/search/?programme=whole&q=water"))
    assert list(turned) == ["whole", "second"]
    assert len(turned["second"]["Targets" if "Targets" in turned["second"] else "目标"]) == 1


def test_a_question_is_text_and_of_bounded_length(client, world):
    text = ask(client, world.leader, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text
    assert len(ask(client, world.leader, "a" * 500).context["found"].question) == LONGEST


def test_queries_are_pinned_and_grow_neither_with_hits_nor_with_programmes(client, world, second):
    assert count_beyond_frame(client, world.leader, f"/search/?{STATE}&q=a") == PINNED
    assert count_beyond_frame(client, world.clerk, f"/search/?{STATE}&q=a") == PINNED
    assert count_beyond_frame(client, world.leader, f"/search/?{STATE}&q=a&within=one") == PINNED - 1
    for number in range(30):
        make_clause(world.programme, title_en=f"a {number}")
        make_region(f"1404{number + 10}")
    for number in range(3):
        more = make_programme(world.city, code=f"more-{number}")
        make_result(make_allocation(make_target(more), department=world.departments[0]))
        roll_up(more)
    assert count_beyond_frame(client, world.leader, f"/search/?{STATE}&q=a") == PINNED
    assert count_beyond_frame(client, world.clerk, f"/search/?{STATE}&q=a") == PINNED


def test_a_target_of_many_regions_is_found_once_in_the_highest(client, world):
    name = world.allocations[0].target.indicator.name_en
    (group,) = groups_of(ask(client, world.leader, name))
    assert [hit.title for hit in group.hits].count(name) == 1
    assert group.hits[0].url.startswith(f"/targets/{world.allocations[0].pk}/")
