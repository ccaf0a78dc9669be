"""Where everything stands in the workbook, said once: sheets, the columns of the detail sheet, its rows.

Formulas, rows and styles ask here for letters; nobody else knows a column by its letter.
"""

from dataclasses import dataclass
from enum import StrEnum

from openpyxl.utils import get_column_letter


class Sheet(StrEnum):
    """The sheets in their order."""

    COVER = "封面"
    SUMMARY = "汇总"
    REGIONS = "按地区"
    DOMAINS = "按领域"
    DEPARTMENTS = "按部门"
    DETAIL = "明细"
    NOT_REPORTED = "未填报"
    CORRECTIONS = "更正情况"
    DEFINITIONS = "指标口径"
    SOURCES = "数据来源"
    THRESHOLDS = "阈值与规则"
    MANIFEST = "校验清单"


SHOWS_RESULTS = frozenset(
    {Sheet.COVER, Sheet.SUMMARY, Sheet.REGIONS, Sheet.DOMAINS, Sheet.DEPARTMENTS, Sheet.DETAIL, Sheet.NOT_REPORTED}
    | {Sheet.CORRECTIONS, Sheet.MANIFEST}
)
"""These bear the mark of demonstration data where the edition has any."""

TITLE_ROW, NOTE_ROW, HEADER_ROW = 1, 2, 3
FIRST_ROW = 5  # of every table; the row above it numbers the columns


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the detail sheet: key, heading, width in characters, and whether people may change it."""

    key: str
    heading: str
    width: float
    is_input: bool = False


PRINTED = (
    Column("number", "序号", 5),
    Column("region", "地区", 8),
    Column("domain", "领域", 8.5),
    Column("name", "指标名称", 26),
    Column("unit", "计量单位", 7.5),
    Column("comparator", "判定", 5, is_input=True),
    Column("level", "目标值", 9.5, is_input=True),
    Column("expected", "序时目标", 9.5, is_input=True),
    Column("numerator", "分子", 8, is_input=True),
    Column("denominator", "分母", 8, is_input=True),
    Column("measured", "完成值", 9.5, is_input=True),
    Column("ratio", "完成率", 8),
    Column("rating", "评级", 10),
    Column("score", "得分", 6.5),
    Column("completion", "终期目标完成率", 9),
    Column("department", "责任单位", 15),
    Column("clause", "条款", 8.5),
    Column("remark", "备注", 30),
)
HELPERS = (
    Column("level_hi", "目标上限", 10, is_input=True),
    Column("expected_hi", "序时上限", 10, is_input=True),
    Column("given_gap", "给定状态", 11, is_input=True),
    Column("scale", "指标类型", 9, is_input=True),
    Column("ratio_rule", "完成率算法", 11, is_input=True),
    Column("start", "起点值", 10, is_input=True),
    Column("compare_on", "判定取值", 9, is_input=True),
    Column("decimals", "小数位数", 9, is_input=True),
    Column("multiplier", "倍数", 7, is_input=True),
    Column("accumulated", "累计值", 11, is_input=True),
    Column("reference", "对比基数", 11, is_input=True),
    Column("grain", "差值量级", 10),
    Column("margin_origin", "允差来源", 9, is_input=True),
    Column("margin_kind", "允差方式", 9, is_input=True),
    Column("margin_size", "允差参数", 9, is_input=True),
    Column("weight", "权重", 7, is_input=True),
    Column("veto", "一票否决", 9, is_input=True),
    Column("region_key", "地区代码", 12),
    Column("department_key", "单位代码", 24),
    Column("gap", "状态", 11),
    Column("compared", "比较值", 11),
    Column("distance", "与序时目标之差", 11),
    Column("distance_hi", "与序时上限之差", 11),
    Column("met", "是否达到", 9),
    Column("miss", "差距", 11),
    Column("margin", "允差", 11),
    Column("level_distance", "与目标值之差", 11),
    Column("level_distance_hi", "与目标上限之差", 11),
    Column("level_met", "终期是否达到", 9),
    Column("rated_weight", "计分权重", 9),
    Column("attained", "加权完成", 11),
    Column("red_count", "落后累计", 9),
    Column("unreported_count", "未填报累计", 10),
)
COLUMNS = (*PRINTED, *HELPERS)
COUNTERS = ("red_count", "unreported_count")
"""Each counts on from the row above; the row that numbers the columns holds their 0."""

LETTERS = {column.key: get_column_letter(place) for place, column in enumerate(COLUMNS, start=1)}
LAST_PRINTED = get_column_letter(len(PRINTED))

GREEN_FROM, AMBER_FROM, COVERAGE_FROM = "$C$5", "$C$6", "$C$7"
MARGIN_ROWS = {"数量": 8, "比率": 9, "等次": 10, "进度": 11}
"""Rows of the thresholds sheet with the default margins, by word of the scale."""


def threshold(cell: str) -> str:
    """Return a reference to a cell of the thresholds sheet from any other sheet."""
    return f"'{Sheet.THRESHOLDS}'!{cell}"


def margin_cell(scale: str) -> str:
    """Return a reference to the default margin of a scale, by its word."""
    return threshold(f"$C${MARGIN_ROWS[scale]}")


def last_row(rows: int) -> int:
    """Return the last row of a table of `rows` rows; an empty table keeps one blank row."""
    return FIRST_ROW + max(rows, 1) - 1


def detail_range(key: str, rows: int) -> str:
    """Return the whole column of the detail sheet as an absolute reference from another sheet."""
    letter = LETTERS[key]
    return f"'{Sheet.DETAIL}'!${letter}${FIRST_ROW}:${letter}${last_row(rows)}"
