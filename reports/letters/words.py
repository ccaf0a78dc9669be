"""The Chinese words of responsibility letters: always Chinese, whatever language the person who issues reads in."""

from indicators.engine.period import Quarter

TITLE, ADDENDUM_TITLE = "目标责任书", "补充责任书"
LEAD, SUPPORTING = "牵头", "配合"
NONE = "无"
SEPARATOR = "、"
GOVERNMENT, STREET_OFFICE, COMMITTEE = "人民政府", "办事处", "管理委员会"

BOUND, DUE, LEADING, HELPING, ROLE, CLAUSE, NAME, PART = (
    "目标值",
    "完成时限",
    "牵头部门",
    "配合部门",
    "责任类型",
    "条款",
    "指标",
    "分解到地区的目标值",
)
ADDED, REMOVED, CHANGED = "新增", "取消", "调整"
_QUARTERS = {1: "一季度末前", 2: "上半年末前", 3: "三季度末前", 4: "底前"}


def write_due(due: Quarter) -> str:
    """Return the date by which a target is due: 2020年底前, 2018年三季度末前."""
    return f"{due.year}年{_QUARTERS[due.number]}"


def name_government(name: str) -> str:
    """Return who signs for a region: 沁源县人民政府, 安文街道办事处, 长治高新技术产业开发区管理委员会."""
    if name.endswith("街道"):
        return f"{name}{STREET_OFFICE}"
    return f"{name}{COMMITTEE}" if name.endswith(("开发区", "高新区", "新区")) else f"{name}{GOVERNMENT}"


def name_title(number: int) -> str:
    """Return what a letter is called: 目标责任书, 补充责任书（第2号）."""
    return TITLE if number == 0 else f"{ADDENDUM_TITLE}（第{number}号）"
