"""The Changzhi catalogue against a table written from the document by hand, not from the data file."""

from collections import Counter
from decimal import Decimal

import pytest

from indicators.catalogue.reader import CATALOGUE_FOLDER, read_catalogue
from indicators.catalogue.schema import CatalogueFile, IndicatorEntry, TargetEntry

CHANGZHI_PATH = CATALOGUE_FOLDER / "002_changzhi_2015.toml"

# code, clause, comparator, level, unit of the level, due
BOUNDS = [
    ("counties-running-quality-programme", "二", ">=", "100", "%", "2020Q4"),
    ("national-spot-check-pass-rate", "二(一)2", ">=", "0", "百分点", "2020Q4"),
    ("provincial-spot-check-pass-rate", "二(一)2", ">=", "90", "%", "2020Q4"),
    ("city-spot-check-pass-rate", "二(一)2", ">=", "95", "%", "2020Q4"),
    ("quality-complaint-rate", "二(一)2", "<=", "1", "位", "2020Q4"),
    ("quality-incidents", "二(一)2", "<=", "0", "起", "2020Q4"),
    ("industrial-system-certification-rate", "二(一)3", ">=", "85", "%", "2020Q4"),
    ("industrial-standards-adoption-rate", "二(一)3", ">=", "85", "%", "2020Q4"),
    ("food-inspection-pass-rate", "二(一)4", ">=", "85", "%", "2020Q4"),
    ("drug-test-pass-rate", "二(一)4", ">=", "98.5", "%", "2020Q4"),
    ("food-drug-monitoring-coverage", "二(一)4", ">=", "50", "%", "2020Q4"),
    ("food-drug-incident-handling-rate", "二(一)4", ">=", "100", "%", "2020Q4"),
    ("drug-maker-gmp-rate", "二(一)4", ">=", "100", "%", "2020Q4"),
    ("drug-seller-gsp-rate", "二(一)4", ">=", "100", "%", "2020Q4"),
    ("food-maker-licence-rate", "二(一)4", ">=", "100", "%", "2020Q4"),
    ("food-workshop-licence-rate", "二(一)4", ">=", "80", "%", "2020Q4"),
    ("supermarket-purchase-record-rate", "二(一)4", ">=", "95", "%", "2020Q4"),
    ("catering-purchase-record-rate", "二(一)4", ">=", "95", "%", "2020Q4"),
    ("catering-satisfaction", "二(一)4", ">=", "85", "%", "2020Q4"),
    ("farm-produce-pass-rate", "二(一)5", ">=", "95", "%", "2020Q4"),
    ("wholesale-market-monitoring-rate", "二(一)5", ">=", "100", "%", "2020Q4"),
    ("certified-farm-products-growth", "二(一)5", ">=", "50", "%", "2020Q4"),
    ("agricultural-standard-zones", "二(一)5", ">=", "38", "个", "2020Q4"),
    ("standardised-production-area", "二(一)5", ">=", "300", "万亩", "2020Q4"),
    ("completed-works-compliance-rate", "二(二)1", ">=", "100", "%", "2020Q4"),
    ("large-works-acceptance-rate", "二(二)1", ">=", "100", "%", "2020Q4"),
    ("other-works-first-acceptance-rate", "二(二)1", ">=", "98", "%", "2020Q4"),
    ("building-supervision-coverage", "二(二)2", ">=", "100", "%", "2020Q4"),
    ("building-completion-acceptance-rate", "二(二)2", ">=", "100", "%", "2020Q4"),
    ("housing-defect-prevention-coverage", "二(二)2", ">=", "70", "%", "2020Q4"),
    ("new-building-plaque-rate", "二(二)2", ">=", "100", "%", "2020Q4"),
    ("municipal-works-acceptance-rate", "二(二)2", ">=", "100", "%", "2020Q4"),
    ("municipal-works-upkeep-rate", "二(二)2", ">=", "80", "%", "2020Q4"),
    ("rural-road-acceptance-rate", "二(二)2", ">=", "100", "%", "2020Q4"),
    ("county-road-good-rate", "二(二)2", ">=", "75", "%", "2020Q4"),
    ("service-standards-and-evaluation", "二(三)1", ">=", "100", "%", "2020Q4"),
    ("trade-integrity-file-rate", "二(三)2", ">=", "80", "%", "2020Q4"),
    ("goods-in-inspection-rate", "二(三)2", ">=", "95", "%", "2020Q4"),
    ("after-sales-guarantee-rate", "二(三)2", ">=", "95", "%", "2020Q4"),
    ("provincial-service-brands", "二(三)2", ">=", "100", "个", "2020Q4"),
    ("national-known-service-brands", "二(三)2", ">=", "10", "个", "2020Q4"),
    ("tourism-standards-coverage", "二(三)3", ">=", "35", "%", "2020Q4"),
    ("graded-sights-share", "二(三)3", ">=", "30", "%", "2020Q4"),
    ("star-hotels-share", "二(三)3", ">=", "20", "%", "2020Q4"),
    ("visitor-satisfaction", "二(三)3", ">=", "80", "%", "2020Q4"),
    ("visitor-complaint-rate", "二(三)3", "<", "0.1", "‰", "2020Q4"),
    ("tourism-complaint-satisfaction", "二(三)3", ">=", "90", "%", "2020Q4"),
    ("national-tourism-brand-zones", "二(三)3", "between", "1", "个", "2020Q4"),
    ("provincial-tourism-service-brands", "二(三)3", "between", "1", "个", "2020Q4"),
    ("information-service-standards", "二(三)4", ">=", "100", "%", "2020Q4"),
    ("information-service-satisfaction", "二(三)4", ">=", "85", "%", "2020Q4"),
    ("information-complaint-satisfaction", "二(三)4", ">=", "80", "%", "2020Q4"),
    ("water-supply-satisfaction", "二(三)5", ">=", "80", "%", "2020Q4"),
    ("heating-satisfaction", "二(三)5", ">=", "80", "%", "2020Q4"),
    ("power-supply-satisfaction", "二(三)5", ">=", "80", "%", "2020Q4"),
    ("gas-supply-satisfaction", "二(三)5", ">=", "80", "%", "2020Q4"),
    ("property-service-norm", "二(三)5", ">=", "100", "%", "2020Q4"),
    ("property-complaint-satisfaction", "二(三)5", ">=", "80", "%", "2020Q4"),
    ("cod-emissions-reduction", "二(四)2", ">=", "11.3", "%", "2020Q4"),
    ("sulphur-dioxide-emissions-reduction", "二(四)2", ">=", "7.31", "%", "2020Q4"),
    ("good-air-days-city", "二(四)2", ">", "280", "天", "2020Q4"),
    ("good-air-days-counties", "二(四)2", ">", "260", "天", "2020Q4"),
    ("drinking-water-source-rate", "二(四)2", ">=", "100", "%", "2020Q4"),
    ("river-section-grade-five-rate", "二(四)2", ">=", "100", "%", "2020Q4"),
    ("banned-pesticide-cases", "二(四)2", "=", "0", "起", "2020Q4"),
    ("waste-dumping-cases", "二(四)2", "=", "0", "起", "2020Q4"),
    ("industrial-solid-waste-safe-treatment-rate", "二(四)2", ">=", "100", "%", "2020Q4"),
    ("hazardous-waste-safe-treatment-rate", "二(四)2", ">=", "100", "%", "2020Q4"),
    ("medical-waste-safe-treatment-rate", "二(四)2", ">=", "100", "%", "2020Q4"),
    ("other-toxic-substances-safe-treatment-rate", "二(四)2", ">=", "100", "%", "2020Q4"),
    ("standards-service-system", "三(一)2", ">=", "100", "%", "2020Q4"),
    ("case-disclosure-system", "三(二)1", ">=", "100", "%", "2020Q4"),
    ("public-testing-platform", "三(二)2(1)", ">=", "100", "%", "2020Q4"),
    ("main-product-testing-coverage", "三(二)2(1)", ">=", "100", "%", "2020Q4"),
    ("standards-service-platform", "三(二)2(2)", ">=", "100", "%", "2020Q4"),
    ("quality-safety-information-platform", "三(二)2(3)", ">=", "100", "%", "2020Q4"),
    ("quality-safety-bulletin-system", "三(二)2(3)", ">=", "100", "%", "2020Q4"),
    ("enterprise-head-credit-records", "三(二)3(3)", ">=", "100", "%", "2020Q4"),
    ("plans-with-quality-rate", "五(一)", ">=", "100", "%", "2020Q4"),
    ("joint-meeting-system", "五(一)", ">=", "100", "%", "2020Q4"),
    ("responsibility-letters-city", "五(三)", ">=", "100", "%", "2020Q4"),
    ("responsibility-letters-counties", "五(三)", ">=", "100", "%", "2020Q4"),
    ("assessment-rules", "五(三)", ">=", "100", "%", "2020Q4"),
    ("assessment-in-leader-appraisal", "五(三)", ">=", "100", "%", "2020Q4"),
]
# 责任单位 lines: clause → the units, whoever leads
UNITS = {
    "二(一)2": {"quality-supervision", "industry-commerce", "entry-exit-inspection"},
    "二(一)3": {"quality-supervision", "industry-commerce", "entry-exit-inspection"},
    "二(一)4": {"food-drug"},
    "二(一)5": {"agriculture", "quality-supervision"},
    "二(二)1": {"housing-construction", "transport"},
    "二(二)2": {"housing-construction", "transport"},
    "二(三)1": {"commerce"},
    "二(三)2": {"commerce"},
    "二(三)3": {"tourism"},
    "二(三)4": {"economy-it", "culture-broadcasting"},
    "二(三)5": {"housing-construction", "power-grid"},
    "二(四)2": {"environment", "agriculture", "housing-construction"},
}
DEPARTMENTS = {
    "质强办",
    "市质监局",
    "市工商局",
    "检验检疫局",
    "市食药监局",
    "市农委",
    "市住建局",
    "市交通局",
    "市商务局",
    "市旅游局",
    "市经信委",
    "市文广新局",
    "国网长治供电公司",
    "市环保局",
    "市发改委",
    "市财政局",
    "市科技局",
    "市教育局",
    "市统计局",
    "市中小企业局",
    "市公安局",
    "市司法局",
}
# words that keep a standing level instead of reaching one by 2020
KEPT = {
    "national-spot-check-pass-rate",
    "quality-complaint-rate",
    "quality-incidents",
    "municipal-works-upkeep-rate",
    "banned-pesticide-cases",
    "waste-dumping-cases",
}


@pytest.fixture(scope="module")
def changzhi() -> CatalogueFile:
    return read_catalogue(CHANGZHI_PATH)


@pytest.fixture(scope="module")
def targets(changzhi: CatalogueFile) -> dict[str, TargetEntry]:
    return {target.code: target for target in changzhi.target}


@pytest.fixture(scope="module")
def indicators(changzhi: CatalogueFile) -> dict[str, IndicatorEntry]:
    return {indicator.code: indicator for indicator in changzhi.indicator}


def unit_of_level(target: TargetEntry, indicator: IndicatorEntry) -> str:
    """Return the unit in which the bound is written; a change is in per cent whatever is measured."""
    if target.basis in ("growth", "average_growth", "growth_on_baseline", "reduction"):
        return "%"
    if target.basis == "rank":
        return "位"
    if target.basis == "points" or (target.basis == "over_benchmark" and indicator.scale == "rate"):
        return "百分点"
    return indicator.unit_zh


@pytest.mark.parametrize(
    ("code", "clause", "comparator", "level", "unit", "due"),
    [pytest.param(*row, id=f"{row[1]} {row[0]}") for row in BOUNDS],
)
def test_bound_is_that_of_the_document(targets, indicators, code, clause, comparator, level, unit, due):
    target = targets[code]
    indicator = indicators[target.indicator]
    assert (target.clause, target.comparator, target.level) == (clause, comparator, Decimal(level))
    assert (unit_of_level(target, indicator), target.due) == (unit, due)


def test_targets_stand_in_document_order_and_none_is_missing(changzhi):
    assert [target.code for target in changzhi.target] == [row[0] for row in BOUNDS]
    numbers = [clause.number for clause in changzhi.clause]
    places = [numbers.index(target.clause) for target in changzhi.target]
    assert places == sorted(places)


def test_count_of_targets_by_clause(changzhi):
    assert Counter(target.clause for target in changzhi.target) == {
        "二": 1,
        "二(一)2": 5,
        "二(一)3": 2,
        "二(一)4": 11,
        "二(一)5": 5,
        "二(二)1": 3,
        "二(二)2": 8,
        "二(三)1": 1,
        "二(三)2": 5,
        "二(三)3": 8,
        "二(三)4": 3,
        "二(三)5": 6,
        "二(四)2": 12,
        "三(一)2": 1,
        "三(二)1": 1,
        "三(二)2(1)": 2,
        "三(二)2(2)": 1,
        "三(二)2(3)": 2,
        "三(二)3(3)": 1,
        "五(一)": 2,
        "五(三)": 4,
    }


@pytest.mark.parametrize("code", ["national-tourism-brand-zones", "provincial-tourism-service-brands"])
def test_one_to_three_is_a_range(targets, code):
    assert (targets[code].level, targets[code].level_hi) == (1, 3)


def test_kept_levels_hold_and_the_others_run_to_2020(targets):
    assert {code for code, target in targets.items() if target.path == "hold"} == KEPT
    assert {target.first_quarter for target in targets.values()} == {"2015Q1"}


@pytest.mark.parametrize(
    ("code", "basis", "baseline_year"),
    [
        ("cod-emissions-reduction", "reduction", "2010年"),
        ("sulphur-dioxide-emissions-reduction", "reduction", "2010年"),
        ("certified-farm-products-growth", "growth_on_baseline", "2015年"),
    ],
)
def test_unknown_baseline_names_its_year(targets, code, basis, baseline_year):
    target = targets[code]
    assert target.basis == basis
    assert target.baseline is None
    assert baseline_year in target.baseline_zh
    assert baseline_year.removesuffix("年") in target.baseline_en


def test_relative_bounds_are_held_against_nation_and_province(targets):
    assert {code for code, target in targets.items() if target.basis == "over_benchmark"} == {
        "national-spot-check-pass-rate",
        "quality-incidents",
    }
    assert [code for code, target in targets.items() if target.basis == "rank"] == ["quality-complaint-rate"]


def test_good_air_days_are_one_indicator_for_city_and_counties(targets):
    city, counties = targets["good-air-days-city"], targets["good-air-days-counties"]
    assert city.indicator == counties.indicator
    assert (city.regions, counties.regions) == (["1404"], ["counties"])
    assert "好于二级" in city.doubt_zh
    assert "重叠" in counties.doubt_zh


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("drug-maker-gmp-rate", "GMP、GSP"),
        ("drug-seller-gsp-rate", "GMP、GSP"),
        ("food-workshop-licence-rate", "同时具备"),
        ("supermarket-purchase-record-rate", "分别"),
        ("catering-purchase-record-rate", "分别"),
        ("agricultural-standard-zones", "合计"),
        ("other-works-first-acceptance-rate", "98%"),
        ("building-completion-acceptance-rate", "98%"),
        ("national-tourism-brand-zones", "1-3个"),
        ("provincial-tourism-service-brands", "1-3个"),
        ("river-section-grade-five-rate", "17个"),
        ("quality-complaint-rate", "分母"),
        ("quality-incidents", "口径"),
        ("medical-waste-safe-treatment-rate", "无数值"),
    ],
)
def test_what_the_document_leaves_open_is_a_doubt(targets, code, words):
    assert words in targets[code].doubt_zh
    assert targets[code].doubt_en


def test_tasks_and_measures_without_a_date_say_so(targets):
    undated = [target for target in targets.values() if target.clause.startswith(("三", "五"))]
    assert len(undated) == 14
    assert all("未给出完成时限" in target.doubt_zh for target in undated)


@pytest.mark.parametrize(("clause", "units"), UNITS.items(), ids=UNITS)
def test_responsible_units_are_those_of_the_paragraph(changzhi, clause, units):
    for target in changzhi.target:
        if target.clause == clause:
            assert {target.lead, *target.supporting} == units
            assert target.lead not in target.supporting


@pytest.mark.parametrize(
    ("code", "lead"),
    [
        ("rural-road-acceptance-rate", "transport"),
        ("county-road-good-rate", "transport"),
        ("municipal-works-upkeep-rate", "housing-construction"),
        ("power-supply-satisfaction", "power-grid"),
        ("gas-supply-satisfaction", "housing-construction"),
        ("banned-pesticide-cases", "agriculture"),
        ("cod-emissions-reduction", "environment"),
        ("responsibility-letters-city", "office"),
    ],
)
def test_lead_is_the_unit_whose_function_matches(targets, code, lead):
    assert targets[code].lead == lead


def test_every_department_of_the_document_is_there_once(changzhi):
    assert {department.short_zh for department in changzhi.department} == DEPARTMENTS
    assert {department.region for department in changzhi.department} == {"1404"}
    assert [department.name_zh for department in changzhi.department if department.is_office] == [
        "长治市质量强市领导组办公室"
    ]


@pytest.mark.parametrize(
    ("clause", "words"),
    [
        ("二(一)1", "全省领先"),
        ("二(一)1", "全国前列"),
        ("二(一)2", "国内同类产品领先水平"),
        ("二(一)3", "全省前列"),
        ("二(二)2", "全省前列"),
        ("二(三)1", "全省领先水平"),
        ("二(四)1", "明显改善"),
        ("四15", "纳入全市统计范围"),
    ],
)
def test_goal_without_number_is_left_out_with_a_reason(changzhi, clause, words):
    assert any(entry.clause == clause and words in entry.quote and entry.reason_zh for entry in changzhi.left_out)
