"""The annual analysis as a Word document: eight parts, each a sentence from the data, then its table or chart."""

from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import override

from indicators.bounds import write_bound, write_expected, write_value
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.marks import Mark, mark_rating, mark_result
from indicators.models.attainment import Attainment
from qscounty.web.formats import ABSENT, compare, format_number, format_quarter, format_ratio, format_share
from reports.annual import text
from reports.annual.content import YEAR, AnnualContent, Reporting
from reports.cells import EMPTY, Cell
from reports.documents.blocks import Block, Chart, Closing, Grid, Heading, Paragraph, Series, Title
from reports.documents.writer import write_document
from reports.movements import Movement
from reports.presenters import name_domain
from reports.selectors import find_freshness

GREEN, AMBER, RED, GREY, BLUE, PALE = "1F7A4D", "B86E00", "B3261E", "7B8794", "0F4C81", "9DB7CF"
RANKED_IN_CHART = 30
FULL = 110.0
"""Where the axis of scores ends: a score of 100 has room for its number."""
_COUNTS = ["应完成", "达标", "接近", "落后", "未填报", "填报率", "得分"]


def write_annual(content: AnnualContent) -> bytes:
    """Return the bytes of the document; the same results of the same day give the same bytes."""
    at, _regions, _units = find_freshness(content.page)
    programme, quarter = content.page.programme, content.page.quarter
    day = timezone.localtime(at).date() if at is not None else quarter.ends_before
    name = f"{programme.short_zh}{quarter.year}年年终分析报告"
    with override("zh-hans"):
        return write_document(list(compose_annual(content)), name=name, on=day)


def compose_annual(content: AnnualContent) -> Iterator[Block]:
    """Yield the whole report; the caller has chosen Chinese."""
    programme, quarter = content.page.programme, content.page.quarter
    until = "" if content.is_whole else f"（截至{_short(quarter)}）"
    yield Title(f"{quarter.year}年年终分析报告{until}", f"（{programme.name_zh}）")
    if not content.is_whole:
        yield Paragraph(f"本报告数据截至{format_quarter(quarter.year, quarter.number)}，全年尚未结束。")
    yield from _write_year(content)
    yield from _write_domains(content)
    yield from _write_regions(content)
    yield from _write_movements(content)
    yield from _write_unmet(content)
    yield from _write_outlook(content)
    yield from _write_reporting(content)
    if content.cell.demonstration:
        yield Paragraph("注：本报告含演示数据，不代表实际完成情况。", is_small=True)
    yield Closing(programme.office.name_zh, f"数据截至{format_quarter(quarter.year, quarter.number)}")


def _say(sentence: str) -> Paragraph:
    """Return a sentence as a paragraph; documents set no space between characters and digits."""
    return Paragraph(text.close_up(sentence))


def _write_year(content: AnnualContent) -> Iterator[Block]:
    yield Heading("一、总体情况")
    yield _say(text.write_conclusion(content))
    if not any(cell.due for cell in content.year.values()):
        return
    rows = [[_short(quarter), *_count(cell)] for quarter, cell in content.year.items()]
    before = content.page.quarter - YEAR
    if content.before is not None and content.before.due:
        rows.insert(0, [f"{before.year}年{_short(before)}", *_count(content.before)])
    yield Grid(heads=["季度", *_COUNTS], widths=[30, *[18] * 7], rows=rows, align="l" + "r" * 7)
    yield _chart_ratings(
        "各季度评定情况（项）", [_short(quarter) for quarter in content.year], [*content.year.values()]
    )


def _short(quarter: Quarter) -> str:
    return f"{'一二三四'[quarter.number - 1]}季度"


def _count(cell: Cell) -> list[str]:
    """Return a cell's counts, share reported and score; dashes where nothing was due."""
    if not cell.due:
        return [ABSENT] * len(_COUNTS)
    counts = [cell.due, cell.green, cell.amber, cell.red, cell.not_reported]
    return [*map(str, counts), format_share(cell.reported, cell.due), _score(cell)]


def _score(cell: Cell) -> str:
    return format_number(cell.score if cell.is_rated else None, 1)


def _chart_ratings(title: str, names: Sequence[str], cells: Sequence[Cell]) -> Chart:
    parts = [
        ("达标", GREEN, [cell.green for cell in cells]),
        ("接近", AMBER, [cell.amber for cell in cells]),
        ("落后", RED, [cell.red for cell in cells]),
        ("未填报", GREY, [cell.not_reported for cell in cells]),
    ]
    return Chart(kind="stacked", title=title, categories=names, series=[Series(*part) for part in parts])


def _write_domains(content: AnnualContent) -> Iterator[Block]:
    yield Heading("二、分领域情况")
    if not content.domains:
        yield Paragraph("本期各领域均无结果。")
        return
    for domain, cell in content.domains.items():
        yield _say(text.write_domain(name_domain(domain), cell, content.domains_before.get(domain)))
    rated = [domain for domain, cell in content.domains.items() if cell.is_rated]
    if rated:
        yield _chart_domains(content, rated)


def _chart_domains(content: AnnualContent, rated: Sequence[Domain]) -> Chart:
    now = [content.domains[domain].score for domain in rated]
    then = [content.domains_before.get(domain, EMPTY) for domain in rated]
    series = [Series("本期", BLUE, now)]
    if any(cell.is_rated for cell in then):
        series.insert(0, Series("上年同期", PALE, [cell.score if cell.is_rated else None for cell in then]))
    return Chart(
        kind="columns",
        title="各领域得分（分）",
        categories=[name_domain(d) for d in rated],
        series=series,
        decimals=1,
        maximum=FULL,
    )


def _write_regions(content: AnnualContent) -> Iterator[Block]:
    yield Heading("三、地区排名")
    rows = content.league.rows
    yield _say(text.write_ranking(rows))
    if not any(row.place for row in rows):
        return
    yield Grid(
        heads=["位次", "地区", "得分", "比上年同期", "评定", "达标/应完成", "填报率"],
        widths=[18, 36, 18, 24, 24, 26, 18],
        rows=[
            [
                row.place.text if row.place else ABSENT,
                row.region.name_zh,
                row.score,
                _change(row.cell.score if row.cell.is_rated else None, content.scores_before.get(row.region.pk)),
                _mark(mark_rating(row.cell.rating)) if row.cell.due else "无到期目标",
                f"{row.cell.green}/{row.cell.due}",
                row.coverage,
            ]
            for row in rows
        ],
        align="clrrcrr",
    )
    ranked = [row for row in rows if row.place][:RANKED_IN_CHART]
    if len(ranked) > 1:
        title = "各地区得分（分）" if len(ranked) < RANKED_IN_CHART else f"得分居前的{RANKED_IN_CHART}个地区（分）"
        scores = Series("得分", BLUE, [row.cell.score for row in ranked])
        names = [row.region.name_zh for row in ranked]
        height = 25 + 6.0 * len(ranked)
        yield Chart(
            kind="bars", title=title, categories=names, series=[scores], height=height, decimals=1, maximum=FULL
        )


def _change(now: float | None, before: float | None) -> str:
    change = compare(now, before)
    return ABSENT if change is None else change.signed if change.direction != "same" else "持平"


def _mark(mark: Mark) -> str:
    return f"{mark.shape} {mark.word}".strip()


def _write_movements(content: AnnualContent) -> Iterator[Block]:
    moved = content.movements
    yield Heading("四、与上年同期比较")
    yield _say(text.write_movements(moved))
    kinds = [("变差的目标", moved.worst, moved.worse), ("好转的目标", moved.best, moved.better)]
    for numeral, (title, rows, count) in zip("一二", [kind for kind in kinds if kind[1]], strict=False):
        yield Heading(f"（{numeral}）{title}", 2)
        yield _grid_movements(rows)
        if len(rows) < count:
            yield Paragraph(f"注：共{count}项，列出前{len(rows)}项。", is_small=True)


def _grid_movements(rows: Sequence[Movement]) -> Grid:
    return Grid(
        heads=["序号", "目标", "地区、责任单位", "上年同期", "本期"],
        widths=[12, 64, 44, 20, 20],
        rows=[
            [str(number), row.name, row.place, _mark(row.before), _mark(row.after)]
            for number, row in enumerate(rows, start=1)
        ],
        align="cllcc",
    )


def _write_unmet(content: AnnualContent) -> Iterator[Block]:
    yield Heading("五、未完成目标及原因")
    yield _say(text.write_unmet(content))
    if not content.unmet:
        return
    rows = []
    for number, one in enumerate(content.unmet, start=1):
        result = one.result
        rows.append(
            [
                str(number),
                result.target.indicator.name_zh,
                _write_owner(content, result),
                write_value(result.measured, result.target),
                write_expected(result),
                format_ratio(result.ratio),
                one.explanation or "未说明",
            ]
        )
    yield Grid(
        heads=["序号", "目标", "责任单位", "完成值", "应达到", "完成率", "原因"],
        widths=[11, 42, 30, 19, 19, 17, 32],
        rows=rows,
        align="cllrrrl",
    )


def _write_owner(content: AnnualContent, result: Attainment) -> str:
    """Return whose a result is: the region, unless it is the programme's own, and the department."""
    place = [result.region.name_zh] if result.region_id != content.page.root.pk else []
    return "\u00b7".join([*place, result.department.short_zh])


def _write_outlook(content: AnnualContent) -> Iterator[Block]:
    yield Heading("六、前景研判")
    yield _say(text.write_outlook(content))
    if not content.ahead:
        return
    rows = []
    for number, one in enumerate(content.ahead, start=1):
        result, due = one.result, one.result.target.due_quarter
        bound = write_bound(result.target, result.level, result.level_hi)
        rows.append(
            [
                str(number),
                result.target.indicator.name_zh,
                _write_owner(content, result),
                write_value(result.measured, result.target),
                one.projection or ABSENT,
                f"{bound}（{format_quarter(due.year, due.number)}）",
                _mark(mark_result(result.rating, result.gap)),
            ]
        )
    yield Grid(
        heads=["序号", "目标", "责任单位", "现值", "按走势到期", "目标（到期）", "现评定"],
        widths=[11, 42, 26, 18, 20, 32, 18],
        rows=rows,
        align="cllrrlc",
    )


def _write_reporting(content: AnnualContent) -> Iterator[Block]:
    yield Heading("七、数据完整性")
    yield _say(text.write_completeness(content.reporting))
    if not content.reporting:
        return
    yield Grid(
        heads=["部门", *[_short(quarter) for quarter in content.quarters], "全年", "填报率"],
        widths=[40, *[22] * len(content.quarters), 24, 20],
        rows=[_row_reporting(row) for row in content.reporting],
        align="l" + "r" * (len(content.quarters) + 2),
    )
    yield Paragraph("注：各季度为已填报项数/应填报项数，“—”为当季无应填报目标。", is_small=True)


def _row_reporting(row: Reporting) -> list[str]:
    quarters = [f"{cell.reported}/{cell.due}" if cell else ABSENT for cell in row.quarters]
    return [row.department.short_zh, *quarters, f"{row.reported}/{row.due}", format_share(row.reported, row.due)]
