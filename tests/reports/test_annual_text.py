"""The sentences of the annual analysis: each right for none, one, many and all. No database."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from departments.models import Department, Region
from indicators.domains import Domain
from indicators.engine.target import Flag, Rating
from reports.annual import text
from reports.annual.content import Reporting
from reports.cells import Cell
from reports.movements import Movements
from reports.places import Place
from tests.reports.factories import cell_of

NO_FLAGS = {Flag.ACHIEVED: 0, Flag.CERTAIN: 0, Flag.AT_RISK: 0, Flag.OUT_OF_REACH: 0}


@pytest.fixture(autouse=True)
def _chinese():
    with override("zh-hans"):
        yield


def row(name, score, place, *, is_tied=False, due=1):
    where = None if place is None else Place(place, is_tied)
    return SimpleNamespace(region=Region(name_zh=name), score=score, place=where, cell=SimpleNamespace(due=due))


def reporting(name, reported, due):
    return Reporting(department=Department(short_zh=name), quarters=[], due=due, reported=reported)


def content(**fields):
    given = {"cell": cell_of(green=1, red=1), "unmet": [], "unmet_count": 0, "flags": NO_FLAGS}
    return SimpleNamespace(**(given | fields))


@pytest.mark.parametrize(
    ("cell", "before", "said"),
    [
        pytest.param(cell_of(), None, "", id="nothing rated"),
        pytest.param(cell_of(green=1), None, "综合得分 95.0 分；上年同期无得分，不作比较。", id="nothing before"),
        pytest.param(cell_of(green=1), cell_of(), "综合得分 95.0 分；上年同期无得分，不作比较。", id="grey before"),
        pytest.param(cell_of(green=1), cell_of(green=3), "综合得分 95.0 分，与上年同期持平。", id="the same"),
        pytest.param(
            cell_of(green=1), cell_of(green=1, score=90.04), "综合得分 95.0 分，比上年同期提高 5.0 分。", id="better"
        ),
        pytest.param(
            cell_of(green=1), cell_of(green=1, score=99.5), "综合得分 95.0 分，比上年同期下降 4.5 分。", id="worse"
        ),
    ],
)
def test_the_year_against_the_year_before(cell, before, said):
    assert text.write_year_on_year(cell, before) == said


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (cell_of(not_due=4), "产品质量：本期无应完成目标。"),
        (
            cell_of(not_reported=4),
            "产品质量：应完成 4 项，达标 0 项、接近 0 项、落后 0 项，未填报 4 项；填报不足，不作评定。",
        ),
        (
            cell_of(green=3, red=1),
            "产品质量：应完成 4 项，达标 3 项、接近 0 项、落后 1 项。综合得分 95.0 分；上年同期无得分，不作比较。",
        ),
    ],
)
def test_a_domain(cell, said):
    assert text.write_domain("产品质量", cell, None) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "本方案未向下级地区分解目标，不作排名。"),
        ([row("沁县", "—", None)], "1 个地区填报均不足，不作排名。"),
        ([row("沁县", "—", None, due=0)], "各地区本期均无应完成目标，不作排名。"),
        ([row("沁县", "98.0", 1)], "仅沁县可评定，得分 98.0 分。"),
        (
            [row("沁县", "98.0", 1, is_tied=True), row("武乡县", "98.0", 1, is_tied=True)],
            "2 个地区得分相同，均为 98.0 分。",
        ),
        (
            [row("沁县", "98.0", 1), row("武乡县", "90.0", 2), row("郊区", "—", None)],
            "参加排名的 2 个地区中，沁县居首（98.0 分），武乡县居末（90.0 分）。另有 1 个地区填报不足，不列位次。",
        ),
        (
            [row("沁县", "98.0", 1, is_tied=True), row("郊区", "98.0", 1, is_tied=True), row("武乡县", "90.0", 3)],
            "参加排名的 3 个地区中，2 个地区并列首位（98.0 分），武乡县居末（90.0 分）。",
        ),
    ],
)
def test_the_ranking(rows, said):
    assert text.write_ranking(rows) == said


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({}, "上年同期与本期均有评定的目标为零，无从比较。"),
        ({"fresh": 9}, "上年同期与本期均有评定的目标为零，无从比较。"),
        ({"same": 5}, "与上年同期均有评定的 5 项目标中，5 项不变。"),
        (
            {"better": 2, "worse": 1, "fresh": 3, "lost": 1},
            "与上年同期均有评定的 3 项目标中，2 项好转、1 项变差。另有 3 项为本期新评定，1 项本期不再有评定。",
        ),
    ],
)
def test_what_moved_since_the_year_before(moved, said):
    assert text.write_movements(Movements(**moved)) == said


def unmet(*words):
    return [SimpleNamespace(explanation=word) for word in words]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"cell": cell_of(not_reported=3)}, "本期无评定结果。"),
        ({"cell": cell_of(green=3)}, "已评定的目标中无落后项。"),
        ({"unmet": unmet("原因"), "unmet_count": 1}, "本期落后目标 1 项，逐项列于下表；责任单位均已说明原因。"),
        (
            {"unmet": unmet("原因", ""), "unmet_count": 200},
            "本期落后目标 200 项，下表列出最突出的 2 项；其中 1 项责任单位未说明原因。",
        ),
    ],
)
def test_what_is_not_met(fields, said):
    assert text.write_unmet(content(**fields)) == said


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({}, "现有数据不足以判断到期前景。"),
        ({Flag.AT_RISK: 2}, "从现有数据看，2 项按近八个季度走势到期可能达不到。"),
        (
            {Flag.ACHIEVED: 1, Flag.CERTAIN: 2, Flag.AT_RISK: 3, Flag.OUT_OF_REACH: 4},
            (
                "从现有数据看，1 项终期目标已实现，2 项到期必能达到，3 项按近八个季度走势到期可能达不到，"
                "4 项到期已无法达到。"
            ),
        ),
    ],
)
def test_the_outlook(flags, said):
    assert text.write_outlook(content(flags=NO_FLAGS | flags)) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "本年无应填报数据。"),
        ([reporting("市质监局", 4, 4)], "全年应填报 4 项次，已填报 4 项次，填报率 100%。各部门均已填报齐全。"),
        (
            [reporting("市质监局", 95, 100)],
            "全年应填报 100 项次，已填报 95 项次，填报率 95%。各部门填报率均在 90% 以上。",
        ),
        (
            [reporting("市质监局", 0, 4), reporting("市环保局", 4, 4)],
            "全年应填报 8 项次，已填报 4 项次，填报率 50%。填报率低于 90% 的部门有 1 个：市质监局（0%）。",
        ),
        (
            [reporting(f"局{n}", 0, 1) for n in range(6)],
            (
                "全年应填报 6 项次，已填报 0 项次，填报率 0%。填报率低于 90% 的部门有 6 个："
                "局0（0%）、局1（0%）、局2（0%）、局3（0%）、局4（0%）等。"
            ),
        ),
    ],
)
def test_how_complete_the_year_is(rows, said):
    assert text.write_completeness(rows) == said


def test_the_conclusion_is_that_of_the_pages_with_the_year_before():
    cell = Cell(green=3, red=1, score=92.0, rating=Rating.GREEN.value)
    year = SimpleNamespace(cell=cell, before=None, domains={Domain.PRODUCT: cell})
    assert text.write_conclusion(year) == (
        "4 项到期目标中 3 项达标，1 项落后。综合得分 92.0 分；上年同期无得分，不作比较。"
    )
