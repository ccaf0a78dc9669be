"""Generated results, written into the workbook and read back: every input is the cell that it became.

Forty small sets from fixed seeds; `QSCOUNTY_ROUND_TRIPS` says how many, 200 before a release. Source: issue 6, part 1.
"""

import io
import os
from dataclasses import replace

import numpy as np
import pytest
from openpyxl import load_workbook

from indicators.engine.target import Flag, Gap, Rating
from indicators.models import Target
from reports.exports import workbook as writer
from reports.exports.detail import DetailRows
from reports.exports.figures import list_published, load_explanations
from reports.exports.layout import FIRST_ROW, LETTERS, PRINTED, Sheet
from reports.exports.remarks import gather_remarks
from reports.exports.sheet_xml import clean_text
from reports.exports.source import find_edition, stream_results
from reports.exports.styles import Styles
from tests.builders import Q3
from tests.reports.export_world import make_kinds

pytestmark = pytest.mark.django_db
SETS = int(os.environ.get("QSCOUNTY_ROUND_TRIPS", "40"))
ROWS = 6
HOSTILE = ("=1+1", "+SUM(A1)", "-2", "@x", "#N/A", "_x0041_", "<b>&amp;", "a\nb", '"', "👍", " x ", "0012", "是")
EDGES = (0.0, -0.0, 1e-9, 5e-324, 0.1 + 0.2, 1e15, 123456789.123456, -7.25, 1.7976931348623157e308)


@pytest.fixture
def kinds():
    """Return the edition with a target of every kind, and its results."""
    programme, _targets = make_kinds()
    edition = find_edition(programme=programme, quarter=Q3)
    return edition, list(stream_results(edition))


def invent(results, rng):
    """Return a few of the results with other numbers; gaps, ratings and absence stay as they belong together."""
    for place in rng.choice(len(results), ROWS, replace=False):
        result = results[place]
        edge = float(rng.choice(EDGES))
        numbers = {"weight": float(rng.uniform(0, 9)), "flags": int(rng.choice([flag.value for flag in Flag]))}
        if result.numerator is not None:
            numbers["numerator"] = float(rng.integers(0, 10**9))
        if result.ratio is not None:
            numbers |= {"ratio": float(rng.uniform(0, 3)), "completion": abs(edge) if abs(edge) < 1e300 else 1.0}
        if result.gap == Gap.NONE and result.accumulated is None:
            numbers["measured"] = edge if abs(edge) < 1e300 else float(rng.normal())
        yield result._replace(**numbers)


def rename(edition, rng):
    """Give every target of the edition a name that a program might take for something else."""
    for facts in edition.targets.values():
        facts.target.indicator.name_zh = str(rng.choice(HOSTILE)) + str(rng.integers(99))


def is_same(cell, value):
    if value is None or value == "":
        return cell in (None, "")
    if isinstance(value, str):
        return cell == clean_text(value)
    return isinstance(cell, int | float) and float(cell) == float(value)


def read_back(edition, rows, monkeypatch):
    """Return the differences between the values of the rows and the cells of the workbook made from them."""
    small = replace(
        edition,
        rows=len(rows),
        reds=sum(row.rating == Rating.RED for row in rows),
        unreported=sum(row.gap == Gap.NOT_REPORTED for row in rows),
    )
    monkeypatch.setattr(writer, "stream_results", lambda _edition: iter(rows))
    file = io.BytesIO()
    writer.write_workbook(small, file)
    sheet = load_workbook(file, data_only=True)[Sheet.DETAIL]
    remarks = gather_remarks(small, explanations=load_explanations(small), published=list_published(small))
    detail = DetailRows(small, remarks, Styles(load_workbook(file)))
    return [
        (number, column.key, cell, values.get(column.key))
        for number, values in enumerate(detail.list_values(iter(rows)), start=FIRST_ROW)
        for column in PRINTED
        if not is_same(cell := sheet[f"{LETTERS[column.key]}{number}"].value, values.get(column.key))
    ]


def test_what_was_written_is_read_back_cell_by_cell(kinds, monkeypatch):
    edition, results = kinds
    assert Target.objects.count() > 60
    for seed in range(SETS):
        rng = np.random.default_rng(seed)
        rename(edition, rng)
        found = read_back(edition, list(invent(results, rng)), monkeypatch)
        assert not found, f"set {seed}: {found[:3]}"


def test_control_a_cell_that_differs_is_found():
    assert not is_same("=1+1", "=1+2")
    assert not is_same(0, None)
    assert not is_same(0.1, 0.1 + 1e-16 * 9)
    assert is_same("a", "a\x07")
