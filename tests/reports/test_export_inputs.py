"""What a row of the detail sheet takes in and what its steps come to, by tables; no database, no file."""

from types import SimpleNamespace

import pytest

from indicators.engine.period import Quarter
from indicators.engine.target import (
    Accumulation,
    Basis,
    Comparator,
    CompareOn,
    Gap,
    MarginKind,
    Rating,
    RatioRule,
    Scale,
    Window,
)
from reports.exports import formulas, words
from reports.exports.inputs import _word_for_change, read_inputs
from reports.exports.restated import restate
from reports.exports.source import Result

NOTHING = dict.fromkeys(Result._fields)
PLAIN = {
    "target_id": 1,
    "comparator": Comparator.AT_LEAST,
    "expected": 93.0,
    "level": 93.0,
    "weight": 1.0,
    "gap": Gap.NONE,
    "rating": Rating.GREEN,
    "flags": 0,
    "is_veto": False,
    "margin": 2.0,
}
RATE = PLAIN | {"measured": 96.0, "numerator": 480.0, "denominator": 500.0}
VALUE = PLAIN | {"measured": 96.0}


def result(fields=RATE, **more):
    return Result(**(NOTHING | fields | more))


def facts(*, scale=Scale.RATE, accumulation=Accumulation.RATIO, basis=Basis.LEVEL, multiplier=100.0, **fields):
    given = {
        "basis": basis.value,
        "accumulation": accumulation.value,
        "ratio_rule": RatioRule.PLAIN.value,
        "compare_on": CompareOn.FULL.value,
        "first_quarter": Quarter.of(2018, 1),
        "due_quarter": Quarter.of(2020, 4),
        "window": Window.YEAR_TO_DATE.value,
        "baseline": None,
    }
    own = {"margin_kind": MarginKind.ABSOLUTE, "margin_size": 2.0, "is_margin_default": True}
    own = {name: fields.pop(name, value) for name, value in own.items()}
    indicator = SimpleNamespace(scale=scale.value, decimals=fields.pop("decimals", 1))
    return SimpleNamespace(
        target=SimpleNamespace(**(given | fields), indicator=indicator), multiplier=multiplier, **own
    )


def plain(**fields):
    return facts(**({"scale": Scale.CONTINUOUS, "accumulation": Accumulation.LAST, "multiplier": 1.0} | fields))


def read(one, about, grain=None):
    return read_inputs(one, about, grain=grain)


# ----------------------------------------------------------------------------- what was measured

MEASURED = [
    # result, facts; measured, numerator, whether a formula gives it, the gap given by hand
    pytest.param(result(), facts(), (96.0, 480.0, True, None), id="a rate from its counts"),
    pytest.param(
        result(measured=None, numerator=None, denominator=None, gap=Gap.NOT_REPORTED),
        facts(),
        ("未填报", "—", True, None),
        id="a rate not reported",
    ),
    pytest.param(
        result(measured=None, numerator=0.0, denominator=0.0, gap=Gap.NOT_COMPUTABLE),
        facts(),
        ("无法计算", 0.0, True, None),
        id="a rate over nothing",
    ),
    pytest.param(result(gap=Gap.NOT_DUE), facts(), (96.0, 480.0, True, "未到期"), id="not due, and reported"),
    pytest.param(
        result(measured=None, numerator=None, denominator=None, gap=Gap.NOT_DUE),
        facts(),
        ("—", "—", False, "未到期"),
        id="not due, not reported",
    ),
    pytest.param(result(expected=None, gap=Gap.AWAITING), facts(), (96.0, 480.0, True, None), id="awaiting its level"),
    pytest.param(result(VALUE), plain(), (96.0, "—", False, None), id="a value"),
    pytest.param(
        result(VALUE, measured=None, gap=Gap.NOT_REPORTED), plain(), ("—", "—", False, None), id="a value not reported"
    ),
    pytest.param(result(VALUE, gap=Gap.NOT_APPLICABLE), plain(), (96.0, "—", False, "不适用"), id="not applicable"),
]


@pytest.mark.parametrize(("one", "about", "expected"), MEASURED)
def test_what_was_measured_is_an_input_or_follows_from_inputs(one, about, expected):
    inputs = read(one, about)
    values = inputs.values
    found = values["measured"], values["numerator"], "measured" in inputs.formulas, values.get("given_gap")
    assert found == expected


CHANGES = [
    (Basis.GROWTH, 5.0, None, "无法计算"),
    (Basis.GROWTH, None, 5.0, "未填报"),
    (Basis.GROWTH, 5.0, 0.0, "无法计算"),
    (Basis.GROWTH, 5.0, -1.0, "无法计算"),
    (Basis.GROWTH, 5.0, 4.0, ""),
    (Basis.REDUCTION, 5.0, None, "待上级数据"),
    (Basis.REDUCTION, None, None, "待上级数据"),
    (Basis.REDUCTION, 5.0, 0.0, "无法计算"),
    (Basis.POINTS, 5.0, None, "待上级数据"),
    (Basis.POINTS, 5.0, 0.0, ""),
    (Basis.OVER_BENCHMARK, None, 3.0, "未填报"),
    (Basis.OVER_BENCHMARK, 5.0, -3.0, ""),
]


@pytest.mark.parametrize(("basis", "a", "b", "word"), CHANGES)
def test_a_change_without_its_parts_says_which_is_lacking(basis, a, b, word):
    assert _word_for_change(basis, a=a, b=b) == word


@pytest.mark.parametrize("basis", formulas.COMPARED)
def test_a_change_follows_from_what_it_compares(basis):
    one = result(VALUE, accumulated=120.0, reference=100.0, measured=20.0)
    inputs = read(one, plain(basis=basis), grain=1e-14)
    assert (inputs.values["accumulated"], inputs.values["reference"], inputs.values["measured"]) == (120.0, 100.0, 20.0)
    assert inputs.formulas["measured"] == formulas.MEASURED_BY_BASIS[basis]
    assert inputs.formulas["grain"] == formulas.GRAIN_BY_BASIS[basis]
    assert inputs.values["grain"] == 1e-14


def test_a_change_that_is_absent_though_its_parts_are_there_has_no_formula():
    inputs = read(
        result(VALUE, accumulated=120.0, reference=100.0, measured=None, gap=Gap.NOT_DUE), plain(basis=Basis.GROWTH)
    )
    assert inputs.values["measured"] == words.ABSENT
    assert "measured" not in inputs.formulas


# ----------------------------------------------------------------------------- margins

MARGINS = [
    # what the target or the thresholds state, what was stored; origin, kind, size, whether a threshold gives it
    pytest.param({}, 2.0, ("默认", MarginKind.ABSOLUTE, 2.0, True), id="the thresholds'"),
    pytest.param({"is_margin_default": False}, 2.0, ("自定", MarginKind.ABSOLUTE, 2.0, False), id="its own"),
    pytest.param({"margin_kind": MarginKind.RELATIVE, "margin_size": 0.1}, 9.3,
                 ("默认", MarginKind.RELATIVE, 0.1, True), id="a share"),
    pytest.param({}, 3.0, ("自定", MarginKind.ABSOLUTE, 3.0, False), id="a threshold changed since: the stored one"),
    pytest.param({}, None, ("自定", MarginKind.NONE, None, False), id="a margin stated since"),
    pytest.param({"margin_kind": MarginKind.NONE}, None, ("默认", MarginKind.NONE, None, False), id="none"),
    pytest.param({"margin_kind": MarginKind.NONE}, 2.0, ("自定", MarginKind.ABSOLUTE, 2.0, False), id="none since"),
]  # fmt: skip


@pytest.mark.parametrize(("stated", "stored", "expected"), MARGINS)
def test_the_margin_is_the_one_that_was_used(stated, stored, expected):
    inputs = read(result(margin=stored), facts(**stated))
    values = inputs.values
    origin, kind, size, is_formula = expected
    assert (values["margin_origin"], values["margin_kind"]) == (origin, words.MARGIN_KINDS[kind])
    assert values["margin_size"] == size
    assert ("margin_size" in inputs.formulas) == is_formula


@pytest.mark.parametrize(("weight", "expected"), [(2.5, 2.5), (0.0, 0.0), (-1.0, 0.0)])
def test_a_weight_is_never_below_nothing(weight, expected):
    assert read(result(weight=weight), facts()).values["weight"] == expected


@pytest.mark.parametrize(("is_veto", "expected"), [(True, "是"), (False, "否")])
def test_a_veto_is_a_word(is_veto, expected):
    assert read(result(is_veto=is_veto), facts()).values["veto"] == expected


# ----------------------------------------------------------------------------- the steps of a rule

AT_LEAST, AT_MOST, ABOVE, BETWEEN = Comparator.AT_LEAST, Comparator.AT_MOST, Comparator.ABOVE, Comparator.BETWEEN
STEPS = [
    # measured, comparator, level, upper level; the distance from the bound, whether the level is met
    (93.0, AT_LEAST, 93.0, None, 0.0, 1),
    (92.0, AT_LEAST, 93.0, None, -1.0, 0),
    (95.5, AT_LEAST, 93.0, None, 2.5, 1),
    (93.0, ABOVE, 93.0, None, 0.0, 0),
    (93.0, AT_MOST, 93.0, None, 0.0, 1),
    (94.0, AT_MOST, 93.0, None, 1.0, 0),
    (2.0, BETWEEN, 1.0, 3.0, 1.0, 1),
    (3.0, BETWEEN, 1.0, 3.0, 2.0, 1),
    (4.0, BETWEEN, 1.0, 3.0, 3.0, 0),
    (0.1 + 0.2, AT_LEAST, 0.3, None, 0.0, 1),
]


@pytest.mark.parametrize(("measured", "comparator", "level", "level_hi", "distance", "met"), STEPS)
def test_the_steps_are_those_of_the_engine(measured, comparator, level, level_hi, distance, met):
    one = result(VALUE, measured=measured, comparator=comparator, level=level, level_hi=level_hi, expected=level, expected_hi=level_hi)  # fmt: skip  # noqa: E501
    steps = restate([one], {1: plain()})
    assert steps.distance[0] == pytest.approx(distance)
    assert steps.level_met == [met]
    assert (steps.distance_hi[0] is None) == (comparator is not BETWEEN)


@pytest.mark.parametrize(
    ("compare_on", "measured", "compared"),
    [(CompareOn.FULL, 92.675, 92.675), (CompareOn.ROUNDED, 92.675, 92.68), (CompareOn.ROUNDED, 92.665, 92.66)],
)
def test_what_is_compared_is_rounded_where_a_programme_says_so(compare_on, measured, compared):
    steps = restate([result(VALUE, measured=measured)], {1: plain(compare_on=compare_on.value, decimals=2)})
    assert steps.compared[0] == pytest.approx(compared, abs=1e-9)


@pytest.mark.parametrize(
    ("fields", "distance", "met"),
    [
        ({"gap": Gap.NOT_DUE}, None, 1),
        ({"gap": Gap.NOT_REPORTED, "measured": None}, None, None),
        ({"gap": Gap.AWAITING, "level": None, "expected": None}, None, None),
    ],
)
def test_what_is_not_rated_has_no_distance(fields, distance, met):
    steps = restate([result(VALUE, **fields)], {1: plain()})
    assert (steps.distance, steps.level_met) == ([distance], [met])


def test_rows_keep_their_order():
    rows = [result(VALUE, measured=value) for value in (90.0, 93.0, 99.0)]
    assert restate(rows, {1: plain()}).compared == [90.0, 93.0, 99.0]
    assert restate([], {}).compared == []
