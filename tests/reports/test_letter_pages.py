"""The page of letters and its acts over HTTP, the archive of all of them, and the documents themselves."""

import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from http import HTTPStatus
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override
from docx import Document

from departments.models import AuditEntry
from departments.roles import Role
from departments.selectors.clock import read_database_time
from indicators.models import Allocation, Target
from reports.actions.export_jobs import ask_for_export, cancel_export, path_of, retry_export
from reports.actions.exports import Busy
from reports.actions.letters import ask_to_issue, issue_letters
from reports.documents.blocks import Grid, Heading, Paragraph, Signatures, Title
from reports.exports import jobs
from reports.exports.jobs import process_due_exports
from reports.letters import issuing
from reports.letters.document import compose_letter, write_letter
from reports.letters.pack import list_issued, name_entry, pack_letters
from reports.letters.standing import list_standings, name_standings
from reports.letters.terms import Recipient, freeze
from reports.models import ExportJob, ExportKind, ExportState, Letter
from tests.builders import Q3, make_allocation, make_programme, make_region, make_target, make_user, make_world
from tests.reports.frame import count_queries
from tests.reports.libreoffice_office import convert

pytestmark = pytest.mark.django_db

STATE = "?programme=changzhi-test&quarter=2018Q3"
ADDRESS = f"/letters/{STATE}"
QUERIES = 14
HOSTILE = "</w:t><script>alert(1)</script> {{ 7 * 7 }} =1+1 & \x0b"
SHOWN = HOSTILE.replace("\x0b", "")


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world():
    return make_world(counties=2)


def open_page(client, user, address=ADDRESS):
    client.force_login(user)
    return client.get(address, headers={"accept-language": "en"})


def send(client, user, address, **data):
    client.force_login(user)
    return client.post(f"{address}{STATE}", {"key": uuid4()} | data, headers={"accept-language": "en"})


def issue_all(world):
    return issue_letters(
        programme=world.programme,
        seen=name_standings(list_standings(world.programme)),
        write=write_letter,
        by=world.office,
    )


def raise_a_target(world):
    """Change one target of the first county and return it."""
    target = Allocation.objects.filter(series__region=world.counties[0]).first().target
    Target.objects.filter(pk=target.pk).update(level=Decimal(95))
    return target


# ----------------------------------------------------------------------------- the page


def test_the_page_shows_every_recipient_with_its_state(client, world):
    page = open_page(client, world.office).context["list"]
    assert [row.name for row in page.regions] == ["County 1", "County 2"]
    assert len(page.departments) == 2
    assert {row.state for row in (*page.regions, *page.departments)} == {"Not issued"}
    assert (page.due, page.zip_key) == (4, None)


def test_after_a_change_the_page_shows_what_the_addendum_would_say(client, world):
    issue_all(world)
    assert open_page(client, world.office).context["list"].due == 0
    target = raise_a_target(world)
    answer = open_page(client, world.office)
    row = answer.context["list"].regions[0]
    assert (row.state, len(row.changes)) == ("Changed since: addendum needed", 1)
    text = answer.content.decode()
    assert "Issue addendum" in text
    assert target.indicator.name_zh in text


def test_one_is_issued_once_however_often_the_form_is_sent(client, world):
    row = open_page(client, world.office).context["list"].regions[0]
    sent = {"seen": row.form.initial["seen"], "key": row.form.initial["key"]}
    for _time in range(2):
        answer = send(client, world.office, f"/letters/region/{row.pk}/issue/", **sent)
        assert answer.status_code == HTTPStatus.FOUND
    assert (ExportJob.objects.count(), process_due_exports()) == (1, 1)
    assert Letter.objects.count() == 1
    again = send(client, world.office, f"/letters/region/{row.pk}/issue/", seen=list_standings(world.programme)[0].seen)
    assert again.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "it still stands" in again.content.decode()
    assert AuditEntry.objects.filter(event="refused").count() == 1


def test_all_are_issued_by_one_button(client, world):
    form = open_page(client, world.office).context["list"].all_form
    answer = send(client, world.office, "/letters/issue/", seen=form.initial["seen"])
    assert answer.status_code == HTTPStatus.FOUND
    waiting = open_page(client, world.office).context["list"]
    assert (waiting.all_form, waiting.due) == (None, 0)
    assert "Letters are being issued" in open_page(client, world.office).content.decode()
    assert process_due_exports() == 1
    assert Letter.objects.count() == 4
    assert {letter.job for letter in Letter.objects.all()} == {ExportJob.objects.get()}


def test_a_form_that_says_not_what_it_shows_is_refused(client, world):
    answer = send(client, world.office, "/letters/issue/")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    ("who", "status", "regions", "departments"),
    [("leader", HTTPStatus.OK, 2, 2), ("clerk", HTTPStatus.OK, 0, 1), ("auditor", HTTPStatus.FORBIDDEN, 0, 0)],
)
def test_recipients_see_their_own_and_issue_nothing(client, world, who, status, regions, departments):
    seen = name_standings(list_standings(world.programme))
    person = getattr(world, who)
    assert send(client, person, "/letters/issue/", seen=seen).status_code == HTTPStatus.FORBIDDEN
    assert ExportJob.objects.count() == 0
    issue_all(world)
    raise_a_target(world)
    answer = open_page(client, person)
    assert answer.status_code == status
    if status == HTTPStatus.OK:
        page = answer.context["list"]
        assert (len(page.regions), len(page.departments)) == (regions, departments)
        assert (page.all_form, page.zip_key) == (None, None)
        assert not any(row.form for row in (*page.regions, *page.departments))
        address = page.departments[0].letters[0].url
        assert open_page(client, person, address).status_code == HTTPStatus.OK
        assert AuditEntry.objects.filter(event="letter_downloaded", by=person).count() == 1


def test_before_anything_is_issued_a_recipient_is_told_so(client, world):
    answer = open_page(client, world.clerk)
    assert "No letter has been issued to you yet" in answer.content.decode()


def test_what_is_not_ones_own_does_not_exist(client, world):
    issue_all(world)
    theirs = Letter.objects.get(department=world.departments[1])
    assert open_page(client, world.clerk, f"/letters/{theirs.pk}/file/{STATE}").status_code == HTTPStatus.NOT_FOUND
    # The auditor sees the whole programme, and takes nothing away: refused, and in the trail.
    assert open_page(client, world.auditor, f"/letters/{theirs.pk}/file/{STATE}").status_code == HTTPStatus.FORBIDDEN
    refused = AuditEntry.objects.filter(event="refused", by=world.auditor)
    assert [entry.details["act"] for entry in refused] == ["letter_download"]


def test_a_county_fetches_the_letter_of_a_programme_above_from_its_own_page(client, world):
    issue_all(world)
    make_programme(world.counties[0], code="county-one")
    person = make_user(Role.OFFICE, at=world.counties[0])
    own = "?programme=county-one"
    page = open_page(client, person, f"/letters/{own}").context["list"]
    assert [(other.recipient, other.programme) for other in page.others] == [
        ("County 1", str(world.programme.short_name))
    ]
    answer = open_page(client, person, page.others[0].link.url)
    assert b"".join(answer.streaming_content) == bytes(Letter.objects.get(region=world.counties[0]).file)
    foreign = Letter.objects.get(region=world.counties[1])
    assert open_page(client, person, f"/letters/{foreign.pk}/file/{own}").status_code == HTTPStatus.NOT_FOUND


# ----------------------------------------------------------------------------- issuing is a job


def ask(world, **given):
    asked = {"programme": world.programme, "quarter": Q3, "by": world.office} | given
    asked.setdefault("seen", name_standings(list_standings(world.programme)))
    return ask_to_issue(**asked)


def test_what_was_issued_comes_as_one_file_of_the_job(world):
    job = ask(world)
    assert process_due_exports() == 1
    job.refresh_from_db()
    assert (job.state, job.progress_done, job.progress_total) == (ExportState.DONE, 4, 4)
    assert path_of(job).read_bytes() == pack_letters(list_issued(world.programme))
    assert job.file_name == f"{world.programme.short_zh}_目标责任书_{job.pk}.zip"
    assert AuditEntry.objects.filter(event="letter_issued", by=world.office).count() == 4


def test_a_job_for_one_recipient_issues_to_it_alone(world):
    standing = list_standings(world.programme)[1]
    ask(world, recipient=standing.recipient, seen=standing.seen)
    assert process_due_exports() == 1
    assert [letter.region for letter in Letter.objects.all()] == [standing.recipient.region]


def test_a_cancelled_job_issues_nothing_however_late_it_is_cancelled(world, monkeypatch):
    job = ask(world)
    plain, written = issuing.write_letter, []

    def write_and_cancel(*given):
        written.append(given)
        if len(written) == 4:  # the last one: all documents are there, nothing is issued
            cancel_export(job=job, by=world.office)
        return plain(*given)

    monkeypatch.setattr(issuing, "write_letter", write_and_cancel)
    assert process_due_exports() == 0
    assert (len(written), Letter.objects.count(), path_of(job).exists()) == (4, 0, False)
    job.refresh_from_db()
    retry_export(job=job, by=world.office)  # the control: tried again, it issues
    assert process_due_exports() == 1
    assert Letter.objects.count() == 4


def test_a_job_killed_after_its_act_issues_nothing_twice(world, monkeypatch):
    job = ask(world)

    def die(*_given, **_more):
        raise SystemExit

    finish = jobs.finish_job
    monkeypatch.setattr(jobs, "finish_job", die)
    with pytest.raises(SystemExit):
        process_due_exports()
    monkeypatch.setattr(jobs, "finish_job", finish)
    before = list(Letter.objects.values_list("pk", flat=True))
    assert len(before) == 4
    ExportJob.objects.update(lease_until=read_database_time() - timedelta(seconds=1))
    assert process_due_exports() == 1
    assert list(Letter.objects.values_list("pk", flat=True)) == before
    job.refresh_from_db()
    assert path_of(job).read_bytes() == pack_letters(list_issued(world.programme))


def test_targets_that_moved_on_while_it_waited_are_not_issued(world):
    job = ask(world)
    raise_a_target(world)
    assert process_due_exports() == 0
    job.refresh_from_db()
    assert (job.state, Letter.objects.count()) == (ExportState.FAILED, 0)
    assert job.error


def test_one_issue_of_a_programme_is_under_way_at_a_time(world):
    ask(world)
    with override("en"), pytest.raises(Busy, match="being issued already"):
        ask(world, by=make_user(Role.OFFICE, at=world.city))


def test_nobody_asks_for_an_issue_past_its_own_act(client, world):
    answer = send(client, world.office, "/exports/ask/", kind="issue")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    with pytest.raises(IntegrityError, match="exportjob_issues_what_was_seen"), transaction.atomic():
        ExportJob.objects.create(
            programme=world.programme, quarter=Q3, kind="issue", asked_by=world.office, asked_at=read_database_time()
        )


@pytest.mark.parametrize("told", ["", "region:{region}", "department:{department}"])
def test_a_job_names_its_recipient(world, told):
    told = told.format(region=world.counties[0].pk, department=world.departments[0].pk)
    found = issuing.find_recipient(told)
    assert (found is None) if not told else ("{}:{}".format(*found.key) == told)


def test_a_download_is_the_file_that_was_issued_and_stands_in_the_trail(client, world):
    letter = issue_all(world)[0]
    raise_a_target(world)
    answer = open_page(client, world.office, f"/letters/{letter.pk}/file/{STATE}")
    assert b"".join(answer.streaming_content) == bytes(letter.file)
    assert quote("县1人民政府_目标责任书.docx") in answer.headers["Content-Disposition"]
    assert AuditEntry.objects.get(event="letter_downloaded").details["sha256"] == letter.file_sha256
    assert (
        open_page(client, world.office, f"/letters/{letter.pk + 99}/file/{STATE}").status_code == HTTPStatus.NOT_FOUND
    )


def test_an_empty_programme_has_a_page_without_letters(client, world):
    make_programme(world.city, code="empty")
    text = open_page(client, world.office, "/letters/?programme=empty").content.decode()
    assert "there is no letter to issue" in text
    assert "Issue all" not in text


def test_text_from_documents_is_text(client, world):
    issue_all(world)
    target = raise_a_target(world)
    type(target.indicator).objects.filter(pk=target.indicator_id).update(name_zh="<script>alert(1)</script>")
    text = open_page(client, world.office).content.decode()
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in text


def test_queries_are_pinned_and_do_not_grow_with_the_data(client, world):
    issue_all(world)
    assert count_queries(client, world.office, ADDRESS) == QUERIES
    for number in range(3, 9):
        region = make_region(f"14040{number}")
        for _target in range(3):
            target = make_target(world.programme, lead=world.departments[0])
            make_allocation(target, region=region, department=world.departments[0])
    issue_all(world)
    assert count_queries(client, world.office, ADDRESS) == QUERIES


# ----------------------------------------------------------------------------- the archive


def test_all_issued_letters_come_as_one_archive(world):
    issue_all(world)
    raise_a_target(world)
    issue_all(world)
    job = ask_for_export(programme=world.programme, quarter=Q3, by=world.office, kind=ExportKind.LETTERS)
    assert process_due_exports() == 1
    job.refresh_from_db()
    content = path_of(job).read_bytes()
    assert (job.size, job.file_name[-4:]) == (len(content), ".zip")
    assert content == pack_letters(list_issued(world.programme))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {name_entry(letter): bytes(letter.file) for letter in Letter.objects.all()}


def test_only_who_issues_may_have_the_archive(client, world):
    issue_all(world)
    assert send(client, world.leader, "/exports/ask/", kind="letters").status_code == HTTPStatus.FORBIDDEN
    assert ExportJob.objects.count() == 0
    assert send(client, world.office, "/exports/ask/", kind="letters").status_code == HTTPStatus.FOUND
    process_due_exports()
    job = ExportJob.objects.get()
    assert open_page(client, world.leader, f"/exports/{job.pk}/file/{STATE}").status_code == HTTPStatus.NOT_FOUND
    answer = open_page(client, world.office, f"/exports/{job.pk}/file/{STATE}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (HTTPStatus.OK, "application/zip")


def test_a_kind_that_is_not_known_is_refused(client, world):
    answer = send(client, world.office, "/exports/ask/", kind="everything")
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert ExportJob.objects.count() == 0


def test_a_name_that_no_file_system_takes_is_still_a_name():
    letter = Letter(region_id=7, number=0, content={"recipient": {"kind": "region", "name": "../a/b\\c:县"}})
    assert name_entry(letter) == "地区/7_..abc县_目标责任书.docx"


# ----------------------------------------------------------------------------- the document


def content_of(world, recipient, changes=(), **more):
    standing = next(one for one in list_standings(world.programme) if one.recipient == recipient)
    frozen = freeze(programme=world.programme, recipient=recipient, terms=standing.terms, changes=list(changes))
    return frozen | more


def test_a_letter_has_every_target_a_number_and_two_signatures(world):
    content = content_of(world, Recipient(region=world.counties[0]))
    blocks = list(compose_letter(content, 0, date(2018, 10, 18)))
    assert blocks[0] == Title("目标责任书", "（长治市质量强市实施方案）")
    assert "2015—2020年质量目标下达你单位，共5项" in blocks[2].text
    rows = [row for block in blocks if isinstance(block, Grid) for row in block.rows]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [block.text[:1] for block in blocks if isinstance(block, Heading)] == ["一", "二", "三", "四", "五", "六"]
    assert blocks[-1] == Signatures([("下达单位", "长治市人民政府"), ("责任单位", "县1人民政府")])


def test_a_departments_letter_says_its_role_and_what_regions_are_given(world):
    content = content_of(world, Recipient(department=world.departments[0]))
    grids = [block for block in compose_letter(content, 0, date(2018, 10, 18)) if isinstance(block, Grid)]
    assert "责任" in grids[0].heads
    assert grids[-1].heads == ["指标", "目标值", "地区"]
    assert {row[2] for row in grids[-1].rows} == {"县1、县2（共2个）"}


def test_many_regions_are_named_once(world):
    regions = [[f"很长名字的县{n}", "≥ 93%"] for n in range(20)]
    content = content_of(world, Recipient(department=world.departments[0]))
    for term in content["terms"]:
        term["parts"] = regions
    *_rest, grid = [block for block in compose_letter(content, 0, date(2018, 10, 18)) if isinstance(block, Grid)]
    assert [row[2] for row in grid.rows[1:]] == ["同上"] * (len(content["terms"]) - 1)
    assert grid.rows[0][2].endswith("（共20个）")


def test_an_addendum_lists_what_was_and_what_is(world):
    changes = [
        {"kind": "调整", "clause": "二", "name": "合格率", "what": "目标值", "before": "≥ 93%", "after": "≥ 95%"},
        {"kind": "取消", "clause": "三", "name": "名牌数", "what": "取消", "before": "≥ 3 个", "after": ""},
    ]
    content = content_of(world, Recipient(region=world.counties[0]), changes, since="2018-01-05")
    blocks = list(compose_letter(content, 2, date(2018, 10, 18)))
    assert blocks[0].text == "补充责任书（第2号）"
    assert "2018年1月5日签订的责任书有2处变动" in blocks[2].text
    grid = next(block for block in blocks if isinstance(block, Grid))
    assert grid.rows == [
        ["1", "调整", "合格率（二）", "目标值", "≥ 93%", "≥ 95%"],
        ["2", "取消", "名牌数（三）", "—", "≥ 3 个", "—"],
    ]
    content["terms"] = []
    assert "不再承担目标" in list(compose_letter(content, 2, date(2018, 10, 18)))[2].text


def test_a_decomposition_for_show_is_marked(world):
    Allocation.objects.filter(series__region=world.counties[0]).update(is_demonstration=True)
    texts = {}
    for county in world.counties:
        blocks = list(compose_letter(content_of(world, Recipient(region=county)), 0, date(2018, 10, 18)))
        texts[county.code] = any(isinstance(block, Paragraph) and "演示分解" in block.text for block in blocks)
    assert texts == {"140401": True, "140402": False}


def test_hostile_words_stay_words_in_the_file(world):
    target = raise_a_target(world)
    type(target.indicator).objects.filter(pk=target.indicator_id).update(name_zh=HOSTILE)
    type(world.programme).objects.filter(pk=world.programme.pk).update(name_zh=HOSTILE)
    world.programme.refresh_from_db()
    file = write_letter(content_of(world, Recipient(region=world.counties[0])), 0, date(2018, 10, 18))
    document = Document(io.BytesIO(file))
    assert any(SHOWN in cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert any(f"《{SHOWN}》" in paragraph.text for paragraph in document.paragraphs)


def test_the_same_content_gives_the_same_bytes_in_any_language(world):
    content = content_of(world, Recipient(region=world.counties[0]))
    files = []
    for language in ("en", "zh-hans"):
        with override(language):
            files.append(write_letter(content, 0, date(2018, 10, 18)))
    assert files[0] == files[1]
    assert write_letter(content, 0, date(2018, 10, 19)) != files[0]  # the control


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_opens_the_letters(world, tmp_path):
    sources = []
    for number, recipient in enumerate(
        (Recipient(region=world.counties[0]), Recipient(department=world.departments[0]))
    ):
        sources.append(tmp_path / f"{number}.docx")
        sources[-1].write_bytes(write_letter(content_of(world, recipient), 0, date(2018, 10, 18)))
    convert(sources, tmp_path / "pdf", form="pdf")
    assert all((tmp_path / "pdf" / f"{n}.pdf").read_bytes().startswith(b"%PDF") for n in (0, 1))
