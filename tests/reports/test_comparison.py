"""Two results compared: better or worse, why, and the sentence about many. No database."""

from types import SimpleNamespace

import numpy as np
import pytest
from django.utils import translation

from indicators.engine.target import Gap, Rating
from reports.comparison import (
    ALONE,
    BETTER,
    OTHER,
    SAME,
    STORED,
    TURNED,
    WORSE,
    Facts,
    judge,
    list_reasons,
    write_comparison,
)


@pytest.mark.parametrize(
    ("counts", "chinese", "english"),
    [
        pytest.param(
            {},
            "两侧均无结果，请选择其他季度或区域。",
            "Neither side has results; choose other quarters or regions.",
            id="none",
        ),
        pytest.param(
            {SAME: 5},
            "没有差异：两侧 5 项结果完全一致。",
            "Nothing differs: all 5 results stand the same on both sides.",
            id="all the same",
        ),
        pytest.param(
            {ALONE: 5},
            "两侧没有相同的目标，所有结果均无对应项。",
            "The two sides share no target; none of the results has a counterpart.",
            id="nothing shared",
        ),
        pytest.param({WORSE: 1}, "共 1 项结果：[[1 项变差]]。", "1 result: [[1 worse]].", id="one"),
        pytest.param(
            {WORSE: 2, BETTER: 3, TURNED: 1, OTHER: 4, SAME: 5, ALONE: 6},
            "共 21 项结果：[[2 项变差]]，3 项变好，1 项状态变化，4 项评级未变、数值不同，5 项未变，6 项仅一侧有。",
            "21 results: [[2 worse]], 3 better, 1 with another status, 4 with the same rating on other numbers,"
            " 5 unchanged and 6 on one side only.",
            id="many of every kind",
        ),
    ],
)
def test_the_sentence_counts_what_differs(counts, chinese, english):
    with translation.override("zh-hans"):
        assert write_comparison(counts) == chinese
    with translation.override("en"):
        assert write_comparison(counts) == english


def result(rating=Rating.GREEN, version=1, code="a-target", **fields):
    numbers = {
        "gap": 0,
        "measured": 95.0,
        "level": 93.0,
        "level_hi": None,
        "expected": 93.0,
        "expected_hi": None,
        "margin": 2.0,
    }
    target = SimpleNamespace(version=version, code=code, programme_id=1)
    return SimpleNamespace(rating=rating.value, target=target, **({**numbers, "rule_version": 1} | fields))


NUMBERS = ("measured", "expected", "expected_hi", "level", "level_hi", "margin")

MISSING = {"rating": Rating.GREY, "gap": Gap.NOT_REPORTED.value, "measured": None}


@pytest.mark.parametrize(
    ("old", "new", "kind", "reasons"),
    [
        pytest.param({}, {}, SAME, [], id="nothing"),
        pytest.param({}, {"rating": Rating.RED, "measured": 80.0}, WORSE, ["new figure"], id="a worse figure"),
        pytest.param({"rating": Rating.AMBER}, {"expected": 90.0}, BETTER, ["other expectation"], id="less expected"),
        pytest.param(
            {"rating": Rating.GREY, "gap": Gap.NOT_DUE.value, "expected": None}, {}, TURNED, ["now due"], id="now due"
        ),
        pytest.param({}, {"measured": 96.0}, OTHER, ["new figure"], id="another figure, same rating"),
        pytest.param({}, {"margin": 3.0, "rating": Rating.RED}, WORSE, ["other threshold"], id="another threshold"),
        pytest.param({}, MISSING, TURNED, ["no longer reported"], id="missing now"),
        pytest.param(MISSING, {}, TURNED, ["now reported"], id="reported now"),
        pytest.param(
            {"rating": Rating.AMBER},
            {"version": 2, "level": 90.0, "expected": 90.0},
            BETTER,
            ["new version of the target", "other level", "other expectation"],
            id="a new version of the target",
        ),
        pytest.param({"version": 1}, {"version": 2, "code": "another"}, SAME, [], id="versions of two targets"),
        pytest.param({"rating": Rating.AMBER}, {"rule_version": 2}, BETTER, ["new rule"], id="a new rule"),
    ],
)
def test_a_difference_says_what_it_comes_from(old, new, kind, reasons):
    old, new = result(**old), result(**new)
    with translation.override("en"):
        assert list_reasons(old, new) == reasons
    assert judge(make_facts(old), make_facts(new)).tolist() == [kind]


def make_facts(*results):
    """Return results as columns; those of one target share a number."""
    names = [one.target.code for one in results]
    stored = {name: np.array([getattr(one, name) for one in results], dtype=float) for name in NUMBERS}
    stored |= {
        name: np.array([getattr(one, name) for one in results], dtype=int) for name in set(STORED) - set(NUMBERS)
    }
    return Facts(
        **stored, version=np.array([r.target.version for r in results]), name=np.array([len(n) for n in names])
    )


def test_many_pairs_are_judged_as_each_of_them_alone():
    old = [result(), result(rating=Rating.AMBER), result(**MISSING), result(measured=None), result(level=None)]
    new = [result(rating=Rating.RED), result(), result(), result(measured=None), result(level=None, level_hi=1.0)]
    judged = judge(make_facts(*old), make_facts(*new))
    assert judged.tolist() == [WORSE, BETTER, TURNED, SAME, OTHER]
    places = np.array([4, 0])
    assert judge(make_facts(*old).take(places), make_facts(*new).take(places)).tolist() == [OTHER, WORSE]
    assert judge(make_facts(), make_facts()).tolist() == []
