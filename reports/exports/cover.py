"""The cover: what this is, of which quarter and by whom, what is inside, and where to sign."""

from collections.abc import Iterator, Sequence

from openpyxl import Workbook

from qscounty.web.times import format_instant
from reports.exports import words
from reports.exports.layout import Sheet
from reports.exports.pages import Cell, cells, merge, set_up_page
from reports.exports.remarks import quarter_words
from reports.exports.sheet_xml import row
from reports.exports.source import Edition
from reports.exports.styles import Look, Styles

CONTENTS = {
    Sheet.SUMMARY: "结论、总体数字、落后指标和图",
    Sheet.REGIONS: "各地区的应报、已报、评级和得分",
    Sheet.DOMAINS: "五个领域的应报、已报、评级和得分",
    Sheet.DEPARTMENTS: "各责任单位的应报、已报、评级和得分",
    Sheet.DETAIL: "逐项指标：目标、完成、完成率、评级，公式可复算",
    Sheet.NOT_REPORTED: "应报未报的指标及责任单位",
    Sheet.CORRECTIONS: "审核通过后又更正的填报值",
    Sheet.DEFINITIONS: "指标口径、计算方法、条款和存疑",
    Sheet.SOURCES: "取自公开资料的数据及其出处",
    Sheet.THRESHOLDS: "评级起点、允差和各列算法",
    Sheet.MANIFEST: "行数、校验码和数据版本",
}
WIDTHS = (4, 18, 34, 18, 34, 4)
_SIGNATURES = (
    ("填报单位（盖章）", ""),
    ("负责人（签字）", ""),
    ("填报人（签字）", ""),
    ("填报日期", "　　　　年　　月　　日"),
)
SPAN = "A1:F24"
_TITLE_ROW, _SUBTITLE_ROW, _QUARTER_ROW, _MARK_ROW = 2, 3, 4, 5
_FACTS_ROW, _CONTENTS_ROW, _SIGN_ROW = 7, 12, 21


def prepare_cover(workbook: Workbook, *, mark: str, running_title: str) -> None:
    """Add the sheet with everything but its rows; it prints on one page."""
    sheet = workbook.create_sheet(Sheet.COVER)
    set_up_page(sheet, mark=mark, running_title=running_title)
    sheet.page_setup.fitToHeight = 1
    sheet.print_options.verticalCentered = True
    sheet.print_area = SPAN
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    merge(sheet, *(f"B{n}:E{n}" for n in (_TITLE_ROW, _SUBTITLE_ROW, _QUARTER_ROW, _MARK_ROW, _CONTENTS_ROW)))


def write_cover(edition: Edition, styles: Styles, *, mark: str) -> Iterator[str]:
    """Yield the rows."""
    programme = edition.programme
    lines = (
        (_TITLE_ROW, Look.COVER_TITLE, programme.name_zh, 48),
        (_SUBTITLE_ROW, Look.COVER_TITLE, "目标完成情况报表", 44),
        (_QUARTER_ROW, Look.COVER_LINE, f"（{quarter_words(edition.quarter)}）", 30),
        (_MARK_ROW, Look.MARK, mark and f"【{mark}】含非真实数据，仅供演示，不得上报", 22),
    )
    yield row(1, (), height=24)
    for number, look, text, height in lines:
        yield row(number, cells(number, [Cell(styles.number(look), text)], first=2), height=height)
    facts = _list_facts(edition)
    yield from _write_pairs(facts, _FACTS_ROW, styles, height=26)
    heading = [Cell(styles.number(Look.HEADER), text) for text in ("目　　录", "", "", "")]
    yield row(_CONTENTS_ROW, cells(_CONTENTS_ROW, heading, first=2), height=24)
    yield from _write_pairs(list(CONTENTS.items()), _CONTENTS_ROW + 1, styles, height=22)
    yield from _write_pairs(_SIGNATURES, _SIGN_ROW, styles, height=36)


def _list_facts(edition: Edition) -> list[tuple[str, str]]:
    programme = edition.programme
    due = edition.due_on
    return [
        ("方案", programme.name_zh),
        ("文号", programme.document_number or words.ABSENT),
        ("编报单位", programme.office.name_zh),
        ("实施地区", programme.region.name_zh),
        ("报告期", quarter_words(edition.quarter)),
        ("填报截止", f"{due:%Y年%m月%d日}" if due else words.ABSENT),
        ("数据口径", "责任单位填报并审核通过的数据"),
        ("数据截至", format_instant(edition.as_of)),
    ]


def _write_pairs(pairs: Sequence[tuple[str, str]], first: int, styles: Styles, *, height: float) -> Iterator[str]:
    """Yield rows of two pairs each; a missing last one is left blank."""
    name, text = styles.number(Look.HEADER), styles.number(Look.TEXT)
    for place in range(0, len(pairs), 2):
        number = first + place // 2
        two = [*pairs[place : place + 2], ("", "")][:2]
        found = [cell for label, said in two for cell in (Cell(name, str(label)), Cell(text, said))]
        yield row(number, cells(number, found, first=2), height=height)


def register_styles(styles: Styles) -> None:
    """Ask for every style that the rows will use."""
    for look in (Look.COVER_TITLE, Look.COVER_LINE, Look.MARK, Look.HEADER, Look.TEXT):
        styles.number(look)
