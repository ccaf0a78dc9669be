"""Every saved version of a bulletin is kept and shown; a draft is discarded with a reason, and stays as it was."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils.translation import override

from departments.errors import Invalid, NotAllowed, Stale
from departments.models import AuditEntry
from departments.roles import Role
from reports.actions.bulletins import discard_bulletin
from reports.actions.export_jobs import ask_for_export, path_of
from reports.bulletin_versions import find_changed, name_changed
from reports.bulletins import words
from reports.exports.jobs import process_due_exports
from reports.models import Bulletin, BulletinVersion, ExportKind
from tests.builders import Q3, make_user
from tests.reports.publication_world import make_publishing_world
from tests.reports.test_bulletins import ENGLISH, STATE, edit, issue, start, text_of

OK, FOUND, FORBIDDEN, MISSING, CONFLICT, INVALID = 200, 302, 403, 404, 409, 422


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def city(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_publishing_world()


def discard(bulletin, by, **changes):
    given = {"version": bulletin.version, "reason": "数据有误，重写。"}
    return discard_bulletin(bulletin=bulletin, by=by, **(given | changes))


# ----------------------------------------------------------------------------- without a database


def version(title="标题", **texts):
    return BulletinVersion(title=title, sections=[{"key": key, "text": text} for key, text in texts.items()])


@pytest.mark.parametrize(
    ("before", "after", "keys", "named"),
    [
        (None, version(overall="一"), [], "Written from the results"),
        (version(overall="一"), version(overall="一"), [], ""),
        (version(overall="一"), version(overall="二"), ["overall"], "总体情况"),
        (version("旧", overall="一"), version("新", overall="一"), [], "Title"),
        (version("旧", opening="一"), version("新", opening="二"), ["opening"], "Title · Opening"),
        (version(), version(overall="一"), ["overall"], "总体情况"),
    ],
)  # fmt: skip
def test_a_version_says_what_it_changed(before, after, keys, named):
    assert find_changed(after, before) == keys
    found = name_changed(after, before)
    assert found == named or (named == "总体情况" and found == words.HEADINGS["overall"])


# ----------------------------------------------------------------------------- what is kept


def test_every_save_is_a_version_and_nothing_else_is(city):
    bulletin = edit(start(city), city.publisher, texts={words.RANKING: "甲"})
    edit(bulletin, city.asker)  # nothing changed: no version
    bulletin = edit(bulletin, city.asker, texts={words.RANKING: "乙"}, title="新标题")
    kept = list(BulletinVersion.objects.order_by("version"))
    assert [(one.version, one.edited_by) for one in kept] == [(1, city.asker), (2, city.publisher), (3, city.asker)]
    assert [text_of(one, words.RANKING) for one in kept[1:]] == ["甲", "乙"]
    assert (kept[-1].title, kept[-1].sections) == (bulletin.title, bulletin.sections)
    issue(bulletin, city.publisher)
    assert BulletinVersion.objects.count() == 3  # issuing writes nothing anew


@pytest.mark.parametrize("statement", ["UPDATE {} SET title = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_keeps_versions_as_they_were(city, statement):
    start(city)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement.format('reports_bulletinversion')}")
    assert BulletinVersion.objects.get().title != "x"


def test_a_refused_save_keeps_no_version(city):
    bulletin = start(city)
    with pytest.raises(Invalid):
        edit(bulletin, city.asker, title=" ")
    with pytest.raises(Stale):
        edit(bulletin, city.asker, version=7, title="x")
    assert BulletinVersion.objects.count() == 1


# ----------------------------------------------------------------------------- discarding


def test_a_discarded_draft_makes_room_for_another_and_stays_as_it_was(city):
    gone = discard(start(city), city.publisher)
    assert (gone.is_draft, gone.is_discarded, gone.is_issued) == (False, True, False)
    entry = AuditEntry.objects.get(event="bulletin_discarded")
    assert (entry.by, entry.reason) == (city.publisher, "数据有误，重写。")
    for act in (lambda: edit(gone, city.asker, title="x"), lambda: discard(gone, city.asker)):
        with pytest.raises(Stale, match="discarded meanwhile"):
            act()
    with pytest.raises(Stale, match="changed while you were looking"):
        issue(gone, city.publisher)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Bulletin.objects.filter(pk=gone.pk).update(title="x")
    start(city)
    with pytest.raises(Stale, match="has a draft already"):  # the control: one that is not discarded is in the way
        start(city)
    assert Bulletin.objects.count() == 2


REFUSED = [
    ({"reason": ""}, Invalid, "say why"),
    ({"reason": " \x00\n "}, Invalid, "say why"),
    ({"version": 2}, Stale, "changed while you were looking"),
]


@pytest.mark.parametrize(("given", "error", "said"), REFUSED)
def test_a_draft_is_discarded_as_it_was_seen_and_with_a_reason(city, given, error, said):
    bulletin = start(city)
    with pytest.raises(error, match=said):
        discard(bulletin, city.asker, **given)
    assert Bulletin.objects.get().is_draft


def test_what_is_issued_is_not_discarded(city):
    bulletin = issue(start(city), city.publisher)
    with pytest.raises(Stale, match="was issued meanwhile"):
        discard(bulletin, city.asker)


@pytest.mark.parametrize(
    "change",
    [
        {"discard_reason": "x"},
        {"discard_reason": "", "discarded_at": "2026-01-01T00:00Z"},
        {"discarded_at": "2026-01-01T00:00Z", "discard_reason": "x"},
    ],
)
def test_the_database_refuses_half_a_discard(city, change):
    bulletin = start(city)
    with pytest.raises(IntegrityError, match="bulletin_discarded_with_reason"), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(**change)


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.LEADER])
def test_nobody_but_the_office_discards(city, role):
    other = make_user(role, at=city.world.departments[0] if role is not Role.LEADER else city.world.city)
    bulletin = start(city)
    with pytest.raises(NotAllowed):
        discard(bulletin, other)
    discard(bulletin, city.asker)  # the control


def test_the_word_file_of_a_draft_is_never_of_a_discarded_one(city):
    discard(start(city), city.asker)
    job = ask_for_export(programme=city.programme, quarter=Q3, by=city.asker, kind=ExportKind.BULLETIN)
    assert process_due_exports() == 0
    job.refresh_from_db()
    assert "本季度尚无通报" in job.error
    assert not path_of(job).exists()


# ----------------------------------------------------------------------------- the pages


def read(client, user, path=""):
    client.force_login(user)
    return client.get(f"/bulletins/{path}{STATE}", headers=ENGLISH)


def send(client, user, path, **data):
    client.force_login(user)
    return client.post(f"/bulletins/{path}{STATE}", {"key": uuid4()} | data, headers=ENGLISH)


def test_the_page_lists_the_versions_and_each_can_be_read(client, city):
    bulletin = edit(start(city), city.publisher, texts={words.RANKING: "第二版的文字"})
    rows = read(client, city.asker, f"{bulletin.pk}/").context["shown"].versions
    assert [(row.number, row.is_newest, row.changed) for row in rows] == [
        (2, True, words.HEADINGS[words.RANKING]),
        (1, False, "Written from the results"),
    ]
    old, new = (read(client, city.asker, f"{bulletin.pk}/versions/{n}/").content.decode() for n in (1, 2))
    assert "第二版的文字" not in old
    assert "第二版的文字" in new
    assert ("Changed in this version" in old, "Changed in this version" in new) == (False, True)
    assert read(client, city.asker, f"{bulletin.pk}/versions/3/").status_code == MISSING


def test_readers_see_what_was_issued_and_no_versions(client, city):
    bulletin = start(city)
    leader = make_user(Role.LEADER, at=city.world.city)
    assert read(client, leader, f"{bulletin.pk}/versions/1/").status_code == FORBIDDEN
    issue(bulletin, city.publisher)
    assert read(client, leader, f"{bulletin.pk}/").context["shown"].versions == []
    assert read(client, leader, f"{bulletin.pk}/versions/1/").status_code == FORBIDDEN
    assert len(read(client, city.asker, f"{bulletin.pk}/").context["shown"].versions) == 1  # the control


def test_a_draft_is_discarded_on_its_page_once(client, city):
    bulletin = start(city)
    form = read(client, city.asker, f"{bulletin.pk}/").context["shown"].discard
    sent = {"key": form.initial["key"], "version": 1, "reason": "<b>重写</b>"}
    for _time in range(2):
        assert send(client, city.asker, f"{bulletin.pk}/discard/", **sent).status_code == FOUND
    assert AuditEntry.objects.filter(event="bulletin_discarded").count() == 1
    shown = read(client, city.asker).context["list"]
    assert [row.reason for row in shown.discarded] == ["<b>重写</b>"]
    assert (shown.drafts, shown.start is not None) == ([], True)
    page = read(client, city.asker, f"{bulletin.pk}/").content.decode()
    assert "&lt;b&gt;重写" in page
    assert "Discard this draft" not in page


def test_a_discard_without_reason_is_told_and_stands_in_the_trail(client, city):
    bulletin = start(city)
    assert send(client, city.asker, f"{bulletin.pk}/discard/", version=1).status_code == INVALID
    assert send(client, city.asker, f"{bulletin.pk}/discard/", version=4, reason="x").status_code == CONFLICT
    assert AuditEntry.objects.filter(event="refused").count() == 2
    assert Bulletin.objects.get().is_draft


def test_discarded_drafts_are_not_for_readers(client, city):
    bulletin = discard(start(city), city.asker)
    leader = make_user(Role.LEADER, at=city.world.city)
    assert read(client, leader).context["list"].discarded == []
    assert read(client, leader, f"{bulletin.pk}/").status_code == FORBIDDEN
