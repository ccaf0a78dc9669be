"""What an addendum lists: every kind of change as a table, and nothing where nothing changed. No database."""

from dataclasses import fields

import pytest

from indicators.engine.period import Quarter
from reports.letters import words
from reports.letters.changes import FIELDS, list_changes
from reports.letters.terms import Term, freeze_terms, hash_of


def term(**changes):
    given = {
        "key": "pass-rate",
        "clause": "二(一)1",
        "domain": "product",
        "name": "产品合格率",
        "bound": "≥ 93%",
        "due": "2020年底前",
        "lead": "市质监局",
        "supporting": "市工商局",
    }
    return freeze_terms([Term(**(given | changes))])[0]


BASE = term()
OTHER = term(key="brands", clause="二(三)2", name="名牌数", bound="≥ 100 个", due="2018年底前")


def told(before, after):
    return [(c.kind, c.name, c.what, c.before, c.after) for c in list_changes(before, after)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([BASE], [BASE], [], id="nothing changed"),
        pytest.param([], [], [], id="nothing given, then and now"),
        pytest.param([BASE, OTHER], [OTHER, BASE], [], id="another order is no change"),
        pytest.param(
            [BASE],
            [BASE, OTHER],
            [("新增", "名牌数", "新增", "", "≥ 100 个；2018年底前")],
            id="added",
        ),
        pytest.param(
            [BASE, OTHER],
            [BASE],
            [("取消", "名牌数", "取消", "≥ 100 个；2018年底前", "")],
            id="removed",
        ),
        pytest.param(
            [BASE],
            [],
            [("取消", "产品合格率", "取消", "≥ 93%；2020年底前", "")],
            id="all removed",
        ),
        pytest.param(
            [BASE],
            [term(bound="≥ 95%")],
            [("调整", "产品合格率", "目标值", "≥ 93%", "≥ 95%")],
            id="level",
        ),
        pytest.param(
            [BASE],
            [term(due="2019年底前")],
            [("调整", "产品合格率", "完成时限", "2020年底前", "2019年底前")],
            id="due date",
        ),
        pytest.param(
            [BASE],
            [term(lead="市市场监管局")],
            [("调整", "产品合格率", "牵头部门", "市质监局", "市市场监管局")],
            id="responsible unit",
        ),
        pytest.param(
            [BASE],
            [term(supporting="")],
            [("调整", "产品合格率", "配合部门", "市工商局", "无")],
            id="a supporting unit left",
        ),
        pytest.param(
            [term(role="配合")],
            [term(role="牵头")],
            [("调整", "产品合格率", "责任", "配合", "牵头")],
            id="from supporting to leading",
        ),
        pytest.param(
            [BASE],
            [term(clause="二(一)2", name="产品质量合格率")],
            [
                ("调整", "产品质量合格率", "指标", "产品合格率", "产品质量合格率"),
                ("调整", "产品质量合格率", "条款", "二(一)1", "二(一)2"),
            ],
            id="words",
        ),
        pytest.param(
            [term(parts=[["沁县", "≥ 93%"], ["沁源县", "≥ 93%"]])],
            [term(parts=[["沁源县", "≥ 94%"], ["武乡县", "≥ 93%"]])],
            [
                ("调整", "产品合格率", "分解到地区的目标值（沁源县）", "≥ 93%", "≥ 94%"),
                ("调整", "产品合格率", "分解到地区的目标值（武乡县）", "无", "≥ 93%"),
                ("调整", "产品合格率", "分解到地区的目标值（沁县）", "≥ 93%", "无"),
            ],
            id="what regions are given",
        ),
        pytest.param(
            [BASE, OTHER],
            [term(bound="≥ 95%", due="2019年底前"), term(key="new", name="新指标")],
            [
                ("调整", "产品合格率", "目标值", "≥ 93%", "≥ 95%"),
                ("调整", "产品合格率", "完成时限", "2020年底前", "2019年底前"),
                ("新增", "新指标", "新增", "", "≥ 93%；2020年底前"),
                ("取消", "名牌数", "取消", "≥ 100 个；2018年底前", ""),
            ],
            id="of everything, removed last",
        ),
    ],
)
def test_exactly_what_changed_is_listed(before, after, expected):
    assert told(before, after) == expected


def test_everything_that_a_letter_says_is_compared():
    said = {field.name for field in fields(Term)} - {"key", "domain", "is_decomposed_for_show", "parts"}
    assert {name for name, _word in FIELDS} == said


def test_one_hash_for_one_content():
    assert hash_of({"b": 1, "a": "甲"}) == hash_of({"a": "甲", "b": 1})
    assert hash_of({"a": "甲"}) != hash_of({"a": "乙"})


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (Quarter.of(2020, 4), "2020年底前"),
        (Quarter.of(2018, 3), "2018年三季度末前"),
        (Quarter.of(2018, 2), "2018年上半年末前"),
        (Quarter.of(2018, 1), "2018年一季度末前"),
    ],
)
def test_a_date_is_written_as_an_office_writes_it(due, text):
    assert words.write_due(due) == text


@pytest.mark.parametrize(
    ("name", "signer"),
    [
        ("沁源县", "沁源县人民政府"),
        ("安文街道", "安文街道办事处"),
        ("长治经济技术开发区", "长治经济技术开发区管理委员会"),
        ("郊区", "郊区人民政府"),
    ],
)
def test_who_signs_for_a_region(name, signer):
    assert words.name_government(name) == signer


def test_an_addendum_bears_its_number():
    assert [words.name_title(number) for number in (0, 1, 12)] == [
        "目标责任书",
        "补充责任书（第1号）",
        "补充责任书（第12号）",
    ]
