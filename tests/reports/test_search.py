"""The search: what fits a question, in which order, within what the person may see."""

from http import HTTPStatus

import pytest
from django.utils import translation

from departments.roles import Role
from reports.search import LONGEST, SHOWN, Entry, rank_entry, search, write_search
from tests.builders import fill, make_clause, make_programme, make_region, make_user, make_world, roll_up
from tests.reports.frame import count_beyond_frame

STATE = "programme=changzhi-test&quarter=2018Q3"
PINNED = 5


def entry(name, *texts, english=""):
    return Entry(name, "", "/", (name, english) if english else (name,), tuple(texts))


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
    (group,) = search([("目标", entries), ("条款", [entry("水")])], "空气")
    assert [hit.title for hit in group.entries] == ["空气", "空气质量", "空气湿度", "城市空气"]


def test_many_hits_are_counted_and_cut():
    (group,) = search([("目标", [entry(f"空气{n}") for n in range(SHOWN + 5)])], "空气")
    assert (len(group.entries), group.more, group.count) == (SHOWN, 5, SHOWN + 5)


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
    with translation.override("zh-hans"):
        assert write_search(question, counts) == chinese
    with translation.override("en"):
        assert write_search(question, counts) == english


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


def titles(answer):
    return {group.title: [hit.title for hit in group.entries] for group in answer.context["found"].groups}


def test_every_kind_is_found_and_leads_to_its_page(client, world):
    target = world.allocations[0].target
    found = {
        target.indicator.name_en: f"/targets/{world.allocations[0].pk}/",
        "County 1": "/regions/140401/",
        "Bureau 2": "/departments/1404/d2/",
        target.clause.title_en: f"/programme/?{STATE}&basis=approved#clause-{target.clause_id}",
    }
    for question, address in found.items():
        hits = [
            hit.url for group in ask(client, world.leader, question).context["found"].groups for hit in group.entries
        ]
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


def test_other_programmes_offer_the_same_search(client, world):
    other = make_programme(world.city, code="second", short_en="Second plan")
    ((name, url),) = ask(client, world.leader, "air").context["found"].elsewhere
    assert name == other.short_name
    assert client.get(url).status_code == HTTPStatus.OK
    assert ask(client, world.leader, "").context["found"].elsewhere == []


def test_a_question_is_text_and_of_bounded_length(client, world):
    text = ask(client, world.leader, "<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text
    assert len(ask(client, world.leader, "a" * 500).context["found"].question) == LONGEST


def test_queries_are_pinned_and_do_not_grow_with_the_hits(client, world):
    assert count_beyond_frame(client, world.leader, f"/search/?{STATE}&q=a") == PINNED
    for number in range(30):
        make_clause(world.programme, title_en=f"a {number}")
        make_region(f"1404{number + 10}")
    assert count_beyond_frame(client, world.leader, f"/search/?{STATE}&q=a") == PINNED


def test_a_target_of_many_regions_is_found_once_in_the_highest(client, world):
    name = world.allocations[0].target.indicator.name_en
    (group,) = ask(client, world.leader, name).context["found"].groups
    assert [hit.title for hit in group.entries].count(name) == 1
    assert group.entries[0].url.startswith(f"/targets/{world.allocations[0].pk}/")
