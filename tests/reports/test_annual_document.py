"""The annual analysis as a document: its parts for a full, a half-reported and an empty year, of all programmes."""

import io
import re
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.utils.translation import override
from docx import Document

from departments.roles import Role
from indicators.engine.target import Flag, Gap, Rating
from indicators.models import Programme
from reports.actions.export_jobs import ask_for_export, path_of
from reports.annual.content import load_annual
from reports.annual.document import compose_annual, write_annual
from reports.documents.blocks import Chart, Grid, Heading, Paragraph
from reports.exports.job_context import make_context
from reports.exports.jobs import process_due_exports
from reports.models import ExportJob, ExportKind
from tests.builders import Q3, make_figure, make_programme, make_result, make_user, roll_up
from tests.reports import export_world
from tests.reports.libreoffice_office import convert
from tests.reports.publication_world import make_publishing_world

pytestmark = pytest.mark.django_db

HOSTILE = "</w:t><script>alert(1)</script> {{ 7 * 7 }} =1+1 &"
HEADS = [
    "一、总体情况",
    "二、分领域情况",
    "三、地区排名",
    "四、与上年同期比较",
    "五、未完成目标及原因",
    "六、前景研判",
    "七、数据完整性",
]


@pytest.fixture(autouse=True)
def _private_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def city():
    return make_publishing_world()


def content_of(city, programme=None, quarter=Q3, publication=None):
    job = ExportJob(
        programme=programme or city.programme,
        quarter=quarter,
        asked_by=city.asker,
        kind=ExportKind.ANNUAL,
        publication=publication,
    )
    return load_annual(make_context(job))


def compose(city, **about):
    with override("zh-hans"):
        return list(compose_annual(content_of(city, **about)))


def heads(blocks):
    return [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]


def said(blocks):
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


def texts(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_a_year_has_all_seven_parts_and_its_charts(city):
    blocks = compose(city)
    assert heads(blocks) == HEADS
    assert blocks[0].text == "2018年年终分析报告（截至三季度）"
    assert [block.kind for block in blocks if isinstance(block, Chart)] == ["stacked", "columns", "bars"]
    assert "本报告数据截至2018年三季度，全年尚未结束。" in said(blocks)
    assert "15项到期目标中6项达标，3项接近，3项落后，3项未填报。" in said(blocks)


def test_numbers_of_the_tables_are_those_of_the_pages(city):
    content = content_of(city)
    grids = [block for block in compose(city) if isinstance(block, Grid)]
    assert grids[0].rows[-1][:6] == ["三季度", "15", "6", "3", "3", "3"]
    unmet = next(grid for grid in grids if "原因" in grid.heads)
    assert len(unmet.rows) == content.unmet_count == content.cell.red == 3
    assert {row[-1] for row in unmet.rows} == {"未说明"}


def test_the_departments_reason_stands_beside_what_is_behind(city):
    red = city.programme.attainments.filter(quarter=Q3, rating=Rating.RED.value).first()
    make_figure(red.allocation.series, explanation="检测设备更新。")
    grid = next(block for block in compose(city) if isinstance(block, Grid) and "原因" in block.heads)
    assert sorted(row[-1] for row in grid.rows) == ["未说明", "未说明", "检测设备更新。"]


def test_what_moved_is_numbered_from_one_whichever_way_it_moved(city):
    for allocation in city.world.allocations:
        make_result(allocation, Q3 - 4, rating=Rating.RED)
    roll_up(city.programme)
    blocks = compose(city)
    assert [block.text for block in blocks if isinstance(block, Heading) and block.level == 2] == ["（一）好转的目标"]
    grid = next(
        block for block in blocks if isinstance(block, Grid) and "上年同期" in block.heads and "序号" in block.heads
    )
    assert [row[3] for row in grid.rows] == ["■ 落后"] * 9
    assert grid.rows[0][4] == "● 达标"


def test_a_year_in_which_nobody_reported_says_so(city):
    city.programme.attainments.all().delete()
    for allocation in city.world.allocations:
        make_result(allocation, rating=Rating.GREY, gap=Gap.NOT_REPORTED)
    roll_up(city.programme)
    blocks = compose(city)
    assert heads(blocks) == HEADS
    for sentence in ("15项到期目标均未填报。", "2个地区填报均不足，不作排名。", "无从比较", "本期无评定结果。"):
        assert sentence in said(blocks)
    assert not [block for block in blocks if isinstance(block, Grid) and "位次" in block.heads]


def test_an_empty_programme_has_an_empty_report(city):
    blocks = compose(city, programme=make_programme(city.world.city))
    assert heads(blocks) == HEADS
    assert not [block for block in blocks if isinstance(block, Grid | Chart)]
    for sentence in ("本年无目标结果。", "本方案未向下级地区分解目标", "本年无应填报数据。", "不足以判断到期前景"):
        assert sentence in said(blocks), said(blocks)


def test_what_will_miss_its_date_is_listed(city):
    city.programme.attainments.filter(quarter=Q3, rating=Rating.GREEN.value).update(flags=int(Flag.AT_RISK))
    roll_up(city.programme)
    blocks = compose(city)
    grid = next(block for block in blocks if isinstance(block, Grid) and "按走势到期" in block.heads)
    assert len(grid.rows) == 6
    assert "6项按近八个季度走势到期可能达不到" in said(blocks)


def test_an_edition_is_analysed_as_it_was_published(city):
    edition = city.publish()
    before = write_annual(content_of(city, publication=edition))
    city.correct()
    assert write_annual(content_of(city, publication=edition)) == before
    assert write_annual(content_of(city)) != before  # the control: the approved results have moved on


def test_hostile_words_stay_words_in_the_file(city):
    red = city.programme.attainments.filter(quarter=Q3, rating=Rating.RED.value).first()
    type(red.target.indicator).objects.filter(pk=red.target.indicator_id).update(name_zh=HOSTILE)
    make_figure(red.allocation.series, explanation=HOSTILE)
    found = texts(write_annual(content_of(city)))
    assert found.count(HOSTILE) >= 2


def test_demonstration_data_is_said(city):
    assert "演示数据" not in said(compose(city))
    city.programme.attainments.update(is_demonstration=True)
    roll_up(city.programme)
    assert "本报告含演示数据" in said(compose(city))


def test_a_job_makes_the_file(client, city):
    client.force_login(city.asker)
    answer = client.post("/exports/ask/?programme=changzhi-test&quarter=2018Q3", {"key": uuid4(), "kind": "annual"})
    assert answer.status_code == HTTPStatus.FOUND
    assert process_due_exports() == 1
    job = ExportJob.objects.get()
    assert path_of(job).read_bytes() == write_annual(content_of(city))
    assert job.file_name.endswith("_2018年_审核通过_年终分析报告.docx")
    page = client.get("/exports/?programme=changzhi-test&quarter=2018Q3", headers={"accept-language": "en"})
    assert "Annual analysis" in page.content.decode()
    assert "Make the annual analysis of 2018" in page.content.decode()


def test_a_job_of_every_kind_keeps_its_own_file(city):
    jobs = [
        ask_for_export(programme=city.programme, quarter=Q3, by=city.asker, kind=kind)
        for kind in (ExportKind.WORKBOOK, ExportKind.ANNUAL, ExportKind.LETTERS)
    ]
    assert process_due_exports() == 3
    assert [path_of(job).suffix for job in jobs] == [".xlsx", ".docx", ".zip"]
    assert all(path_of(job).is_file() for job in jobs)


@pytest.mark.slow
def test_all_five_programmes_have_a_report():
    loaded = export_world.load_programmes()
    assert len(loaded) == 5
    for programme in loaded:
        user = make_user(Role.OFFICE, at=programme.region)
        job = ExportJob(programme=programme, quarter=programme.last_quarter, asked_by=user, kind=ExportKind.ANNUAL)
        content = load_annual(make_context(job))
        with override("zh-hans"):
            blocks = list(compose_annual(content))
        assert heads(blocks) == HEADS, programme.code
        assert not re.search("None|nan", said(blocks)), programme.code
        assert texts(write_annual(content))[0] == f"{programme.last_quarter.year}年年终分析报告"


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_opens_it(city, tmp_path):
    sources = [tmp_path / "full.docx", tmp_path / "empty.docx"]
    sources[0].write_bytes(write_annual(content_of(city)))
    empty = Programme.objects.get(pk=make_programme(city.world.city).pk)
    sources[1].write_bytes(write_annual(content_of(city, programme=empty)))
    convert(sources, tmp_path / "pdf", form="pdf")
    assert all((tmp_path / "pdf" / f"{name}.pdf").read_bytes().startswith(b"%PDF") for name in ("full", "empty"))
