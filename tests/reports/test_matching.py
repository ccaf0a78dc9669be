"""Which results of two sides belong together, as tables. No database."""

from dataclasses import fields, replace

import numpy as np
import pytest

from reports.comparison import Facts
from reports.matching import NOBODY, Results, match


def make(*texts):
    """Return results from “place thing”, each with allocation, target's code and department where it matters."""
    rows = []
    for number, text in enumerate(texts):
        place, thing, *more = text.split()
        allocation, code, department = [*more, *(str(FRESH - number), "t", "1")[len(more) :]]
        rows.append((ord(place), ord(thing), int(allocation), ord(code), int(department), number))
    columns = np.array(rows, dtype=int).reshape(-1, 6).T
    named = dict(zip(("place", "thing", "allocation", "code", "department", "order"), columns, strict=True))
    return Results(**named, region=named["place"], facts=NO_FACTS)


NO_FACTS = Facts(**{field.name: np.empty(0) for field in fields(Facts)})
FRESH = 1_000
"""Allocations that no table names."""


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        pytest.param([], [], [], id="nothing"),
        pytest.param(["a x"], ["a x"], [(0, 0)], id="one thing in one place"),
        pytest.param(["a x"], ["b x"], [(0, None), (None, 0)], id="another place is another thing"),
        pytest.param(["a x"], ["a y"], [(0, None), (None, 0)], id="another thing in one place"),
        pytest.param(["a x"], [], [(0, None)], id="only before"),
        pytest.param([], ["a x"], [(None, 0)], id="only after"),
        pytest.param(["a x", "b x"], ["b x", "a x"], [(0, 1), (1, 0)], id="in any order"),
        pytest.param(["a x 7", "a x 8"], ["a x 8", "a x 7"], [(0, 1), (1, 0)], id="several: one allocation first"),
        pytest.param(
            ["a x 1 t 1", "a x 2 t 2"], ["a x 3 t 2", "a x 4 t 1"], [(0, 1), (1, 0)], id="several: one department next"
        ),
        pytest.param(["a x 1 s", "a x 2 t"], ["a x 3 t", "a x 4 s"], [(0, 1), (1, 0)], id="several: one target next"),
        pytest.param(["a x 1 s", "a x 2 t"], ["a x 3 u", "a x 4 v"], [(0, 0), (1, 1)], id="several: else in order"),
        pytest.param(["a x 1 s", "a x 2 t"], ["a x 3 t"], [(0, None), (1, 0)], id="what is left over stands alone"),
    ],
)
def test_each_result_stands_in_exactly_one_pair(old, new, pairs):
    left, right = make(*old), make(*new)
    if not any(len(text.split()) > 2 for text in (*old, *new)):
        left = replace(left, allocation=left.allocation + FRESH)  # of two sides nobody shares one by chance
    told = list(zip(*(places.tolist() for places in match(left, right)), strict=True))
    assert sorted(told) == sorted(tuple(NOBODY if one is None else one for one in pair) for pair in pairs)
