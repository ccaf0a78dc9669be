"""The pages of returned workbooks: take the form out, send it back, look at the differences, confirm."""

import io
import re
import secrets
import tempfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse

from departments.models import AuditEntry, User
from indicators.actions.figures import Entry, save_figure
from indicators.excel.form_content import describe_form
from indicators.excel.form_writer import write_form
from indicators.excel.layout import FIRST_ROW, Column
from indicators.models import Figure, Submission, UploadState, WorkbookUpload
from indicators.selectors.entry import load_grid
from tests.excel.forms import fill_in
from tests.excel.upload_world import give_out, locate
from tests.integration.entry_world import QUARTER, World, allocate, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """The small city of the entry tests."""
    return make_world()


def client_of(user: User, language: str = "en") -> Client:
    """Return a signed-in browser."""
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def file_of(content: bytes, name: str = "三季度.xlsx") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def address(name: str, world: World) -> str:
    """Return the address of a page of the form."""
    return reverse(f"indicators:{name}", args=[world.submission.pk])


def cells(world: World) -> dict[str, object]:
    """Return the cells of all three figures."""
    return {
        locate(world, world.rate, Column.NUMERATOR): 480,
        locate(world, world.rate, Column.DENOMINATOR): 500,
        locate(world, world.small_rate, Column.NOTHING): "yes",
        locate(world, world.count, Column.VALUE): "1.2万",
    }


def post(client: Client, world: World, content: bytes, **more: object) -> WorkbookUpload:
    """Return the upload made by sending a file to the form's page."""
    form = {"workbook": file_of(content), "complete": "1", **more}
    answer = client.post(address("entry-upload", world), form)
    assert answer.status_code == 302, answer.content.decode()
    return WorkbookUpload.objects.latest("pk")


def text_of(content: bytes) -> str:
    """Return a page's words without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content.decode()))


def test_the_whole_round(world):
    clerk = client_of(world.clerk)
    out = clerk.get(address("entry-workbook", world))
    assert out.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert out.headers["Content-Disposition"] == 'attachment; filename="Changzhi_Department_Q3 2018.xlsx"'
    chinese = client_of(world.clerk, "zh-hans").get(address("entry-workbook", world))
    assert "filename*=utf-8''%E9%95%BF" in chinese.headers["Content-Disposition"]
    assert out.headers["Cache-Control"] == "no-store"
    upload = post(clerk, world, fill_in(out.content, cells(world)))
    page = clerk.get(reverse("indicators:upload-detail", args=[upload.pk]))
    words = text_of(page.content)
    assert "3 figures would change, 0 would stay empty; nothing has been imported yet." in words
    assert "480 / 500" in words
    assert "12\u202f000" in page.content.decode()
    assert not Figure.objects.exists()
    done = clerk.post(reverse("indicators:upload-apply", args=[upload.pk]), follow=True)
    assert "Imported: 3 figures changed." in text_of(done.content)
    assert Figure.objects.get(series=world.count).value == 12_000
    again = clerk.post(reverse("indicators:upload-apply", args=[upload.pk]), follow=True)
    assert again.status_code == 200
    assert {figure.version for figure in Figure.objects.all()} == {1}


def test_taking_the_form_out_is_in_the_trail(world):
    client_of(world.clerk).get(address("entry-workbook", world))
    assert AuditEntry.objects.get(event="form_given_out").by == world.clerk


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_refused_file_is_explained_by_cell(world, language):
    content = give_out(world, {locate(world, world.count, Column.VALUE): "12,3"})
    clerk = client_of(world.clerk, language)
    upload = post(clerk, world, content)
    words = text_of(clerk.get(reverse("indicators:upload-detail", args=[upload.pk])).content)
    row = locate(world, world.count, Column.VALUE)[1:]
    if language == "en":
        assert f"“Entry form”, row {row}, column I: the comma does not part groups" in words
        assert "1 problem in “三季度.xlsx”; nothing was imported." in words
    else:
        assert re.search(rf"第 {row} 行 ?I 列", words)
        assert "未导入" in words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_answers(world, language):
    clerk = client_of(world.clerk, language)
    upload = post(clerk, world, give_out(world, cells(world)))
    for path in (
        address("entry-upload", world),
        reverse("indicators:upload-list"),
        reverse("indicators:upload-detail", args=[upload.pk]),
    ):
        assert clerk.get(path).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 200), ("second_clerk", 200), ("office", 200), ("reviewer", 403), ("foreign_clerk", 404)],
)
def test_who_may_send_a_form_back(world, who, status):
    assert client_of(getattr(world, who)).get(address("entry-upload", world)).status_code == status
    content = give_out(world, cells(world))
    sent = client_of(getattr(world, who)).post(
        address("entry-upload", world), {"workbook": file_of(content), "complete": "1"}
    )
    assert sent.status_code == (302 if status == 200 else status)
    assert WorkbookUpload.objects.exists() is (status == 200)


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 302), ("second_clerk", 302), ("office", 404), ("reviewer", 404), ("foreign_clerk", 404)],
)
def test_who_may_apply(world, who, status):
    upload = post(client_of(world.clerk), world, give_out(world, cells(world)))
    answer = client_of(getattr(world, who)).post(reverse("indicators:upload-apply", args=[upload.pk]))
    assert answer.status_code == status
    assert Figure.objects.exists() is (status == 302)


def test_the_office_that_collected_it_applies_it(world):
    office = client_of(world.office)
    upload = post(office, world, give_out(world, cells(world)))
    page = office.get(reverse("indicators:upload-detail", args=[upload.pk])).content.decode()
    assert reverse("indicators:upload-apply", args=[upload.pk]) in page
    assert office.post(reverse("indicators:upload-apply", args=[upload.pk])).status_code == 302
    assert {figure.entered_by for figure in Figure.objects.all()} == {world.office}


def test_a_leader_that_sees_an_office_upload_nowhere_applies_none(world):
    upload = post(client_of(world.office), world, give_out(world, cells(world)))
    second = client_of(world.second_office)
    assert second.post(reverse("indicators:upload-apply", args=[upload.pk])).status_code == 404
    assert not Figure.objects.exists()


def test_the_office_applies_all_that_are_clean_in_one_act_each_whole_or_not_at_all(world):
    """Three returned files: one clean, one altered, one out of date. The clean one lands, the others say why."""
    other = Submission.objects.create(programme=world.programme, department=world.other, quarter=QUARTER)
    allocate(world.count.allocations.get().target, world.other)
    clean = fill_in(write_form(describe_form(load_grid(other))), {f"{Column.VALUE}{FIRST_ROW}": 4})
    stale = give_out(world, cells(world))
    altered = fill_in(give_out(world), {"B1": "x"})
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(3)), by=world.clerk)
    office = client_of(world.office)
    files = [file_of(clean, "a.xlsx"), file_of(stale, "b.xlsx"), file_of(altered, "c.xlsx")]
    page = office.post(reverse("indicators:upload-list"), {"workbook": files, "complete": "1"}, follow=True)
    words = text_of(page.content)
    assert "3 workbooks" in words
    assert "2 that cannot be imported" in words
    assert "1 workbook can be imported by you" in words
    assert not Figure.objects.filter(submission=other).exists()
    chosen = re.findall(r'name="upload" value="(\d+)"', page.content.decode())
    done = office.post(reverse("indicators:upload-apply-ready"), {"upload": chosen}, follow=True)
    assert "1 workbook was imported." in text_of(done.content)
    assert Figure.objects.get(submission=other).value == 4
    assert Figure.objects.get(submission=world.submission).value == 3


def test_a_stale_file_answers_409_and_shows_both_values(world):
    upload = post(client_of(world.clerk), world, give_out(world, cells(world)))
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(9)), by=world.second_clerk)
    answer = client_of(world.clerk).post(reverse("indicators:upload-apply", args=[upload.pk]))
    assert answer.status_code == 409
    words = text_of(answer.content)
    assert "Zhao Yan changed this figure to 9 meanwhile" in words
    assert "12\u202f000" in answer.content.decode()
    assert "Import </button>" not in words


def test_a_closed_quarter_answers_423(world):
    upload = post(client_of(world.clerk), world, give_out(world, cells(world)))
    world.close()
    answer = client_of(world.clerk).post(reverse("indicators:upload-apply", args=[upload.pk]))
    assert answer.status_code == 423
    assert not Figure.objects.exists()


def test_many_files_at_once_are_sorted_before_anything_is_applied(world):
    ready = give_out(world, cells(world))
    incomplete = give_out(world, {locate(world, world.count, Column.VALUE): 3})
    altered = give_out(world, {locate(world, world.count, Column.LEVEL): "≥ 1"})
    files = [
        file_of(ready, "甲.xlsx"),
        file_of(incomplete, "乙.xlsx"),
        file_of(altered, "丙.xlsx"),
        file_of(b"%PDF-1.7", "丁.pdf"),
    ]
    office = client_of(world.office)
    answer = office.post(reverse("indicators:upload-list"), {"workbook": files, "complete": "1"}, follow=True)
    words = text_of(answer.content)
    assert "4 workbooks, 1 ready, 1 incomplete and 2 that cannot be imported." in words
    for name, state in (("甲", "Ready"), ("乙", "Incomplete"), ("丙", "Altered form"), ("丁", "Refused")):
        assert re.search(rf"{name}\.\w+ .{{0,80}}{state}", words), words
    assert not Figure.objects.exists()
    save_figure(submission=world.submission, series=world.count, entry=Entry(value=Decimal(9)), by=world.clerk)
    words = text_of(office.get(answer.redirect_chain[-1][0]).content)
    assert "0 ready, 0 incomplete and 4 that cannot be imported" in words
    assert words.count("Out of date") == 2


def test_a_clerk_applies_what_is_ready_in_one_go(world):
    clerk = client_of(world.clerk)
    post(clerk, world, give_out(world, cells(world)))
    page = clerk.get(reverse("indicators:upload-list")).content.decode()
    chosen = re.findall(r'name="upload" value="(\d+)"', page)
    assert len(chosen) == 1
    answer = clerk.post(reverse("indicators:upload-apply-ready"), {"upload": chosen}, follow=True)
    assert "1 workbook was imported." in text_of(answer.content)
    assert Figure.objects.count() == 3


@pytest.mark.parametrize("chosen", ["0", "x", "-1", "99999999999999999999"])
def test_a_made_up_upload_is_not_found(world, chosen):
    answer = client_of(world.clerk).post(reverse("indicators:upload-apply-ready"), {"upload": [chosen]})
    assert answer.status_code == 404


def test_nothing_chosen_is_said(world):
    answer = client_of(world.clerk).post(address("entry-upload", world), {"complete": "1"})
    assert answer.status_code == 422
    assert "No file was chosen" in text_of(answer.content)


def test_leaders_and_auditors_send_nothing(world):
    reviewer = client_of(world.reviewer)
    form = {"workbook": file_of(b"x"), "complete": "1"}
    assert reviewer.post(reverse("indicators:upload-list"), form).status_code == 403


def test_the_forms_token_is_checked(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.clerk)
    form = {"workbook": file_of(give_out(world)), "complete": "1"}
    assert client.post(address("entry-upload", world), form).status_code == 403
    page = client.get(address("entry-upload", world)).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    form = {"workbook": file_of(give_out(world)), "complete": "1", "csrfmiddlewaretoken": token}
    assert client.post(address("entry-upload", world), form).status_code == 302


def list_temporary() -> set[Path]:
    """Return what lies in the folder of temporary files, but for other programs' folders."""
    return {path for path in Path(tempfile.gettempdir()).glob("*") if path.name.endswith((".upload", ".upload.xlsx"))}


def test_a_request_cut_off_at_any_byte_leaves_nothing(world):
    """50 cuts. Source: trust fault F22, goal R19."""
    clerk, before = client_of(world.clerk), list_temporary()
    whole = encode_multipart(BOUNDARY, {"workbook": file_of(give_out(world, cells(world))), "complete": "1"})
    cuts = {secrets.randbelow(len(whole) - 60) for _ in range(40)} | {len(whole) - n for n in range(61, 71)}
    for cut in sorted(cuts):
        answer = clerk.generic("POST", address("entry-upload", world), whole[:cut], content_type=MULTIPART_CONTENT)
        assert answer.status_code in (400, 422)
    assert not WorkbookUpload.objects.exists()
    assert not Figure.objects.exists()
    assert list_temporary() == before


def test_a_file_that_is_too_large_is_not_kept(world):
    answer = client_of(world.clerk).post(
        address("entry-upload", world), {"workbook": file_of(b"PK\x03\x04" + bytes(9_000_000)), "complete": "1"}
    )
    assert answer.status_code == 302
    upload = WorkbookUpload.objects.get()
    assert (upload.state, upload.findings[0]["fault"]) == (UploadState.REFUSED, "too_big")
    assert upload.size <= 5 * 1024 * 1024 + 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\r\nb.xlsx", "<script>alert(1)</script>.xlsx", "x" * 400 + ".xlsx"]
)
def test_a_strange_file_name_is_only_text(world, name):
    clerk = client_of(world.clerk)
    upload = post(clerk, world, give_out(world, cells(world)), workbook=file_of(give_out(world, cells(world)), name))
    page = clerk.get(reverse("indicators:upload-detail", args=[upload.pk])).content
    assert b"<script>alert" not in page
    assert len(upload.file_name) <= 200
    assert "/" not in upload.file_name


def test_texts_of_the_form_stay_texts(world):
    world.count.indicator.name_en = "=1+1"
    world.count.indicator.save()
    content = client_of(world.clerk).get(address("entry-workbook", world)).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cell = sheet[locate(world, world.count, Column.INDICATOR)]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert b"<f>" not in content


def test_the_pages_ask_a_bounded_number_of_questions(world, django_assert_max_num_queries):
    clerk = client_of(world.clerk)
    upload = post(clerk, world, give_out(world, cells(world)))
    with django_assert_max_num_queries(45):
        clerk.get(reverse("indicators:upload-detail", args=[upload.pk]))


def test_a_form_of_a_submitted_submission_can_still_be_taken_out(world):
    Submission.objects.filter(pk=world.submission.pk).update(status="submitted", version=2)
    assert client_of(world.clerk).get(address("entry-workbook", world)).status_code == 200
