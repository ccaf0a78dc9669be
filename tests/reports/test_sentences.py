"""The sentence that opens a page: right for none, one, many, all, none reported, in both languages."""

import pytest
from django.utils import translation

from indicators.domains import Domain
from indicators.engine.target import Rating
from qscounty.web.sentences import drop_emphasis
from reports.places import Place
from reports.sentences import (
    in_sentence,
    write_calm,
    write_change,
    write_concentration,
    write_counts,
    write_list,
    write_overview,
    write_programme,
    write_ranking,
    write_slice,
)
from tests.reports.factories import cell_of

ZH, EN = "zh-hans", "en"
RED, GREY = Rating.RED.value, Rating.GREY.value


@pytest.mark.parametrize(
    ("cell", "chinese", "english"),
    [
        pytest.param({}, "本季度没有目标。", "No target is set here for this quarter.", id="no target"),
        pytest.param(
            {"not_due": 9},
            "本季度没有到期目标：9 项未到期。",
            "Nothing is due this quarter: 9 not due.",
            id="none due",
        ),
        pytest.param(
            {"not_due": 9, "awaiting": 2, "not_applicable": 3},
            "本季度没有到期目标：9 项未到期，2 项待上级数据，3 项不适用。",
            "Nothing is due this quarter: 9 not due, 2 awaiting superior data and 3 not applicable.",
            id="none due for three reasons",
        ),
        pytest.param(
            {"not_reported": 1},
            "1 项到期目标[[尚未填报]]。",
            "The one target due is [[not reported]].",
            id="one due, not reported",
        ),
        pytest.param(
            {"not_reported": 55},
            "55 项到期目标[[均未填报]]。",
            "[[None]] of the 55 targets due is reported.",
            id="none reported",
        ),
        pytest.param({"green": 1}, "1 项到期目标已达标。", "The one target due is on target.", id="one, on target"),
        pytest.param({"green": 55}, "55 项到期目标全部达标。", "All 55 targets due are on target.", id="all"),
        pytest.param(
            {"red": 1},
            "1 项到期目标中 0 项达标，[[1 项落后]]。",
            "Of 1 target due, none is on target and [[1 behind]].",
            id="one, behind",
        ),
        pytest.param(
            {"green": 41, "amber": 7, "red": 5, "not_reported": 2, "not_due": 9},
            "55 项到期目标中 41 项达标，7 项接近，[[5 项落后]]，2 项未填报。",
            "Of 55 targets due, 41 are on target, 7 close, [[5 behind]] and 2 not reported.",
            id="many",
        ),
        pytest.param(
            {"green": 1, "not_computable": 1},
            "2 项到期目标中 1 项达标，1 项无法计算。",
            "Of 2 targets due, 1 is on target and 1 not computable.",
            id="one of two",
        ),
    ],
)
def test_counts(cell, chinese, english):
    for language, expected in ((ZH, chinese), (EN, english)):
        with translation.override(language):
            assert write_counts(cell_of(**cell)) == expected


@pytest.mark.parametrize(
    ("reds", "chinese", "english"),
    [
        pytest.param({Domain.PRODUCT: 0, Domain.WORKS: 0}, "", "", id="no red"),
        pytest.param({Domain.PRODUCT: 3}, "", "", id="one domain only: nothing to name"),
        pytest.param(
            {Domain.PRODUCT: 0, Domain.WORKS: 1},
            "落后的 1 项在[[工程质量]]",
            "the one behind is in [[works quality]]",
            id="one red",
        ),
        pytest.param(
            {Domain.PRODUCT: 0, Domain.ENVIRONMENT: 5},
            "落后项目全部在[[环境质量]]",
            "all of those behind are in [[environmental quality]]",
            id="all in one domain",
        ),
        pytest.param(
            {Domain.PRODUCT: 1, Domain.ENVIRONMENT: 4},
            "落后集中在[[环境质量]]",
            "those behind are mostly in [[environmental quality]]",
            id="most in one domain",
        ),
        pytest.param(
            {Domain.PRODUCT: 2, Domain.ENVIRONMENT: 2},
            "落后分布在 2 个领域",
            "those behind are spread over 2 domains",
            id="half is not most",
        ),
    ],
)
def test_concentration(reds, chinese, english):
    for language, expected in ((ZH, chinese), (EN, english)):
        with translation.override(language):
            assert write_concentration(reds) == expected


@pytest.mark.parametrize(
    ("now", "before", "chinese", "english"),
    [
        (41, None, "", ""),
        (41, 0, "", ""),
        (41, 38, "与上季度相比达标增加 3 项", "3 more are on target than in the quarter before"),
        (41, 40, "与上季度相比达标增加 1 项", "1 more is on target than in the quarter before"),
        (41, 42, "与上季度相比达标减少 1 项", "1 fewer is on target than in the quarter before"),
        (41, 45, "与上季度相比达标减少 4 项", "4 fewer are on target than in the quarter before"),
        (41, 41, "达标数与上季度持平", "as many are on target as in the quarter before"),
        (545, 36, "上季度到期 36 项", "36 were due in the quarter before"),
        (9, 1, "上季度到期 1 项", "1 was due in the quarter before"),
    ],
)
def test_change(now, before, chinese, english):
    for language, expected in ((ZH, chinese), (EN, english)):
        with translation.override(language):
            assert write_change(cell_of(now), None if before is None else cell_of(before)) == expected


def test_the_overview_says_it_all_in_one_breath():
    cell = cell_of(41, 7, 5, not_reported=2)
    domains = {Domain.PRODUCT: cell_of(20), Domain.ENVIRONMENT: cell_of(21, 7, 5)}
    with translation.override(ZH):
        assert write_overview(cell, domains=domains, before=cell_of(38, 5, 5)) == (
            "55 项到期目标中 41 项达标，7 项接近，[[5 项落后]]，2 项未填报。"
            "落后项目全部在[[环境质量]]；与上季度相比达标增加 3 项。"
        )
    with translation.override(EN):
        assert write_overview(cell, domains=domains, before=cell_of(38, 5, 5)) == (
            "Of 55 targets due, 41 are on target, 7 close, [[5 behind]] and 2 not reported."
            " All of those behind are in [[environmental quality]]; 3 more are on target than in the quarter before."
        )


def test_the_overview_of_a_first_quarter_without_red_is_one_sentence():
    with translation.override(EN):
        assert write_overview(cell_of(3), domains={}, before=None) == "All 3 targets due are on target."


@pytest.mark.parametrize(
    ("cell", "before", "rank", "chinese", "english"),
    [
        pytest.param(
            {}, None, None, "襄垣县本季度没有到期目标。", "Xiangyuan: nothing is due this quarter.", id="none due"
        ),
        pytest.param(
            {"green": 1, "not_reported": 4, "rating": GREY, "score": 100.0},
            None,
            None,
            "襄垣县[[填报不足]]（应报 5 项，已报 1 项），暂不评级。",
            "Xiangyuan: [[too little]] is reported to say anything, 1 of 5.",
            id="too little",
        ),
        pytest.param(
            {"green": 9, "score": 88.04},
            {"green": 9, "score": 86.8},
            (Place(9, False), 13),
            "襄垣县得 88.0 分，在 13 个区域中列第 9；较上季度提高 1.2 分。",
            "Xiangyuan scores 88.0, place 9 of 13 regions; 1.2 points more than the quarter before.",
            id="better",
        ),
        pytest.param(
            {"green": 9, "score": 80.0},
            {"green": 9, "score": 82.5},
            None,
            "襄垣县得 80.0 分；较上季度[[下降 2.5 分]]。",
            "Xiangyuan scores 80.0; [[2.5 points less]] than the quarter before.",
            id="worse, without peers",
        ),
        pytest.param(
            {"green": 9, "score": 80.0},
            {"green": 9, "score": 80.0},
            (Place(1, True), 1),
            "襄垣县得 80.0 分；与上季度持平。",
            "Xiangyuan scores 80.0; unchanged since the quarter before.",
            id="the same, alone",
        ),
        pytest.param(
            {"green": 9, "score": 100.0},
            None,
            (Place(1, True), 13),
            "襄垣县得 100.0 分，在 13 个区域中并列第 1。",
            "Xiangyuan scores 100.0, tied for place 1 of 13 regions.",
            id="a shared place says so",
        ),
        pytest.param(
            {"green": 9, "score": 80.0}, None, None, "襄垣县得 80.0 分。", "Xiangyuan scores 80.0.", id="first"
        ),
    ],
)
def test_slice(cell, before, rank, chinese, english):
    for language, name, peers, expected in ((ZH, "襄垣县", "区域", chinese), (EN, "Xiangyuan", "regions", english)):
        with translation.override(language):
            earlier = None if before is None else cell_of(**before)
            assert write_slice(name, cell_of(**cell), before=earlier, rank=rank, peers=peers) == expected


def test_ranking_names_first_and_last():
    cells = {
        "A": cell_of(9, score=93.0),
        "B": cell_of(1, red=3, score=60.0, rating=RED),
        "C": cell_of(1, not_reported=5, rating=GREY),
    }
    with translation.override(EN):
        assert write_ranking(cells, peers="regions") == (
            "3 regions: 1 on target, [[1 behind]] and 1 with too little reported."
            " Highest is A with 93.0, lowest B with 60.0."
        )
    with translation.override(ZH):
        assert write_ranking(cells, peers="区域") == (
            "3 个区域中，1 个达标，[[1 个落后]]，1 个填报不足。最高为A 93.0 分，最低为B 60.0 分。"
        )


@pytest.mark.parametrize(
    ("cell", "chinese", "english"),
    [
        ({"green": 1}, "没有落后、预警或未填报的目标。", "Nothing is behind, at risk or missing."),
        (
            {"not_due": 1},
            "本季度没有到期目标，暂无需要关注的事项。",
            "Nothing is due this quarter, so nothing can be behind.",
        ),
    ],
)
def test_calm_is_not_claimed_where_nothing_was_asked(cell, chinese, english):
    for language, expected in ((ZH, chinese), (EN, english)):
        with translation.override(language):
            assert write_calm(cell_of(**cell)) == expected


OVER, UNDER = {"score": 99.96}, {"score": 90.0}


@pytest.mark.parametrize(
    ("cells", "chinese", "english"),
    [
        pytest.param([], "此处尚无结果。", "Nothing has a result here yet.", id="none"),
        pytest.param([{"green": 1}], "仅A一家，达标。", "A alone: on target.", id="one"),
        pytest.param([{"not_due": 1}], "仅A一家，无到期目标。", "A alone: nothing due.", id="one, nothing due"),
        pytest.param(
            [{"not_reported": 1}] * 2,
            "2 个区域均[[填报不足]]。",
            "All 2 regions: [[too little reported]].",
            id="none reported",
        ),
        pytest.param([{"not_due": 1}] * 2, "2 个区域均无到期目标。", "All 2 regions: nothing due.", id="none due"),
        pytest.param(
            [{"red": 1, "rating": RED, "score": 10.0}] * 2,
            "2 个区域均[[落后]]。得分均为 10.0 分。",
            "All 2 regions: [[behind]]. Each scores 10.0.",
            id="all behind, and alike",
        ),
        pytest.param(
            [{"green": 1} | OVER, {"green": 1, "score": 100.0}, {"not_due": 1}],
            "3 个区域中，2 个达标，1 个无到期目标。已评级的得分均为 100.0 分。",
            "3 regions: 2 on target and 1 with nothing due. Each rated one has 100.0.",
            id="alike as shown, one without a score",
        ),
        pytest.param(
            [{"green": 1} | OVER, {"green": 1, "score": 100.0}, {"green": 1} | UNDER],
            "3 个区域均达标。最高：2 个区域并列，100.0 分；最低：C，90.0 分。",
            "All 3 regions: on target. Highest: 2 regions tied with 100.0; lowest: C with 90.0.",
            id="two share the first place: neither is named",
        ),
        pytest.param(
            [{"green": 1} | OVER, {"green": 1} | UNDER, {"green": 1} | UNDER],
            "3 个区域均达标。最高：A，100.0 分；最低：2 个区域并列，90.0 分。",
            "All 3 regions: on target. Highest: A with 100.0; lowest: 2 regions tied with 90.0.",
            id="two share the last place",
        ),
    ],
)
def test_ranking_of_none_one_and_all(cells, chinese, english):
    for language, peers, expected in ((ZH, "区域", chinese), (EN, "regions", english)):
        with translation.override(language):
            named = {name: cell_of(**cell) for name, cell in zip("ABC", cells, strict=False)}
            assert write_ranking(named, peers=peers) == expected


def test_cells_with_nothing_due_are_not_called_unreported():
    cells = {"A": cell_of(1), "B": cell_of(not_due=4)}
    with translation.override(EN):
        assert write_ranking(cells, peers="regions") == "2 regions: 1 on target and 1 with nothing due."


@pytest.mark.parametrize(
    ("total", "counts", "is_filtered", "chinese", "english"),
    [
        (0, {}, True, "没有符合条件的目标。", "No target fits this choice."),
        (0, {}, False, "本季度尚无结果。", "There are no results for this quarter yet."),
        (1, {"R": 1}, True, "共 1 项目标：[[1 项落后]]。", "1 target: [[1 behind]]."),
        (
            9,
            {"G": 5, "N": 4},
            False,
            "共 9 项目标：5 项达标，4 项未评级。",
            "9 targets: 5 on target and 4 without a rating.",
        ),
    ],
)
def test_list(total, counts, is_filtered, chinese, english):
    for language, expected in ((ZH, chinese), (EN, english)):
        with translation.override(language):
            assert write_list(total, counts=counts, is_filtered=is_filtered) == expected


@pytest.mark.parametrize(
    ("numbers", "chinese", "english"),
    [
        (
            {"targets": 0, "clauses": 0, "due": [], "doubtful": 0},
            "本方案尚未设定目标。",
            "This programme sets no target yet.",
        ),
        (
            {"targets": 1, "clauses": 1, "due": [("2020Q4", 1)], "doubtful": 0},
            "1 个条款，共 1 项目标，1 项于2020Q4到期。",
            "1 target in 1 clause, 1 due by 2020Q4.",
        ),
        (
            {"targets": 84, "clauses": 21, "due": [("2020Q4", 84)], "doubtful": 0},
            "21 个条款，共 84 项目标，均于2020Q4到期。",
            "84 targets in 21 clauses, all due by 2020Q4.",
        ),
        (
            {"targets": 84, "clauses": 30, "due": [("2020Q4", 70), ("2017Q4", 14)], "doubtful": 12},
            "30 个条款，共 84 项目标，70 项于2020Q4到期，[[12 项存疑]]。",
            "84 targets in 30 clauses, 70 due by 2020Q4, [[12 doubtful]].",
        ),
    ],
)
def test_programme(numbers, chinese, english):
    for language, expected in ((ZH, chinese), (EN, english)):
        with translation.override(language):
            assert write_programme(**numbers) == expected


def test_labels_inside_an_english_sentence_lose_their_capital_unless_they_are_initials():
    with translation.override(EN):
        assert [in_sentence(name) for name in ("Works quality", "GDP share", "")] == ["works quality", "GDP share", ""]


def test_no_sentence_keeps_a_hole():
    with translation.override(EN):
        text = write_overview(cell_of(1, 1, 1), domains={}, before=cell_of(1))
    assert "%" not in drop_emphasis(text)
