"""Layouts of the province's own: what is refused and where, how rows are made, what is filled in, who may."""

import io
import zipfile
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InternalError, transaction
from django.utils.translation import override
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.workbook.defined_name import DefinedName

from departments.errors import DomainError, NotAllowed
from departments.models import AuditEntry
from indicators.models import Indicator
from indicators.workbook_rows import Fault
from reports.actions import export_jobs
from reports.actions.layouts import Unfit, upload_layout, use_layout
from reports.exports.jobs import process_due_exports
from reports.exports.rollups import HEADINGS, KEYS
from reports.exports.sheet_xml import clean_text
from reports.exports.source import find_edition
from reports.layout_words import describe_read
from reports.layouts.content import load_content
from reports.layouts.example import write_example
from reports.layouts.guard import read_layout
from reports.layouts.heights import fit_heights, list_widths
from reports.layouts.places import NameFault
from reports.layouts.room import shift_formula
from reports.layouts.vocabulary import ROLLUP, WORDS
from reports.models import ExportJob, OwnLayout
from tests.builders import Q3
from tests.reports.publication_world import make_publishing_world

STATE = "?programme=changzhi-test&quarter=2018Q3"
ENGLISH = {"accept-language": "en"}
NAMES = {
    "qs_programme": "'表'!$B$1",
    "qs_quarter": "'表'!$B$2",
    "qs_detail_indicator": "'表'!$A$5",
    "qs_detail_measured": "'表'!$B$5",
    "qs_detail_rating": "'表'!$C$5",
    "qs_domain_name": "'表'!$A$9",
    "qs_domain_total": "'表'!$B$9",
}


def make_layout(change=None, **names):
    """Return a layout of one sheet with a table of results, its sum, and one of domains below."""
    book = Workbook()
    sheet = book.active
    sheet.title = "表"
    sheet["A1"], sheet["A2"], sheet["A4"], sheet["A6"], sheet["A8"] = "方案", "报告期", "指标", "合计", "领域"
    sheet["D5"], sheet["B6"], sheet["B10"] = "=B5*2", "=COUNTA(B5:B5)", "=SUM(B9:B9)+B6"
    sheet["A5"].font = Font(bold=True)
    sheet.row_dimensions[5].height, sheet.row_dimensions[6].height = 31, 44
    sheet.merge_cells("A11:C11")
    sheet.print_area = "A1:D11"
    for name, place in (NAMES | names).items():
        if place:
            book.defined_names[name] = DefinedName(name, attr_text=place)
    if change:
        change(book, sheet)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(content, name, text):
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, text)
    return file.getvalue()


def test_the_vocabulary_is_that_of_the_workbook():
    assert dict(zip(KEYS[:15], HEADINGS[:15], strict=True)) == ROLLUP


def test_the_example_holds_every_name_and_is_a_layout():
    read = read_layout(write_example())
    assert read.is_good
    assert [place.name for place in read.places] == list(WORDS)
    assert write_example() == write_example()


NAME_FAULTS = [
    ({"qs_detail_measurd": "'表'!$E$5"}, NameFault.UNKNOWN, "qs_detail_measured may be meant", "E5"),
    ({"qs_zzz": "'表'!$E$5"}, NameFault.UNKNOWN, "delete it in the name manager", "E5"),
    ({"qs_quarter": ""}, NameFault.MISSING, "the name is missing", ""),
    ({"qs_domain_name": ""}, NameFault.MISSING, "the name is missing", ""),
    ({"qs_office": "'表'!$B$1"}, NameFault.OVERLAP, "taken by qs_programme", "B1"),
    ({"qs_office": "'表'!$E$5"}, NameFault.OVERLAP, "taken by qs_detail_indicator", "E5"),
    ({"qs_detail_unit": "'表'!$E$7"}, NameFault.SCATTERED, "in one row", "E7"),
    ({"qs_office": "'表'!$B$11"}, NameFault.MERGED, "A11:C11", "B11"),
    ({"qs_office": "'表'!$B$6"}, NameFault.FORMULA, "holds a formula", "B6"),
    ({"qs_office": "'别'!$B$6"}, NameFault.BAD_PLACE, "single cell", "B6"),
    ({"qs_office": "'表'!$E$6:$F$6"}, NameFault.BAD_PLACE, "single cell", "E6"),
    ({"qs_office": "#REF!"}, NameFault.BAD_PLACE, "single cell", ""),
]


@pytest.mark.parametrize(("names", "fault", "words", "cell"), NAME_FAULTS)
def test_every_problem_is_told_with_name_and_cell(names, fault, words, cell):
    read = read_layout(make_layout(**names))
    assert [found.fault for found in read.faults] == [fault]
    with override("en"):
        (sentence,) = describe_read(read)
    assert words in sentence
    assert cell in sentence
    assert next(iter(names)) in sentence


FORMULAS = [
    ("=[1]Sheet1!A1", True),
    ("='C:\\[b.xlsx]S'!A1", True),
    ("=cmd|'/c calc'!A0", True),
    ('=WEBSERVICE("http://x")', True),
    ("=rtd(A1)", True),
    ('="[1]|"&A1', False),
    ("=SUM(B5:B5)/2", False),
]


@pytest.mark.parametrize(("formula", "is_refused"), FORMULAS)
def test_formulas_stay_unless_they_draw_on_something_outside(formula, is_refused):
    def change(_book, sheet):
        sheet["F1"] = formula

    read = read_layout(make_layout(change))
    assert [(found.fault, found.cell) for found in read.findings] == [(Fault.EXTERNAL_LINK, "F1")] * is_refused


def name_outside(book, _sheet):
    book.defined_names["other"] = DefinedName("other", attr_text="[1]S!$A$1")


HOSTILE = [
    (b"", Fault.EMPTY_FILE),
    (b"%PDF-1.7", Fault.NOT_A_WORKBOOK),
    (b"PK\x03\x04" + b"x" * (5 * 2**20), Fault.TOO_BIG),
    (b"PK\x03\x04", Fault.DAMAGED),
    (with_part(make_layout(), "xl/vbaProject.bin", b"x"), Fault.MACROS),
    (with_part(make_layout(), "xl/drawings/drawing1.xml", b"<a/>"), Fault.ACTIVE_PART),
    (with_part(make_layout(), "xl/externalLinks/externalLink1.xml", b"<a/>"), Fault.EXTERNAL_LINK),
    (with_part(make_layout(), "xl/a.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), Fault.DOCTYPE),
    (make_layout(name_outside), Fault.EXTERNAL_LINK),
    (make_layout(lambda _book, sheet: sheet.cell(5001, 1, 1)), Fault.FAR_CELL),
]


@pytest.mark.parametrize(("content", "fault"), HOSTILE, ids=[fault for _content, fault in HOSTILE])
def test_files_from_outside_are_refused_by_the_child(content, fault):
    assert [found.fault for found in read_layout(content).findings] == [fault]


def test_the_control_of_the_guard_is_taken():
    assert read_layout(make_layout()).is_good


@pytest.mark.parametrize(
    ("formula", "home", "moved"),
    [
        ("=A5", "表", "=A5"),
        ("=A6", "表", "=A9"),
        ("=SUM(A5:A5)", "表", "=SUM(A5:A8)"),
        ("=SUM($A$2:$A$4)", "表", "=SUM($A$2:$A$4)"),
        ("=SUM(A2:A7)", "表", "=SUM(A2:A10)"),
        ("=SUM(A6:A7)", "表", "=SUM(A9:A10)"),
        ("=A6", "别", "=A6"),
        ("='表'!A6+A6", "别", "='表'!A9+A6"),
        ("=SUM(5:5)", "表", "=SUM(5:8)"),
        ("=SUM(A:A)", "表", "=SUM(A:A)"),
        ('="A6"&A6', "表", '="A6"&A9'),
    ],
)
def test_formulas_move_as_when_a_person_inserts_rows(formula, home, moved):
    assert shift_formula(formula, home=home, sheet="表", row=5, extra=3) == moved


@pytest.fixture
def city(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return make_publishing_world()


def keep(city, content=None, **changes):
    content = content or make_layout()
    given = {"programme": city.programme, "file_name": "省表.xlsx", "content": content, "by": city.asker}
    return upload_layout(**(given | {"read": read_layout(content)} | changes))


def fill(city, layout, **changes):
    """Return the job and the filled workbook."""
    given = {"programme": city.programme, "quarter": Q3, "kind": "own", "layout": layout, "by": city.asker}
    job = export_jobs.ask_for_export(**(given | changes))
    process_due_exports()
    job.refresh_from_db()
    assert job.error == ""
    return job, load_workbook(export_jobs.path_of(job))


def test_the_layout_is_filled_and_everything_else_moves_along(city):
    _job, book = fill(city, keep(city))
    sheet, count = book["表"], len(city.world.allocations)
    assert (sheet["B1"].value, sheet["B2"].value) == (city.programme.name_zh, "2018年三季度")
    names = [sheet.cell(row, 1).value for row in range(5, 5 + count)]
    assert len(set(names)) > 1
    assert None not in names
    assert all(sheet.cell(row, 1).font.bold for row in range(5, 5 + count))
    assert {sheet.row_dimensions[row].height for row in range(5, 5 + count)} == {31}
    assert sheet.cell(4 + count, 4).value == f"=B{4 + count}*2"
    below = 5 + count
    assert (sheet.cell(below, 1).value, sheet.row_dimensions[below].height) == ("合计", 44)
    assert sheet.cell(below, 2).value == f"=COUNTA(B5:B{below - 1})"
    first = below + 3
    last = next(row for row in range(first, first + 9) if sheet.cell(row + 1, 1).value is None)
    assert sum(sheet.cell(row, 2).value for row in range(first, last + 1)) == count  # no total stands among its parts
    assert sheet.cell(last + 1, 2).value == f"=SUM(B{first}:B{last})+B{below}"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == [f"A{last + 2}:C{last + 2}"]
    assert sheet.print_area == f"'表'!$A$1:$D${last + 2}"


def test_tables_hold_no_totals_whatever_stands_below_what(city):
    allocations = city.world.allocations
    whole = load_content(find_edition(programme=city.programme, quarter=Q3))
    for block in ("county", "domain", "department"):
        lines = whole.blocks[block]
        assert sum(line["total"] for line in lines) == whole.singles["total_total"] == len(allocations)
        assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
        assert "合计" not in {line["name"] for line in lines}


def wrap(column):
    def change(_book, sheet):
        for letter, width in (("A", 10), ("B", 9)):
            sheet.column_dimensions[letter].width = width
        sheet[f"{column}5"].alignment = Alignment(wrap_text=True)

    return change


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        pytest.param(wrap("A"), 80, 130, id="wrapped: as high as the name needs"),
        pytest.param(wrap("B"), 31, 31, id="a wrapped column of numbers: as the office set it"),
        pytest.param(None, 31, 31, id="not wrapped: as the office set it"),
    ],
)
def test_a_row_is_as_high_as_its_wrapped_text(city, change, least, most):
    Indicator.objects.filter(pk=city.world.allocations[0].target.indicator_id).update(name_zh="很长的指标名称" * 4)
    _job, book = fill(city, keep(city, make_layout(change)))
    heights = {
        sheet_row[0].value: book["表"].row_dimensions[sheet_row[0].row].height for sheet_row in book["表"]["A5:A5"]
    }
    assert least <= heights["很长的指标名称" * 4] <= most


HEIGHTS = [
    ("短", 18.0, 18.0),
    ("产品质量监督抽查合", 18.0, 18.0),
    ("一行两行" * 6, 18.0, 3 * 9 * 1.35 + 4),
    ("abcdefghijklmnopqrs", 18.0, 18.0),
    ("一\n二\n三\n四", 18.0, 4 * 9 * 1.35 + 4),
    ("字" * 5000, 18.0, 409.0),
    (12345678901234, 18.0, 18.0),
    ("一行两行" * 6, None, None),
]


@pytest.mark.parametrize(("value", "height", "expected"), HEIGHTS)
def test_heights_are_the_least_that_was_set_and_the_most_that_is_shown(value, height, expected):
    sheet = Workbook().active
    sheet.column_dimensions["B"].width = 18
    sheet["B2"], sheet["B2"].alignment, sheet["B2"].font = value, Alignment(wrap_text=True), Font(sz=9)
    sheet.row_dimensions[2].height = height
    fit_heights(sheet, first=2, count=1, columns=[2])
    found = sheet.row_dimensions[2].height
    assert found == (None if expected is None else pytest.approx(expected))


def test_widths_of_neighbours_kept_together_are_each_ones():
    book = Workbook()
    for letter in "BCD":
        book.active.column_dimensions[letter].width = 12.5
    book.active.column_dimensions.group("B", "D", outline_level=0)
    file = io.BytesIO()
    book.save(file)
    assert list_widths(load_workbook(file).active) == {2: 12.5, 3: 12.5, 4: 12.5}


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /c calc'!A0", "@SUM(A1)", "#N/A", "-2+3", "\t=1", "a\x07b", "_x0041_"]
)
def test_text_never_becomes_a_formula(city, text):
    Indicator.objects.filter(pk=city.world.allocations[0].target.indicator_id).update(name_zh=text)
    _job, book = fill(city, keep(city))
    cells = [row[0] for row in book["表"].iter_rows(min_row=5, max_row=4 + len(city.world.allocations), max_col=1)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert clean_text(text) in {cell.value for cell in cells}


def test_the_same_edition_and_version_give_the_same_bytes(city):
    edition, layout = city.publish(), keep(city)
    first, book = fill(city, layout, publication=edition)
    city.correct()
    again, _book = fill(city, layout, publication=edition)
    live, _book = fill(city, layout)
    assert first.sha256 == again.sha256 != live.sha256
    assert book["表"]["B1"].value == city.programme.name_zh


def test_the_example_can_be_filled(city):
    _job, book = fill(city, keep(city, write_example()))
    assert book["明细"].max_row >= 2 + len(city.world.allocations)
    assert book["按领域"]["B3"].value


def test_the_version_in_use_is_taken_and_old_ones_stay(city):
    with override("en"), pytest.raises(DomainError, match="No layout of the province is in use"):
        fill(city, None)
    old = keep(city)
    use_layout(layout=old, by=city.publisher)
    content = make_layout(qs_office="'表'!$E$1")
    new = keep(city, content)
    assert fill(city, None)[0].layout == old
    use_layout(layout=new, by=city.publisher)
    assert fill(city, None)[0].layout == new
    with override("en"), pytest.raises(DomainError, match="in use already"):
        use_layout(layout=new, by=city.asker)
    with override("en"), pytest.raises(DomainError, match="version 2 already"):
        keep(city, content)
    assert list(OwnLayout.objects.values_list("version", flat=True)) == [2, 1]
    events = AuditEntry.objects.filter(event__startswith="layout_").order_by("position")
    assert [event.event for event in events] == ["layout_uploaded", "layout_used"] * 2
    assert events[0].details["sha256"] == old.sha256


def test_what_was_uploaded_is_never_changed_or_deleted(city):
    layout = keep(city)
    for change in ({"file": b"x"}, {"sha256": "x"}, {"version": 9}, {"places": [1]}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            OwnLayout.objects.filter(pk=layout.pk).update(**change)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        layout.delete()
    with pytest.raises(IntegrityError, match="exportjob_layout_of_its_kind"), transaction.atomic():
        ExportJob.objects.create(programme=city.programme, quarter=Q3, kind="own", asked_by=city.asker, asked_at=layout.uploaded_at)  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("person", ["leader", "clerk", "stranger", "auditor"])
def test_only_the_leadership_office_sets_a_layout(city, person):
    layout = keep(city)
    for act in (lambda by: keep(city, by=by), lambda by: use_layout(layout=layout, by=by)):
        with pytest.raises(NotAllowed):
            act(getattr(city.world, person))


def send(client, content):
    file = SimpleUploadedFile("省表.xlsx", content)
    return client.post(f"/layouts/upload/{STATE}", {"workbook": file, "complete": "1"}, headers=ENGLISH)


def test_the_pages_lead_from_the_example_to_the_file(client, city):
    client.force_login(city.asker)
    assert "No layout of your own yet" in client.get(f"/layouts/{STATE}", headers=ENGLISH).content.decode()
    example = b"".join(client.get(f"/layouts/example.xlsx{STATE}").streaming_content)
    answer = send(client, example)
    page = client.get(answer.headers["Location"], headers=ENGLISH)
    assert "would fill 95 cells and columns" in page.content.decode()
    pk = OwnLayout.objects.get().pk
    assert "own_key" not in client.get(f"/exports/{STATE}").content.decode()
    assert client.post(f"/layouts/{pk}/try/{STATE}", {"key": str(uuid4())}).status_code == 302
    assert client.post(f"/layouts/{pk}/use/{STATE}", {"key": str(uuid4())}).status_code == 302
    assert "Fill the province" in client.get(f"/exports/{STATE}", headers=ENGLISH).content.decode()
    assert "Version 1 is in use since" in client.get(f"/layouts/{STATE}", headers=ENGLISH).content.decode()
    assert process_due_exports() == 1
    assert b"".join(client.get(f"/layouts/{pk}/file/{STATE}").streaming_content) == example


def test_one_look_tells_the_faults_of_formulas_and_of_names(client, city):
    def change(_book, sheet):
        sheet["F1"] = '=WEBSERVICE("http://x")'

    client.force_login(city.asker)
    page = send(client, make_layout(change, qs_zzz="'表'!$E$5", qs_quarter="")).content.decode()
    assert all(words in page for words in ("qs_zzz (“表”, E5)", "qs_quarter: the name is missing", "row 1, column F"))


def test_a_file_that_was_not_read_to_its_end_says_nothing_of_names():
    read = read_layout(make_layout(lambda _book, sheet: sheet.cell(5001, 1, 1), qs_quarter=""))
    assert (len(read.findings), read.faults) == (1, ())


def test_a_refused_file_leaves_nothing_but_its_problems(client, city):
    client.force_login(city.asker)
    answer = send(client, make_layout(qs_zzz="'表'!$E$5", qs_quarter=""))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "qs_zzz (“表”, E5): the name is not known" in page
    assert "qs_quarter: the name is missing" in page
    assert not OwnLayout.objects.exists()
    refused = AuditEntry.objects.get(event="refused")
    assert len(refused.details["problems"]) == 2
    with pytest.raises(Unfit):
        keep(city, b"PK\x03\x04")
