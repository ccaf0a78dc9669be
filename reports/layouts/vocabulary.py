"""The names that an office gives to cells of its own layout, and what is written there.

A name with a block stands for a column: its cell is the first row of a table that grows downward. Fixed Chinese: the
layout is a Chinese document. Source: issue 6, part 1; docs/reference/own-layout.md.
"""

from dataclasses import dataclass

from reports.exports.layout import PRINTED

PREFIX = "qs_"
DETAIL, COUNTY, DOMAIN, DEPARTMENT = "detail", "county", "domain", "department"
BLOCKS = {DETAIL: "明细", COUNTY: "按地区", DOMAIN: "按领域", DEPARTMENT: "按部门"}
REQUIRED = ("qs_programme", "qs_quarter", "qs_detail_indicator", "qs_detail_measured")
NAMED_BY = {COUNTY: "qs_county_name", DOMAIN: "qs_domain_name", DEPARTMENT: "qs_department_name"}
"""The column without which nobody knows what the rows of a block are."""

ROLLUP = {
    "total": "指标数",
    "due": "应报",
    "reported": "已报",
    "coverage": "填报率",
    "green": "● 达标",
    "amber": "▲ 接近",
    "red": "■ 落后",
    "not_due": "未到期",
    "awaiting": "待上级数据",
    "not_reported": "未填报",
    "not_applicable": "不适用",
    "not_computable": "无法计算",
    "vetoes": "否决项落后",
    "score": "得分",
    "rating": "评级",
}
"""As `exports.rollups` has them, which a process without a database cannot ask; a test compares."""
_SINGLE = {
    "programme": "方案名称",
    "document": "文号",
    "office": "编报单位",
    "region": "实施地区",
    "quarter": "报告期（如：2018年三季度）",
    "year": "年份（数字）",
    "quarter_number": "季度（1—4）",
    "due": "填报截止日期",
    "as_of": "数据截至时间",
    "basis": "数据口径（审核通过，或第几版发布）",
    "mark": "含演示数据时为“演示数据”，否则为空",
}


@dataclass(frozen=True, slots=True)
class Word:
    """One name: its block (empty: a single cell), the key of its value there, and its meaning."""

    name: str
    block: str
    key: str
    meaning: str


def _list_words() -> list[Word]:
    words = [Word(f"{PREFIX}{key}", "", key, meaning) for key, meaning in _SINGLE.items()]
    words += [Word(f"{PREFIX}total_{key}", "", f"total_{key}", f"全部：{head}") for key, head in ROLLUP.items()]
    for column in PRINTED:
        key = "indicator" if column.key == "name" else column.key
        words.append(Word(f"{PREFIX}{DETAIL}_{key}", DETAIL, column.key, f"明细：{column.heading}"))
    for block in NAMED_BY:
        told = {"number": "序号", "name": "名称"} | ROLLUP
        words += [Word(f"{PREFIX}{block}_{key}", block, key, f"{BLOCKS[block]}：{said}") for key, said in told.items()]
    return words


WORDS = {word.name: word for word in _list_words()}
