"""Every row of the tables holds: alone, and in one batch with all others, whatever their order."""

import numpy as np
import pytest

from indicators.engine.attainment import attain
from indicators.engine.period import Quarter
from indicators.engine.records import read_figures, read_targets
from tests.spec.tables import ALL_CASES, SECTIONS

COLUMNS = ("measured", "expected", "expected_hi", "miss", "margin", "ratio", "completion", "rating", "gap", "missing")


@pytest.mark.parametrize("case", ALL_CASES, ids=lambda case: case.name)
def test_case(case):
    result = case.run()
    for name, expected in case.expected.items():
        if isinstance(expected, int | float) and not isinstance(expected, bool):
            expected = pytest.approx(expected, rel=1e-12, abs=0)
        assert result[name] == expected, name


def test_every_case_names_its_place_and_expects_something():
    assert len({case.name for case in ALL_CASES}) == len(ALL_CASES) >= 162
    assert all(case.expected for case in ALL_CASES)
    assert sum(case.name.startswith("§8") for case in ALL_CASES) == 12
    assert all(section.TITLE for section in SECTIONS)


def batch_of(cases, *, until):
    targets = [case.full_target() | {"id": row} for row, case in enumerate(cases)]
    records = [record | {"target": row} for row, case in enumerate(cases) for record in case.records()]
    ids, columns = read_targets(targets)
    return columns, read_figures(records, ids=ids, last_quarter=until.ordinal)


@pytest.mark.parametrize("seed", [0, 1])
def test_in_one_batch_the_results_are_the_same_bytes(seed):
    order = np.random.default_rng(seed).permutation(len(ALL_CASES))
    cases = [ALL_CASES[index] for index in order]
    columns, panel = batch_of(cases, until=Quarter.parse("2021Q4"))
    together = attain(columns, panel)
    for row, case in enumerate(cases):
        column = Quarter.parse(case.as_of).ordinal - panel.first_quarter
        alone = attain(*batch_of([case], until=Quarter.parse(case.as_of)))
        for name in COLUMNS:
            pair = [getattr(results, name)[place] for results, place in ((together, (row, column)), (alone, (0, -1)))]
            assert pair[0].tobytes() == pair[1].tobytes(), (case.name, name)
