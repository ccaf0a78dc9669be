"""The sentences of the annual analysis, in Chinese as every document; each is right for none, one, many and all.

The conclusion, counts and ranking are the pages' own sentences, written by `reports.sentences` and `reports.league`.
"""

import re
from collections.abc import Sequence

from indicators.engine.target import Flag
from qscounty.web.formats import compare, format_number, format_share
from qscounty.web.sentences import drop_emphasis
from reports.annual.content import AnnualContent, Reporting
from reports.cells import Cell
from reports.league import LeagueRow
from reports.movements import Movements
from reports.sentences import write_overview

LOW_SHARE = 0.895
"""Below this share of figures reported over the year, shown as less than 90 %, a department is named."""
_NAMED = 5
_GAPS = re.compile(r"(?<=[\u3001-\u9fff\uff00-\uffef]) (?=[\d▲▼])|(?<=[\d%]) (?=[\u3001-\u9fff])")


def close_up(sentence: str) -> str:
    """Return the sentence without the spaces that pages set between characters and digits."""
    return _GAPS.sub("", sentence)


def write_conclusion(content: AnnualContent) -> str:
    """Return how the year stands at its end, and against the year before."""
    if not content.cell.total:
        return "本年无目标结果。"
    told = drop_emphasis(write_overview(content.cell, domains=content.domains, before=None))
    return told + write_year_on_year(content.cell, content.before)


def write_year_on_year(cell: Cell, before: Cell | None) -> str:
    """Return the change of the score since the same quarter of the year before; why not, where there is none."""
    if not cell.is_rated:
        return ""
    change = compare(cell.score, before.score if before is not None and before.is_rated else None)
    if change is None:
        return f"综合得分 {format_number(cell.score, 1)} 分；上年同期无得分，不作比较。"
    said = {"same": "与上年同期持平", "up": f"比上年同期提高 {change.size} 分"}
    ending = said.get(change.direction, f"比上年同期下降 {change.size} 分")
    return f"综合得分 {format_number(cell.score, 1)} 分，{ending}。"


def write_domain(name: str, cell: Cell, before: Cell | None) -> str:
    """Return how one domain stands."""
    if not cell.due:
        return f"{name}：本期无应完成目标。"
    counts = f"{name}：应完成 {cell.due} 项，达标 {cell.green} 项、接近 {cell.amber} 项、落后 {cell.red} 项"
    counts += f"，未填报 {cell.not_reported} 项" if cell.not_reported else ""
    if not cell.is_rated:
        return f"{counts}；填报不足，不作评定。"
    return f"{counts}。{write_year_on_year(cell, before)}"


def write_ranking(rows: Sequence[LeagueRow]) -> str:
    """Return first and last of the regions, and how many have too little reported for a place."""
    ranked = [row for row in rows if row.place is not None]
    if not rows:
        return "本方案未向下级地区分解目标，不作排名。"
    if not ranked and not any(row.cell.due for row in rows):
        return "各地区本期均无应完成目标，不作排名。"
    if not ranked:
        return f"{len(rows)} 个地区填报均不足，不作排名。"
    left = len(rows) - len(ranked)
    rest = f"另有 {left} 个地区填报不足，不列位次。" if left else ""
    best = [row for row in ranked if row.place and row.place.number == 1]
    if len(ranked) == 1:
        return f"仅{best[0].region.name}可评定，得分 {best[0].score} 分。{rest}"
    if len(best) == len(ranked):
        return f"{len(ranked)} 个地区得分相同，均为 {best[0].score} 分。{rest}"
    worst = ranked[-1]
    first = f"{best[0].region.name}居首（{best[0].score} 分）"
    if len(best) > 1:
        first = f"{len(best)} 个地区并列首位（{best[0].score} 分）"
    return f"参加排名的 {len(ranked)} 个地区中，{first}，{worst.region.name}居末（{worst.score} 分）。{rest}"


def write_movements(moved: Movements) -> str:
    """Return how many targets did better or worse than in the same quarter of the year before."""
    if not moved.compared:
        return "上年同期与本期均有评定的目标为零，无从比较。"
    parts = [(moved.better, "好转"), (moved.worse, "变差"), (moved.same, "不变")]
    said = "、".join(f"{count} 项{word}" for count, word in parts if count)
    also = [(moved.fresh, "项为本期新评定"), (moved.lost, "项本期不再有评定")]
    rest = "，".join(f"{count} {word}" for count, word in also if count)
    return f"与上年同期均有评定的 {moved.compared} 项目标中，{said}。" + (f"另有 {rest}。" if rest else "")


def write_unmet(content: AnnualContent) -> str:
    """Return how many targets are behind at the end, and how many of them the list shows."""
    if not content.cell.rated:
        return "本期无评定结果。"
    if not content.unmet_count:
        return "已评定的目标中无落后项。"
    silent = sum(not one.explanation for one in content.unmet)
    shown = len(content.unmet)
    rest = f"，下表列出最突出的 {shown} 项" if shown < content.unmet_count else "，逐项列于下表"
    words = f"其中 {silent} 项责任单位未说明原因" if silent else "责任单位均已说明原因"
    return f"本期落后目标 {content.unmet_count} 项{rest}；{words}。"


def write_outlook(content: AnnualContent) -> str:
    """Return what the engine's outlook and trend say about the targets' dates."""
    flags = content.flags
    parts = [
        (flags[Flag.ACHIEVED], "终期目标已实现"),
        (flags[Flag.CERTAIN], "到期必能达到"),
        (flags[Flag.AT_RISK], "按近八个季度走势到期可能达不到"),
        (flags[Flag.OUT_OF_REACH], "到期已无法达到"),
    ]
    said = "，".join(f"{count} 项{word}" for count, word in parts if count)
    if not said:
        return "现有数据不足以判断到期前景。"
    return f"从现有数据看，{said}。"


def write_completeness(rows: Sequence[Reporting]) -> str:
    """Return how complete the year's figures are, and which departments are well below."""
    due, reported = sum(row.due for row in rows), sum(row.reported for row in rows)
    if not due:
        return "本年无应填报数据。"
    first = f"全年应填报 {due} 项次，已填报 {reported} 项次，填报率 {format_share(reported, due)}。"
    if reported == due:
        return f"{first}各部门均已填报齐全。"
    low = [row for row in rows if row.reported < row.due * LOW_SHARE]
    if not low:
        return f"{first}各部门填报率均在 90% 以上。"
    named = "、".join(f"{row.department.short_zh}（{format_share(row.reported, row.due)}）" for row in low[:_NAMED])
    return f"{first}填报率低于 90% 的部门有 {len(low)} 个：{named}{'等' if len(low) > _NAMED else ''}。"
