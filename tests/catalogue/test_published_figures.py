"""The published figures: each belongs to an indicator, a region and a period of its programme, or is kept apart."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.catalogue.published import PUBLISHED_FILE, PublishedFigure, read_published_figures
from indicators.catalogue.reader import list_catalogue_paths, read_catalogue
from indicators.catalogue.schema import CatalogueFile, TargetEntry
from indicators.engine.period import Quarter

REGIONS_FILE = Path(__file__).parents[2] / "departments" / "regions.csv"
COLUMNS = [
    "region",
    "indicator",
    "programme",
    "quarter",
    "covers",
    "value",
    "numerator",
    "denominator",
    "period_text",
    "source_title",
    "source_address",
    "quote",
    "note",
]

FIGURES = [
    ("3301", "patent-applications", "hangzhou-2011", "2012Q4", "5.3782"),
    ("3301", "patent-grants", "hangzhou-2011", "2012Q4", "4.0652"),
    ("1404", "good-air-days", "changzhi-2015", "2020Q4", "272"),
]
COMPARISONS = [
    ("33", "surface-water-grade-iii-share", "zhejiang-2012", "2013Q4", "63.8"),
    ("33", "surface-water-grade-iii-share", "zhejiang-2012", "2014Q2", "60.6"),
    ("33", "surface-water-grade-iii-share", "zhejiang-2012", "2015Q4", "72.9"),
    ("3301", "product-inspection-pass-rate", "zhejiang-2012", "2014Q4", "93.64"),
    ("3301", "product-inspection-pass-rate", "zhejiang-2012", "2015Q4", "94.97"),
]


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert reader.fieldnames == COLUMNS
        return list(reader)


def _key(figure: PublishedFigure) -> tuple[str, ...]:
    return figure.region, figure.indicator, figure.programme, str(figure.quarter), str(figure.value)


@pytest.fixture(scope="module")
def catalogues() -> dict[str, CatalogueFile]:
    files = [read_catalogue(path) for path in list_catalogue_paths()]
    return {file.programme.code: file for file in files}


@pytest.fixture(scope="module")
def levels() -> dict[str, str]:
    with REGIONS_FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["level"] for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    return _read(PUBLISHED_FILE)


def _targets(catalogues: dict[str, CatalogueFile], figure: PublishedFigure) -> list[TargetEntry]:
    return [target for target in catalogues[figure.programme].target if target.indicator == figure.indicator]


def _is_given_to(target: TargetEntry, region: str, level: str) -> bool:
    return region in target.regions or {"county": "counties", "township": "townships"}.get(level) in target.regions


def _is_rated(catalogues, levels, figure: PublishedFigure) -> bool:
    targets = _targets(catalogues, figure)
    return any(_is_given_to(target, figure.region, levels[figure.region]) for target in targets)


def test_figures_are_these(catalogues, levels):
    figures = read_published_figures()
    assert [_key(figure) for figure in figures] == FIGURES + COMPARISONS
    assert [_key(figure) for figure in figures if _is_rated(catalogues, levels, figure)] == FIGURES


def test_rated_figure_lies_in_a_quarter_of_its_programme(catalogues, levels):
    for figure in read_published_figures():
        programme = catalogues[figure.programme].programme
        first, last = Quarter.parse(programme.first_quarter), Quarter.parse(programme.last_quarter)
        assert first <= figure.quarter <= last


def test_rated_figure_of_a_year_stands_for_a_sum_over_the_year(catalogues, levels, rows):
    """A total of the year is exact as the only figure of the fourth quarter; of a mean or a ratio it would not be."""
    for row, figure in zip(rows, read_published_figures(), strict=True):
        if _is_rated(catalogues, levels, figure):
            assert row["covers"] == "year"
            assert row["quarter"].endswith("Q4")
            assert {(t.window, t.accumulation) for t in _targets(catalogues, figure)} == {("year_to_date", "sum")}


def test_comparison_belongs_to_an_indicator_of_its_programme_and_says_that_it_is_not_rated(catalogues, levels, rows):
    for row, figure in zip(rows, read_published_figures(), strict=True):
        assert _targets(catalogues, figure)
        assert _is_rated(catalogues, levels, figure) is ("不参与评级" not in row["note"])


def test_region_lies_in_the_programme(catalogues, rows, levels):
    for row in rows:
        assert row["region"] in levels
        assert row["region"].startswith(catalogues[row["programme"]].programme.region)


def test_counts_give_the_published_rate():
    with_counts = [figure for figure in read_published_figures() if figure.denominator is not None]
    assert [(figure.numerator, figure.denominator) for figure in with_counts] == [(Decimal(4214), Decimal(4437))]
    for figure in with_counts:
        assert round(figure.numerator / figure.denominator * 100, 2) == figure.value


@pytest.mark.parametrize(("value", "pieces"), [("5.3782", "53782"), ("4.0652", "40652")])
def test_patents_are_converted_to_ten_thousands_from_the_number_in_the_quote(rows, value, pieces):
    row = next(row for row in rows if row["value"] == value)
    assert pieces in row["quote"]
    assert Decimal(pieces) / 10000 == Decimal(value)


def test_other_values_stand_in_their_quotes(rows):
    for row in rows:
        if row["programme"] != "hangzhou-2011":
            assert row["value"] in row["quote"], row


def test_every_row_says_what_it_covers_and_where_it_comes_from(rows):
    for row in rows:
        assert row["covers"] in ("year", "half-year", "quarter", "months")
        assert all(row[name] for name in ("period_text", "source_title", "quote", "note"))
        assert row["source_address"].startswith(("http://", "https://"))


def test_no_figure_is_given_twice(rows):
    keys = [(row["region"], row["indicator"], row["programme"], row["quarter"]) for row in rows]
    assert len(keys) == len(set(keys))
