"""Pan'an 2018 (seed 004): the file against a list read a second time, from the end of the document to its start."""

from decimal import Decimal

import pytest

from indicators.catalogue.reader import CATALOGUE_FOLDER, read_catalogue
from indicators.catalogue.schema import CatalogueFile, TargetEntry

# clause, target, comparator, level (None: somebody else still gives it), unit; in the order of the second reading.
SECOND_READING = [
    ("三(四)16", "complaint-platform", ">=", "100", "%"),
    ("三(四)15", "untrustworthy-list-reports", ">=", "1", "次"),
    ("三(四)15", "untrustworthy-list-plan", ">=", "1", "是（1）否（0）"),
    ("三(四)14", "practice-base-share", ">=", "10", "%"),
    ("三(四)13", "zero-campaign-summary", ">=", "1", "是（1）否（0）"),
    ("三(四)13", "zero-campaign-analysis", ">=", "1", "是（1）否（0）"),
    ("三(四)13", "zero-campaign-problem-list", ">=", "1", "是（1）否（0）"),
    ("三(四)13", "zero-campaign-plan", ">=", "1", "是（1）否（0）"),
    ("三(三)12", "brand-rules", ">=", "1", "是（1）否（0）"),
    ("三(三)12", "quality-award-rules", ">=", "1", "是（1）否（0）"),
    ("三(三)11", "provincial-brands", ">=", "2", "个"),
    ("三(二)8", "special-villages", ">=", "3", "个"),
    ("三(二)8", "beautiful-townships", ">=", "1", "个"),
    ("三(二)8", "beautiful-pastures", ">=", "1", "个"),
    ("三(二)8", "beautiful-field-sites", ">=", "5", "个"),
    ("三(二)8", "circular-farming-zones", ">=", "2", "个"),
    ("三(二)8", "leisure-farming-county-launch", ">=", "1", "是（1）否（0）"),
    ("三(二)8", "farmer-training", ">=", "1800", "人"),
    ("三(二)7·四", "transport-works-acceptance-rate", ">=", "100", "%"),
    ("三(二)7·一", "farm-produce-emergency-plan", ">=", "1", "是（1）否（0）"),
    ("三(二)7·一", "farm-produce-warning", ">=", "1", "是（1）否（0）"),
    ("三(二)6·四", "farm-zones-soil-clean-rate", ">=", "95", "%"),
    ("三(二)6·四", "fertiliser-use", "<", "0", "吨"),
    ("三(二)6·四", "pesticide-use", "<", "0", "吨"),
    ("三(二)6·四", "pollutant-emissions", "<=", None, "吨"),
    ("三(二)6·四", "energy-per-gdp", "<=", None, "吨标准煤/万元"),
    ("三(二)6·四", "good-air-days-share-95", ">=", "95", "%"),
    ("三(二)6·四", "functional-zone-water-rate", ">=", "100", "%"),
    ("三(二)6·四", "pm25-mean-falling", "<", "0", "微克/立方米"),
    ("三(二)6·四", "border-section-grade", "<=", "1", "等次"),
    ("三(二)6·四", "beautiful-rivers", ">=", "7", "条"),
    ("三(二)6·四", "inferior-grade-5-waters", "=", "0", "个"),
    ("三(二)6·四", "rural-drinking-water-projects", ">=", "13", "个"),
    ("三(二)6·四", "water-source-ponds", ">=", "3", "座"),
    ("三(二)6·四", "environment-command-platform", ">=", "100", "%"),
    ("三(二)6·三", "family-doctor-contract-rate", ">=", "35", "%"),
    ("三(二)6·三", "in-county-treatment-rate", ">=", "80", "%"),
    ("三(二)6·三", "tcm-tourism-zone-launch", ">=", "1", "是（1）否（0）"),
    ("三(二)6·三", "aaa-grade-scenic-villages", ">=", "5", "个"),
    ("三(二)6·三", "a-grade-scenic-villages", ">=", "60", "个"),
    ("三(二)6·三", "smart-tourism-coverage", ">=", "100", "%"),
    ("三(二)6·三", "tourist-signs-coverage", ">=", "100", "%"),
    ("三(二)6·三", "tourist-distribution-coverage", ">=", "100", "%"),
    ("三(二)6·二", "yueshan-road-facades", ">=", "100", "%"),
    ("三(二)6·二", "construction-service-centre", ">=", "100", "%"),
    ("三(二)6·二", "construction-output", ">", "150", "亿元"),
    ("三(二)6·一", "certified-farm-produce-share", ">=", "55", "%"),
    ("三(二)6·一", "food-samples-tested", ">=", "2.5", "万批次"),
    ("三(二)6·一", "rapid-testing-laboratories", ">=", "4", "家"),
    ("三(二)6·一", "market-tracing-system", ">=", "100", "%"),
    ("三(二)6·一", "new-testing-items", ">=", "50", "个"),
    ("三(二)6·一", "smart-testing-system", ">=", "100", "%"),
    ("三(二)6·一", "village-food-stations", ">=", "120", "家"),
    ("三(二)6·一", "township-food-offices", ">=", "14", "个"),
    ("三(一)2", "safety-instruments-pass-rate", ">=", "100", "%"),
    ("三(一)2", "safety-instruments-verification-rate", ">=", "100", "%"),
    ("三(一)2", "household-meters-first-verification-rate", ">=", "100", "%"),
    ("二", "good-air-days-share-98", ">=", "98", "%"),
    ("二", "pm25-mean-29", "<=", "29", "微克/立方米"),
    ("二", "drinking-water-source-compliance-rate", ">=", "100", "%"),
    ("二", "surface-water-grade-3-share", ">=", "100", "%"),
    ("二", "one-visit-satisfaction", ">=", "97", "%"),
    ("二", "service-satisfaction", ">=", "83", "%"),
    ("二", "industrialised-building-area", ">=", None, "万平方米"),
    ("二", "works-first-acceptance-rate", ">=", "100", "%"),
    ("二", "zhejiang-made-standards", ">=", "3", "个"),
    ("二", "main-farm-produce-pass-rate", ">=", "97", "%"),
    ("二", "new-product-output-rate", ">=", "32", "%"),
    ("二", "manufacturing-pass-rate", ">=", "94", "%"),
    ("二", "major-quality-incidents", "=", "0", "起"),
]

# What the document leaves open, by the clauses named.
DOUBTFUL = {
    "industrialised-building-area",
    "surface-water-grade-3-share",
    "pm25-mean-29",
    "good-air-days-share-98",
    "certified-farm-produce-share",
    "construction-output",
    "construction-service-centre",
    "yueshan-road-facades",
    "tourist-distribution-coverage",
    "tourist-signs-coverage",
    "smart-tourism-coverage",
    "a-grade-scenic-villages",
    "aaa-grade-scenic-villages",
    "family-doctor-contract-rate",
    "environment-command-platform",
    "inferior-grade-5-waters",
    "border-section-grade",
    "pm25-mean-falling",
    "good-air-days-share-95",
    "energy-per-gdp",
    "pollutant-emissions",
    "pesticide-use",
    "fertiliser-use",
    "farm-produce-emergency-plan",
    "farmer-training",
    "circular-farming-zones",
    "provincial-brands",
    "quality-award-rules",
    "brand-rules",
    "zero-campaign-plan",
    "zero-campaign-problem-list",
    "zero-campaign-analysis",
    "zero-campaign-summary",
    "practice-base-share",
}


@pytest.fixture(scope="module")
def catalogue() -> CatalogueFile:
    return read_catalogue(CATALOGUE_FOLDER / "004_panan_2018.toml")


@pytest.fixture(scope="module")
def targets(catalogue: CatalogueFile) -> dict[str, TargetEntry]:
    return {target.code: target for target in catalogue.target}


def test_programme_is_the_county_plan_of_one_year(catalogue):
    programme = catalogue.programme
    assert (programme.code, programme.seed, programme.region) == ("panan-2018", "004", "330727")
    assert (programme.first_quarter, programme.last_quarter) == ("2018Q1", "2018Q4")
    assert programme.issued_on.isoformat() == "2018-08-21"


@pytest.mark.parametrize(("clause", "code", "comparator", "level", "unit"), SECOND_READING)
def test_target_is_as_in_the_second_reading(catalogue, targets, clause, code, comparator, level, unit):
    target = targets[code]
    indicator = next(entry for entry in catalogue.indicator if entry.code == target.indicator)
    assert (target.clause, target.comparator, indicator.unit_zh) == (clause, comparator, unit)
    assert target.level == (None if level is None else Decimal(level))


def test_both_readings_found_the_same_targets_in_the_same_order(catalogue):
    assert [target.code for target in catalogue.target] == [code for _, code, *_ in reversed(SECOND_READING)]


def test_every_target_is_of_the_year(catalogue):
    assert {(target.first_quarter, target.due) for target in catalogue.target} == {("2018Q1", "2018Q4")}


def test_counts_of_the_year_are_expected_by_quarter(catalogue):
    annual = [target for target in catalogue.target if target.path == "annual"]
    assert len(annual) == 20
    assert {(target.window, target.accumulation) for target in annual} == {("year_to_date", "sum")}


def test_untrustworthy_list_is_due_in_every_quarter_by_itself(targets):
    target = targets["untrustworthy-list-reports"]
    assert (target.path, target.window, target.accumulation) == ("hold", "quarter", "sum")


def test_milestones_and_yes_no_have_no_expectation_before_the_end_of_the_year(catalogue):
    scales = {indicator.code: indicator.scale for indicator in catalogue.indicator}
    things = [target for target in catalogue.target if scales[target.indicator] in ("milestone", "yes_no")]
    assert len(things) == 17
    assert {(target.path, target.accumulation) for target in things} == {("at_due", "last")}


def test_shares_that_grow_to_the_end_of_the_year_take_the_newest_quarter(targets):
    for code in ("certified-farm-produce-share", "family-doctor-contract-rate", "practice-base-share"):
        assert (targets[code].path, targets[code].window) == ("at_due", "quarter")


def test_only_the_incident_target_is_a_veto(catalogue):
    assert [target.code for target in catalogue.target if target.veto] == ["major-quality-incidents"]


@pytest.mark.parametrize(
    ("indicator", "codes"),
    [
        ("good-air-days-share", ["good-air-days-share-98", "good-air-days-share-95"]),
        ("pm25-mean", ["pm25-mean-29", "pm25-mean-falling"]),
    ],
)
def test_one_thing_asked_twice_is_one_indicator_with_two_targets(catalogue, indicator, codes):
    assert [target.code for target in catalogue.target if target.indicator == indicator] == codes


def test_falls_are_measured_against_the_year_before(targets):
    for code in ("pm25-mean-falling", "pesticide-use", "fertiliser-use"):
        assert (targets[code].basis, targets[code].baseline) == ("growth", None)
        assert targets[code].baseline_zh
        assert targets[code].baseline_en


def test_campaign_is_asked_of_every_township_and_of_the_departments(targets):
    asked = [code for code, target in targets.items() if "townships" in target.regions]
    assert asked == [code for _, code, *_ in reversed(SECOND_READING) if code.startswith("zero-campaign-")]
    assert all(targets[code].regions == ["330727", "townships"] for code in asked)


def test_doubts_are_recorded_where_the_document_leaves_something_open(catalogue):
    assert {target.code for target in catalogue.target if target.doubt_zh} == DOUBTFUL


def test_missing_annex_is_a_doubt_of_the_programme(catalogue):
    assert "附件" in catalogue.programme.doubts_zh[0]
    assert len(catalogue.programme.doubts_zh) == len(catalogue.programme.doubts_en)


def test_sentences_left_out_have_their_reasons(catalogue):
    assert len(catalogue.left_out) == 34
    assert len({entry.quote for entry in catalogue.left_out}) == 34
    assert not {entry.quote for entry in catalogue.left_out} & {target.quote for target in catalogue.target}
