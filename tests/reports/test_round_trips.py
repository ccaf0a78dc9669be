"""Generated results, written into the workbook and read back: every input is the cell that it became.

Two hundred small sets from fixed seeds, each the whole workbook, read by the quick reader of returned forms; one in
forty by openpyxl as well, so that no reader's own habit passes for the truth. `QSCOUNTY_ROUND_TRIPS` asks for more.
"""

import io
import os
from dataclasses import replace

import numpy as np
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import column_index_from_string
from python_calamine import CalamineWorkbook

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
SETS = int(os.environ.get("QSCOUNTY_ROUND_TRIPS", "200"))
READ_TWICE = 40
BATCHES = 4
STYLES = Styles(Workbook())
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
        return cell == unescape(clean_text(value))
    return isinstance(cell, int | float) and float(cell) == float(value)


def write(edition, rows, monkeypatch):
    """Return the workbook made from the rows."""
    monkeypatch.setattr(writer, "stream_results", lambda _edition: iter(rows))
    file = io.BytesIO()
    writer.write_workbook(edition, file)
    return file


def read_quickly(file):
    """Return what is in a cell of the detail sheet, by its column's letters and its row; empty text for nothing."""
    file.seek(0)
    lines = CalamineWorkbook.from_filelike(file).get_sheet_by_name(Sheet.DETAIL).to_python(skip_empty_area=False)
    return lambda letters, number: lines[number - 1][column_index_from_string(letters) - 1]


def read_slowly(file):
    """Return the same by openpyxl; it leaves Excel's own escape as it stands."""
    sheet = load_workbook(file, data_only=True)[Sheet.DETAIL]
    return lambda letters, number: unescape(sheet[f"{letters}{number}"].value)


def unescape(value):
    return value.replace("_x005F_", "_") if isinstance(value, str) else value


def describe(edition, rows):
    """Return what the cells of each row must hold, by column; as the writer describes them."""
    remarks = gather_remarks(edition, explanations=load_explanations(edition), published=list_published(edition))
    return list(DetailRows(edition, remarks, STYLES).list_values(iter(rows)))


def list_different(described, read):
    """Return the differences between described rows and the cells as they were read."""
    return [
        (number, column.key, cell, values.get(column.key))
        for number, values in enumerate(described, start=FIRST_ROW)
        for column in PRINTED
        if not is_same(cell := read(LETTERS[column.key], number), values.get(column.key))
    ]


@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_was_written_is_read_back_cell_by_cell(kinds, monkeypatch, batch):
    edition, results = kinds
    assert Target.objects.count() > 60
    for seed in range(batch, SETS, BATCHES):
        rng = np.random.default_rng(seed)
        rename(edition, rng)
        rows = list(invent(results, rng))
        small = replace(
            edition,
            rows=len(rows),
            reds=sum(row.rating == Rating.RED for row in rows),
            unreported=sum(row.gap == Gap.NOT_REPORTED for row in rows),
        )
        file, described = write(small, rows, monkeypatch), describe(small, rows)
        assert len(described) == ROWS
        readers = [read_quickly, read_slowly] if seed % READ_TWICE == 0 else [read_quickly]
        for reader in readers:
            found = list_different(described, reader(file))
            assert not found, f"set {seed}, {reader.__name__}: {found[:3]}"


def test_control_one_cell_of_one_row_is_missed_by_neither_reader(kinds, monkeypatch):
    edition, results = kinds
    rows = results[:ROWS]
    small = replace(edition, rows=ROWS, reds=sum(r.rating == Rating.RED for r in rows), unreported=0)
    small = replace(small, unreported=sum(r.gap == Gap.NOT_REPORTED for r in rows))
    file, described = write(small, rows, monkeypatch), describe(small, rows)
    described[2]["ratio"] = float(described[2]["ratio"]) * (1 + 1e-15)
    described[3]["name"] += "1"
    for reader in (read_quickly, read_slowly):
        assert [place[:2] for place in list_different(described, reader(file))] == [
            (FIRST_ROW + 2, "ratio"),
            (FIRST_ROW + 3, "name"),
        ]


def test_control_a_cell_that_differs_is_found():
    assert not is_same("=1+1", "=1+2")
    assert not is_same(0, None)
    assert not is_same(0.1, 0.1 + 1e-16 * 9)
    assert is_same("a", "a\x07")
