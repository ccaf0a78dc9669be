"""Word documents: the same bytes for the same blocks, text stays text, paper and type as an office has them."""

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from lxml import etree

from reports.documents.blocks import Chart, Closing, Grid, Heading, Paragraph, Series, Signatures, Title
from reports.documents.writer import write_document
from tests.reports.libreoffice_office import convert

DAY = date(2018, 10, 18)
HOSTILE = [
    "=1+1",
    "<w:p/>",
    "</w:t></w:r><script>alert(1)</script>",
    "&amp; & \"quoted\" 'single'",
    "{{ 7 * 7 }} {% for a in b %}",
    "a\x00b\x0bc\ufffe",
    "MERGEFIELD x \\* MERGEFORMAT",
    "😀 𠮷 长" * 40,
    "]]>",
]
BLOCKS = [
    Title("关于情况的通报", "2018年三季度"),
    Paragraph("各县（市、区）人民政府：", is_indented=False),
    Heading("一、总体情况"),
    Heading("（一）产品", 2),
    Paragraph("共 3 项。"),
    Grid(heads=["序号", "指标"], widths=[10, 100], rows=[["1", "合格率"], ["2", "名牌数"]], align="cl"),
    Paragraph("注：演示数据。", is_small=True),
    Chart(kind="columns", title="得分", categories=["产品", "工程"], series=[Series("得分", "1F497D", [98.5, None])]),
    Chart(
        kind="stacked",
        title="评定",
        categories=["一季度"],
        series=[Series("达标", "1F7A4D", [3]), Series("接近", "B86E00", [1]), Series("未填报", "7B8794", [0])],
    ),
    Chart(kind="bars", title="排名", categories=["沁县"], series=[Series("得分", "1F497D", [98])], decimals=1),
    Chart(kind="line", title="走势", categories=["一季度", "二季度"], series=[Series("a", "1F497D", [1, 2])] * 2),
    Signatures([("下达单位", "长治市人民政府"), ("责任单位", "沁县人民政府")]),
    Closing("质强办", "2018年10月18日"),
]


def write(blocks=BLOCKS, name="通报"):
    return write_document(blocks, name=name, on=DAY)


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def texts(content):
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_the_same_blocks_give_the_same_bytes():
    assert write() == write()
    assert write() != write([*BLOCKS, Paragraph("更正。")])  # the control


def test_no_clock_gets_into_the_file():
    with zipfile.ZipFile(io.BytesIO(write())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = Document(io.BytesIO(write())).core_properties
    assert (properties.title, properties.created.date(), properties.modified.date()) == ("通报", DAY, DAY)
    assert properties.author == ""


def test_every_part_is_xml_and_every_relation_leads_somewhere():
    found = parts(write())
    for name, content in found.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
    relations = etree.fromstring(found["word/_rels/document.xml.rels"])
    targets = [relation.get("Target") for relation in relations if relation.get("TargetMode") != "External"]
    assert all(f"word/{target}" in found or target.lstrip("./") in found for target in targets)
    assert sum("charts/" in target for target in targets) == 4
    roots = etree.fromstring(found["_rels/.rels"])
    assert all(relation.get("Target").lstrip("/") in found for relation in roots)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_text_from_people_stays_text(text):
    shown = text.replace("\x00", "").replace("\x0b", "").replace("\ufffe", "")
    chart = Chart(kind="columns", title=text, categories=[text], series=[Series(text, "1F497D", [1.0])])
    blocks = [
        Title(text, text),
        Heading(text),
        Paragraph(text),
        Grid(heads=[text], widths=[10], rows=[[text]], align="l"),
        chart,
        Signatures([(text, text)]),
        Closing(text, text),
    ]
    content = write(blocks, name=text)
    assert sum(shown in found for found in texts(content)) >= 7
    assert Document(io.BytesIO(content)).core_properties.title == shown
    found = parts(content)
    drawn = etree.fromstring(found["word/charts/chart1.xml"])
    assert [node.text for node in drawn.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}t")] == [shown]
    assert b"<script" not in b"".join(found.values())


def test_paper_type_and_page_numbers_are_those_of_an_office():
    document = Document(io.BytesIO(write()))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    xml = parts(write())
    body = xml["word/document.xml"].decode()
    for font in ("方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"):
        assert f'w:eastAsia="{font}"' in body + xml["word/styles.xml"].decode(), font
    assert "PAGE" in xml["word/footer1.xml"].decode()


def test_a_head_repeats_and_no_row_is_parted():
    row = Document(io.BytesIO(write())).tables[0].rows[0]._tr.xml
    assert "w:tblHeader" in row
    assert "w:cantSplit" in row


def kept(blocks):
    """Return the texts of the paragraphs that go with what follows them."""
    document = Document(io.BytesIO(write(blocks)))
    return [one.text for one in document.paragraphs if one.paragraph_format.keep_with_next and one.text]


SIGNED, CLOSED = Signatures([("下达单位", "市政府"), ("责任单位", "县政府")]), Closing("质强办", "2018年10月18日")
GRID = Grid(heads=["a"], widths=[10], rows=[["1"]], align="c")


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([Paragraph("一"), Paragraph("二"), SIGNED], ["二"]),
        ([Paragraph("一"), Paragraph("二"), CLOSED], ["二", "质强办"]),
        ([Paragraph("一"), GRID, SIGNED], []),
        ([SIGNED], []),
        ([Paragraph("一"), Paragraph("二")], []),
        ([Heading("一、"), Paragraph("一"), SIGNED], ["一、", "一"]),
    ],
)
def test_who_signs_never_stands_alone_on_a_page(blocks, expected):
    assert kept(blocks) == expected


def test_a_number_that_is_not_there_is_no_point_of_a_chart():
    chart = parts(write())["word/charts/chart1.xml"].decode()
    assert "98.5" in chart
    assert "None" not in chart
    assert "nan" not in chart.lower()


def test_a_document_may_be_empty():
    assert texts(write([])) == []


@pytest.mark.libreoffice
@pytest.mark.slow
def test_libreoffice_opens_it(tmp_path):
    source = tmp_path / "document.docx"
    source.write_bytes(write([*BLOCKS, *[Paragraph(text) for text in HOSTILE]]))
    convert([source], tmp_path / "pdf", form="pdf")
    assert (tmp_path / "pdf" / "document.pdf").read_bytes().startswith(b"%PDF")
