"""Which results of two sides belong together. Pure: columns in, pairs of places out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.comparison import Facts, Ints

Places = NDArray[np.intp]

NOBODY = -1
"""Stands in a pair for the counterpart that a result has not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The results of one side, as columns of shape (n,).

    `place`, `thing` and `code` are numbers that both sides share: where it is, what it is, and the code of its target.
    Of several results of one thing in one place those of one allocation go together, else those of one target and
    department, else of one target. `order` is the place in lists.
    """

    allocation: Ints
    region: Ints
    department: Ints
    place: Ints
    thing: Ints
    code: Ints
    order: Ints
    facts: Facts


def match(old: Results, new: Results) -> tuple[Places, Places]:
    """Return the pairs as places on both sides, NOBODY where one has no counterpart; each result stands in one pair."""
    # Within one programme this pass pairs nearly everything, without a loop.
    _same, left, right = np.intersect1d(old.allocation, new.allocation, assume_unique=True, return_indices=True)
    alike = (old.place[left] == new.place[right]) & (old.thing[left] == new.thing[right])
    left, right = left[alike], right[alike]
    pairs = _match_rest(old, new, _without(left, len(old.order)), _without(right, len(new.order)))
    more = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return np.concatenate([left, more[:, 0]]), np.concatenate([right, more[:, 1]])


def _without(taken: Places, count: int) -> Places:
    rest = np.ones(count, dtype=np.bool_)
    rest[taken] = False
    return np.flatnonzero(rest)


Pairs = list[tuple[int, int]]


def _match_rest(old: Results, new: Results, left: Places, right: Places) -> Pairs:
    """Return the pairs of the named places: those of one thing in one place together, in the order of the new side."""
    known, pairs = _group(old, left), Pairs()
    for key, found in _group(new, right).items():
        pairs += _match_several(old, new, known.pop(key, []), found)
    return pairs + [(one, NOBODY) for ones in known.values() for one in ones]


def _group(side: Results, places: Places) -> dict[tuple[int, int], list[int]]:
    groups: dict[tuple[int, int], list[int]] = {}
    keys = zip(side.place[places].tolist(), side.thing[places].tolist(), strict=True)
    for key, place in zip(keys, places.tolist(), strict=True):
        groups.setdefault(key, []).append(place)
    return groups


def _match_several(old: Results, new: Results, left: list[int], right: list[int]) -> Pairs:
    """Return the pairs of one thing in one place, the closest first; what is left over stands alone."""
    if len(left) == len(right) == 1:
        return [(left[0], right[0])]
    left, right = sorted(left, key=lambda one: old.order[one]), sorted(right, key=lambda one: new.order[one])
    pairs: Pairs = []
    for names in (("code", "department"), ("code",), ()):
        for here in list(right):
            there = _find(old, left, names, _key(new, here, names))
            if there is not None:
                pairs.append((there, here))
                left.remove(there)
                right.remove(here)
    return pairs + [(NOBODY, one) for one in right] + [(one, NOBODY) for one in left]


def _find(side: Results, places: Iterable[int], names: Sequence[str], key: tuple[int, ...]) -> int | None:
    return next((one for one in places if _key(side, one, names) == key), None)


def _key(side: Results, place: int, names: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(getattr(side, name)[place]) for name in names)
