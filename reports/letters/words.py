"""The Chinese words of responsibility letters: always Chinese, whatever language the person who issues reads in."""

from datetime import date

from indicators.engine.period import Quarter

TITLE, ADDENDUM_TITLE = "目标责任书", "补充责任书"
LEAD, SUPPORTING = "牵头", "配合"
NONE = "无"
YES = "完成"
"""The bound of what is either done or not."""
SEPARATOR = "、"
GOVERNMENT, STREET_OFFICE, COMMITTEE = "人民政府", "办事处", "管理委员会"

BOUND, DUE, LEADING, HELPING, ROLE, CLAUSE, NAME, PART = (
    "目标值",
    "完成时限",
    "牵头部门",
    "配合部门",
    "责任",
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


def write_day(day: date) -> str:
    """Return a day as it stands under a document: 2026年11月25日."""
    return f"{day.year}年{day.month}月{day.day}日"


DASH, STAR, AS_ABOVE = "—", "*", "同上"
ISSUED = "本{title}一式两份，下达单位、责任单位各执一份，{office}{day}签发。"
GIVER, TAKER = "下达单位", "责任单位"
PARTS, REGIONS, CHANGES = "分解到地区的目标值", "地区", "一、目标变动情况"
ASKED, HOLDS = "责任要求", "二、其他事项"
OPENING = "为落实{basis}，现将{span}质量目标下达你单位，共{count}项。请按目标值和完成时限抓好落实。"
ADDENDUM_OPENING = "根据{basis}执行中的调整，你单位于{since}签订的责任书有{changes}处变动，现补充如下。"
LEFT = "变动后你单位承担目标{count}项。"
NOTHING_LEFT = "变动后你单位不再承担目标。"
DUTIES = (
    "（一）责任单位主要负责人为第一责任人，牵头部门负责组织推进并按季填报，配合部门按职责分工落实。",
    "（二）每季度结束后按规定时限如实填报完成情况；未完成序时目标的，应说明原因和整改措施。",
    "（三）完成情况列入质量工作考核。目标如有调整，以补充责任书为准。",
)
ADDENDUM_DUTIES = (
    "（一）未列入本补充责任书的目标，继续按原责任书执行。",
    "（二）本补充责任书与原责任书具有同等效力；不一致之处，以本补充责任书为准。",
)
SHOWN = "（注：标*的目标值为演示分解，方案原文未分解到责任单位。）"
