"""The provincial workbook as a file: what is in it, how it prints, and that text stays text."""

import hashlib
import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer

from departments.errors import Invalid, Stale
from indicators.domains import Domain
from indicators.engine.period import Quarter
from indicators.engine.target import Flag, Gap, Rating
from indicators.labels import DOMAINS, FLAGS, GAPS, RATINGS
from indicators.marks import TOO_LITTLE, mark_rating
from indicators.models import ApprovedFigure, Attainment, Origin, RollUp
from indicators.models.rollup import OUTCOMES
from reports.exports import formulas, words
from reports.exports.files import write_file
from reports.exports.layout import COLUMNS, FIRST_ROW, LETTERS, PRINTED, SHOWS_RESULTS, Sheet
from reports.exports.rollups import LETTERS as ROLLUP_LETTERS
from reports.exports.source import NoResults, find_edition
from reports.exports.styles import format_with_unit
from tests import builders
from tests.reports.export_world import export, make_kinds

pytestmark = pytest.mark.django_db
Q3 = builders.Q3
TRIGGERS = (
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "'=1"),
    *('=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"),
)


def make_city(**fields):
    """Return a small city with results of the quarter, its window open."""
    world = builders.make_world(**fields)
    builders.make_window(world.programme)
    builders.fill(world, ratings=(Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREY))
    builders.roll_up(world.programme)
    return world


@pytest.fixture
def city():
    return make_city()


def open_export(world, **options):
    """Return the workbook as openpyxl reads it."""
    return load_workbook(io.BytesIO(export(world.programme, Q3)), **options)


def test_sheets_stand_in_their_order(city):
    assert open_export(city).sheetnames == [str(sheet) for sheet in Sheet]


def test_detail_has_the_columns_that_the_province_asks_for(city):
    headings = [cell.value for cell in open_export(city)[Sheet.DETAIL][3]]
    wanted = [
        "序号",
        "指标名称",
        "计量单位",
        "目标值",
        "序时目标",
        "完成值",
        "完成率",
        "评级",
        "得分",
        "责任单位",
        "备注",
    ]
    assert [heading for heading in headings if heading in wanted] == wanted
    assert headings.index("分母") == headings.index("分子") + 1
    assert headings == [column.heading for column in COLUMNS]


def test_the_same_results_give_the_same_bytes(city):
    assert export(city.programme, Q3) == export(city.programme, Q3)


def test_no_clock_gets_into_the_file(city):
    figure = builders.make_figure(city.allocations[0].series)
    content = export(city.programme, Q3)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = load_workbook(io.BytesIO(content)).properties
    local = figure.approved_at.astimezone(builders.timezone.get_default_timezone())
    assert properties.created == properties.modified == local.replace(tzinfo=None, microsecond=0)


def list_formulas(content):
    """Return every formula of every sheet, as written."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                found += re.findall(rb"<f[^>]*>([^<]+)</f>", archive.read(name))
    return [
        formula.decode().replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        for formula in found
    ]


def test_formulas_use_only_functions_that_three_programs_share(city):
    used = {
        token.value.rstrip("(")
        for formula in list_formulas(export(city.programme, Q3))
        for token in Tokenizer(f"={formula}").items
        if token.type == "FUNC" and token.subtype == "OPEN"
    }
    assert used <= formulas.ALLOWED
    assert {"IF", "COUNTIFS", "SUMIFS", "INDEX", "MATCH", "ROUND"} <= used


def test_shared_formulas_name_no_other_sheet():
    assert not [rule.key for rule in formulas.RULES if "!" in rule.formula]


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_text_never_becomes_a_formula(trigger):
    programme = builders.make_programme(name_zh=f"{trigger}方案", short_zh=trigger[:20])
    builders.make_window(programme)
    department = builders.make_department(programme.region, name_zh=f"{trigger}局")
    indicator = builders.make_indicator(name_zh=f"{trigger}率", definition_zh=trigger)
    target = builders.make_target(programme, lead=department, indicator=indicator, quote=trigger[:25], doubt_zh=trigger)
    allocation = builders.make_allocation(target, department=department)
    builders.make_figure(allocation.series, explanation=trigger)
    builders.make_result(allocation, rating=Rating.RED)
    content = export(programme, Q3)
    assert not [
        formula
        for formula in list_formulas(content)
        if "局" in formula or "SUM(A1)" in formula or "HYPERLINK" in formula
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        detail = archive.read("xl/worksheets/sheet6.xml").decode()
    cell = re.search(rf'<c r="{LETTERS["name"]}{FIRST_ROW}"[^>]*>.*?</c>', detail, re.DOTALL)
    assert cell is not None
    assert 't="inlineStr"' in cell[0]
    assert "<f" not in cell[0]


def test_characters_that_break_files_are_dropped_or_escaped(city):
    indicator = city.allocations[0].target.indicator
    indicator.name_zh = "含\x0b控制\x00符<b>&_x0041_率"
    type(indicator).objects.filter(pk=indicator.pk).update(name_zh=indicator.name_zh.replace("\x00", ""))
    content = export(city.programme, Q3)
    name = load_workbook(io.BytesIO(content))[Sheet.DETAIL][f"{LETTERS['name']}{FIRST_ROW}"].value
    assert name in ("含控制符<b>&_x005F_x0041_率", "含控制符<b>&_x0041_率")


def test_every_sheet_prints_on_a4_landscape_with_headings_and_page_numbers(city):
    workbook = open_export(city)
    for sheet in workbook.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.fitToWidth) == 1
        assert "&P" in sheet.oddFooter.center.text
        assert "&N" in sheet.oddFooter.center.text
    tables = [sheet for sheet in workbook.worksheets if sheet.title not in (Sheet.COVER, Sheet.SUMMARY)]
    assert {sheet.print_title_rows for sheet in tables} == {"$3:$4"}
    assert all(sheet.freeze_panes for sheet in tables)


def test_tables_of_results_end_with_places_to_sign(city):
    workbook = open_export(city)
    for title in (Sheet.REGIONS, Sheet.DOMAINS, Sheet.DEPARTMENTS, Sheet.DETAIL, Sheet.NOT_REPORTED, Sheet.SUMMARY):
        texts = [str(cell.value) for line in workbook[title].iter_rows() for cell in line if cell.value]
        for place in ("填报单位", "负责人", "填报人", "填报日期"):
            assert any(text.startswith(place) for text in texts), (title, place)


def test_helper_columns_are_folded_away_and_not_printed(city):
    sheet = open_export(city)[Sheet.DETAIL]
    last = LETTERS[PRINTED[-1].key]
    assert sheet.print_area.replace("$", "").split("!")[1].startswith(f"A1:{last}")
    assert sheet.column_dimensions[LETTERS["gap"]].hidden or sheet.column_dimensions[LETTERS["level_hi"]].hidden


def test_ratings_take_their_colours_from_the_word(city):
    sheet = open_export(city)[Sheet.DETAIL]
    rules = [rule for found in sheet.conditional_formatting for rule in found.rules]
    assert {rule.formula[0].strip('"') for rule in rules} == {words.GREEN, words.AMBER, words.RED}
    assert all(word[0] in "●▲■" for word in (words.GREEN, words.AMBER, words.RED))


def test_charts_are_native(city):
    with zipfile.ZipFile(io.BytesIO(export(city.programme, Q3))) as archive:
        assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) == 4


def test_numbers_bear_their_unit(city):
    sheet = open_export(city)[Sheet.DETAIL]
    assert sheet[f"{LETTERS['level']}{FIRST_ROW}"].number_format == '#,##0"%"'
    assert sheet[f"{LETTERS['ratio']}{FIRST_ROW}"].number_format == "0.0%"


@pytest.mark.parametrize(
    ("unit", "decimals", "expected"),
    [
        ("%", 1, '#,##0.0"%"'),
        ("个", 0, '#,##0" 个"'),
        ("亿元", 2, '#,##0.00" 亿元"'),
        ("微克/立方米", 1, "#,##0.0"),
        ("", 0, "#,##0"),
        ('"', 0, '#,##0" "'),
        ("是（1）否（0）", 0, '[=1]"是";[=0]"否";General'),
        ("%", 9, '#,##0.000000"%"'),
    ],
)
def test_format_with_unit(unit, decimals, expected):
    assert format_with_unit(unit, decimals) == expected


def test_a_gap_is_its_word_and_never_zero(city):
    values = open_export(city, data_only=True)[Sheet.DETAIL]
    gaps = [n for n in range(FIRST_ROW, values.max_row - 1) if values[f"{LETTERS['gap']}{n}"].value]
    assert gaps
    for number in gaps:
        assert values[f"{LETTERS['rating']}{number}"].value == words.NOT_REPORTED
        assert values[f"{LETTERS['ratio']}{number}"].value == words.ABSENT
        assert values[f"{LETTERS['score']}{number}"].value == words.ABSENT
        assert values[f"{LETTERS['measured']}{number}"].value in (words.ABSENT, words.NOT_REPORTED)


@pytest.mark.parametrize("gap", [gap for gap in Gap if gap != Gap.NONE])
def test_each_gap_has_its_word(gap):
    world = builders.make_world(counties=1)
    builders.make_window(world.programme)
    builders.fill(world, ratings=(Rating.GREY,), gap=gap)
    values = open_export(world, data_only=True)[Sheet.DETAIL]
    assert values[f"{LETTERS['rating']}{FIRST_ROW}"].value == words.GAPS[gap]


def test_rollups_equal_those_of_the_dashboard(city):
    workbook = open_export(city, data_only=True)
    sheets = {
        Sheet.REGIONS: RollUp.objects.overall().filter(region=city.city),
        Sheet.DOMAINS: RollUp.objects.overall().filter(region=city.city),
    }
    for title, rows in sheets.items():
        sheet = workbook[title]
        total = next(n for n in range(FIRST_ROW, sheet.max_row) if sheet[f"B{n}"].value == words.TOTAL)
        stored = rows.get()
        for name in (*OUTCOMES, "rated", "due", "reported", "total", "vetoes"):
            assert sheet[f"{ROLLUP_LETTERS[name]}{total}"].value == getattr(stored, name), (title, name)
    by_domain = workbook[Sheet.DOMAINS]
    for place, domain in enumerate(Domain):
        stored = RollUp.objects.by_domain().get(region=city.city, domain=domain)
        assert by_domain[f"B{FIRST_ROW + place}"].value == words.DOMAINS[domain]
        assert by_domain[f"{ROLLUP_LETTERS['red']}{FIRST_ROW + place}"].value == stored.red


def test_a_region_counts_what_lies_below_it(city):
    sheet = open_export(city, data_only=True)[Sheet.REGIONS]
    rows = {sheet[f"B{n}"].value: sheet[f"{ROLLUP_LETTERS['total']}{n}"].value for n in range(FIRST_ROW, FIRST_ROW + 4)}
    assert rows == {words.TOTAL: 15, "长治市本级": 5, "县1": 5, "县2": 5}


def test_manifest_lists_rows_and_the_hash_of_every_sheet(city):
    content = export(city.programme, Q3)
    sheet = load_workbook(io.BytesIO(content))[Sheet.MANIFEST]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=FIRST_ROW)]
    parts = {line[3]: line for line in lines if str(line[3]).startswith("xl/")}
    assert len(parts) == len(Sheet) - 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name, line in parts.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == line[4], line[1]
    assert next(line[2] for line in parts.values() if "明细" in line[1]) == 15
    fingerprint = next(line[4] for line in lines if line[1] == "结果指纹")
    assert re.fullmatch(r"[0-9a-f]{64}", fingerprint)


def test_the_fingerprint_follows_the_results(city):
    file = io.BytesIO()
    before = write_file(find_edition(programme=city.programme, quarter=Q3), file).fingerprint
    Attainment.objects.filter(allocation=city.allocations[0]).update(measured=1.0)
    after = write_file(find_edition(programme=city.programme, quarter=Q3), io.BytesIO()).fingerprint
    assert before != after


def test_demonstration_data_are_marked_on_every_sheet_that_shows_them():
    world = builders.make_world(counties=1)
    builders.make_window(world.programme)
    builders.fill(world, is_demonstration=True)
    workbook = open_export(world)
    for sheet in workbook.worksheets:
        texts = [str(cell.value) for line in sheet.iter_rows(max_row=6) for cell in line if cell.value]
        is_marked = any(words.DEMONSTRATION in text for text in texts)
        assert is_marked is (sheet.title in SHOWS_RESULTS), sheet.title
        assert (words.DEMONSTRATION in (sheet.oddHeader.right.text or "")) is (sheet.title in SHOWS_RESULTS)
    remark = workbook[Sheet.DETAIL][f"{LETTERS['remark']}{FIRST_ROW}"].value
    assert remark == words.DEMONSTRATION


def test_reported_data_bear_no_mark(city):
    assert words.DEMONSTRATION.encode() not in export(city.programme, Q3)
    workbook = open_export(city)
    texts = [cell.value for sheet in workbook.worksheets for line in sheet.iter_rows() for cell in line]
    assert not [text for text in texts if isinstance(text, str) and words.DEMONSTRATION in text]


def test_published_figures_show_their_source(city):
    builders.make_figure(city.allocations[0].series, origin=Origin.PUBLISHED)
    workbook = open_export(city)
    assert "公开数据，来源［1］" in workbook[Sheet.DETAIL][f"{LETTERS['remark']}{FIRST_ROW}"].value
    sources = workbook[Sheet.SOURCES]
    assert [sources[f"B{FIRST_ROW}"].value, sources[f"C{FIRST_ROW}"].value] == ["统计公报", "https://example.gov.cn/a"]


def test_a_published_figure_of_another_year_is_not_named(city):
    builders.make_figure(city.allocations[0].series, Quarter.of(2016, 1), origin=Origin.PUBLISHED)
    remark = open_export(city)[Sheet.DETAIL][f"{LETTERS['remark']}{FIRST_ROW}"].value
    assert "公开数据" not in (remark or "")


def test_corrections_show_before_and_after(city):
    series = city.allocations[0].series
    first = builders.make_figure(series)
    ApprovedFigure.objects.filter(pk=first.pk).update(is_current=False)
    builders.make_figure(series, revision=2, numerator=Decimal(470), denominator=Decimal(500), explanation="复核更正")
    sheet = open_export(city)[Sheet.CORRECTIONS]
    line = [cell.value for cell in sheet[FIRST_ROW]]
    assert line[3:10] == ["2018年三季度", "—", 480, 500, "—", 470, 500]
    assert line[11] == "复核更正"


def test_no_corrections_is_said(city):
    assert open_export(city)[Sheet.CORRECTIONS][f"B{FIRST_ROW}"].value == "本期无"


def test_remarks_say_what_is_missing(city):
    result = Attainment.objects.filter(gap=0).order_by("pk").first()
    Attainment.objects.filter(allocation=result.allocation_id).update(flags=int(Flag.INCOMPLETE), missing=0b110)
    detail = open_export(city)[Sheet.DETAIL]
    remarks = [detail[f"{LETTERS['remark']}{n}"].value for n in range(FIRST_ROW, FIRST_ROW + 15)]
    assert "缺前期数据：2018年一季度、2018年二季度" in remarks


def test_a_missed_bound_never_looks_met(city):
    result = Attainment.objects.filter(rating=Rating.AMBER.value).first()
    Attainment.objects.filter(allocation=result.allocation_id).update(measured=92.9996, expected=93.0)
    detail = open_export(city, data_only=True)[Sheet.DETAIL]
    shown = [
        detail[f"{LETTERS['measured']}{n}"].number_format
        for n in range(FIRST_ROW, FIRST_ROW + 15)
        if detail[f"{LETTERS['measured']}{n}"].value == 92.9996
    ]
    assert shown == ['#,##0.0000"%"']


def count_queries(world):
    """Return the number of queries of one export."""
    with CaptureQueriesContext(connection) as queries:
        export(world.programme, Q3)
    return len(queries)


def test_queries_do_not_grow_with_the_rows(city):
    before = count_queries(city)
    for n in range(10, 16):
        county = builders.make_region(f"1404{n}", name_zh=f"县{n}")
        target = builders.make_target(city.programme, lead=city.departments[0])
        for region in (city.city, county):
            allocation = builders.make_allocation(target, region=region, department=city.departments[0])
            builders.make_result(allocation, rating=Rating.RED)
    assert count_queries(city) == before <= 20


def test_quarters_without_results_are_refused_in_a_sentence(city):
    builders.make_window(city.programme, Quarter.of(2018, 2))
    with translation.override(None), pytest.raises(NoResults, match="no results for 2018Q2"):
        find_edition(programme=city.programme, quarter=Quarter.of(2018, 2))


@pytest.mark.parametrize(
    ("quarter", "sentence"),
    [
        ("2014Q4", "outside the programme, 2015Q1 to 2020Q4"),
        ("2018Q4", "not opened yet; the newest open one is 2018Q3"),
    ],
)
def test_quarters_that_cannot_be_are_refused_in_a_sentence(city, quarter, sentence):
    with translation.override(None), pytest.raises(Invalid, match=sentence):
        find_edition(programme=city.programme, quarter=Quarter.parse(quarter))


def test_words_are_those_of_the_pages():
    with translation.override("zh-hans"):
        assert {code: str(GAPS[code]) for code in GAPS} == {int(code): word for code, word in words.GAPS.items()}
        assert {code: str(DOMAINS[code]) for code in DOMAINS} == words.DOMAINS
        for rating, word in words.RATINGS.items():
            mark = mark_rating(rating)
            assert word == f"{mark.shape} {RATINGS[rating]}"
        assert str(TOO_LITTLE) == words.TOO_LITTLE
        assert set(words.FLAGS) <= set(FLAGS)


def test_every_kind_of_target_can_be_written():
    programme, targets = make_kinds()
    values = load_workbook(io.BytesIO(export(programme, Q3)), data_only=True)[Sheet.DETAIL]
    names = [values[f"{LETTERS['name']}{n}"].value for n in range(FIRST_ROW, FIRST_ROW + len(targets))]
    assert names == list(targets)


def test_results_that_change_meanwhile_stop_the_export(city):
    edition = find_edition(programme=city.programme, quarter=Q3)
    Attainment.objects.filter(allocation=city.allocations[0]).delete()
    with pytest.raises(Stale):
        write_file(edition, io.BytesIO())
