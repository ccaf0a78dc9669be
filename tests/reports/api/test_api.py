"""The read interface: rows equal to the selectors', complete pages, safe text, refusals with sentences."""

import tracemalloc
from decimal import Decimal

import pytest
from django.urls import reverse

from departments.models import AuditEntry
from indicators.engine.target import Basis
from indicators.models import ApprovedFigure, Attainment, Indicator, Target
from qscounty.web.formats import write_plain
from reports.api import schemas
from reports.api.writing import write_csv_value, write_json_rows, write_json_value
from tests.builders import Q3
from tests.reports.api.reader import Reader, read_csv

pytestmark = pytest.mark.django_db


def test_results_are_the_stored_ones(office, city):
    found = {row["result"]: row for row in office.rows("results", quarter=str(Q3))}
    stored = Attainment.objects.filter(programme=city.programme, quarter=Q3)
    assert len(found) == stored.count() > 0
    for one in stored:
        row = found[one.allocation_id]
        assert (row["measured"], row["ratio"], row["expected"]) == (one.measured, one.ratio, one.expected)
        assert (row["gap"] is None) == (row["ratio"] is not None) == (row["rating"] != "grey")


@pytest.mark.parametrize(
    "path", ["programmes", "quarters", "regions", "departments", "targets", "figures", "results", "rollups"]
)
def test_rows_fit_their_schema_and_csv_says_the_same(office, path):
    rows = office.rows(path)
    names = {"programmes": "Programme", "quarters": "Quarter", "regions": "Region", "departments": "Department"}
    names |= {"targets": "Target", "figures": "Figure", "results": "Result", "rollups": "RollUp"}
    schema = getattr(schemas, f"{names[path]}Row")
    assert rows
    for row in rows:
        schema.model_validate(row)
    table = read_csv(office.get(path, format="csv"))
    assert len(table) == len(rows)
    assert list(table[0]) == list(rows[0])
    for line, row in zip(table, rows, strict=True):
        assert all(line[name] == "" for name, value in row.items() if value is None)


def test_an_edition_keeps_its_results(office, city):
    city.publish()
    before = office.rows("publications/1/results", quarter=str(Q3))
    city.correct()
    assert office.rows("publications/1/results", quarter=str(Q3)) == before
    assert office.rows("results", quarter=str(Q3), basis="publication-1") == before
    assert office.get("publications/2", quarter=str(Q3)).status_code == 404
    assert office.get("publications/2/results", quarter=str(Q3)).status_code == 404
    assert office.rows("publications", quarter=str(Q3))[0]["edition"] == 1


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"colour": "red"}, "colour"),
        ({"rating": "blue"}, "rating"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"region": "99"}, "region"),
        ({"department": "14/none"}, "department"),
        ({"cursor": "W10", "format": "csv"}, "cursor"),
    ],
)
def test_a_parameter_that_cannot_be_is_named(office, query, parameter):
    answer = office.get("results", **query)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["parameter"] == parameter
    assert parameter in answer.json()["detail"]


def test_a_session_is_not_a_token(client, city):
    client.force_login(city.asker)
    answer = client.get(reverse("api:results"))
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.post(reverse("api:results")).status_code == 405


def test_the_auditor_reads_and_takes_no_files(client, city):
    reader = Reader(client, city.world.auditor)
    assert reader.rows("results", programme=city.programme.code)
    assert reader.get("results", programme=city.programme.code, format="csv").status_code == 403
    assert AuditEntry.objects.filter(event="refused").count() == 1


def test_a_clerk_reads_the_own_department_alone(client, office, city):
    mine = {row["department"] for row in Reader(client, city.world.clerk).rows("results")}
    assert len(mine) == 1
    assert len({row["department"] for row in office.rows("results")}) > 1


def test_a_stranger_s_programme_does_not_exist(client, city):
    assert Reader(client, city.world.stranger).get("results", programme=city.programme.code).status_code == 404


def test_what_has_not_changed_is_not_sent_again(office, city):
    for form in ("json", "csv"):
        first = office.get("results", format=form)
        tag = {"if-none-match": first.headers["ETag"]}
        assert office.get("results", format=form, headers=tag).status_code == 304
    city.correct()
    assert office.get("results", format="csv", headers=tag).status_code == 200
    assert AuditEntry.objects.filter(event="table_downloaded").count() == 2


@pytest.mark.parametrize("start", [*"=+-@＝＋－＠\t\r"])
def test_text_never_becomes_a_formula(office, start):
    Indicator.objects.update(name_zh=f"{start}1+1")
    row = read_csv(office.get("results", format="csv"))[0]
    assert row["name_zh"] == f"'{start}1+1"
    assert write_csv_value(f"a{start}") == f'"a{start}"'
    assert write_csv_value(-1.5) == "-1.5"


@pytest.mark.parametrize(
    ("value", "text"),
    [("93.000000", "93"), ("99999999999999.999999", "99999999999999.999999"), ("100", "100"), ("-0.000000", "0")],
)
def test_exact_numbers_keep_their_digits(value, text):
    assert write_plain(Decimal(value)) == write_json_value(Decimal(value)) == text
    assert write_json_rows(["a"], [[None]]) == '[{"a":null}]'


QUERIES = {  # resource -> queries of a page as things stand, and of one of an edition; one asks how the database
    # stands, which within a test's transaction spares nothing and outside of it three others
    "programmes": (4, None),
    "quarters": (9, None),
    "regions": (8, 9),
    "departments": (8, 9),
    "targets": (9, 9),
    "figures": (9, 9),
    "results": (8, 9),
    "rollups": (11, 11),
    "publications": (8, None),
    "publications/1": (9, None),
    "publications/1/results": (9, None),
}
FILE = 8  # savepoint and release, the person's turn, five of the trail


@pytest.mark.parametrize("path", QUERIES)
def test_queries_are_counted_and_do_not_grow_with_rows(office, city, path, django_assert_num_queries):
    city.publish()
    live, frozen = QUERIES[path]
    at = {} if path in ("programmes", "quarters") else {"quarter": str(Q3)}
    for limit in [{"limit": "1"}, {"limit": "15"}] if path in PAGED else [{}]:
        with django_assert_num_queries(live):
            office.page(path, **at, **limit)
    if frozen:
        with django_assert_num_queries(frozen):
            office.page(path, **at, basis="publication-1")
    with django_assert_num_queries(live + FILE):
        read_csv(office.get(path, **at, format="csv"))


PAGED = ("figures", "results", "rollups", "publications/1/results")


def test_the_figures_of_an_edition_keep_its_words(office, city):
    city.publish()
    before = office.rows("figures", quarter=str(Q3), basis="publication-1")
    Indicator.objects.update(name_zh="改名", unit_zh="项")
    assert office.rows("figures", quarter=str(Q3), basis="publication-1") == before
    assert {row["name_zh"] for row in office.rows("figures", quarter=str(Q3))} == {"改名"}


UNITS = [
    (Basis.LEVEL, "批次", "batches"),
    (Basis.GROWTH, "%", "%"),
    (Basis.REDUCTION, "%", "%"),
    (Basis.POINTS, "个百分点", "percentage points"),
    (Basis.RANK, "位", "place"),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("basis", "unit_zh", "unit_en"), UNITS)
def test_units_are_in_both_languages_whatever_is_asked(office, basis, unit_zh, unit_en, language):
    Indicator.objects.update(unit_zh="批次", unit_en="batches")
    Target.objects.update(basis=basis.value)
    for path in ("targets", "results"):
        rows = office.rows(path, quarter=str(Q3), headers={"accept-language": language})
        assert {(row["unit_zh"], row["unit_en"]) for row in rows} == {(unit_zh, unit_en)}


def test_a_file_is_made_in_bounded_memory(office):
    from reports.api.paged import Paged

    class Rows:
        def order_by(self, *_key):
            return self

        def iterator(self, *, chunk_size):
            return ("x" * 200 + str(n) for n in range(100_000))

    tracemalloc.start()
    count = sum(1 for _row in Paged(objects=Rows(), key=("id",), make=lambda found: [[x] for x in found]).read_all())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 100_000
    assert peak < 4_000_000
    assert ApprovedFigure.objects.exists()
