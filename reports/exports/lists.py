"""The sheets that are plain tables: not reported, corrections, definitions, sources, thresholds and rules."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from indicators.engine.target import Accumulation, Basis, MarginKind, Path, Scale, Window
from indicators.models import ApprovedFigure
from qscounty.web.times import format_instant
from reports.exports import formulas, words
from reports.exports.figures import list_corrections
from reports.exports.layout import COLUMNS, FIRST_ROW, LETTERS, MARGIN_ROWS, Sheet, detail_range
from reports.exports.pages import Cell, Frame, Table, cells, height_of, prepare
from reports.exports.remarks import Remarks, quarter_words
from reports.exports.sheet_xml import Value, row
from reports.exports.source import Edition, TargetFacts
from reports.exports.styles import Look, Styles

WIDTHS = {
    Sheet.NOT_REPORTED: (6, 12, 10, 40, 34, 12, 50, 9),
    Sheet.CORRECTIONS: (6, 12, 34, 14, 10, 10, 10, 10, 10, 10, 18, 40),
    Sheet.DEFINITIONS: (5, 8.5, 20, 8, 9, 14, 32, 14, 14, 22, 13, 18, 24),
    Sheet.SOURCES: (6, 60, 90),
    Sheet.THRESHOLDS: (6, 30, 12, 12, 90, 12),
}
HEADINGS = {
    Sheet.NOT_REPORTED: ("序号", "地区", "领域", "指标名称", "责任单位", "条款", "备注", "明细行次"),
    Sheet.CORRECTIONS: (
        *("序号", "地区", "指标名称", "所属季度", "更正前数值", "更正前分子", "更正前分母"),
        *("更正后数值", "更正后分子", "更正后分母", "核准时间", "更正说明"),
    ),
    Sheet.DEFINITIONS: (
        *("序号", "领域", "指标名称", "计量单位", "条款", "目标原文", "口径", "分子", "分母", "计算方法"),
        *("考核期", "责任单位", "存疑说明"),
    ),
    Sheet.SOURCES: ("编号", "资料名称", "网址"),
    Sheet.THRESHOLDS: ("序号", "项目", "数值", "单位", "说明", "依据"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainSheet:
    """A table whose rows are known before it is written; `printed` absent: all columns."""

    sheet: Sheet
    frame: Frame
    rows: Sequence[Sequence[Cell]]
    printed: int = 0
    is_signed: bool = False

    def as_table(self) -> Table:
        """Return the table that the page is set up for."""
        return Table(
            sheet=self.sheet,
            frame=self.frame,
            headings=HEADINGS[self.sheet],
            widths=WIDTHS[self.sheet],
            rows=len(self.rows),
            printed=self.printed,
            frozen=1,
            is_signed=self.is_signed,
        )

    def write(self) -> Iterator[str]:
        """Yield the rows of the table."""
        return write_cells(self.rows, WIDTHS[self.sheet])


def write_cells(rows: Iterable[Sequence[Cell]], widths: Sequence[float]) -> Iterator[str]:
    """Yield rows from the first one of a table on, as high as their texts need."""
    for number, found in enumerate(rows, start=FIRST_ROW):
        height = height_of((cell.value, width) for cell, width in zip(found, widths, strict=True))
        yield row(number, cells(number, found), height=height)


def prepare_list(workbook: Workbook, plain: PlainSheet, *, running_title: str) -> Table:
    """Add the sheet with everything but its rows."""
    table = plain.as_table()
    prepare(workbook, table, running_title=running_title)
    return table


def list_unreported(listed: Sequence[dict[str, Value]], styles: Styles, *, rows: int) -> Iterator[list[Cell]]:
    """Yield the rows of what was due and not reported, each found on the detail sheet by a formula.

    The last column holds the row's place there, so that a figure filled in leaves the list.
    """
    text, centred = styles.number(Look.TEXT), styles.number(Look.CENTRED)
    for place, values in enumerate(listed, start=1):
        at = f"$H{FIRST_ROW + place - 1}"
        line = [Cell(centred, place)]
        line += [
            Cell(text, str(values[key] or ""), index_formula(key, at, rows=rows))
            for key in ("region", "domain", "name", "department", "clause", "remark")
        ]
        line.append(Cell(centred, values["number"], match_formula("unreported_count", place, rows=rows)))
        yield line


def index_formula(key: str, place: str, *, rows: int, is_text: bool = True) -> str:
    """Return the formula for a column of the detail sheet at a place; blank where there is none."""
    text = '&""' if is_text else ""  # a blank cell would come over as 0
    return f'IF({place}="","",INDEX({detail_range(key, rows)},{place}){text})'


def match_formula(counter: str, place: int, *, rows: int) -> str:
    """Return the formula for the place of the k-th row that a counter has counted; blank where there is none."""
    return f'IFERROR(MATCH({place},{detail_range(counter, rows)},0),"")'


def list_corrected(edition: Edition, styles: Styles) -> list[list[Cell]]:
    """Return one row for each figure approved again: before, after, when and why."""
    text, centred, number = styles.number(Look.TEXT), styles.number(Look.CENTRED), styles.number(Look.NUMBER)
    regions = edition.regions
    found = []
    for place, (before, after) in enumerate(list_corrections(edition), start=1):
        region = regions.get(after.series.region_id)
        line = [
            Cell(centred, place),
            Cell(centred, region.short_zh if region else words.ABSENT),
            Cell(text, after.series.indicator.name_zh),
            Cell(centred, quarter_words(after.quarter)),
        ]
        line += [Cell(number, value) for value in (*_numbers(before), *_numbers(after))]
        line += [Cell(centred, format_instant(after.approved_at)), Cell(text, after.explanation or words.ABSENT)]
        found.append(line)
    return found


def _numbers(figure: ApprovedFigure) -> list[Value]:
    parts = (figure.value, figure.numerator, figure.denominator)
    return [words.ABSENT if part is None else float(part) for part in parts]


def list_definitions(edition: Edition, styles: Styles) -> list[list[Cell]]:
    """Return one row for each target: where it stands, what is counted and how, and what is doubtful."""
    text, centred = styles.number(Look.TEXT), styles.number(Look.CENTRED)
    return [
        [
            Cell(centred, place),
            Cell(centred, words.DOMAINS[facts.target.indicator.domain]),
            Cell(text, facts.target.indicator.name_zh),
            Cell(centred, facts.target.unit_of_level_zh),
            Cell(centred, facts.target.clause.number),
            Cell(text, facts.target.quote),
            *(Cell(text, said or words.ABSENT) for said in _define(facts)),
        ]
        for place, facts in enumerate(edition.targets.values(), start=1)
    ]


def _define(facts: TargetFacts) -> list[str]:
    target, indicator = facts.target, facts.target.indicator
    method = "；".join(
        (
            words.WINDOWS[Window(target.window)] + words.ACCUMULATIONS[Accumulation(target.accumulation)],
            words.BASES[Basis(target.basis)],
            words.PATHS[Path(target.path)],
        )
    )
    span = f"{quarter_words(target.first_quarter)}至{quarter_words(target.due_quarter)}"
    supporting = f"（配合：{'、'.join(facts.supporting)}）" if facts.supporting else ""
    return [
        indicator.definition_zh,
        indicator.numerator_zh,
        indicator.denominator_zh,
        method,
        span,
        facts.lead + supporting,
        target.doubt_zh,
    ]


def list_sources(remarks: Remarks, styles: Styles) -> list[list[Cell]]:
    """Return one row for each publication that a figure was taken from."""
    text, centred = styles.number(Look.TEXT), styles.number(Look.CENTRED)
    return [
        [Cell(centred, place), Cell(text, title), Cell(text, address)]
        for place, (title, address) in enumerate(remarks.sources, start=1)
    ]


def list_thresholds(edition: Edition, styles: Styles) -> list[list[Cell]]:
    """Return the thresholds, in the rows that `layout` names, and below them what each formula column does."""
    text, centred, value = styles.number(Look.TEXT), styles.number(Look.CENTRED), styles.number(Look.INPUT)
    given = edition.thresholds
    lines: list[tuple[str, Value, str, str, str]] = [
        ("汇总评级：达标起点", given.green, "分", "得分不低于此数的汇总单元为达标。", "规则六"),
        ("汇总评级：接近起点", given.amber, "分", "得分不低于此数、未到达标起点的为接近，更低的为落后。", "规则六"),
        ("汇总评级：填报率下限", given.coverage, "（比例）", "填报率低于此数的汇总单元不评级。", "规则六"),
    ]
    by_row = {place: word for word, place in MARGIN_ROWS.items()}
    scales = {word: scale for scale, word in words.SCALES.items()}
    for place in sorted(by_row):
        scale = scales[by_row[place]]
        kind, size = edition.margins.get(Scale(scale), (MarginKind.NONE, 0.0))
        unit = "（比例）" if kind is MarginKind.RELATIVE else "（指标单位）"
        said = "方案未另行规定时，差距不超过此数的为接近；更大的为落后。零容忍指标不适用。"
        lines.append((f"默认允差：{by_row[place]}", size, unit, said, "规则五"))
    found = [
        [
            Cell(centred, place),
            Cell(text, name),
            Cell(value, number),
            Cell(centred, unit),
            Cell(text, said),
            Cell(centred, of),
        ]
        for place, (name, number, unit, said, of) in enumerate(lines, start=1)
    ]
    headings = {column.key: column.heading for column in COLUMNS}
    for place, rule in enumerate(formulas.RULES, start=len(lines) + 1):
        name = f"明细“{headings[rule.key]}”"
        found.append(
            [
                Cell(centred, place),
                Cell(text, name),
                Cell(centred, f"{LETTERS[rule.key]}列"),
                Cell(centred, words.ABSENT),
                Cell(text, rule.wording),
                Cell(centred, rule.source if rule.source == words.ABSENT else f"规则{rule.source}"),
            ]
        )
    return found


def register_list_styles(styles: Styles) -> None:
    """Ask for every style that these rows use."""
    for look in (Look.TEXT, Look.CENTRED, Look.NUMBER, Look.INPUT):
        styles.number(look)
