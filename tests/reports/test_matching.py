"""Which results of two sides belong together, as tables. No database."""

from types import SimpleNamespace

import pytest

from reports.matching import Result, match


def make(text, *, number):
    """Return a result from “place thing”, and where it matters allocation, target code and department."""
    place, thing, *more = text.split()
    allocation, code, department = [*more, *(str(number), "t", "1")[len(more) :]]
    target = SimpleNamespace(code=code)
    numbers = dict.fromkeys(("measured", "expected", "expected_hi", "level", "level_hi", "margin"))
    return Result(
        place=place,
        thing=thing,
        order=number,
        target=target,
        allocation_id=int(allocation),
        region_id=1,
        department_id=int(department),
        rating=1,
        gap=0,
        rule_version=1,
        **numbers,
    )


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
    left = [make(text, number=10 + place) for place, text in enumerate(old)]
    right = [make(text, number=20 + place) for place, text in enumerate(new)]
    found = match(left, right)
    told = {(None if a is None else left.index(a), None if b is None else right.index(b)) for a, b in found}
    assert told == set(pairs)
    assert len(found) == len(pairs)
