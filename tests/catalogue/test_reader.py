"""What a catalogue file may not say: each error names file, entry and field."""

import re

import pytest

from indicators.catalogue.published import read_published_figures
from indicators.catalogue.reader import CatalogueError, list_catalogue_paths, read_catalogue

CHANGZHI = next(path for path in list_catalogue_paths() if path.name.startswith("002"))
GOOD = """
[programme]
code = "test-2018"
seed = "009"
name_zh = "测试方案"
name_en = "Test programme"
short_zh = "测试"
short_en = "Test"
office_zh = "测试办"
office_en = "Test office"
region = "1404"
issued_on = 2018-01-01
first_quarter = "2018Q1"
last_quarter = "2018Q4"

[[clause]]
number = "一"
title_zh = "目标"
title_en = "Goals"
gist_zh = "合格率。"
gist_en = "Pass rate."

[[department]]
code = "office"
region = "1404"
name_zh = "测试办"
name_en = "Test office"
short_zh = "测试办"
short_en = "Office"
is_office = true

[[indicator]]
code = "pass-rate"
domain = "product"
name_zh = "合格率"
name_en = "Pass rate"
unit_zh = "%"
unit_en = "%"
scale = "rate"
direction = "higher"
decimals = 1
aggregation = "ratio_of_sums"
definition_zh = "合格批次占抽查批次的百分比。"
definition_en = "Batches that passed as a percentage of batches checked."
numerator_zh = "合格批次"
numerator_en = "batches passed"
denominator_zh = "抽查批次"
denominator_en = "batches checked"

[[target]]
code = "pass-rate"
clause = "一"
indicator = "pass-rate"
comparator = ">="
level = 93
first_quarter = "2018Q1"
due = "2018Q4"
path = "hold"
window = "year_to_date"
accumulation = "ratio"
scope_zh = "全市"
scope_en = "The city"
regions = ["1404"]
lead = "office"
quote = "93%以上"
"""


def read(tmp_path, text):
    path = tmp_path / "009_test.toml"
    path.write_text(text, encoding="utf-8")
    return read_catalogue(path)


def test_the_smallest_file_is_read(tmp_path):
    catalogue = read(tmp_path, GOOD)
    assert catalogue.target[0].level == 93
    assert catalogue.indicator[0].is_counted


def test_numbers_are_exact_decimals(tmp_path):
    level = read(tmp_path, GOOD.replace("level = 93", "level = 93.1")).target[0].level
    assert str(level) == "93.1"


WRONG = {
    "unknown field": ("level = 93", "level = 93\nlevels = 94", "target “pass-rate”, field “levels”"),
    "missing field": ('path = "hold"\n', "", "target “pass-rate”, field “path”"),
    "unknown word": ('path = "hold"', 'path = "helt"', "target “pass-rate”, field “path”"),
    "unknown comparator": ('comparator = ">="', 'comparator = "≥"', "target “pass-rate”, field “comparator”"),
    "not a number": ("level = 93", 'level = "viel"', "target “pass-rate”, field “level”"),
    "not finite": ("level = 93", "level = inf", "target “pass-rate”, field “level”"),
    "too many decimals": ("level = 93", "level = 93.1234567", "target “pass-rate”, field “level”"),
    "not a quarter": ('due = "2018Q4"', 'due = "2018Q5"', "target “pass-rate”, field “due”"),
    "due before first": ('due = "2018Q4"', 'due = "2017Q4"', "target “pass-rate”.*due lies before first_quarter"),
    "long quote": ("93%以上", "批" * 26, "target “pass-rate”, field “quote”"),
    "empty quote": ("93%以上", "", "target “pass-rate”, field “quote”"),
    "range without end": ('comparator = ">="', 'comparator = "between"', "level_hi belongs to “between”"),
    "end without range": ("level = 93", "level = 93\nlevel_hi = 95", "level_hi belongs to “between”"),
    "range turned round": (
        'comparator = ">="\nlevel = 93',
        'comparator = "between"\nlevel = 93\nlevel_hi = 90',
        "level must be smaller",
    ),
    "level silently absent": ("level = 93\n", "", "target “pass-rate”.*says in doubt_zh"),
    "doubt in one language": ("level = 93", 'level = 93\ndoubt_zh = "存疑。"', "a doubt is written in both languages"),
    "unknown clause": ('clause = "一"', 'clause = "二"', "target “pass-rate”, field “clause”: no clause “二”"),
    "unknown department": ('lead = "office"', 'lead = "other"', "target “pass-rate”, field “lead”: no department"),
    "unknown supporting": (
        'lead = "office"',
        'lead = "office"\nsupporting = ["x"]',
        "field “supporting”: no department “x”",
    ),
    "unknown indicator": ('indicator = "pass-rate"', 'indicator = "other"', "field “indicator”: no indicator “other”"),
    "wrong region": ('regions = ["1404"]', 'regions = ["140"]', "“140” is neither a region code"),
    "ratio without counts": (
        'accumulation = "ratio"',
        'accumulation = "sum"',
        "field “accumulation”: “ratio” goes with",
    ),
    "half a rate": ('denominator_zh = "抽查批次"\n', "", "indicator “pass-rate”.*numerator and denominator"),
    "margin without kind": ("level = 93", "level = 93\nmargin = 2", "margin and margin_kind belong together"),
    "schedule without path": (
        "level = 93",
        'level = 93\nschedule = {"2018Q2" = 90}',
        "schedule belongs to the scheduled path",
    ),
    "three seasons": ("level = 93", "level = 93\nseason = [0.2, 0.5, 1]", "season holds four"),
    "no office": ("is_office = true", "is_office = false", "exactly one is the leadership office"),
    "wrong domain": ('domain = "product"', 'domain = "products"', "indicator “pass-rate”, field “domain”"),
    "wrong programme": ('seed = "009"', 'seed = "9"', "programme, field “seed”"),
}


@pytest.mark.parametrize(("old", "new", "message"), [pytest.param(*case, id=name) for name, case in WRONG.items()])
def test_errors_name_file_entry_and_field(tmp_path, old, new, message):
    assert GOOD.count(old) >= 1
    with pytest.raises(CatalogueError, match=rf"009_test\.toml: .*{message}"):
        read(tmp_path, GOOD.replace(old, new, 1) if old != 'indicator = "pass-rate"' else GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("section", "name"),
    [("clause", "一"), ("department", "office"), ("indicator", "pass-rate"), ("target", "pass-rate")],
)
def test_a_code_is_used_once(tmp_path, section, name):
    entry = re.search(rf"\[\[{section}\]\].*?(?=\n\[\[|\Z)", GOOD, re.DOTALL).group()
    with pytest.raises(CatalogueError, match=rf"{section} “{name}”: used 2 times"):
        read(tmp_path, f"{GOOD}\n{entry}\n")


def test_an_unused_indicator_is_named(tmp_path):
    text = GOOD.replace('code = "pass-rate"\ndomain', 'code = "other"\ndomain').replace("[[target]]", "[[target]]")
    with pytest.raises(CatalogueError, match="indicator “other”: no target uses it"):
        read(tmp_path, text)


def test_every_problem_is_told_at_once(tmp_path):
    text = GOOD.replace('path = "hold"', 'path = "x"').replace('domain = "product"', 'domain = "y"')
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, text)
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("content", [b"[programme", b"\xff\xfe"])
def test_what_is_not_toml_says_so(tmp_path, content):
    path = tmp_path / "009_test.toml"
    path.write_bytes(content)
    with pytest.raises(CatalogueError, match=r"009_test\.toml: not readable as TOML"):
        read_catalogue(path)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in list_catalogue_paths()])
def test_every_catalogue_is_complete_in_both_languages(path):
    catalogue = read_catalogue(path)
    for entry in (*catalogue.clause, *catalogue.indicator, *catalogue.target, *catalogue.department):
        for field, text in entry.model_dump().items():
            if field.endswith("_en") and getattr(entry, field.replace("_en", "_zh")):
                assert text, (entry, field)
                if field.startswith("doubt"):
                    continue  # a doubt cites the Chinese word it is about
                assert not re.search(r"[\u4e00-\u9fff]", text), (field, text)


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in list_catalogue_paths()])
def test_chinese_text_uses_full_width_punctuation(path):
    """Half-width marks between Chinese characters are a typing slip; clause numbers and quotes are the document's."""
    catalogue = read_catalogue(path)
    slip = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\.[\u4e00-\u9fff]")
    for entry in (*catalogue.clause, *catalogue.indicator, *catalogue.target, *catalogue.left_out):
        for field, text in entry.model_dump().items():
            if field.endswith("_zh"):
                assert not slip.search(str(text)), (field, text)


PUBLISHED = (
    "region,indicator,programme,quarter,covers,value,numerator,denominator,"
    "period_text,source_title,source_address,quote,note\n"
)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("33,a,b,2015,year,1,,,2015,t,http://x,q,n", "row 2, column “quarter”: “2015” is not a quarter"),
        ("33,a,b,2015Q4,year,viel,,,2015,t,http://x,q,n", "row 2, column “value”: “viel” is not a number"),
        ("33,a,b,2015Q4,year,,NaN,3,2015,t,http://x,q,n", "row 2, column “numerator”: “NaN” is not a finite number"),
    ],
)
def test_published_figures_name_row_and_column(tmp_path, row, message):
    path = tmp_path / "published.csv"
    path.write_text(PUBLISHED + row + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=rf"published\.csv: {message}"):
        read_published_figures(path)
