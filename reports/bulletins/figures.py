"""Tables and charts of a bulletin. They are kept with the text as plain values, so that both are of the same day."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from indicators.bounds import write_expected, write_value
from indicators.domains import Domain
from indicators.marks import mark_rating
from qscounty.web.formats import ABSENT, format_number, format_share
from reports.annual.document import AMBER, BLUE, FULL, GREEN, GREY, RANKED_IN_CHART, RED
from reports.bulletins import words
from reports.bulletins.content import BulletinContent
from reports.cells import Cell
from reports.documents.blocks import Block, Chart, Grid, Paragraph, Series
from reports.presenters import name_domain

_LONE = 2  # a chart of fewer, or of equal bars, says nothing that the table does not
_KINDS = {"grid": Grid, "chart": Chart, "paragraph": Paragraph}


def make_figures(key: str, content: BulletinContent) -> list[Block]:
    """Return the tables and charts of a section, none where there is nothing to show; the caller has chosen Chinese."""
    makers = {words.OVERALL: _show_domains, words.RANKING: _show_ranking, words.BEHIND: _show_behind}
    return makers[key](content) if key in makers else []


def freeze_figures(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return blocks as they are kept in the database."""
    names = {kind: name for name, kind in _KINDS.items()}
    return [{"kind_of": names[type(block)], **asdict(block)} for block in blocks]


def thaw_figures(stored: Sequence[Mapping[str, Any]]) -> list[Block]:
    """Return the blocks that were kept."""
    blocks: list[Block] = []
    for fields in stored:
        given = {key: value for key, value in fields.items() if key != "kind_of"}
        if "series" in given:
            given["series"] = [Series(**series) for series in given["series"]]
        blocks.append(_KINDS[fields["kind_of"]](**given))
    return blocks


def _show_domains(content: BulletinContent) -> list[Block]:
    known = {domain: cell for domain, cell in content.domains.items() if cell.due}
    if not known:
        return []
    rows = [[name_domain(domain), *_count(cell)] for domain, cell in known.items()]
    rows.append(["合计", *_count(content.cell)])
    heads = ["领域", "应完成", words.GREEN, words.AMBER, words.RED, words.GREY, "填报率", words.SCORE]
    return [Grid(heads=heads, widths=[36, *[17] * 7], rows=rows, align="l" + "r" * 7), _draw_domains(known)]


def _count(cell: Cell) -> list[str]:
    score = format_number(cell.score, 1) if cell.is_rated else ABSENT
    return [str(cell.due), *map(str, cell.bar.values()), format_share(cell.reported, cell.due), score]


def _draw_domains(known: Mapping[Domain, Cell]) -> Chart:
    bars = [cell.bar for cell in known.values()]
    parts = zip((words.GREEN, words.AMBER, words.RED, words.GREY), (GREEN, AMBER, RED, GREY), bars[0], strict=True)
    return Chart(
        kind="stacked",
        title=words.CHART_DOMAINS,
        categories=[name_domain(domain) for domain in known],
        series=[Series(name, colour, [bar[key] for bar in bars]) for name, colour, key in parts],
    )


def _show_ranking(content: BulletinContent) -> list[Block]:
    rows = content.league.rows
    ranked = [row for row in rows if row.place is not None]
    if not ranked:
        return []
    lines = [
        [
            row.place.text if row.place else ABSENT,
            row.region.name_zh,
            row.score,
            f"{mark_rating(row.cell.rating).shape} {mark_rating(row.cell.rating).word}".strip()
            if row.cell.due
            else "无应完成目标",
            *([str(row.cell.due), str(row.cell.green), str(row.cell.red)]),
            row.coverage,
        ]
        for row in rows
    ]
    heads = ["位次", "地区", words.SCORE, "评定", "应完成", words.GREEN, words.RED, "填报率"]
    grid = Grid(heads=heads, widths=[19, 38, 17, 26, 17, 15, 15, 17], rows=lines, align="clrcrrrr")
    shown = ranked[:RANKED_IN_CHART]
    if len(shown) < _LONE or len({row.place for row in ranked}) == 1:
        return [grid]
    title = words.CHART_RANKING if len(shown) == len(ranked) else words.CHART_FIRST.format(count=len(shown))
    return [
        grid,
        Chart(
            kind="bars",
            title=title,
            categories=[row.region.name_zh for row in shown],
            series=[Series(words.SCORE, BLUE, [row.cell.score for row in shown])],
            height=25 + 6.0 * len(shown),
            decimals=1,
            maximum=FULL,
        ),
    ]


def _show_behind(content: BulletinContent) -> list[Block]:
    if not content.behind:
        return []
    root = content.page.root.pk
    rows = []
    for number, one in enumerate(content.behind, start=1):
        result = one.result
        place = "" if result.region_id == root else f"{result.region.name_zh}\u00b7"
        rows.append(
            [
                str(number),
                result.target.indicator.name_zh,
                f"{place}{result.department.short_zh}",
                write_value(result.measured, result.target),
                write_expected(result),
                one.explanation or words.UNSAID,
            ]
        )
    heads = ["序号", "目标", "责任单位", "完成值", "应达到", "原因和措施"]
    return [Grid(heads=heads, widths=[11, 40, 30, 21, 21, 40], rows=rows, align="cllrrl")]
