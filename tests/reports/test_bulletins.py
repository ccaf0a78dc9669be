"""Bulletins: drafted from results, saved in versions, issued by a second person, and never changed after that."""

import hashlib
import io
import zipfile
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils.translation import override
from docx import Document

from departments.errors import Invalid, NotAllowed, Stale
from departments.models import AuditEntry, Department, Region
from departments.roles import Role
from reports.actions.bulletins import edit_bulletin, issue_bulletin, record_bulletin_download, start_bulletin
from reports.actions.export_jobs import ask_for_export
from reports.bulletin_page import count_rows, write_list
from reports.bulletins import words
from reports.bulletins.document import write_bulletin
from reports.bulletins.drafting import draft
from reports.bulletins.figures import freeze_figures, make_figures, thaw_figures
from reports.documents.blocks import Chart, Grid, Paragraph, Series
from reports.exports.job_context import make_context
from reports.exports.jobs import process_due_exports
from reports.models import Bulletin, ExportJob, ExportKind
from tests.builders import Q3, make_figure, make_user
from tests.reports.publication_world import make_publishing_world
from tests.reports.test_documents import HOSTILE

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
STATE = "?programme=changzhi-test&quarter=2018Q3"
OK, FOUND, FORBIDDEN, MISSING, CONFLICT, INVALID = 200, 302, 403, 404, 409, 422


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.fixture
def city():
    return make_publishing_world()


def context(city, *, publication=None, quarter=Q3):
    return make_context(
        ExportJob(programme=city.programme, quarter=quarter, publication=publication, asked_by=city.asker)
    )


def start(city, by=None, **changes):
    title, sections = draft(context(city))
    given = {"programme": city.programme, "quarter": Q3, "publication": None, "title": title, "sections": sections}
    return start_bulletin(**(given | {"by": by or city.asker} | changes))


def edit(bulletin, by, **changes):
    given = {"version": bulletin.version, "title": bulletin.title, "texts": {}}
    return edit_bulletin(bulletin=bulletin, by=by, **(given | changes))


def issue(bulletin, by, **changes):
    return issue_bulletin(bulletin=bulletin, by=by, **({"version": bulletin.version} | changes))


def text_of(bulletin, key):
    return next(section["text"] for section in bulletin.sections if section["key"] == key)


def words_of(file):
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


# ----------------------------------------------------------------------------- drafting


def test_a_draft_is_written_in_chinese_from_the_results(city):
    bulletin = start(city)
    assert bulletin.title.startswith("关于2018年三季度")
    assert [section["key"] for section in bulletin.sections] == list(words.HEADINGS)
    assert "应完成的" in text_of(bulletin, words.OVERALL)
    assert (bulletin.version, bulletin.is_issued, bulletin.serial) == (1, False, "")
    assert AuditEntry.objects.filter(event="bulletin_started").count() == 1


def test_the_reasons_of_the_departments_are_in_the_list_of_what_is_behind(city):
    for allocation in city.world.allocations[1:]:
        make_figure(allocation.series, explanation="设备更新延误，下季度补齐。")
    grid = next(one for one in draft(context(city), [words.BEHIND])[1][0]["figures"] if one["kind_of"] == "grid")
    assert grid["heads"][-1] == "原因和措施"
    assert {row[-1] for row in grid["rows"]} == {"设备更新延误，下季度补齐。"}


def test_of_an_edition_it_says_what_was_published(city):
    edition = city.publish()
    frozen = draft(context(city, publication=edition))[1]
    city.correct(2)
    assert draft(context(city, publication=edition))[1] == frozen
    assert draft(context(city))[1] != frozen  # the control: the live results did change
    assert "第1版" in next(one["text"] for one in frozen if one["key"] == words.OPENING)


def test_a_quarter_without_results_makes_a_draft_too(city):
    _title, sections = draft(context(city, quarter=Q3 + 1))
    told = {section["key"]: section["text"] for section in sections}
    assert "本季度尚无计算结果" in told[words.OPENING]
    assert told[words.BEHIND] == "本季度无评定结果。"
    assert all(not section["figures"] for section in sections)


def test_there_is_one_draft_a_quarter(city):
    start(city)
    with pytest.raises(Stale, match="has a draft already"):
        start(city)


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.LEADER])
def test_nobody_but_the_office_writes(city, role):
    place = city.world.departments[0] if role is not Role.LEADER else city.world.city
    other = make_user(role, at=place)
    bulletin = start(city)
    for act in (lambda: start(city, by=other), lambda: edit(bulletin, other), lambda: issue(bulletin, other)):
        with pytest.raises(NotAllowed, match="Only the leadership office writes bulletins"):
            act()


# ----------------------------------------------------------------------------- editing


def test_an_edit_counts_a_version_and_changes_only_what_was_typed(city):
    before = start(city)
    after = edit(before, city.publisher, texts={words.RANKING: " 一行\r\n二行\x0b\t完 "})
    assert (after.version, after.edited_by) == (2, city.publisher)
    assert text_of(after, words.RANKING) == "一行\n二行 完"
    assert text_of(after, words.OVERALL) == text_of(before, words.OVERALL)
    assert AuditEntry.objects.get(event="bulletin_edited").details["sections"] == [words.RANKING]


def test_saving_what_is_there_already_counts_nothing(city):
    bulletin = start(city)
    texts = {section["key"]: section["text"] for section in bulletin.sections}
    assert edit(bulletin, city.publisher, texts=texts).version == 1


def test_a_section_written_anew_wins_and_the_others_are_saved(city):
    bulletin = edit(start(city), city.asker, texts={words.RANKING: "手写"})
    anew = draft(context(city), [words.RANKING])[1]
    after = edit(bulletin, city.asker, texts={words.RANKING: "更多", words.DEMANDS: "抓紧。"}, renewed=anew)
    assert text_of(after, words.RANKING) == anew[0]["text"]
    assert text_of(after, words.DEMANDS) == "抓紧。"


@pytest.mark.parametrize(
    ("changes", "error", "said"),
    [
        ({"version": 7}, Stale, "Somebody else saved"),
        ({"title": " \n "}, Invalid, "Title"),
        ({"title": "长" * 201}, Invalid, "Title"),
        ({"texts": {words.RANKING: "长" * 20_001}}, Invalid, "A section takes at most"),
    ],
)
def test_an_edit_is_refused(city, changes, error, said):
    bulletin = start(city)
    with pytest.raises(error, match=said):
        edit(bulletin, city.asker, **changes)
    assert Bulletin.objects.get().version == 1


# ----------------------------------------------------------------------------- issuing


def test_another_person_issues_and_the_file_is_kept(city):
    issued = issue(start(city), city.publisher)
    kept = Bulletin.objects.get()
    assert (kept.issued_by, kept.number, kept.serial) == (city.publisher, 1, f"〔{kept.year}〕1号")
    assert (kept.sha256, kept.size) == (hashlib.sha256(kept.file).hexdigest(), len(kept.file))
    assert write_bulletin(kept) == bytes(kept.file) == bytes(issued.file)
    assert kept.serial in words_of(bytes(kept.file))
    assert words.DRAFT not in words_of(bytes(kept.file))
    assert AuditEntry.objects.get(event="bulletin_issued").details["sha256"] == kept.sha256


def test_whoever_saved_last_does_not_issue(city):
    with pytest.raises(NotAllowed, match="You saved this bulletin last"):
        issue(start(city), city.asker)


def test_a_bulletin_that_moved_on_is_not_issued(city):
    bulletin = start(city)
    edit(bulletin, city.asker, texts={words.RANKING: "改"})
    with pytest.raises(Stale, match="changed while you were looking"):
        issue(bulletin, city.publisher, version=1)


def test_numbers_run_without_gaps(city):
    first = issue(start(city), city.publisher)
    second = issue(start(city), city.publisher)
    assert (first.number, second.number) == (1, 2)


def test_what_is_issued_is_not_edited_and_not_issued_twice(city):
    issued = issue(start(city), city.publisher)
    with pytest.raises(Stale, match="was issued meanwhile"):
        edit(issued, city.asker)
    with pytest.raises(Stale):
        issue(issued, city.publisher)


def test_the_database_keeps_what_was_issued(city):
    issued = issue(start(city), city.publisher)
    open_one = start(city)
    Bulletin.objects.filter(pk=open_one.pk).update(title="草稿可改")  # the control: a draft may be changed
    for change in ({"title": "x"}, {"file": b"x"}, {"sha256": "0" * 64}, {"issued_at": None}):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            Bulletin.objects.filter(pk=issued.pk).update(**change)
    for pk in (issued.pk, open_one.pk):
        with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
            Bulletin.objects.filter(pk=pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE reports_bulletin CASCADE")


@pytest.mark.parametrize("changes", [{"year": 2026}, {"sha256": "0" * 64}, {"size": 3}, {"number": 4}])
def test_the_database_takes_no_half_issued_one(city, changes):
    bulletin = start(city)
    with pytest.raises(IntegrityError, match="bulletin_whole_or_draft"), transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(**changes)


def test_a_draft_is_not_handed_out_as_issued(city):
    with pytest.raises(Invalid, match="is a draft"):
        record_bulletin_download(bulletin=start(city), by=city.asker)


# ----------------------------------------------------------------------------- the document


def test_the_same_text_gives_the_same_bytes(city):
    bulletin = start(city)
    first = write_bulletin(bulletin)
    assert write_bulletin(Bulletin.objects.get()) == first
    bulletin.sections[0]["text"] = "各单位："
    assert write_bulletin(bulletin) != first  # the control


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_people_write_stays_text(city, hostile):
    Region.objects.filter(pk=city.world.counties[0].pk).update(name_zh=hostile.replace("\x00", "")[:60])
    Department.objects.filter(pk=city.world.departments[0].pk).update(short_zh=hostile.replace("\x00", "")[:12])
    bulletin = edit(start(city), city.publisher, title=hostile[:200], texts={words.RANKING: hostile})
    file = write_bulletin(bulletin)
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        xml = archive.read("word/document.xml").decode()
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert text_of(bulletin, words.RANKING) in words_of(file)
    assert "instrText" not in xml  # no field: the page number is in the footer
    assert "fldSimple" not in xml
    assert b"<script" not in everything
    assert "\x00" not in xml


def test_figures_come_back_as_they_were_kept():
    blocks = [
        Grid(heads=["甲"], widths=[1.0], rows=[["1"]], align="c"),
        Chart(kind="bars", title="t", categories=["a"], series=[Series("s", "0F4C81", [1.5, None])], maximum=100.0),
        Paragraph("注：", is_small=True),
    ]
    assert thaw_figures(freeze_figures(blocks)) == blocks
    assert thaw_figures([]) == []


def test_a_section_without_figures_has_none():
    assert make_figures(words.OPENING, None) == []


def test_an_emptied_section_leaves_no_heading(city):
    bulletin = edit(start(city), city.asker, texts={words.MENTIONS: ""})
    told = words_of(write_bulletin(bulletin))
    assert words.HEADINGS[words.MENTIONS] not in told
    assert words.HEADINGS[words.RANKING] in told


def test_a_draft_goes_through_the_queue(city, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    bulletin = start(city)
    job = ask_for_export(programme=city.programme, quarter=Q3, by=city.asker, kind=ExportKind.BULLETIN)
    assert process_due_exports() == 1
    job.refresh_from_db()
    assert job.sha256 == hashlib.sha256(write_bulletin(Bulletin.objects.get(pk=bulletin.pk))).hexdigest()
    assert job.file_name.endswith(".docx")
    reader = make_user(Role.LEADER, at=city.world.city)
    with pytest.raises(NotAllowed):
        ask_for_export(programme=city.programme, quarter=Q3, by=reader, kind=ExportKind.BULLETIN)


# ----------------------------------------------------------------------------- pages


def send(client, user, path, **fields):
    client.force_login(user)
    return client.post(f"/bulletins/{path}{STATE}", {"key": str(uuid4())} | fields, headers=ENGLISH)


def read(client, user, path=""):
    client.force_login(user)
    return client.get(f"/bulletins/{path}{STATE}", headers=ENGLISH)


def test_from_the_draft_to_the_download(client, city):
    assert send(client, city.asker, "start/").status_code == FOUND
    bulletin = Bulletin.objects.get()
    assert read(client, city.asker, f"{bulletin.pk}/").context["shown"].issue is None
    assert (
        send(client, city.asker, f"{bulletin.pk}/save/", version=1, title="标题", demands="抓紧。").status_code == FOUND
    )
    renewed = send(client, city.asker, f"{bulletin.pk}/save/", version=2, title="标题", renew=words.DEMANDS)
    assert renewed.status_code == FOUND
    assert text_of(Bulletin.objects.get(), words.DEMANDS) != "抓紧。"
    assert read(client, city.publisher, f"{bulletin.pk}/").context["shown"].issue is not None
    assert send(client, city.publisher, f"{bulletin.pk}/issue/", version=3).status_code == FOUND
    clerk = make_user(Role.CLERK, at=city.world.departments[0])
    assert "标题" in read(client, clerk, f"{bulletin.pk}/").content.decode()
    answer = read(client, clerk, f"{bulletin.pk}/file/")
    assert b"".join(answer.streaming_content) == bytes(Bulletin.objects.get().file)
    assert AuditEntry.objects.filter(event="bulletin_downloaded", by=clerk).count() == 1


def test_two_people_write_and_nothing_typed_is_lost(client, city):
    bulletin = start(city)
    send(client, city.publisher, f"{bulletin.pk}/save/", version=1, title=bulletin.title, ranking="先存的。")
    late = send(client, city.asker, f"{bulletin.pk}/save/", version=1, title=bulletin.title, ranking="后写的。")
    assert late.status_code == CONFLICT
    page = late.content.decode()
    assert "先存的。" in page
    assert "后写的。" in page
    shown = late.context["shown"]
    section = next(one for one in shown.sections if one.key == words.RANKING)
    assert (section.text, section.other, shown.form.initial["version"]) == ("后写的。", "先存的。", 2)
    assert [one.key for one in shown.sections if one.other is not None] == [words.RANKING]
    assert text_of(Bulletin.objects.get(), words.RANKING) == "先存的。"
    assert AuditEntry.objects.filter(event="refused", by=city.asker).count() == 1


def test_what_was_typed_too_late_stands_beside_what_was_issued(client, city):
    bulletin = start(city)
    issue(bulletin, city.publisher)
    late = send(client, city.asker, f"{bulletin.pk}/save/", version=1, title=bulletin.title, ranking="后写的。")
    assert late.status_code == CONFLICT
    assert "后写的。" in late.content.decode()
    assert late.context["shown"].form is None


def test_the_same_form_sent_twice_saves_once(client, city):
    bulletin, key = start(city), str(uuid4())
    fields = {"key": key, "version": 1, "title": bulletin.title, "ranking": "一次。"}
    assert [send(client, city.asker, f"{bulletin.pk}/save/", **fields).status_code for _ in range(2)] == [FOUND, FOUND]
    assert Bulletin.objects.get().version == 2


def test_a_text_that_is_too_long_is_kept_on_the_page(client, city):
    bulletin = start(city)
    long = "长" * 20_001
    answer = send(client, city.asker, f"{bulletin.pk}/save/", version=1, title=bulletin.title, ranking=long)
    assert answer.status_code == INVALID
    assert long in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "fields"),
    [("save/", {"version": "x"}), ("save/", {"version": 1, "title": "a", "renew": "no"}), ("issue/", {})],
)
def test_a_form_that_cannot_be_is_refused(client, city, path, fields):
    assert send(client, city.publisher, f"{start(city).pk}/{path}", **fields).status_code == INVALID


def test_drafts_are_for_the_office_alone(client, city):
    bulletin = start(city)
    reader = make_user(Role.LEADER, at=city.world.city)
    assert read(client, reader, f"{bulletin.pk}/").status_code == FORBIDDEN
    assert read(client, reader, f"{bulletin.pk}/file/").status_code == FORBIDDEN
    assert read(client, reader).context["list"].drafts == []
    assert read(client, city.publisher).context["list"].drafts[0].title == bulletin.title
    assert read(client, city.publisher, "999999/").status_code == MISSING


def test_markup_in_a_text_is_shown_as_text(client, city):
    bulletin = edit(start(city), city.asker, texts={words.RANKING: "</textarea><script>alert(1)</script>"})
    assert "<script>alert" not in read(client, city.asker, f"{bulletin.pk}/").content.decode()
    issue(bulletin, city.publisher)
    assert "<script>alert" not in read(client, city.asker, f"{bulletin.pk}/").content.decode()


def test_the_reports_page_lists_what_was_issued(client, city):
    bulletin = start(city)
    client.force_login(city.asker)
    assert client.get(f"/reports/{STATE}", headers=ENGLISH).context["list"].bulletins == []
    issue(bulletin, city.publisher)
    assert bulletin.title in client.get(f"/reports/{STATE}", headers=ENGLISH).content.decode()


@pytest.mark.parametrize(
    ("drafts", "issued", "said"),
    [
        (0, 0, "No bulletin has been issued yet."),
        (1, 0, "No bulletin has been issued yet. [[1 draft]] is not issued."),
        (2, 1, "1 bulletin is issued. [[2 drafts]] are not issued."),
        (0, 3, "3 bulletins are issued."),
    ],
)
def test_the_list_says_how_many_there_are(drafts, issued, said):
    assert write_list(drafts=drafts, issued=issued) == said


@pytest.mark.parametrize(("text", "rows"), [("", 2), ("一\n二\n三", 3), ("长" * 130, 3)])
def test_a_text_area_is_as_high_as_its_text(text, rows):
    assert count_rows(text) == rows
