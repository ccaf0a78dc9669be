"""Evidence files: what is taken, where it lies, who gets it, and what a full disk or a cut request leaves behind."""

import errno
import os
import zipfile
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from departments.errors import Invalid, Locked, NotAllowed
from departments.models import AuditEntry, Region, User
from departments.roles import Role
from indicators import evidence_files
from indicators.actions.evidence import attach_evidence, remove_evidence
from indicators.evidence_files import MOST_BYTES, MOST_FILES, NoRoom, check_content, clean_name, locate, store
from indicators.models import Evidence, Submission
from indicators.presenters.evidence import write_size
from tests.integration.entry_world import World, make_user, make_world

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0" + bytes(40) + b"\xff\xd9"


def office_file(*names: str, main: str = "xl/workbook.xml", content: bytes = b"<x/>") -> bytes:
    box = BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as package:
        for name in ("[Content_Types].xml", main, *names):
            package.writestr(name, content)
    return box.getvalue()


XLSX, DOCX = office_file(), office_file(main="word/document.xml")


@pytest.fixture(autouse=True)
def english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


# What is taken


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.pdf", PDF, "pdf"),
        ("A.PDF", PDF, "pdf"),
        ("照片.png", PNG, "png"),
        ("a.jpg", JPG, "jpg"),
        ("a.jpeg", JPG, "jpg"),
        ("a.xlsx", XLSX, "xlsx"),
        ("a.docx", DOCX, "docx"),
    ],
)
def test_what_it_says_it_is_is_taken(name: str, content: bytes, kind: str) -> None:
    assert check_content(name=name, content=content) == kind


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        pytest.param("a.pdf", b"", "is empty", id="nothing"),
        pytest.param("a.pdf", PDF + bytes(MOST_BYTES), "larger than 10 MB", id="too large"),
        pytest.param("a.exe", b"MZ", "only PDF", id="a program"),
        pytest.param("a.html", b"<script>", "only PDF", id="a page"),
        pytest.param("a.svg", b"<svg/>", "only PDF", id="a picture with scripts"),
        pytest.param("a", PDF, "only PDF", id="no ending"),
        pytest.param("a.xls", b"\xd0\xcf\x11\xe0", "only PDF", id="an old workbook"),
        pytest.param("a.xlsm", XLSX, "only PDF", id="a workbook with macros by name"),
        pytest.param("a.pdf", b"MZ" + PDF, "not what the ending says", id="a program called .pdf"),
        pytest.param("a.pdf", PDF[:20], "not what the ending says", id="a PDF cut off"),
        pytest.param("a.png", JPG, "not what the ending says", id="a JPG called .png"),
        pytest.param("a.png", PNG[:20], "not what the ending says", id="a PNG cut off"),
        pytest.param("a.jpg", b"<html>", "not what the ending says", id="a page called .jpg"),
        pytest.param("a.jpg", JPG[:-2], "not what the ending says", id="a JPG cut off"),
        pytest.param("a.docx", XLSX, "not what the ending says", id="a workbook called .docx"),
        pytest.param("a.xlsx", b"PK\x03\x04", "not what the ending says", id="a package cut off"),
        pytest.param("a.xlsx", XLSX[:-9], "not what the ending says", id="a package without its end"),
        pytest.param("a.xlsx", office_file("xl/vbaProject.bin"), "not what the ending says", id="macros"),
        pytest.param("a.xlsx", office_file("../evil"), "not what the ending says", id="a path upwards"),
        pytest.param("a.xlsx", office_file("/etc/x"), "not what the ending says", id="a path from the root"),
        pytest.param("a.xlsx", office_file(content=bytes(110_000_000)), "not what the ending says", id="a zip bomb"),
        pytest.param(
            "a.xlsx", office_file(*(f"x{n}" for n in range(2000))), "not what the ending says", id="2,002 parts"
        ),
    ],
)
def test_what_is_not_is_refused_by_name(name: str, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        check_content(name=name, content=content)
    assert str(refused.value).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\li\\扫描件.pdf", "扫描件.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("  报告.pdf ", "报告.pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        (".pdf", ".pdf"),
        ("", ""),
    ],
)
def test_names_lose_paths_and_marks(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept
    assert len(clean_name(sent)) <= 120


@pytest.mark.parametrize("digest", ["../../../etc/passwd", "a" * 63, "G" * 64, ""])
def test_a_path_is_made_of_digests_alone(digest: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        locate(digest=digest, kind="pdf")
    with pytest.raises(ValueError, match="SHA-256"):
        locate(digest="a" * 64, kind="html")


@pytest.mark.parametrize(
    ("size", "text"), [(1, "1\u00a0kB"), (2048, "2\u00a0kB"), (1_500_000, "1.4\u00a0MB"), (MOST_BYTES, "10\u00a0MB")]
)
def test_sizes_are_read_easily(size: int, text: str) -> None:
    assert write_size(size) == text


# On the disk


def files_below(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def test_a_file_is_brought_to_the_disk_before_it_has_its_name(media: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    seen: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append("sync"), real_sync(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda one, other: (seen.append("rename"), real_replace(one, other))[1])
    path = store(content=PDF, digest="a" * 64, kind="pdf")
    assert seen == ["sync", "rename", "sync"]
    assert path.read_bytes() == PDF
    assert path == media / "evidence" / "aa" / f"{'a' * 64}.pdf"


@pytest.mark.parametrize("where", ["os.fsync", "pathlib.Path.replace", "tempfile.mkstemp"])
def test_a_full_disk_leaves_nothing_and_says_so(media: Path, monkeypatch, where: str) -> None:  # type: ignore[no-untyped-def]
    def fail(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(where, fail)
    with pytest.raises(NoRoom, match="disk is full") as refused:
        store(content=PDF, digest="a" * 64, kind="pdf")
    assert refused.value.status == HTTPStatus.INSUFFICIENT_STORAGE
    assert files_below(media) == []


def test_the_web_server_knows_no_folder_of_evidence(settings) -> None:  # type: ignore[no-untyped-def]
    from django.conf import settings as real

    assert not settings.MEDIA_URL.strip("/")
    assert not str(real.MEDIA_ROOT).startswith(str(real.STATIC_ROOT))


# Attaching


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def attach(world: World, *, name: str = "report.pdf", content: bytes = PDF, by: User | None = None) -> Evidence:
    return attach_evidence(
        submission=world.submission, series=world.rate, name=name, content=content, by=by or world.clerk
    )


def test_a_file_is_kept_whole_with_its_digest(world: World, media: Path) -> None:
    evidence = attach(world)
    [path] = files_below(media)
    assert path.read_bytes() == PDF
    assert path.stem == evidence.digest
    entry = AuditEntry.objects.get(event="evidence_attached")
    assert (entry.details["name"], entry.details["digest"]) == ("report.pdf", evidence.digest)


def test_the_same_file_counts_once(world: World, media: Path) -> None:
    assert attach(world) == attach(world, name="again.pdf")
    assert Evidence.objects.count() == 1
    assert len(files_below(media)) == 1


def test_the_same_bytes_at_two_figures_lie_once(world: World, media: Path) -> None:
    attach(world)
    attach_evidence(submission=world.submission, series=world.count, name="b.pdf", content=PDF, by=world.clerk)
    assert Evidence.objects.count() == 2
    assert len(files_below(media)) == 1


def test_only_the_departments_clerk_attaches(world: World, media: Path) -> None:
    for person in (world.reviewer, world.office, world.foreign_clerk):
        with pytest.raises(NotAllowed):
            attach(world, by=person)
    assert files_below(media) == []


def test_a_closed_or_submitted_form_takes_no_files(world: World, media: Path) -> None:
    evidence = attach(world)
    Submission.objects.filter(pk=world.submission.pk).update(status="submitted", version=2)
    with pytest.raises(Locked):
        attach(world, content=PDF + b"2")
    with pytest.raises(Locked):
        remove_evidence(evidence=evidence, by=world.clerk)
    Submission.objects.filter(pk=world.submission.pk).update(status="withdrawn", version=3)
    world.close()
    with pytest.raises(Locked):
        attach(world, content=PDF + b"2")
    assert len(files_below(media)) == 1


def test_a_figure_takes_a_bounded_number_of_files(world: World) -> None:
    for number in range(MOST_FILES):
        attach(world, content=PDF + str(number).encode())
    with pytest.raises(Invalid, match="10 files are attached already"):
        attach(world, content=PDF + b"one more")


def test_removing_hides_and_keeps(world: World, media: Path) -> None:
    evidence = attach(world)
    remove_evidence(evidence=evidence, by=world.clerk)
    remove_evidence(evidence=evidence, by=world.clerk)
    assert list(AuditEntry.objects.values_list("event", flat=True)).count("evidence_removed") == 1
    assert len(files_below(media)) == 1
    assert client_of(world.clerk).get(f"/evidence/{evidence.pk}/").status_code == 404
    assert attach(world).pk != evidence.pk


def test_a_full_disk_leaves_no_row(world: World, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def fail(**kwargs: object) -> None:
        raise NoRoom("full")

    monkeypatch.setattr("indicators.actions.evidence.store", fail)
    with pytest.raises(NoRoom):
        attach(world)
    assert not Evidence.objects.exists()
    assert not AuditEntry.objects.filter(event="evidence_attached").exists()


def test_the_database_keeps_content_and_place(world: World) -> None:
    evidence = attach(world)
    rows = Evidence.objects.filter(pk=evidence.pk)
    for change in ({"digest": "b" * 64}, {"name": "x.pdf"}, {"series": world.count}, {"uploaded_by": world.reviewer}):
        with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        rows.delete()
    Submission.objects.filter(pk=world.submission.pk).update(status="submitted", version=2)
    with pytest.raises(IntegrityError, match="takes no changes"), transaction.atomic():
        rows.update(removed_at=evidence.uploaded_at, removed_by=world.clerk)


# Over HTTP


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.get(pk=user.pk))
    return client


def send(world: World, client: Client, *files: tuple[str, bytes], complete: bool = True, **headers: str):  # type: ignore[no-untyped-def]
    sent = [SimpleUploadedFile(name, content, "application/octet-stream") for name, content in files]
    data: dict[str, object] = {"evidence": sent} | ({"complete": "1"} if complete else {})
    return client.post(f"/entry/{world.submission.pk}/evidence/{world.rate.pk}/", data, headers=headers)


def test_a_double_click_on_remove_is_answered_alike_and_done_once(world: World) -> None:
    evidence, client = attach(world), client_of(world.clerk)
    answers = [client.post(f"/evidence/{evidence.pk}/remove/") for _click in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert AuditEntry.objects.filter(event="evidence_removed").count() == 1
    assert client_of(world.foreign_clerk).post(f"/evidence/{evidence.pk}/remove/").status_code == 404


def test_without_scripts_a_page_takes_files_and_shows_them(world: World) -> None:
    client = client_of(world.clerk)
    page = client.get(f"/entry/{world.submission.pk}/evidence/{world.rate.pk}/").content.decode()
    assert "Nothing is attached" in page
    answer = send(world, client, ("report.pdf", PDF), ("照片.png", PNG))
    page = client.get(answer.headers["Location"]).content.decode()
    assert "2 files are attached" in page
    assert "report.pdf" in page
    assert "照片.png" in page


def test_a_script_gets_the_row_with_its_files(world: World) -> None:
    answer = send(world, client_of(world.clerk), ("report.pdf", PDF), **{"x-requested-with": "fetch"})
    assert answer.status_code == 200
    assert "report.pdf" in answer.json()["rows"][str(world.rate.pk)]


@pytest.mark.parametrize(
    ("files", "complete", "words"),
    [
        pytest.param([], True, "No file was chosen", id="none"),
        pytest.param([("a.pdf", PDF)], False, "did not arrive whole", id="cut off"),
        pytest.param([("a.exe", b"MZ")], True, "only PDF", id="a program"),
    ],
)
def test_refusals_say_why_and_keep_nothing(world: World, media: Path, files: list, complete: bool, words: str) -> None:
    for headers in ({}, {"x-requested-with": "fetch"}):
        answer = send(world, client_of(world.clerk), *files, complete=complete, **headers)
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert files_below(media) == []


def test_a_file_that_is_too_large_is_refused_without_being_held(world: World, media: Path) -> None:
    answer = send(world, client_of(world.clerk), ("big.pdf", PDF + bytes(MOST_BYTES + 5_000_000)))
    assert (answer.status_code, files_below(media)) == (422, [])
    assert "larger than 10 MB" in answer.content.decode()


def test_a_full_disk_is_507_and_one_sentence(world: World, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def fail(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(evidence_files.os, "fsync", fail)
    answer = send(world, client_of(world.clerk), ("a.pdf", PDF))
    assert answer.status_code == 507
    assert "disk is full" in answer.content.decode()
    assert not Evidence.objects.exists()


def test_a_download_is_a_safe_attachment(world: World) -> None:
    evidence = attach(world, name='质量 "报告"; x=1\r\nSet-Cookie: a.pdf')
    answer = client_of(world.reviewer).get(f"/evidence/{evidence.pk}/")
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert AuditEntry.objects.filter(event="evidence_opened", by=world.reviewer).count() == 1


def test_names_are_text_on_every_page(world: World) -> None:
    attach(world, name="<img src=x onerror=alert(1)>.pdf")
    for address in (f"/entry/{world.submission.pk}/", f"/entry/{world.submission.pk}/evidence/{world.rate.pk}/"):
        page = client_of(world.clerk).get(address).content.decode()
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_results_readers_see_files_of_approved_forms_only(world: World) -> None:
    leader = make_user("leader", Role.LEADER, region=world.programme.region)
    above = world.programme.region.parent
    elsewhere = Region.objects.create(
        code="1401", level="city", name_zh="太原市", name_en="Taiyuan", short_zh="太原", parent=above
    )
    stranger = make_user("stranger", Role.LEADER, region=elsewhere)
    evidence = attach(world)
    address = f"/evidence/{evidence.pk}/"
    assert client_of(leader).get(address).status_code == 404
    now = evidence.uploaded_at
    rows = Submission.objects.filter(pk=world.submission.pk)
    rows.update(status="submitted", version=2, submitted_by=world.clerk, submitted_at=now)
    rows.update(status="approved", version=3, decided_by=world.reviewer, decided_at=now)
    assert client_of(leader).get(address).status_code == 200
    assert client_of(world.foreign_clerk).get(address).status_code == 404
    assert client_of(stranger).get(address).status_code == 404


def test_a_file_that_was_lost_from_the_disk_is_not_found(world: World, media: Path) -> None:
    evidence = attach(world)
    for path in files_below(media):
        path.unlink()
    assert client_of(world.clerk).get(f"/evidence/{evidence.pk}/").status_code == 404


def test_a_figure_of_another_form_is_not_found(world: World) -> None:
    address = f"/entry/{world.submission.pk}/evidence/{world.rate.pk + 1000}/"
    assert client_of(world.clerk).get(address).status_code == 404
