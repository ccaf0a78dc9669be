"""Writes an official document: paper, type and spacing after GB/T 9704-2012, and the same bytes for the same blocks.

Text stays text: whatever people wrote is set as a run and escaped by the XML writer; characters that XML does not know
are dropped. Fonts are named, not embedded: 方正小标宋 for titles, 仿宋 for the body, 黑体 and 楷体 for headings.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.documents.blocks import Block, Chart, Closing, Grid, Heading, Paragraph, Signatures, Title
from reports.documents.charts import write_chart

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TITLE, _BODY, _HEAD, _SUBHEAD, _SONG = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
_LATIN = "Times New Roman"
_ALIGN = {"l": WD_ALIGN_PARAGRAPH.LEFT, "c": WD_ALIGN_PARAGRAPH.CENTER, "r": WD_ALIGN_PARAGRAPH.RIGHT}
_WIDE = 156.0  # of the text, in millimetres
_LONG = 225.0


def write_document(blocks: Iterable[Block], *, name: str, on: date) -> bytes:
    """Return the bytes of a Word document. `name` and `on` are what its properties say; no clock gets into it."""
    document = Document()
    _set_up(document, name=name, on=on)
    for block in blocks:
        _WRITERS[type(block)](document, block)
    return _pack(document)


def _set_up(document: Any, *, name: str, on: date) -> None:
    body = document.element.body
    for child in list(body):
        if child.tag != qn("w:sectPr"):
            body.remove(child)
    for key, relation in list(document.part.package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:  # of the template, not of this document
            del document.part.package.rels[key]
    section = document.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    _number_pages(section)
    style = document.styles["Normal"]
    style.font.size = Pt(16)
    _set_font(style.element, _BODY)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)
    properties, at = document.core_properties, datetime(on.year, on.month, on.day, tzinfo=UTC)
    properties.title, properties.author, properties.last_modified_by = _clean(name), "", ""
    properties.created = properties.modified = at
    properties.comments, properties.language = "", "zh-CN"


def _number_pages(section: Any) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, kind in (("— ", ""), ("PAGE", "field"), (" —", "")):
        run = paragraph.add_run("" if kind else text)
        _dress(run, _SONG, 14)
        if kind:
            for part in ("begin", text, "end"):
                element = OxmlElement("w:instrText" if part == text else "w:fldChar")
                if part == text:
                    element.text = text
                else:
                    element.set(qn("w:fldCharType"), part)
                run._r.append(element)


def _set_font(element: Any, font: str) -> None:
    fonts = element.get_or_add_rPr().get_or_add_rFonts()
    for name in [key for key in fonts.attrib if "Theme" in key]:
        del fonts.attrib[name]
    for name, value in (("ascii", _LATIN), ("hAnsi", _LATIN), ("cs", _LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{name}"), value)


def _dress(run: Any, font: str, size: float, *, bold: bool = False) -> None:
    run.font.size, run.font.bold = Pt(size), bold
    _set_font(run._r, font)


def _add(
    document: Any,
    text: str,
    *,
    font: str = _BODY,
    size: float = 16,
    align: str = "l",
    indent: float = 0,
    line: float = 28,
    bold: bool = False,
) -> Any:
    """Add one paragraph; `indent` in characters, `line` in points."""
    paragraph = document.add_paragraph()
    _dress(paragraph.add_run(_clean(text)), font, size, bold=bold)
    paragraph.alignment = _ALIGN[align]
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    if indent:
        form.first_line_indent = Pt(size * indent)
    return paragraph


def _write_title(document: Any, block: Title) -> None:
    paragraph = _add(document, block.text, font=_TITLE, size=22, align="c", line=34)
    paragraph.paragraph_format.space_after = Pt(0 if block.below else 22)
    if block.below:
        below = _add(document, block.below, font=_SUBHEAD, size=16, align="c")
        below.paragraph_format.space_after = Pt(18)


def _write_heading(document: Any, block: Heading) -> None:
    paragraph = _add(document, block.text, font=_HEAD if block.level == 1 else _SUBHEAD, indent=2)
    paragraph.paragraph_format.keep_with_next = True
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), str(block.level - 1))
    paragraph._p.get_or_add_pPr().append(level)


def _write_paragraph(document: Any, block: Paragraph) -> None:
    size, line = (10.5, 16) if block.is_small else (16, 28)
    paragraph = _add(document, block.text, size=size, line=line, indent=2 if block.is_indented else 0)
    if block.is_small:
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(3), Pt(10)


def _write_grid(document: Any, block: Grid) -> None:
    scale = _WIDE / sum(block.widths)
    table = document.add_table(rows=0, cols=len(block.heads))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    table._tbl.tblPr.append(parse_xml(_CELL_MARGINS))
    rows = "".join(_write_row(block, cells, scale, is_head=not n) for n, cells in enumerate([block.heads, *block.rows]))
    for row in parse_xml(f"<w:tbl {_NAMESPACE}>{rows}</w:tbl>"):
        table._tbl.append(row)
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, block.widths, strict=True):
        column.w = Mm(width * scale)
    gap = document.add_paragraph()
    gap.paragraph_format.line_spacing = Pt(10)


_NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CELL_MARGINS = (
    f'<w:tblCellMar {_NAMESPACE}><w:left w:w="50" w:type="dxa"/><w:right w:w="50" w:type="dxa"/></w:tblCellMar>'
)
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_JUST = {"l": "left", "c": "center", "r": "right"}


def _write_row(block: Grid, cells: Iterable[str], scale: float, *, is_head: bool) -> str:
    """Return a row's XML; a table of a hundred rows through the object model takes a tenth of a second."""
    font = _HEAD if is_head else _SONG
    look = (
        f'<w:rPr><w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:cs="{_LATIN}" w:eastAsia="{font}"/>'
        '<w:sz w:val="19"/><w:szCs w:val="19"/></w:rPr>'
    )
    head = "<w:tblHeader/>" if is_head else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>' if is_head else ""
    parts = [f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>"]
    for text, width, align in zip(cells, block.widths, block.align, strict=True):
        just = "center" if is_head else _JUST[align]
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{round(width * scale * 56.7)}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
            f'</w:tcPr><w:p><w:pPr><w:spacing w:before="30" w:after="30" w:line="260" w:lineRule="exact"/>'
            f'<w:jc w:val="{just}"/>{look}</w:pPr><w:r>{look}<w:t xml:space="preserve">'
            f"{_clean(text).translate(_MARKUP)}</w:t></w:r></w:p></w:tc>"
        )
    return "".join([*parts, "</w:tr>"])


def _write_chart(document: Any, block: Chart) -> None:
    package = document.part.package
    number = sum(1 for part in package.iter_parts() if part.content_type == _CHART_TYPE) + 1
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), _CHART_TYPE, write_chart(block), package)
    key = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph = document.add_paragraph()
    form = paragraph.paragraph_format
    form.line_spacing_rule, form.alignment = WD_LINE_SPACING.SINGLE, WD_ALIGN_PARAGRAPH.CENTER
    form.space_after = Pt(6)
    wide, high = Mm(_WIDE), Mm(block.height)
    paragraph.add_run()._r.append(parse_xml(_DRAWING.format(wide=wide, high=high, number=number, key=key)))


_DRAWING = (
    f"<w:drawing {_NAMESPACE}"
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
    '<wp:docPr id="{number}" name="Chart {number}"/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="{key}"/>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing>"
)


def _write_signatures(document: Any, block: Signatures) -> None:
    _keep_last_paragraph(document)
    document.add_paragraph().paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=len(block.parties))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, True
    for cell, (role, name) in zip(table.rows[0].cells, block.parties, strict=True):
        lines = [f"{role}：", name, "（盖章）", "", "负责人（签字）：", "", "　　年　　月　　日"]
        for place, text in enumerate(lines):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            _dress(paragraph.add_run(_clean(text)), _BODY, 16)
            paragraph.paragraph_format.keep_with_next = True
            if text == name or place == 2:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    row = table.rows[0]._tr.get_or_add_trPr()
    row.append(OxmlElement("w:cantSplit"))


def _keep_last_paragraph(document: Any) -> None:
    """Let the text's last paragraph go with what follows: who signs never stands alone on a page."""
    before = [child for child in document.element.body if not child.tag.endswith("}sectPr")][-1:]
    if before and before[0].tag.endswith("}p"):
        document.paragraphs[-1].paragraph_format.keep_with_next = True
        document.paragraphs[-1].paragraph_format.keep_together = True


def _write_closing(document: Any, block: Closing) -> None:
    _keep_last_paragraph(document)
    for place, text in enumerate((block.office, block.day)):
        paragraph = _add(document, text, align="r")
        paragraph.paragraph_format.right_indent = Pt(32)
        paragraph.paragraph_format.space_before = Pt(0 if place else 28)
        paragraph.paragraph_format.keep_with_next = not place


_WRITERS: dict[type, Callable[[Any, Any], None]] = {
    Title: _write_title,
    Heading: _write_heading,
    Paragraph: _write_paragraph,
    Grid: _write_grid,
    Chart: _write_chart,
    Signatures: _write_signatures,
    Closing: _write_closing,
}


def _clean(text: str) -> str:
    return _ILLEGAL.sub("", text)


def _pack(document: Any) -> bytes:
    """Return the package with fixed times and order of its parts."""
    made, packed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
