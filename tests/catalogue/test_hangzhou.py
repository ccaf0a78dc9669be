"""Hangzhou 2011 (seed 003): the file against a list read a second time, from the end of the document to its start."""

import pytest

from indicators.catalogue.reader import CATALOGUE_FOLDER, read_catalogue
from indicators.catalogue.schema import CatalogueFile, TargetEntry

from .bounds import Bound, list_bounds

YES = "是（1）否（0）"

SECOND_READING = [
    ("五(十七)", "yearly-review-inclusion", ">=", "1", YES, "2015Q4"),
    ("五(十六)", "government-award-system", ">=", "1", YES, "2015Q4"),
    ("五(十五)", "district-county-bodies", ">=", "1", YES, "2015Q4"),
    ("五(十五)", "domain-working-groups", ">=", "4", "个", "2015Q4"),
    ("四(十四)", "city-air-grade", "<=", "2", "级", "2015Q4"),
    ("四(十四)", "community-call-network", ">=", "100", "%", "2015Q4"),
    ("四(十三)", "system-certification-firms", ">=", "1000", "家", "2015Q4"),
    ("四(十三)", "effective-method-firms", ">=", "1000", "家", "2015Q4"),
    ("四(十三)", "excellence-model-firms", ">=", "500", "家", "2015Q4"),
    ("四(十三)", "effective-method-firms-campaign", ">=", "10000", "家", "2015Q4"),
    ("四(十三)", "award-contender-firms", ">=", "1000", "家", "2015Q4"),
    ("四(十二)", "hangzhou-default-list", ">=", "1", YES, "2015Q4"),
    ("四(十二)", "hangzhou-credit-standard", ">=", "1", YES, "2015Q4"),
    ("四(十二)", "hangzhou-credit-platform", ">=", "100", "%", "2015Q4"),
    ("三(六)", "farming-standard-rate", ">=", "60", "%", "2015Q4"),
    ("三(六)", "alliance-standard-rate", ">=", "30", "%", "2015Q4"),
    ("三(六)", "classified-inspection-system", ">=", "1", YES, "2015Q4"),
    ("二(五)", "zhejiang-famous-trademarks", ">=", "500", "件", "2015Q4"),
    ("二(五)", "well-known-trademarks", ">", "55", "件", "2015Q4"),
    ("二(五)", "international-trademarks", ">=", "0.8", "万件", "2015Q4"),
    ("二(五)", "farm-produce-trademarks", ">=", "2.5", "万件", "2015Q4"),
    ("二(五)", "service-trademarks", ">=", "2", "万件", "2015Q4"),
    ("二(五)", "registered-trademarks", ">=", "10", "万件", "2015Q4"),
    ("二(五)", "zhejiang-brand-firms", ">=", "450", "个", "2015Q4"),
    ("二(五)", "hangzhou-brand-plan", ">=", "1", YES, "2015Q4"),
    ("二(四)", "standards-award-firms", ">=", "50", "家", "2015Q4"),
    ("二(四)", "mayor-award-firms", ">=", "5", "家", "2015Q4"),
    ("二(三)", "patent-grants", ">=", "3", "万件", "2015Q4"),
    ("二(三)", "patent-applications", ">=", "4.5", "万件", "2015Q4"),
    ("二(三)", "hightech-firms", ">=", "1900", "家", "2015Q4"),
    ("二(三)", "innovative-firms", ">=", "100", "家", "2015Q4"),
]

# Dated and unambiguous; all others leave something open.
WITHOUT_DOUBT = {
    "hightech-firms",
    "mayor-award-firms",
    "standards-award-firms",
    "registered-trademarks",
    "service-trademarks",
    "farm-produce-trademarks",
    "international-trademarks",
    "well-known-trademarks",
    "zhejiang-famous-trademarks",
    "excellence-model-firms",
}

LEADS = {
    "hangzhou-quality-supervision": {
        "classified-inspection-system",
        "alliance-standard-rate",
        "farming-standard-rate",
    },
    "hangzhou-development-reform": {"community-call-network"},
    "hangzhou-environment": {"city-air-grade"},
}


@pytest.fixture(scope="module")
def catalogue() -> CatalogueFile:
    return read_catalogue(CATALOGUE_FOLDER / "003_hangzhou_2011.toml")


@pytest.fixture(scope="module")
def targets(catalogue: CatalogueFile) -> dict[str, TargetEntry]:
    return {target.code: target for target in catalogue.target}


@pytest.mark.parametrize("bound", SECOND_READING, ids=lambda bound: bound[1])
def test_target_is_as_in_the_second_reading(catalogue, bound):
    assert Bound(*bound) in list_bounds(catalogue)


def test_both_readings_found_the_same_targets_in_the_same_order(catalogue):
    assert [target.code for target in catalogue.target] == [code for _, code, *_ in reversed(SECOND_READING)]


def test_programme_starts_when_the_opinion_takes_effect(catalogue):
    programme = catalogue.programme
    assert (programme.code, programme.seed, programme.region) == ("hangzhou-2011", "003", "3301")
    assert (programme.first_quarter, programme.last_quarter) == ("2011Q3", "2015Q4")
    assert programme.issued_on.isoformat() == "2011-06-29"
    assert {target.first_quarter for target in catalogue.target} == {"2011Q3"}


def test_lost_title_is_a_doubt_of_the_programme(catalogue):
    assert "标题" in catalogue.programme.doubts_zh[0]
    assert "title" in catalogue.programme.doubts_en[0]


def test_four_departments_and_the_office_are_named_and_lead_their_domains(catalogue, targets):
    assert len(catalogue.department) == 5
    for lead, codes in LEADS.items():
        assert {code for code, target in targets.items() if target.lead == lead} == codes


def test_only_bodies_and_awards_go_to_districts_and_counties(targets):
    elsewhere = {code: target.regions for code, target in targets.items() if target.regions != ["3301"]}
    assert elsewhere == {
        "district-county-bodies": ["counties"],
        "government-award-system": ["3301", "counties"],
    }


def test_two_levels_for_one_thing_are_one_indicator_with_two_doubtful_targets(catalogue):
    pair = [target for target in catalogue.target if target.indicator == "effective-method-firms"]
    assert [target.level for target in pair] == [10_000, 1_000]
    assert all("一件事有两个数量" in target.doubt_zh for target in pair)


def test_totals_are_stocks_and_patents_are_those_of_the_year(targets):
    for code in ("hightech-firms", "registered-trademarks", "well-known-trademarks", "zhejiang-famous-trademarks"):
        target = targets[code]
        assert (target.path, target.window, target.accumulation) == ("at_due", "quarter", "last")
    for code in ("patent-applications", "patent-grants"):
        target = targets[code]
        assert (target.path, target.window, target.accumulation) == ("at_due", "year_to_date", "sum")
        assert "2015年" in target.doubt_zh


def test_firms_to_be_gained_follow_the_calendar(targets):
    for code in ("innovative-firms", "mayor-award-firms", "zhejiang-brand-firms", "excellence-model-firms"):
        target = targets[code]
        assert (target.path, target.window, target.accumulation) == ("linear", "since_start", "sum")


def test_air_is_held_at_grade_two_or_better(catalogue, targets):
    indicator = next(entry for entry in catalogue.indicator if entry.code == "city-air-grade")
    assert (indicator.scale, indicator.direction, indicator.aggregation) == ("ordinal", "lower", "worst")
    assert targets["city-air-grade"].path == "hold"


def test_doubts_are_recorded_where_the_document_leaves_something_open(targets):
    assert {code for code, target in targets.items() if not target.doubt_zh} == WITHOUT_DOUBT


def test_file_is_in_simplified_characters_but_for_the_quotes(catalogue):
    entries = [*catalogue.clause, *catalogue.department, *catalogue.indicator, *catalogue.target, *catalogue.left_out]
    shown = [catalogue.programme.model_dump_json(), *(entry.model_dump_json(exclude={"quote"}) for entry in entries)]
    assert not set("".join(shown)) & set("質業術標準達總實專務產級數區縣環為與萬個組織")


def test_sentences_left_out_are_no_targets_and_have_their_reasons(catalogue):
    assert len(catalogue.left_out) == 30
    assert not {entry.quote for entry in catalogue.left_out} & {target.quote for target in catalogue.target}
