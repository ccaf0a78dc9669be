"""Which results of two sides belong together. Pure: results in, pairs out."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Result(NamedTuple):
    """What of a result decides whether it differs, with what it is matched by.

    `place` and `thing` name where and what it is, in words that both sides share; of several results of one thing in
    one place those of one allocation go together, else those of one target and department, else of one target.
    `order` is the place in lists. Columns, units and absence as in `Attainment`.
    """

    place: str
    thing: str
    order: tuple[int, int, int]
    target: Any
    allocation_id: int
    region_id: int
    department_id: int
    rating: int
    gap: int
    measured: float | None
    expected: float | None
    expected_hi: float | None
    level: float | None
    level_hi: float | None
    margin: float | None
    rule_version: int


Pair = tuple[Result | None, Result | None]


def match(old: Iterable[Result], new: Iterable[Result]) -> list[Pair]:
    """Return the pairs of both sides, None where one has no counterpart; each result stands in exactly one."""
    left, right = _group(old), _group(new)
    pairs: list[Pair] = []
    for key, found in right.items():
        known = left.pop(key, [])
        if len(found) == len(known) == 1:
            pairs.append((known[0], found[0]))
        else:
            pairs += _match_several(known, found)
    pairs += [(result, None) for known in left.values() for result in known]
    return pairs


def _group(results: Iterable[Result]) -> dict[tuple[str, str], list[Result]]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.place, result.thing), []).append(result)
    return groups


_CLOSEST_FIRST = (
    lambda result: result.allocation_id,
    lambda result: (result.target.code, result.department_id),
    lambda result: result.target.code,
    lambda _result: None,
)


def _match_several(old: list[Result], new: list[Result]) -> list[Pair]:
    """Return the pairs of one thing in one place, the closest first; what is left over stands alone."""
    old, new = sorted(old, key=lambda one: one.order), sorted(new, key=lambda one: one.order)
    pairs: list[Pair] = []
    for name in _CLOSEST_FIRST:
        for result in list(new):
            known = next((one for one in old if name(one) == name(result)), None)
            if known is not None:
                pairs.append((known, result))
                old.remove(known)
                new.remove(result)
    return pairs + [(None, result) for result in new] + [(result, None) for result in old]
