"""What stands under 备注, without a database: marks, bounds, flags, missing quarters, explanations and sources."""

from types import SimpleNamespace

import pytest

from indicators.engine.period import Quarter
from indicators.engine.target import Accumulation, Basis, Comparator, Flag, Gap, Input
from reports.exports import words
from reports.exports.figures import Published
from reports.exports.remarks import Remarks, quarter_words

Q3 = Quarter.of(2018, 3)
EDITION = SimpleNamespace(quarter=Q3)
YEAR_TO_DATE, LAST = (
    SimpleNamespace(target=SimpleNamespace(accumulation=kind, basis=Basis.LEVEL.value))
    for kind in (Accumulation.RATIO.value, Accumulation.LAST.value)
)
GROWTH = SimpleNamespace(target=SimpleNamespace(accumulation=Accumulation.SUM.value, basis=Basis.GROWTH.value))


def result(**fields):
    given = {
        "series_id": 1,
        "comparator": Comparator.AT_LEAST,
        "level": 93.0,
        "level_hi": None,
        "gap": Gap.NONE,
        "gap_input": Input.NONE,
        "flags": 0,
        "missing": 0,
        "window_start": Quarter.of(2018, 1),
        "is_demonstration": False,
        "is_decomposed_for_show": False,
    }
    return SimpleNamespace(**(given | fields))


def published(quarter, title="统计公报"):
    return Published(
        series_id=1, quarter=quarter, title=title, address=f"https://example.gov.cn/{title}", period="三季度"
    )


def remark(one, facts=YEAR_TO_DATE, explanation="", figures=()):
    sources = list(dict.fromkeys((figure.title, figure.address) for figure in figures))
    made = Remarks(
        edition=EDITION,
        explanations={1: explanation} if explanation else {},
        published={1: list(figures)},
        sources=sources,
    )
    return made.of(one, facts)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_quarter_is_named_as_offices_do(number):
    assert quarter_words(Quarter.of(2018, number)) == f"2018年{'一二三四'[number - 1]}季度"


BAND = {"comparator": Comparator.BETWEEN, "level": 1.0, "level_hi": 3.5}
SAID = [
    pytest.param({}, "", "", id="nothing to say"),
    pytest.param({"is_demonstration": True}, "", "演示数据", id="a mark"),
    pytest.param({"is_decomposed_for_show": True}, "", "演示分解目标", id="decomposed by no document"),
    pytest.param(BAND, "", "目标为1～3.5", id="both ends of a band"),
    pytest.param(BAND | {"level": None}, "", "", id="half a band is none"),
    pytest.param({}, "设备更新延误。", "设备更新延误", id="what the department said, without its full stop"),
    pytest.param({"is_demonstration": True}, "受季节影响。", "演示数据；受季节影响", id="a mark and a reason"),
    pytest.param({"is_demonstration": True}, "演示数据：受季节影响。", "演示数据；受季节影响", id="the mark once"),
    pytest.param({}, "演示数据：受季节影响。", "演示数据：受季节影响", id="its own words where nothing is marked"),
    pytest.param({"flags": Flag.AT_RISK.value}, "", words.FLAGS[Flag.AT_RISK], id="a flag"),
    pytest.param({"flags": Flag.INCOMPLETE.value}, "", "", id="incomplete, and no quarter known to be missing"),
]


@pytest.mark.parametrize(("fields", "explanation", "expected"), SAID)
def test_a_remark_says_what_there_is_to_say(fields, explanation, expected):
    assert remark(result(**fields), explanation=explanation) == expected


@pytest.mark.parametrize("gap", [Gap.AWAITING, Gap.NOT_COMPUTABLE, Gap.NOT_REPORTED])
@pytest.mark.parametrize("given", [one for one in Input if words.INPUTS.get(one)])
def test_what_is_lacking_is_named_unless_nothing_was_reported(gap, given):
    expected = "" if gap is Gap.NOT_REPORTED else words.INPUTS[given].rstrip("。；")
    assert remark(result(gap=gap, gap_input=given)) == expected


@pytest.mark.parametrize(
    ("facts", "quarter", "is_named"),
    [
        (YEAR_TO_DATE, Q3, True),
        (YEAR_TO_DATE, Q3 - 2, True),
        (YEAR_TO_DATE, Q3 - 3, False),
        (YEAR_TO_DATE, Q3 + 1, False),
        (LAST, Q3, True),
        (LAST, Q3 - 1, False),
        (GROWTH, Q3 - 4, True),
        (GROWTH, Q3 - 6, True),
        (GROWTH, Q3 - 7, False),
        (GROWTH, Q3 - 3, False),
    ],
)
def test_a_source_is_named_where_its_figure_was_used(facts, quarter, is_named):
    assert remark(result(), facts, figures=[published(quarter)]) == ("公开数据，来源［1］" if is_named else "")


def test_sources_are_numbered_and_named_once():
    figures = [published(Q3, "乙"), published(Q3 - 1, "甲"), published(Q3 - 1, "乙")]
    assert remark(result(), figures=figures) == "公开数据，来源［1］、［2］"
