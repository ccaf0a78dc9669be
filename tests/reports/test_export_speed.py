"""What 18 000 rows cost, beside openpyxl's write-only mode writing the same cells. Source: speed.md, "Workbooks"."""

import io
import itertools
import time
import tracemalloc
from collections import Counter
from dataclasses import replace

import pytest

from indicators.engine.target import Rating
from reports.exports import workbook as writer
from reports.exports.layout import COLUMNS
from reports.exports.source import find_edition, stream_results
from tests import builders
from tests.benchmarks.bench_export import count_cells, write_same_cells

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROWS = 18_000
LIMIT = 1.2
MOST_MEMORY = 60 * 2**20  # bytes that Python holds at once, whatever the number of rows


@pytest.fixture
def edition(monkeypatch):
    """Return a small city's edition and its results, which are handed out again and again."""
    world = builders.make_world(counties=4, targets_per_domain=2)
    builders.make_window(world.programme)
    builders.fill(world, ratings=(Rating.GREEN, Rating.AMBER, Rating.RED, Rating.GREY))
    small = find_edition(programme=world.programme, quarter=builders.Q3)
    rows = list(stream_results(small))
    monkeypatch.setattr(writer, "stream_results", lambda big: repeat(rows, big.rows))
    return small, rows


def repeat(rows, count):
    """Return so many results."""
    return itertools.islice(itertools.cycle(rows), count)


def enlarge(edition, count):
    """Return the edition as if it had so many results."""
    small, rows = edition
    ratings = Counter(result.rating for result in repeat(rows, count))
    return replace(small, rows=count, reds=ratings[Rating.RED], unreported=ratings[Rating.GREY])


def test_18_000_rows_cost_less_than_write_only_mode(edition, capsys):
    file = io.BytesIO()
    started = time.process_time()
    writer.write_workbook(enlarge(edition, ROWS), file)
    ours = time.process_time() - started
    cells = count_cells(file)
    started = time.process_time()
    write_same_cells(ROWS // 6, cells // ROWS)
    theirs = (time.process_time() - started) * 6
    with capsys.disabled():
        print(f"\nexport-province {ROWS} rows, {cells} cells: {ours:.2f} s; write-only mode {theirs:.2f} s")
    assert ours <= LIMIT * theirs


def test_memory_does_not_grow_with_the_rows(edition):
    peaks = []
    for rows in (ROWS // 6, ROWS // 2):
        tracemalloc.start()
        writer.write_workbook(enlarge(edition, rows), _Nowhere())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < MOST_MEMORY
    # What the lists of red and unreported rows and the roll-ups keep: far less than a row's cells.
    assert (peaks[1] - peaks[0]) / (ROWS // 2 - ROWS // 6) < len(COLUMNS) * 40


class _Nowhere(io.RawIOBase):
    """A file that keeps nothing but its length."""

    def __init__(self):
        self._at = 0
        self._length = 0

    def writable(self):
        return True

    def seekable(self):
        return True

    def write(self, content):
        self._at += len(content)
        self._length = max(self._length, self._at)
        return len(content)

    def tell(self):
        return self._at

    def seek(self, offset, whence=0):
        self._at = offset if whence == 0 else self._at + offset if whence == 1 else self._length + offset
        return self._at
