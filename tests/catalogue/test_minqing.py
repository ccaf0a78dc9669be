"""Minqing (seed 001): the file against a list read a second time, from the end of the document to its start."""

from decimal import Decimal

import pytest

from indicators.catalogue.reader import CATALOGUE_FOLDER, read_catalogue
from indicators.catalogue.schema import CatalogueFile, RewardEntry, TargetEntry

from .bounds import Bound, list_bounds

YES = "是（1）否（0）"

SECOND_READING = [
    ("四(二)1(6)", "minqing-yearly-fund", ">=", "10", "万元", "2015Q4"),
    ("四(一)", "township-quality-plans", ">=", "100", "%", "2015Q4"),
    ("三(三)", "minqing-default-list", ">=", "1", YES, "2015Q4"),
    ("三(三)", "minqing-credit-standard", ">=", "1", YES, "2015Q4"),
    ("三(三)", "minqing-credit-platform", ">=", "100", "%", "2015Q4"),
    ("三(一)", "ceramics-test-centre", ">=", "100", "%", "2015Q4"),
    ("三(一)", "metrology-coverage", ">=", "90", "%", "2015Q4"),
    ("二(三)", "city-farming-zones", ">=", "3", "个", "2015Q4"),
    ("二(三)", "provincial-farming-zones", ">=", "2", "个", "2015Q4"),
    ("二(三)", "ministry-farming-zones", ">=", "1", "个", "2015Q4"),
    ("二(三)", "standards-written", ">=", "5", "项", "2015Q4"),
    ("二(三)", "industrial-standards-park", ">=", "1", "个", "2015Q4"),
    ("二(三)", "standards-committees", ">=", "2", "个", "2015Q4"),
    ("二(三)", "famous-products-standard-adoption", ">=", "95", "%", "2015Q4"),
    ("二(三)", "key-products-standard-adoption", ">=", "85", "%", "2015Q4"),
    ("二(二)", "food-provincial-inspection-pass-rate", ">=", "96.5", "%", "2015Q4"),
    ("二(二)", "provincial-inspection-pass-rate", ">=", "92.5", "%", "2015Q4"),
    ("二(二)", "export-inspection-pass-rate", ">", "0", "百分点", "2015Q4"),
    ("二(二)", "national-inspection-pass-rate", ">", "0", "百分点", "2015Q4"),
    ("二(一)", "brand-output-contribution", ">=", "30", "%", "2015Q4"),
    ("二(一)", "fuzhou-well-known-trademarks", ">=", "25", "件", "2015Q4"),
    ("二(一)", "fuzhou-product-quality-awards", ">=", "20", "个", "2015Q4"),
    ("二(一)", "fujian-famous-trademarks", ">=", "20", "件", "2015Q4"),
    ("二(一)", "provincial-famous-products", ">=", "10", "个", "2015Q4"),
    ("二(一)", "fuzhou-government-quality-award", ">=", "1", "个", "2015Q4"),
    ("二(一)", "provincial-government-quality-award", ">=", "1", "个", "2015Q4"),
    ("二(一)", "ministry-brands", ">=", "3", "个", "2015Q4"),
]

# Clause, award, amount in yuan (None: by bands).
REWARDS = [
    ("四(二)1(1)", "ministry-brand", None),
    ("四(二)1(2)", "provincial-government-quality-award", "1000000"),
    ("四(二)1(2)", "fuzhou-government-quality-award", "300000"),
    ("四(二)1(3)", "fujian-famous-product", "50000"),
    ("四(二)1(3)", "fujian-famous-trademark", "50000"),
    ("四(二)1(3)", "fuzhou-product-quality-award", "10000"),
    ("四(二)1(3)", "fuzhou-well-known-trademark", "10000"),
    ("四(二)1(4)", "national-laboratory-accreditation", "100000"),
    ("四(二)1(5)", "iso14000-certification", "20000"),
    ("四(二)1(5)", "iso22000-certification", "20000"),
    ("四(二)1(5)", "ohsas18000-certification", "20000"),
    ("四(二)1(5)", "sa8000-certification", "20000"),
]

LOST_YEAR = {
    "national-inspection-pass-rate",
    "export-inspection-pass-rate",
    "provincial-inspection-pass-rate",
    "food-provincial-inspection-pass-rate",
    "metrology-coverage",
    "ceramics-test-centre",
}

OTHER_DOUBTS = {
    "provincial-government-quality-award",
    "fuzhou-government-quality-award",
    "brand-output-contribution",
    "key-products-standard-adoption",
    "famous-products-standard-adoption",
    "minqing-credit-platform",
    "minqing-credit-standard",
    "minqing-default-list",
    "township-quality-plans",
    "minqing-yearly-fund",
}


@pytest.fixture(scope="module")
def catalogue() -> CatalogueFile:
    return read_catalogue(CATALOGUE_FOLDER / "001_minqing_2012.toml")


@pytest.fixture(scope="module")
def targets(catalogue: CatalogueFile) -> dict[str, TargetEntry]:
    return {target.code: target for target in catalogue.target}


@pytest.fixture(scope="module")
def rewards(catalogue: CatalogueFile) -> dict[str, RewardEntry]:
    return {reward.code: reward for reward in catalogue.reward}


@pytest.mark.parametrize("bound", SECOND_READING, ids=lambda bound: bound[1])
def test_target_is_as_in_the_second_reading(catalogue, bound):
    assert Bound(*bound) in list_bounds(catalogue)


def test_both_readings_found_the_same_targets_in_the_same_order(catalogue):
    assert [target.code for target in catalogue.target] == [code for _, code, *_ in reversed(SECOND_READING)]


def test_programme_runs_from_the_outline_to_the_end_of_the_plan(catalogue):
    programme = catalogue.programme
    assert (programme.code, programme.seed, programme.region) == ("minqing-2012", "001", "350124")
    assert (programme.first_quarter, programme.last_quarter) == ("2012Q1", "2015Q4")
    assert "质量发展纲要" in programme.doubts_zh[0]
    assert "date is lost" in programme.doubts_en[0]


def test_every_target_holds_for_the_county_under_the_quality_office(catalogue):
    assert {(tuple(target.regions), target.lead) for target in catalogue.target} == {
        (("350124",), "minqing-quality-office")
    }


def test_lost_year_is_a_doubt_on_every_target_of_its_sentences(targets):
    assert {code for code, target in targets.items() if "“到年”的年份缺失" in target.doubt_zh} == LOST_YEAR


def test_doubts_are_recorded_where_the_document_leaves_something_open(targets):
    assert {code for code, target in targets.items() if target.doubt_zh} == LOST_YEAR | OTHER_DOUBTS


def test_one_number_for_two_awards_is_a_doubt_on_both(targets):
    province, city = targets["provincial-government-quality-award"], targets["fuzhou-government-quality-award"]
    assert province.quote == city.quote == "福建省政府质量奖、福州市政府质量奖1个"
    assert province.doubt_zh == city.doubt_zh
    assert "1个" in province.doubt_zh


def test_rates_above_the_provincial_average_are_compared_with_it(targets):
    for code in ("national-inspection-pass-rate", "export-inspection-pass-rate"):
        assert (targets[code].basis, targets[code].path) == ("over_benchmark", "hold")


def test_counts_of_two_or_more_follow_the_calendar_and_single_things_are_due_at_the_end(catalogue):
    counts = [target for target in catalogue.target if target.accumulation == "sum"]
    assert {target.window for target in counts} == {"since_start"}
    assert {target.path for target in counts if target.level >= 2} == {"linear"}
    assert {target.path for target in counts if target.level == 1} == {"at_due"}


def test_rewards_are_as_in_the_second_reading(catalogue):
    found = [(reward.clause, reward.code, reward.amount) for reward in catalogue.reward]
    assert found == [(clause, code, None if amount is None else Decimal(amount)) for clause, code, amount in REWARDS]


def test_brand_reward_is_paid_by_bands_from_a_million_yuan(rewards):
    reward = rewards["ministry-brand"]
    assert reward.minimum_base == 1_000_000
    assert [(tier.from_amount, tier.percent) for tier in reward.tiers] == [
        (1_000_000, 10),
        (3_000_000, 15),
        (5_000_000, 20),
    ]
    assert [tier.to_amount for tier in reward.tiers[:2]] == [3_000_000, 5_000_000]
    assert reward.doubt_zh


def test_certificates_carry_the_doubt_whether_each_is_rewarded(catalogue):
    certificates = [reward for reward in catalogue.reward if reward.clause == "四(二)1(5)"]
    assert len(certificates) == 4
    assert all(reward.doubt_zh and reward.doubt_en for reward in certificates)


def test_highest_reward_only_and_the_yearly_collection_are_conventions(catalogue):
    text = "".join(catalogue.programme.conventions_zh)
    assert "只按最高一项兑现" in text
    assert "每年11月底" in text


def test_sentences_left_out_are_no_targets_and_have_their_reasons(catalogue):
    assert len(catalogue.left_out) == 17
    assert not {entry.quote for entry in catalogue.left_out} & {target.quote for target in catalogue.target}
