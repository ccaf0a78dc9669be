"""The words of letters, their documents, those that are written ahead, and names in the archive. No database."""

from datetime import date

import pytest

from indicators.engine.period import Quarter
from reports.documents.blocks import Grid, Heading, Paragraph, Signatures, Title
from reports.letters import issuing, words
from reports.letters.document import compose_letter
from reports.letters.pack import name_entry, pack_letters
from reports.models import Letter

DAY = date(2018, 10, 18)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("沁源县", "沁源县人民政府"),
        ("长治市", "长治市人民政府"),
        ("城区", "城区人民政府"),
        ("安文街道", "安文街道办事处"),
        ("尖山镇", "尖山镇人民政府"),
        ("长治高新技术产业开发区", "长治高新技术产业开发区管理委员会"),
        ("滨江高新区", "滨江高新区管理委员会"),
        ("钱塘新区", "钱塘新区管理委员会"),
    ],
)
def test_a_region_signs_by_its_government(name, expected):
    assert words.name_government(name) == expected


@pytest.mark.parametrize(("number", "expected"), [(1, "一季度末前"), (2, "上半年末前"), (3, "三季度末前"), (4, "底前")])
def test_a_date_is_said_as_documents_do(number, expected):
    assert words.write_due(Quarter.of(2020, number)) == f"2020年{expected}"


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "目标责任书"), (1, "补充责任书（第1号）"), (12, "补充责任书（第12号）")]
)
def test_a_letter_and_its_addenda_have_a_name(number, expected):
    assert words.name_title(number) == expected


@pytest.mark.parametrize(("day", "expected"), [(DAY, "2018年10月18日"), (date(2020, 1, 5), "2020年1月5日")])
def test_a_day_has_no_noughts_before_it(day, expected):
    assert words.write_day(day) == expected


# ----------------------------------------------------------------------------- the document


def term(**fields):
    given = {
        "key": "a",
        "clause": "二(一)1",
        "domain": "product",
        "name": "合格率",
        "bound": "≥ 93%",
        "due": "2020年底前",
    }
    rest = {"lead": "市质监局", "supporting": "", "role": "", "parts": [], "is_decomposed_for_show": False}
    return given | rest | fields


def content(*terms, kind="region", changes=(), **fields):
    programme = {
        "name": "质量强市实施方案",
        "document": "长政发〔2015〕12号",
        "issued_on": "2015-02-13",
        "first": 2015,
        "last": 2020,
    }
    return {
        "programme": programme | fields,
        "giver": "长治市人民政府",
        "office": "质强办",
        "recipient": {"kind": kind, "name": "沁县人民政府"},
        "terms": list(terms),
        "changes": list(changes),
        "since": "2018-01-05",
    }  # fmt: skip


def compose(*terms, number=0, **fields):
    return list(compose_letter(content(*terms, **fields), number, DAY))


def texts(blocks):
    return [block.text for block in blocks if isinstance(block, Paragraph | Heading | Title)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, "为落实《质量强市实施方案》（长政发〔2015〕12号），现将2015—2020年质量目标下达你单位，共1项。"),
        ({"document": ""}, "为落实《质量强市实施方案》，现将2015—2020年质量目标下达你单位，共1项。"),
        ({"first": 2018, "last": 2018},
         "为落实《质量强市实施方案》（长政发〔2015〕12号），现将2018年质量目标下达你单位，共1项。"),
    ],
)  # fmt: skip
def test_a_letter_opens_with_what_it_rests_on(fields, expected):
    assert any(text.startswith(expected) for text in texts(compose(term(), **fields)))


def test_domains_come_in_their_order_and_numbers_run_through():
    blocks = compose(term(domain="service"), term(domain="product"), term(domain="product"))
    assert [text for text in texts(blocks) if "项）" in text] == ["一、产品质量（2项）", "二、服务质量（1项）"]
    assert [row[0] for block in blocks if isinstance(block, Grid) for row in block.rows] == ["1", "2", "3"]


@pytest.mark.parametrize(("kind", "has_role"), [("region", False), ("department", True)])
def test_a_department_is_told_its_role(kind, has_role):
    grid = next(block for block in compose(term(role="牵头"), kind=kind) if isinstance(block, Grid))
    assert (words.ROLE in grid.heads) == has_role
    assert ("牵头" in grid.rows[0]) == has_role
    assert len(grid.heads) == len(grid.widths) == len(grid.align) == len(grid.rows[0])


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        ([], []),
        ([["沁县", "≥ 93%"]], [["合格率", "≥ 93%", "沁县"]]),
        ([["沁县", "≥ 93%"], ["武乡县", "≥ 93%"]], [["合格率", "≥ 93%", "沁县、武乡县（共2个）"]]),
        ([["沁县", "≥ 93%"], ["武乡县", "≥ 95%"]], [["合格率", "≥ 93%", "沁县"], ["合格率", "≥ 95%", "武乡县"]]),
    ],
)
def test_regions_of_one_level_stand_in_one_row(parts, rows):
    grids = [block for block in compose(term(parts=parts), kind="department") if isinstance(block, Grid)]
    assert [grid.rows for grid in grids[1:]] == ([rows] if rows else [])


@pytest.mark.parametrize(("shown", "expected"), [(True, "合格率*"), (False, "合格率")])
def test_a_decomposition_for_show_bears_a_star_and_its_note(shown, expected):
    blocks = compose(term(is_decomposed_for_show=shown))
    assert next(block for block in blocks if isinstance(block, Grid)).rows[0][1] == expected
    assert any("演示分解" in text for text in texts(blocks)) == shown


CHANGE = {"kind": "调整", "clause": "二", "name": "合格率", "what": "目标值", "before": "≥ 93%", "after": "≥ 95%"}


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (CHANGE, ["1", "调整", "合格率（二）", "目标值", "≥ 93%", "≥ 95%"]),
        (CHANGE | {"kind": "新增", "what": "新增", "before": ""}, ["1", "新增", "合格率（二）", "—", "—", "≥ 95%"]),
        (CHANGE | {"kind": "取消", "what": "取消", "after": ""}, ["1", "取消", "合格率（二）", "—", "≥ 93%", "—"]),
    ],
)
def test_an_addendum_writes_each_kind_of_change(change, row):
    blocks = compose(term(), number=1, changes=[change])
    assert next(block for block in blocks if isinstance(block, Grid)).rows == [row]
    assert any("2018年1月5日签订的责任书有1处变动" in text for text in texts(blocks))
    assert isinstance(blocks[-1], Signatures)


# ----------------------------------------------------------------------------- documents written ahead


@pytest.fixture
def written(monkeypatch):
    made = []

    def write(given, number, day):
        made.append((number, day))
        return f"{given} {number} {day}".encode()

    monkeypatch.setattr(issuing, "write_letter", write)
    return made


@pytest.mark.parametrize(
    ("content_", "number", "day", "is_anew"),
    [
        ({"a": 1, "b": 2}, 0, DAY, False),
        ({"b": 2, "a": 1}, 0, DAY, False),
        ({"a": 1, "b": 3}, 0, DAY, True),
        ({"a": 1, "b": 2}, 1, DAY, True),
        ({"a": 1, "b": 2}, 0, date(2018, 10, 19), True),
    ],
)
def test_a_document_is_written_once_for_the_same_words_number_and_day(written, content_, number, day, is_anew):
    prepared = issuing.Prepared()
    first = prepared.write({"a": 1, "b": 2}, 0, DAY)
    again = prepared.write(content_, number, day)
    assert (len(written), again != first) == (1 + is_anew, is_anew)


# ----------------------------------------------------------------------------- the archive


def letter(name="县", kind="region", **fields):
    return Letter(**({"number": 0, "file": b"x", "content": {"recipient": {"kind": kind, "name": name}}} | fields))


@pytest.mark.parametrize(
    ("given", "entry"),
    [
        (letter(region_id=7), "地区/7_县_目标责任书.docx"),
        (letter(kind="department", department_id=8, name="局"), "部门/8_局_目标责任书.docx"),
        (letter(region_id=7, number=2), "地区/7_县_补充责任书（第2号）.docx"),
        (letter(region_id=7, name='a/b\\c:*?"<>|\x00d'), "地区/7_abcd_目标责任书.docx"),
        (letter(region_id=7, name="../../etc"), "地区/7_....etc_目标责任书.docx"),
    ],
)
def test_a_name_in_the_archive_leads_nowhere_else(given, entry):
    assert name_entry(given) == entry


def test_the_same_letters_give_the_same_archive():
    letters = [letter(region_id=7), letter(region_id=8, file=b"y")]
    assert pack_letters(letters) == pack_letters(iter(letters))
    assert pack_letters(letters) != pack_letters(letters[::-1])  # the control
