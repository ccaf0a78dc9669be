"""The region file: the parts of the GB/T 2260 tree that the five programmes need, with the names of their time."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

REGIONS_FILE = Path(__file__).parents[2] / "departments" / "regions.csv"
COLUMNS = ["code", "parent", "name_zh", "name_en", "short_zh", "level", "position", "valid_from", "valid_to", "note"]
DIGITS = {"province": 2, "city": 4, "county": 6, "township": 9}

KNOWN = [
    ("14", "山西省", "Shanxi Province"),
    ("33", "浙江省", "Zhejiang Province"),
    ("35", "福建省", "Fujian Province"),
    ("1404", "长治市", "Changzhi City"),
    ("3301", "杭州市", "Hangzhou City"),
    ("3302", "宁波市", "Ningbo City"),
    ("3303", "温州市", "Wenzhou City"),
    ("3304", "嘉兴市", "Jiaxing City"),
    ("3305", "湖州市", "Huzhou City"),
    ("3306", "绍兴市", "Shaoxing City"),
    ("3307", "金华市", "Jinhua City"),
    ("3308", "衢州市", "Quzhou City"),
    ("3309", "舟山市", "Zhoushan City"),
    ("3310", "台州市", "Taizhou City"),
    ("3311", "丽水市", "Lishui City"),
    ("3501", "福州市", "Fuzhou City"),
    ("140402", "城区", "Chengqu District"),
    ("140411", "郊区", "Jiaoqu District"),
    ("140421", "长治县", "Changzhi County"),
    ("140423", "襄垣县", "Xiangyuan County"),
    ("140424", "屯留县", "Tunliu County"),
    ("140425", "平顺县", "Pingshun County"),
    ("140426", "黎城县", "Licheng County"),
    ("140427", "壶关县", "Huguan County"),
    ("140428", "长子县", "Zhangzi County"),
    ("140429", "武乡县", "Wuxiang County"),
    ("140430", "沁县", "Qinxian County"),
    ("140431", "沁源县", "Qinyuan County"),
    ("140481", "潞城市", "Lucheng City"),
    ("330102", "上城区", "Shangcheng District"),
    ("330103", "下城区", "Xiacheng District"),
    ("330104", "江干区", "Jianggan District"),
    ("330105", "拱墅区", "Gongshu District"),
    ("330106", "西湖区", "Xihu District"),
    ("330108", "滨江区", "Binjiang District"),
    ("330109", "萧山区", "Xiaoshan District"),
    ("330110", "余杭区", "Yuhang District"),
    ("330122", "桐庐县", "Tonglu County"),
    ("330127", "淳安县", "Chun'an County"),
    ("330182", "建德市", "Jiande City"),
    ("330183", "富阳市", "Fuyang City"),
    ("330185", "临安市", "Lin'an City"),
    ("330212", "鄞州区", "Yinzhou District"),
    ("330283", "奉化市", "Fenghua City"),
    ("330327", "苍南县", "Cangnan County"),
    ("330382", "乐清市", "Yueqing City"),
    ("330411", "秀洲区", "Xiuzhou District"),
    ("330523", "安吉县", "Anji County"),
    ("330621", "绍兴县", "Shaoxing County"),
    ("330682", "上虞市", "Shangyu City"),
    ("330683", "嵊州市", "Shengzhou City"),
    ("330727", "磐安县", "Pan'an County"),
    ("330783", "东阳市", "Dongyang City"),
    ("330802", "柯城区", "Kecheng District"),
    ("330922", "嵊泗县", "Shengsi County"),
    ("331021", "玉环县", "Yuhuan County"),
    ("331122", "缙云县", "Jinyun County"),
    ("331127", "景宁畲族自治县", "Jingning She Autonomous County"),
    ("350124", "闽清县", "Minqing County"),
    ("330727001", "安文街道", "Anwen Subdistrict"),
    ("330727109", "尖山镇", "Jianshan Town"),
    ("330727205", "窈川乡", "Yaochuan Township"),
]

COUNTIES_OF_ZHEJIANG = {
    "3301": 13,
    "3302": 11,
    "3303": 11,
    "3304": 7,
    "3305": 5,
    "3306": 6,
    "3307": 9,
    "3308": 6,
    "3309": 4,
    "3310": 9,
    "3311": 9,
}

# Renamed or dissolved after the programme began: the last year of the name.
CEASED = {
    "140402": "2018",
    "140411": "2018",
    "140421": "2018",
    "140424": "2018",
    "140481": "2018",
    "330103": "2021",
    "330104": "2021",
    "330183": "2014",
    "330185": "2017",
    "330204": "2016",
    "330283": "2016",
    "330322": "2015",
    "330621": "2013",
    "330682": "2013",
    "331021": "2017",
}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with REGIONS_FILE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


@pytest.fixture(scope="module")
def by_code(rows) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows}


def test_codes_are_unique(rows):
    assert [code for code, count in Counter(row["code"] for row in rows).items() if count > 1] == []


def test_code_has_the_digits_of_its_level(rows):
    for row in rows:
        assert re.fullmatch(rf"\d{{{DIGITS[row['level']]}}}", row["code"]), row


def test_parent_is_a_prefix_one_level_up_and_stands_before(rows):
    seen: dict[str, str] = {}
    levels = list(DIGITS)
    for row in rows:
        if row["level"] == "province":
            assert row["parent"] == ""
        else:
            assert row["code"].startswith(row["parent"])
            assert seen[row["parent"]] == levels[levels.index(row["level"]) - 1]
        seen[row["code"]] = row["level"]


def test_zhejiang_has_the_eleven_cities_and_ninety_county_level_units_of_2012(rows):
    cities = [row["code"] for row in rows if row["parent"] == "33"]
    assert cities == list(COUNTIES_OF_ZHEJIANG)
    counted = Counter(row["parent"] for row in rows if row["level"] == "county" and row["code"].startswith("33"))
    assert counted == COUNTIES_OF_ZHEJIANG
    assert counted.total() == 90


def test_zhejiang_of_2012_has_32_districts_22_cities_35_counties_and_one_autonomous_county(rows):
    names = [row["name_zh"] for row in rows if row["level"] == "county" and row["code"].startswith("33")]
    assert Counter("自治县" if name.endswith("自治县") else name[-1] for name in names) == {
        "区": 32,
        "市": 22,
        "县": 35,
        "自治县": 1,
    }


def test_changzhi_has_its_thirteen_units_of_2015(rows):
    assert sum(row["parent"] == "1404" for row in rows) == 13


def test_panan_has_two_subdistricts_seven_towns_and_five_townships(rows):
    names = [row["name_zh"] for row in rows if row["parent"] == "330727"]
    assert Counter(name[-1] for name in names) == {"道": 2, "镇": 7, "乡": 5}


def test_fujian_holds_minqing_alone(rows):
    assert [row["code"] for row in rows if row["code"].startswith("35")] == ["35", "3501", "350124"]


@pytest.mark.parametrize(("code", "name_zh", "name_en"), KNOWN)
def test_known_code(by_code, code, name_zh, name_en):
    assert (by_code[code]["name_zh"], by_code[code]["name_en"]) == (name_zh, name_en)


def test_names_are_unique_among_siblings_in_both_languages(rows):
    for field in ("name_zh", "short_zh", "name_en"):
        repeated = [key for key, n in Counter((row["parent"], row[field]) for row in rows).items() if n > 1]
        assert repeated == []


def test_english_names_end_with_the_kind_of_unit(rows):
    kinds = {"省": "Province", "区": "District", "市": "City", "县": "County", "道": "Subdistrict", "镇": "Town"}
    kinds["乡"] = "Township"
    for row in rows:
        assert row["name_en"].split()[-1] == kinds[row["name_zh"][-1]], row


def test_short_name_is_the_name_without_its_kind_or_the_name_itself(rows):
    for row in rows:
        assert row["name_zh"].startswith(row["short_zh"]), row
        assert len(row["short_zh"]) >= 2, row


def test_position_rises_through_the_file(rows):
    positions = [int(row["position"]) for row in rows]
    assert positions == sorted(set(positions))


def test_names_that_ceased_carry_their_last_year_and_a_note(rows):
    assert {row["code"]: row["valid_to"] for row in rows if row["valid_to"]} == CEASED
    assert all(row["note"] for row in rows if row["valid_to"])
    assert {row["valid_from"] for row in rows} == {""}


def test_what_is_not_certain_is_marked(rows):
    assert all("未查实" in row["note"] for row in rows if row["name_zh"].endswith("街道"))
