"""Every code of the engine has its sentence, in both languages, with its numbers in it. No database."""

import pytest
from django.utils.translation import override

from indicators.bounds import write_expected_level, write_plain_bound, write_value
from indicators.engine.checks import CHECKS, Finding
from indicators.engine.number_refusals import Refusal
from indicators.engine.numbers import NumberRead, NumberUnit
from indicators.engine.target import Basis, Comparator, Scale
from indicators.finding_words import describe_finding
from indicators.models import Indicator, Target
from indicators.number_words import describe_refusal, unit_of_part, unit_of_value

LANGUAGES = ["zh-hans", "en"]
NAN = float("nan")


def indicator(**fields: object) -> Indicator:
    counted = {
        "numerator_zh": "达标户数",
        "numerator_en": "shops that comply",
        "denominator_zh": "登记户数",
        "denominator_en": "shops registered",
    }
    defaults = {"unit_zh": "%", "unit_en": "%", "decimals": 1, "scale": Scale.RATE.value} | counted
    return Indicator(**defaults | fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(Finding))
def test_every_finding_is_a_sentence_with_its_numbers(code: Finding, language: str) -> None:
    numbers = [1204.0, 1180.0, 10.0, 1.0][: len(CHECKS[code].numbers)]
    with override(language):
        sentence = describe_finding(code, indicator=indicator(), numbers=tuple(numbers + [NAN] * (4 - len(numbers))))
    assert sentence.endswith(("。", "."))
    assert "%(" not in sentence
    assert "nan" not in sentence.lower()


@pytest.mark.parametrize(
    ("code", "numbers", "sentence"),
    [
        pytest.param(
            Finding.SHARE_ABOVE_ONE,
            (1204.0, 1180.0, NAN, NAN),
            "Numerator 1\u202f204 is greater than denominator 1\u202f180:"
            " “shops that comply” cannot exceed “shops registered”; check both.",
            id="part above whole",
        ),
        pytest.param(
            Finding.HALF_OF_COUNTS,
            (5.0, NAN, NAN, NAN),
            "Only the numerator 5 is entered; enter the denominator too.",
            id="denominator missing",
        ),
        pytest.param(
            Finding.HALF_OF_COUNTS,
            (NAN, 5.0, NAN, NAN),
            "Only the denominator 5 is entered; enter the numerator too.",
            id="numerator missing",
        ),
        pytest.param(
            Finding.UNIT_SLIP,
            (10500.0, 1.05, 10000.0, 0.0),
            "10\u202f500 is about 10\u202f000 times the usual 1.1; check the unit.",
            id="万 for 1",
        ),
        pytest.param(
            Finding.UNIT_SLIP,
            (10.0, 100.0, 0.1, 0.0),
            "10 is about one 10-th of the usual 100; check the unit.",
            id="a nought too few",
        ),
        pytest.param(
            Finding.AGAINST_LAST_YEAR,
            (97.8, 61.04, 0.37, NAN),
            "97.8%, against 61.04% in the same quarter of last year.",
            id="last year",
        ),
    ],
)
def test_findings_name_numbers_and_remedy(code: Finding, numbers: tuple[float, ...], sentence: str) -> None:
    with override("en"):
        assert describe_finding(code, indicator=indicator(), numbers=numbers) == sentence


def test_a_value_above_its_whole_speaks_of_no_counts() -> None:
    plain = indicator(numerator_zh="", denominator_zh="", scale=Scale.MILESTONE.value)
    with override("en"):
        sentence = describe_finding(Finding.SHARE_ABOVE_ONE, indicator=plain, numbers=(120.0, 100.0, NAN, NAN))
    assert sentence == "120 is more than the whole of 100; check the figure."


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refusal", [refusal for refusal in Refusal if refusal])
def test_every_refused_number_names_its_field_and_a_remedy(refusal: Refusal, language: str) -> None:
    with override(language):
        sentence = describe_refusal(NumberRead(refusal=refusal, piece="12件"), field="合格批次")
    assert sentence.startswith("合格批次")
    assert sentence.endswith(("。", "."))
    assert "%(" not in sentence


@pytest.mark.parametrize(
    ("fields", "unit"),
    [
        pytest.param({}, NumberUnit.PERCENT, id="%"),
        pytest.param({"unit_zh": "‰"}, NumberUnit.PER_MILLE, id="‰"),
        pytest.param({"unit_zh": "比率"}, NumberUnit.SHARE, id="a rate with 1 for the whole"),
        pytest.param({"unit_zh": "个", "scale": Scale.CONTINUOUS.value}, NumberUnit.COUNT, id="a count takes 万"),
        pytest.param({"unit_zh": "万件", "scale": Scale.CONTINUOUS.value}, NumberUnit.MEASURE, id="万 is in the unit"),
        pytest.param({"unit_zh": "吨", "scale": Scale.CONTINUOUS.value}, NumberUnit.MEASURE, id="a measure"),
        pytest.param({"unit_zh": "级", "scale": Scale.ORDINAL.value}, NumberUnit.MEASURE, id="a grade"),
    ],
)
def test_the_unit_decides_how_a_number_is_read(fields: dict[str, object], unit: NumberUnit) -> None:
    assert unit_of_value(indicator(**fields)) is unit


@pytest.mark.parametrize(
    ("wording", "unit"),
    [
        ("合格批次", NumberUnit.COUNT),
        ("工业新产品产值（万元）", NumberUnit.MEASURE),
        ("得到安全处理的医疗废物量（吨）", NumberUnit.MEASURE),
        ("评定为优、良等的县乡公路里程", NumberUnit.MEASURE),
    ],
)
def test_the_wording_of_a_part_decides_too(wording: str, unit: NumberUnit) -> None:
    assert unit_of_part(wording) is unit


@pytest.mark.parametrize(
    ("comparator", "expected", "words"),
    [
        pytest.param(Comparator.AT_LEAST, (37.5, NAN), "≥\u00a037.5%", id="at least"),
        pytest.param(Comparator.BELOW, (0.1, NAN), "<\u00a00.1%", id="below"),
        pytest.param(Comparator.BETWEEN, (1.0, 3.0), "1–3%", id="between"),
        pytest.param(Comparator.AT_LEAST, (NAN, NAN), "—", id="nothing expected yet"),
    ],
)
def test_expectations_are_written_with_sign_and_unit(
    comparator: Comparator, expected: tuple[float, float], words: str
) -> None:
    target = Target(indicator=indicator(), comparator=comparator.value, basis=Basis.LEVEL.value)
    assert write_expected_level(target, *expected) == words


def test_a_level_still_to_be_given_is_named_so() -> None:
    target = Target(indicator=indicator(), comparator=Comparator.AT_MOST.value, basis=Basis.LEVEL.value)
    with override("en"):
        assert write_plain_bound(target, NAN, None) == "awaited"
    assert write_plain_bound(target, 93.0, None) == "≤\u00a093%"
    assert write_value(NAN, target) == "—"
    assert write_value(92.95, target) == "93.0%"
