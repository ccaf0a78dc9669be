"""Pages while the data move: corrections, additions and withdrawals between two pages leave no gap and no double."""

import base64
import json
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.actions.approvals import add_revisions
from indicators.engine.target import Rating
from indicators.models import ApprovedFigure, Attainment, Origin
from tests.builders import Q3, fill, make_allocation, make_figure, make_result, roll_up

pytestmark = pytest.mark.django_db

KEYS = {
    "figures": ("region", "department", "indicator", "quarter"),
    "results": ("result", "quarter"),
    "rollups": ("region", "domain", "department", "quarter"),
}


@pytest.fixture
def figures(city):
    """Return the figures of every series, in the order of their keys."""
    known = set(ApprovedFigure.objects.values_list("series_id", flat=True))
    for allocation in city.world.allocations:
        if allocation.series_id not in known:
            make_figure(allocation.series, explanation="首报。")
    return list(ApprovedFigure.objects.order_by("pk"))


def revise(figure, **numbers):
    """Approve another revision of a figure; without numbers it is taken back."""
    revision = ApprovedFigure(
        series_id=figure.series_id,
        quarter=figure.quarter,
        revision=figure.revision + 1,
        origin=Origin.DEMONSTRATION,
        explanation="更正。",
        approved_at=timezone.now(),
        **numbers,
    )
    add_revisions([revision])
    return revision


def keys(path, rows):
    return [tuple(row[name] for name in KEYS[path]) for row in rows]


@pytest.mark.parametrize("place", [0, 1, 5, -1], ids=["already read", "next", "later", "last"])
@pytest.mark.parametrize(
    "numbers", [{"numerator": Decimal(1), "denominator": Decimal(500)}, {}], ids=["new", "emptied"]
)
def test_a_figure_corrected_between_two_pages_is_read_as_it_stood(office, figures, place, numbers):
    before = office.rows("figures", quarter=str(Q3))
    first = office.page("figures", quarter=str(Q3), limit="1")
    revised = revise(figures[place], **numbers)
    assert office.follow(first) == before
    after = office.rows("figures", quarter=str(Q3))
    assert after != before, "whoever begins anew reads the correction"
    assert {row["figure"] for row in after} ^ {row["figure"] for row in before} == {revised.pk, figures[place].pk}


def add_figures(city):
    later = make_allocation(city.world.allocations[0].target, department=city.world.departments[1])
    make_figure(later.series, explanation="补报。")
    make_figure(city.world.allocations[0].series, Q3 - 2, explanation="补报。")


def add_results(city):
    fill(city.world, Q3 - 2, ratings=[Rating.RED])
    fill(city.world, Q3 - 3, ratings=[Rating.RED])
    make_result(make_allocation(city.world.allocations[0].target, department=city.world.departments[1]))
    roll_up(city.programme)


ADDITIONS = {"figures": add_figures, "results": add_results, "rollups": add_results}


@pytest.mark.parametrize("limit", [1, 4, 7])
@pytest.mark.parametrize("path", KEYS)
def test_rows_added_while_someone_pages_leave_no_gap_and_no_double(office, city, figures, path, limit):
    before = keys(path, office.rows(path, quarter=str(Q3), history="true"))
    first = office.page(path, quarter=str(Q3), history="true", limit=str(limit))
    assert first["next"]
    ADDITIONS[path](city)
    read = keys(path, office.follow(first))
    assert len(set(read)) == len(read)
    assert [key for key in read if key in set(before)] == before
    assert len(office.rows(path, quarter=str(Q3), history="true")) > len(before)


def test_rows_that_go_while_someone_pages_take_no_others_with_them(office, city):
    before = keys("results", office.rows("results", quarter=str(Q3)))
    first = office.page("results", quarter=str(Q3), limit="5")
    gone = before[3][0], before[4][0], before[9][0]  # one that was read, the one the cursor stands on, one to come
    Attainment.objects.filter(allocation__in=gone, quarter=Q3).delete()
    assert keys("results", office.follow(first)) == [key for key in before if key[0] != gone[2]]


@pytest.mark.parametrize("path", KEYS)
@pytest.mark.parametrize("basis", ["approved", "publication-1"])
@pytest.mark.parametrize("narrow", [{}, {"region": "140401"}])
def test_pages_are_complete_and_without_doubles(office, city, figures, path, basis, narrow):
    city.publish()
    query = {"basis": basis, "quarter": str(Q3), **narrow}
    whole = office.page(path, **query)
    assert whole["rows"]
    assert whole["next"] is None
    found = office.follow(office.page(path, limit="2", **query))
    assert found == whole["rows"]
    assert len({json.dumps(row) for row in found}) == len(found)


@pytest.mark.parametrize("limit", [1, 14, 15, 16])
def test_the_last_page_is_known_as_the_last(office, limit):
    page = office.page("results", quarter=str(Q3), limit=str(limit))
    assert len(page["rows"]) == min(limit, 15)
    assert (page["next"] is None) == (limit >= 15)


def pack(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("path", "cursor", "status"),
    [
        ("figures", pack(10, 0), 200),
        ("figures", pack(2**63 - 1, 2**63 - 1), 200),
        ("results", pack(0, *[2**62] * 4), 200),
        ("rollups", pack(0, *[2**31] * 5), 200),
        ("figures", pack(2**63, 1), 422),
        ("figures", pack(1), 422),
        ("figures", pack(1, 1, 1), 422),
        ("figures", pack(-1, 1), 422),
        ("figures", pack(True, 1), 422),
        ("figures", pack(1.0, 1), 422),
        ("figures", pack("1", "1"), 422),
        ("figures", pack(1, None), 422),
        ("figures", pack([1], 1), 422),
        ("figures", "e30", 422),
        ("figures", "!", 422),
        ("figures", "质量", 422),
        ("figures", "x" * 200, 422),
        ("figures", "x" * 201, 422),
        ("rollups", pack(1, 1), 422),
    ],
)
def test_a_cursor_is_ours_or_refused(office, path, cursor, status):
    answer = office.get(path, cursor=cursor)
    assert answer.status_code == status, answer.content
    assert status == 200 or answer.json()["parameter"] == "cursor"
