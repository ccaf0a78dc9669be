"""The page of a programme: sentences without a target, versions, the way to the cascade, and all that of an edition."""

from http import HTTPStatus

import pytest

from departments.models import Department
from departments.roles import Role
from indicators.models import Clause, LeftOut, Programme, RewardRule, Target
from tests.builders import make_clause, make_programme, make_user, make_world
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db
STATE = "?programme=changzhi-test&quarter=2018Q3"
QUOTE, REASON = "鼓励企业争创名牌", "没有数字。"


def read(client, user, query=STATE, language="zh-hans"):
    client.force_login(user)
    answer = client.get(f"/programme/{query}", headers={"accept-language": language})
    assert answer.status_code == HTTPStatus.OK
    return answer.content.decode()


def leave_out(world, **fields):
    clause = world.programme.clauses.first()
    given = {"quote": QUOTE, "reason_zh": REASON, "reason_en": "Without a number.", "position": 1}
    return LeftOut.objects.create(programme=world.programme, clause=clause, **(given | fields))


def test_a_sentence_stands_with_its_clause_and_its_reason_in_the_language_of_the_page(client):
    world = make_world(counties=1)
    sentence = leave_out(world)
    text = read(client, world.leader)
    part = text.partition('id="left-out"')[2].partition("</section>")[0]
    assert all(words in part for words in (QUOTE, REASON, f'href="#clause-{sentence.clause_id}"'))
    assert "Without a number." in read(client, world.leader, language="en")


def test_without_such_sentences_there_is_no_such_part(client):
    world = make_world(counties=1)
    text = read(client, world.leader)
    assert "left-out" not in text
    assert "/cascade/" in text.partition("<main")[2]


def test_the_page_shows_the_sentences_of_its_own_programme_only(client):
    world = make_world(counties=1)
    other = make_programme(world.city, code="another")
    LeftOut.objects.create(
        programme=other, clause=make_clause(other), quote="别的方案的话", reason_zh="理", reason_en="r", position=1
    )
    leave_out(world)
    text = read(client, world.leader)
    assert QUOTE in text
    assert "别的方案的话" not in text


def test_a_later_version_is_marked(client):
    world = make_world(counties=1)
    assert "第 2 版" not in read(client, world.leader)
    Target.objects.filter(pk=world.allocations[0].target_id).update(version=2)
    assert "第 2 版" in read(client, world.leader)


def test_an_edition_keeps_the_sentences_that_it_was_published_with(client):
    city = make_publishing_world()
    row = leave_out(city.world)
    edition = city.publish()
    LeftOut.objects.filter(pk=row.pk).update(quote="改过的话", reason_zh="改过的理由。")
    frozen = read(client, city.world.leader, f"{STATE}&basis=publication-{edition.edition}")
    assert QUOTE in frozen
    assert "改过的话" not in frozen
    assert "改过的话" in read(client, city.world.leader)


def test_an_edition_keeps_every_text_of_its_programme(client):
    city = make_publishing_world()
    world = city.world
    target, clause = world.allocations[0].target, world.allocations[0].target.clause
    rule = {"code": "r", "award_zh": "旧奖", "award_en": "old", "amount": 10_000, "quote": "奖1万元", "position": 1}
    RewardRule.objects.create(programme=world.programme, clause=clause, **rule)
    before = read(client, world.leader)
    edition = city.publish()
    Clause.objects.filter(pk=clause.pk).update(title_zh="改过的条款")
    Target.objects.filter(pk=target.pk).update(quote="改过的用语", level="77.77")
    Department.objects.update(short_zh="改名局")
    Programme.objects.filter(pk=world.programme.pk).update(
        document_number="新1号", doubts={"zh": ["新的疑问"], "en": []}
    )
    RewardRule.objects.update(award_zh="新奖")
    frozen = read(client, world.leader, f"{STATE}&basis=publication-{edition.edition}")
    changed = ("改过的条款", "改过的用语", "77.77", "改名局", "新1号", "新的疑问", "新奖")
    main = frozen.partition("<h1")[2].partition("</main>")[0]
    assert not [words for words in changed if words in main]
    assert main.count('class="group"') == before.count('class="group"') > 0
    assert "旧奖" in main
    now = read(client, world.leader).partition("<h1")[2]
    assert all(words in now for words in changed)


def test_a_clerk_sees_the_lines_of_the_own_department_alone_in_an_edition_too(client):
    city = make_publishing_world()
    world, edition = city.world, city.publish()
    foreign = world.allocations_of(world.departments[1])[0].target.indicator.name_zh
    for query in (STATE, f"{STATE}&basis=publication-{edition.edition}"):
        assert foreign in read(client, world.leader, query)
        assert foreign not in read(client, world.clerk, query)


def test_whoever_does_not_see_the_programme_sees_no_sentence(client):
    world = make_world(counties=1)
    leave_out(world)
    for user in (world.stranger, make_user(Role.SYSTEM_ADMINISTRATOR)):
        client.force_login(user)
        assert client.get(f"/programme/{STATE}").status_code == HTTPStatus.NOT_FOUND
