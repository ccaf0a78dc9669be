"""What a bulletin says: tables of sentences for none, one, many and all, and the rules of praise and naming."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from departments.models import Department, Region
from indicators.engine.target import Rating
from reports.annual.content import Reporting
from reports.bulletins import text, words
from reports.bulletins.document import break_title, write_line
from reports.bulletins.rules import Mentions, find_mentions
from reports.cells import Cell
from reports.documents.blocks import Heading, Paragraph
from reports.places import rank

G, A, R = Rating.GREEN.value, Rating.AMBER.value, Rating.RED.value


@pytest.fixture(autouse=True)
def _chinese():
    with override("zh-hans"):
        yield


def league(*rows):
    """Return rows of a league; each is a name, a score (None: too little reported) and a rating."""
    places = rank({name: score for name, score, _rating in rows if score is not None})
    found = [
        SimpleNamespace(
            region=Region(name_zh=name),
            score=str(score),
            place=places.get(name),
            cell=Cell(green=1, not_reported=1, score=score, rating=rating),
        )
        for name, score, rating in rows
    ]
    return sorted(found, key=lambda row: (row.place is None, row.place and row.place.number))


def asked(name, reported, due, region_id=1):
    department = Department(short_zh=name, region=Region(pk=region_id, name_zh="沁县"))
    return Reporting(department=department, quarters=[], due=due, reported=reported)


def names(rows):
    return [row.region.name_zh for row in rows]


# ----------------------------------------------------------------------------- who is praised and named


@pytest.mark.parametrize(
    ("rows", "praised"),
    [
        pytest.param([], [], id="no region"),
        pytest.param([("甲", 99, G)], [], id="the only one is first of nobody"),
        pytest.param([("甲", 99, G), ("乙", 90, G)], ["甲"], id="one of two"),
        pytest.param([(n, 99 - n, G) for n in range(6)], [0, 1, 2], id="three of six"),
        pytest.param([(n, 99 - n, G) for n in range(20)], [0, 1, 2], id="three of many"),
        pytest.param([(n, 99 - n, G) for n in range(5)], [0, 1], id="never more than half"),
        pytest.param([(n, 99, G) for n in range(4)], [], id="all share one place"),
        pytest.param([("甲", 99, G), *[(n, 90, G) for n in range(3)]], ["甲"], id="a tie is praised whole or not"),
        pytest.param([("甲", 99, G), ("乙", 99, G), *[(n, 50, R) for n in range(3)]], ["甲", "乙"], id="tied first"),
        pytest.param([("甲", 89, A), *[(n, 50, R) for n in range(3)]], [], id="first but not on target"),
        pytest.param([("甲", None, G), ("乙", None, G), ("丙", None, G)], [], id="nobody ranked"),
    ],
)
def test_the_praised(rows, praised):
    assert names(find_mentions(league(*rows), []).praised) == praised


def test_the_named_the_unranked_and_the_late():
    rows = league(("甲", 99, G), ("乙", 60, R), ("丙", 40, R), ("丁", None, Rating.GREY.value))
    rows += [SimpleNamespace(region=Region(name_zh="戊"), place=None, cell=Cell(not_due=3))]
    late = [asked("足", 9, 10), asked("缺", 8, 10), asked("无", 0, 10), asked("齐", 10, 10)]
    found = find_mentions(rows, late)
    assert (names(found.named), names(found.unranked)) == (["乙", "丙"], ["丁"])
    assert [one.department.short_zh for one in found.late] == ["无", "缺"]


# ----------------------------------------------------------------------------- sentences


def content(**fields):
    nobody = Mentions(praised=[], named=[], unranked=[], late=[])
    given = {
        "page": SimpleNamespace(root=SimpleNamespace(pk=1)),
        "cell": Cell(green=1, red=1, score=50.0, rating=R),
        "before": None,
        "domains": {},
        "league": SimpleNamespace(rows=[1]),
        "mentions": nobody,
        "behind": [],
        "behind_count": 0,
        "out_of_reach": 0,
    }
    return SimpleNamespace(**(given | fields))


def behind(*departments, explanation=""):
    return [
        SimpleNamespace(result=SimpleNamespace(department=Department(short_zh=name)), explanation=explanation)
        for name in departments
    ]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        pytest.param(Cell(not_due=4), "", id="nothing due"),
        pytest.param(
            Cell(green=3),
            "应完成的 3 项目标中，达标占 100.0%、接近占 0.0%、落后占 0.0%、未评定占 0.0%。",
            id="all on target",
        ),
        pytest.param(
            Cell(green=1, amber=1, red=1),
            "应完成的 3 项目标中，达标占 33.4%、接近占 33.3%、落后占 33.3%、未评定占 0.0%。",
            id="they add to 100",
        ),
        pytest.param(
            Cell(not_reported=2, not_computable=1),
            "应完成的 3 项目标中，达标占 0.0%、接近占 0.0%、落后占 0.0%、未评定占 100.0%。",
            id="none reported",
        ),
    ],
)
def test_shares(cell, said):
    assert text.write_shares(cell) == said


@pytest.mark.parametrize(
    ("cell", "before", "said"),
    [
        pytest.param(Cell(), None, "", id="nothing due"),
        pytest.param(Cell(not_reported=1), None, "填报不足，不作综合评定。", id="too little"),
        pytest.param(Cell(green=1, score=90.0, rating=G), None, "综合得分 90.0 分。", id="nothing before"),
        pytest.param(
            Cell(green=1, score=90.0, rating=G), Cell(score=80.0), "综合得分 90.0 分。", id="too little before"
        ),
        pytest.param(
            Cell(green=1, score=90.0, rating=G),
            Cell(score=80.0, rating=A),
            "综合得分 90.0 分，比上季度提高 10.0 分。",
            id="more",
        ),
        pytest.param(
            Cell(green=1, score=70.0, rating=R),
            Cell(score=80.0, rating=A),
            "综合得分 70.0 分，比上季度下降 10.0 分。",
            id="less",
        ),
        pytest.param(
            Cell(green=1, score=80.0, rating=A),
            Cell(score=80.0, rating=A),
            "综合得分 80.0 分，与上季度持平。",
            id="the same",
        ),
    ],
)
def test_the_score(cell, before, said):
    assert text.write_score(cell, before) == said


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"cell": Cell(not_reported=3)}, "本季度无评定结果。", id="nothing rated"),
        pytest.param({}, "已评定的目标中没有落后项。", id="none"),
        pytest.param(
            {"behind": behind("甲"), "behind_count": 1},
            "本季度落后目标1项，逐项列于下表；责任单位均未说明原因。",
            id="one, unexplained",
        ),
        pytest.param(
            {"behind": behind("甲", "乙", explanation="x"), "behind_count": 2},
            "本季度落后目标2项，逐项列于下表；责任单位均已说明原因。",
            id="all explained",
        ),
        pytest.param(
            {"behind": behind("甲") + behind("乙", explanation="x"), "behind_count": 9},
            "本季度落后目标9项，下表列出最突出的2项；表中1项责任单位尚未说明原因。",
            id="some, more than shown",
        ),
    ],
)
def test_what_is_behind(fields, said):
    assert text.write_text(words.BEHIND, content(**fields)) == said


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        pytest.param({"cell": Cell(green=1)}, ["各地区、"], id="nothing to demand but to go on"),
        pytest.param(
            {"cell": Cell(red=1), "behind": behind("甲{0}"), "behind_count": 1},
            ["一是落后目标要逐项整改。甲{0}要", "二是各地区"],
            id="one behind; braces in a name stay",
        ),
        pytest.param(
            {
                "cell": Cell(red=1, not_reported=2, at_risk=3),
                "behind": behind("丁", "甲", "甲", "乙", "丙"),
                "behind_count": 5,
                "out_of_reach": 4,
            },
            ["一是落后目标要逐项整改。甲、丁、乙等责任单位", "二是有4项", "三是有3项", "四是有2项", "五是各地区"],
            id="everything",
        ),
    ],
)
def test_demands(fields, lines):
    told = text.write_text(words.DEMANDS, content(**fields)).split("\n")
    assert len(told) == len(lines)
    assert all(line.startswith(start) for line, start in zip(told, lines, strict=True)), told


def test_mentions_say_nobody_or_everybody_with_the_rule():
    quiet = text.write_text(words.MENTIONS, content()).split("\n")
    assert quiet[:4] == [
        "（一）表扬",
        "本季度没有符合表扬条件的地区。",
        "（二）点名",
        "本季度没有予以点名的地区和部门。",
    ]
    assert quiet[4].startswith("注：")
    assert "90%" in quiet[4]
    found = Mentions(
        praised=league(("甲县", 99, G)),
        named=league(("乙县", 50, R)),
        unranked=league(("丙县", None, 0)),
        late=[asked("市局", 1, 2), asked("县局", 0, 2, region_id=2)],
    )
    told = text.write_text(words.MENTIONS, content(mentions=found)).split("\n")
    assert told[1] == "甲县本季度评定为达标且位次居前，予以表扬。"
    assert told[3:6] == [
        "乙县本季度评定为落后，予以点名。",
        "丙县填报不足，不列位次，予以提醒。",
        "市局（50%）、沁县县局（0%）填报率低于90%，予以点名。",
    ]
    alone = text.write_text(words.MENTIONS, content(league=SimpleNamespace(rows=[])))
    assert "不评选表扬地区" in alone


@pytest.mark.parametrize(
    ("count", "said"), [(0, ""), (1, "县0"), (10, "、".join(f"县{n}" for n in range(10))), (11, "县9等 11 个地区")]
)
def test_names_in_a_row(count, said):
    told = text.join_names([f"县{n}" for n in range(count)], "地区")
    assert told.endswith(said)
    assert "等" not in told or count > text.NAMED_MOST


# ----------------------------------------------------------------------------- lines of the document


@pytest.mark.parametrize(
    ("line", "block"),
    [
        ("（一）表扬", Heading("（一）表扬", 2)),
        ("（一）沁县落后，予以点名。", Paragraph("（一）沁县落后，予以点名。")),
        ("（甲）表扬", Paragraph("（甲）表扬")),
        ("注：规则。", Paragraph("注：规则。", is_small=True)),
        ("各县人民政府：", Paragraph("各县人民政府：")),
        ("=1+1", Paragraph("=1+1")),
    ],
)
def test_a_line_is_what_it_looks_like(line, block):
    assert write_line(line, is_address=False) == block


def test_an_address_is_not_indented():
    assert write_line("各县人民政府：", is_address=True) == Paragraph("各县人民政府：", is_indented=False)


@pytest.mark.parametrize(
    ("title", "broken"),
    [
        ("关于目标完成情况的通报", "关于目标完成情况的通报"),
        ("关于2018年三季度长治质量强市目标完成情况的通报", "关于2018年三季度长治质量强市\n目标完成情况的通报"),
        ("长" * 30, "长" * 30),
    ],
)
def test_a_long_title_breaks_where_its_words_end(title, broken):
    assert break_title(title) == broken
