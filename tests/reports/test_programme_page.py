"""The page of a programme: sentences without a target, versions, the way to the cascade, and all that of an edition."""

from http import HTTPStatus

import pytest

from departments.roles import Role
from indicators.models import LeftOut, Target
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


def test_whoever_does_not_see_the_programme_sees_no_sentence(client):
    world = make_world(counties=1)
    leave_out(world)
    for user in (world.stranger, make_user(Role.SYSTEM_ADMINISTRATOR)):
        client.force_login(user)
        assert client.get(f"/programme/{STATE}").status_code == HTTPStatus.NOT_FOUND
