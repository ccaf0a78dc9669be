"""Zhejiang 2012 (seed 000): the file against a list read a second time, from the end of the document to its start."""

import pytest

from indicators.catalogue.reader import CATALOGUE_FOLDER, read_catalogue
from indicators.catalogue.schema import CatalogueFile, TargetEntry

from .bounds import Bound, list_bounds

YES = "是（1）否（0）"

SECOND_READING = [
    ("五(二)", "creation-work-plan", ">=", "1", YES, "2015Q4"),
    ("五(二)", "counties-classified-rate", ">=", "100", "%", "2015Q4"),
    ("五(一)", "county-creation-plan", ">=", "1", YES, "2015Q4"),
    ("五(一)", "domain-creation-criteria", ">=", "4", "个", "2015Q4"),
    ("五(一)", "domain-action-plans", ">=", "4", "个", "2015Q4"),
    ("四(七)", "county-default-list", ">=", "1", YES, "2015Q4"),
    ("四(六)", "strategic-industry-laboratories", ">=", "16", "个", "2015Q4"),
    ("四(五)", "key-product-catalogue", ">=", "1", YES, "2015Q4"),
    ("四(三)", "county-brand-plan", ">=", "1", YES, "2015Q4"),
    ("四(二)", "public-buildings-energy-standard", ">=", "100", "%", "2015Q4"),
    ("四(二)", "thermal-power-emission-standard", ">=", "100", "%", "2015Q4"),
    ("三·环境质量", "surface-water-grade-iii-share", ">", "75", "%", "2015Q4"),
    ("三·环境质量", "nitrogen-oxides-cut", ">=", None, "吨", "2015Q4"),
    ("三·环境质量", "sulphur-dioxide-cut", ">=", None, "吨", "2015Q4"),
    ("三·环境质量", "ammonia-nitrogen-cut", ">=", None, "吨", "2015Q4"),
    ("三·环境质量", "cod-cut", ">=", None, "吨", "2015Q4"),
    ("三·服务质量", "hightech-service-revenue-growth", ">=", "18", "%", "2015Q4"),
    ("三·服务质量", "consumer-services-satisfaction", ">=", "80", "%", "2015Q4"),
    ("三·服务质量", "producer-services-satisfaction", ">=", "85", "%", "2015Q4"),
    ("三·服务质量", "key-service-firms-certified", ">=", "100", "%", "2015Q4"),
    ("三·服务质量", "service-firms-quality-system", ">=", "100", "家", "2015Q4"),
    ("三·服务质量", "service-pilot-projects", ">=", "2", "个", "2015Q4"),
    ("三·服务质量", "service-demonstration-sites", ">=", "5", "个", "2015Q4"),
    ("三·工程质量", "new-buildings-energy-standard", ">=", "100", "%", "2015Q4"),
    ("三·工程质量", "large-works-first-acceptance-rate", ">=", "100", "%", "2015Q4"),
    ("三·工程质量", "works-handover-pass-rate", ">=", "100", "%", "2015Q4"),
    ("三·产品质量", "international-standards-share-gain", ">=", "5", "百分点", "2015Q4"),
    ("三·产品质量", "farming-standardisation-rate", ">", "65", "%", "2015Q4"),
    ("三·产品质量", "drug-sampling-pass-rate", ">=", "96", "%", "2015Q4"),
    ("三·产品质量", "farm-produce-monitoring-pass-rate", ">=", "96", "%", "2015Q4"),
    ("三·产品质量", "local-food-inspection-pass-rate", ">=", "94", "%", "2015Q4"),
    ("三·产品质量", "product-inspection-pass-rate", ">=", "93", "%", "2015Q4"),
    ("三", "demonstration-counties", ">=", "30", "个", "2015Q4"),
]

OF_THE_PROVINCE = {
    "demonstration-counties",
    "service-firms-quality-system",
    "key-service-firms-certified",
    "hightech-service-revenue-growth",
    "thermal-power-emission-standard",
    "strategic-industry-laboratories",
    "domain-action-plans",
    "domain-creation-criteria",
    "counties-classified-rate",
    "creation-work-plan",
}

# Clear in every respect; all others leave something open.
WITHOUT_DOUBT = {
    "demonstration-counties",
    "product-inspection-pass-rate",
    "local-food-inspection-pass-rate",
    "farm-produce-monitoring-pass-rate",
    "drug-sampling-pass-rate",
    "works-handover-pass-rate",
    "large-works-first-acceptance-rate",
    "producer-services-satisfaction",
    "consumer-services-satisfaction",
    "surface-water-grade-iii-share",
}

LEADS = {
    "三·产品质量": "zhejiang-quality-supervision",
    "三·工程质量": "zhejiang-construction",
    "三·服务质量": "zhejiang-development-reform",
    "三·环境质量": "zhejiang-environment",
}


@pytest.fixture(scope="module")
def catalogue() -> CatalogueFile:
    return read_catalogue(CATALOGUE_FOLDER / "000_zhejiang_2012.toml")


@pytest.fixture(scope="module")
def targets(catalogue: CatalogueFile) -> dict[str, TargetEntry]:
    return {target.code: target for target in catalogue.target}


@pytest.mark.parametrize("bound", SECOND_READING, ids=lambda bound: bound[1])
def test_target_is_as_in_the_second_reading(catalogue, bound):
    assert Bound(*bound) in list_bounds(catalogue)


def test_both_readings_found_the_same_targets_in_the_same_order(catalogue):
    assert [target.code for target in catalogue.target] == [code for _, code, *_ in reversed(SECOND_READING)]


def test_programme_is_the_draft_of_2012(catalogue):
    programme = catalogue.programme
    assert (programme.code, programme.seed, programme.region) == ("zhejiang-2012", "000", "33")
    assert (programme.first_quarter, programme.last_quarter) == ("2012Q1", "2015Q4")
    assert programme.issued_on.isoformat() == "2012-04-28"
    assert "征求意见稿" in programme.doubts_zh[0]
    assert "draft" in programme.doubts_en[0]


def test_only_what_is_worded_for_the_province_is_allocated_to_it(targets):
    assert {code for code, target in targets.items() if target.regions == ["33"]} == OF_THE_PROVINCE
    assert {tuple(target.regions) for target in targets.values()} == {("33",), ("counties",)}


def test_province_or_county_is_a_doubt_where_the_document_leaves_it_open(targets):
    for code in (
        "service-demonstration-sites",
        "service-pilot-projects",
        "service-firms-quality-system",
        "key-service-firms-certified",
        "hightech-service-revenue-growth",
        "thermal-power-emission-standard",
    ):
        assert "县" in targets[code].doubt_zh
        assert "county" in targets[code].doubt_en


def test_goals_of_a_domain_are_led_by_its_provincial_department(catalogue):
    for target in catalogue.target:
        if target.clause in LEADS:
            assert target.lead == LEADS[target.clause]


def test_pollutant_cuts_await_the_level_that_the_province_gives(targets):
    cuts = [target for target in targets.values() if target.level is None]
    assert [target.code for target in cuts] == [
        "cod-cut",
        "ammonia-nitrogen-cut",
        "sulphur-dioxide-cut",
        "nitrogen-oxides-cut",
    ]
    assert all("省里另行下达" in target.doubt_zh for target in cuts)


def test_gain_and_growth_have_no_base_in_the_document(targets):
    gain, growth = targets["international-standards-share-gain"], targets["hightech-service-revenue-growth"]
    assert (gain.basis, gain.baseline) == ("points", None)
    assert (growth.basis, growth.baseline) == ("growth", None)


def test_pass_rates_are_held_and_shares_that_grow_count_when_due(targets):
    assert {targets[code].path for code in WITHOUT_DOUBT - {"demonstration-counties"}} == {"hold"}
    for code in (
        "farming-standardisation-rate",
        "international-standards-share-gain",
        "key-service-firms-certified",
    ):
        assert targets[code].path == "at_due"
    counties = targets["demonstration-counties"]
    assert (counties.path, counties.window, counties.accumulation) == ("linear", "since_start", "sum")


def test_doubts_are_recorded_where_the_document_leaves_something_open(targets):
    assert {code for code, target in targets.items() if not target.doubt_zh} == WITHOUT_DOUBT


def test_sentences_left_out_are_no_targets_and_have_their_reasons(catalogue):
    assert len(catalogue.left_out) == 29
    assert not {entry.quote for entry in catalogue.left_out} & {target.quote for target in catalogue.target}
