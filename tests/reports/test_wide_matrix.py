"""The wide matrix: what is packed, when it is packed again, who sees which cells, and its sentence."""

import gzip
import json
from base64 import b64decode
from http import HTTPStatus

import numpy as np
import pytest
from django.core.cache import cache
from django.utils import translation

from departments.roles import Role
from indicators.engine.target import Gap, Rating
from indicators.marks import GAP_SHAPES, SHAPES
from indicators.models.attainment import Attainment, ResultState
from reports.wide_cells import LETTERS
from reports.wide_matrix import COLUMNS_A_BLOCK, SEVERITY, list_signs, write_wide
from tests.builders import Q3, fill, make_allocation, make_result, make_target, make_user, make_world, roll_up
from tests.reports.frame import count_beyond_frame

STATE = "?programme=changzhi-test&quarter=2018Q3"
PAGE, CELLS = f"/matrix/{STATE}", f"/matrix/cells.json{STATE}"
MIXED = [Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREEN, Rating.GREY]


def test_every_rating_and_gap_has_its_letter_shape_and_severity():
    assert set(LETTERS) == {("rating", r.value) for r in SHAPES} | {("gap", gap.value) for gap in GAP_SHAPES}
    assert sorted(LETTERS.values()) == sorted(SEVERITY)
    assert {sign.letter: sign.shape for sign in list_signs()}["R"] == "■"
    assert {sign.style for sign in list_signs()} == {"G", "A", "R", "N"}


@pytest.mark.parametrize(
    ("given", "chinese", "english"),
    [
        pytest.param(
            {"regions": 0, "targets": 0, "counts": {}, "worst": ("", 0)},
            "本季度尚无结果。",
            "There are no results for this quarter yet.",
            id="none",
        ),
        pytest.param(
            {"regions": 1, "targets": 1, "counts": {"G": 1}, "worst": ("A", 0)},
            "1 个区域 × 1 项目标：1 项达标。",
            "1 region × 1 target: 1 on target.",
            id="one",
        ),
        pytest.param(
            {"regions": 3, "targets": 2, "counts": {"G": 6}, "worst": ("A", 0)},
            "3 个区域 × 2 项目标：6 项达标。",
            "3 regions × 2 targets: 6 on target.",
            id="all on target",
        ),
        pytest.param(
            {"regions": 2, "targets": 2, "counts": {"R": 1, "n": 2, "d": 1}, "worst": ("A", 1)},
            "2 个区域 × 2 项目标：[[1 项落后]]，3 项未评级。",
            "2 regions × 2 targets: [[1 behind]] and 3 without a rating.",
            id="a single red names no target",
        ),
        pytest.param(
            {"regions": 9, "targets": 2, "counts": {"G": 9, "A": 2, "R": 7}, "worst": ("A", 7)},
            "9 个区域 × 2 项目标：9 项达标，2 项接近，[[7 项落后]]。落后最多的是[[A]]，涉及 7 个区域。",
            "9 regions × 2 targets: 9 on target, 2 close and [[7 behind]]. Most often behind: [[A]], in 7 regions.",
            id="many",
        ),
        pytest.param(
            {"regions": 2, "targets": 1, "counts": {"n": 2}, "worst": ("A", 0)},
            "2 个区域 × 1 项目标：2 项未评级。",
            "2 regions × 1 target: 2 without a rating.",
            id="none reported",
        ),
    ],
)
def test_the_sentence_says_size_ratings_and_the_worst(given, chinese, english):
    with translation.override("zh-hans"):
        assert write_wide(**given) == chinese
    with translation.override("en"):
        assert write_wide(**given) == english


@pytest.fixture
def world(db):
    cache.clear()
    world = make_world(counties=2)
    fill(world, ratings=MIXED)
    roll_up(world.programme)
    return world


def fetch(client, user, **headers):
    client.force_login(user)
    return client.get(CELLS, headers=headers)


def read(answer):
    """Return the cells as {(region, target): (letter, allocation, thousandths)}."""
    packed = json.loads(gzip.decompress(answer.content))
    names = ("regions", "targets", "allocations", "ratios")
    columns = [np.frombuffer(b64decode(packed[name]), dtype="<i4").tolist() for name in names]
    rows = zip(packed["letters"], *columns, strict=True)
    return {(region, target): (letter, allocation, ratio) for letter, region, target, allocation, ratio in rows}


def test_each_cell_is_the_stored_result(client, world):
    cells = read(fetch(client, world.leader))
    stored = Attainment.objects.filter(quarter=Q3)
    assert len(cells) == stored.count() == len(world.allocations)
    for result in stored:
        letter, allocation, thousandths = cells[result.region_id, result.target_id]
        key = ("gap", result.gap) if result.rating == Rating.GREY else ("rating", result.rating)
        assert (letter, allocation) == (LETTERS[key], result.allocation_id)
        assert thousandths == (-1 if result.ratio is None else round(result.ratio * 1000))


def test_a_ratio_beyond_all_measure_is_cut(client, world):
    Attainment.objects.filter(allocation=world.allocations[0]).update(ratio=1e300)
    assert 9999 in {ratio for _letter, _id, ratio in read(fetch(client, world.leader)).values()}


def test_unchanged_cells_are_not_sent_again(client, world):
    first = fetch(client, world.leader)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = fetch(client, world.leader, **{"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (HTTPStatus.NOT_MODIFIED, b"")


def test_a_replaced_result_is_sent_at_once(client, world):
    first = fetch(client, world.leader)
    allocation = world.allocations[0]
    Attainment.objects.filter(allocation=allocation).update(rating=Rating.RED.value)
    ResultState.objects.create(
        allocation=allocation,
        programme=world.programme,
        version=7,
        fingerprint=1,
        rule_version=1,
        computed_at=Attainment.objects.first().computed_at,
    )
    again = fetch(client, world.leader, **{"if-none-match": first.headers["ETag"]})
    assert again.status_code == HTTPStatus.OK
    assert read(again)[allocation.series.region_id, allocation.target_id][0] == "R"


def test_a_clerk_is_sent_their_own_cells_only(client, world):
    whole = fetch(client, world.leader)
    mine = fetch(client, world.clerk, **{"if-none-match": whole.headers["ETag"]})
    own = {allocation.pk for allocation in world.allocations_of(world.departments[0])}
    assert {allocation for _letter, allocation, _ratio in read(mine).values()} == own
    foreign = world.allocations_of(world.departments[1])[0].target.indicator.name_en
    for address in (PAGE, f"{PAGE}&plain=1"):
        assert foreign not in client.get(address, headers={"accept-language": "en"}).content.decode()


def test_out_of_scope_there_is_no_matrix(client, world):
    for user in (world.stranger, make_user(Role.SYSTEM_ADMINISTRATOR)):
        client.force_login(user)
        for address in (PAGE, CELLS):
            assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    client.logout()
    assert client.get(CELLS).status_code == HTTPStatus.FOUND


def test_the_page_names_rows_columns_and_signs(client, world):
    client.force_login(world.leader)
    names = client.get(PAGE, headers={"accept-language": "en"}).context["matrix"].names
    assert [region["name"] for region in names["regions"]] == ["Changzhi", "County 1", "County 2"]
    assert len(names["targets"]) == 5
    cell = names["cell"].replace("{id}", str(world.allocations[0].pk))
    assert client.get(cell).status_code == HTTPStatus.OK
    assert client.get(names["region"].replace("{code}", "140401")).status_code == HTTPStatus.OK
    assert client.get(names["cells"]).status_code == HTTPStatus.OK


def test_without_a_script_the_plain_table_stands_for_it(client, world):
    client.force_login(world.leader)
    text = client.get(PAGE).content.decode()
    assert "plain=1" in text.partition("<noscript>")[2].partition("</noscript>")[0]
    plain = client.get(f"{PAGE}&plain=1", headers={"accept-language": "en"})
    (block,) = plain.context["matrix"].blocks
    assert [heading.text for heading, _cells in block.rows] == ["Changzhi", "County 1", "County 2"]
    assert plain.content.decode().count('<td class="c ') == len(world.allocations)


def test_of_two_results_in_one_cell_the_worse_is_shown(client, world):
    target = make_target(world.programme)
    for department, rating in zip(world.departments, (Rating.RED, Rating.GREEN), strict=True):
        make_result(make_allocation(target, department=department), rating=rating)
    roll_up(world.programme)
    client.force_login(world.leader)
    (block,) = client.get(f"{PAGE}&plain=1").context["matrix"].blocks
    assert '<td class="c R"' in block.rows[0][1].rpartition("<td")[0] + block.rows[0][1][-60:]
    assert block.rows[0][1].count("<td") == 6


def test_many_columns_are_parted_into_blocks_that_fit_on_paper(client, world):
    for _n in range(COLUMNS_A_BLOCK):
        make_result(make_allocation(make_target(world.programme), department=world.departments[0]))
    roll_up(world.programme)
    client.force_login(world.leader)
    blocks = client.get(f"{PAGE}&plain=1").context["matrix"].blocks
    assert [len(block.columns) for block in blocks] == [COLUMNS_A_BLOCK, 5]


def test_a_quarter_without_results_says_so(client, world):
    client.force_login(world.leader)
    for address in ("/matrix/?quarter=2016Q1", "/matrix/?quarter=2016Q1&plain=1"):
        text = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert "There are no results for this quarter yet." in text
    assert json.loads(gzip.decompress(client.get("/matrix/cells.json?quarter=2016Q1").content))["letters"] == ""


# Within one transaction nothing is recalled: outside, the stamp comes from memory, and the regions are read once.
QUERIES = {PAGE: 6, f"{PAGE}&plain=1": 6, CELLS: 3}


def test_queries_are_pinned_and_do_not_grow(client, world):
    assert {address: count_beyond_frame(client, world.leader, address) for address in QUERIES} == QUERIES
    for _n in range(5):
        for region in world.counties:
            target = make_target(world.programme)
            make_result(make_allocation(target, region=region, department=world.departments[0]), gap=Gap.NONE)
    roll_up(world.programme)
    assert {address: count_beyond_frame(client, world.leader, address) for address in QUERIES} == QUERIES
