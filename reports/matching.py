"""Which results of two sides belong together. Pure: results in, pairs out."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class Result(NamedTuple):
    """What of a result decides whether it differs, with what it is matched by.

    `place` and `thing` name where and what it is, in words that both sides share; of several results of one thing in
    one place those of one allocation go together, else those of one target and department, else of one target.
    `order` is the place in lists, a number. Columns, units and absence as in `Attainment`.
    """

    place: str
    thing: str
    order: int
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
    # Within one programme this pass pairs nearly everything, and spares a list for every key.
    known = {result.allocation_id: result for result in old}
    pairs: list[Pair] = []
    rest = []
    for result in new:
        same = known.get(result.allocation_id)
        if same is not None and same.place == result.place and same.thing == result.thing:
            del known[result.allocation_id]
            pairs.append((same, result))
        else:
            rest.append(result)
    left, right = _group(known.values()), _group(rest)
    for key, found in right.items():
        pairs += _match_several(left.pop(key, []), found)
    pairs += [(result, None) for known_ones in left.values() for result in known_ones]
    return pairs


def _group(results: Iterable[Result]) -> dict[tuple[str, str], list[Result]]:
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        groups.setdefault((result.place, result.thing), []).append(result)
    return groups


_CLOSEST_FIRST = (
    lambda result: (result.target.code, result.department_id),
    lambda result: result.target.code,
    lambda _result: None,
)


def _match_several(old: list[Result], new: list[Result]) -> list[Pair]:
    """Return the pairs of one thing in one place, the closest first; what is left over stands alone."""
    if len(old) == len(new) == 1:
        return [(old[0], new[0])]
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
